"""The daily look at what is due, once for the whole installation however many machines there are.

Every placement with a written first day up to today is decided again by the rule; what the sweep found is kept per
school and day. A change that counts (a schedule, a hold, a recount) lets the sweep of the day be done again.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dms.db.tables import BoardRow, PlacementRow, SchoolRow, SweepRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import NotFound
from dms.model.documents import PlacementState
from dms.model.events import SYSTEM, By, Event, EventKind
from dms.services.tools import Tools, school_by_brin
from retention.rules.due import Due, Verdict
from retention.service.due_rights import is_operator, may_dispose
from retention.service.due_shapes import DueTile
from retention.service.telling import tell_due
from retention.terms.follow import ask_recount, count_some, recounts_open
from retention.terms.places import Judged
from retention.terms.scan import scanned

BATCH = 1000
"""Placements counted in one transaction."""

LIVE = 2000
"""Fewer due placements of a school than this are counted at once; of more the figures of the last sweep are told."""

MOST_A_TURN = 20
"""Transactions in one turn: the scheduler has other things to do."""


@dataclass(slots=True)
class Found:
    """What there is at one school."""

    due: int = 0
    fresh: int = 0
    late: int = 0
    held: int = 0
    undated: int = 0


@dataclass(frozen=True, slots=True)
class _Asked:
    """The schools that were not swept on the day, with their boards and the day of their last sweep."""

    boards: dict[UUID, UUID] = field(default_factory=dict)
    last: dict[UUID, date | None] = field(default_factory=dict)


class DueSweep:
    """Counting terms again where asked, and looking what is due."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def recount(self, most: int = MOST_A_TURN) -> int:
        """Do some of the work of counting terms again; returns how many placements were looked at."""
        looked = 0
        for _ in range(most):
            with self._tools.database.begin() as uow:
                some = count_some(uow, BATCH)
            if not some:
                break
            looked += some
        return looked

    def recount_all(self) -> int:
        """Do all of that work; returns how many placements were looked at."""
        looked = 0
        while some := self.recount():
            looked += some
        return looked

    def recount_boards(self, by: By, brin: str | None = None) -> int:
        """Count all terms of a school's board again, or of every board: for the operator. Raises NotFound."""
        if not is_operator(by):
            raise NotFound
        with self._tools.database.begin() as uow:
            boards = [school_by_brin(uow.session, brin).board_id] if brin else uow.session.scalars(select(BoardRow.id))
            for board_id in boards:
                ask_recount(uow, board_id)
                uow.record(Event(EventKind.RETENTION_COUNTED, by, board_id, details={"asked": True}))
        return self.recount_all()

    def behind(self) -> bool:
        """Whether terms still have to be counted again, so that what is written may not hold."""
        with self._tools.database.read() as session:
            return recounts_open(session) > 0

    def run(self, by: By = SYSTEM) -> int:
        """Sweep the schools that were not swept today; returns how many placements are due at them.

        Does nothing while terms still have to be counted again. Safe to call on several machines at once.
        """
        today = self._tools.clock.today()
        with self._tools.database.read() as session:
            if recounts_open(session):
                return 0
            asked = _unswept(session, today)
            if not asked.boards:
                return 0
            found = sweep(session, today, asked.last)
        total = 0
        for board_id in dict.fromkeys(asked.boards.values()):
            schools = [x for x, board in asked.boards.items() if board == board_id]
            try:
                with self._tools.database.begin() as uow:
                    total += _keep(uow, by, board_id, {x: found[x] for x in schools}, today)
            except IntegrityError:  # another machine was first
                continue
        return total

    def tile(self, by: By, brin: str) -> DueTile:
        """What the school's dashboard says: as it is now, or where `LIVE` placements or more are due by the last sweep.

        Raises NotFound, Refused.
        """
        today = self._tools.clock.today()
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            may_dispose(session, by, school.board_id, school.id, today)
            open_work = recounts_open(session) > 0
            if _few(session, school.id, today):
                before = select(func.max(SweepRow.on_day)).where(
                    SweepRow.school_id == school.id, SweepRow.on_day < today
                )
                one = _counted(scanned(session, today, school_id=school.id), today, session.scalar(before))
                undated = session.scalar(_undated(school.id)) or 0
                return DueTile(one.due, one.late, one.held, undated, one.fresh, today, recounting=open_work)
            row = session.scalar(
                select(SweepRow).where(SweepRow.school_id == school.id).order_by(SweepRow.on_day.desc()).limit(1)
            )
            if row is None:
                return DueTile(0, 0, 0, 0, 0, today, recounting=True)
            return DueTile(row.due, row.late, row.held, row.undated, row.fresh, row.on_day, recounting=open_work)


def _few(session: Session, school_id: UUID, today: date) -> bool:
    """Whether so few may be due at a school that they are looked at while somebody waits."""
    some = select(PlacementRow.id).where(
        PlacementRow.school_id == school_id, PlacementRow.due_from <= today, PlacementRow.state == PlacementState.ACTIVE
    )
    return (session.scalar(select(func.count()).select_from(some.limit(LIVE).subquery())) or 0) < LIVE


def sweep(session: Session, today: date, last: dict[UUID, date | None]) -> dict[UUID, Found]:
    """What is due, late, held and undated at each school; `last` are the days of the sweeps before."""
    found: dict[UUID, Found] = defaultdict(Found)
    for place, verdict in scanned(session, today):
        _count(found[place.school_id], verdict, today, last.get(place.school_id))
    for school_id in session.scalars(select(SchoolRow.id)):  # each is answered from the index alone
        found[school_id].undated = session.scalar(_undated(school_id)) or 0
    return found


def _counted(judged: Iterable[Judged], today: date, last: date | None) -> Found:
    found = Found()
    for _, verdict in judged:
        _count(found, verdict, today, last)
    return found


def _count(here: Found, verdict: Due, today: date, last: date | None) -> None:
    if verdict.due_from is None or verdict.due_from > today:
        return
    if verdict.verdict is Verdict.HELD:
        here.held += 1
    elif verdict.verdict is Verdict.DUE:
        here.due += 1
        here.fresh += last is None or verdict.due_from > last
        here.late += verdict.due_by is not None and verdict.due_by < today


def _undated(school_id: UUID) -> Select[tuple[int]]:
    return (
        select(func.count())
        .select_from(PlacementRow)
        .where(
            PlacementRow.school_id == school_id,
            PlacementRow.due_from.is_(None),
            PlacementRow.state == PlacementState.ACTIVE,
        )
    )


def _unswept(session: Session, today: date) -> _Asked:
    done = set(session.scalars(select(SweepRow.school_id).where(SweepRow.on_day == today)))
    schools = session.execute(select(SchoolRow.id, SchoolRow.board_id).order_by(SchoolRow.brin)).tuples()
    last = session.execute(select(SweepRow.school_id, func.max(SweepRow.on_day)).group_by(SweepRow.school_id)).tuples()
    return _Asked({x: board for x, board in schools if x not in done}, dict(last.all()))


def _keep(uow: UnitOfWork, by: By, board_id: UUID, found: dict[UUID, Found], today: date) -> int:
    uow.session.add_all(
        SweepRow(
            board_id=board_id,
            school_id=school_id,
            on_day=today,
            due=one.due,
            fresh=one.fresh,
            late=one.late,
            held=one.held,
            undated=one.undated,
            swept_at=uow.now,
        )
        for school_id, one in found.items()
    )
    uow.flush()
    for school_id, one in found.items():
        if one.fresh:
            tell_due(uow, board_id, school_id, one.due)
    counts = {x: _sum(found.values(), x) for x in ("due", "fresh", "late", "held", "undated")}
    uow.record(Event(EventKind.RETENTION_SWEPT, by, board_id, details={**counts, "schools": len(found)}))
    return counts["due"]


def _sum(found: Iterable[Found], what: str) -> int:
    return sum(getattr(x, what) for x in found)
