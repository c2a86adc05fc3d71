"""A transfer package as a ZIP: `dossier.xml`, `bijlagen/` and `manifest.json`. Written as a stream; read with proof.

A package is taken whole or not at all: `open_package` reads everything once and refuses a flipped byte anywhere, a file
too many or too few, and a changed manifest, with the reason. What remains: a package that somebody made anew, sums and
all, is whole. That is what the control is for, which the sender tells by another way.
"""

import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import BinaryIO

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.model.transfer_package import DOSSIER, FILES, MANIFEST, PackageContent, PackageFile, PackageManifest
from dms.wire.plain_zip import LARGEST, plain_zip
from dms.wire.transfer_dossier import read_dossier
from dms.wire.transfer_manifest import LARGEST as LARGEST_MANIFEST
from dms.wire.transfer_manifest import control_of, read_manifest, snapshot_hash, write_manifest

PIECE = 256 * 1024
LARGEST_DOSSIER = 16 * 1024 * 1024
LONGEST_PATH = 160
FORBIDDEN = frozenset('/\\:*?"<>|')

Source = Callable[[], Iterable[bytes]]


def write_package(manifest: PackageManifest, dossier: bytes, files: Sequence[tuple[str, Source]]) -> Iterator[bytes]:
    """The ZIP in pieces: `dossier.xml`, then `files` (path, how to open it) in order, the manifest last. The same input
    gives the same bytes.
    """
    parts: list[tuple[str, Source]] = [(DOSSIER, lambda: (dossier,)), *files]
    parts.append((MANIFEST, lambda: (write_manifest(manifest),)))
    return plain_zip((path, _opened(source)) for path, source in parts)


def _opened(source: Source) -> Iterator[bytes]:
    yield from source()


class OpenedPackage:
    """A package that was proven whole. Reads from the source that it was opened on, which must stay open."""

    def __init__(self, archive: zipfile.ZipFile, manifest: PackageManifest, content: PackageContent) -> None:
        self._archive = archive
        self.manifest = manifest
        self.content = content
        self.control = control_of(manifest)
        self.snapshot = snapshot_hash(manifest)

    def chunks(self, path: str) -> Iterator[bytes]:
        """The bytes of a file of the manifest, by its path."""
        return _read(self._archive, path)


def open_package(source: BinaryIO, largest: int = LARGEST) -> OpenedPackage:
    """Prove a package whole; `source` must be able to seek. Raises BadInput with the reason: `package_unreadable`,
    `package_too_large`, `package_unsafe_name`, `file_missing`, `file_extra`, `file_changed`, `package_repacked`,
    `package_contradicts`, `manifest_…`, `xml_…`.
    """
    size = source.seek(0, 2)
    if size > largest:
        raise _refused(N_("Het pakket is te groot."), "package_too_large")
    source.seek(0)
    try:
        archive = zipfile.ZipFile(source)
        return _proven(archive, source)
    # NotImplementedError is how zipfile says that it does not know a way of packing.
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        # What these say may quote names from the package: not chained.
        raise _refused(N_("Het pakket is beschadigd of is geen overstapdossier."), "package_unreadable") from None


def _proven(archive: zipfile.ZipFile, source: BinaryIO) -> OpenedPackage:
    infos = archive.infolist()
    names = [x.filename for x in infos]
    if any(not _good(x) for x in names) or len({x.casefold() for x in names}) != len(names):
        raise _refused(N_("In het pakket staat een bestand met een naam die niet mag."), "package_unsafe_name")
    if any(x.compress_type != zipfile.ZIP_STORED or x.flag_bits & 1 for x in infos):
        raise _repacked()
    if MANIFEST not in names or DOSSIER not in names:
        raise _refused(N_("In het pakket ontbreekt een bestand (het overzicht of de gegevens)."), "file_missing")
    sizes = {x.filename: x.file_size for x in infos}
    if sizes[MANIFEST] > LARGEST_MANIFEST or sizes[DOSSIER] > LARGEST_DOSSIER:
        raise _refused(N_("Het pakket is te groot."), "package_too_large")
    manifest = read_manifest(b"".join(_read(archive, MANIFEST)))
    _same_files(manifest, names)
    for number, file in enumerate(manifest.files):
        _unchanged(archive, file, number, sizes[file.path])
    content = read_dossier(_read(archive, DOSSIER))
    _agree(manifest, content)
    _same_bytes(archive, [*(x.path for x in manifest.files), MANIFEST], source)
    return OpenedPackage(archive, manifest, content)


def _same_files(manifest: PackageManifest, names: list[str]) -> None:
    told = [x.path for x in manifest.files]
    if len(set(told)) != len(told) or told[:1] != [DOSSIER] or MANIFEST in told:
        raise _contradicts()
    missing, extra = set(told) - set(names), set(names) - set(told) - {MANIFEST}
    if missing:
        raise _refused(
            N_("In het pakket ontbreken bestanden die volgens het overzicht meegingen: %(count)d."),
            "file_missing",
            len(missing),
        )
    if extra:
        raise _refused(
            N_("In het pakket staan bestanden die niet op het overzicht staan: %(count)d."), "file_extra", len(extra)
        )


def _unchanged(archive: zipfile.ZipFile, file: PackageFile, number: int, size: int) -> None:
    found = hashlib.sha256()
    try:
        if size == file.size:
            for piece in _read(archive, file.path):
                found.update(piece)
            if found.hexdigest() == file.sha256:
                return
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError):
        pass  # a sum of the ZIP itself does not hold: the same finding
    raise _refused(N_("Bestand %(count)d van het pakket is veranderd sinds het verstuurd is."), "file_changed", number)


def _agree(manifest: PackageManifest, content: PackageContent) -> None:
    same = (
        manifest.package_id == content.package_id
        and manifest.kind == content.kind
        and manifest.frozen_at == content.frozen_at
        and manifest.sender == content.sender
        and manifest.receiver == content.receiver
    )
    told = [(x.path, x.category) for x in manifest.files if x.path != DOSSIER]
    if not same or told != [(x.path, x.category) for x in content.documents]:
        raise _contradicts()


def _same_bytes(archive: zipfile.ZipFile, order: list[str], source: BinaryIO) -> None:
    """The ZIP holds nothing besides: written again from its contents it is the same to the last byte."""
    rewritten, total = hashlib.sha256(), 0
    for piece in plain_zip((path, _read(archive, path)) for path in order):
        rewritten.update(piece)
        total += len(piece)
    found = hashlib.sha256()
    source.seek(0)
    while piece := source.read(PIECE):
        found.update(piece)
        total -= len(piece)
    if total or rewritten.digest() != found.digest():
        raise _repacked()


def _read(archive: zipfile.ZipFile, path: str) -> Iterator[bytes]:
    with archive.open(path) as entry:
        while piece := entry.read(PIECE):
            yield piece


def _good(name: str) -> bool:
    if name in (DOSSIER, MANIFEST):
        return True
    rest = name.removeprefix(FILES)
    return (
        rest != name
        and 0 < len(rest) <= LONGEST_PATH
        and not FORBIDDEN.intersection(rest)
        and rest.isprintable()
        and rest == rest.strip(". ")
    )


def _repacked() -> BadInput:
    return _refused(N_("Het pakket is opnieuw ingepakt of veranderd sinds het verstuurd is."), "package_repacked")


def _contradicts() -> BadInput:
    return _refused(N_("Het overzicht en de gegevens in het pakket spreken elkaar tegen."), "package_contradicts")


def _refused(message: str, code: str, count: int = 0) -> BadInput:
    return BadInput(
        message,
        N_("Neem het pakket niet aan. Vraag de school die het stuurde om het opnieuw te sturen."),
        code=code,
        params={"count": count},
    )
