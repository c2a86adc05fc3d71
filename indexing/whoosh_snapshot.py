"""Consistent views of a Whoosh index for readers: one commit, all of its segments, everything opened at once.

A snapshot belongs to one thread at a time; idle ones of the current generation wait in a small pool. All files are
open when a snapshot is handed out, so that a writer who takes their names away does not disturb it.
"""

import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from whoosh.index import EmptyIndexError
from whoosh.reading import SegmentReader

from dms.kernel.errors import OutsideDown
from dms.kernel.text import N_
from indexing.whoosh_segment import Dictionary, Facts, FactsShelf, Flags, open_reader
from indexing.whoosh_store import IndexHouse

_COMMIT = re.compile(r"_MAIN_(\d+)\.toc")
_TRIES = 40
_PAUSE = 0.05
_IDLE = 16


@dataclass(eq=False)
class Snapshot:
    """One commit. `live` says for each segment which entries are not deleted."""

    generation: str
    ids: Dictionary
    readers: list[SegmentReader]
    facts: list[Facts]
    live: list[Flags]

    def close(self) -> None:
        """Give the files back."""
        for reader in self.readers:
            reader.close()


class SnapshotPool:
    """Hands out snapshots of the newest commit."""

    def __init__(self, house: IndexHouse) -> None:
        self._house = house
        self._shelf = FactsShelf()
        self._idle: list[Snapshot] = []
        self._lock = threading.Lock()

    @property
    def shelf(self) -> FactsShelf:
        """The facts of segments in use, shared with the writer of this process."""
        return self._shelf

    def generation(self) -> str:
        """The name of the newest commit; empty where there is no index."""
        for _ in range(_TRIES):
            directory = self._house.current()
            if directory is None:
                return ""
            commit = self._commit(directory)
            if commit is not None:
                return _name(directory, commit)
            time.sleep(_PAUSE)
        return ""

    @contextmanager
    def newest(self) -> Iterator[Snapshot]:
        """A snapshot of the newest commit, for this thread alone.

        Raises OutsideDown where there is no index yet, where another version wrote it, or where it cannot be read.
        """
        snapshot = self._take(self.generation())
        try:
            yield snapshot
        finally:
            with self._lock:
                keep = len(self._idle) < _IDLE
                if keep:
                    self._idle.append(snapshot)
            if not keep:
                snapshot.close()

    def close(self) -> None:
        """Give back all idle snapshots."""
        with self._lock:
            idle, self._idle = self._idle, []
        for snapshot in idle:
            snapshot.close()

    def _take(self, generation: str) -> Snapshot:
        with self._lock:
            fresh = [x for x in self._idle if x.generation == generation]
            stale = [x for x in self._idle if x.generation != generation]
            taken = fresh.pop() if fresh else None
            self._idle = fresh
        for snapshot in stale:
            snapshot.close()
        return taken if taken is not None else self._open()

    def _open(self) -> Snapshot:
        for attempt in range(_TRIES):
            if not self._house.usable():
                raise not_ready()
            try:
                return self._read(self._house.current())
            except (OSError, EmptyIndexError):
                # A writer or a rebuild took a file away between two looks: look again.
                if attempt + 1 == _TRIES:
                    break
                time.sleep(_PAUSE)
        raise OutsideDown(
            N_("Het zoekregister is nu niet te lezen."),
            N_("Probeer het over een minuut opnieuw. Blijft het zo, vraag dan de beheerder om `dms reindex`."),
            code="index_unreadable",
        )

    def _read(self, directory: Path | None) -> Snapshot:
        if directory is None:
            raise FileNotFoundError
        index = self._house.open(directory)
        contents = index._read_toc()
        ids = self._shelf.ids(directory)
        segments = [x for x in contents.segments if x.doc_count_all()]
        facts = [self._shelf.facts(directory, x) for x in segments]
        readers: list[SegmentReader] = []
        try:
            readers.extend(open_reader(index.storage, x) for x in segments)
        except OSError:
            for reader in readers:
                reader.close()
            raise
        live = []
        for segment in segments:
            flags = np.ones(segment.doc_count_all(), dtype=np.bool_)
            flags[list(segment.deleted_docs())] = False
            live.append(flags)
        return Snapshot(_name(directory, contents.generation), ids, readers, facts, live)

    def _commit(self, directory: Path) -> int | None:
        try:
            names = os.listdir(directory)
        except OSError:
            return None
        return max((int(x[1]) for name in names if (x := _COMMIT.fullmatch(name))), default=None)


def not_ready() -> OutsideDown:
    """There is no index yet, or one that must be built again first."""
    return OutsideDown(
        N_("Het zoekregister wordt nog opgebouwd."),
        N_("Probeer het over een minuut opnieuw. Blijft het zo, vraag dan de beheerder om `dms reindex`."),
        code="index_not_ready",
    )


def _name(directory: Path, commit: int) -> str:
    return f"{directory.name}:{commit}"
