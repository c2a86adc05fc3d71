"""Texts in rows: whether a living row has the same words, and which other rows have them."""

import json
from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, ColumnElement, String, Table, Text, func, literal, or_, select, text
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session

from dms.db.tables import Base

OWNERS = {
    "documents": "id",
    "document_versions": "document_id",
    "intake_items": "document_id",
    "pupils": "id",
    "former_names": "pupil_id",
    "pupil_carers": "pupil_id",
    "version_uploads": "document_id",
    "undo_steps": "document_id",
}
"""Tables with rows of documents and pupils, and whose each row is."""

HOUSE = (
    "boards", "carers", "categories", "category_versions", "chosen_settings", "chosen_sources", "disposal_lists",
    "dossier_archive_lines", "groups", "intake_parts", "mailboxes", "matrix_drafts", "pupil_mappings",
    "retention_drafts", "retention_rules", "retention_schedules", "roles", "scan_folders", "schools", "sender_rules",
    "sites", "users", "watched_files",
)  # fmt: skip
"""Tables of how a school is set up and who works there; and of files that came in, where those of the destroyed have
been emptied: the same file name there is another file's.
"""


def explained(session: Session, texts: Collection[str], gone: frozenset[UUID], pupils: frozenset[UUID]) -> set[str]:
    """Those of `texts` that stand in a row of something that lives: another document or pupil, or the house."""
    found: set[str] = set()
    for one in texts:
        for table in Base.metadata.sorted_tables:
            if (table.name in OWNERS or table.name in HOUSE) and _stands(session, table, one, gone | pupils):
                found.add(one)
                break
    return found


def in_rows(session: Session, texts: Collection[str]) -> set[str]:
    """The names of all other tables in which one of `texts` stands."""
    others = [x for x in Base.metadata.sorted_tables if x.name not in HOUSE]
    return {table.name for table in others for one in texts if _stands(session, table, one, frozenset())}


def row_pieces(session: Session) -> Iterator[bytes]:
    """All rows of all tables as text (PostgreSQL): for where the server's files cannot be read."""
    for table in Base.metadata.sorted_tables:
        rows = session.execute(
            select(text(f'"{table.name}"::text')).select_from(table).execution_options(yield_per=1000)
        )
        for (row,) in rows:
            yield str(row).encode() + b"\n"


def _stands(session: Session, table: Table, one: str, gone: frozenset[UUID]) -> bool:
    owner = OWNERS.get(table.name)
    for column in table.columns:
        if isinstance(column.type, String | Text | JSON):
            where = [_contains(column, one)]
            if gone and owner is not None:
                where.append(table.c[owner].not_in(gone))
            if session.execute(select(literal(1)).select_from(table).where(*where).limit(1)).first():
                return True
    return False


def _contains(column: Column[Any], one: str) -> ColumnElement[bool]:
    """Whether a text stands in a column, in JSON too; letters A-Z and a-z count as the same."""
    shapes = [one] if not isinstance(column.type, JSON) else {one, json.dumps(one)[1:-1]}
    whole = func.lower(sql_cast(column, Text))
    # SQLite leaves letters with accents as they are, PostgreSQL does not.
    ways = {y for x in shapes for y in (x.lower(), x.encode().lower().decode())}
    return or_(*(whole.contains(x, autoescape=True) for x in ways))
