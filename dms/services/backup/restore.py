"""Putting a backup back in an empty installation: whole or not at all, and without what was destroyed after it.

Everything is read and compared first. Then rows are loaded in one transaction that stays open; objects and keys are put
in their places; the ledger is followed in that same transaction; it commits last. So no moment exists in which a
database is there that does not know what was destroyed. What breaks halfway is taken away again; where even that did
not happen (a kill, a power cut) a mark in the object store says that these objects belong to nothing, and doing it
again begins with removing them. Keys of documents that were destroyed do not come back at all.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.orm import Session

from dms.db import dump, migrate
from dms.db.dump import TableShape
from dms.db.engine import CLOCK
from dms.db.purge import purge
from dms.db.tables import (
    BackupRow,
    HeartbeatRow,
    LeaseRow,
    LedgerReachRow,
    PasswordLinkRow,
    SessionRow,
    SignInStepRow,
)
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.crashpoints import RestorePoint, reached
from dms.kernel.ids import new_id
from dms.model.backups import BackupState
from dms.model.events import By, Event, EventKind
from dms.services.backup.backups import STANDARD_DAYS
from dms.services.backup.reading import KEY_LINE, Files, ledger_of, told_rows, verify
from dms.services.backup.shapes import (
    CHECKPOINTS,
    DATA,
    DESTROYED,
    ID_SIZE,
    KEYS,
    OBJECT,
    ROUND,
    ROWS,
    SECRETS,
    TABLE,
    Contents,
    LedgerMissing,
    NotEmpty,
    Restored,
)
from dms.services.backup.step import follow_within, noted
from dms.services.destroying import documents, pupils
from dms.services.tools import Tools
from indexing.port import SearchIndex
from storage.backup_file import Frame, Part, read_frames
from storage.ledger import Destroyed, Ledger, LedgerDamaged

MARK = "restore/unfinished"
"""The object that says: these objects are of a restore that is not done."""
PAGE = 500


@dataclass(frozen=True, slots=True)
class Target:
    """The empty installation."""

    tools: Tools
    ledger: Ledger
    index: SearchIndex
    checkpoint: Path


class Restore:
    """Puts one backup back. `key` opens it (see `reading.find_key`)."""

    def __init__(self, target: Target, files: Files, key: bytes) -> None:
        self._target = target
        self._tools = target.tools
        self._files = files
        self._key = key

    def run(self, by: By, *, without_ledger: bool = False) -> Restored:
        """Check everything, then do it. Raises BadInput, Conflict, SetupWrong or OutsideDown; then nothing changed.

        `without_ledger`: the ledger is lost; what was destroyed after the backup comes back.
        """
        require_empty(self._target)
        self._check_ledger(without_ledger)
        contents = verify(self._files, self._key)
        store = self._tools.vault.store
        if store.exists(MARK):
            _clear(self._target)
        try:
            store.put(MARK, [b"\0"])
            reached(RestorePoint.BEGUN)
            done = self._load(by, contents)
        except BaseException:
            _clear(self._target)
            raise
        reached(RestorePoint.COMMITTED)
        if done.replayed:  # rows of what was destroyed were there for a moment: nothing of them stays in the files
            purge(self._tools.database, (*documents.TABLES, *pupils.TABLES))
        self._place_checkpoint()
        store.delete(MARK)
        reached(RestorePoint.DONE)
        return done

    def _check_ledger(self, without: bool) -> None:
        """The ledger at hand must be the one that the installation kept, not cut off before the backup."""
        ledger = self._target.ledger
        lines, digest = ledger_of(self._files, self._key)
        if not ledger.path.exists():
            if without:
                return
            raise LedgerMissing(ledger.path.parent)
        count, faults = ledger.verify()
        if faults and any(x.what != "torn" for x in faults):
            raise LedgerDamaged(faults[0].line)
        found = next((x.digest for x in ledger.read(lines - 1)), "") if lines else digest
        if (count < lines or found != digest) and not without:
            raise LedgerMissing(ledger.path.parent)

    def _load(self, by: By, contents: Contents) -> Restored:
        database = self._tools.database
        gone = {x.entry.id for x in self._target.ledger.read() if x.entry.kind is not Destroyed.PLACEMENT}
        with dump.loading(database) as connection:
            migrate.upgrade_on(database, connection, contents.revision)
            with dump.unchecked(connection):
                self._content(connection, contents, gone)
            dump.numbered_on(connection)
            migrate.upgrade_on(database, connection, "head")
            session = Session(connection, info={CLOCK: self._tools.clock}, join_transaction_mode="rollback_only")
            uow = UnitOfWork(session, self._tools.clock)
            replayed = self._settle(uow, by, contents)
            self._keys(gone)
            session.commit()  # of the session; the connection commits when all is done
            reached(RestorePoint.LOADED)
        return Restored(contents, self._target.ledger.head()[0], replayed)

    def _content(self, connection: Connection, contents: Contents, gone: set[UUID]) -> None:
        """Rows into their tables, objects into the store; objects of what was destroyed stay behind."""
        frames = read_frames(self._files.content, Part.CONTENT, self._key)
        shape: TableShape | None = None
        last = False
        for one in frames:
            if one.kind == ROUND:
                last = one.told()["round"] == contents.last_round
            elif one.kind == TABLE and last:
                told = one.told()
                shape = TableShape(told["name"], tuple((str(x), str(y)) for x, y in told["columns"]))
                dump.emptied(connection, [shape.name])
            elif one.kind == ROWS and last and shape is not None:
                rows = told_rows(one)
                for start in range(0, len(rows), PAGE):
                    dump.load_rows(connection, shape, rows[start : start + PAGE])
            elif one.kind == OBJECT:
                key = str(one.told()["key"])
                pieces = _pieces(frames)
                if _owner(key) in gone:
                    for _ in pieces:
                        pass
                else:
                    self._tools.vault.store.put(key, pieces)
                    reached(RestorePoint.OBJECT)

    def _settle(self, uow: UnitOfWork, by: By, contents: Contents) -> int:
        """What must be true of restored rows: nobody is signed in, no process works, the ledger was followed."""
        for table in (LeaseRow, HeartbeatRow, SignInStepRow, SessionRow, PasswordLinkRow):
            uow.session.execute(delete(table))
        uow.session.execute(
            update(BackupRow)
            .where(BackupRow.id == contents.head.id)
            .values(
                state=BackupState.KEPT,
                finished_at=contents.head.made_at,
                size=self._files.content.stat().st_size + self._files.keys.stat().st_size,
                documents=contents.documents,
                objects=contents.objects,
                missing=contents.missing,
                ledger_lines=contents.ledger_lines,
            )
        )
        uow.session.execute(
            update(BackupRow)
            .where(BackupRow.state == BackupState.MAKING, BackupRow.id != contents.head.id)
            .values(state=BackupState.FAILED)
        )
        _expect_others(uow)
        replayed = follow_within(uow, self._target.ledger, contents.ledger_lines)
        uow.session.execute(delete(LedgerReachRow))
        noted(uow.session, self._target.ledger)
        uow.record(
            Event(
                EventKind.BACKUP_RESTORED,
                by,
                None,
                object_kind="backup",
                object_id=contents.head.id,
                details={"documents": contents.documents, "replayed": replayed},
            )
        )
        uow.flush()
        return replayed

    def _keys(self, gone: set[UUID]) -> None:
        keys = self._tools.vault.keys
        dead = set(gone)
        for one in read_frames(self._files.keys, Part.KEYS, self._key):
            if one.kind == DESTROYED:
                dead.update(UUID(bytes=one.data[x : x + ID_SIZE]) for x in range(0, len(one.data), ID_SIZE))
        dead.update(keys.destroyed_ids())
        for one in read_frames(self._files.keys, Part.KEYS, self._key):
            if one.kind == KEYS:
                lines = (one.data[x : x + KEY_LINE] for x in range(0, len(one.data), KEY_LINE))
                living = {UUID(bytes=x[:ID_SIZE]): x[ID_SIZE:] for x in lines}
                keys.keep_many({x: y for x, y in living.items() if x not in dead})
            elif one.kind == SECRETS:
                for scope, secret in one.told().items():
                    keys.keep_digest_secret(scope, bytes.fromhex(secret))
        keys.keep(self._files.head.id, self._key)
        keys.destroy_many(dead)
        reached(RestorePoint.KEYS)

    def _place_checkpoint(self) -> None:
        """What the log was checked against at the time of the backup. What stood here was of another life."""
        path = self._target.checkpoint
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.restored")
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            for one in read_frames(self._files.content, Part.CONTENT, self._key):
                if one.kind == CHECKPOINTS:
                    file.write(one.data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            path.rename(path.with_name(f"{path.name}.before-{self._files.head.id}"))
        temporary.rename(path)


def require_empty(target: Target) -> None:
    """Raises NotEmpty where there is a database with a schema, an object, or an index."""
    tools = target.tools
    if migrate.current(tools.database) is not None:
        raise NotEmpty("database")
    store = tools.vault.store
    if not store.exists(MARK) and next(iter(store.keys()), None) is not None:
        raise NotEmpty("opslag")
    if not target.index.needs_rebuild():
        raise NotEmpty("zoekmachine")


def _clear(target: Target) -> None:
    """Take objects away; the mark goes last."""
    store = target.tools.vault.store
    for one in list(store.keys()):
        if one.key != MARK:
            store.delete(one.key)
    store.delete(MARK)


def _expect_others(uow: UnitOfWork) -> None:
    """Backups made after this one may lie somewhere: count on the longest term that was ever used here."""
    known = uow.session.execute(select(BackupRow.made_at, BackupRow.unreadable_on)).all()
    days = max([STANDARD_DAYS, *((row.unreadable_on - row.made_at.date()).days for row in known)])
    uow.session.add(
        BackupRow(
            id=new_id(), state=BackupState.UNKNOWN, made_at=uow.now, unreadable_on=uow.today + timedelta(days=days)
        )
    )
    uow.flush()


def _pieces(frames: Iterator[Frame]) -> Iterator[bytes]:
    """The bytes of the object whose beginning was just read, to its end."""
    for one in frames:
        if one.kind != DATA:
            return
        yield one.data


def _owner(key: str) -> UUID | None:
    """The document of an object, by its key `ab/<document>/…`."""
    parts = key.split("/")
    with suppress(ValueError, IndexError):
        return UUID(parts[1])
    return None
