"""The absence check: after a destruction, is there really nothing left? Reads raw bytes, and believes no row.

Places: the database's own files (on PostgreSQL where the account may read them, else its rows), everything in the data
folder (index, job folders, logs of ours), the objects (lists them for each destroyed document, older versions and
unfinished writes too, and reads the bytes of all, up to `MOST_OBJECT_BYTES`), the dictionaries and compressed blocks
of the index, the keys, and the rows. Before all that it hides something itself and finds it: a check that finds nothing
would else prove nothing.

What stands in a living row of the same words (the title "Rapport" of another document) is no remains and is passed
over; what stands anywhere else is.
"""

import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from dms.db.purge import raw_files
from dms.db.tables import DestructionLineRow, DocumentRow, PlacementRow, PupilRow, RenditionRow
from dms.kernel.errors import Broken
from dms.kernel.text import N_
from dms.model.destruction import Thing
from dms.model.documents import PlacementState
from dms.services.indexing import Indexing
from dms.services.tools import Tools
from retention.service.absence_rows import explained, in_rows, row_pieces
from retention.service.absence_scan import Needles, as_written, inflated
from retention.service.steps_probes import Probes
from retention.terms.places import AT_ONCE, batched

MOST_OBJECT_BYTES = 1024**3
"""Bytes of objects that are read, at most: they are ciphertext, and their keys are gone. All are listed."""
PIECE = 4 * 1024 * 1024
PLANTED = "absence-check"
Files = Iterable[tuple[str, Iterator[bytes]]]


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked at in one place, and what was found there (how many of the things looked for)."""

    place: str
    things: int
    size: int
    found: int


@dataclass(frozen=True, slots=True)
class AbsenceReport:
    """All places, and how many different things were looked for. Empty `remains` means that nothing is left."""

    looked: tuple[Looked, ...]
    sought: int
    common: int
    remains: frozenset[str] = field(default_factory=frozenset)
    """Names of places where something is left: never what it is."""

    def as_data(self) -> dict[str, object]:
        """For the certificate: places with counts."""
        return {
            "sought": self.sought,
            "common": self.common,
            "places": [{"place": x.place, "things": x.things, "bytes": x.size, "found": x.found} for x in self.looked],
        }


class NotChecked(Broken):
    """The check did not find what it had hidden itself."""

    code = "absence_unproven"

    def __init__(self) -> None:
        super().__init__(
            N_("De controle op afwezigheid vond niet wat zij zelf had verstopt."),
            N_("Meld dit bij de applicatiebeheerder: er komt geen verklaring."),
        )


class Absence:
    """Looks for what is left. `data` is the folder of the service's data, where nothing else lies."""

    def __init__(self, tools: Tools, indexing: Indexing, data: Path) -> None:
        self._tools = tools
        self._indexing = indexing
        self._data = data

    def check(
        self, lines: Sequence[DestructionLineRow], probes: Probes, alive: Callable[[], None] = lambda: None
    ) -> AbsenceReport:
        """Look for what is left of these. Raises `NotChecked`, and what stores raise when they do not answer."""
        gone = frozenset(x.document_id for x in lines if x.whole and x.thing is Thing.PLACEMENT)
        pupils = frozenset(x.pupil_id for x in lines if x.thing is Thing.PUPIL)
        texts = {y: x for x in probes.texts for y in as_written(x)}
        sealed = {bytes.fromhex(x): x for x in probes.sealed}
        needles = Needles([*texts, *sealed])
        self._plant()
        hits: dict[str, set[bytes]] = {}
        looked = []
        for place, sought, files in self._places(needles, texts):
            alive()
            looked.append(_read(place, files, sought, hits.setdefault(place, set()), alive))
        alive()
        with self._tools.database.read() as session:
            met = {texts[x] for found in hits.values() for x in found if x in texts}
            common = explained(session, met, gone, pupils)
            left = in_rows(session, met - common)
            rows = _rows(session, lines)
        passed = {x for text in common for x in as_written(text)}
        counted = [replace(x, found=len(hits[x.place] - passed)) for x in looked]
        counted += [rows, self._keys(gone | pupils), self._listed(gone | pupils)]
        dead = self._indexing.traces(probes.words)
        counted.append(Looked("index words", len(probes.words), 0, len(dead)))
        remains = {x.place for x in counted if x.found} | {f"rows of {x}" for x in left}
        return AbsenceReport(tuple(counted), len(needles) + len(probes.words), len(common), frozenset(remains))

    def _plant(self) -> None:
        """Hide something as an old row would lie there, in raw bytes of a file, and find it."""
        mark = secrets.token_hex(24)
        folder = self._data / "jobs"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{PLANTED}-{mark[:8]}"
        trial = Needles([mark.encode()])
        try:
            with path.open("xb") as file:
                file.write(os.urandom(PIECE - 20) + mark.encode().upper() + os.urandom(1000))
            found = _read("", _files(folder, set(), ()), trial, set(), lambda: None)
            if found.found != 1:
                raise NotChecked
        finally:
            path.unlink(missing_ok=True)

    def _places(self, needles: Needles, texts: Mapping[bytes, str]) -> Iterator[tuple[str, Needles, Files]]:
        """Each place with what is looked for there. The index has words, not texts: a text of one word is a word of
        other documents too, and is looked for among the words.
        """
        names = {x.name for x in raw_files(self._tools.database)}
        if names or self._tools.database.dialect == "sqlite":
            yield "database files", needles, ((x.name, x.pieces) for x in raw_files(self._tools.database))
        else:
            yield "database rows", needles, self._all_rows()
        yield "data folder", needles, _files(self._data, names, ("objects", "index"))
        phrases = Needles(k for k, v in texts.items() if " " in v.strip())
        yield "index files", phrases, _files(self._data / "index", set(), ())
        yield "index blocks", phrases, _unpacked(self._data / "index")
        yield "objects", needles, _up_to(self._tools.vault.store.everything(), MOST_OBJECT_BYTES)

    def _all_rows(self) -> Files:
        with self._tools.database.read() as session:
            yield "rows", row_pieces(session)

    def _listed(self, owners: frozenset[UUID]) -> Looked:
        """What the store still lists of the destroyed."""
        left = sum(len(self._tools.vault.left_of(x)) for x in sorted(owners))
        return Looked("object names", len(owners), 0, left)

    def _keys(self, owners: frozenset[UUID]) -> Looked:
        missing = self._tools.vault.keys.missing(owners)
        return Looked("keys", len(owners), 0, len(owners - missing))


def _rows(session: Session, lines: Sequence[DestructionLineRow]) -> Looked:
    """Rows that should say nothing any more."""
    documents = [x.document_id for x in lines if x.whole and x.thing is Thing.PLACEMENT]
    placements = [x.placement_id for x in lines if x.thing is Thing.PLACEMENT]
    pupils = [x.pupil_id for x in lines if x.thing is Thing.PUPIL]
    left = 0
    for some in batched(documents, AT_ONCE):
        left += _count(session, select(DocumentRow.id).where(DocumentRow.id.in_(some), DocumentRow.title != ""))
        left += _count(session, select(RenditionRow.id).where(RenditionRow.document_id.in_(some)))
    for some in batched(placements, AT_ONCE):
        alive = PlacementRow.state != PlacementState.DESTROYED
        left += _count(session, select(PlacementRow.id).where(PlacementRow.id.in_(some), alive))
    for some in batched(pupils, AT_ONCE):
        left += _count(session, select(PupilRow.id).where(PupilRow.id.in_(some)))
    return Looked("rows", len(lines), 0, left)


def _count(session: Session, asked: Select[tuple[UUID]]) -> int:
    return len(session.scalars(asked).all())


def _read(place: str, files: Files, needles: Needles, found: set[bytes], alive: Callable[[], None]) -> Looked:
    """Read a place; what is found there comes into `found`."""
    things = size = 0

    def counted(pieces: Iterator[bytes]) -> Iterator[bytes]:
        nonlocal size
        for piece in pieces:
            size += len(piece)
            yield piece

    for _, pieces in files:
        alive()
        things += 1
        found |= needles.find(counted(pieces))
    return Looked(place, things, size, len(found))


def _unpacked(folder: Path) -> Files:
    for name, pieces in _files(folder, set(), ()):
        yield name, inflated(b"".join(pieces))


def _up_to(files: Files, most: int) -> Files:
    """Files until so many bytes of them were read."""
    read = 0

    def counted(pieces: Iterator[bytes]) -> Iterator[bytes]:
        nonlocal read
        for piece in pieces:
            read += len(piece)
            yield piece

    for name, pieces in files:
        if read >= most:
            return
        yield name, counted(pieces)


def survivors(folders: Mapping[str, Path], wanted: Iterable[str], *, unpack: bool = True) -> dict[str, set[str]]:
    """Which of `wanted` stand in which of these folders (or files), compressed blocks unpacked; by name of the place.

    For whoever wants to look for herself: an auditor with a word that she knows was in a document.
    """
    texts = {y: x for x in wanted for y in as_written(x)}
    needles = Needles(texts)
    found: dict[str, set[str]] = {}
    for name, folder in folders.items():
        for _, pieces in _files(folder, set(), without=()):
            data = b"".join(pieces)
            met = needles.find([data])
            if unpack:
                met |= needles.find(inflated(data))
            if met:
                found.setdefault(name, set()).update(texts[x] for x in met)
    return found


def _files(folder: Path, skip: set[str], without: tuple[str, ...]) -> Files:
    """Every file below a folder; files that go meanwhile are gone."""
    if folder.is_file():
        yield folder.name, _pieces(folder)
        return
    for place, folders, names in os.walk(folder):
        if Path(place) == folder:
            folders[:] = [x for x in folders if x not in without]
        for name in sorted(names):
            if not (Path(place) == folder and name in skip):
                yield name, _pieces(Path(place) / name)


def _pieces(path: Path) -> Iterator[bytes]:
    with suppress(FileNotFoundError), path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
