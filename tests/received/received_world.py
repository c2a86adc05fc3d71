"""Packages as another school would send them: our own kind, and OSO dossiers of gegevensset 2019.1."""

import base64
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from dms.kernel.ids import new_id
from dms.model.transfer_package import (
    DOSSIER,
    PackageCarer,
    PackageContent,
    PackageDocument,
    PackageFile,
    PackageManifest,
    PackagePlace,
    PackagePupil,
)
from dms.model.transfers import TransferKind
from dms.wire.transfer_dossier import write_dossier
from dms.wire.transfer_package import write_package
from tests.backup.backup_world import paper
from tests.houses import House

SENDER = PackagePlace("99ZZ", "00", "Het Kompas")
HERE = PackagePlace("99XX", "00", "De Regenboog")
FROZEN = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
NEW_PUPIL = PackagePupil(
    number="K-77",
    given_name="Noor",
    first_names="Noor Elise",
    initials="N.E.",
    prefix="van",
    surname="Wijngaarden",
    birth_date=date(2015, 3, 9),
    gender="vrouw",
    bsn="111222333",
)
"""A pupil who is not known at De Regenboog."""


def document(number: int, category: str = "OND-03", **more: object) -> PackageDocument:
    """A paper of a package."""
    one = PackageDocument(
        path=f"bijlagen/{number:03d}.pdf",
        document_id=new_id(),
        file_name=f"rapport-{number}.pdf",
        media_type="application/pdf",
        title=f"Rapport {number}",
        category=category,
        category_name="",
        document_date=date(2025, 2, number),
    )
    return replace(one, **more)  # type: ignore[arg-type]


def package(
    documents: Sequence[tuple[PackageDocument, bytes]],
    pupil: PackagePupil = NEW_PUPIL,
    *,
    carers: tuple[PackageCarer, ...] = (),
    receiver: PackagePlace = HERE,
    package_id: UUID | None = None,
) -> bytes:
    """A whole package of our own kind."""
    content = PackageContent(
        package_id or new_id(),
        TransferKind.POPO,
        FROZEN,
        SENDER,
        receiver,
        pupil,
        carers,
        tuple(x for x, _ in documents),
    )
    dossier = write_dossier(content)
    files = [PackageFile(DOSSIER, hashlib.sha256(dossier).hexdigest(), len(dossier))]
    files += [PackageFile(x.path, hashlib.sha256(y).hexdigest(), len(y), x.category) for x, y in documents]
    manifest = PackageManifest(
        content.package_id,
        SENDER,
        receiver,
        TransferKind.POPO,
        FROZEN,
        {x.category: "" for x, _ in documents},
        tuple(files),
    )
    sources = [(x.path, _opener(y)) for x, y in documents]
    return b"".join(write_package(manifest, dossier, sources))


def _opener(data: bytes) -> Callable[[], Iterable[bytes]]:
    return lambda: (data,)


def papers(*marks: str, category: str = "OND-03") -> list[tuple[PackageDocument, bytes]]:
    """Papers with a text layer."""
    return [(document(n, category), paper(mark)) for n, mark in enumerate(marks, start=1)]


def zipped(name: str, data: bytes, **more: int) -> bytes:
    """A ZIP with one file, as OSO packs an attachment."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.create_system = 3
        info.external_attr = more.get("mode", 0o100600) << 16
        archive.writestr(info, data)
    return out.getvalue()


def oso(
    attachments: Mapping[str, str],
    *,
    gender: str = "1",
    birth: str = "<geboortedatum>2015-03-09</geboortedatum>",
    secret: bool = False,
    year: str = "2019",
    bsn: str = "111222333",
    head: str = "",
) -> bytes:
    """An OSO dossier; `attachments` are names with what stands in `bestandsinhoud`."""
    papers_ = "".join(
        f"<document><bestandsnaam>{name}</bestandsnaam><omschrijving>Bijlage {name}</omschrijving>"
        f"<bestandsinhoud>{text}</bestandsinhoud></document>"
        for name, text in attachments.items()
    )
    phone, mail = ("9999999999", "geheim@geheim.geheim") if secret else ("0201234567", "vader@wijngaarden.example")
    reach = f"<telefoonnummer>{phone}</telefoonnummer><emailadres>{mail}</emailadres>"
    return f"""<?xml version="1.0" encoding="UTF-8"?>{head}
<o:dossier xmlns:o="http://www.edustandaard.nl/oso_gegevensset/{year}/dossier">
<o:metadata><o:deeldossier>LASLVS</o:deeldossier><o:pakketnaam>Leerlingsysteem</o:pakketnaam>
<o:datum>2026-06-01</o:datum><o:overstap>POVO</o:overstap></o:metadata>
<o:inzage><o:inzage>true</o:inzage><o:inzagedatum>2026-05-28</o:inzagedatum><o:akkoord>Nee</o:akkoord>
<o:redennietakkoord>Het advies is te laag.</o:redennietakkoord></o:inzage>
<huidigeschool><naam>Het Kompas</naam><brincode>99ZZ</brincode><vestigingscode>00</vestigingscode></huidigeschool>
<leerling><voornaam>Noor</voornaam><voornaam>Elise</voornaam><voorletters-1>N.E.</voorletters-1>
<voorvoegsel>van</voorvoegsel><achternaam>Wijngaarden</achternaam><roepnaam>Noor</roepnaam>{birth}
<geslacht>{gender}</geslacht><adresgeheim>{str(secret).lower()}</adresgeheim><bsn>{bsn}</bsn><leerlingid>K-77</leerlingid>
<datuminschrijving>2019-08-01</datuminschrijving><overstapadvies>havo</overstapadvies>
<schoolloopbaan><periode><schooljaar>2025-2026</schooljaar><groepsnaam>8a</groepsnaam><jaargroep>8</jaargroep>
<begindatum>2025-08-01</begindatum></periode></schoolloopbaan>
<overigdocumentlijst>{papers_}</overigdocumentlijst></leerling>
<verzorger><voorvoegsel>van</voorvoegsel><achternaam>Wijngaarden</achternaam><relatietotkind>1</relatietotkind>
<wettigevertegenwoordiger>true</wettigevertegenwoordiger><communicatielijst>{reach}</communicatielijst></verzorger>
<verzorger><achternaam>Bergman</achternaam><relatietotkind>2</relatietotkind><overleden>true</overleden>
<wettigevertegenwoordiger>true</wettigevertegenwoordiger></verzorger>
</o:dossier>""".encode()


def coded(data: bytes) -> str:
    """Base64, in lines as programs write it."""
    return base64.encodebytes(data).decode()


def take(house: House, data: bytes, brin: str = "99XX") -> UUID:
    """Hand a package in and let its papers be read; the id of its receipt."""
    taken = house.app.received.packages.receive(house.by("anouk"), brin, [data])
    house.work()
    return taken.id
