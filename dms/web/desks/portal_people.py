"""Accounts of families: who has one, invitations by letter or mail, blocking."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, DmsError
from dms.kernel.text import N_
from dms.model.duties import Duty
from dms.model.portal import Channel
from dms.services.portal.members import key_of
from dms.services.portal.shapes import FamilyMember, Invitation
from dms.web import notices
from dms.web.around import school
from dms.web.asked import identity, line
from dms.web.error_pages import problem_of
from dms.web.guard import by, manages
from dms.web.house import house
from dms.web.notices import Notice, tell

desk = Blueprint("portal_people", __name__)
notices.register(
    {
        "invited_by_mail": Notice(N_("De mail met de code is onderweg.")),
        "invitation_gone": Notice(N_("De uitnodiging geldt niet meer.")),
        "family_blocked": Notice(N_("Het account is dicht.")),
        "family_unblocked": Notice(N_("Het account is weer open.")),
    }
)


@desk.get("/ouders/accounts")
@manages(Duty.PORTAL)
def page() -> ResponseReturnValue:
    """The families of a group."""
    return _page()


@desk.post("/ouders/accounts/uitnodigen")
@manages(Duty.PORTAL)
def invite() -> ResponseReturnValue:
    """Invite one person; a letter is shown at once, for its code is never shown again."""
    pupil_id = identity("leerling")
    channel = Channel.MAIL if line("weg") == "mail" else Channel.LETTER
    try:
        if pupil_id is None:
            raise BadInput(N_("Kies wie u uitnodigt."), N_("Open de lijst opnieuw."), code="form_incomplete")
        made = house().portal.invitations.invite(by(), school().brin, pupil_id, identity("verzorger"), channel)
    except BadInput as wrong:
        return _page(wrong), 400
    if made.mailed:
        tell("invited_by_mail")
        return redirect(url_for("portal_people.page", groep=line("groep") or None), 303)
    return _letters([made])


@desk.post("/ouders/accounts/brieven")
@manages(Duty.PORTAL)
def letters() -> ResponseReturnValue:
    """A letter for everybody of a group who has no account and no invitation that still counts."""
    invitations = house().portal.invitations
    members = house().portal.members.of_group(by(), school().brin, line("groep"))
    once = {key_of(x.carer_id, x.name, x.email) if x.carer_id else str(x.pupil_id): x for x in members if _uninvited(x)}
    if not once:
        wrong = BadInput(N_("In deze groep is niemand om uit te nodigen."), N_("Kies een andere groep."))
        return _page(wrong), 400
    brin = school().brin
    return _letters([invitations.invite(by(), brin, x.pupil_id, x.carer_id, Channel.LETTER) for x in once.values()])


@desk.post("/ouders/accounts/intrekken")
@manages(Duty.PORTAL)
def withdraw() -> ResponseReturnValue:
    """A letter that got lost: its code works no more."""
    pupil_id = identity("leerling")
    if pupil_id is None:
        raise BadInput(N_("Kies wie u uitnodigt."), N_("Open de lijst opnieuw."), code="form_incomplete")
    house().portal.invitations.withdraw(by(), school().brin, pupil_id, identity("verzorger"))
    tell("invitation_gone")
    return redirect(url_for("portal_people.page", groep=line("groep") or None), 303)


@desk.post("/ouders/accounts/<uuid:user_id>/blokkeren")
@manages(Duty.PORTAL)
def block(user_id: UUID) -> ResponseReturnValue:
    """Close an account at once, or open it again."""
    blocked = line("blokkeer") != "nee"
    house().portal.members.block(by(), school().brin, user_id, blocked=blocked)
    tell("family_blocked" if blocked else "family_unblocked")
    return redirect(url_for("portal_people.page", groep=line("groep") or None), 303)


def _uninvited(x: FamilyMember) -> bool:
    return x.user_id is None and x.invited_until is None and x.born


def _letters(made: list[Invitation]) -> str:
    address = f"{house().settings.public_url}/portaal/uitnodiging"
    return render_template("portal_plan/letters.html", letters=made, address=address)


def _page(wrong: DmsError | None = None) -> str:
    members = house().portal.members
    groups = members.groups(by(), school().brin)
    group = line("groep") or (groups[0] if groups else "")
    found = members.of_group(by(), school().brin, group) if group else ()
    return render_template(
        "portal_plan/people.html",
        groups=[(x, x) for x in groups],
        group=group,
        members=found,
        uninvited=sum(_uninvited(x) for x in found),
        problem=problem_of(wrong) if wrong else None,
    )
