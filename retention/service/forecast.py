"""What falls due per month, school and category: read from the written days, months made here."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from dms.db.tables import PlacementRow, SchoolRow
from dms.kernel.errors import NotFound
from dms.model.documents import PlacementState
from dms.model.events import By
from dms.services.tools import Tools, school_by_brin
from retention.service.due_rights import disposing_at, is_operator, may_dispose
from rights.service.gate import Gate

MONTHS = 24
MOST_MONTHS = 240


@dataclass(frozen=True, slots=True)
class ForecastCell:
    """How many placements of a category fall due at a school in a month (`2027-08`).

    The present month holds what is due already.
    """

    month: str
    school: str
    category: str
    count: int


class DueForecast:
    """Looking ahead. Holds are not taken into account: they may be released by then."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def cells(self, by: By, brin: str | None = None, months: int = MONTHS) -> tuple[ForecastCell, ...]:
        """The coming `months` (the present one is the first) by month, school and category; empty cells are left out.

        Raises NotFound, Refused; without a school it is for the operator.
        """
        today = self._tools.clock.today()
        with self._tools.database.read() as session:
            where: tuple[ColumnElement[bool], ...] = ()
            if brin is not None:
                school = school_by_brin(session, brin)
                may_dispose(session, by, school.board_id, school.id, today)
                where = (PlacementRow.school_id == school.id,)
            elif not is_operator(by):
                raise NotFound
            return _cells(session, today, months, *where)

    def board(self, by: By, brin: str, months: int = MONTHS) -> tuple[ForecastCell, ...]:
        """The same for all schools of the school's board at which the person has a part in disposal.

        Raises NotFound, Refused.
        """
        today = self._tools.clock.today()
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            may_dispose(session, by, school.board_id, school.id, today)
            schools = disposing_at(session, Gate(session, by.user_id, today), school)
            return _cells(session, today, months, PlacementRow.school_id.in_([x.id for x in schools]))


def _cells(session: Session, today: date, months: int, *where: ColumnElement[bool]) -> tuple[ForecastCell, ...]:
    last = month_after(today, min(max(months, 1), MOST_MONTHS))
    asked = (
        select(SchoolRow.brin, PlacementRow.category, PlacementRow.due_from, func.count())
        .join(SchoolRow, SchoolRow.id == PlacementRow.school_id)
        .where(PlacementRow.due_from < last, PlacementRow.state == PlacementState.ACTIVE, *where)
        .group_by(SchoolRow.brin, PlacementRow.category, PlacementRow.due_from)
    )
    found: dict[tuple[str, str, str], int] = defaultdict(int)
    for school_brin, category, day, count in session.execute(asked):
        found[f"{max(day, today):%Y-%m}", school_brin, category] += count
    return tuple(ForecastCell(*key, found[key]) for key in sorted(found))


def month_after(day: date, months: int) -> date:
    """The first day of the month that comes so many months after that of `day`."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
