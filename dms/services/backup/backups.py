"""Making backups, the list of them, and the end of each: on its day its key is destroyed."""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import structlog
from sqlalchemy import select

from dms.db.tables import BackupRow
from dms.kernel.crashpoints import BackupPoint, reached
from dms.kernel.errors import BadInput, DmsError
from dms.kernel.ids import new_id
from dms.kernel.text import N_
from dms.log import place_of
from dms.model.backups import BackupState
from dms.model.events import SYSTEM, By, Event, EventKind
from dms.services.backup.content import Counted, content_frames, key_frames
from dms.services.backup.shapes import KEYS_SUFFIX, BackupView, Head
from dms.services.tools import Tools
from storage.backup_file import Part, Unnamed, taken, write_file
from storage.keys.ring import RootSource
from storage.keys.wrap import Root
from storage.ledger import Ledger

STANDARD_DAYS = 30
MOST_DAYS = 400
BROKEN_OFF = timedelta(days=7)
"""A backup that is not finished after so long was broken off by a kill."""
READABLE = (BackupState.MAKING, BackupState.KEPT, BackupState.UNKNOWN)
"""States in which somebody may still be able to read it."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Places:
    """Where things lie that a backup needs besides database, objects and keys."""

    checkpoint: Path
    scratch: Path
    keys_copied: bool
    """Whether the key store has a second copy elsewhere: then the key of a backup survives without a file."""


class Backups:
    """`roots` gives the root keys at hand, `ledger` is that of what was destroyed."""

    def __init__(self, tools: Tools, roots: RootSource, ledger: Ledger, places: Places) -> None:
        self._tools = tools
        self._roots = roots
        self._ledger = ledger
        self._places = places

    def make(
        self, by: By, file: Path, days: int = STANDARD_DAYS, *, key_in_file: bool | None = None
    ) -> tuple[BackupView, tuple[str, ...]]:
        """Make a backup in `file`, and its keys in a second file beside it; the service may run on.

        From `days` days after today nobody can read it. `key_in_file`: put its key, under the root key, in the file of
        keys; by default where the key store has no second copy. Returns the backup, and the keys of objects that are
        lost in the store. All or nothing: raises BadInput for a name that cannot be used, StoreFull, StoreDown.
        """
        keys_file = checked_target(file, days)
        in_file = not self._places.keys_copied if key_in_file is None else key_in_file
        head = self._begin(by, file, keys_file, days, in_file)
        reached(BackupPoint.BEGUN)
        counted = Counted()
        made: list[Unnamed] = []
        try:
            lines = self._write(head, in_file, file, keys_file, counted, made)
            return self._finish(by, head, counted, made, lines), tuple(counted.lost)
        except BaseException as fault:
            for one in made:
                one.forget()
            self._broke(by, head.id, fault)
            raise

    def all(self) -> list[BackupView]:
        """All backups, the newest first."""
        with self._tools.database.read() as session:
            return [_view(x) for x in session.scalars(select(BackupRow).order_by(BackupRow.made_at.desc()))]

    def sweep(self) -> int:
        """Destroy the keys of backups whose day has come, and of those that were broken off. Returns how many."""
        now, today = self._tools.clock.now(), self._tools.clock.today()
        with self._tools.database.read() as session:
            rows = session.scalars(select(BackupRow).where(BackupRow.state.in_(READABLE))).all()
        ended = 0
        for row in rows:
            if row.unreadable_on <= today:
                self._end(row, BackupState.EXPIRED, SYSTEM)
            elif row.state is BackupState.MAKING and row.made_at < now - BROKEN_OFF:
                self._end(row, BackupState.FAILED, SYSTEM)
            else:
                continue
            ended += 1
        return ended

    def _begin(self, by: By, file: Path, keys_file: Path, days: int, in_file: bool) -> Head:
        backup_id = new_id()
        root = self._roots()[0]
        with self._tools.database.begin() as uow:
            unreadable_on = uow.today + timedelta(days=days)
            uow.session.add(
                BackupRow(
                    id=backup_id,
                    state=BackupState.MAKING,
                    made_at=uow.now,
                    unreadable_on=unreadable_on,
                    file=str(file),
                    keys_file=str(keys_file),
                    key_in_file=in_file,
                )
            )
            uow.record(_event(EventKind.BACKUP_STARTED, by, backup_id, unreadable_on=unreadable_on.isoformat()))
            return Head(backup_id, uow.now, unreadable_on, Root(root).fingerprint, None)

    def _write(
        self, head: Head, in_file: bool, file: Path, keys_file: Path, counted: Counted, made: list[Unnamed]
    ) -> int:
        """Both files, named at the end; returns how many lines the ledger had."""
        key = self._tools.vault.keys.create(head.id)
        self._ledger.append(())  # from now on there is one: where it lacks, somebody forgot to bring it
        ledger = self._ledger.head()
        frames = content_frames(self._tools, head.id, ledger, self._places.checkpoint, self._places.scratch, counted)
        made.append(write_file(file, Part.CONTENT, head.told(), key, frames))
        wrapped = Root(self._roots()[0]).wrap(key, head.bound()) if in_file else None
        keys_head = Head(head.id, head.made_at, head.unreadable_on, Root(self._roots()[0]).fingerprint, wrapped)
        made.append(write_file(keys_file, Part.KEYS, keys_head.told(), key, key_frames(self._tools, counted)))
        reached(BackupPoint.FILES_MADE)
        for one in reversed(made):  # the keys first: whoever finds the backup finds them too
            one.name()
        return ledger[0]

    def _finish(self, by: By, head: Head, counted: Counted, made: Sequence[Unnamed], lines: int) -> BackupView:
        with self._tools.database.begin() as uow:
            row = uow.session.get_one(BackupRow, head.id)
            row.state, row.finished_at = BackupState.KEPT, uow.now
            row.size = sum(x.size for x in made)
            row.documents, row.objects, row.missing = counted.documents, counted.objects, counted.missing
            row.ledger_lines = lines
            uow.record(_event(EventKind.BACKUP_MADE, by, head.id, objects=counted.objects, missing=counted.missing))
            uow.flush()
            return _view(row)

    def _broke(self, by: By, backup_id: UUID, fault: BaseException) -> None:
        code = fault.code if isinstance(fault, DmsError) else type(fault).__name__
        with suppress(DmsError):  # where the database is away too, the sweep does it later
            with self._tools.database.read() as session:
                row = session.get_one(BackupRow, backup_id)
            self._end(row, BackupState.FAILED, by, code)

    def _end(self, row: BackupRow, state: BackupState, by: By, code: str = "") -> None:
        """Destroy the key, and the file of keys where it still lies where it was put; then say so."""
        if row.state is not BackupState.UNKNOWN:
            self._tools.vault.destroy_key(row.id)
            if row.keys_file and row.state is BackupState.KEPT:
                _shred(Path(row.keys_file))
        kind = EventKind.BACKUP_EXPIRED if state is BackupState.EXPIRED else EventKind.BACKUP_FAILED
        with self._tools.database.begin() as uow:
            found = uow.session.get_one(BackupRow, row.id)
            found.state, found.destroyed_at = state, uow.now
            uow.record(_event(kind, by, row.id, reason=code))


def checked_target(file: Path, days: int) -> Path:
    """Where the file of keys comes. Raises BadInput where either cannot be made, or the days make no sense."""
    if not 1 <= days <= MOST_DAYS:
        raise BadInput(
            N_("Een reservekopie is 1 tot en met %(most)s dagen te lezen."),
            N_("Geef met --days een getal daartussen."),
            params={"most": MOST_DAYS},
        )
    keys_file = file.with_name(file.name + KEYS_SUFFIX)
    for one in (file, keys_file):
        if one.exists() or not one.parent.is_dir() or not os.access(one.parent, os.W_OK | os.X_OK):
            raise taken(one)
    return keys_file


def _shred(path: Path) -> None:
    """Remove a file of keys; what cannot be reached is left to a person (the list says where it was)."""
    try:
        path.unlink(missing_ok=True)
    except OSError as fault:
        log.warning("keys_file_stays", error=type(fault).__name__, at=place_of(fault))


def _view(row: BackupRow) -> BackupView:
    return BackupView(
        row.id,
        row.state,
        row.made_at,
        row.unreadable_on,
        row.file,
        row.keys_file,
        row.key_in_file,
        row.size,
        row.documents,
        row.objects,
        row.missing,
    )


def _event(kind: EventKind, by: By, backup_id: UUID, **details: str | int) -> Event:
    return Event(kind, by, None, object_kind="backup", object_id=backup_id, details=details)
