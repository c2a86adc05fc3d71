"""Handing over: who leaves, the packages, composing one, and one with its gate, documents and inspections."""

from uuid import UUID

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.text import N_
from dms.model.transfers import ON_THE_WAY, TransferState
from dms.web.around import school
from dms.web.asked import flag, line
from dms.web.error_pages import Problem
from dms.web.guard import acts, by, may
from dms.web.house import house
from dms.web.presenters import transfers as shown
from dms.web.texts import reason, say
from rights.rules.actions import Action
from rights.rules.transfer_gate import Going

desk = Blueprint("transfers", __name__)


@desk.get("/overdracht")
@acts(Action.SHARE)
def page() -> ResponseReturnValue:
    """Who left or leaves around today, where they go and how far their packages are."""
    return leavers_page()


def leavers_page(problem: Problem | None = None, typed: dict[str, str] | None = None) -> str:
    """The list of leavers with the form for many at once."""
    group = line("groep")
    found = house().transfers.listing.leavers(by(), school().brin)
    groups = sorted({x.group for x in found if x.group})
    return render_template(
        "transfers/leavers.html",
        rows=[shown.leaver_row(x) for x in found if not group or x.group == group],
        groups=groups,
        group=group,
        tabs=_tabs("leavers"),
        kinds=shown.kinds(),
        typed=typed or {},
        problem=problem,
    )


@desk.get("/overdracht/pakketten")
@acts(Action.SHARE)
def packages() -> ResponseReturnValue:
    """The packages of the school: under way, or ended."""
    ended = flag("klaar")
    found = house().transfers.listing.of_school(by(), school().brin, ended=ended)
    return render_template(
        "transfers/packages.html",
        rows=[shown.package_row(x) for x in found],
        tabs=_tabs("ended" if ended else "under_way"),
        ended=ended,
    )


@desk.get("/overdracht/nieuw/<uuid:pupil_id>")
@acts(Action.SHARE)
def new(pupil_id: UUID) -> ResponseReturnValue:
    """The form for a package of one pupil, and those that there are."""
    return new_page(pupil_id)


def new_page(pupil_id: UUID, problem: Problem | None = None, typed: dict[str, str] | None = None) -> str:
    """The form, with what was typed."""
    found = house().transfers.listing.of_pupil(by(), pupil_id)
    return render_template(
        "transfers/new.html",
        pupil=house().transfers.listing.name_of(by(), pupil_id),
        pupil_id=pupil_id,
        rows=[shown.package_row(x) for x in found],
        kinds=shown.kinds(),
        typed=typed or {},
        problem=problem,
    )


@desk.get("/overdracht/<uuid:package_id>")
@acts(Action.SHARE)
def one(package_id: UUID) -> ResponseReturnValue:
    """One package."""
    return one_page(package_id)


def one_page(package_id: UUID, problem: Problem | None = None) -> str:
    """One package, with what went wrong."""
    view = house().transfers.listing.one(by(), package_id)
    state = view.line.state
    ahead = state in (TransferState.CONCEPT, TransferState.FROZEN)
    return render_template(
        "transfers/one.html",
        view=view,
        pupil=view.line.pupil,
        title=say(N_("Overdracht van %(name)s"), {"name": view.line.pupil}),
        state=say(shown.STATES[state]),
        tone=shown.TONES[state],
        facts=shown.facts(view),
        reasons=[reason(x) for x in view.reasons],
        along=shown.papers(view.papers, Going.ALONG),
        chosen=shown.papers(view.papers, Going.CHOSEN),
        never=shown.papers(view.papers, Going.NEVER),
        going=sum(1 for x in view.papers if x.included) + view.hidden,
        inside=[x for kind in Going for x in shown.papers(view.papers, kind) if x.included],
        seen=shown.seen(view.inspections, view.line.pupil),
        proofs=[(str(x.document_id), x.title) for x in shown.proofs(view)],
        asks_consent=view.line.kind.needs_consent,
        to_swv=view.line.kind.to_swv,
        ahead=ahead,
        frozen=state is TransferState.FROZEN,
        ready=ahead and not view.reasons,
        sent=state is TransferState.SENT,
        open=state in ON_THE_WAY,
        givable=view.complete and state in (TransferState.SENT, TransferState.CONFIRMED),
        today=house().clock.today(),
        problem=problem,
    )


@desk.app_context_processor
def _offered() -> dict[str, object]:
    """Lets pages of others ask whether to offer the way here."""
    return {"may_transfer": lambda: may(Action.SHARE, school())}


def _tabs(here: str) -> list[dict[str, object]]:
    return [
        {"label": say(N_("Wie gaat van school")), "address": url_for("transfers.page"), "here": here == "leavers"},
        {"label": say(N_("Lopend")), "address": url_for("transfers.packages"), "here": here == "under_way"},
        {
            "label": say(N_("Afgelopen")),
            "address": url_for("transfers.packages", klaar="ja"),
            "here": here == "ended",
        },
    ]
