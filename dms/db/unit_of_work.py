"""One unit of work: a session plus what must be true with it: its audit rows and its outbox rows.

Services get one from `Database.begin()`; web, API, commands and jobs never see it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dms.db.tables import AuditChangeRow, AuditEventRow, AuditNoteRow, AuditSubjectRow, DocumentRow, OutboxRow
from dms.kernel.clock import Clock
from dms.model.events import Event

LONGEST_CHANGE = 500
"""Longer texts of a change are cut in the history; the thing itself has them whole."""

AT_ONCE = timedelta(0)

INDEX = "index"
"""The outbox kind that makes the index follow a document."""

UNINDEX = "unindex"
"""The outbox kind that drops a placement from the index that the database does not know."""


class UnitOfWork:
    """Collects the acts of one transaction."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self.session = session
        self._clock = clock
        self.now: datetime = clock.now()
        self.today: date = clock.today()

    def record(self, event: Event) -> None:
        """Write the audit row of `event` in this transaction: if it cannot be written, the act does not happen."""
        row = AuditEventRow(
            board_id=event.board_id,
            school_id=event.school_id,
            at=self.now,
            kind=event.kind,
            actor_kind=event.by.kind,
            actor_id=event.by.user_id,
            os_user=event.by.os_user,
            subject=self._pseudonym(event.pupil_id) if event.pupil_id else None,
            object_kind=event.object_kind,
            object_id=event.object_id,
            details=dict(event.details),
        )
        self.session.add(row)
        if event.note:
            self.session.flush()
            self.session.add(AuditNoteRow(event_id=row.id, text=event.note))
        if event.changes:
            self.session.flush()
            for position, one in enumerate(event.changes):
                before, after = one.before[:LONGEST_CHANGE], one.after[:LONGEST_CHANGE]
                self.session.add(
                    AuditChangeRow(event_id=row.id, position=position, field=one.field, before=before, after=after)
                )

    def after_commit(
        self, kind: str, object_id: UUID, payload: Mapping[str, object] | None = None, *, wait: timedelta = AT_ONCE
    ) -> None:
        """Ask for an effect that must happen once this transaction holds; `wait`: not sooner than so long after."""
        self.session.add(
            OutboxRow(
                kind=kind,
                object_id=object_id,
                payload=dict(payload or {}),
                created_at=self.now,
                available_at=self.now + wait,
            )
        )

    def reindex(self, document_id: UUID) -> None:
        """Let the index follow a document: raises its index version and leaves a row for the indexer."""
        self.session.execute(
            update(DocumentRow).where(DocumentRow.id == document_id).values(index_version=DocumentRow.index_version + 1)
        )
        self.after_commit(INDEX, document_id)

    def reindex_many(self, documents: Sequence[UUID]) -> None:
        """`reindex` for as many documents as one query may name (some hundreds), in two statements."""
        if not documents:
            return
        self.session.execute(
            update(DocumentRow)
            .where(DocumentRow.id.in_(documents))
            .values(index_version=DocumentRow.index_version + 1)
            .execution_options(synchronize_session=False)
        )
        for document_id in documents:
            self.after_commit(INDEX, document_id)

    def flush(self) -> None:
        """Send what is pending to the database, so that faults show before the commit."""
        self.session.flush()

    def _pseudonym(self, pupil_id: UUID) -> UUID:
        found = self.session.scalar(select(AuditSubjectRow.pseudonym).where(AuditSubjectRow.pupil_id == pupil_id))
        if found is not None:
            return found
        row = AuditSubjectRow(pupil_id=pupil_id)
        self.session.add(row)
        self.session.flush()
        return row.pseudonym
