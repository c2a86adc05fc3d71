"""Which links there are: one's own, of the school, of a dossier; one link with what happened; taking back."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.model.links import LinkTarget
from dms.web import notices
from dms.web.asked import flag, line
from dms.web.desks.links import made_page
from dms.web.frame import school
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.notices import Notice, tell
from dms.web.presenters import links as present
from dms.web.texts import say
from rights.rules.actions import Action

desk = Blueprint("link_lists", __name__)
notices.register(
    {
        "link_revoked": Notice(N_("De link is ingetrokken. De ontvanger kan niets meer openen.")),
        "links_revoked": Notice(N_("%(num)d link is ingetrokken."), N_("%(num)d links zijn ingetrokken.")),
    }
)
LISTS = {"mijn": N_("Van mij"), "bijna": N_("Verloopt binnenkort"), "school": N_("Van de school")}


@desk.get("/deellinks")
@acts(Action.SEE)
def page() -> ResponseReturnValue:
    """One's own links, those that end soon, or all of the school; with `oud` also what is over."""
    asked, ended = line("lijst") if line("lijst") in LISTS else "mijn", flag("oud")
    lists, brin = house().link_lists, school().brin
    if asked == "mijn":
        found = lists.mine(by(), ended=ended)
    elif asked == "bijna":
        found = lists.ending_soon(by(), brin)
    else:
        found = lists.of_school(by(), brin, ended=ended)
    return render_template(
        "links/list.html",
        links=tuple(present.line(x) for x in found),
        tabs=[
            {"label": say(label), "address": url_for("link_lists.page", lijst=code), "here": code == asked}
            for code, label in LISTS.items()
        ],
        asked=asked,
        ended=ended,
    )


@desk.get("/leerlingen/<uuid:pupil_id>/deellinks")
@acts(Action.SEE)
def dossier(pupil_id: UUID) -> ResponseReturnValue:
    """The links of a dossier."""
    ended = flag("oud")
    found = house().link_lists.of_dossier(by(), pupil_id, ended=ended)
    lines = tuple(present.line(x) for x in found)
    return render_template(
        "links/dossier.html",
        pupil_id=pupil_id,
        links=lines,
        ended=ended,
        may_revoke=any(x.may_revoke for x in lines),
    )


@desk.post("/leerlingen/<uuid:pupil_id>/deellinks")
@acts(Action.SEE)
def revoke_dossier(pupil_id: UUID) -> ResponseReturnValue:
    """End all links of the dossier that the person may end."""
    tell("links_revoked", count=house().links.revoke_dossier(by(), pupil_id))
    return redirect(url_for("link_lists.dossier", pupil_id=pupil_id), 303)


@desk.get("/deellinks/<uuid:link_id>")
@acts(Action.SEE)
def one(link_id: UUID) -> ResponseReturnValue:
    """A link: what is in it, what happened. Its maker has then read that somebody looked."""
    found = house().link_pages.one(by(), link_id)
    if found.link.unseen:
        house().link_pages.told(by(), link_id)
    same = [x for x in house().link_lists.of_recipient(by(), link_id) if x.id != link_id]
    return render_template(
        "links/one.html",
        view=found.link,
        link=present.line(found.link),
        facts=present.facts(found.link),
        reason=say(found.link.reason.text),
        going=tuple(present.paper(x) for x in found.going),
        left=tuple(present.paper_left(x) for x in found.left_out),
        hidden=found.hidden,
        events=tuple(present.happened(x) for x in found.events),
        counts=present.counts(found),
        same=tuple(present.line(x) for x in same),
        may_readdress=found.link.may_revoke and found.link.mine and found.link.target is not LinkTarget.PACKAGE,
    )


@desk.post("/deellinks/<uuid:link_id>")
@acts(Action.SEE)
def change(link_id: UUID) -> ResponseReturnValue:
    """End the link, or all of its receiver; unlock it; or make it anew for somebody else."""
    links, doing = house().links, line("doe")
    if doing == "intrekken":
        links.revoke(by(), link_id)
        tell("link_revoked")
    elif doing == "ontvanger":
        tell("links_revoked", count=links.revoke_recipient(by(), link_id))
    elif doing == "ontgrendelen":
        return _unlocked(link_id, links.unlock(by(), link_id))
    elif doing == "ander":
        return made_page(links.readdress(by(), link_id, line("ontvanger"), line("email")))
    else:
        house().link_pages.one(by(), link_id)  # who may not know of it hears nothing of what is wrong in the form
        raise BadInput(N_("Er is niets gekozen."), N_("Kies wat u met de link wilt doen."), code="nothing_chosen")
    return redirect(url_for("link_lists.one", link_id=link_id), 303)


def _unlocked(link_id: UUID, code: str) -> ResponseReturnValue:
    """The new access code, once."""
    found = house().link_pages.one(by(), link_id)
    return render_template(
        "links/unlocked.html", view=found.link, link=present.line(found.link), code=present.grouped(code)
    )
