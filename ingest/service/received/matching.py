"""Whose package it is: the rules of pupil files, in short. A number identifies; name and birth date only suggest."""

from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from dms.db.tables import PupilRow
from dms.model.transfer_package import PackagePupil
from dms.services.shapes import SchoolView
from dms.services.tools import Tools, digest_scope, full_name
from ingest.rules.pupils.identifiers import number_digest, parse_bsn
from ingest.service.received.shapes import Candidate
from storage.vault import Vault

MOST = 8


def sure_pupil(session: Session, vault: Vault, school: SchoolView, told: PackagePupil) -> UUID | None:
    """The one pupil of the school with this BSN or onderwijsnummer; None where there is none, or more than one."""
    digests = _digests(vault, school, told)
    if not digests:
        return None
    found = session.scalars(
        select(PupilRow.id).where(
            PupilRow.school_id == school.id,
            or_(PupilRow.bsn_digest.in_(digests), PupilRow.education_number_digest.in_(digests)),
        )
    ).all()
    return found[0] if len(found) == 1 else None


def candidates(session: Session, tools: Tools, school: SchoolView, told: PackagePupil) -> tuple[Candidate, ...]:
    """Pupils who may be the one, the sure one first. Somebody chooses: name and birth date merge nobody."""
    sure = sure_pupil(session, tools.vault, school, told)
    query = select(PupilRow).where(PupilRow.school_id == school.id)
    alike = PupilRow.id == sure if sure is not None else None
    if told.birth_date is not None and told.surname:
        named = (PupilRow.birth_date == told.birth_date) & (func.lower(PupilRow.surname) == told.surname.lower())
        alike = named if alike is None else or_(alike, named)
    if alike is None:
        return ()
    rows = session.scalars(query.where(alike).order_by(PupilRow.sort_name, PupilRow.number).limit(MOST)).all()
    return tuple(sorted((candidate(x, sure=x.id == sure) for x in rows), key=lambda x: not x.sure))


def candidate(row: PupilRow, *, sure: bool = False) -> Candidate:
    """A pupil as a candidate."""
    return Candidate(row.id, row.number, full_name(row), row.birth_date, sure)


def _digests(vault: Vault, school: SchoolView, told: PackagePupil) -> list[str]:
    key = vault.keys.digest_key(digest_scope(school.brin))
    found = []
    for text in (told.bsn, told.education_number):
        try:
            number = parse_bsn(text)
        except ValueError:
            continue
        if number.valid or text == told.education_number:
            found.append(number_digest(key, number.value))
    return found
