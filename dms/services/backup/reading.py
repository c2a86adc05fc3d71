"""Reads the two files of a backup: finds the key that opens them, and reads both to the end before anything is done."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from dms.db import migrate
from dms.kernel.errors import BadInput, SetupWrong
from dms.kernel.text import N_
from dms.services.backup.shapes import (
    CHECKPOINTS,
    DATA,
    DESTROYED,
    ID_SIZE,
    KEYS,
    META,
    OBJECT,
    OBJECT_END,
    ROUND,
    ROWS,
    SECRETS,
    SUMMARY,
    TABLE,
    BackupExpired,
    Contents,
    Head,
    WrongKey,
)
from storage.backup_file import BackupBroken, Frame, Part, read_frames, read_head
from storage.errors import Damaged, KeyDestroyed, KeyMissing
from storage.keys.port import DATA_KEY_SIZE, KeyStore
from storage.keys.wrap import Root

KEY_LINE = ID_SIZE + DATA_KEY_SIZE


@dataclass(frozen=True, slots=True)
class Files:
    """The two files of one backup, with their heads."""

    content: Path
    keys: Path
    head: Head
    keys_head: Head


@dataclass(slots=True)
class _Seen:
    """What went by while a backup is read."""

    meta: dict[str, Any] = field(default_factory=dict)
    summary: dict[str, Any] = field(default_factory=dict)
    last_round: int = 0
    tables: dict[str, int] = field(default_factory=dict)
    table: str = ""
    objects: int = 0
    open_object: bool = False
    digest: Any = None
    size: int = 0
    bytes_in_all: int = 0


def open_files(content: Path, keys: Path, today: date) -> Files:
    """Both files by their heads. Raises BadInput where they do not belong together, BackupExpired, BackupBroken."""
    try:
        head = Head.read(read_head(content, Part.CONTENT))
    except (ValueError, KeyError, TypeError):
        raise BackupBroken(content) from None
    try:
        keys_head = Head.read(read_head(keys, Part.KEYS))
    except (ValueError, KeyError, TypeError):
        raise BackupBroken(keys) from None
    if (head.id, head.unreadable_on) != (keys_head.id, keys_head.unreadable_on):
        raise BadInput(
            N_("Het bestand %(keys)s is niet het sleutelbestand van deze reservekopie."),
            N_("Geef met --keys het bestand dat samen met deze reservekopie is gemaakt. Er is niets veranderd."),
            params={"keys": str(keys)},
        )
    if head.unreadable_on <= today:
        raise BackupExpired(head.unreadable_on)
    return Files(content, keys, head, keys_head)


def find_key(files: Files, roots: Sequence[bytes], keys: KeyStore | None) -> bytes:
    """The key that opens both files: from the file of keys under a root at hand, or from a key store that is here.

    Raises BackupExpired where the key store knows that it was destroyed, WrongKey where it is nowhere.
    """
    head = files.keys_head
    if keys is not None:
        try:
            return keys.get(head.id)
        except KeyDestroyed:
            raise BackupExpired(head.unreadable_on) from None
        except KeyMissing:
            pass
    for one in roots:
        root = Root(one)
        if head.wrapped is not None and root.fingerprint == head.root:
            try:
                return root.unwrap(head.wrapped, head.bound(), str(head.id))
            except Damaged:
                raise BackupBroken(files.keys) from None
    raise WrongKey(head.root)


def verify(files: Files, key: bytes) -> Contents:
    """Read both files to their ends and compare everything with what they say of themselves. Changes nothing.

    Raises BackupBroken, and SetupWrong for a backup of a newer release.
    """
    seen = _Seen()
    try:
        for one in read_frames(files.content, Part.CONTENT, key):
            _look(one, seen, files.content)
        keys = _keys(files, key)
        whole = (
            seen.meta["backup"] == str(files.head.id)
            and seen.summary["round"] == seen.last_round
            and seen.summary["tables"] == seen.tables
            and seen.summary["objects"] == seen.objects
            and seen.summary["size"] == seen.bytes_in_all
        )
        revision, lines = str(seen.meta["revision"]), int(seen.meta["ledger"][0])
    except (KeyError, ValueError, TypeError, IndexError):
        raise BackupBroken(files.content) from None
    if not whole or seen.open_object:
        raise BackupBroken(files.content)
    if not migrate.known(revision):
        raise SetupWrong(
            N_("Deze reservekopie is van een nieuwere versie van Dossierkluis."),
            N_("Zet eerst die versie neer. Er is niets veranderd."),
            code="newer_backup",
        )
    said = seen.summary
    return Contents(
        files.head,
        revision,
        int(said["documents"]),
        seen.objects,
        seen.bytes_in_all,
        int(said["missing"]),
        keys,
        lines,
        seen.last_round,
    )


def ledger_of(files: Files, key: bytes) -> tuple[int, str]:
    """How many lines the ledger had before the backup, and the digest of the last."""
    for one in read_frames(files.content, Part.CONTENT, key):
        if one.kind == META:
            told = one.told()
            return int(told["ledger"][0]), str(told["ledger"][1])
        break
    raise BackupBroken(files.content)


def _look(one: Frame, seen: _Seen, path: Path) -> None:
    """Take one frame in. Raises BackupBroken where it cannot stand here."""
    in_object = one.kind in (DATA, OBJECT_END)
    if in_object is not seen.open_object:
        raise BackupBroken(path)
    if one.kind == META:
        seen.meta = one.told()
    elif one.kind == ROUND:
        seen.last_round, seen.tables, seen.table = int(one.told()["round"]), {}, ""
    elif one.kind == TABLE:
        seen.table = str(one.told()["name"])
        seen.tables[seen.table] = 0
    elif one.kind == ROWS:
        seen.tables[seen.table] += len(one.told())
    elif one.kind == OBJECT:
        seen.open_object, seen.digest, seen.size = True, hashlib.sha256(), 0
    elif one.kind == DATA:
        seen.digest.update(one.data)
        seen.size += len(one.data)
    elif one.kind == OBJECT_END:
        said = one.told()
        if (said["size"], said["sha256"]) != (seen.size, seen.digest.hexdigest()):
            raise BackupBroken(path)
        seen.open_object = False
        seen.objects += 1
        seen.bytes_in_all += seen.size
    elif one.kind == SUMMARY:
        seen.summary = one.told()
    elif one.kind != CHECKPOINTS:
        raise BackupBroken(path)


def _keys(files: Files, key: bytes) -> int:
    count, said = 0, -1
    for one in read_frames(files.keys, Part.KEYS, key):
        if one.kind == KEYS and len(one.data) % KEY_LINE == 0:
            count += len(one.data) // KEY_LINE
        elif one.kind == SUMMARY:
            said = int(one.told()["keys"])
        elif not (one.kind == DESTROYED and len(one.data) % ID_SIZE == 0) and one.kind != SECRETS:
            raise BackupBroken(files.keys)
    if count != said:
        raise BackupBroken(files.keys)
    return count


def told_rows(one: Frame) -> list[list[Any]]:
    """The rows in a frame of rows."""
    rows: list[list[Any]] = json.loads(one.data)
    return rows
