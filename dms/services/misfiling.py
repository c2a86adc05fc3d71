"""A paper that lay in the wrong dossier, and was opened there by somebody outside: the beginning of a data breach.

A record begins in the same transaction as the act that takes the paper away: what, when, and who looked.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dms.db.tables import (
    AuditEventRow,
    AuditSubjectRow,
    DataBreachLookRow,
    DataBreachRow,
    PlacementRow,
    RoleHeldRow,
    UserRow,
)
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.ids import new_id
from dms.model.events import By, Event, EventKind
from dms.model.letters import LetterKind
from dms.model.people import RoleCode
from dms.model.portal import DOOR, BreachCause, BreachState, Door, Look
from dms.services.link_looks import link_looks
from dms.services.notices.post import Letter, language_of, post

PAGE = "/datalekken"
LOOKS = {EventKind.DOCUMENT_SEEN: Look.SEEN, EventKind.DOCUMENT_DOWNLOADED: Look.DOWNLOADED}


def noticed(
    uow: UnitOfWork, by: By, placement: PlacementRow, was: UUID, now: UUID | None, cause: BreachCause
) -> UUID | None:
    """Begin a record when somebody outside opened the paper while it lay in the dossier of pupil `was`; its id.

    `now`: the pupil in whose dossier it lies after the act; None where it lies in none. Call it where a placement
    leaves a dossier as wrong, in the same transaction.
    """
    found = [
        *_portal_looks(uow.session, placement.document_id, was),
        *link_looks(uow.session, placement.document_id, was),
    ]
    if not found:
        return None
    row = DataBreachRow(
        id=new_id(),
        board_id=placement.board_id,
        school_id=placement.school_id,
        document_id=placement.document_id,
        pupil_id=was,
        about_id=now,
        cause=cause,
        category=placement.category,
        state=BreachState.OPEN,
        found_at=uow.now,
        found_by=by.user_id,
        changed_at=uow.now,
    )
    uow.session.add(row)
    uow.flush()
    for door, look, who, at in found:
        uow.session.add(
            DataBreachLookRow(
                breach_id=row.id,
                door=door,
                look=look,
                user_id=who if door is Door.PORTAL else None,
                link_id=who if door is Door.LINK else None,
                at=at,
            )
        )
    uow.record(breach_event(EventKind.BREACH_STARTED, by, row, {"cause": cause.value, "looks": len(found)}))
    _tell(uow, row)
    return row.id


Found = tuple[Door, Look, UUID, datetime]


def _portal_looks(session: Session, document_id: UUID, pupil_id: UUID) -> list[Found]:
    """Looks at the portal, out of the log: it tells who, what and when, and is written with the look itself."""
    subject = session.scalar(select(AuditSubjectRow.pseudonym).where(AuditSubjectRow.pupil_id == pupil_id))
    if subject is None:
        return []
    rows = session.scalars(
        select(AuditEventRow)
        .where(
            AuditEventRow.object_id == document_id,
            AuditEventRow.subject == subject,
            AuditEventRow.kind.in_(LOOKS),
        )
        .order_by(AuditEventRow.id)
    )
    return [
        (Door.PORTAL, LOOKS[x.kind], x.actor_id, x.at)
        for x in rows
        if x.actor_id is not None and x.details.get(DOOR) == Door.PORTAL.value
    ]


def _tell(uow: UnitOfWork, row: DataBreachRow) -> None:
    """A letter at once to the privacy officers of the board."""
    officers = uow.session.scalars(
        select(RoleHeldRow.user_id)
        .join(UserRow, UserRow.id == RoleHeldRow.user_id)
        .where(
            RoleHeldRow.board_id == row.board_id,
            RoleHeldRow.role == RoleCode.PRIVACY_OFFICER.value,
            or_(RoleHeldRow.since.is_(None), RoleHeldRow.since <= uow.today),
            or_(RoleHeldRow.until.is_(None), RoleHeldRow.until > uow.today),
            UserRow.disabled_at.is_(None),
        )
        .distinct()
    ).all()
    for user_id in officers:
        params: dict[str, int | date | str] = {"date": uow.today, "page": PAGE}
        post(uow, Letter(LetterKind.BREACH_STARTED, user_id, row.school_id, language_of(uow, user_id), params))


def breach_event(kind: EventKind, by: By, row: DataBreachRow, details: dict[str, str | int | bool | None]) -> Event:
    """The event of an act upon a breach."""
    return Event(kind, by, row.board_id, row.school_id, row.pupil_id or row.about_id, "breach", row.id, details)
