"""Fetches what is known of a school's pupils, as the rules want it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from dms.db.tables import (
    CarerRow,
    DestroyedPupilRow,
    DossierRow,
    EnrolmentRow,
    FormerNameRow,
    GroupKeyRow,
    GroupPlacementRow,
    GroupRow,
    GroupStaffRow,
    ImportRulesRow,
    PupilCarerRow,
    PupilIdentifierRow,
    PupilRow,
    RoleHeldRow,
    SiteRow,
    UserRow,
)
from dms.model.documents import DossierState
from dms.model.people import RoleCode
from ingest.rules.pupils.dates import Birth
from ingest.rules.pupils.groups import GroupKey, Mentor, StaffStay
from ingest.rules.pupils.known import (
    CarerLink,
    Enrolment,
    FormerName,
    GroupStay,
    Identifier,
    KnownPupil,
    PupilState,
)
from ingest.rules.pupils.life import group_key

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class School:
    """A school's pupils, groups (by compared name) and sites (by code), and `base`: which state this is.

    `bare` are pupils without a dossier, which an import makes good. `destroyed`: digests of what identified pupils
    whose dossier was destroyed → what refers to the destruction. `mentors`: who holds the role of mentor today.
    """

    pupils: tuple[KnownPupil, ...]
    groups: dict[str, UUID]
    sites: dict[str, UUID]
    base: str
    bare: frozenset[UUID]
    group_names: dict[UUID, str] = field(default_factory=dict)
    group_keys: tuple[GroupKey, ...] = ()
    destroyed: dict[str, UUID] = field(default_factory=dict)
    mentors: tuple[Mentor, ...] = ()
    match_eckid: bool = False
    place_mentors: bool = False


def base_of(session: Session, school_id: UUID, lock: bool = False) -> str:
    """Names the state of the school's pupils: another value once any pupil was made, changed or removed.

    With `lock` nobody else changes them until the transaction ends.
    """
    query = select(PupilRow.id, PupilRow.row_version).where(PupilRow.school_id == school_id).order_by(PupilRow.id)
    rows = session.execute(query.with_for_update() if lock else query)
    mark = sha256()
    for pupil_id, version in rows:
        mark.update(pupil_id.bytes + version.to_bytes(8, "big"))
    return mark.hexdigest()[:32]


def load_school(session: Session, school_id: UUID, today: date) -> School:
    """Everything that an import of this school can touch, in one consistent picture."""
    base = base_of(session, school_id)  # first: what changes while the rest is fetched shows as another base
    here = select(PupilRow.id).where(PupilRow.school_id == school_id)
    sites = {
        x.code: x.id for x in session.execute(select(SiteRow.code, SiteRow.id).where(SiteRow.school_id == school_id))
    }
    groups = session.execute(select(GroupRow.name, GroupRow.id).where(GroupRow.school_id == school_id)).tuples().all()
    enrolments = _enrolments(session, here, {x: code for code, x in sites.items()})
    stays = _stays(session, here)
    carers = _carers(session, here)
    former = _former(session, here)
    identifiers = _identifiers(session, here)
    rules = session.get(ImportRulesRow, school_id)
    dossiers = {
        x.pupil_id: x for x in session.scalars(select(DossierRow).where(DossierRow.school_id == school_id)).all()
    }
    pupils = []
    for row in session.execute(select(PupilRow.__table__).where(PupilRow.school_id == school_id)):
        dossier = dossiers.get(row.id)
        state = PupilState(
            number=row.number,
            given_name=row.given_name,
            first_names=row.first_names,
            initials=row.initials,
            prefix=row.prefix,
            surname=row.surname,
            birth=Birth(row.birth_date, row.birth_date_partial),
            gender=row.gender,
            email=row.email,
            address_secret=row.address_secret,
            bsn_digest=row.bsn_digest,
            education_digest=row.education_number_digest,
            eckid_digest=row.eckid_digest,
            tail_digest=row.tail_digest,
            number_mark=row.number_mark,
            identifiers=tuple(identifiers.get(row.id, ())),
            enrolments=tuple(sorted(enrolments.get(row.id, ()), key=lambda x: x.since or date.min)),
            stays=tuple(stays.get(row.id, ())),
            carers=tuple(carers.get(row.id, ())),
            former_names=tuple(former.get(row.id, ())),
            dossier=dossier.state if dossier else DossierState.REGISTERED,
            opened_on=dossier.opened_on if dossier else None,
            closed_on=dossier.closed_on if dossier else None,
        )
        pupils.append(KnownPupil(row.id, row.row_version, state))
    bare = frozenset(x.id for x in pupils if x.id not in dossiers)
    return School(
        tuple(pupils),
        {group_key(name): x for name, x in groups},
        sites,
        base,
        bare,
        group_names={x: name for name, x in groups},
        group_keys=_group_keys(session, school_id),
        destroyed=dict(
            session.execute(
                select(DestroyedPupilRow.digest, DestroyedPupilRow.reference)
                .where(DestroyedPupilRow.school_id == school_id)
                .order_by(DestroyedPupilRow.destroyed_on)
            )
            .tuples()
            .all()
        ),
        mentors=_mentors(session, school_id, today),
        match_eckid=rules is not None and rules.match_eckid,
        place_mentors=rules is not None and rules.mentors,
    )


def _group_keys(session: Session, school_id: UUID) -> tuple[GroupKey, ...]:
    rows = session.scalars(select(GroupKeyRow).where(GroupKeyRow.school_id == school_id))
    return tuple(GroupKey(x.id, x.group_id, x.source, x.key, x.school_year) for x in rows)


def _mentors(session: Session, school_id: UUID, today: date) -> tuple[Mentor, ...]:
    """Who holds the role of mentor at the school today, with their places in its groups: a file gives no role."""
    people = session.execute(
        select(UserRow.id, UserRow.email)
        .join(RoleHeldRow, RoleHeldRow.user_id == UserRow.id)
        .where(
            RoleHeldRow.school_id == school_id,
            RoleHeldRow.role == RoleCode.MENTOR.value,
            UserRow.disabled_at.is_(None),
            or_(RoleHeldRow.since.is_(None), RoleHeldRow.since <= today),
            or_(RoleHeldRow.until.is_(None), RoleHeldRow.until > today),
        )
        .distinct()
    ).tuples()
    found = dict(people.all())
    stays: dict[UUID, list[StaffStay]] = defaultdict(list)
    for row in session.scalars(
        select(GroupStaffRow)
        .join(GroupRow, GroupRow.id == GroupStaffRow.group_id)
        .where(GroupRow.school_id == school_id, GroupStaffRow.user_id.in_(found))
    ):
        stays[row.user_id].append(StaffStay(row.id, row.group_id, row.since, row.until, row.origin))
    return tuple(Mentor(x, email.casefold(), tuple(stays[x])) for x, email in found.items())


def _enrolments(session: Session, here: Select[tuple[UUID]], codes: dict[UUID, str]) -> dict[UUID, list[Enrolment]]:
    table = EnrolmentRow
    rows = session.execute(
        select(table.pupil_id, table.id, table.site_id, table.since, table.until).where(table.pupil_id.in_(here))
    )
    return _collect(
        (pupil, Enrolment(own, codes.get(site, "") if site else "", since, until))
        for pupil, own, site, since, until in rows.tuples()
    )


def _stays(session: Session, here: Select[tuple[UUID]]) -> dict[UUID, list[GroupStay]]:
    table = GroupPlacementRow
    rows = session.execute(
        select(table.pupil_id, table.id, GroupRow.name, table.since, table.until)
        .join(GroupRow, GroupRow.id == table.group_id)
        .where(table.pupil_id.in_(here))
        .order_by(table.since, GroupRow.name)
    )
    return _collect((pupil, GroupStay(own, name, since, until)) for pupil, own, name, since, until in rows.tuples())


def _carers(session: Session, here: Select[tuple[UUID]]) -> dict[UUID, list[CarerLink]]:
    link = PupilCarerRow
    rows = session.execute(
        select(
            link.pupil_id,
            link.id,
            link.carer_id,
            link.position,
            CarerRow.name,
            CarerRow.email,
            link.relation,
            link.authority,
            link.since,
            link.until,
        )
        .join(CarerRow, CarerRow.id == link.carer_id)
        .where(link.pupil_id.in_(here))
        .order_by(link.position, link.id)
    )
    return _collect((pupil, CarerLink(*rest)) for pupil, *rest in rows)


def _former(session: Session, here: Select[tuple[UUID]]) -> dict[UUID, list[FormerName]]:
    table = FormerNameRow
    rows = session.execute(
        select(table.pupil_id, table.id, table.given_name, table.prefix, table.surname, table.until)
        .where(table.pupil_id.in_(here))
        .order_by(table.until)
    )
    return _collect((pupil, FormerName(*rest)) for pupil, *rest in rows)


def _identifiers(session: Session, here: Select[tuple[UUID]]) -> dict[UUID, list[Identifier]]:
    table = PupilIdentifierRow
    rows = session.execute(
        select(table.pupil_id, table.id, table.kind, table.digest, table.shown, table.until)
        .where(table.pupil_id.in_(here))
        .order_by(table.kind, table.id)
    )
    return _collect((pupil, Identifier(*rest)) for pupil, *rest in rows)


def _collect(pairs: Iterable[tuple[UUID, T]]) -> dict[UUID, list[T]]:
    found: dict[UUID, list[T]] = defaultdict(list)
    for pupil_id, one in pairs:
        found[pupil_id].append(one)
    return found
