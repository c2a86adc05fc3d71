"""Which pupils have nothing left here but their own data, and what was decided on them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from dms.db.tables import EnrolmentRow, OwnDataDecisionRow, PlacementRow, PupilRow, UserRow
from dms.kernel.errors import Refused
from dms.kernel.outcome import Reason
from dms.model.disposal import OwnDataState
from dms.model.events import By
from dms.services.tools import Tools, sorted_name
from retention.rules.own_data import NOT_APPROVED
from retention.service.decided import Decided
from retention.service.own_data_access import open_decisions, part_of, unseen_pupils
from retention.service.pupil_decide import decide_pupils
from retention.terms.places import LIVING, enrolment_ends

LOOKED_AT = 1000
"""Pupils without documents that are looked at, the longest gone first."""
SHOWN = 200
"""Pupils that can be proposed that one answer names: who proposes them finds the next."""


@dataclass(frozen=True, slots=True)
class OwnDataLine:
    """A pupil of whom only the own data are left. `left_on`: the first day not enrolled; `due_from`: the first day on
    which the data may go. Of a decision: who, when, and `waits_until` once it is approved. `against`: why the data
    would stay if it were carried out now. `mine`: the person proposed it.
    """

    pupil_id: UUID
    name: str
    number: str
    left_on: date | None
    due_from: date | None
    state: OwnDataState | None = None
    proposed_by: str = ""
    proposed_at: datetime | None = None
    approved_by: str = ""
    waits_until: datetime | None = None
    against: Reason | None = None
    mine: bool = False


@dataclass(frozen=True, slots=True)
class OwnDataPage:
    """What there is at a school. `candidates` nobody proposed yet, longest due first; `more`: of them."""

    candidates: tuple[OwnDataLine, ...]
    proposed: tuple[OwnDataLine, ...]
    approved: tuple[OwnDataLine, ...]
    proposes: bool
    approves: bool
    more: bool = False


class OwnDataReading:
    """Looking; nothing is changed here."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def page(self, by: By, brin: str) -> OwnDataPage:
        """Pupils of a school of whom only own data are left that are due. Raises NotFound, Refused."""
        now, today = self._tools.clock.now(), self._tools.clock.today()
        with self._tools.database.read() as session:
            school, proposes, approves = part_of(session, by, brin, today)
            if not (proposes or approves):
                raise Refused
            unseen = unseen_pupils(session, by, school, today)
            decisions = [x for x in open_decisions(session, school.id) if x.pupil_id not in unseen]
            ids = _emptied(session, school.id, unseen, today)
            verdicts = decide_pupils(session, {*ids, *(x.pupil_id for x in decisions)}, now, today)
            free = [x for x in ids if (found := verdicts[x].against) is not None and found.code == NOT_APPROVED]
            free.sort(key=lambda x: (verdicts[x].due_from or date.max, str(x)))
            rows = _pupils(session, [*free[:SHOWN], *(x.pupil_id for x in decisions)])
            ends = enrolment_ends(session, rows)
            names = _names(session, decisions)
            made = _Lines(rows, ends, names, by)
            lines = [made.line(x.pupil_id, verdicts[x.pupil_id], x) for x in decisions]
            return OwnDataPage(
                tuple(made.line(x, verdicts[x]) for x in free[:SHOWN]),
                tuple(x for x in lines if x.state is OwnDataState.PROPOSED),
                tuple(x for x in lines if x.state is OwnDataState.APPROVED),
                proposes,
                approves,
                len(free) > SHOWN,
            )


def _emptied(session: Session, school_id: UUID, unseen: set[UUID], today: date) -> list[UUID]:
    """Pupils who left, of whom no document lies anywhere and nobody proposed anything: the longest gone, who fall due
    first. Who was never enrolled has no term that began.
    """
    lived = exists().where(PlacementRow.pupil_id == PupilRow.id, PlacementRow.state.in_(LIVING))
    chosen = exists().where(OwnDataDecisionRow.pupil_id == PupilRow.id, OwnDataDecisionRow.state != OwnDataState.ENDED)
    last = func.max(EnrolmentRow.until)
    asked = (
        select(PupilRow.id)
        .join(EnrolmentRow, EnrolmentRow.pupil_id == PupilRow.id)
        .where(PupilRow.school_id == school_id, ~lived, ~chosen)
        .group_by(PupilRow.id)
        .having(func.count() == func.count(EnrolmentRow.until), last <= today)
        .order_by(last, PupilRow.id)
        .limit(LOOKED_AT + len(unseen))
    )
    return [x for x in session.scalars(asked) if x not in unseen]


@dataclass(frozen=True, slots=True)
class _Lines:
    """Makes lines of pupils, of what is known of them."""

    pupils: Mapping[UUID, PupilRow]
    ends: Mapping[UUID, tuple[date | None, ...]]
    names: Mapping[UUID, str]
    by: By

    def line(self, pupil_id: UUID, verdict: Decided, row: OwnDataDecisionRow | None = None) -> OwnDataLine:
        """One pupil."""
        pupil = self.pupils[pupil_id]
        left = max((x for x in self.ends.get(pupil_id, ()) if x is not None), default=None)
        if row is None:
            return OwnDataLine(pupil_id, sorted_name(pupil), pupil.number, left, verdict.due_from)
        against = verdict.against if verdict.against is not None and verdict.against.code != NOT_APPROVED else None
        return OwnDataLine(
            pupil_id,
            sorted_name(pupil),
            pupil.number,
            left,
            verdict.due_from,
            row.state,
            self.names.get(row.proposed_by, ""),
            row.proposed_at,
            self.names.get(row.approved_by, "") if row.approved_by else "",
            row.waits_until,
            against,
            row.proposed_by == self.by.user_id,
        )


def _pupils(session: Session, pupils: Iterable[UUID]) -> dict[UUID, PupilRow]:
    return {x.id: x for x in session.scalars(select(PupilRow).where(PupilRow.id.in_(list(pupils))))}


def _names(session: Session, decisions: Sequence[OwnDataDecisionRow]) -> dict[UUID, str]:
    ids = {x for row in decisions for x in (row.proposed_by, row.approved_by) if x is not None}
    return dict(session.execute(select(UserRow.id, UserRow.name).where(UserRow.id.in_(ids))).tuples().all())
