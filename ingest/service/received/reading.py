"""Opens a package that lies in quarantine: our own kind, proven whole, or an OSO dossier of gegevensset 2019.1.

Our own is refused whole where a byte of it differs. An OSO dossier has no sums: what is wrong with one document is told
with that document, and the rest can be reviewed. Nothing is unpacked to a path of the package's choosing.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from dms.kernel.errors import BadInput
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.received import PackageFormat
from dms.model.transfer_package import PackageCarer, PackagePlace, PackagePupil
from dms.wire.transfer_package import OpenedPackage, open_package
from ingest.readers.oso import OsoDocument, OsoDossier, is_oso, read_oso
from ingest.readers.oso_data import OsoData
from ingest.rules.dossier_zip.entries import EntryLimits, Taken, bad_head, extension_of, judge
from ingest.service.received.content import Told, ToldInspection
from ingest.sources.dossier_zip import BrokenEntry, DossierZip

HEAD = 8192
PIECE = 256 * 1024
ALLOWED = frozenset(
    "pdf jpg jpeg png doc docx odt ods odp xls xlsx txt ppt pptx tif tiff heic rtf".split()  # noqa: SIM905 - readable
)
"""Endings that a paper of a package may have (OSO names the first sixteen)."""

FAULTS = {
    "base64": Reason("part_base64", N_("De bijlage is afgebroken of beschadigd: de inhoud is niet te ontcijferen.")),
    "size": Reason("part_too_large", N_("De bijlage is te groot om in te lezen.")),
    "absent": Reason("part_absent", N_("De bijlage heeft geen inhoud.")),
    "zip": Reason("part_zip", N_("De bijlage is afgebroken of beschadigd: het ZIP-bestand erin is niet te openen.")),
    "many": Reason("part_many", N_("In de bijlage zit niet één bestand, maar meer of geen.")),
    "name": Reason("part_name", N_("Het bestand in de bijlage heet anders dan de bijlage zegt.")),
    "kind": Reason("part_kind", N_("Dit soort bestand mag niet in een overstapdossier.")),
    "empty": Reason("part_empty", N_("Het bestand in de bijlage is leeg.")),
}

DATA = {
    "overstapadvies": ("Overstapadvies", "OND-04"),
    "onderwijsondersteuning": ("Ondersteuning", "ZRG-02"),
    "verzuim": ("Verzuim van het laatste jaar", "ADM-02"),
    "toetslijst": ("Toetsen", "OND-03"),
}
"""Title and category of what an OSO dossier holds as fields. The category is a suggestion: a person decides."""

Chunks = Callable[[], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Part:
    """One paper. `fault` says why it cannot be taken; else `open` gives its bytes. `category` is the sender's code."""

    number: int
    name: str
    title: str
    category: str = ""
    document_date: date | None = None
    fields: dict[str, str] = field(default_factory=dict)
    redacted: bool = False
    size: int = 0
    fault: Reason | None = None
    open: Chunks | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A package that may be looked at. `mark` is the SHA-256 that the answer to the sender repeats."""

    format: PackageFormat
    package_id: str
    kind: str
    sender: PackagePlace
    frozen_at: datetime | None
    mark: str
    told: Told
    parts: tuple[Part, ...]


@contextmanager
def opened(source: BinaryIO, brin: str, scratch: Path, limits: EntryLimits) -> Iterator[Opened]:
    """The package in `source` (seekable); its parts can be read until the end of the block.

    Raises BadInput with the reason for what is no package, is not whole, or is meant for another school than `brin`.
    """
    head = source.read(HEAD)
    source.seek(0)
    if head.startswith(b"PK"):
        yield _own(open_package(source), brin, limits)
        return
    if not is_oso(head):
        raise BadInput(
            N_("Dit bestand is geen overstapdossier."),
            N_("Kies een pakket van Dossierkluis (ZIP) of een OSO-dossier van gegevensset 2019.1 (XML)."),
            code="package_unknown",
        )
    digest = hashlib.sha256()

    def passing() -> Iterator[bytes]:
        while piece := source.read(PIECE):
            digest.update(piece)
            yield piece

    dossier = read_oso(passing(), scratch, 2 * limits.most_bytes)
    with ExitStack() as files:
        yield _oso(dossier, digest.hexdigest(), limits, files)


def _own(package: OpenedPackage, brin: str, limits: EntryLimits) -> Opened:
    manifest, content = package.manifest, package.content
    if manifest.receiver.brin.upper() != brin:
        raise BadInput(
            N_("Dit pakket is voor een andere school bedoeld (%(brin)s)."),
            N_("Stuur het niet door. Laat de afzender weten dat het verkeerd is bezorgd, en verwijder het bestand."),
            code="package_other_school",
            params={"brin": manifest.receiver.brin[:4]},
        )
    sizes = {x.path: x.size for x in manifest.files}
    parts = []
    for number, one in enumerate(content.documents, start=1):
        chunks = _reader(package, one.path)
        parts.append(
            Part(
                number,
                one.file_name,
                one.title,
                one.category,
                one.document_date,
                dict(one.fields),
                one.redacted,
                sizes[one.path],
                _file_fault(one.file_name, sizes[one.path], chunks, limits),
                chunks,
            )
        )
    inspections = tuple(
        ToldInspection(x.name, x.seen_on, _answer(x.agreed), x.remark, _answer(x.consent)) for x in manifest.inspections
    )
    return Opened(
        PackageFormat.OWN,
        str(manifest.package_id),
        manifest.kind.value,
        manifest.sender,
        manifest.frozen_at,
        package.control,
        _discreet(content.pupil, content.carers, inspections),
        tuple(parts),
    )


def _discreet(pupil: PackagePupil, carers: tuple[PackageCarer, ...], seen: tuple[ToldInspection, ...]) -> Told:
    """Without any way to reach people whose address is secret, also where the sender put one in."""
    kept = tuple(
        replace(x, address_secret=True, email="", phone="", street="", postcode="", town="")
        if x.address_secret or pupil.address_secret
        else x
        for x in carers
    )
    return Told(replace(pupil, email="") if pupil.address_secret else pupil, kept, seen)


def _reader(package: OpenedPackage, path: str) -> Chunks:
    return lambda: package.chunks(path)


def _answer(said: bool | None) -> str:
    return "" if said is None else "ja" if said else "nee"


def _oso(dossier: OsoDossier, mark: str, limits: EntryLimits, files: ExitStack) -> Opened:
    papers = [_unpacked(n, x, limits, files) for n, x in enumerate(dossier.documents, start=1)]
    parts = (*papers, *(_data(n, x, dossier) for n, x in enumerate(dossier.data, start=len(papers) + 1)))
    one = dossier.inspection
    seen = (
        () if one is None else (ToldInspection("", one.seen_on, one.agreed.lower(), one.reason, one.consent.lower()),)
    )
    return Opened(
        PackageFormat.OSO,
        f"oso-{mark[:32]}",
        dossier.kind[:20],
        dossier.sender,
        dossier.made_at,
        mark,
        Told(dossier.pupil, dossier.carers, seen),
        parts,
    )


def _data(number: int, one: OsoData, dossier: OsoDossier) -> Part:
    """Fields of the dossier as a paper: a plain text that says where it comes from."""
    title, category = DATA[one.name]
    day = dossier.made_at.date() if dossier.made_at is not None else None
    sender = f"{dossier.sender.name} ({dossier.sender.brin})".strip()
    of_day = f" van {day:%d-%m-%Y}" if day is not None else ""
    raw = f"{title}\nUit het OSO-dossier{of_day} van {sender}.\n\n{one.text}\n".encode()
    return Part(number, f"{one.name}.txt", title, category, day, size=len(raw), open=lambda: iter([raw]))


def _unpacked(number: int, document: OsoDocument, limits: EntryLimits, files: ExitStack) -> Part:
    """The one file in the ZIP of an attachment, or what is wrong with it."""
    name, title = document.file_name, document.title

    def faulty(fault: Reason) -> Part:
        return Part(number, name, title, fault=fault)

    if document.fault or document.packed is None:
        return faulty(FAULTS.get(document.fault, FAULTS["absent"]))
    try:
        archive = DossierZip(files.enter_context(document.packed.open("rb")))
    except BadInput:
        return faulty(FAULTS["zip"])
    entries = archive.entries()
    verdicts = judge(entries, limits)
    taken = [x for x, y in zip(entries, verdicts, strict=True) if isinstance(y, Taken)]
    refused = [y for y in verdicts if not isinstance(y, Taken)]
    if not taken and refused:
        return faulty(refused[0].reason)
    if len(taken) != 1 or len(entries) != len(taken):
        return faulty(FAULTS["many"])
    entry = taken[0]
    if extension_of(name) not in ALLOWED:
        return faulty(FAULTS["kind"])
    if PurePosixPath(entry.path).name.casefold() != name.casefold():
        return faulty(FAULTS["name"])

    def chunks() -> Iterator[bytes]:
        return archive.open(entry.position)

    fault = _file_fault(name, entry.size, chunks, limits)
    return Part(number, name, title, size=entry.size, fault=fault, open=chunks)


def _file_fault(name: str, size: int, chunks: Chunks, limits: EntryLimits) -> Reason | None:
    """What keeps a file out: its size, or bytes that are of something else than its name says."""
    if size == 0:
        return FAULTS["empty"]
    if size > limits.most_bytes:
        return FAULTS["size"]
    head = b""
    try:
        for piece in chunks():  # to its end: a sum that does not hold shows there
            head = head or piece[:1024]
    except BrokenEntry:
        return FAULTS["zip"]
    return bad_head(name, head)
