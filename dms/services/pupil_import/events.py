"""The log of an import: one event per pupil, sent in bulk, because five thousand single ones hold up other writers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import AuditEventRow, AuditSubjectRow, DocumentRow, PlacementRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.ids import new_id
from dms.model.documents import DossierState, PlacementState
from dms.model.events import By, Event, EventKind
from dms.services.pupil_import.batch import PupilWork, table_of
from dms.services.pupil_import.sending import Sending, inserting
from dms.services.shapes import SchoolView
from ingest.rules.pupils.groups import StaffChange

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class PupilEvents:
    """The events of all pupils, ready to be sent. `late`: known pupils without a pseudonym yet, a rare thing, who get
    theirs in the transaction, because somebody else may give them one meanwhile.
    """

    sendings: list[Sending]
    late: list[PupilWork]


def prepare_events(
    session: Session, by: By, school: SchoolView, work: Sequence[PupilWork], now: datetime
) -> PupilEvents:
    """Make the events of all pupils before the transaction; what they say is what `uow.record` would have written."""
    dialect = session.get_bind().dialect
    known = _pseudonyms(session, [x.pupil_id for x in work if not x.is_new])
    fresh = {x.pupil_id: new_id() for x in work if x.is_new}
    subjects = {**known, **fresh}
    late = [x for x in work if x.pupil_id not in subjects]
    rows = _rows(by, school, [x for x in work if x.pupil_id in subjects], subjects, now)
    found = []
    if fresh:
        pairs = [{"pupil_id": x, "pseudonym": y} for x, y in fresh.items()]
        found.append(inserting(dialect, table_of(AuditSubjectRow), pairs))
    if rows:
        found.append(inserting(dialect, table_of(AuditEventRow), rows))
    return PupilEvents(found, late)


def record_pupils(uow: UnitOfWork, by: By, school: SchoolView, events: PupilEvents) -> None:
    """Write the events of all pupils in this transaction."""
    connection = uow.session.connection()
    for one in events.sendings:
        one.send(connection)
    if not events.late:
        return
    subjects = _pseudonyms(uow.session, [x.pupil_id for x in events.late])
    fresh = {x.pupil_id: new_id() for x in events.late if x.pupil_id not in subjects}
    if fresh:
        pairs = [{"pupil_id": x, "pseudonym": y} for x, y in fresh.items()]
        inserting(connection.dialect, table_of(AuditSubjectRow), pairs).send(connection)
    rows = _rows(by, school, events.late, {**subjects, **fresh}, uow.now)
    inserting(connection.dialect, table_of(AuditEventRow), rows).send(connection)


def record_import(uow: UnitOfWork, by: By, school: SchoolView, counts: dict[str, int]) -> None:
    """The one event that says that a list was applied, with its counts."""
    uow.record(Event(EventKind.PUPILS_IMPORTED, by, school.board_id, school.id, details=counts))


def record_staff(uow: UnitOfWork, by: By, school: SchoolView, changes: Sequence[StaffChange]) -> None:
    """Record that a file brought known mentors into groups, or ended a place that it brought before."""
    for one in changes:
        uow.record(
            Event(
                EventKind.GROUP_GIVEN,
                by,
                school.board_id,
                school.id,
                object_kind="user",
                object_id=one.user_id,
                details={"ended": one.stay is not None},
            )
        )


def reindex_renamed(uow: UnitOfWork, work: Sequence[PupilWork]) -> None:
    """Let the index follow the documents of pupils whose name or number changed: it shows both."""
    for pupils in _chunks([x.pupil_id for x in work if x.renamed]):
        documents = uow.session.scalars(
            select(DocumentRow.id)
            .join(PlacementRow, PlacementRow.document_id == DocumentRow.id)
            .where(PlacementRow.pupil_id.in_(pupils), PlacementRow.state == PlacementState.ACTIVE)
            .distinct()
        ).all()
        for some in _chunks(documents):
            uow.reindex_many(some)


def _events_of(one: PupilWork) -> Iterator[tuple[EventKind, dict[str, str]]]:
    if one.is_new:
        yield EventKind.PUPIL_CREATED, {"dossier": one.state_after}
        return
    yield EventKind.PUPIL_CHANGED, {"fields": ",".join(one.fields)}
    if one.state_before != one.state_after:
        closed = one.state_after == DossierState.CLOSED
        kind = EventKind.DOSSIER_CLOSED if closed else EventKind.DOSSIER_OPENED
        yield kind, {"before": one.state_before or "", "after": one.state_after}


def _rows(
    by: By, school: SchoolView, work: Sequence[PupilWork], subjects: Mapping[UUID, UUID], now: datetime
) -> list[dict[str, Any]]:
    return [
        {
            "board_id": school.board_id,
            "school_id": school.id,
            "at": now,
            "kind": kind,
            "actor_kind": by.kind,
            "actor_id": by.user_id,
            "os_user": by.os_user,
            "subject": subjects[one.pupil_id],
            "object_kind": "",
            "object_id": None,
            "details": details,
        }
        for one in work
        for kind, details in _events_of(one)
    ]


def _pseudonyms(session: Session, pupils: Sequence[UUID]) -> dict[UUID, UUID]:
    """The pseudonyms of those pupils who have one."""
    found: dict[UUID, UUID] = {}
    for some in _chunks(pupils):
        rows = session.execute(
            select(AuditSubjectRow.pupil_id, AuditSubjectRow.pseudonym).where(AuditSubjectRow.pupil_id.in_(some))
        )
        found.update(rows.tuples().all())
    return found


def _chunks(ids: Sequence[UUID]) -> Iterable[Sequence[UUID]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))
