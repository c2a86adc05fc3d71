"""The directory of a Whoosh index: generations side by side, a pointer to the current one, one writer.

    root/current          name of the generation that counts
    root/writer.lock      held by the one writer
    root/gen-<id>/        one Whoosh index, with format.json

Whoosh never calls fsync: `DurableStorage` does, before a table of contents takes its name. Index files hold pickles,
so that whoever can write them can run code: the directory must belong to this account and be closed to others.
"""

import fcntl
import json
import mmap
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import FileIndex

from dms.kernel.errors import Conflict, SetupWrong
from dms.kernel.ids import new_id
from dms.kernel.text import N_
from indexing.analysis import ANALYSER_VERSION
from indexing.whoosh_schema import SCHEMA_VERSION, make_schema

FORMAT = {"analyser": ANALYSER_VERSION, "schema": SCHEMA_VERSION}
_POINTER = "current"
_PREFIX = "gen-"


class DurableStorage(FileStorage):  # type: ignore[misc]  # whoosh has no types
    """Files that are on disk before anything refers to them. Every commit ends in a rename: that is the moment."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self._fresh: set[str] = set()

    def create_file(self, name: str, excl: bool = False, mode: str = "wb", **more: object) -> StructFile:
        """As the base class; the file is remembered until the next rename and is closed to other accounts."""
        self._fresh.add(name)
        flags = os.O_CREAT | os.O_RDWR | (os.O_EXCL if excl else os.O_TRUNC)
        return StructFile(os.fdopen(os.open(self._fpath(name), flags, 0o600), mode), name=name, **more)

    def open_file(self, name: str, **more: object) -> StructFile:
        """Open for reading, in memory pages shared with other processes."""
        with open(self._fpath(name), "rb") as raw:
            if os.fstat(raw.fileno()).st_size:
                return StructFile(mmap.mmap(raw.fileno(), 0, access=mmap.ACCESS_READ), name=name, **more)
        return super().open_file(name, **more)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Sync what was written since the last rename, then rename, then sync the directory."""
        for name in self._fresh:
            path = self._fpath(name)
            if os.path.exists(path):
                _sync(Path(path))
        _sync(Path(self.folder))
        super().rename_file(oldname, newname, safe=safe)
        _sync(Path(self.folder))
        self._fresh.clear()


class IndexHouse:
    """The generations under one root."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def current(self) -> Path | None:
        """The directory of the generation that counts; None where there is none yet."""
        try:
            name = (self.root / _POINTER).read_text(encoding="ascii").strip()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return self.root / name if name.startswith(_PREFIX) and "/" not in name else None

    def fits(self, directory: Path) -> bool:
        """Whether this version of the analyser and the schema wrote it."""
        try:
            return bool(json.loads((directory / "format.json").read_text(encoding="utf-8")) == FORMAT)
        except (OSError, ValueError):
            return False

    def usable(self) -> bool:
        """Whether there is a current generation and this version wrote it."""
        while True:
            directory = self.current()
            fitting = directory is not None and self.fits(directory)
            # A rebuild may take the directory away between two looks; the pointer has moved by then.
            if fitting or self.current() == directory:
                return fitting

    def create(self) -> tuple[Path, FileIndex]:
        """A new, empty generation that does not count yet: its directory and its Whoosh index."""
        self._prepare_root()
        directory = self.root / f"{_PREFIX}{new_id().hex}"
        directory.mkdir(mode=0o700)
        path = directory / "format.json"
        path.write_text(json.dumps(FORMAT), encoding="utf-8")
        _sync(path)
        return directory, FileIndex.create(DurableStorage(directory), make_schema())

    def open(self, directory: Path) -> FileIndex:
        """The Whoosh index of a generation. Raises SetupWrong where others could have written it."""
        self._check_owner(self.root)
        return FileIndex(DurableStorage(directory), schema=make_schema())

    def publish(self, directory: Path) -> None:
        """Let `directory` be the generation that counts, in one step that survives a power cut."""
        fresh = self.root / f"{_POINTER}.new"
        fresh.write_text(directory.name + "\n", encoding="ascii")
        _sync(directory)
        _sync(fresh)
        fresh.replace(self.root / _POINTER)
        _sync(self.root)

    def sweep(self) -> None:
        """Drop what no pointer and no commit refers to. Only for the one writer; what fails is tried next time.

        Readers hold the files that they opened: taking the names away does not disturb them.
        """
        keep = self.current()
        for directory in self.root.glob(f"{_PREFIX}*"):
            if directory != keep:
                shutil.rmtree(directory, ignore_errors=True)
        if keep is not None:
            for leftover in keep.glob("_*.toc.*"):
                leftover.unlink(missing_ok=True)
            shutil.rmtree(keep / "MAIN.tmp", ignore_errors=True)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the one writer. Raises Conflict where another is at work, in this process or elsewhere."""
        self._prepare_root()
        handle = os.open(self.root / "writer.lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Conflict(
                    N_("Het zoekregister wordt al bijgewerkt."),
                    N_("Wacht tot dat klaar is en probeer het dan opnieuw."),
                    code="index_busy",
                ) from None
            yield
        finally:
            os.close(handle)

    def _prepare_root(self) -> None:
        if not self.root.is_dir():
            self.root.mkdir(parents=True, mode=0o700)
        self._check_owner(self.root)

    def _check_owner(self, directory: Path) -> None:
        facts = directory.stat()
        if facts.st_uid != os.geteuid() or facts.st_mode & 0o022:
            raise SetupWrong(
                N_("De map van het zoekregister is niet van dit account, of anderen mogen erin schrijven."),
                N_("Geef de map aan het account van de dienst en zet de rechten op 0700."),
            )


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
