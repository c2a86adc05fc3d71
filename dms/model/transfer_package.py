"""What stands in a transfer package: plain data, for who writes one and for who reads one.

The package is "OSO-style": it borrows names from the OSO gegevensset and is no OSO exchange. What parents saw is
frozen (`dossier.xml` and the files); how they answered is added when it is sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from dms.model.transfers import TransferKind, Viewer

FORMAT = "dossierkluis-overstapdossier"
VERSION = 1
DOSSIER = "dossier.xml"
MANIFEST = "manifest.json"
FILES = "bijlagen/"


@dataclass(frozen=True, slots=True)
class PackagePlace:
    """A school or samenwerkingsverband: BRIN (4 characters), site of two digits (empty: the whole), name."""

    brin: str
    site: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class SchoolStay:
    """A year or part of one at a school, on days in [since, until)."""

    school_year: str
    group: str
    year_level: str
    since: date | None
    until: date | None
    brin: str
    site: str = ""


@dataclass(frozen=True, slots=True)
class PackagePupil:
    """The pupil. `gender` in words (man, vrouw, onbekend): the numbers of OSO and EDEXML contradict each other. A birth
    date that is not known in full stands in `birth_date_partial`. `bsn` and `education_number` are empty for a
    samenwerkingsverband. Days of enrolment are [since, until).
    """

    number: str
    given_name: str
    first_names: str
    initials: str
    prefix: str
    surname: str
    birth_date: date | None
    birth_date_partial: str = ""
    gender: str = "onbekend"
    address_secret: bool = False
    email: str = ""
    bsn: str = field(default="", repr=False)
    education_number: str = field(default="", repr=False)
    enrolled_since: date | None = None
    enrolled_until: date | None = None
    advice: str = ""
    stays: tuple[SchoolStay, ...] = ()


@dataclass(frozen=True, slots=True)
class PackageCarer:
    """A carer. With a secret address neither telephone, e-mail nor address is in the package at all."""

    name: str
    relation: str = ""
    legal_representative: bool = False
    address_secret: bool = False
    email: str = ""
    phone: str = ""
    street: str = ""
    postcode: str = ""
    town: str = ""


@dataclass(frozen=True, slots=True)
class PackageDocument:
    """A document of the package. `path` is its place in the ZIP, `file_name` what it was called at the sender.

    `fields` are the metadata of its category, as the sender spells them. `redacted`: numbers were made unreadable, so
    that it is not byte for byte the original. `document_id` is the sender's.
    """

    path: str
    document_id: UUID
    file_name: str
    media_type: str
    title: str
    category: str
    category_name: str
    document_date: date | None
    fields: Mapping[str, str] = field(default_factory=dict)
    redacted: bool = False


@dataclass(frozen=True, slots=True)
class PackageContent:
    """All that `dossier.xml` says. `package_id` is the sender's and never given out twice."""

    package_id: UUID
    kind: TransferKind
    frozen_at: datetime
    sender: PackagePlace
    receiver: PackagePlace
    pupil: PackagePupil
    carers: tuple[PackageCarer, ...] = ()
    documents: tuple[PackageDocument, ...] = ()


@dataclass(frozen=True, slots=True)
class PackageInspection:
    """What one entitled person answered. `consent` only where it was asked (VO to VO)."""

    viewer: Viewer
    name: str
    seen_on: date
    agreed: bool
    remark: str = ""
    consent: bool | None = None


@dataclass(frozen=True, slots=True)
class PackageFile:
    """A file of the ZIP: SHA-256 (hexadecimal) and size in bytes. `category` is empty for `dossier.xml`."""

    path: str
    sha256: str
    size: int
    category: str = ""


@dataclass(frozen=True, slots=True)
class PackageManifest:
    """`manifest.json`. `categories`: name by code. `snapshot`: SHA-256 over all but the inspections, which come later;
    this is what parents saw. The `control` (SHA-256 over the whole manifest) is told apart from the package.
    """

    package_id: UUID
    sender: PackagePlace
    receiver: PackagePlace
    kind: TransferKind
    frozen_at: datetime
    categories: Mapping[str, str]
    files: tuple[PackageFile, ...]
    inspections: tuple[PackageInspection, ...] = ()
