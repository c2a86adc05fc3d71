"""The files of a backup: an open head, and after it one long ciphertext of frames, under the key of that backup.

A file is a magic word, the length of the head (4 bytes), the head (JSON: which backup, when, until when; no personal
data) and an envelope (`storage.envelope`) that is bound to the digest of all that stands before it: a head that was
changed opens nothing. In the envelope stand frames: a letter, a length (4 bytes), that many bytes. The last one, `E`,
holds the digest of all frames before it, so that what the writer meant and what was read are the same.

Writing is all or nothing: a file of its own beside the target, synced, given its name at the end. Both ways hold a few
hundred kilobytes in memory, however long the file.
"""

import hashlib
import json
import os
import struct
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO

from dms.kernel.crashpoints import BackupPoint, reached
from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from storage.envelope import ObjectContext, decrypt, encrypt
from storage.errors import DISK_FULL, Damaged, StoreDown, StoreFull

FORMAT = 1
MOST_HEAD = 64 * 1024
MOST_FRAME = 256 * 1024 * 1024
"""Bytes in a frame: a bunch of rows; objects are cut in pieces."""
END = b"E"

_LENGTH = struct.Struct(">I")
_FRAME = struct.Struct(">cI")


class Part(StrEnum):
    """The two files of a backup, by the word that each begins with."""

    CONTENT = "DKLSBACKUP"
    KEYS = "DKLSBKEYS"


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame: its letter and what it holds."""

    kind: bytes
    data: bytes

    def told(self) -> Any:  # noqa: ANN401 - JSON of any shape
        """The JSON in it."""
        return json.loads(self.data)


class BackupBroken(BadInput):
    """A file that is no backup, or not, byte for byte, the backup that was made."""

    code = "backup_broken"

    def __init__(self, path: Path) -> None:
        super().__init__(
            N_("Het bestand %(path)s is geen hele reservekopie: het is afgekapt, veranderd of iets anders."),
            N_("Er is niets veranderd. Gebruik een ander exemplaar van deze reservekopie, of een andere."),
            params={"path": str(path)},
        )


def frame(kind: bytes, data: bytes | Mapping[str, Any] | list[Any]) -> bytes:
    """A frame as bytes; what is not bytes is written as JSON."""
    body = data if isinstance(data, bytes) else json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    return _FRAME.pack(kind, len(body)) + body


def write_file(path: Path, part: Part, head: Mapping[str, Any], key: bytes, frames: Iterable[bytes]) -> "Unnamed":
    """Write a file beside `path`, whole and synced, without its name yet. Raises `StoreFull`, `StoreDown`."""
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    opening = _opening(part, head)
    with _outside():
        file = os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb")
    made = Unnamed(temporary, path)
    try:
        with file:
            size = len(opening)
            with _outside():
                file.write(opening)
                reached(BackupPoint.FILE_OPENED)
            for piece in encrypt(_ended(frames), key, _context(opening)):  # an OSError of the source is not ours
                with _outside():
                    file.write(piece)
                    if size == len(opening):
                        file.flush()
                        reached(BackupPoint.FILE_HALF)
                size += len(piece)
            with _outside():
                file.flush()
                os.fsync(file.fileno())
                reached(BackupPoint.FILE_WRITTEN)
    except BaseException:
        made.forget()
        raise
    made.size = size
    return made


@dataclass(slots=True)
class Unnamed:
    """A whole file that waits for its name."""

    temporary: Path
    path: Path
    size: int = 0
    named: bool = False

    def name(self) -> None:
        """Give it its name; nothing is replaced. Raises `BadInput` where the name was taken meanwhile."""
        with _outside():
            if self.path.exists():
                raise taken(self.path)
            self.temporary.rename(self.path)
            self.named = True
            reached(BackupPoint.NAMED)
            handle = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def forget(self) -> None:
        """Take it away, whether it has its name or not."""
        with suppress(OSError):
            (self.path if self.named else self.temporary).unlink(missing_ok=True)


def read_head(path: Path, part: Part) -> dict[str, Any]:
    """The open head of a file. Raises `BackupBroken`, `BadInput` where it cannot be read."""
    with _reading(path) as file:
        return _head(path, file, part)[0]


def read_frames(path: Path, part: Part, key: bytes) -> Iterator[Frame]:
    """All frames but the last, each proven before it is given. Raises `BackupBroken` where the file is not whole.

    Only at the end is it known that nothing was cut off: read to the end before anything is done with it.
    """
    with _reading(path) as file:
        _, opening = _head(path, file, part)
        try:
            yield from _checked(path, decrypt(_pieces(file), key, _context(opening)))
        except Damaged:
            raise BackupBroken(path) from None


def taken(path: Path) -> BadInput:
    """The refusal of a name that is there already, or where nothing can be written."""
    return BadInput(
        N_("Het bestand %(path)s kan niet worden gemaakt."),
        N_("Kies een andere plaats, of een naam die nog niet bestaat."),
        params={"path": str(path)},
    )


def _opening(part: Part, head: Mapping[str, Any]) -> bytes:
    text = json.dumps({**head, "format": FORMAT}, sort_keys=True, separators=(",", ":")).encode()
    return f"{part.value}\n".encode() + _LENGTH.pack(len(text)) + text


def _context(opening: bytes) -> ObjectContext:
    return ObjectContext(f"backup/{hashlib.sha256(opening).hexdigest()}", FORMAT)


def _ended(frames: Iterable[bytes]) -> Iterator[bytes]:
    digest = hashlib.sha256()
    for one in frames:
        digest.update(one)
        yield one
    yield frame(END, digest.hexdigest().encode())


def _head(path: Path, file: BinaryIO, part: Part) -> tuple[dict[str, Any], bytes]:
    word = f"{part.value}\n".encode()
    start = file.read(len(word) + _LENGTH.size)
    if len(start) != len(word) + _LENGTH.size or not start.startswith(word):
        raise BackupBroken(path)
    (length,) = _LENGTH.unpack(start[len(word) :])
    text = file.read(length) if length <= MOST_HEAD else b""
    try:
        head = json.loads(text)
        known = isinstance(head, dict) and head["format"] == FORMAT
    except (ValueError, KeyError):
        known = False
    if len(text) != length or not known:
        raise BackupBroken(path)
    return head, start + text


def _checked(path: Path, pieces: Iterator[bytes]) -> Iterator[Frame]:
    buffer = bytearray()
    digest = hashlib.sha256()
    wanted: int | None = None
    kind = b""
    ended = False
    for piece in pieces:
        buffer += piece
        while True:
            if wanted is None:
                if len(buffer) < _FRAME.size:
                    break
                kind, wanted = _FRAME.unpack_from(buffer)
                if ended or wanted > MOST_FRAME:
                    raise BackupBroken(path)
            if len(buffer) < _FRAME.size + wanted:
                break
            whole = bytes(buffer[: _FRAME.size + wanted])
            del buffer[: len(whole)]
            wanted = None
            if kind == END:
                ended = whole[_FRAME.size :] == digest.hexdigest().encode()
                if not ended:
                    raise BackupBroken(path)
                continue
            digest.update(whole)
            yield Frame(kind, whole[_FRAME.size :])
    if not ended or buffer:
        raise BackupBroken(path)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(256 * 1024):
        yield piece


@contextmanager
def _reading(path: Path) -> Iterator[BinaryIO]:
    try:
        file = path.open("rb")
    except OSError as fault:
        raise BadInput(
            N_("Het bestand %(path)s kan niet worden gelezen."),
            N_("Controleer de naam en of u het mag lezen."),
            params={"path": str(path)},
        ) from fault
    with file:
        yield file


@contextmanager
def _outside() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreFull() if error.errno in DISK_FULL else StoreDown() from error
