"""A pupil's own data go: name, numbers, carers, places in groups, and the link from the log to the person.

Rows that other rows lean on (placements of destroyed documents, the dossier) go with the pupil, so that nobody is left
in a list without a name. What stays: the log under a pseudonym that leads nowhere any more, the line of the
destruction, and keyed digests of the numbers, so that a child who returns gets a new dossier that says so.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, delete, or_, select, update
from sqlalchemy.orm import Session

from dms.db.tables import (
    ApiTokenRow,
    AuditEventRow,
    AuditNoteRow,
    AuditSubjectRow,
    Base,
    BinEntryRow,
    CarerRow,
    CodeAppRow,
    DestroyedPupilRow,
    DossierRow,
    ElsewhereRow,
    HoldRow,
    KnownDeviceRow,
    OwnDataDecisionRow,
    PasskeyRow,
    PasswordLinkRow,
    PlacementRow,
    PortalSessionRow,
    PreferenceRow,
    PupilCarerRow,
    PupilIdentifierRow,
    PupilRow,
    RecentRow,
    RecoveryCodeRow,
    RoleHeldRow,
    SessionRow,
    ShieldPersonRow,
    ShieldRow,
    SignInBudgetRow,
    SigningAnswerRow,
    SigningRequestRow,
    SignInStepRow,
    UserRow,
)
from dms.db.unit_of_work import UnitOfWork
from dms.model.people import OUTSIDE_ROLES
from dms.services.destroying.links import drop_links_of

TABLES = (
    "pupils",
    "former_names",
    "pupil_identifiers",
    "enrolments",
    "group_placements",
    "carers",
    "pupil_carers",
    "pupil_consents",
    "pupil_staff",
    "dossiers",
    "placements",
    "holds",
    "shields",
    "temporary_access",
    "audit_subjects",
    "audit_notes",
    "intake_items",
    "users",
    "recently_opened",
    "corrections",
    "signing_requests",
    "signing_answers",
    "scoped_links",
    "own_data_decisions",
)
"""Tables whose old rows may hold something of a destroyed pupil."""

ACCOUNT = (
    SessionRow,
    PortalSessionRow,
    ApiTokenRow,
    PasswordLinkRow,
    CodeAppRow,
    RecoveryCodeRow,
    PasskeyRow,
    SignInStepRow,
    SignInBudgetRow,
    KnownDeviceRow,
    ElsewhereRow,
    PreferenceRow,
    RecentRow,
    RoleHeldRow,
)
"""What an account is made of besides its own row."""

NOBODY = "weg.invalid"
"""Where the addresses of accounts lie whose people are gone (RFC 2606)."""


def identities_of(session: Session, pupil_id: UUID) -> tuple[str, ...]:
    """The keyed digests of the numbers that identified the pupil; to be asked before the rows go."""
    pupil = session.get(PupilRow, pupil_id)
    own = [] if pupil is None else [pupil.bsn_digest, pupil.education_number_digest, pupil.eckid_digest]
    more = session.scalars(select(PupilIdentifierRow.digest).where(PupilIdentifierRow.pupil_id == pupil_id))
    return tuple(sorted({x for x in (*own, *more) if x}))


def remember_pupil(uow: UnitOfWork, school_id: UUID, line_id: UUID, digests: Collection[str], day: date) -> None:
    """Keep that somebody with these digests had a dossier that was destroyed."""
    asked = select(DestroyedPupilRow.digest).where(
        DestroyedPupilRow.school_id == school_id, DestroyedPupilRow.digest.in_(digests)
    )
    known = set(uow.session.scalars(asked))
    uow.session.add_all(
        DestroyedPupilRow(school_id=school_id, digest=x, reference=line_id, destroyed_on=day)
        for x in digests
        if x not in known
    )
    uow.flush()


def shrink_pupil(uow: UnitOfWork, pupil_id: UUID) -> None:
    """Delete a pupil's rows. The documents of the dossier must be destroyed before: a living placement stops it."""
    session = uow.session
    pupil = session.get(PupilRow, pupil_id)
    if pupil is None:
        return
    dossiers = list(session.scalars(select(DossierRow.id).where(DossierRow.pupil_id == pupil_id)))
    carers = list(session.scalars(select(PupilCarerRow.carer_id).where(PupilCarerRow.pupil_id == pupil_id)))
    account = pupil.user_id
    _forget_log(session, [pupil_id, *dossiers], pupil_id)
    places = select(PlacementRow.id).where(PlacementRow.pupil_id == pupil_id)
    _drop(session, BinEntryRow, BinEntryRow.placement_id.in_(places))
    shields = select(ShieldRow.id).where(ShieldRow.dossier_id.in_(dossiers))
    _drop(session, ShieldPersonRow, ShieldPersonRow.shield_id.in_(shields))
    _drop(session, ShieldRow, ShieldRow.dossier_id.in_(dossiers))
    _drop(session, HoldRow, or_(HoldRow.dossier_id.in_(dossiers), HoldRow.pupil_id == pupil_id))
    _drop(session, RecentRow, RecentRow.object_id == pupil_id)
    drop_links_of(session, pupil_id)
    decided = OwnDataDecisionRow.pupil_id == pupil_id
    session.execute(update(OwnDataDecisionRow).where(decided).values(end_reason=""))
    asked = select(SigningRequestRow.id).where(SigningRequestRow.pupil_id == pupil_id)
    _drop(session, SigningAnswerRow, SigningAnswerRow.request_id.in_(asked))
    for table, column, nullable in _leaning_on("pupils"):
        if nullable:
            session.execute(update(table).where(table.c[column] == pupil_id).values({column: None}))
    held_by = [(t, c) for t, c, nullable in _leaning_on("pupils") if not nullable]
    # A dossier goes after what lies in it.
    for table, column in sorted(held_by, key=lambda x: x[0].name == DossierRow.__tablename__):
        session.execute(delete(table).where(table.c[column] == pupil_id))
    _drop(session, PupilRow, PupilRow.id == pupil_id)
    session.expunge(pupil)
    _drop_carers(session, carers, uow.now)
    if account is not None:
        _drop_account(session, account, uow.now)


def _forget_log(session: Session, objects: list[UUID], pupil_id: UUID) -> None:
    """Erase free text in the log about the pupil, then cut the link from the log to the person."""
    asked = select(AuditSubjectRow.pseudonym).where(AuditSubjectRow.pupil_id == pupil_id)
    pseudonym = session.scalar(asked) or pupil_id
    about = or_(AuditEventRow.object_id.in_(objects), AuditEventRow.subject == pseudonym)
    _drop(session, AuditNoteRow, AuditNoteRow.event_id.in_(select(AuditEventRow.id).where(about)))
    _drop(session, AuditSubjectRow, AuditSubjectRow.pupil_id == pupil_id)


def _drop_carers(session: Session, carers: list[UUID], now: datetime) -> None:
    """Carers who are no other pupil's, with their accounts."""
    others = set(session.scalars(select(PupilCarerRow.carer_id).where(PupilCarerRow.carer_id.in_(carers))))
    for carer_id in sorted(set(carers) - others):
        account = session.scalar(select(CarerRow.user_id).where(CarerRow.id == carer_id))
        for table, column, nullable in _leaning_on("carers"):
            where = table.c[column] == carer_id
            session.execute(
                update(table).where(where).values({column: None}) if nullable else delete(table).where(where)
            )
        _drop(session, CarerRow, CarerRow.id == carer_id)
        if account is not None:
            _drop_account(session, account, now)


def _drop_account(session: Session, user_id: UUID, now: datetime) -> None:
    """The account of a pupil or carer who is nobody here any more; the row stays, because acts lean on it."""
    kept = session.scalar(select(CarerRow.id).where(CarerRow.user_id == user_id).limit(1)) or session.scalar(
        select(PupilRow.id).where(PupilRow.user_id == user_id).limit(1)
    )
    roles = set(session.scalars(select(RoleHeldRow.role).where(RoleHeldRow.user_id == user_id)))
    if kept is not None or roles - {x.value for x in OUTSIDE_ROLES}:
        return
    for part in ACCOUNT:
        _drop(session, part, part.user_id == user_id)
    session.execute(
        update(UserRow)
        .where(UserRow.id == user_id)
        .values(
            email=f"{user_id.hex}@{NOBODY}",
            name="",
            password_hash=None,
            disabled_at=now,
            row_version=UserRow.row_version + 1,
        )
        .execution_options(synchronize_session=False)
    )


def _leaning_on(name: str) -> list[tuple[Table, str, bool]]:
    """Every column of every table that refers to rows of table `name`, and whether it may be empty."""
    return [
        (table, column.name, bool(column.nullable))
        for table in Base.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name == name
    ]


def _drop(session: Session, table: Any, where: Any) -> None:  # noqa: ANN401 - any table, any condition
    session.execute(delete(table).where(where).execution_options(synchronize_session=False))
