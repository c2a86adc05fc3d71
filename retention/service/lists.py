"""Disposal lists (vernietigingslijsten): proposing, composing, submitting, giving back, stopping and starting.

Each act is one transaction that asks the gate, lets the pure rules decide and records what was done. Nothing is
destroyed here: `start` sets a list executing and leaves the work in the outbox.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from dms.db.tables import DisposalItemRow, DisposalListRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, Conflict, Refused
from dms.kernel.text import N_
from dms.model.disposal import CLOSED_STEPS, DisposalStep, ListKind, ListState
from dms.model.events import By, Event, EventKind
from dms.services.shapes import SchoolView
from dms.services.tools import Tools, school_by_brin, school_by_id
from retention.rules.disposal import Move, Stays, move
from retention.service.due_rights import checked_reason, may_dispose, reaches
from retention.service.lists_access import facts_of, fault, held_list, need_all, open_items
from retention.service.lists_compose import Gathered, LeftOut, Selection, gather, nothing_chosen, put_on
from retention.service.telling import tell_asked
from retention.terms.schedules import schedule_of
from rights.rules.actions import Action
from rights.service.gate import Gate

DISPOSE = "dispose"
"""The outbox kind that carries a list out; the object is the list."""

SHORTEST_NAME, LONGEST_NAME = 3, 120
TRANSFER_SUFFIX = " (overdracht)"


@dataclass(frozen=True, slots=True)
class Proposed:
    """A new list: how many items it has, and what was asked for and left out. `others`: a second list, of the other
    kind, with how many items; `more`: more was due than one list takes.
    """

    list_id: UUID
    kind: ListKind
    items: int
    left_out: tuple[LeftOut, ...] = ()
    others: tuple[tuple[UUID, ListKind, int], ...] = ()
    more: bool = False


class DisposalLists:
    """What people do with lists, but for reviewing and approving."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def propose(self, by: By, brin: str, name: str, wanted: Selection, *, submit: bool = True) -> Proposed:
        """Make a list of what is due at a school; without `submit` a draft.

        What must first be handed over comes on a list of its own. Raises NotFound, Refused without
        `propose_disposal`, BadInput for a bad name or when nothing of the selection may go: then there is no list.
        Conflict when a colleague was putting the same on another list.
        """
        called = checked_name(name)
        with _one_claim(), self._tools.database.begin() as uow:
            if by.user_id is None:
                raise Refused(N_("Een vernietigingslijst staat op naam."), N_("Geef aan namens wie u dit doet."))
            school = school_by_brin(uow.session, brin)
            may_dispose(uow.session, by, school.board_id, school.id, uow.today)
            gate = Gate(uow.session, by.user_id, uow.today)
            if not reaches(gate, Action.PROPOSE_DISPOSAL, school.board_id, school.id):
                raise Refused
            found = gather(gate, school, wanted)
            if not found.going:
                raise _nothing(found)
            made = []
            for kind in (x for x in ListKind if x in found.going):
                ending = TRANSFER_SUFFIX if kind is ListKind.TRANSFER and len(found.going) > 1 else ""
                row = new_list(uow, school, by.user_id, called[: LONGEST_NAME - len(ending)] + ending, kind)
                if submit:
                    row.state, row.submitted_at = ListState.IN_REVIEW, uow.now
                count = put_on(uow.session, row, found.going[kind])
                record(uow, EventKind.DISPOSAL_PROPOSED, by, row, items=count, submitted=submit)
                if submit:
                    tell_asked(uow, row.board_id, row.school_id, count, by.user_id)
                made.append((row.id, kind, count))
            first = made[0]
            return Proposed(*first, tuple(found.left_out), tuple(made[1:]), found.more)

    def add(self, by: By, list_id: UUID, placements: Sequence[UUID], row_version: int | None = None) -> Gathered:
        """Put more on a list that is being composed. Raises as `propose`, and Conflict for a list past that."""
        with _one_claim(), self._tools.database.begin() as uow:
            row, gate = held_list(uow.session, by, list_id, uow.today, row_version)
            _decide(uow, row, Move.COMPOSE, by)
            found = gather(gate, school_by_id(uow.session, row.school_id), Selection(tuple(placements)))
            going = found.going.get(row.kind, [])
            if not going:
                raise _nothing(found)
            count = put_on(uow.session, row, going)
            touch(row)
            record(uow, EventKind.DISPOSAL_COMPOSED, by, row, added=count)
            return found

    def remove(self, by: By, list_id: UUID, items: Sequence[UUID], row_version: int | None = None) -> int:
        """Take items off a list that is being composed; returns how many. Raises as `add`, BadInput for none."""
        with self._tools.database.begin() as uow:
            row, _ = held_list(uow.session, by, list_id, uow.today, row_version)
            _decide(uow, row, Move.COMPOSE, by)
            wanted = set(items)
            chosen = [x for x in open_items(uow.session, row.id) if x.id in wanted]
            if not chosen or len(chosen) != len(wanted):
                raise nothing_chosen()
            for one in chosen:
                one.state, one.state_reason, one.step_at = DisposalStep.EXCLUDED, "removed", uow.now
            touch(row)
            record(uow, EventKind.DISPOSAL_COMPOSED, by, row, removed=len(chosen))
            return len(chosen)

    def submit(self, by: By, list_id: UUID, row_version: int | None = None) -> None:
        """Lay a list before the reviewers. Raises NotFound, Refused for who did not propose it, Conflict."""
        with self._tools.database.begin() as uow:
            row, _ = held_list(uow.session, by, list_id, uow.today, row_version)
            _go(uow, row, Move.SUBMIT, by)
            row.submitted_at = uow.now
            record(uow, EventKind.DISPOSAL_SUBMITTED, by, row)
            tell_asked(uow, row.board_id, row.school_id, len(open_items(uow.session, row.id)), row.proposed_by)

    def give_back(self, by: By, list_id: UUID, reason: str, row_version: int | None = None) -> None:
        """Give a list back to its proposer, to be changed. Raises NotFound, BadInput without a reason, Conflict."""
        told = checked_reason(reason)
        with self._tools.database.begin() as uow:
            row, _ = held_list(uow.session, by, list_id, uow.today, row_version)
            _go(uow, row, Move.RETURN, by)
            record(uow, EventKind.DISPOSAL_RETURNED, by, row, note=told)

    def abort(self, by: By, list_id: UUID, reason: str, row_version: int | None = None) -> None:
        """Stop a list of which nothing has gone yet: all stays, and can be proposed again. Raises as `give_back`."""
        told = checked_reason(reason)
        with self._tools.database.begin() as uow:
            row, _ = held_list(uow.session, by, list_id, uow.today, row_version)
            _go(uow, row, Move.ABORT, by)
            end(uow, row, by.user_id, told)
            record(uow, EventKind.DISPOSAL_ABORTED, by, row, note=told)

    def start(self, by: By, list_id: UUID, confirm_name: str, row_version: int | None = None) -> None:
        """Let the execution begin: the list's name is typed and the waiting period is over.

        Raises NotFound, Refused when something on it is not the person's to decide, Conflict before the waiting period
        ends (code `waiting`, with the day), before the receiver of a transfer confirmed, for another name, or for an
        empty list.
        """
        with self._tools.database.begin() as uow:
            row, gate = held_list(uow.session, by, list_id, uow.today, row_version)
            ready = [x for x in open_items(uow.session, row.id) if x.state is DisposalStep.READY]
            decided = move(facts_of(row, ready), Move.START, by.user_id, uow.now, confirm_name)
            if isinstance(decided, Stays):
                raise fault(decided.reason)
            need_all(gate, None, ready)
            row.state, row.started_by, row.started_at = decided.state, by.user_id, uow.now
            touch(row)
            record(uow, EventKind.DISPOSAL_STARTED, by, row, items=len(ready))
            uow.after_commit(DISPOSE, row.id)


def new_list(uow: UnitOfWork, school: SchoolView, proposed_by: UUID, name: str, kind: ListKind) -> DisposalListRow:
    """An empty draft."""
    row = DisposalListRow(
        board_id=school.board_id,
        school_id=school.id,
        name=name,
        kind=kind,
        state=ListState.DRAFT,
        proposed_by=proposed_by,
        rule_version=schedule_of(uow.session, school.board_id).version,
        created_at=uow.now,
    )
    uow.session.add(row)
    uow.flush()
    return row


def end(uow: UnitOfWork, row: DisposalListRow, who: UUID | None, reason: str) -> None:
    """Let go of all that a stopped list still has."""
    row.state, row.aborted_by, row.aborted_at, row.abort_reason = ListState.ABORTED, who, uow.now, reason
    row.finished_at = uow.now
    uow.session.execute(
        update(DisposalItemRow)
        .where(DisposalItemRow.list_id == row.id, DisposalItemRow.state.not_in(CLOSED_STEPS))
        .values(state=DisposalStep.EXCLUDED, state_reason="aborted", step_at=uow.now)
        .execution_options(synchronize_session=False)
    )


def touch(row: DisposalListRow) -> None:
    """The list is another than it was."""
    row.row_version += 1


def record(
    uow: UnitOfWork,
    kind: EventKind,
    by: By,
    row: DisposalListRow,
    note: str = "",
    **details: str | int | bool | None,
) -> None:
    """The line in the log of an act on a list."""
    about = {"kind": row.kind.value, "state": row.state.value, "rule_version": row.rule_version}
    uow.record(
        Event(
            kind,
            by,
            row.board_id,
            row.school_id,
            object_kind="disposal_list",
            object_id=row.id,
            details={**about, **details},
            note=note,
        )
    )


def checked_name(text: str) -> str:
    """The name of a list, in one line. Raises BadInput."""
    name = " ".join(text.split())
    if not SHORTEST_NAME <= len(name) <= LONGEST_NAME:
        raise BadInput(
            N_("Een lijst heeft een naam nodig."),
            N_("Kies een naam van %(least)d tot %(most)d tekens."),
            code="no_name",
            params={"least": SHORTEST_NAME, "most": LONGEST_NAME},
        )
    return name


def _decide(uow: UnitOfWork, row: DisposalListRow, wanted: Move, by: By) -> ListState:
    decided = move(facts_of(row, open_items(uow.session, row.id)), wanted, by.user_id, uow.now)
    if isinstance(decided, Stays):
        raise fault(decided.reason)
    return decided.state


def _go(uow: UnitOfWork, row: DisposalListRow, wanted: Move, by: By) -> None:
    row.state = _decide(uow, row, wanted, by)
    touch(row)


def _nothing(found: Gathered) -> BadInput:
    """Nothing of what was asked may go; the first reason is told."""
    if not found.left_out:
        return nothing_chosen()
    first = found.left_out[0].reason
    return BadInput(first.text, N_("Er is geen lijst gemaakt."), code=first.code, params=first.params)


@contextmanager
def _one_claim() -> Iterator[None]:
    """A placement is on one open list: who comes second is told."""
    try:
        yield
    except IntegrityError as failure:
        raise Conflict(
            N_("Een van deze stukken kwam intussen op een andere lijst."),
            N_("Bekijk de lijsten en stel opnieuw voor wat overblijft."),
            code="elsewhere",
        ) from failure
