"""The ledger of what was destroyed: a file apart from database, objects and backups, to which lines are only added.

Whoever restores a backup replays it, so that what was destroyed after the backup does not come back. A line holds ids,
keyed digests and days, never a name. Each line carries the digest of the line before, so that a line that was changed,
taken out or put in shows; that the last lines were cut off shows by comparing `head` with what the database knows.

Several machines share one folder (a network disk with locks): one file, one chain.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

from dms.kernel.crashpoints import DestructionPoint, reached
from dms.kernel.errors import Broken
from dms.kernel.text import N_
from storage.errors import DISK_FULL, StoreDown, StoreFull

FILE_NAME = "destroyed.jsonl"
NOTHING = "0" * 64
"""The digest before the first line."""


class Destroyed(StrEnum):
    """What a line says was destroyed."""

    DOCUMENT = "document"
    """A document with its key, bytes and rows."""
    PLACEMENT = "placement"
    """A document's place in one dossier; the document lives on in another."""
    PUPIL = "pupil"
    """A pupil's own data."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One destruction. `id` is of what was destroyed, by its kind; `tombstones` are keyed digests of what may not
    come in again; `list_id` is the disposal list, empty for what went without one.
    """

    kind: Destroyed
    id: UUID
    board_id: UUID
    school_id: UUID
    at: datetime
    placement_id: UUID | None = None
    document_id: UUID | None = None
    list_id: UUID | None = None
    tombstones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A line as it stands: its number (from 1), the entry, the digest of the line before and its own."""

    number: int
    entry: LedgerEntry
    previous: str
    digest: str


@dataclass(frozen=True, slots=True)
class LedgerFault:
    """Where the ledger is not what it was: `line` of the file (from 1), and `what`: changed, order, broken, torn."""

    line: int
    what: str


class LedgerDamaged(Broken):
    """The ledger is not what was written: nothing is destroyed until a person has looked."""

    code = "ledger_damaged"

    def __init__(self, line: int) -> None:
        super().__init__(
            N_("Het register van vernietiging klopt niet vanaf regel %(line)s. Er wordt niets vernietigd."),
            N_("Zet het register uit zijn eigen reservekopie terug, of vraag de applicatiebeheerder om uitleg."),
            params={"line": line},
        )


@dataclass(slots=True)
class _Seen:
    """What this process knows of the file up to byte `end`."""

    end: int = 0
    number: int = 0
    digest: str = NOTHING
    ids: dict[tuple[Destroyed, UUID], int] = field(default_factory=dict)


class Ledger:
    """The file in `folder`, made when absent (folder 0700, file 0600). Safe between threads and processes."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME
        self._seen = _Seen()

    def append(self, entries: Sequence[LedgerEntry]) -> list[LedgerLine]:
        """Add a line for each, on disk when this returns. Returns the lines as they stand, in the order given.

        What the ledger holds already (same kind and id) gets no second line. Half a line that a power cut left is
        dropped first: nobody was told of it. Raises `LedgerDamaged`, `StoreFull`, `StoreDown`.
        """
        wanted: dict[tuple[Destroyed, UUID], LedgerEntry] = {(x.kind, x.id): x for x in entries}
        with self._locked() as file:
            whole = self._catch_up(file)
            if os.fstat(file).st_size > whole:
                os.ftruncate(file, whole)
            seen = self._seen
            fresh = [x for key, x in wanted.items() if key not in seen.ids]
            lines, text = [], b""
            number, digest = seen.number, seen.digest
            for entry in fresh:
                number += 1
                line = _line(number, entry, digest)
                digest = line.digest
                lines.append(line)
                text += _text(line)
            if text:
                _write_whole(file, text, whole)
                reached(DestructionPoint.LEDGER_WRITTEN)
                os.fsync(file)
                reached(DestructionPoint.LEDGER_SYNCED)
                for line in lines:
                    seen.ids[line.entry.kind, line.entry.id] = line.number
                seen.end, seen.number, seen.digest = whole + len(text), number, digest
            if len(lines) == len(wanted):
                return lines
            made = {(x.entry.kind, x.entry.id): x for x in lines}
        stood = {(x.entry.kind, x.entry.id): x for x in self.read() if (x.entry.kind, x.entry.id) in wanted}
        return [made.get(key) or stood[key] for key in wanted]

    def read(self, after: int = 0) -> Iterator[LedgerLine]:
        """All whole lines with a number above `after`, oldest first. Raises `LedgerDamaged`, `StoreDown`."""
        previous = NOTHING
        for nth, raw in enumerate(self._raw(), 1):
            line = _parsed(raw)
            if line is None or line.number != nth or line.previous != previous:
                raise LedgerDamaged(nth)
            previous = line.digest
            if line.number > after:
                yield line

    def verify(self) -> tuple[int, list[LedgerFault]]:
        """Walk the whole chain: how many lines there are, and every fault with its place. Raises `StoreDown`."""
        faults: list[LedgerFault] = []
        previous, count = NOTHING, 0
        for nth, raw in enumerate(self._raw(torn=True), 1):
            if not raw.endswith(b"\n"):
                faults.append(LedgerFault(nth, "torn"))
                continue
            count += 1
            line = _parsed(raw)
            if line is None:
                faults.append(LedgerFault(nth, "broken" if _loaded(raw) is None else "changed"))
                previous = str((_loaded(raw) or {}).get("digest", NOTHING))
                continue
            if line.number != nth or line.previous != previous:
                faults.append(LedgerFault(nth, "order"))
            previous = line.digest
        return count, faults

    def head(self) -> tuple[int, str]:
        """Number and digest of the last line; 0 and zeros for an empty ledger. Raises `LedgerDamaged`, `StoreDown`."""
        if not self.path.exists():
            return 0, NOTHING
        with self._locked() as file:
            self._catch_up(file)
            return self._seen.number, self._seen.digest

    def number_of(self, kind: Destroyed, id: UUID) -> int | None:
        """The number of the line about this, None where there is none."""
        if not self.path.exists():
            return None
        with self._locked() as file:
            self._catch_up(file)
            return self._seen.ids.get((kind, id))

    @contextmanager
    def _locked(self) -> Iterator[int]:
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            new = not self.path.exists()
            file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                if new:
                    _sync_folder(self.path.parent)
                fcntl.flock(file, fcntl.LOCK_EX)
                yield file
            finally:
                os.close(file)
        except OSError as error:
            raise StoreFull() if error.errno in DISK_FULL else StoreDown() from error

    def _catch_up(self, file: int) -> int:
        """Take in what was added since; returns where the last whole line ends."""
        size = os.fstat(file).st_size
        if size < self._seen.end:  # replaced by another file: begin anew
            self._seen = _Seen()
        seen = self._seen
        data = os.pread(file, size - seen.end, seen.end)
        for raw in data.splitlines(keepends=True):
            if not raw.endswith(b"\n"):
                break
            line = _parsed(raw)
            if line is None or line.number != seen.number + 1 or line.previous != seen.digest:
                self._seen = _Seen()
                raise LedgerDamaged(seen.number + 1)
            seen.end += len(raw)
            seen.number, seen.digest = line.number, line.digest
            seen.ids[line.entry.kind, line.entry.id] = line.number
        return seen.end

    def _raw(self, *, torn: bool = False) -> Iterator[bytes]:
        try:
            with self.path.open("rb") as file:
                for raw in file:
                    if torn or raw.endswith(b"\n"):
                        yield raw
        except FileNotFoundError:
            return
        except OSError as error:
            raise StoreDown from error


def copy_lines(lines: Iterable[LedgerLine], path: Path) -> int:
    """Write lines as they stand to another file, on disk when this returns; returns how many."""
    count = 0
    with path.open("xb") as file:
        os.fchmod(file.fileno(), 0o600)
        for line in lines:
            file.write(_text(line))
            count += 1
        file.flush()
        os.fsync(file.fileno())
    return count


def _line(number: int, entry: LedgerEntry, previous: str) -> LedgerLine:
    return LedgerLine(number, entry, previous, _digest(_body(number, entry, previous)))


def _body(number: int, entry: LedgerEntry, previous: str) -> dict[str, Any]:
    return {
        "number": number,
        "kind": entry.kind.value,
        "id": str(entry.id),
        "board": str(entry.board_id),
        "school": str(entry.school_id),
        "at": entry.at.isoformat(),
        "placement": _optional(entry.placement_id),
        "document": _optional(entry.document_id),
        "list": _optional(entry.list_id),
        "tombstones": list(entry.tombstones),
        "previous": previous,
    }


def _optional(id: UUID | None) -> str | None:
    return None if id is None else str(id)


def _digest(body: dict[str, Any]) -> str:
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _text(line: LedgerLine) -> bytes:
    body = _body(line.number, line.entry, line.previous) | {"digest": line.digest}
    return json.dumps(body, separators=(",", ":"), ensure_ascii=True).encode("ascii") + b"\n"


def _loaded(raw: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(raw)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _parsed(raw: bytes) -> LedgerLine | None:
    """The line, None where it is not what was written."""
    body = _loaded(raw)
    if body is None:
        return None
    digest = body.pop("digest", None)
    if digest != _digest(body):
        return None
    try:
        entry = LedgerEntry(
            kind=Destroyed(body["kind"]),
            id=UUID(body["id"]),
            board_id=UUID(body["board"]),
            school_id=UUID(body["school"]),
            at=datetime.fromisoformat(body["at"]),
            placement_id=_id(body["placement"]),
            document_id=_id(body["document"]),
            list_id=_id(body["list"]),
            tombstones=tuple(body["tombstones"]),
        )
        return LedgerLine(int(body["number"]), entry, str(body["previous"]), digest)
    except (KeyError, TypeError, ValueError):
        return None


def _id(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)


def _write_whole(file: int, text: bytes, at: int) -> None:
    while text:
        written = os.pwrite(file, text, at)
        text, at = text[written:], at + written


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
