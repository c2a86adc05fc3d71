"""What goes into a backup, frame by frame, while the service runs on.

First the rows, as they are at one moment; then the objects that these rows speak of; then the keys. Objects never
change under their rows, but may go meanwhile. What went because it was destroyed is left out: the ledger says so too.
Where a document was read again meanwhile, its old pages are gone: then the rows are taken once more, and only what
changed is copied; the last rows count.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from dms.db import dump, migrate
from dms.db.tables import BackupRow
from dms.services.backup.listing import Listing
from dms.services.backup.shapes import (
    CHECKPOINTS,
    DATA,
    DESTROYED,
    KEYS,
    META,
    OBJECT,
    OBJECT_END,
    ROUND,
    ROWS,
    SECRETS,
    SUMMARY,
    TABLE,
)
from dms.services.fixity import expected_objects, slices
from dms.services.tools import Tools
from storage.backup_file import frame
from storage.errors import KeyMissing, ObjectMissing

ROUNDS = 3
"""Times that the rows are taken where documents change under the copying."""
BUNCH = 512 * 1024
"""Bytes of rows in a frame, about."""
PAGE = 500
PIECE = 1024 * 1024


@dataclass(slots=True)
class Counted:
    """What went in; filled while the frames are taken."""

    documents: int = 0
    objects: int = 0
    size: int = 0
    missing: int = 0
    keys: int = 0
    tables: dict[str, int] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    """Keys of objects that are not where they should be."""


def content_frames(
    tools: Tools, backup_id: UUID, ledger: tuple[int, str], checkpoint: Path, scratch: Path, counted: Counted
) -> Iterator[bytes]:
    """Rows and objects. `ledger`: lines and digest of the ledger before the first row was read.

    Of the checkpoints of the log only those go along that were there before the first row was read: a later one speaks
    of seals that the rows do not have, and the restored log would look cut off.
    """
    upto = checkpoint.stat().st_size if checkpoint.is_file() else 0
    meta = {"backup": str(backup_id), "revision": migrate.newest(), "dialect": tools.database.dialect}
    yield frame(META, {**meta, "ledger": list(ledger)})
    with Listing(scratch) as listing:
        number = 0
        changed: set[UUID] = set()
        while number < ROUNDS:
            number += 1
            for document_id in changed:
                listing.again(document_id)
            yield from _rows(tools, number, listing, counted)
            changed = set()
            yield from _objects(tools, listing, counted, changed)
            if not changed:
                break
        counted.missing += len(changed)
    yield from _checkpoints(checkpoint, upto)
    summary = {"round": number, "tables": counted.tables, "objects": counted.objects, "missing": counted.missing}
    yield frame(SUMMARY, {**summary, "size": counted.size, "documents": counted.documents})


def key_frames(tools: Tools, counted: Counted) -> Iterator[bytes]:
    """All document keys but those of backups, which keys were destroyed, and the secrets behind keyed digests."""
    keys = tools.vault.keys
    with tools.database.read() as session:
        backups = set(session.scalars(select(BackupRow.id)))
    for page in _pages(keys.ids(), backups):
        found = _living(tools, page)
        counted.keys += len(found)
        yield frame(KEYS, b"".join(key_id.bytes + key for key_id, key in found.items()))
    for page in _pages(keys.destroyed_ids(), backups):
        yield frame(DESTROYED, b"".join(x.bytes for x in page))
    yield frame(SECRETS, {scope: secret.hex() for scope, secret in keys.digest_secrets().items()})
    yield frame(SUMMARY, {"keys": counted.keys})


def _rows(tools: Tools, number: int, listing: Listing, counted: Counted) -> Iterator[bytes]:
    yield frame(ROUND, {"round": number})
    parts = slices(tools.database)
    with dump.one_moment(tools.database) as session:
        for shape in dump.shapes():
            yield frame(TABLE, {"name": shape.name, "columns": [list(x) for x in shape.columns]})
            counted.tables[shape.name] = 0
            for rows in dump.rows_of(session, shape):
                counted.tables[shape.name] += len(rows)
                yield from _bunches(rows)
        for part in parts:
            listing.add(expected_objects(session, part))
    counted.documents = counted.tables["documents"]


def _bunches(rows: list[list[Any]]) -> Iterator[bytes]:
    texts: list[str] = []
    size = 0
    for row in rows:
        text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
        texts.append(text)
        size += len(text)
        if size > BUNCH:
            yield frame(ROWS, f"[{','.join(texts)}]".encode())
            texts, size = [], 0
    if texts:
        yield frame(ROWS, f"[{','.join(texts)}]".encode())


def _objects(tools: Tools, listing: Listing, counted: Counted, changed: set[UUID]) -> Iterator[bytes]:
    for key, document_id in listing.open():
        try:
            yield from _object(tools, key, counted)
        except ObjectMissing:
            _account_for(tools, key, document_id, counted, changed)


def _object(tools: Tools, key: str, counted: Counted) -> Iterator[bytes]:
    with tools.vault.store.open(key) as pieces:
        yield frame(OBJECT, {"key": key})
        digest, size = hashlib.sha256(), 0
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
            yield frame(DATA, piece)
        yield frame(OBJECT_END, {"size": size, "sha256": digest.hexdigest()})
    counted.objects += 1
    counted.size += size


def _account_for(tools: Tools, key: str, document_id: UUID, counted: Counted, changed: set[UUID]) -> None:
    """Why an object is not there: destroyed meanwhile, replaced meanwhile, or lost."""
    if tools.vault.keys.missing([document_id]):
        return
    with tools.database.read() as session:
        wanted = any(x.object_key == key for x in expected_objects(session, document_id.hex))
    if wanted:
        counted.missing += 1
        counted.lost.append(key)
    else:
        changed.add(document_id)


def _checkpoints(path: Path, upto: int) -> Iterator[bytes]:
    with suppress(FileNotFoundError), path.open("rb") as file:
        while piece := file.read(min(PIECE, upto)):
            upto -= len(piece)
            yield frame(CHECKPOINTS, piece)


def _living(tools: Tools, page: list[UUID]) -> dict[UUID, bytes]:
    with suppress(KeyMissing):
        return tools.vault.keys.get_many(page)
    found = {}  # one was destroyed at this moment: then each by itself
    for key_id in page:
        with suppress(KeyMissing):
            found[key_id] = tools.vault.keys.get(key_id)
    return found


def _pages(ids: Iterator[UUID], without: set[UUID]) -> Iterator[list[UUID]]:
    page: list[UUID] = []
    for one in ids:
        if one not in without:
            page.append(one)
        if len(page) == PAGE:
            yield page
            page = []
    if page:
        yield page
