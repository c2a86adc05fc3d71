"""What a package says: the data of the pupil, the carers and the documents, as they are now. And the digest of it all.

What goes to a samenwerkingsverband has no BSN and no onderwijsnummer in any text: not as data, and covered where one
stands in a title, the name of a file, a field or the advice (Wabb 10; formats: such a receiver may not store it).

The digest (`basis`) tells whether something changed since a package was frozen. That the pupil left (the last day of
enrolment and of the last group) is no change of the dossier and does not count; everything else does.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import (
    EnrolmentRow,
    GroupPlacementRow,
    GroupRow,
    PupilRow,
    RedactionRow,
    SchoolRow,
    SiteRow,
    TransferPackageRow,
)
from dms.kernel.schoolyear import school_year_of
from dms.model.redaction import RedactionState
from dms.model.transfer_package import (
    FILES,
    PackageCarer,
    PackageContent,
    PackageDocument,
    PackagePlace,
    PackagePupil,
    SchoolStay,
)
from dms.services.catalogue import categories
from dms.services.national_numbers import own_numbers
from dms.services.transfers.facts import Candidate, carers_of, listed
from dms.wire.transfer_dossier import write_dossier
from ingest.rules.numbers_masked import without_numbers
from rights.rules.matrix import covers
from rights.rules.transfer_gate import Entitled
from storage.vault import Vault

GENDERS = {"m": "man", "v": "vrouw"}
LONGEST_NAME = 80
NO_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
PDF = "application/pdf"
LONGEST_ENDING = 8
Plainer = Callable[[str], str]
"""Writes a text as its receiver may have it."""


def content_of(
    session: Session,
    vault: Vault,
    row: TransferPackageRow,
    going: Sequence[Candidate],
    copies: dict[UUID, RedactionRow],
    at: datetime,
    today: date,
) -> PackageContent:
    """The content of the package, were it frozen at `at`."""
    pupil = session.get_one(PupilRow, row.pupil_id)
    school = session.get_one(SchoolRow, row.school_id)
    names = {code: x.name for code, x in categories(session, row.board_id).items()}
    site, person = _pupil(session, vault, row, pupil, school.brin)
    plain = plainer(vault, row, pupil)
    return PackageContent(
        package_id=row.id,
        kind=row.kind,
        frozen_at=at,
        sender=PackagePlace(school.brin, site, school.name),
        receiver=PackagePlace(row.receiver_brin, row.receiver_site, row.receiver_name),
        pupil=replace(person, number=plain(person.number), advice=plain(person.advice)),
        carers=tuple(_carers(session, vault, pupil, today)),
        documents=tuple(
            _document(number, x, copies.get(x.document.id), names, plain) for number, x in enumerate(going, start=1)
        ),
    )


def plainer(vault: Vault, row: TransferPackageRow, pupil: PupilRow) -> Plainer:
    """How a text of the package is written for its receiver: to a samenwerkingsverband without such numbers, to a
    school as it is.
    """
    if not row.kind.to_swv:
        return str
    known = own_numbers(vault, pupil)
    return lambda text: without_numbers(text, known)


def basis_of(
    content: PackageContent,
    found: Iterable[Candidate],
    going: Iterable[Candidate],
    entitled: Iterable[Entitled],
    copies: Mapping[UUID, RedactionRow],
) -> str:
    """SHA-256 over all that the package was made of; the moment of freezing is not in it. A redacted copy that was
    made anew is another file.
    """
    pupil = replace(
        content.pupil, enrolled_until=None, stays=tuple(replace(x, until=None) for x in content.pupil.stays)
    )
    plain = {
        "dossier": write_dossier(replace(content, pupil=pupil, frozen_at=NO_MOMENT)).decode("utf-8"),
        "documents": [[str(x.document.id), x.version.number, x.placement.level] for x in going],
        "listed": sorted([str(x.document.id), x.placement.category, x.version.number] for x in listed(found)),
        "viewers": sorted(f"{x.viewer.value}:{x.person_id}" for x in entitled),
    }
    if copies:
        plain["copies"] = sorted([str(k), str(x.rendition_id)] for k, x in copies.items() if x.rendition_id)
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def _pupil(
    session: Session, vault: Vault, row: TransferPackageRow, pupil: PupilRow, brin: str
) -> tuple[str, PackagePupil]:
    enrolments = session.execute(
        select(EnrolmentRow, SiteRow.code)
        .outerjoin(SiteRow, SiteRow.id == EnrolmentRow.site_id)
        .where(EnrolmentRow.pupil_id == pupil.id)
        .order_by(EnrolmentRow.since)
    ).all()
    newest, site = (enrolments[-1][0], enrolments[-1][1] or "") if enrolments else (None, "")
    groups = session.execute(
        select(GroupPlacementRow, GroupRow)
        .join(GroupRow, GroupRow.id == GroupPlacementRow.group_id)
        .where(GroupPlacementRow.pupil_id == pupil.id)
        .order_by(GroupPlacementRow.since, GroupRow.name)
    ).tuples()
    sealed = {"bsn": pupil.bsn_sealed, "education_number": pupil.education_number_sealed}
    numbers = {
        name: vault.unseal(pupil.id, name, value).decode() if value and not row.kind.to_swv else ""
        for name, value in sealed.items()
    }
    return site, PackagePupil(
        number=pupil.number,
        given_name=pupil.given_name,
        first_names=pupil.first_names or pupil.given_name,
        initials=pupil.initials,
        prefix=pupil.prefix,
        surname=pupil.surname,
        birth_date=pupil.birth_date,
        birth_date_partial=pupil.birth_date_partial,
        gender=GENDERS.get(pupil.gender.casefold(), "onbekend"),
        address_secret=pupil.address_secret,
        email="" if pupil.address_secret else pupil.email,
        bsn=numbers["bsn"],
        education_number="" if numbers["bsn"] else numbers["education_number"],
        enrolled_since=newest.since if newest else None,
        enrolled_until=newest.until if newest else None,
        advice=vault.unseal(pupil.id, advice_column(row.id), row.advice_sealed).decode() if row.advice_sealed else "",
        stays=tuple(
            SchoolStay(
                group.school_year or str(school_year_of(place.since)),
                group.name,
                group.year_level,
                place.since,
                place.until,
                brin,
            )
            for place, group in groups
        ),
    )


def _carers(session: Session, vault: Vault, pupil: PupilRow, today: date) -> Iterable[PackageCarer]:
    """The carers of now. Where pupil or carer has a secret address nothing that leads there goes along; who has died or
    whose link has ended is no carer.
    """
    for carer, link in carers_of(session, pupil.id):
        if carer.deceased or not covers(link.since, link.until, today):
            continue
        secret = pupil.address_secret or link.address_secret
        contact: dict[str, str] = {}
        if not secret and link.contact_sealed is not None:
            contact = json.loads(vault.unseal(pupil.id, f"carer-contact-{link.id}", link.contact_sealed))
        yield PackageCarer(
            name=carer.name,
            relation=link.relation,
            legal_representative=link.authority and covers(link.authority_since, link.authority_until, today),
            address_secret=secret,
            email="" if secret else carer.email,
            phone=contact.get("phone", ""),
            street=contact.get("street", ""),
            postcode=contact.get("postcode", ""),
            town=contact.get("town", ""),
        )


def _document(
    number: int, one: Candidate, copy: RedactionRow | None, names: dict[str, str], plain: Plainer
) -> PackageDocument:
    redacted = copy is not None and copy.state is RedactionState.DONE
    stem, dot, ending = one.version.file_name.rpartition(".")
    if not stem or len(ending) > LONGEST_ENDING:
        stem, dot, ending = one.version.file_name, "", ""
    title = plain(one.document.title)
    file_name = f"{plain(stem) or 'document'}{'.pdf' if redacted else dot + ending}"
    return PackageDocument(
        path=_path(number, one, title, file_name),
        document_id=one.document.id,
        file_name=file_name,
        media_type=PDF if redacted else one.version.media_type,
        title=title,
        category=one.placement.category,
        category_name=names.get(one.placement.category, one.placement.category),
        document_date=one.document.document_date,
        fields={k: plain(str(v)) for k, v in one.document.fields.items()},
        redacted=redacted,
    )


def _path(number: int, one: Candidate, title: str, file_name: str) -> str:
    """`bijlagen/001_2026-03-03_Rapport.pdf`: never a path of its own, never twice."""
    day = f"{one.document.document_date.isoformat()}_" if one.document.document_date else ""
    kept = "".join(x if x.isalnum() or x in "-_" else " " for x in title)
    stem = "_".join(kept.split())[:LONGEST_NAME].strip("_") or "document"
    ending = file_name.rpartition(".")[2].lower() if "." in file_name else ""
    ending = f".{ending[:8]}" if ending.isascii() and ending.isalnum() else ""
    return f"{FILES}{number:03d}_{day}{stem}{ending}"


def advice_column(package_id: UUID) -> str:
    """The name under which the advice is sealed."""
    return f"transfer-advice-{package_id}"
