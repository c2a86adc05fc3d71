"""Which item is whose: a claim is a lease on the item's own row, taken by an update that changes exactly one row."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from dms.db.engine import Database
from dms.db.tables import IntakeRow, ItemRow, SchoolRow
from dms.kernel.crashpoints import CrashPoint, reached
from dms.kernel.errors import DmsError
from dms.kernel.ids import parse_id
from dms.model.documents import UNFINISHED, ItemState
from ingest.service.beat import Progress
from ingest.service.state import ItemFacts

LEASE_SECONDS = 60
MOST_ATTEMPTS = 30
"""Claims without an outcome: workers that were killed. Machines may be restarted often; files are not to blame."""
MOST_FAILURES = 4
"""Faults of ours with one item."""


class LeaseLost(DmsError):
    """Another worker has the item now; this one lets go without a word."""

    code = "lease_lost"

    def __init__(self) -> None:
        super().__init__("lease lost")


def claim(database: Database, owner: str) -> ItemFacts | None:
    """Take the item that waits longest, or None. An item whose lease ran out is taken over.

    An item that was tried waits from then on: one that workers die on does not keep the others waiting.
    """
    with database.begin() as uow:
        row = uow.session.scalars(
            select(ItemRow)
            .where(
                ItemRow.state.in_(UNFINISHED),
                ItemRow.available_at <= uow.now,
                or_(ItemRow.lease_until.is_(None), ItemRow.lease_until < uow.now),
            )
            .order_by(ItemRow.available_at, ItemRow.created_at, ItemRow.part)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if row is None:
            return None
        row.state = ItemState.WORKING
        row.lease_owner, row.lease_until = owner, uow.now + timedelta(seconds=LEASE_SECONDS)
        row.available_at = uow.now
        row.attempts += 1
        row.changed_at = uow.now
        uow.flush()
        reached(CrashPoint.CLAIM_WRITTEN)
        claimed = facts(uow.session, row)
    reached(CrashPoint.CLAIM_COMMITTED)
    return claimed


def facts(session: Session, row: ItemRow) -> ItemFacts:
    """The item with what its intake and school say of it."""
    intake = session.get_one(IntakeRow, row.intake_id)
    school = session.get_one(SchoolRow, row.school_id)
    hints: dict[str, Any] = {**intake.hints, **(row.own_hints or {})}
    return ItemFacts(
        item_id=row.id,
        intake_id=intake.id,
        board_id=row.board_id,
        school_id=row.school_id,
        brin=school.brin,
        document_id=row.document_id,
        name=row.name,
        object_key=row.object_key,
        size=row.size,
        digest=row.digest,
        step=row.step,
        attempts=row.attempts,
        failures=row.failures,
        source=intake.source,
        trusted=intake.trusted,
        submitted_by=intake.submitted_by,
        hint_pupil=parse_id(str(hints.get("pupil_id", ""))),
        hint_category=hints.get("category"),
        hint_date=date.fromisoformat(hints["document_date"]) if hints.get("document_date") else None,
        hint_authorised=bool(hints.get("authorised")),
        hint_title=str(hints.get("title", "")),
        hint_ask=str(hints.get("ask", "")),
        hint_level=hints.get("level"),
        hints=hints,
        stack_id=row.stack_id,
        stack_part=row.stack_part,
        gather=row.stack_id is not None and not row.object_key,
    )


def extend(database: Database, item_id: UUID, owner: str, progress: Progress | None = None) -> None:
    """Keep the lease, and say how far the item is. Raises LeaseLost when it is another's by now."""
    with database.begin() as uow:
        values: dict[str, Any] = {"lease_until": uow.now + timedelta(seconds=LEASE_SECONDS)}
        if progress is not None:
            values["step"] = progress.step
        if progress is not None and progress.pages is not None:
            values["pages_done"], values["pages"] = progress.pages_done, progress.pages
        changed = uow.session.execute(
            update(ItemRow).where(ItemRow.id == item_id, ItemRow.lease_owner == owner).values(**values)
        )
        if changed.rowcount != 1:  # type: ignore[attr-defined]
            raise LeaseLost
    reached(CrashPoint.LEASE_EXTENDED)


def owned(row: ItemRow, owner: str) -> bool:
    """Whether the locked row is still this worker's."""
    return row.state is ItemState.WORKING and row.lease_owner == owner


def release_all(database: Database, owner: str) -> int:
    """Give back what `owner` holds (a clean stop); the attempt does not count."""
    with database.begin() as uow:
        changed = uow.session.execute(
            update(ItemRow)
            .where(ItemRow.lease_owner == owner, ItemRow.state == ItemState.WORKING)
            .values(state=ItemState.WAITING, lease_owner=None, lease_until=None, attempts=ItemRow.attempts - 1)
        )
        return int(changed.rowcount)  # type: ignore[attr-defined]


def waiting(database: Database) -> int:
    """How many items are not finished."""
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(ItemRow).where(ItemRow.state.in_(UNFINISHED))) or 0
