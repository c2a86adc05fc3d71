"""The lines of an archive with the state of the items that came of them."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, and_, case, func, literal, select, type_coerce
from sqlalchemy.orm import Session

from dms.db.tables import ArchiveLineRow, ItemRow
from dms.model.archives import Fate
from dms.model.documents import UNFINISHED, ItemState


def status_of(line: ArchiveLineRow, state: ItemState | None) -> str:
    """What became of a line, as the report names it."""
    if state is None or line.fate not in (Fate.FILED, Fate.DESK):
        return line.fate.value
    return "waiting" if state in UNFINISHED else state.value


def _status() -> ColumnElement[str]:
    """`status_of` as a column over lines joined with their items."""
    waiting: ColumnElement[str] = literal("waiting")
    own = and_(ItemRow.id.is_not(None), ArchiveLineRow.fate.in_((Fate.FILED, Fate.DESK)))
    return case(
        (and_(own, ItemRow.state.in_(UNFINISHED)), waiting),
        (own, type_coerce(ItemRow.state, String)),
        else_=type_coerce(ArchiveLineRow.fate, String),
    )


def lines_of(archive_id: UUID, status: str) -> Select[tuple[ArchiveLineRow, ItemRow]]:
    """The lines of an archive in their order, with their items; only those of `status` where one is named."""
    query = (
        select(ArchiveLineRow, ItemRow)
        .outerjoin(ItemRow, ItemRow.id == ArchiveLineRow.item_id)
        .where(ArchiveLineRow.archive_id == archive_id)
        .order_by(ArchiveLineRow.number)
    )
    return query.where(_status() == status) if status else query


def counts_of(session: Session, archives: list[UUID]) -> dict[UUID, dict[str, int]]:
    """Per archive how many lines have each status."""
    found: dict[UUID, dict[str, int]] = {}
    status = _status().label("status")
    for archive_id, name, count in session.execute(
        select(ArchiveLineRow.archive_id, status, func.count())
        .outerjoin(ItemRow, ItemRow.id == ArchiveLineRow.item_id)
        .where(ArchiveLineRow.archive_id.in_(archives))
        .group_by(ArchiveLineRow.archive_id, status)
    ):
        found.setdefault(archive_id, {})[str(name)] = count
    return found
