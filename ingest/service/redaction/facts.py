"""What a redaction needs to know of its document: the file to read, the numbers of its pupils, the people around it."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import DocumentVersionRow, PlacementRow, PupilRow, RedactionRow, RenditionRow
from dms.model.documents import PlacementState, Rendition
from dms.model.redaction import RedactionGround
from dms.services.national_numbers import own_numbers
from dms.services.requests.third import people_around
from ingest.rules.kinds import IMAGES, KINDS, FileKind
from ingest.rules.people_found import Person
from ingest.service.redaction.stored import place_of
from storage.vault import Vault

LIVING = (PlacementState.ACTIVE, PlacementState.BIN, PlacementState.DISPOSING)


@dataclass(frozen=True, slots=True)
class Job:
    """One turn of work at a redaction. `make`: the copy, after a person confirmed; else the look before that. `always`:
    a person wants to see it whatever is found. `ours`: the file to read was made here from the original.
    """

    redaction_id: UUID
    board_id: UUID
    school_id: UUID
    document_id: UUID
    version: int
    number: int
    ground: RedactionGround
    make: bool
    always: bool
    kind: FileKind
    object_key: str
    ours: bool
    title: str
    known: tuple[str, ...]
    people: tuple[Person, ...]
    sealed: bytes | None

    def place(self, page: int = 0) -> int:
        """The `page` of this redaction's renditions."""
        return place_of(self.number, page)

    def write(self, vault: Vault, target: Path) -> None:
        """Put the plain file in the job's private folder. Raises `Damaged`, `ObjectMissing`, `KeyMissing`."""
        with target.open("wb") as file, vault.open(self.document_id, self.object_key, self.version) as pieces:
            for piece in pieces:
                file.write(piece)


def job_of(session: Session, vault: Vault, row: RedactionRow, *, make: bool, always: bool) -> Job | None:
    """What there is to do; None when the document is gone or is of no kind that can be read."""
    version = session.scalar(
        select(DocumentVersionRow).where(
            DocumentVersionRow.document_id == row.document_id, DocumentVersionRow.number == row.version
        )
    )
    stored = {
        x.kind: x
        for x in session.scalars(
            select(RenditionRow).where(
                RenditionRow.document_id == row.document_id,
                RenditionRow.version == row.version,
                RenditionRow.kind.in_((Rendition.ORIGINAL, Rendition.ARCHIVE)),
            )
        )
    }
    original = stored.get(Rendition.ORIGINAL)
    if version is None or original is None:
        return None
    kind = KINDS.get(version.media_type.split(";")[0].strip().lower())
    if kind is None or kind is FileKind.ZIP:
        return None
    source, ours = original, False
    if kind is not FileKind.PDF and kind not in IMAGES and (archive := stored.get(Rendition.ARCHIVE)) is not None:
        source, kind, ours = archive, FileKind.PDF, True
    pupils = _pupils(session, row.document_id)
    people = people_around(session, row.request_id) if row.request_id is not None else ()
    return Job(
        row.id,
        row.board_id,
        row.school_id,
        row.document_id,
        row.version,
        row.number,
        row.ground,
        make,
        always,
        kind,
        source.object_key,
        ours,
        version.file_name,
        tuple(sorted(number for x in pupils for number in own_numbers(vault, x))),
        people,
        row.sealed,
    )


def _pupils(session: Session, document_id: UUID) -> list[PupilRow]:
    asked = select(PlacementRow.pupil_id).where(PlacementRow.document_id == document_id, PlacementRow.state.in_(LIVING))
    return list(session.scalars(select(PupilRow).where(PupilRow.id.in_(asked))))
