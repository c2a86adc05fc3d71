"""Whether what is kept is, byte for byte, what was put in: every object and every sealed value, read to the end."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from dms.db.engine import Database
from dms.db.tables import (
    DocumentRow,
    DocumentVersionRow,
    ItemRow,
    PupilImportRow,
    PupilRow,
    RenditionRow,
    SchoolRow,
    UploadPieceRow,
)
from dms.model.documents import ItemState, Rendition
from dms.services.tools import Tools, digest_scope
from storage.errors import Damaged, KeyMissing
from storage.reconcile import ExpectedRef, Fixity, fixity

SEALED = {
    "bsn": PupilRow.bsn_sealed,
    "education_number": PupilRow.education_number_sealed,
}
"""Sealed columns of a pupil, by the name that their ciphertext is bound to."""
EVIDENCE = "evidence"
AT_ONCE = 50_000
"""Objects that are compared in one go."""


@dataclass(frozen=True, slots=True)
class BadBytes:
    """What is not what it was: of which document (or pupil), which of its parts, and what is wrong with it."""

    document_id: UUID
    name: str
    verdict: str


class FixityCheck:
    """Reads everything. What is missing altogether is reported elsewhere."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def check(self) -> list[BadBytes]:
        """All that is damaged, swapped or not of the size or digest that its row says. Slice by slice: see `slices`."""
        bad: list[BadBytes] = []
        for part in slices(self._tools.database):
            with self._tools.database.read() as session:
                refs = expected_objects(session, part)
            bad += self._objects(refs)
            bad += self._sealed(part)
        return bad

    def _objects(self, refs: list[ExpectedRef]) -> Iterator[BadBytes]:
        for ref, verdict in fixity(refs, self._tools.vault):
            if verdict not in (Fixity.GOOD, Fixity.OBJECT_MISSING, Fixity.KEY_MISSING):
                yield BadBytes(ref.document_id, ref.object_key.rpartition("/")[2], verdict.value)

    def _sealed(self, part: str) -> Iterator[BadBytes]:
        with self._tools.database.read() as session:
            values = [
                (owner, name, sealed)
                for name, column in SEALED.items()
                for owner, sealed in session.execute(
                    select(PupilRow.id, column).where(column.is_not(None), *within(PupilRow.id, part))
                )
            ]
            evidence = session.execute(
                select(ItemRow.document_id, ItemRow.evidence).where(
                    ItemRow.evidence.is_not(None), *within(ItemRow.document_id, part)
                )
            )
            values.extend((owner, EVIDENCE, sealed) for owner, sealed in evidence)
        for owner, name, sealed in values:
            try:
                self._tools.vault.unseal(owner, name, sealed)
            except Damaged:
                yield BadBytes(owner, name, Fixity.DAMAGED.value)
            except KeyMissing:
                continue


def slices(database: Database) -> list[str]:
    """The parts in which an archive is walked through: the beginnings of its documents' ids, or one empty one for all.

    One part holds a few thousand objects at most where there are a million, so that memory does not grow with them; a
    small archive is looked at in one go, because every part is one more question to the object store.
    """
    with database.read() as session:
        rows = session.scalar(select(func.count()).select_from(RenditionRow)) or 0
    return [""] if rows <= AT_ONCE else [f"{number:02x}" for number in range(256)]


def within(column: InstrumentedAttribute[UUID], part: str) -> list[ColumnElement[bool]]:
    """The conditions under which an id lies in a part of `slices`."""
    if not part:
        return []
    return [column.between(UUID(part.ljust(32, "0")), UUID(part.ljust(32, "f")))]


def expected_objects(session: Session, part: str = "") -> list[ExpectedRef]:
    """Every object that a row speaks of, with what is known of its bytes; of one part only (see `slices`)."""
    brins = {x.id: x.brin for x in session.scalars(select(SchoolRow))}
    digests = {
        (document_id, number): (digest, digest_scope(brins[school_id]))
        for document_id, number, digest, school_id in session.execute(
            select(
                DocumentVersionRow.document_id,
                DocumentVersionRow.number,
                DocumentVersionRow.digest,
                DocumentRow.school_id,
            )
            .join(DocumentRow, DocumentRow.id == DocumentVersionRow.document_id)
            .where(*within(DocumentVersionRow.document_id, part))
        )
    }
    nothing = (None, None)
    refs = []
    for row in session.scalars(select(RenditionRow).where(*within(RenditionRow.document_id, part))):
        original = row.kind is Rendition.ORIGINAL
        known = digests.get((row.document_id, row.version), nothing) if original else nothing
        refs.append(ExpectedRef(row.document_id, row.object_key, row.version, row.size, *known))
    filed = {x.object_key for x in refs if x.digest is not None}
    received = session.execute(
        select(ItemRow.document_id, ItemRow.object_key, ItemRow.size, ItemRow.digest, ItemRow.school_id).where(
            ItemRow.state != ItemState.DISCARDED, *within(ItemRow.document_id, part)
        )
    )
    waiting = [
        ExpectedRef(document_id, key, 1, size, digest, digest_scope(brins[school_id]))
        for document_id, key, size, digest, school_id in received
        if key and key not in filed
    ]
    doubled = {x.object_key for x in waiting}
    others = [*pupil_files(session, part), *upload_pieces(session, part)]
    return [*(x for x in refs if x.object_key not in doubled), *waiting, *others]


def pupil_files(session: Session, part: str = "") -> list[ExpectedRef]:
    """Received files with pupils, and their previews; of one part only (see `slices`)."""
    rows = session.execute(
        select(
            PupilImportRow.id, PupilImportRow.file_key, PupilImportRow.report_key, PupilImportRow.report_version
        ).where(*within(PupilImportRow.id, part))
    )
    return [
        ExpectedRef(import_id, key, version)
        for import_id, file_key, report_key, report_version in rows
        for key, version in ((file_key, 1), (report_key, report_version))
        if key
    ]


def upload_pieces(session: Session, part: str = "") -> list[ExpectedRef]:
    """Pieces of files that are still being sent; of one part only (see `slices`)."""
    rows = session.execute(
        select(UploadPieceRow.upload_id, UploadPieceRow.object_key, UploadPieceRow.size).where(
            *within(UploadPieceRow.upload_id, part)
        )
    )
    return [ExpectedRef(upload_id, key, 1, size) for upload_id, key, size in rows]
