"""Placements with all that the rules may know of them, and the verdict on each. Nothing here counts days."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from dms.db.tables import DocumentRow, EnrolmentRow, PlacementRow
from dms.model.documents import PlacementState
from retention.rules.due import Due, Facts, due
from retention.rules.schedule import Schedule
from retention.terms.holds import Holds, holds_of
from retention.terms.schedules import schedule_of

LIVING = (PlacementState.ACTIVE, PlacementState.BIN, PlacementState.DISPOSING)
"""States in which a placement has a term: the others are gone."""

T = TypeVar("T")
AT_ONCE = 500
"""Pupils whose enrolments are asked for in one query: databases limit the number of values."""


@dataclass(frozen=True, slots=True)
class Place:
    """One placement: where it lies, what it is, and what was written of its term."""

    placement_id: UUID
    document_id: UUID
    dossier_id: UUID
    board_id: UUID
    school_id: UUID
    pupil_id: UUID
    category: str
    state: PlacementState
    due_from: date | None
    due_by: date | None
    rule_version: int | None
    due_reason: str
    document_date: date | None
    fields: Mapping[str, object]


MOST_PUPILS = 100_000
"""Pupils whose enrolments one judge remembers."""

Judged = tuple[Place, Due]


def places() -> Select[Any]:
    """The question for placements, to be narrowed; its rows are for `place_of`."""
    return select(
        PlacementRow.id,
        PlacementRow.document_id,
        PlacementRow.dossier_id,
        PlacementRow.board_id,
        PlacementRow.school_id,
        PlacementRow.pupil_id,
        PlacementRow.category,
        PlacementRow.state,
        PlacementRow.due_from,
        PlacementRow.due_by,
        PlacementRow.rule_version,
        PlacementRow.due_reason,
        DocumentRow.document_date,
        DocumentRow.fields,
    ).join(DocumentRow, DocumentRow.id == PlacementRow.document_id)


def place_of(row: Row[Any]) -> Place:
    """One row of `places()`."""
    return Place(*row)


class Judge:
    """Judges placements in one transaction, with the schedule and the holds as they are in it.

    `instead`: schedules to judge by in the place of those in force, by board.
    """

    def __init__(self, session: Session, instead: Mapping[UUID, Schedule] | None = None) -> None:
        self._session = session
        self._schedules: dict[UUID, Schedule] = dict(instead or {})
        self._holds: dict[UUID, Holds] = {}
        self._ends: dict[UUID, tuple[date | None, ...]] = {}

    def schedule(self, board_id: UUID) -> Schedule:
        """The schedule of a board."""
        if board_id not in self._schedules:
            self._schedules[board_id] = schedule_of(self._session, board_id)
        return self._schedules[board_id]

    def holds(self, board_id: UUID) -> Holds:
        """The holds in force at a board."""
        if board_id not in self._holds:
            self._holds |= holds_of(self._session, [board_id])
        return self._holds[board_id]

    def judge(self, found: Sequence[Place], today: date) -> list[Judged]:
        """The verdict of the rules on each placement, as on `today`."""
        if len(self._ends) > MOST_PUPILS:
            self._ends.clear()
        ends = self._ends
        asked = {x.pupil_id for x in found} - ends.keys()
        ends |= dict.fromkeys(asked, ()) | enrolment_ends(self._session, asked)
        return [(x, self.verdict(x, ends[x.pupil_id], today)) for x in found]

    def verdict(self, place: Place, ends: tuple[date | None, ...], today: date) -> Due:
        """The verdict on one placement of a pupil whose enrolments end on `ends`."""
        return due(self.facts(place, ends), self.schedule(place.board_id), today)

    def facts(self, place: Place, ends: tuple[date | None, ...]) -> Facts:
        """What the rules may know of a placement."""
        reasons = tuple(x.reason for x in self.holds(place.board_id).over(place))
        return Facts(place.category, ends, place.document_date, place.fields or {}, reasons)


def enrolment_ends(session: Session, pupils: Iterable[UUID]) -> dict[UUID, tuple[date | None, ...]]:
    """Per pupil the first day not enrolled of each enrolment, None for one that runs."""
    found: dict[UUID, tuple[date | None, ...]] = {}
    for some in batched(sorted(pupils), AT_ONCE):
        rows = session.execute(select(EnrolmentRow.pupil_id, EnrolmentRow.until).where(EnrolmentRow.pupil_id.in_(some)))
        for pupil_id, until in rows:
            found[pupil_id] = (*found.get(pupil_id, ()), until)
    return found


def batched(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """The things in lists of at most `size`."""
    rest = iter(things)
    while some := list(islice(rest, size)):
        yield some


def judged(session: Session, placements: Iterable[UUID], today: date) -> dict[UUID, Judged]:
    """The placements with their verdicts as on `today`, decided anew: for whoever is about to act on them.

    What is written on a placement is not looked at. A placement that is not there is not in the answer.
    """
    judge = Judge(session)
    found: dict[UUID, Judged] = {}
    for some in batched(placements, AT_ONCE):
        rows = [place_of(x) for x in session.execute(places().where(PlacementRow.id.in_(some)))]
        found |= {x.placement_id: (x, verdict) for x, verdict in judge.judge(rows, today)}
    return found
