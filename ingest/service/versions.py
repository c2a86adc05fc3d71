"""A new version of a filed document: taken in like any file, read by a worker, and only then the one that counts.

Older versions stay as they are. What the document is called and where it lies does not change: a version is another
file of the same document. A file that is refused is not kept; its line says why.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dms.db import outbox
from dms.db.tables import DocumentRow, DocumentVersionRow, RenditionRow, SchoolRow, VersionUploadRow
from dms.kernel.errors import BadInput, Conflict
from dms.kernel.ids import new_id
from dms.kernel.text import N_
from dms.model.documents import Rendition, UploadState
from dms.model.events import By, EventKind
from dms.services.filing import hold, log_act
from dms.services.tools import Tools, digest_scope
from ingest.service.bounded import bounded_file
from ingest.service.names import clean_name
from rights.rules.actions import Action
from rights.service.gate import Gate

UNKNOWN_TYPE = "application/octet-stream"


class Versions:
    """The way in for new versions."""

    def __init__(self, tools: Tools, most_bytes: int) -> None:
        self._tools = tools
        self._most_bytes = most_bytes

    def add(self, by: By, document_id: UUID, name: str, chunks: Iterable[bytes]) -> int:
        """Take in a new version; returns its number. It counts once a worker has read it.

        Stored durably before this returns. Raises NotFound, Refused without `edit`, BadInput for an empty or too large
        file, Conflict while another new version is being read or when the bytes are those of the current version.
        """
        number, scope = self.admit(by, document_id)
        name_of_object = f"original-{new_id().hex}"  # two at once must not write over one another
        ref = self._tools.vault.put(document_id, name_of_object, number, bounded_file(chunks, self._most_bytes), scope)
        try:
            if not ref.size_plain:
                raise BadInput(N_("Het bestand is leeg."), N_("Kies een ander bestand."), code="no_file")
            with self._tools.database.begin() as uow:
                gate = Gate(uow.session, by.user_id, uow.today)
                document, placements = gate.require(document_id, Action.EDIT)
                hold(uow.session, document, None)
                if _next_number(uow.session, document_id) != number:
                    raise _busy()
                if _digest_of(uow.session, document) == ref.digest:
                    raise Conflict(
                        N_("Dit bestand is hetzelfde als de huidige versie."),
                        N_("Kies een ander bestand."),
                        code="same",
                    )
                uow.session.add(
                    VersionUploadRow(
                        document_id=document_id,
                        number=number,
                        file_name=clean_name(name),
                        size=ref.size_plain,
                        digest=ref.digest or "",
                        object_key=ref.object_key,
                        state=UploadState.WAITING,
                        submitted_by=by.user_id,
                        created_at=uow.now,
                    )
                )
                uow.session.add(
                    RenditionRow(
                        document_id=document_id,
                        version=number,
                        kind=Rendition.ORIGINAL,
                        page=0,
                        object_key=ref.object_key,
                        media_type=UNKNOWN_TYPE,
                        size=ref.size_plain,
                        created_at=uow.now,
                    )
                )
                uow.after_commit(outbox.READ_VERSION, document_id, {"number": number})
                log_act(uow, by, EventKind.VERSION_RECEIVED, document_id, placements, {"version": number})
        except BaseException:
            self._tools.vault.delete(ref.object_key)  # nothing was acknowledged
            raise
        return number

    def admit(self, by: By, document_id: UUID) -> tuple[int, str]:
        """Whether a new version may come now: its number and the scope of its digest. Raises as `add`."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            document, _ = gate.require(document_id, Action.EDIT)
            waiting = session.scalar(
                select(VersionUploadRow.id).where(
                    VersionUploadRow.document_id == document_id, VersionUploadRow.state == UploadState.WAITING
                )
            )
            if waiting is not None:
                raise _busy()
            school = session.get_one(SchoolRow, document.school_id)
            return _next_number(session, document_id), digest_scope(school.brin)


def _next_number(session: Session, document_id: UUID) -> int:
    """One more than any version that was ever offered: a number is never given twice."""
    kept = session.scalar(
        select(func.max(DocumentVersionRow.number)).where(DocumentVersionRow.document_id == document_id)
    )
    offered = session.scalar(
        select(func.max(VersionUploadRow.number)).where(VersionUploadRow.document_id == document_id)
    )
    return max(kept or 0, offered or 0) + 1


def _digest_of(session: Session, document: DocumentRow) -> str | None:
    return session.scalar(
        select(DocumentVersionRow.digest).where(
            DocumentVersionRow.document_id == document.id, DocumentVersionRow.number == document.current_version
        )
    )


def _busy() -> Conflict:
    return Conflict(
        N_("Er wordt al een nieuwe versie van dit document gelezen."),
        N_("Wacht tot die klaar is en probeer het dan opnieuw."),
        code="version_waits",
    )
