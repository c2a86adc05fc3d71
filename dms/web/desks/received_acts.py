"""What a reviewer does with a received package: papers, pupil, accept, reject."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, Conflict, DmsError, NotFound, Refused
from dms.kernel.text import N_
from dms.model.received import PartChoice
from dms.web.asked import day, identity, line, row_version
from dms.web.desks.received import one_page
from dms.web.error_pages import problem_of
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.notices import Notice, register, tell
from rights.rules.actions import Action

desk = Blueprint("received_acts", __name__)
register(
    {
        "package_pupil": Notice(N_("De leerling is gekozen.")),
        "package_enrolled": Notice(N_("De leerling is ingeschreven en gekozen.")),
        "package_accepted": Notice(
            N_("Eén stuk is opgeborgen in het dossier."), many=N_("%(num)d stukken zijn opgeborgen in het dossier.")
        ),
        "package_rejected": Notice(N_("Het pakket is geweigerd. Stuur het antwoord naar de afzender.")),
    }
)


@desk.post("/ontvangst/<uuid:received_id>/stuk/<uuid:part_id>")
@acts(Action.ADD)
def part(received_id: UUID, part_id: UUID) -> ResponseReturnValue:
    """Say what should become of one paper."""

    def act() -> None:
        house().received.review.change_part(
            by(),
            received_id,
            row_version(),
            part_id,
            choice=PartChoice.LEAVE if line("keuze") == PartChoice.LEAVE.value else PartChoice.TAKE,
            category=line("categorie") or None,
            title=line("titel"),
            document_date=day("datum"),
        )
        tell("saved")

    return _done(received_id, act)


@desk.post("/ontvangst/<uuid:received_id>/leerling")
@acts(Action.ADD)
def pupil(received_id: UUID) -> ResponseReturnValue:
    """Say whose it is."""

    def act() -> None:
        chosen = identity("leerling")
        if chosen is None:
            raise BadInput(N_("Er is geen leerling gekozen."), N_("Kies een leerling uit de lijst."), code="no_pupil")
        house().received.review.choose_pupil(by(), received_id, row_version(), chosen)
        tell("package_pupil")

    return _done(received_id, act)


@desk.post("/ontvangst/<uuid:received_id>/inschrijven")
@acts(Action.ADD)
def enrol(received_id: UUID) -> ResponseReturnValue:
    """Enrol the pupil, with a dossier of its own."""

    def act() -> None:
        house().received.enrolling.enrol(by(), received_id, row_version(), line("nummer"), day("sinds"))
        tell("package_enrolled")

    return _done(received_id, act)


@desk.post("/ontvangst/<uuid:received_id>/aannemen")
@acts(Action.ADD)
def accept(received_id: UUID) -> ResponseReturnValue:
    """Put the papers into the dossier."""

    def act() -> None:
        done = house().received.decisions.accept(by(), received_id, row_version())
        tell("package_accepted", count=len(done.documents))

    return _done(received_id, act)


@desk.post("/ontvangst/<uuid:received_id>/weigeren")
@acts(Action.ADD)
def reject(received_id: UUID) -> ResponseReturnValue:
    """Take nothing of it."""

    def act() -> None:
        house().received.decisions.reject(by(), received_id, line("reden"))
        tell("package_rejected")

    return _done(received_id, act)


def _done(received_id: UUID, act: Callable[[], None]) -> ResponseReturnValue:
    """Do it, and go back to the package; what cannot be done is told there."""
    try:
        act()
    except (BadInput, Conflict) as fault:
        return _told(received_id, fault)
    except Refused as fault:
        if fault.code == Refused.code and fault.message == Refused().message:
            raise
        return _told(received_id, fault)
    return redirect(url_for("received.one", received_id=received_id), 303)


def _told(received_id: UUID, fault: DmsError) -> ResponseReturnValue:
    problem = problem_of(fault)
    try:
        return one_page(received_id, problem), problem.status
    except NotFound:
        raise fault from None
