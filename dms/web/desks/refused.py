"""What was refused or set apart, each with its reason, and trying again."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.web.asked import line
from dms.web.asked import page as asked_page
from dms.web.frame import school
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.notices import Notice, register, tell
from dms.web.presenters.items import cards
from dms.web.presenters.paging import pager
from dms.web.texts import moment, reason, say
from ingest.service.quarantine import REASONS
from rights.rules.actions import Action

desk = Blueprint("refused", __name__)
PAGE_SIZE = 50

register(
    {
        "release_asked": Notice(N_("Uw vraag staat klaar. Een collega beslist.")),
        "release_given": Notice(N_("Het bestand is vrijgegeven en wordt gelezen.")),
        "release_kept": Notice(N_("Het bestand blijft apart staan.")),
    }
)


@desk.get("/geweigerd")
@acts(Action.ADD)
def page() -> ResponseReturnValue:
    """The list with reasons: files, and mail that did not come in."""
    brin, at = school().brin, asked_page()
    stopped = house().status.stopped(by(), brin, at, PAGE_SIZE)
    return render_template(
        "refused/list.html",
        items=cards(stopped.items),
        pager=pager("refused.page", stopped.total, at, PAGE_SIZE),
        apart=[(x, moment(x.asked_at) if x.asked_at else "") for x in house().quarantine.list(by(), brin)],
        mails=[(x, reason(x.reason), moment(x.refused_at)) for x in house().mail.refusals.list(by(), brin)],
    )


@desk.get("/geweigerd/<uuid:item_id>/vrijgeven")
@acts(Action.ADD)
def release(item_id: UUID) -> ResponseReturnValue:
    """What the virus scanner set apart: asking for it, and deciding on what a colleague asked."""
    found = house().quarantine.view(by(), item_id)
    return render_template(
        "refused/release.html",
        one=found,
        received=moment(found.received),
        asked=moment(found.asked_at) if found.asked_at else "",
        why=say(found.reason) if found.reason else "",
        reasons=[(code, say(text)) for code, text in REASONS.items()],
    )


@desk.post("/geweigerd/<uuid:item_id>/vrijgeven")
@acts(Action.ADD)
def decide(item_id: UUID) -> ResponseReturnValue:
    """Ask for it (`doe` vraag, with `reden`), let it in (geef) or leave it where it is (laat)."""
    room, act = house().quarantine, line("doe")
    if act == "vraag":
        room.ask(by(), item_id, line("reden"))
    elif act in ("geef", "laat"):
        room.decide(by(), item_id, release=act == "geef")
    else:
        room.view(by(), item_id)
        raise BadInput(N_("Kies wat u wilt doen."), N_("Open de pagina opnieuw."))
    tell({"vraag": "release_asked", "geef": "release_given", "laat": "release_kept"}[act])
    return redirect(url_for("refused.page"), 303)


@desk.post("/geweigerd/<uuid:item_id>/opnieuw")
@acts(Action.ADD)
def retry(item_id: UUID) -> ResponseReturnValue:
    """Read it again, after whatever stood in the way has been changed."""
    house().desk.retry(by(), item_id)
    flash("retried")
    return redirect(url_for("refused.page"), 303)
