"""Writes `due_from`, `due_by`, `rule_version` and `due_reason` on placements when something changed that counts.

What touches a few placements is done in the transaction of the change itself. What may touch very many (a schedule,
a hold on a category, a long list of pupils) leaves a row of work in that transaction; `count_some` does it in batches.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, select, update
from sqlalchemy.orm import Session

from dms.db.tables import PlacementRow, RecountRow, SweepRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.events import SYSTEM, Event, EventKind
from retention.rules.due import Due, Verdict
from retention.terms.places import AT_ONCE, LIVING, Judge, Place, batched, place_of, places

LONGEST_REASON = 300
MOST_NOW = 50
"""Pupils whose placements are counted in the transaction of the change; more become work."""


def follow_documents(uow: UnitOfWork, documents: Iterable[UUID]) -> int:
    """Count the terms of all placements of these documents; returns how many changed."""
    return sum(_follow(uow, PlacementRow.document_id.in_(some)) for some in batched(documents, AT_ONCE))


def follow_pupils(uow: UnitOfWork, board_id: UUID, pupils: Sequence[UUID]) -> None:
    """Count the terms of all placements of these pupils of a board: now, or for many as work."""
    if len(pupils) <= MOST_NOW:
        if pupils:
            _follow(uow, PlacementRow.pupil_id.in_(pupils))
        return
    uow.session.add_all(RecountRow(board_id=board_id, pupil_id=x, created_at=uow.now) for x in pupils)


def ask_recount(uow: UnitOfWork, board_id: UUID, category: str | None = None, pupil_id: UUID | None = None) -> None:
    """Leave the work of counting a board's terms again, or those of one category or pupil of it."""
    uow.session.add(RecountRow(board_id=board_id, category=category, pupil_id=pupil_id, created_at=uow.now))


def recounts_open(session: Session) -> int:
    """How many rows of work are left."""
    return session.scalar(select(func.count()).select_from(RecountRow).where(RecountRow.done_at.is_(None))) or 0


def count_some(uow: UnitOfWork, most: int) -> int:
    """Do up to `most` placements of the oldest work; returns how many were looked at, and 1 for closing a row.

    0 means that no work is left. Killed at any moment, the next call goes on.
    """
    row = uow.session.scalar(
        select(RecountRow)
        .where(RecountRow.done_at.is_(None))
        .order_by(RecountRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if row is None:
        return 0
    where = [PlacementRow.board_id == row.board_id]
    if row.category is not None:
        where.append(PlacementRow.category == row.category)
    if row.pupil_id is not None:
        where.append(PlacementRow.pupil_id == row.pupil_id)
    if row.after is not None:
        where.append(PlacementRow.id > row.after)
    found = _places(uow, *where, most=most)
    row.counted += write(uow, found)
    if len(found) == most:
        row.after = found[-1].placement_id
        return len(found)
    row.done_at = uow.now
    forget_sweeps(uow, row.board_id)
    uow.record(
        Event(
            EventKind.RETENTION_COUNTED,
            SYSTEM,
            row.board_id,
            pupil_id=row.pupil_id,
            object_kind="category" if row.category else "",
            details={"category": row.category, "changed": row.counted},
        )
    )
    return len(found) + 1


def forget_sweeps(uow: UnitOfWork, board_id: UUID) -> None:
    """Let the sweep of today be done again at this board: what it found is no longer so."""
    uow.session.query(SweepRow).filter(SweepRow.board_id == board_id, SweepRow.on_day == uow.today).delete()


def write(uow: UnitOfWork, found: Sequence[Place]) -> int:
    """Judge placements as on today and write what changed; returns how many did."""
    rows = [x for x in (_changes(*one) for one in Judge(uow.session).judge(found, uow.today)) if x is not None]
    if rows:
        table = PlacementRow.__table__
        uow.session.connection().execute(
            update(table)  # type: ignore[arg-type]
            .where(table.c.id == bindparam("this"))
            .values({x: bindparam(f"new_{x}") for x in ("due_from", "due_by", "rule_version", "due_reason")}),
            rows,
        )
    return len(rows)


def _follow(uow: UnitOfWork, condition: ColumnElement[bool]) -> int:
    return write(uow, _places(uow, condition))


def _places(uow: UnitOfWork, *where: ColumnElement[bool], most: int | None = None) -> list[Place]:
    asked = places().where(PlacementRow.state.in_(LIVING), *where).order_by(PlacementRow.id)
    return [place_of(x) for x in uow.session.execute(asked.limit(most) if most else asked)]


def _changes(place: Place, found: Due) -> dict[str, UUID | date | int | str | None] | None:
    reason = str(kept_reason(found))[:LONGEST_REASON]
    was = (place.due_from, place.due_by, place.rule_version, place.due_reason)
    if was == (found.due_from, found.due_by, found.rule_version, reason):
        return None
    return {
        "this": place.placement_id,
        "new_due_from": found.due_from,
        "new_due_by": found.due_by,
        "new_rule_version": found.rule_version,
        "new_due_reason": reason,
    }


def kept_reason(found: Due) -> Reason:
    """The reason as it may be kept with the placement: why somebody froze it stands with the hold only."""
    if found.verdict is not Verdict.HELD:
        return found.reason
    text = N_("Bevroren: dit gaat niet weg zolang de bevriezing duurt. De termijn zelf: %(due)s.")
    return Reason("held", text, {"due": str(found.reason.params["due"])})
