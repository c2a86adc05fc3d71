"""Reads an OSO dossier of gegevensset 2019.1: pupil, carers, inspection and documents.

Field facts: Edustandaard, OSO gegevensset 2019.1 (namespace `…/oso_gegevensset/2019/dossier`; the year is matched by
pattern). This is a reader of files that other programs wrote, no OSO exchange: that needs Edukoppeling, certificates
and a qualification. Traps: `geslacht` is the other way round than in EDEXML (1 is female); `gba/gbageboortedatum` is
DD-MM-YYYY; a secret address stands as placeholders, which are no address and never kept as one.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.model.transfer_package import PackageCarer, PackagePlace, PackagePupil, SchoolStay
from dms.wire.transfer_tree import Element, bad_xml
from ingest.readers.oso_data import OsoData, data_of
from ingest.readers.oso_xml import CONTENTS, DECODED, FAULT, read_oso_xml

NAMESPACE = re.compile(r"https?://www\.edustandaard\.nl/oso_gegevensset/(\d{4})/dossier/?")
READ_YEARS = range(2015, 2024)
"""Years of gegevenssets whose elements are those of 2019.1; the schema of 2024.1 is not public."""
GENDERS = {"0": "onbekend", "1": "vrouw", "2": "man", "9": "onbekend"}
RELATIONS = {"1": "vader", "2": "moeder", "3": "voogd", "9": "overig"}
PLACEHOLDERS = frozenset({"9999999999", "geheim@geheim.geheim", "geheim", "9999zz", "9999 zz"})
_DUTCH_DAY = re.compile(r"(\d{2})-(\d{2})-(\d{4})")
_TRUE = frozenset({"true", "1", "ja"})


@dataclass(frozen=True, slots=True)
class OsoDocument:
    """A document of the dossier: its contents, a ZIP that should hold the file, lie decoded in `packed`.

    `fault` is empty, or why there are none: `base64` (broken or cut off), `size`, `absent`. `part` is the part of the
    dossier that it hangs under.
    """

    file_name: str
    title: str
    part: str
    packed: Path | None
    fault: str


@dataclass(frozen=True, slots=True)
class OsoInspection:
    """What the dossier says of its inspection by the parents, in its own words."""

    seen: bool
    seen_on: date | None
    agreed: str
    reason: str
    consent: str


@dataclass(frozen=True, slots=True)
class OsoDossier:
    """All that is read. `made_at` is the day that the sender gives; `kind` as written (POVO, VOVO, …)."""

    year: int
    name: str
    kind: str
    made_at: datetime | None
    sender: PackagePlace
    pupil: PackagePupil
    carers: tuple[PackageCarer, ...]
    inspection: OsoInspection | None
    documents: tuple[OsoDocument, ...]
    data: tuple[OsoData, ...] = ()


def read_oso(chunks: Iterable[bytes], folder: Path, most_bytes: int) -> OsoDossier:
    """The dossier; contents of documents go to files in `folder`, none larger than `most_bytes`.

    Raises BadInput for what is no OSO dossier of a year that is known, or lacks pupil, name or sender.
    """
    root = read_oso_xml(chunks, folder, most_bytes)
    year = _year(root)
    pupil = _needed(root, "leerling")
    try:
        return OsoDossier(
            year=year,
            name=_deep(root, "metadata", "pakketnaam"),
            kind=_deep(root, "metadata", "overstap").upper(),
            made_at=_moment(_deep(root, "metadata", "datum")),
            sender=_sender(_needed(root, "huidigeschool")),
            pupil=_pupil(pupil),
            carers=tuple(_carer(x, secret=_yes(pupil.say("adresgeheim"))) for x in _carers(root, pupil)),
            inspection=_inspection(root.first("inzage")),
            documents=tuple(_documents(root, folder)),
            data=data_of(root, pupil),
        )
    except ValueError:  # its text may quote the file: not chained
        raise bad_xml("xml_values") from None


def is_oso(head: bytes) -> bool:
    """Whether the first bytes of a file (some thousands) are of an OSO dossier."""
    return NAMESPACE.search(head.decode("utf-8", "replace")) is not None


def _year(root: Element) -> int:
    spaces = [v for k, v in root.attributes.items() if k == "xmlns" or k.startswith("xmlns:")]
    found = next((m for x in spaces if (m := NAMESPACE.fullmatch(x)) is not None), None)
    if found is None:
        raise bad_xml("xml_other")
    year = int(found[1])
    if year not in READ_YEARS:
        raise BadInput(
            N_("Dit is een OSO-dossier van gegevensset %(year)s; alleen 2019.1 wordt gelezen."),
            N_("Vraag de afzender om een overstapdossier van Dossierkluis, of om de documenten los."),
            code="oso_year",
            params={"year": year},
        )
    return year


def _needed(root: Element, name: str) -> Element:
    found = root.first(name)
    if found is None:
        raise bad_xml("xml_values")
    return found


def _deep(root: Element, *names: str) -> str:
    here: Element | None = root
    for name in names:
        here = here.first(name) if here is not None else None
    return here.text if here is not None else ""


def _sender(one: Element) -> PackagePlace:
    brin = one.say("brincode").upper()
    if not re.fullmatch(r"\d{2}[A-Z]{2}(\d{2})?", brin):
        raise ValueError
    return PackagePlace(brin[:4], one.say("vestigingscode") or brin[4:], one.say("naam"))


def _pupil(one: Element) -> PackagePupil:
    secret = _yes(one.say("adresgeheim"))
    given = [x.text for x in one.all("voornaam") if x.text]
    born, partial = _birth(one)
    if not (one.say("achternaam") or one.say("roepnaam")):
        raise ValueError
    course = one.first("schoolloopbaan")
    return PackagePupil(
        number=one.say("leerlingid"),
        given_name=one.say("roepnaam") or (given[0] if given else ""),
        first_names=" ".join(given),
        initials=one.say("voorletters-1"),
        prefix=one.say("voorvoegsel"),
        surname=one.say("achternaam"),
        birth_date=born,
        birth_date_partial=partial,
        gender=GENDERS.get(one.say("geslacht"), "onbekend"),
        address_secret=secret,
        email="" if secret else _real(_contact(one, "emailadres")),
        bsn=_digits(one.say("bsn")),
        education_number=_digits(one.say("onderwijsnummer")),
        enrolled_since=_day(one.say("datuminschrijving")),
        enrolled_until=_day(one.say("datumuitschrijving")),
        advice=one.say("overstapadvies"),
        stays=tuple(_stays(course)) if course is not None else (),
    )


def _birth(one: Element) -> tuple[date | None, str]:
    """The birth date: as the school has it, else as the population register has it (DD-MM-YYYY), else in part."""
    text = one.say("geboortedatum")
    registered = _deep(one, "gba", "gbageboortedatum")
    for candidate in (text, registered):
        with_day = _day_or_none(candidate)
        if with_day is not None:
            return with_day, ""
    return None, text or registered or one.say("geboortemaand")


def _stays(course: Element) -> Iterator[SchoolStay]:
    periods = [x for x in course.children if x.children] or [course]
    for one in periods:
        yield SchoolStay(
            one.say("schooljaar"),
            one.say("groepsnaam"),
            one.say("jaargroep"),
            _day_or_none(one.say("begindatum")),
            _day_or_none(one.say("einddatum")),
            one.say("brincode"),
            one.say("vestigingscode"),
        )


def _carers(root: Element, pupil: Element) -> Iterator[Element]:
    for place in (root, pupil):
        yield from (x for x in place.all("verzorger") if not _yes(x.say("overleden")))


def _carer(one: Element, *, secret: bool) -> PackageCarer:
    """With a secret address nothing of where or how to reach somebody is taken, whatever stands there."""
    secret = secret or _yes(one.say("adresgeheim"))
    name = " ".join(x for x in (one.say("voorletters-1"), one.say("voorvoegsel"), one.say("achternaam")) if x)
    address = one.first("adres")
    return PackageCarer(
        name=name or one.say("naam") or one.say("roepnaam"),
        relation=RELATIONS.get(one.say("relatietotkind"), "overig"),
        legal_representative=_yes(one.say("wettigevertegenwoordiger")),
        address_secret=secret,
        email="" if secret else _real(_contact(one, "emailadres")),
        phone="" if secret else _real(_contact(one, "telefoonnummer")),
        street="" if secret or address is None else _real(address.say("straatnaam")),
        postcode="" if secret or address is None else _real(address.say("postcode")),
        town="" if secret or address is None else _real(address.say("plaatsnaam")),
    )


def _contact(one: Element, name: str) -> str:
    found = one.say(name)
    for way in one.all("communicatielijst"):
        found = found or way.say(name) or next((x.say(name) for x in way.children if x.say(name)), "")
    return found


def _inspection(one: Element | None) -> OsoInspection | None:
    if one is None:
        return None
    return OsoInspection(
        _yes(one.say("inzage")),
        _day_or_none(one.say("inzagedatum")),
        one.say("akkoord"),
        one.say("redennietakkoord"),
        one.say("toestemming"),
    )


def _documents(root: Element, folder: Path) -> Iterator[OsoDocument]:
    """Every `document` wherever it hangs, in the order of the file."""
    waiting: list[tuple[Element, str]] = [(root, "")]
    while waiting:
        one, part = waiting.pop()
        if one.name == "document":
            contents = one.first(CONTENTS)
            fault = "absent" if contents is None else contents.attributes.get(FAULT, "")
            path = folder / contents.attributes[DECODED] if contents is not None and not fault else None
            yield OsoDocument(one.say("bestandsnaam"), one.say("omschrijving"), part, path, fault)
            continue
        own = one.name if one.name not in ("overigdocumentlijst", "documentlijst") else part
        waiting.extend((x, own) for x in reversed(one.children))


def _real(text: str) -> str:
    return "" if text.strip().lower() in PLACEHOLDERS else text.strip()


def _digits(text: str) -> str:
    found = "".join(x for x in text if x.isdigit())
    return found.zfill(9) if len(found) == 8 else found


def _yes(text: str) -> bool:
    return text.strip().lower() in _TRUE


def _day(text: str) -> date | None:
    found = _day_or_none(text)
    if text and found is None:
        raise ValueError
    return found


def _day_or_none(text: str) -> date | None:
    """A day written as ISO or as DD-MM-YYYY; None for anything else, `00-00-2015` too."""
    turned = _DUTCH_DAY.fullmatch(text.strip())
    try:
        return date.fromisoformat(f"{turned[3]}-{turned[2]}-{turned[1]}" if turned else text.strip()[:10])
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    day = _day_or_none(text)
    return None if day is None else datetime.fromisoformat(f"{day.isoformat()}T00:00:00+00:00")
