"""What is due, found by a range of the index over the written days and decided again, one by one, by the rule.

Reads in batches: memory does not grow with the number of placements. The search index plays no part.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import Session

from dms.db.tables import PlacementRow
from dms.model.documents import PlacementState
from retention.rules.due import Verdict
from retention.terms.places import Judge, Judged, place_of, places

BATCH = 2000


def due_on(
    session: Session, on: date, *where: ColumnElement[bool], school_id: UUID | None = None, held: bool = False
) -> Iterator[Judged]:
    """The living placements that are due on `on`, the longest due first; with `held` those too that only a hold keeps.

    What the written days propose and the rule does not confirm is left out.
    """
    wanted = {Verdict.DUE, Verdict.HELD} if held else {Verdict.DUE}
    for one in scanned(session, on, *where, school_id=school_id):
        verdict = one[1]
        if verdict.verdict in wanted and verdict.due_from is not None and verdict.due_from <= on:
            yield one


def scanned(session: Session, on: date, *where: ColumnElement[bool], school_id: UUID | None = None) -> Iterator[Judged]:
    """All living placements with a written first day up to `on`, with the verdict of the rule as on `on`."""
    asked = _range(on, *where, school_id=school_id).execution_options(yield_per=BATCH)
    judge = Judge(session)
    for rows in session.execute(asked).partitions():
        yield from judge.judge([place_of(x) for x in rows], on)


def _range(on: date, *where: ColumnElement[bool], school_id: UUID | None) -> Select[Any]:
    narrowed = () if school_id is None else (PlacementRow.school_id == school_id,)
    return (
        places()
        .where(PlacementRow.due_from <= on, PlacementRow.state == PlacementState.ACTIVE, *narrowed, *where)
        .order_by(PlacementRow.due_from, PlacementRow.id)
    )
