"""Where an export is written: a folder or a ZIP, whole or not at all.

It is written under another name beside its place and renamed at the end. Of every file its size and SHA-256 are kept in
a list on disk, so that memory does not grow with the school.
"""

import csv
import hashlib
import io
import os
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Self

from dms.services.exit.layout import FILES, PIECE, taken
from storage.errors import DISK_FULL, StoreDown, StoreFull

LIST_HEAD = ("pad", "sha256", "grootte")
STORED = (".jpg", ".jpeg", ".png", ".pdf", ".zip", ".docx", ".xlsx", ".pptx")
"""Endings of what does not get smaller."""


class Output:
    """One export in the making. Use it with `with`: what is not `finish`ed is taken away."""

    def __init__(self, path: Path, made_at: datetime) -> None:
        self.path = path
        self.files = 0
        self.size = 0
        self._temporary = path.with_name(f".{path.name}.bezig")
        self._list_path = path.with_name(f".{path.name}.lijst")
        self._when = made_at.timetuple()[:6]
        self._zip: zipfile.ZipFile | None = None
        self._raw: IO[bytes] | None = None
        self._list: IO[str] | None = None

    def __enter__(self) -> Self:
        if self.path.exists() or not self.path.parent.is_dir():
            raise taken(self.path)
        self._take_away()  # of one that was broken off
        with _outside():
            self._list = os.fdopen(
                os.open(self._list_path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+", newline=""
            )
            if self.path.suffix.lower() == ".zip":
                self._raw = _private(self._temporary)
                self._zip = zipfile.ZipFile(self._raw, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
            else:
                self._temporary.mkdir(mode=0o700)
        csv.writer(self._list, delimiter=";", lineterminator="\r\n").writerow(LIST_HEAD)
        return self

    def __exit__(self, *fault: object) -> None:
        if self._list is not None:
            self._list.close()
        if self._zip is not None:
            with suppress(OSError, ValueError):
                self._zip.close()
        if self._raw is not None:
            self._raw.close()
        self._take_away()

    def add(self, path: str, chunks: Iterable[bytes], *, listed: bool = True) -> tuple[str, int]:
        """Write a file; returns its SHA-256 and size in bytes. Raises StoreFull, StoreDown."""
        digest, size = hashlib.sha256(), 0
        with _outside(), self._opened(path) as file:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
        if listed:
            assert self._list is not None
            csv.writer(self._list, delimiter=";", lineterminator="\r\n").writerow((path, digest.hexdigest(), size))
            self.files += 1
            self.size += size
        return digest.hexdigest(), size

    def add_list(self) -> str:
        """Write the list of all files so far; returns its SHA-256."""
        assert self._list is not None
        self._list.flush()
        with self._list_path.open("rb") as raw:
            return self.add(FILES, iter(lambda: raw.read(PIECE), b""), listed=False)[0]

    def finish(self) -> None:
        """Give it its name, on disk. Raises BadInput where the name was taken meanwhile."""
        with _outside():
            if self._zip is not None and self._raw is not None:
                self._zip.close()
                self._zip = None
                self._raw.flush()
                os.fsync(self._raw.fileno())
            else:
                os.sync()  # once for all files together
            if self.path.exists():
                raise taken(self.path)
            self._temporary.rename(self.path)
            handle = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    @contextmanager
    def _opened(self, path: str) -> Iterator[IO[bytes]]:
        if self._zip is not None:
            info = zipfile.ZipInfo(path, self._when)
            info.compress_type = zipfile.ZIP_STORED if path.lower().endswith(STORED) else zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            with self._zip.open(info, "w", force_zip64=True) as file:
                yield file
            return
        target = self._temporary / path
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _private(target) as file:
            yield file

    def _take_away(self) -> None:
        self._list_path.unlink(missing_ok=True)
        if self._temporary.is_dir():
            shutil.rmtree(self._temporary, ignore_errors=True)
        else:
            self._temporary.unlink(missing_ok=True)


def head_of(columns: str) -> list[str]:
    """The names of columns that stand between spaces."""
    return columns.split()


def text_chunks(lines: Iterable[str]) -> Iterator[bytes]:
    """Text as bytes in pieces of some size."""
    buffer = io.StringIO()
    for line in lines:
        buffer.write(line)
        if buffer.tell() > PIECE:
            yield buffer.getvalue().encode()
            buffer = io.StringIO()
    yield buffer.getvalue().encode()


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


@contextmanager
def _outside() -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise StoreFull() if fault.errno in DISK_FULL else StoreDown() from fault
