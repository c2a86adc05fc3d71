"""What never falls due as things stand, and what somebody can do about it.

Most of it is as it should be: the pupil is still enrolled, so the term has not begun. What is left asks for a person: a
rule that the board must choose, a category without a rule, a date or field that a document lacks.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from dms.db.tables import EnrolmentRow, PlacementRow
from dms.kernel.errors import NotFound
from dms.model.documents import PlacementState
from dms.model.events import By
from dms.services.catalogue import categories
from dms.services.shapes import SchoolView
from dms.services.tools import Tools, school_by_brin
from retention.rules.schedule import DisposalAction, Rule, Schedule, Trigger
from retention.service.due_lists import people, titles_of
from retention.service.due_rights import may_dispose
from retention.terms.places import Judge, place_of, places
from retention.terms.schedules import schedule_of
from rights.rules.actions import Action
from rights.service.gate import Gate

PAGE = 50
ENROLMENT = frozenset(
    {
        Trigger.ENROLMENT_END,
        Trigger.WITHDRAWAL_OR_ENROLMENT_END,
        Trigger.NEED_OR_ENROLMENT_END,
        Trigger.SETTLEMENT_OR_ENROLMENT_END,
    }
)
"""Triggers that come by themselves when the pupil leaves."""


class Undated(StrEnum):
    """Why something has no day. The first five wait for a person, the last two are as they should be."""

    BLOCKED = "blocked"
    """The rule is blocked: the board must choose."""
    NO_RULE = "no_rule"
    """The schedule has no rule for the category."""
    NO_ENROLMENT = "no_enrolment"
    """The pupil's enrolments are not known, so neither is the day on which they end."""
    MISSING = "missing"
    """The document lacks the date or the field that starts the term."""
    DECIDE = "decide"
    """The rule names no term: a person decides."""
    ENROLLED = "enrolled"
    """The pupil is still enrolled: the term has not begun."""
    KEPT = "kept"
    """It is kept for ever."""


@dataclass(frozen=True, slots=True)
class UndatedGroup:
    """Placements of one category that lack a day for one reason. `rule` None where the schedule has none."""

    why: Undated
    category: str
    category_name: str
    count: int
    rule: Rule | None


@dataclass(frozen=True, slots=True)
class UndatedRow:
    """One placement of a group."""

    placement_id: UUID
    document_id: UUID
    title: str
    pupil_id: UUID
    pupil: str
    number: str


@dataclass(frozen=True, slots=True)
class UndatedPage:
    """One page of one group; `total` is of the group."""

    group: UndatedGroup
    total: int
    page: int
    size: int
    rows: tuple[UndatedRow, ...]


class UndatedLists:
    """Questions for who proposes or approves disposal."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def groups(self, by: By, brin: str) -> tuple[UndatedGroup, ...]:
        """What has no day at a school, counted by reason and category. Raises NotFound, Refused."""
        with self._tools.database.read() as session:
            school, seen, schedule = self._asked(session, by, brin)
            return _groups(session, school, seen, schedule)

    def page(self, by: By, brin: str, why: Undated, category: str, page: int = 1, size: int = PAGE) -> UndatedPage:
        """The placements of one group, by pupil. Raises NotFound, also for a group with nothing in it, and Refused."""
        today = self._tools.clock.today()
        with self._tools.database.read() as session:
            school, seen, schedule = self._asked(session, by, brin)
            found = (x for x in _groups(session, school, seen, schedule) if (x.why, x.category) == (why, category))
            group = next(found, None)
            if group is None:
                raise NotFound
            where = [*seen, PlacementRow.category == category]
            if group.rule is not None and group.rule.trigger in ENROLMENT and why in _BY_ENROLMENT:
                where.append(_BY_ENROLMENT[why])
            asked = places().where(*where).order_by(PlacementRow.pupil_id, PlacementRow.id)
            some = session.execute(asked.limit(size).offset((max(page, 1) - 1) * size))
            judged = Judge(session).judge([place_of(x) for x in some], today)
            shown = [x for x, verdict in judged if verdict.due_from is None]
            names = people(session, (x.pupil_id for x in shown))
            titles = titles_of(session, (x.document_id for x in shown))
            rows = tuple(
                UndatedRow(x.placement_id, x.document_id, titles[x.document_id], x.pupil_id, *names[x.pupil_id])
                for x in shown
            )
            return UndatedPage(group, group.count, max(page, 1), size, rows)

    def _asked(self, session: Session, by: By, brin: str) -> tuple[SchoolView, list[ColumnElement[bool]], Schedule]:
        today = self._tools.clock.today()
        school = school_by_brin(session, brin)
        may_dispose(session, by, school.board_id, school.id, today)
        seen = [
            PlacementRow.school_id == school.id,
            PlacementRow.due_from.is_(None),
            PlacementRow.state == PlacementState.ACTIVE,
            Gate(session, by.user_id, today).visible(Action.SEE, PlacementState.ACTIVE),
        ]
        return school, seen, schedule_of(session, school.board_id)


def reason_of(rule: Rule | None, enrolled: bool, known: bool) -> Undated:
    """Why a placement under this rule has no day. `enrolled`: an enrolment of the pupil runs; `known`: there is any."""
    if rule is None:
        return Undated.NO_RULE
    if rule.blocked:
        return Undated.BLOCKED
    if rule.action is DisposalAction.KEEP:
        return Undated.KEPT
    if rule.minimum is None and rule.maximum is None:
        return Undated.DECIDE
    if rule.trigger in ENROLMENT:
        if enrolled:
            return Undated.ENROLLED
        return Undated.MISSING if known else Undated.NO_ENROLMENT
    return Undated.MISSING


_OF_PUPIL = EnrolmentRow.pupil_id == PlacementRow.pupil_id
_RUNNING = exists().where(and_(_OF_PUPIL, EnrolmentRow.until.is_(None)))
_KNOWN = exists().where(_OF_PUPIL)
_BY_ENROLMENT: dict[Undated, ColumnElement[bool]] = {
    Undated.ENROLLED: _RUNNING,
    Undated.NO_ENROLMENT: ~_KNOWN,
    Undated.MISSING: and_(~_RUNNING, _KNOWN),
}


def _groups(
    session: Session, school: SchoolView, seen: Iterable[ColumnElement[bool]], schedule: Schedule
) -> tuple[UndatedGroup, ...]:
    names = {x.code: x.name for x in categories(session, school.board_id).values()}
    counts: dict[tuple[Undated, str], int] = defaultdict(int)
    where = list(seen)
    for condition, enrolled, known in ((_RUNNING, True, True), (~_KNOWN, False, False), (None, False, True)):
        rest = or_(_RUNNING, ~_KNOWN)
        asked = (
            select(PlacementRow.category, func.count())
            .where(*where, condition if condition is not None else ~rest)
            .group_by(PlacementRow.category)
        )
        for category, count in session.execute(asked).tuples():
            counts[reason_of(schedule.rule_for(category), enrolled, known), category] += count
    order = list(Undated)
    return tuple(
        UndatedGroup(why, category, names.get(category, category), count, schedule.rule_for(category))
        for (why, category), count in sorted(counts.items(), key=lambda x: (order.index(x[0][0]), x[0][1]))
    )
