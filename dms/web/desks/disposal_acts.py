"""What people do with disposal lists: propose, compose, judge, approve, hand over, stop and start."""

from uuid import UUID

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, DmsError
from dms.kernel.text import N_
from dms.model.disposal import Answer, ListState
from dms.web import notices
from dms.web.asked import day, identities, line, row_version
from dms.web.desks.disposal import DISPOSING, asked_school, start_page
from dms.web.error_pages import problem_of
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.notices import Notice, tell
from retention.service.lists_compose import Selection
from retention.service.review import Judgement
from rights.rules.actions import Action

desk = Blueprint("disposal_acts", __name__)
notices.register(
    {
        "disposal_made": Notice(
            N_("De lijst is gemaakt, met %(num)d stuk. Bekijk de gevolgen en leg de lijst voor."),
            N_("De lijst is gemaakt, met %(num)d stukken. Bekijk de gevolgen en leg de lijst voor."),
        ),
        "disposal_two": Notice(
            N_("Wat eerst wordt overgedragen, staat op een eigen lijst."),
            link=("disposal.one", "list_id"),
            link_text=N_("Bekijk die lijst"),
        ),
        "disposal_left_out": Notice(
            N_("%(num)d stuk kan niet op een lijst: het is intussen bevroren, veranderd of nog niet vervallen."),
            N_("%(num)d stukken kunnen niet op een lijst: intussen bevroren, veranderd of nog niet vervallen."),
        ),
        "disposal_removed": Notice(
            N_("%(num)d stuk van de lijst gehaald."), N_("%(num)d stukken van de lijst gehaald.")
        ),
        "disposal_submitted": Notice(N_("De lijst is voorgelegd. Een ander keurt die goed.")),
        "disposal_answered": Notice(
            N_("Oordeel bewaard bij %(num)d stuk."), N_("Oordeel bewaard bij %(num)d stukken.")
        ),
        "disposal_withdrawn": Notice(
            N_("%(num)d stuk is weer zoals voorgesteld."), N_("%(num)d stukken zijn weer zoals voorgesteld.")
        ),
        "disposal_returned": Notice(N_("De lijst is terug bij de voorsteller.")),
        "disposal_approved": Notice(
            N_("Goedgekeurd: %(num)d stuk mag weg na de bedenktijd."),
            N_("Goedgekeurd: %(num)d stukken mogen weg na de bedenktijd."),
        ),
        "disposal_all_stays": Notice(N_("Alles blijft. De lijst is afgesloten; er wordt niets vernietigd.")),
        "disposal_aborted": Notice(N_("De lijst is gestopt. Alles blijft.")),
        "disposal_sent": Notice(N_("Vastgelegd: verzonden.")),
        "disposal_received": Notice(N_("Vastgelegd: de ontvangst is bevestigd.")),
        "disposal_started": Notice(N_("De uitvoering is begonnen. U kunt deze pagina sluiten.")),
    }
)


@desk.post("/vernietiging/nieuw")
@acts(Action.PROPOSE_DISPOSAL)
def propose() -> ResponseReturnValue:
    """Make a draft of what was ticked, or of all that the filter shows."""
    every = line("doe") == "alles"
    wanted = Selection(() if every else identities("plaats"), every, (line("categorie") or None) if every else None)
    found = house().disposal.lists.propose(by(), asked_school().brin, line("naam"), wanted, submit=False)
    tell("disposal_made", count=found.items)
    for list_id, _, _ in found.others:
        tell("disposal_two", list_id)
    if found.left_out:
        tell("disposal_left_out", count=len(found.left_out))
    return redirect(url_for("disposal.one", list_id=found.list_id), 303)


@desk.post("/vernietiging/<uuid:list_id>/stukken")
@acts(*DISPOSING)
def judge(list_id: UUID) -> ResponseReturnValue:
    """Say something of the ticked items, take answers back, or take the items off."""
    chosen, version = identities("stuk"), row_version()
    match line("doe"):
        case "afhalen":
            tell("disposal_removed", count=house().disposal.lists.remove(by(), list_id, chosen, version))
        case "terug":
            tell("disposal_withdrawn", count=house().disposal.review.withdraw(by(), list_id, chosen, version))
        case _:
            said = Judgement(_answer(), line("reden"), day("tot"), line("nieuwe_categorie") or None)
            tell("disposal_answered", count=house().disposal.review.answer(by(), list_id, chosen, said, version))
    return _to(list_id)


@desk.post("/vernietiging/<uuid:list_id>/voorleggen")
@acts(Action.PROPOSE_DISPOSAL)
def submit(list_id: UUID) -> ResponseReturnValue:
    """Lay it before the reviewers."""
    house().disposal.lists.submit(by(), list_id, row_version())
    tell("disposal_submitted")
    return _to(list_id)


@desk.post("/vernietiging/<uuid:list_id>/teruggeven")
@acts(*DISPOSING)
def give_back(list_id: UUID) -> ResponseReturnValue:
    """Give it back to its proposer."""
    house().disposal.lists.give_back(by(), list_id, line("reden"), row_version())
    tell("disposal_returned")
    return _to(list_id)


@desk.post("/vernietiging/<uuid:list_id>/akkoord")
@acts(Action.APPROVE_DISPOSAL)
def approve(list_id: UUID) -> ResponseReturnValue:
    """Approve it: the second person's word."""
    found = house().disposal.approval.approve(by(), list_id, row_version())
    if found.ready:
        tell("disposal_approved", count=found.ready)
    else:
        tell("disposal_all_stays")
    if found.transfer_list:
        tell("disposal_two", found.transfer_list)
    return _to(list_id)


@desk.post("/vernietiging/<uuid:list_id>/stoppen")
@acts(*DISPOSING)
def abort(list_id: UUID) -> ResponseReturnValue:
    """Stop it: all stays."""
    house().disposal.lists.abort(by(), list_id, line("reden"), row_version())
    tell("disposal_aborted")
    return _to(list_id)


@desk.post("/vernietiging/<uuid:list_id>/overdracht")
@acts(*DISPOSING)
def transfer(list_id: UUID) -> ResponseReturnValue:
    """It was sent, or its receiver confirmed."""
    if line("doe") == "verzonden":
        house().disposal.transfer.sent(by(), list_id, row_version())
        tell("disposal_sent")
    else:
        house().disposal.transfer.received(by(), list_id, line("kenmerk"), row_version())
        tell("disposal_received")
    return _to(list_id)


@desk.post("/vernietiging/<uuid:list_id>/starten")
@acts(*DISPOSING)
def start(list_id: UUID) -> ResponseReturnValue:
    """Let the execution begin, or try again what failed. A name that is not the list's comes back with the form."""
    version, name = row_version(), line("naam")
    try:
        if house().disposal.reading.one(by(), list_id).line.state is ListState.PARTLY_FAILED:
            house().destruction.execution.retry(by(), list_id, name)
        else:
            house().disposal.lists.start(by(), list_id, name, version)
    except DmsError as fault:
        if fault.code != "wrong_name":
            raise
        shown = start_page(list_id, problem_of(fault), name)
        return (shown, 409) if isinstance(shown, str) else shown
    tell("disposal_started")
    return _to(list_id)


def _answer() -> Answer:
    try:
        return Answer(line("oordeel"))
    except ValueError:
        raise BadInput(
            N_("Er is geen oordeel gekozen."), N_("Kies wat er met deze stukken gebeurt."), code="no_answer"
        ) from None


def _to(list_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("disposal.one", list_id=list_id), 303)
