"""An export that is read back: from a folder or a ZIP. Everything is proven before anything is done with it."""

import csv
import hashlib
import hmac
import io
import json
import os
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

from dms.db import migrate
from dms.services.exit.layout import (
    FILES,
    FORMAT,
    MANIFEST,
    MANIFEST_SUM,
    OUTSIDE_LIST,
    PIECE,
    VERSION,
    ExitBroken,
)

LARGEST_MANIFEST = 16 * 1024 * 1024
LONGEST_LINE = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list of files."""

    path: str
    sha256: str
    size: int


class Source:
    """The files of one export. Use it with `with`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._zip: zipfile.ZipFile | None = None
        self.manifest: dict[str, Any] = {}
        self.mark = ""

    def __enter__(self) -> Self:
        if not self._path.is_dir():
            try:
                self._zip = zipfile.ZipFile(self._path)
            except (OSError, zipfile.BadZipFile):
                raise ExitBroken("exit_unreadable") from None
        return self

    def __exit__(self, *fault: object) -> None:
        if self._zip is not None:
            self._zip.close()

    def verify(self, mark: str = "") -> None:
        """Read every byte and compare it with what the export says of itself; `mark` is what its maker told apart.

        Raises ExitBroken with the reason: missing, extra, changed, manifest or list changed, newer.
        """
        self.open_manifest()
        if mark and not hmac.compare_digest(self.mark, "".join(mark.split()).lower()):
            raise ExitBroken("exit_mark")
        if self._digest(FILES) != self.manifest.get("bestandenlijst_sha256"):
            raise ExitBroken("exit_list_changed")
        names = self._names()
        for one in self.listed():
            if one.path not in names:
                raise ExitBroken("exit_missing", one.path)
            names.discard(one.path)
            if self._size(one.path) != one.size or self._digest(one.path) != one.sha256:
                raise ExitBroken("exit_changed", one.path)
        for name in sorted(names - OUTSIDE_LIST):
            raise ExitBroken("exit_extra", name)

    def open_manifest(self) -> None:
        """Read the manifest, proven against its sum. Raises ExitBroken."""
        try:
            raw = self._small(MANIFEST)
            said = self._small(MANIFEST_SUM).decode("ascii", "replace").split()
        except ExitBroken:
            raise ExitBroken("exit_unreadable") from None
        self.mark = hashlib.sha256(raw).hexdigest()
        if said[:1] != [self.mark]:
            raise ExitBroken("exit_manifest_changed")
        try:
            found = json.loads(raw)
            format_of, version, revision = found["formaat"], int(found["versie"]), str(found["revisie"])
        except (ValueError, KeyError, TypeError):
            raise ExitBroken("exit_unreadable") from None
        if format_of != FORMAT:
            raise ExitBroken("exit_unreadable")
        if version > VERSION or not migrate.known(revision):
            raise ExitBroken("exit_newer")
        self.manifest = found

    def listed(self) -> Iterator[Listed]:
        """The list of files, line by line."""
        with self._text(FILES) as file:
            rows = csv.reader(file, delimiter=";")
            next(rows, None)
            for row in rows:
                if len(row) != 3 or not row[2].isdecimal() or not _inside(row[0]):
                    raise ExitBroken("exit_list_changed")
                yield Listed(row[0], row[1], int(row[2]))

    def lines(self, path: str) -> Iterator[dict[str, Any]]:
        """The objects of a file with one JSON object per line."""
        with self._text(path) as file:
            while line := file.readline(LONGEST_LINE):
                yield json.loads(line)

    def json(self, path: str) -> Any:  # noqa: ANN401 - whatever stands there
        """What a small JSON file says."""
        return json.loads(self._small(path))

    def text(self, path: str) -> str:
        """The text of a small file."""
        return self._small(path).decode()

    def chunks(self, path: str) -> Iterator[bytes]:
        """The bytes of a file in pieces."""
        with self._open(path) as file:
            while piece := file.read(PIECE):
                yield piece

    @contextmanager
    def _open(self, path: str) -> Iterator[IO[bytes]]:
        try:
            if self._zip is not None:
                with self._zip.open(path) as file:
                    yield file
            else:
                descriptor = os.open(self._path / path, os.O_RDONLY | os.O_NOFOLLOW)
                with os.fdopen(descriptor, "rb") as plain:
                    yield plain
        except (OSError, KeyError):
            raise ExitBroken("exit_missing", path) from None
        # NotImplementedError is how zipfile says that it does not know a way of packing.
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
            raise ExitBroken("exit_changed", path) from None

    @contextmanager
    def _text(self, path: str) -> Iterator[IO[str]]:
        with self._open(path) as file:
            yield io.TextIOWrapper(file, "utf-8", newline="")

    def _small(self, path: str) -> bytes:
        with self._open(path) as file:
            raw = file.read(LARGEST_MANIFEST + 1)
        if len(raw) > LARGEST_MANIFEST:
            raise ExitBroken("exit_unreadable")
        return raw

    def _digest(self, path: str) -> str:
        digest = hashlib.sha256()
        for piece in self.chunks(path):
            digest.update(piece)
        return digest.hexdigest()

    def _size(self, path: str) -> int:
        if self._zip is not None:
            return self._zip.getinfo(path).file_size
        return (self._path / path).lstat().st_size

    def _names(self) -> set[str]:
        """The names of all files. What is no file of its own (a link, a name twice, a way out) belongs in none."""
        names: set[str] = set()
        if self._zip is not None:
            for info in self._zip.infolist():
                link = stat.S_ISLNK(info.external_attr >> 16)
                if info.filename in names or link or info.is_dir() or not _inside(info.filename):
                    raise ExitBroken("exit_extra", info.filename)
                names.add(info.filename)
            return names
        for folder, folders, files in os.walk(self._path):
            for name in (*files, *(x for x in folders if (Path(folder) / x).is_symlink())):
                one = Path(folder) / name
                shown = one.relative_to(self._path).as_posix()
                if not stat.S_ISREG(one.lstat().st_mode):
                    raise ExitBroken("exit_extra", shown)
                names.add(shown)
        return names


def _inside(path: str) -> bool:
    """Whether a path stays within the export."""
    parts = path.split("/")
    return bool(path) and not path.startswith("/") and "\\" not in path and not {"", ".", ".."} & set(parts)
