"""Looking at disposal lists: all of a school, one with its items and what happened, what waits for whom."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from dms.db.tables import (
    AuditEventRow,
    AuditNoteRow,
    BoardRow,
    DisposalItemRow,
    DisposalListRow,
    DocumentRow,
    PlacementRow,
    PupilRow,
    SchoolRow,
    UserRow,
)
from dms.model.disposal import CLOSED_STEPS, DisposalStep, ListState
from dms.model.events import By, EventKind
from dms.services.catalogue import categories
from dms.services.tools import Tools, school_by_brin, sorted_name
from retention.rules.disposal import Move, Moved, move
from retention.rules.disposal_items import must_be_judged, text_of
from retention.rules.schedule import DisposalAction
from retention.service.consequences_asks import ASKS
from retention.service.due_rights import is_operator, may_dispose, reaches
from retention.service.lists_access import disposing, facts_of, list_for, open_items, reached
from retention.service.lists_judge import standings
from retention.service.lists_shapes import (
    Happened,
    ItemLine,
    ItemPage,
    ListLine,
    ListPage,
    ListView,
    Progress,
    Waiting,
)
from retention.service.own_data_access import waiting_pupils
from rights.rules.actions import Action
from rights.service.gate import Gate

PAGE = 50
BY_PEOPLE = (
    Move.COMPOSE, Move.SUBMIT, Move.ANSWER, Move.RETURN, Move.APPROVE, Move.SEND, Move.RECEIVE, Move.START, Move.ABORT,
    Move.RETRY,
)  # fmt: skip
RUNNING = (ListState.EXECUTING, ListState.VERIFYING)


class DisposalReading:
    """Questions only. The operator of the machine sees all lists, without titles and names of what is not asked."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def page(self, by: By, brin: str, *, ended: bool | None = None, page: int = 1, size: int = PAGE) -> ListPage:
        """The lists of a school, the newest first; `ended`: only those that have ended, or only the others.

        Raises NotFound, Refused for who neither proposes nor approves disposal there.
        """
        today = self._tools.clock.today()
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            may_dispose(session, by, school.board_id, school.id, today)
            where: list[ColumnElement[bool]] = [DisposalListRow.school_id == school.id]
            if ended is not None:
                over = DisposalListRow.state.in_((ListState.COMPLETED, ListState.ABORTED))
                where.append(over if ended else ~over)
            total = session.scalar(select(func.count()).select_from(DisposalListRow).where(*where)) or 0
            rows = session.scalars(
                select(DisposalListRow)
                .where(*where)
                .order_by(DisposalListRow.created_at.desc(), DisposalListRow.id)
                .limit(size)
                .offset((max(page, 1) - 1) * size)
            ).all()
            gate = Gate(session, by.user_id, today)
            return ListPage(total, max(page, 1), size, tuple(self._lines(session, by, gate, rows)))

    def one(self, by: By, list_id: UUID) -> ListView:
        """One list. Raises NotFound."""
        with self._tools.database.read() as session:
            row, gate = list_for(session, by, list_id, self._tools.clock.today())
            seen = _seen(by, gate)
            items = session.scalars(_items(row.id, seen)).all()
            total = session.scalar(
                select(func.count()).select_from(DisposalItemRow).where(DisposalItemRow.list_id == row.id)
            )
            living = [x for x in items if x.state not in CLOSED_STEPS]
            board, school = session.get_one(BoardRow, row.board_id), session.get_one(SchoolRow, row.school_id)
            hidden = (total or 0) > len(items)
            return ListView(
                next(iter(self._lines(session, by, gate, [row]))),
                board.name,
                school.name,
                row.rule_version,
                row.row_version,
                Counter(x.state for x in items),
                Counter(x.answer.value if x.answer else "" for x in living),
                dict(sorted(Counter(x.category for x in living).items())),
                self._moves(by, gate, row, open_items(session, row.id) if hidden else living),
                hidden,
                sum(1 for x in living if x.answer is None and must_be_judged(DisposalAction(x.action))),
                row.receipt,
                row.abort_reason,
                _names(session, [row.started_by]).get(row.started_by, ""),
                row.started_at,
                _happened(session, row.id),
                {k: v.name for k, v in categories(session, row.board_id).items()},
            )

    def items(
        self,
        by: By,
        list_id: UUID,
        *,
        category: str | None = None,
        left_out: bool | None = None,
        page: int = 1,
        size: int = PAGE,
    ) -> ItemPage:
        """Items of a list that the person may see, by category and pupil; `left_out`: only those that stay, whether
        left out or kept at the execution (True), or only the others. What is open is decided anew. Raises NotFound.
        """
        today = self._tools.clock.today()
        with self._tools.database.read() as session:
            row, gate = list_for(session, by, list_id, today)
            asked = _items(row.id, _seen(by, gate))
            if category is not None:
                asked = asked.where(DisposalItemRow.category == category)
            if left_out is not None:
                stays = DisposalItemRow.state.in_((DisposalStep.EXCLUDED, DisposalStep.KEPT))
                asked = asked.where(stays if left_out else ~stays)
            total = session.scalar(select(func.count()).select_from(asked.subquery())) or 0
            rows = session.scalars(
                asked.order_by(DisposalItemRow.category, DisposalItemRow.pupil_id, DisposalItemRow.id)
                .limit(size)
                .offset((max(page, 1) - 1) * size)
            ).all()
            return ItemPage(total, max(page, 1), size, tuple(_lines_of(session, row, rows, today)))

    def waiting(self, by: By, brin: str) -> Waiting:
        """How many lists of a school wait for something that the person can do. Nothing for who disposes of nothing."""
        now, today = self._tools.clock.now(), self._tools.clock.today()
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            gate = Gate(session, by.user_id, today)
            proposes = reaches(gate, Action.PROPOSE_DISPOSAL, school.board_id, school.id)
            approves = reaches(gate, Action.APPROVE_DISPOSAL, school.board_id, school.id)
            if not (proposes or approves):
                return Waiting()
            rows = session.scalars(
                select(DisposalListRow).where(
                    DisposalListRow.school_id == school.id,
                    DisposalListRow.state.not_in((ListState.COMPLETED, ListState.ABORTED, *RUNNING)),
                )
            )
            found = Counter(_waits(x, by.user_id, proposes=proposes, approves=approves, now=now) for x in rows)
            own = waiting_pupils(session, by, school, today) if approves else 0
            return Waiting(found["review"], found["adjust"], found["start"], found["receipt"], found["failed"], own)

    def progress(self, by: By, list_id: UUID) -> Progress:
        """How far the execution is, over all items. Raises NotFound."""
        with self._tools.database.read() as session:
            row, _ = list_for(session, by, list_id, self._tools.clock.today())
            counts = dict(
                session.execute(
                    select(DisposalItemRow.state, func.count())
                    .where(DisposalItemRow.list_id == row.id, DisposalItemRow.state != DisposalStep.EXCLUDED)
                    .group_by(DisposalItemRow.state)
                )
                .tuples()
                .all()
            )
            kept, failed = counts.get(DisposalStep.KEPT, 0), counts.get(DisposalStep.FAILED, 0)
            gone = sum(counts.get(x, 0) for x in (DisposalStep.SHRUNK, DisposalStep.CERTIFIED))
            return Progress(row.state, gone + kept + failed, sum(counts.values()), kept, failed)

    def _moves(self, by: By, gate: Gate, row: DisposalListRow, items: Sequence[DisposalItemRow]) -> frozenset[Move]:
        if by.user_id is None:
            return frozenset()
        ready = [x for x in items if x.state is DisposalStep.READY]
        whole = facts_of(row, items)
        approves = reaches(gate, Action.APPROVE_DISPOSAL, row.board_id, row.school_id)
        if approves and row.state is ListState.IN_REVIEW:
            wanted = {x.placement_id for x in items}
            approves = reached(gate.session, gate.visible(Action.APPROVE_DISPOSAL, None), wanted) == wanted
        found = set()
        for one in BY_PEOPLE:
            if one is Move.APPROVE and not approves:
                continue
            facts = facts_of(row, ready) if one is Move.START else whole
            if isinstance(move(facts, one, by.user_id, self._tools.clock.now(), row.name), Moved):
                found.add(one)
        return frozenset(found)

    def _lines(self, session: Session, by: By, gate: Gate, rows: Sequence[DisposalListRow]) -> Iterable[ListLine]:
        now = self._tools.clock.now()
        names = _names(session, [x for row in rows for x in (row.proposed_by, row.approved_by)])
        brins = dict(
            session.execute(select(SchoolRow.id, SchoolRow.brin).where(SchoolRow.id.in_([x.school_id for x in rows])))
            .tuples()
            .all()
        )
        counted = (
            select(DisposalItemRow.list_id, func.count())
            .where(DisposalItemRow.list_id.in_([x.id for x in rows]), *_counting(by, gate))
            .group_by(DisposalItemRow.list_id)
        )
        counts = dict(session.execute(counted).tuples().all())
        for row in rows:
            proposes, approves = (
                reaches(gate, x, row.board_id, row.school_id)
                for x in (Action.PROPOSE_DISPOSAL, Action.APPROVE_DISPOSAL)
            )
            yield ListLine(
                row.id,
                row.name,
                row.kind,
                row.state,
                brins[row.school_id],
                counts.get(row.id, 0),
                names.get(row.proposed_by, ""),
                row.created_at,
                names.get(row.approved_by, ""),
                row.approved_at,
                row.waits_until,
                row.finished_at,
                bool(_waits(row, by.user_id, proposes=proposes, approves=approves, now=now)),
            )


def _waits(row: DisposalListRow, who: UUID | None, *, proposes: bool, approves: bool, now: datetime) -> str:
    """What a list waits for that this person can do; empty for nothing."""
    if not (proposes or approves):
        return ""
    over = row.waits_until is not None and row.waits_until <= now
    match row.state:
        case ListState.IN_REVIEW if approves and who != row.proposed_by:
            return "review"
        case ListState.DRAFT | ListState.ADJUSTING if who == row.proposed_by:
            return "adjust"
        case ListState.APPROVED | ListState.WAITING | ListState.SENT if row.kind.value == "transfer":
            return "receipt"
        case ListState.APPROVED | ListState.WAITING | ListState.RECEIVED if over:
            return "start"
        case ListState.PARTLY_FAILED:
            return "failed"
        case _:
            return ""


def _seen(by: By, gate: Gate) -> ColumnElement[bool] | None:
    return None if is_operator(by) else disposing(gate)


def _counting(by: By, gate: Gate) -> list[ColumnElement[bool]]:
    seen = _seen(by, gate)
    if seen is None:
        return []
    place = select(PlacementRow.id).where(PlacementRow.id == DisposalItemRow.placement_id)
    return [or_(place.where(seen).exists(), ~place.exists())]


def _items(list_id: UUID, seen: ColumnElement[bool] | None) -> Select[Any]:
    """The items that the person may see. Of what is gone with its pupil nothing is left that names anybody."""
    asked = select(DisposalItemRow).where(DisposalItemRow.list_id == list_id)
    if seen is None:
        return asked
    joined = asked.outerjoin(PlacementRow, PlacementRow.id == DisposalItemRow.placement_id)
    return joined.where(or_(seen, PlacementRow.id.is_(None)))


def _lines_of(
    session: Session, row: DisposalListRow, rows: Sequence[DisposalItemRow], today: date
) -> Iterable[ItemLine]:
    titles = dict(
        session.execute(
            select(DocumentRow.id, DocumentRow.title).where(DocumentRow.id.in_({x.document_id for x in rows}))
        )
        .tuples()
        .all()
    )
    pupils = {x.id: x for x in session.scalars(select(PupilRow).where(PupilRow.id.in_({x.pupil_id for x in rows})))}
    names = _names(session, [x.answered_by for x in rows])
    judged = standings(
        session, [x for x in rows if x.state in (DisposalStep.OPEN, DisposalStep.READY)], row.kind, today
    )
    for x in rows:
        pupil = pupils.get(x.pupil_id)
        yield ItemLine(
            x.id,
            x.placement_id,
            x.document_id,
            titles.get(x.document_id, ""),
            x.pupil_id,
            sorted_name(pupil) if pupil else "",
            pupil.number if pupil else "",
            x.category,
            x.action,
            x.due_from,
            x.due_by,
            x.rule_version,
            x.legal_basis,
            x.answer,
            x.answer_reason,
            x.answer_until,
            x.answer_category or "",
            names.get(x.answered_by, ""),
            x.answered_at,
            x.answer is None and must_be_judged(DisposalAction(x.action)),
            x.state,
            x.state_reason,
            text_of(x.state_reason) or ASKS.get(x.state_reason, ""),
            judged[x.id].against if x.id in judged else None,
        )


def _names(session: Session, people: Iterable[UUID | None]) -> dict[UUID | None, str]:
    asked = select(UserRow.id, UserRow.name).where(UserRow.id.in_({x for x in people if x is not None}))
    return dict(session.execute(asked).tuples().all())


def _happened(session: Session, list_id: UUID) -> tuple[Happened, ...]:
    rows = session.execute(
        select(AuditEventRow.kind, AuditEventRow.actor_id, AuditEventRow.at, AuditNoteRow.text, AuditEventRow.details)
        .outerjoin(AuditNoteRow, AuditNoteRow.event_id == AuditEventRow.id)
        .where(AuditEventRow.object_id == list_id, AuditEventRow.object_kind == "disposal_list")
        .order_by(AuditEventRow.id)
    ).all()
    names = _names(session, [x.actor_id for x in rows])
    return tuple(
        Happened(EventKind(kind), names.get(actor, ""), at, note or "", dict(details))
        for kind, actor, at, note, details in rows
    )
