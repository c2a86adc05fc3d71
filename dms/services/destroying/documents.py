"""What is left of a document's rows when it is destroyed: ids, sizes and days of handling, nothing that it said.

The rows stay, so that log, certificate and what refers to them can be followed; everything that was read, typed or
recognised goes. Works within the caller's transaction; doing it twice is doing it once.
"""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from dms.db import outbox
from dms.db.tables import (
    ArchiveJobRow,
    ArchiveLineRow,
    AuditEventRow,
    AuditNoteRow,
    BinEntryRow,
    DeskActRow,
    DeskAssignmentRow,
    DeskClaimRow,
    DocumentRow,
    DocumentVersionRow,
    FingerprintRow,
    HoldRow,
    IntakeRow,
    ItemRow,
    LookalikeRow,
    MailMessageRow,
    OutboxRow,
    PartRow,
    PlacementRow,
    ReceivedPartRow,
    RecentRow,
    RedactionRow,
    RenditionRow,
    ShieldRow,
    SigningAnswerRow,
    SigningRequestRow,
    StackRow,
    TemporaryAccessRow,
    TombstoneRow,
    TransferDocumentRow,
    TransferPackageRow,
    UndoStepRow,
    UploadRow,
    VersionUploadRow,
)
from dms.db.unit_of_work import UnitOfWork
from dms.model.documents import ItemState, PlacementState
from dms.services.destroying.links import end_empty_links

TABLES = (
    "documents",
    "document_versions",
    "renditions",
    "placements",
    "intake_items",
    "intakes",
    "undo_steps",
    "bin_entries",
    "version_uploads",
    "recently_opened",
    "holds",
    "shields",
    "temporary_access",
    "dossier_archive_lines",
    "received_parts",
    "mail_messages",
    "audit_notes",
    "outbox",
    "fingerprints",
    "lookalikes",
    "desk_acts",
    "signing_requests",
    "signing_answers",
    "stacks",
    "intake_parts",
    "uploads",
    "scoped_links",
    "transfer_packages",
)
"""Tables whose old rows may hold something of a destroyed document: the database is purged of them afterwards."""

HANDLED = {
    "archive_jobs", "bin_entries", "desk_acts", "desk_assignments", "desk_claims", "document_versions", "documents",
    "dossier_archive_lines", "fingerprints", "holds", "intake_items", "intake_parts", "lookalikes", "outbox",
    "placements", "received_parts", "recently_opened", "redactions", "renditions", "shields", "signing_answers",
    "signing_requests", "stacks", "temporary_access", "undo_steps",
    "uploads", "version_uploads", "mail_messages", "audit_events",
}  # fmt: skip
"""Tables that name a document, its item or its receipt, and are dealt with here."""

STAYING = {
    "disposal_items": "ids, day and ground of the decision",
    "destruction_items": "the same of what went without a list",
    "destruction_lines": "what the certificate is made of",
    "destruction_probes": "sealed under a key that dies with the run",
    "received_packages": "which school sent a package and when; what it told of the pupil went when it was decided on",
    "dossier_sources": "keyed digests: what was destroyed does not come in again from an archive",
    "subject_request_items": "ids and what was answered; what people wrote is sealed under the pupil's key",
    "learned_examples": "an id; what was learned from it is forgotten by the clock of the recognition",
    "releases": "a code and who decided",
    "transfer_documents": "an id of what went along; the snapshot that named it is emptied",
    "scoped_link_documents": "ids: which link held it; a link of which nothing is left ends and forgets its receiver",
    "scoped_link_events": "ids: which visitor had seen or taken it, and when",
    "data_breaches": "ids and the privacy officer's account of a data breach, which the law asks to keep (AVG 33(5))",
}
"""Tables that name it and keep what they say, with the reason."""

GONE = (PlacementState.DESTROYED, PlacementState.TRANSFERRED)
"""States in which a placement no longer keeps its document."""


def tombstones_of(session: Session, documents: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """Per document the keyed digests of the bytes of all its versions; to be asked before the rows are shrunk."""
    found: dict[UUID, set[str]] = {x: set() for x in documents}
    for column, digest in (
        (DocumentVersionRow.document_id, DocumentVersionRow.digest),
        (ItemRow.document_id, ItemRow.digest),
    ):
        for document_id, value in session.execute(select(column, digest).where(column.in_(found))):
            if value:
                found[document_id].add(value)
    return {k: tuple(sorted(v)) for k, v in found.items()}


def shrink_documents(uow: UnitOfWork, documents: Sequence[UUID]) -> None:
    """Take all that they said out of the rows of documents whose key is gone; their placements are destroyed."""
    wanted, session = list(documents), uow.session
    if not wanted:
        return
    placements = list(session.scalars(select(PlacementRow.id).where(PlacementRow.document_id.in_(wanted))))
    shrink_places(uow, placements)
    session.execute(
        update(DocumentRow)
        .where(DocumentRow.id.in_(wanted))
        .values(
            title="",
            fields={},
            document_date=None,
            confidence=None,
            row_version=DocumentRow.row_version + 1,
            changed_at=uow.now,
        )
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(DocumentVersionRow)
        .where(DocumentVersionRow.document_id.in_(wanted))
        .values(file_name="", digest="", text_confidence=None)
        .execution_options(synchronize_session=False)
    )
    gone = (RenditionRow, UndoStepRow, VersionUploadRow, FingerprintRow, LookalikeRow, ArchiveJobRow, RedactionRow)
    for table in gone:
        session.execute(delete(table).where(table.document_id.in_(wanted)).execution_options(synchronize_session=False))
    session.execute(
        delete(RecentRow).where(RecentRow.object_id.in_(wanted)).execution_options(synchronize_session=False)
    )
    session.execute(
        delete(OutboxRow)
        .where(OutboxRow.object_id.in_(wanted), OutboxRow.kind.in_(outbox.WORK))
        .execution_options(synchronize_session=False)
    )
    _drop_signing(session, wanted)
    _empty_snapshots(session, wanted)
    _shrink_intake(session, wanted)
    _forget_reasons(session, wanted)


def shrink_places(uow: UnitOfWork, placements: Sequence[UUID]) -> None:
    """Let documents have been destroyed in these dossiers; where else they lie they live on."""
    wanted, session = list(placements), uow.session
    if not wanted:
        return
    session.execute(
        update(PlacementRow)
        .where(PlacementRow.id.in_(wanted), PlacementRow.state != PlacementState.DESTROYED)
        .values(
            state=PlacementState.DESTROYED,
            due_from=None,
            due_by=None,
            due_reason="",
            changed_at=uow.now,
        )
        .execution_options(synchronize_session=False)
    )
    session.execute(
        delete(BinEntryRow).where(BinEntryRow.placement_id.in_(wanted)).execution_options(synchronize_session=False)
    )
    end_empty_links(uow, wanted)
    # What was before tells of all dossiers in which the document lay: the ways back go, also those of the others.
    documents = select(PlacementRow.document_id).where(PlacementRow.id.in_(wanted))
    session.execute(
        delete(UndoStepRow).where(UndoStepRow.document_id.in_(documents)).execution_options(synchronize_session=False)
    )


def put_tombstones(uow: UnitOfWork, school_id: UUID, stones: Sequence[tuple[UUID, str]], day: date) -> None:
    """Remember keyed digests of bytes that were destroyed at a school (with the line of each), so that the same does
    not come in again.
    """
    digests = {digest: line_id for line_id, digest in stones}
    asked = select(TombstoneRow).where(TombstoneRow.school_id == school_id, TombstoneRow.digest.in_(digests))
    known = {x.digest: x for x in uow.session.scalars(asked)}
    for digest, line_id in digests.items():
        if digest in known:  # it came in with a reason, and was destroyed again
            row = known[digest]
            row.line_id, row.destroyed_on = line_id, day
            row.overridden_by = row.overridden_at = None
        else:
            uow.session.add(TombstoneRow(school_id=school_id, digest=digest, line_id=line_id, destroyed_on=day))
    uow.flush()


def _shrink_intake(session: Session, documents: list[UUID]) -> None:
    """Item, receipt, mail and line of an archive that the document came with."""
    items = list(session.scalars(select(ItemRow.id).where(ItemRow.document_id.in_(documents))))
    intakes = set(session.scalars(select(ItemRow.intake_id).where(ItemRow.id.in_(items))))
    session.execute(
        update(ItemRow)
        .where(ItemRow.id.in_(items))
        .values(
            name="",
            title="",
            object_key="",
            digest="",
            evidence=None,
            category=None,
            pupil_id=None,
            document_date=None,
            confidence=None,
            text_confidence=None,
            own_hints=None,
            reason_params={},
        )
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(ReceivedPartRow)
        .where(ReceivedPartRow.item_id.in_(items))
        .values(name="", title="", fields={}, category=None, category_sent="", document_date=None, reason_params={})
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(ArchiveLineRow)
        .where(ArchiveLineRow.item_id.in_(items))
        .values(
            path="",
            title="",
            sha256="",
            digest="",
            source_id="",
            suggested=[],
            reason_params={},
            pupil_id=None,
            category=None,
            likely=None,
            day=None,
        )
        .execution_options(synchronize_session=False)
    )
    for table in (DeskActRow, DeskAssignmentRow, DeskClaimRow, LookalikeRow, StackRow):
        session.execute(delete(table).where(table.item_id.in_(items)).execution_options(synchronize_session=False))
    session.execute(
        update(PartRow)
        .where(or_(PartRow.item_id.in_(items), PartRow.parent_id.in_(items)))
        .values(name="", reason_params={})
        .execution_options(synchronize_session=False)
    )
    living = set(
        session.scalars(
            select(ItemRow.intake_id)
            .where(
                ItemRow.intake_id.in_(intakes),
                ItemRow.state != ItemState.DISCARDED,
                or_(ItemRow.name != "", ItemRow.object_key != ""),
            )
            .distinct()
        )
    )
    done = sorted(intakes - living)
    session.execute(
        update(IntakeRow).where(IntakeRow.id.in_(done)).values(hints={}).execution_options(synchronize_session=False)
    )
    session.execute(
        update(UploadRow)
        .where(UploadRow.intake_id.in_(done))
        .values(name="")
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(MailMessageRow)
        .where(MailMessageRow.intake_id.in_(done))
        .values(sealed=None)
        .execution_options(synchronize_session=False)
    )


def _drop_signing(session: Session, documents: list[UUID]) -> None:
    """Who was asked to sign it and what they said; the statement of it is a document of its own."""
    asked = select(SigningRequestRow.id).where(SigningRequestRow.document_id.in_(documents))
    for table, where in (
        (SigningAnswerRow, SigningAnswerRow.request_id.in_(asked)),
        (SigningRequestRow, SigningRequestRow.document_id.in_(documents)),
    ):
        session.execute(delete(table).where(where).execution_options(synchronize_session=False))
    session.execute(
        update(SigningAnswerRow)
        .where(SigningAnswerRow.proof_document_id.in_(documents))
        .values(proof_document_id=None)
        .execution_options(synchronize_session=False)
    )


def _empty_snapshots(session: Session, documents: list[UUID]) -> None:
    """Frozen transfer packages tell of their documents, and cannot be made again without one of them."""
    packages = select(TransferDocumentRow.package_id).where(
        TransferDocumentRow.document_id.in_(documents), TransferDocumentRow.included.is_(True)
    )
    session.execute(
        update(TransferPackageRow)
        .where(TransferPackageRow.id.in_(packages))
        .values(sealed=None, manifest_sealed=None)
        .execution_options(synchronize_session=False)
    )


def _forget_reasons(session: Session, documents: list[UUID]) -> None:
    """Free text that people typed about the documents: with holds, shields, access and in the log's notes."""
    session.execute(
        update(HoldRow)
        .where(HoldRow.document_id.in_(documents))
        .values(reason="", release_reason="")
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(ShieldRow)
        .where(ShieldRow.document_id.in_(documents))
        .values(reason="", lifted_at=func.coalesce(ShieldRow.lifted_at, ShieldRow.created_at))
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(TemporaryAccessRow)
        .where(TemporaryAccessRow.document_id.in_(documents))
        .values(reason="", remark="")
        .execution_options(synchronize_session=False)
    )
    events = select(AuditEventRow.id).where(AuditEventRow.object_id.in_(documents))
    session.execute(
        delete(AuditNoteRow).where(AuditNoteRow.event_id.in_(events)).execution_options(synchronize_session=False)
    )
