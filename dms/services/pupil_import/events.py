"""The log of an import: one event per pupil, sent in bulk, because five thousand single ones hold up other writers."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from sqlalchemy import insert, select

from dms.db.tables import AuditEventRow, AuditSubjectRow, DocumentRow, PlacementRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.ids import new_id
from dms.model.documents import DossierState, PlacementState
from dms.model.events import By, Event, EventKind
from dms.services.pupil_import.batch import PupilWork, table_of
from dms.services.shapes import SchoolView
from ingest.rules.pupils.groups import StaffChange

_CHUNK = 500


def record_pupils(uow: UnitOfWork, by: By, school: SchoolView, work: Sequence[PupilWork]) -> None:
    """Write the events of all pupils in this transaction; what they say is what `uow.record` would have written."""
    subjects = _subjects(uow, work)
    rows = [
        {
            "board_id": school.board_id,
            "school_id": school.id,
            "at": uow.now,
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
    if rows:
        uow.session.connection().execute(insert(table_of(AuditEventRow)), rows)


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
        for document_id in documents:
            uow.reindex(document_id)


def _events_of(one: PupilWork) -> Iterator[tuple[EventKind, dict[str, str]]]:
    if one.is_new:
        yield EventKind.PUPIL_CREATED, {"dossier": one.state_after}
        return
    yield EventKind.PUPIL_CHANGED, {"fields": ",".join(one.fields)}
    if one.state_before != one.state_after:
        closed = one.state_after == DossierState.CLOSED
        kind = EventKind.DOSSIER_CLOSED if closed else EventKind.DOSSIER_OPENED
        yield kind, {"before": one.state_before or "", "after": one.state_after}


def _subjects(uow: UnitOfWork, work: Sequence[PupilWork]) -> dict[UUID, UUID]:
    """The pseudonyms of all pupils; those without one get theirs."""
    found: dict[UUID, UUID] = {}
    for pupils in _chunks([x.pupil_id for x in work if not x.is_new]):
        rows = uow.session.execute(
            select(AuditSubjectRow.pupil_id, AuditSubjectRow.pseudonym).where(AuditSubjectRow.pupil_id.in_(pupils))
        )
        found.update(rows.tuples().all())
    fresh = {x.pupil_id: new_id() for x in work if x.pupil_id not in found}
    if fresh:
        uow.session.connection().execute(
            insert(table_of(AuditSubjectRow)), [{"pupil_id": x, "pseudonym": y} for x, y in fresh.items()]
        )
    return {**found, **fresh}


def _chunks(ids: Sequence[UUID]) -> Iterable[Sequence[UUID]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))
