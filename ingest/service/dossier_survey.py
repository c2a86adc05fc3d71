"""Looks an archive over: which files it holds, and what would become of each. Changes nothing, writes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from io import BufferedReader, RawIOBase
from typing import BinaryIO, cast
from uuid import UUID

from dms.kernel.errors import BadInput
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.archives import Fate
from ingest.rules.dossier_zip.entries import EntryFacts, EntryLimits, Taken, bad_head, judge, refused_whole
from ingest.rules.dossier_zip.manifest import MOST_BYTES, is_manifest, read_manifest
from ingest.rules.dossier_zip.place import PupilBook
from ingest.rules.dossier_zip.plan import Planned, plan
from ingest.sources.dossier_zip import BrokenEntry, DossierZip
from storage.vault import Vault

BROKEN_ENTRY = Reason("entry_broken", N_("Het bestand is beschadigd en kan niet worden uitgepakt."))
OTHER_BYTES = Reason("sha256_differs", N_("Het bestand is niet wat het overzicht zegt: de controlesom klopt niet."))
BUFFER = 128 * 1024
BLOCK = 512 * 1024

ADVICE: Mapping[str, str] = {
    "archive_encrypted": N_("Maak het archief opnieuw, zonder wachtwoord."),
    "archive_bomb": N_("Vraag de leverancier van het LVS om een nieuw archief."),
    "archive_empty": N_("Controleer de export in het LVS."),
}


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found: with or without a manifest, and a line per file."""

    with_manifest: bool
    lines: tuple[Planned, ...]


def survey(
    archive: DossierZip,
    pupils: PupilBook,
    categories: Mapping[str, tuple[str, int]],
    limits: EntryLimits,
    today: date,
) -> Survey:
    """Look all files over, their first bytes too. Raises BadInput for an archive that is refused as a whole."""
    entries = archive.entries()
    verdicts = judge(entries, limits)
    whole = refused_whole(entries, verdicts, archive.overlapping())
    if whole is not None:
        raise BadInput(whole.text, ADVICE.get(whole.code, ""), code=whole.code)
    listing = _manifest(entries, verdicts)
    rows = read_manifest(archive.read(listing.position, MOST_BYTES), today) if listing is not None else None
    root = listing.path.rpartition("/")[0] if listing is not None else ""
    documents = [(x, y) for x, y in zip(entries, verdicts, strict=True) if x is not listing]
    lines = plan([x for x, _ in documents], [y for _, y in documents], rows, pupils, categories, root)
    return Survey(rows is not None, tuple(_looked_into(archive, x) for x in lines))


def _manifest(entries: tuple[EntryFacts, ...], verdicts: tuple[object, ...]) -> EntryFacts | None:
    """The list of the archive; the one nearest to the top where there are more."""
    found = [x for x, y in zip(entries, verdicts, strict=True) if isinstance(y, Taken) and is_manifest(x.path)]
    return min(found, key=lambda x: x.path.count("/"), default=None)


def _looked_into(archive: DossierZip, line: Planned) -> Planned:
    """A line whose file turns out to be something else, or broken from the start, is refused."""
    if line.position is None or line.fate not in (Fate.FILED, Fate.DESK):
        return line
    try:
        reason = bad_head(line.path, archive.head(line.position))
    except BrokenEntry:
        reason = BROKEN_ENTRY
    return line if reason is None else refused(line, reason)


def refused(line: Planned, reason: Reason) -> Planned:
    """The line as one that does not come in."""
    return replace(line, fate=Fate.REFUSED, reason=reason, pupil_id=None, suggested=(), category=None)


class VaultFile(RawIOBase):
    """An encrypted object as a file that can be read anywhere; only the pieces that are asked for are decrypted."""

    def __init__(self, vault: Vault, document_id: UUID, object_key: str, version: int, size: int) -> None:
        self._vault = vault
        self._where = (document_id, object_key, version)
        self._size = size
        self._at = 0
        self._held = (-1, b"")

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """Where the next byte comes from."""
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place, counted from the start (0), from here (1) or from the end (2)."""
        self._at = max(0, offset + (0, self._at, self._size)[whence])
        return self._at

    def readinto(self, target: object) -> int:
        """Fill `target` with bytes of one block at most; returns how many. A block is decrypted once in a row."""
        view = memoryview(cast(bytearray, target))
        number, start = divmod(self._at, BLOCK)
        if self._at >= self._size:
            return 0
        if number != self._held[0]:
            self._held = number, b"".join(self._vault.read_range(*self._where, number * BLOCK, BLOCK))
        piece = self._held[1][start : start + len(view)]
        view[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


def buffered(raw: VaultFile) -> BinaryIO:
    """`raw` with a buffer, so that small reads do not each open the object."""
    return BufferedReader(raw, BUFFER)
