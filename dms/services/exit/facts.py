"""What must be equal in the old house and the new one: papers, rights of everybody, terms, and the rows themselves.

`facts_of` looks at a school where it is, `differences` puts two such looks side by side. Nothing in them is readable:
digests and counts only, so that they may be kept and sent.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db import dump
from dms.db.tables import (
    AuditEventRow,
    DocumentRow,
    DocumentVersionRow,
    PlacementRow,
    RenditionRow,
    UserRow,
)
from dms.model.documents import Rendition
from dms.model.events import EventKind
from dms.services.exit.scope import EMPTIED, SchoolScope
from dms.services.tools import Tools, school_by_brin
from rights.rules.actions import Action
from rights.service.gate import Gate
from storage.errors import Damaged, KeyMissing, ObjectMissing

ALTERED = frozenset({"destruction_lines", "audit_events"})
"""Tables of which the new house writes something anew: places in its own ledger, and how the school came in."""
ITSELF = (EventKind.EXIT_ORDERED, EventKind.EXIT_WITHDRAWN, EventKind.EXIT_MADE, EventKind.EXIT_IMPORTED)
"""Events of the exit itself: an export cannot hold those that come after it."""
Facts = dict[str, Any]


def facts_of(tools: Tools, brin: str, today: date) -> Facts:
    """The facts of one school as JSON can hold them. Raises NotFound. Reads every original to its end."""
    with dump.one_moment(tools.database) as session:
        school = school_by_brin(session, brin)
        scope = SchoolScope(school)
        return {
            "school": school.brin,
            "on": today.isoformat(),
            "documents": _originals(session, tools, scope),
            "rights": _rights(session, scope, today),
            "terms": _digest(
                f"{x.id}|{x.due_from}|{x.due_by}|{x.rule_version}|{x.due_reason}|{x.state.value}|{x.level}|{x.category}"
                for x in session.scalars(select(PlacementRow).where(_of(scope, PlacementRow)).order_by(PlacementRow.id))
            ),
            "log": _digest(
                f"{x.id}|{x.at.isoformat()}|{x.kind.value}|{x.actor_id}|{x.subject}|{x.object_id}"
                for x in session.scalars(
                    select(AuditEventRow)
                    .where(
                        _of(scope, AuditEventRow),
                        AuditEventRow.kind.not_in(ITSELF),
                    )
                    .order_by(AuditEventRow.id)
                )
            ),
            "tables": _tables(session, scope),
        }


def differences(one: Mapping[str, Any], other: Mapping[str, Any], path: str = "") -> list[str]:
    """Where two looks differ, by the name of what differs; none when all is equal. The day of the look counts not."""
    found: list[str] = []
    for key in sorted({*one, *other} - {"on"}):
        here = f"{path}/{key}" if path else key
        first, second = one.get(key), other.get(key)
        if isinstance(first, Mapping) and isinstance(second, Mapping):
            found += differences(first, second, here)
        elif first != second:
            found.append(here)
    return found


def _originals(session: Session, tools: Tools, scope: SchoolScope) -> Facts:
    """How many documents, and SHA-256 over every original with its id and metadata."""
    query = (
        select(DocumentRow, DocumentVersionRow, RenditionRow.object_key)
        .join(DocumentVersionRow, DocumentVersionRow.document_id == DocumentRow.id)
        .outerjoin(
            RenditionRow,
            (RenditionRow.document_id == DocumentRow.id)
            & (RenditionRow.version == DocumentVersionRow.number)
            & (RenditionRow.kind == Rendition.ORIGINAL),
        )
        .where(_of(scope, DocumentRow))
        .order_by(DocumentRow.id, DocumentVersionRow.number)
        .execution_options(yield_per=500)
    )
    whole, metadata, count = hashlib.sha256(), hashlib.sha256(), 0
    for document, version, key in session.execute(query):
        count += version.number == document.current_version
        whole.update(document.id.bytes + version.number.to_bytes(4, "big"))
        try:
            with tools.vault.open(document.id, key, version.number) as pieces:
                for piece in pieces:
                    whole.update(piece)
        except (KeyMissing, ObjectMissing, Damaged):
            whole.update(b"\0lost")
        told = (
            document.title,
            document.document_date,
            sorted(document.fields.items()),
            version.digest,
            version.file_name,
        )
        metadata.update(repr(told).encode())
    return {"count": count, "bytes": whole.hexdigest(), "metadata": metadata.hexdigest()}


def _rights(session: Session, scope: SchoolScope, today: date) -> Facts:
    """For everybody: how many placements each action reaches, and which."""
    found: Facts = {}
    for user_id, email in session.execute(select(UserRow.id, UserRow.email).where(_of(scope, UserRow))).tuples():
        gate = Gate(session, user_id, today)
        reached: Facts = {}
        for action in Action:
            ids = session.scalars(
                select(PlacementRow.id)
                .where(_of(scope, PlacementRow), gate.visible(action, None))
                .order_by(PlacementRow.id)
            ).all()
            reached[action.value] = {"count": len(ids), "which": _digest(str(x) for x in ids)}
        found[email] = reached
    return found


def _tables(session: Session, scope: SchoolScope) -> Facts:
    """For each table: how many rows and their digest; secrets that stay behind are left out of it."""
    shapes = {x.name: x for x in dump.shapes()}
    found: Facts = {}
    for table in scope.tables():
        if table.name in ALTERED:
            continue
        shape = shapes[table.name]
        kept = [n for n, (x, _) in enumerate(shape.columns) if x not in EMPTIED.get(table.name, frozenset())]
        digest, count = hashlib.sha256(), 0
        for rows in dump.rows_of(session, shape, scope.of(table)):
            count += len(rows)
            for row in rows:
                digest.update(repr([_same(row[n], shape.columns[n][1]) for n in kept]).encode())
        found[table.name] = {"rows": count, "digest": digest.hexdigest()}
    return found


def _same(value: Any, kind: str) -> Any:  # noqa: ANN401 - whatever a column holds
    """A value without what differs between kinds of databases: spaces in JSON, the text of an instant."""
    if value is not None and kind == "json":
        return "".join(str(value).split())
    return value


def _of(scope: SchoolScope, row: Any) -> Any:  # noqa: ANN401 - a mapped class and its condition
    condition = scope.of(row.__table__)
    assert condition is not None
    return condition


def _digest(parts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode() + b"\n")
    return digest.hexdigest()
