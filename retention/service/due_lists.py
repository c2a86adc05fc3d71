"""What falls due, as people work through it: with names, narrowed by school, category and day, page by page.

Found by the range over the written days and decided again one by one, like every answer about terms. Counts are of the
same pass, so that no count speaks of something that the list does not show.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import DisposalItemRow, DocumentRow, PlacementRow, PupilRow, SchoolRow
from dms.kernel.errors import NotFound
from dms.model.disposal import CLOSED_STEPS
from dms.model.documents import PlacementState
from dms.model.events import By
from dms.services.catalogue import categories
from dms.services.shapes import SchoolView
from dms.services.tools import Tools, full_name, school_by_brin
from retention.rules.due import Verdict
from retention.rules.schedule import DisposalAction, Rule
from retention.service.due_rights import disposing_at, may_dispose
from retention.service.forecast import month_after
from retention.terms.places import AT_ONCE, Judged, batched
from retention.terms.scan import due_on
from retention.terms.schedules import schedule_of
from rights.rules.actions import Action
from rights.service.gate import Gate

PAGE = 50


@dataclass(frozen=True, slots=True)
class DueAsked:
    """What somebody wants to see. `months`: what falls due until so many months from now (0: what is due today).

    `late`: only what should be gone already. `held`: what only a hold keeps too. `whole_board`: all schools of the
    board for which the person has a part in disposal, and not the one school alone.
    """

    category: str = ""
    months: int = 0
    late: bool = False
    held: bool = False
    whole_board: bool = False


@dataclass(frozen=True, slots=True)
class DueRow:
    """One placement in the list. `days_late` is 0 where it may still wait; `rule` is the line that says so. `list_id`
    is the disposal list that it is on already.
    """

    placement_id: UUID
    document_id: UUID
    title: str
    school: str
    pupil_id: UUID
    pupil: str
    number: str
    category: str
    category_name: str
    verdict: Verdict
    due_from: date
    due_by: date | None
    started_on: date | None
    action: DisposalAction | None
    rule: Rule | None
    days_late: int
    list_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class DueList:
    """One page of the list. `categories` are (code, name, count) of all that fits the other wishes; `until` the day up
    to which was looked.
    """

    total: int
    late: int
    held: int
    until: date
    page: int
    size: int
    rows: tuple[DueRow, ...]
    categories: tuple[tuple[str, str, int], ...]


@dataclass(slots=True)
class _Pass:
    """What one pass over the due placements finds."""

    first: int
    size: int
    total: int = 0
    late: int = 0
    held: int = 0
    shown: list[Judged] = field(default_factory=list)
    per_category: Counter[str] = field(default_factory=Counter)

    def see(self, one: Judged, asked: DueAsked, today: date) -> None:
        """Count one placement, and keep it where it stands on the page that is asked."""
        place, verdict = one
        late = verdict.verdict is Verdict.DUE and verdict.due_by is not None and verdict.due_by < today
        if asked.late and not late:
            return
        self.per_category[place.category] += 1
        if asked.category and place.category != asked.category:
            return
        if self.first <= self.total < self.first + self.size:
            self.shown.append(one)
        self.total += 1
        self.late += late
        self.held += verdict.verdict is Verdict.HELD


class DueLists:
    """The list of what falls due, for who proposes or approves disposal."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def page(self, by: By, brin: str, asked: DueAsked, page: int = 1, size: int = PAGE) -> DueList:
        """A page of what falls due, the longest due first. Raises NotFound, Refused."""
        today = self._tools.clock.today()
        until = today if not asked.months else month_after(today, asked.months)
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            may_dispose(session, by, school.board_id, school.id, today)
            gate = Gate(session, by.user_id, today)
            where = [gate.visible(Action.SEE, PlacementState.ACTIVE)]
            here: UUID | None = school.id
            if asked.whole_board:
                here = None
                where.append(PlacementRow.school_id.in_([x.id for x in disposing_at(session, gate, school)]))
            found = _Pass((max(page, 1) - 1) * size, size)
            for one in due_on(session, until, *where, school_id=here, held=asked.held):
                found.see(one, asked, today)
            names = {x.code: x.name for x in categories(session, school.board_id).values()}
            return DueList(
                found.total,
                found.late,
                found.held,
                until,
                max(page, 1),
                size,
                _rows(session, school, found.shown, names, today),
                tuple((x, names.get(x, x), found.per_category[x]) for x in sorted(found.per_category)),
            )


def _rows(
    session: Session, school: SchoolView, found: list[Judged], names: dict[str, str], today: date
) -> tuple[DueRow, ...]:
    pupils = people(session, (x.pupil_id for x, _ in found))
    titles = titles_of(session, (x.document_id for x, _ in found))
    asked = select(SchoolRow.id, SchoolRow.name).where(SchoolRow.board_id == school.board_id)
    schools = dict(session.execute(asked).tuples().all())
    schedule = schedule_of(session, school.board_id)
    lists = on_lists(session, (x.placement_id for x, _ in found))
    rows = []
    for place, verdict in found:
        if verdict.due_from is None:
            raise NotFound  # `due_on` gives none without a day
        late = 0 if verdict.due_by is None else max((today - verdict.due_by).days, 0)
        name, number = pupils[place.pupil_id]
        rows.append(
            DueRow(
                place.placement_id,
                place.document_id,
                titles[place.document_id],
                schools[place.school_id],
                place.pupil_id,
                name,
                number,
                place.category,
                names.get(place.category, place.category),
                verdict.verdict,
                verdict.due_from,
                verdict.due_by,
                verdict.started_on,
                verdict.action,
                schedule.rule_for(place.category),
                late,
                lists.get(place.placement_id),
            )
        )
    return tuple(rows)


def on_lists(session: Session, placements: Iterable[UUID]) -> dict[UUID, UUID]:
    """The disposal list that each placement is on, where it is on one that has not settled it."""
    found: dict[UUID, UUID] = {}
    for some in batched(placements, AT_ONCE):
        asked = select(DisposalItemRow.placement_id, DisposalItemRow.list_id).where(
            DisposalItemRow.placement_id.in_(some), DisposalItemRow.state.not_in(CLOSED_STEPS)
        )
        found |= dict(session.execute(asked).tuples().all())
    return found


def people(session: Session, pupils: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """The name and number of each pupil."""
    found: dict[UUID, tuple[str, str]] = {}
    for some in batched(dict.fromkeys(pupils), AT_ONCE):
        rows = session.scalars(select(PupilRow).where(PupilRow.id.in_(some)))
        found |= {x.id: (full_name(x), x.number) for x in rows}
    return found


def titles_of(session: Session, documents: Iterable[UUID]) -> dict[UUID, str]:
    """The title of each document."""
    found: dict[UUID, str] = {}
    for some in batched(dict.fromkeys(documents), AT_ONCE):
        asked = select(DocumentRow.id, DocumentRow.title).where(DocumentRow.id.in_(some))
        found |= dict(session.execute(asked).tuples().all())
    return found
