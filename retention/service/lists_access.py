"""Who may see and touch a disposal list: asked of the gate, for the school and for every placement on it."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from dms.db.tables import DisposalItemRow, DisposalListRow, PlacementRow
from dms.kernel.errors import Conflict, DmsError, NotFound, Refused
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.disposal import CLOSED_STEPS
from dms.model.events import By
from retention.rules.disposal import ListFacts
from retention.rules.disposal_items import must_be_judged
from retention.rules.schedule import DisposalAction
from retention.service.due_rights import DISPOSING, is_operator, reaches
from retention.terms.places import AT_ONCE, batched
from rights.rules.actions import Action
from rights.service.gate import Gate


def list_for(
    session: Session, by: By, list_id: UUID, today: date, *, lock: bool = False
) -> tuple[DisposalListRow, Gate]:
    """The list, for who proposes or approves disposal at its school; read only also for the operator.

    Raises NotFound for who does neither there: absent and forbidden look alike.
    """
    row = session.get(DisposalListRow, list_id, with_for_update=True if lock else None)
    gate = Gate(session, by.user_id, today)
    if row is None:
        raise NotFound
    if is_operator(by):
        if lock:
            raise Refused(N_("Een vernietigingslijst staat op naam."), N_("Geef aan namens wie u dit doet."))
        return row, gate
    if not any(reaches(gate, x, row.board_id, row.school_id) for x in DISPOSING):
        raise NotFound
    return row, gate


def held_list(
    session: Session, by: By, list_id: UUID, today: date, row_version: int | None
) -> tuple[DisposalListRow, Gate]:
    """`list_for` to change it: locked, and as the person saw it. Raises Conflict when it changed since."""
    row, gate = list_for(session, by, list_id, today, lock=True)
    if row_version is not None and row.row_version != row_version:
        raise Conflict(
            N_("Een collega heeft deze lijst intussen gewijzigd."),
            N_("Bekijk hoe de lijst nu is en doe uw keuze daarna opnieuw."),
            code="changed_meanwhile",
        )
    return row, gate


def open_items(session: Session, list_id: UUID) -> list[DisposalItemRow]:
    """The items that were not left out and not settled, the longest due first."""
    return list(
        session.scalars(
            select(DisposalItemRow)
            .where(DisposalItemRow.list_id == list_id, DisposalItemRow.state.not_in(CLOSED_STEPS))
            .order_by(DisposalItemRow.due_from, DisposalItemRow.id)
        )
    )


def facts_of(row: DisposalListRow, items: Iterable[DisposalItemRow]) -> ListFacts:
    """What the rules may know of a list; `items` are its open ones."""
    found = list(items)
    unanswered = sum(1 for x in found if x.answer is None and must_be_judged(DisposalAction(x.action)))
    return ListFacts(row.kind, row.state, row.proposed_by, row.name, len(found), unanswered, row.waits_until)


def disposing(gate: Gate) -> ColumnElement[bool]:
    """Placements with whose disposal the person has to do, whatever their state."""
    return or_(*(gate.visible(x, None) for x in DISPOSING))


def reached(session: Session, condition: ColumnElement[bool], placements: Iterable[UUID]) -> set[UUID]:
    """Those of `placements` that meet the condition."""
    found: set[UUID] = set()
    for some in batched(placements, AT_ONCE):
        found |= set(session.scalars(select(PlacementRow.id).where(PlacementRow.id.in_(some), condition)))
    return found


def need_all(gate: Gate, action: Action | None, items: Iterable[DisposalItemRow]) -> None:
    """Raises Refused when the person may not do `action` (None: propose or approve) with every one of these."""
    wanted = {x.placement_id for x in items}
    condition = disposing(gate) if action is None else gate.visible(action, None)
    if reached(gate.session, condition, wanted) != wanted:
        raise Refused(
            N_("Op deze lijst staan stukken waarover u niet mag beslissen."),
            N_("Laat iemand met meer rechten dit doen."),
        )


def fault(reason: Reason) -> DmsError:
    """The error that tells why a list stays as it is."""
    if reason.code in {"same_person", "not_proposer"}:
        return Refused(reason.text, ADVICE[reason.code], code=reason.code)
    return Conflict(reason.text, ADVICE.get(reason.code, LOOK), code=reason.code, params=reason.params)


LOOK = N_("Bekijk hoe ver de lijst is.")
ADVICE = {
    "same_person": N_("Vraag een collega die vernietiging mag goedkeuren."),
    "not_proposer": N_("Vraag de voorsteller, of stop deze lijst en stel een nieuwe voor."),
    "not_received": N_("Leg eerst de ontvangst vast, met het kenmerk van de ontvanger."),
    "nothing": N_("Stel een nieuwe lijst voor als er weer iets vervallen is."),
    "unanswered": N_("Geef bij elk van die stukken een oordeel."),
    "waiting": N_("Begin daarna, of stop de lijst met een reden."),
    "wrong_name": N_("Typ de naam precies zoals hij boven de lijst staat."),
}
