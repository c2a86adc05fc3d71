"""Holds as people see them: names in the place of ids, asked for all of them together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import BoardRow, CategoryRow, CategoryVersionRow, DocumentRow, HoldRow, PupilRow, SchoolRow, UserRow
from dms.model.retention import HoldOn
from dms.services.tools import full_name
from retention.terms.places import AT_ONCE, batched


@dataclass(frozen=True, slots=True)
class HoldView:
    """A hold as people see it. `owner` and `placed_by` are names; `review_due`: the day to look at it has come.

    `title`, `pupil_name` and `category_name` name what it lies on; empty for what it does not lie on.
    """

    id: UUID
    lies_on: HoldOn
    board_id: UUID
    board: str
    school: str | None
    document_id: UUID | None
    dossier_id: UUID | None
    pupil_id: UUID | None
    pupil: str | None
    category: str | None
    reason: str
    owner: str
    review_on: date | None
    review_due: bool
    placed_by: str
    placed_at: datetime
    released_by: str
    released_at: datetime | None
    release_reason: str
    title: str = ""
    pupil_name: str = ""
    category_name: str = ""
    school_name: str = ""
    owner_email: str = ""


def hold_views(session: Session, rows: Sequence[HoldRow], today: date) -> tuple[HoldView, ...]:
    """The holds with their names. The number of questions does not grow with them."""
    people = _by_id(session, UserRow, (y for x in rows for y in (x.owner_id, x.placed_by, x.released_by)))
    boards = _by_id(session, BoardRow, (x.board_id for x in rows))
    schools = _by_id(session, SchoolRow, (x.school_id for x in rows))
    pupils = _by_id(session, PupilRow, (x.pupil_id for x in rows))
    documents = _by_id(session, DocumentRow, (x.document_id for x in rows))
    categories = _categories(session, {(x.board_id, x.category) for x in rows if x.category})

    def name(user_id: UUID | None) -> str:
        return people[user_id].name if user_id in people else ""

    def one(row: HoldRow) -> HoldView:
        school, pupil = schools.get(row.school_id), pupils.get(row.pupil_id)
        document, owner = documents.get(row.document_id), people.get(row.owner_id)
        return HoldView(
            row.id,
            row.lies_on,
            row.board_id,
            boards[row.board_id].name,
            school.brin if school else None,
            row.document_id,
            row.dossier_id,
            row.pupil_id,
            pupil.number if pupil else None,
            row.category,
            row.reason,
            name(row.owner_id),
            row.review_on,
            row.released_at is None and row.review_on is not None and row.review_on <= today,
            name(row.placed_by),
            row.placed_at,
            name(row.released_by),
            row.released_at,
            row.release_reason,
            document.title if document else "",
            full_name(pupil) if pupil else "",
            categories.get((row.board_id, row.category or ""), row.category or ""),
            school.name if school else "",
            owner.email if owner else "",
        )

    return tuple(one(x) for x in rows)


def _by_id(session: Session, table: Any, ids: Iterable[UUID | None]) -> dict[UUID | None, Any]:  # noqa: ANN401
    found: dict[UUID | None, Any] = {}
    for some in batched(dict.fromkeys(x for x in ids if x is not None), AT_ONCE):
        found |= {x.id: x for x in session.scalars(select(table).where(table.id.in_(some)))}
    return found


def _categories(session: Session, asked: set[tuple[UUID, str]]) -> dict[tuple[UUID, str], str]:
    if not asked:
        return {}
    rows = session.execute(
        select(CategoryRow.board_id, CategoryRow.code, CategoryVersionRow.name)
        .join(CategoryVersionRow, CategoryVersionRow.id == CategoryRow.current_version_id)
        .where(CategoryRow.code.in_({x for _, x in asked}), CategoryRow.board_id.in_({x for x, _ in asked}))
    )
    return {(board_id, code): name for board_id, code, name in rows}
