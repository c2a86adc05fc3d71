"""Reads files of an archive to their end, once: are they whole, are they what the manifest says, are they here already?

Nothing is kept of what is read but keyed digests.
"""

import hashlib
from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import DossierSourceRow
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.services.shapes import SchoolView
from dms.services.tools import Tools, digest_scope
from ingest.service.dossier_survey import BROKEN_ENTRY, OTHER_BYTES
from ingest.sources.dossier_zip import BrokenEntry, DossierZip

KNOWN = Reason("source_known", N_("Dit stuk is al eerder ingelezen."))
CHANGED = Reason(
    "source_changed",
    N_("Dit stuk is al eerder ingelezen, met een andere inhoud. Bied het los aan als het een nieuwe versie is."),
)


class ContentCheck:
    """Reads the files of one archive for one school."""

    def __init__(self, tools: Tools, school: SchoolView, archive: DossierZip) -> None:
        self._vault = tools.vault
        self._school = school
        self._archive = archive

    def digest(self, position: int, sha256: str) -> str | Reason:
        """The keyed digest of a file, or why it does not come in. `sha256` (hexadecimal or empty) must be its own."""
        plain = hashlib.sha256()

        def passing() -> Iterator[bytes]:
            for piece in self._archive.open(position):
                plain.update(piece)
                yield piece

        try:
            found = self._vault.keyed_digest(digest_scope(self._school.brin), passing())
        except BrokenEntry:
            return BROKEN_ENTRY
        return OTHER_BYTES if sha256 and sha256 != plain.hexdigest() else found

    def source_key(self, source_id: str, pupil_id: UUID | None, path: str, digest: str) -> str:
        """What makes the file the same as one of before: the source's own id, else pupil (or place) and bytes."""
        if source_id:
            parts = ["id", source_id]
        elif pupil_id is not None:
            parts = ["pupil", str(pupil_id), digest]
        else:
            parts = ["path", path, digest]
        return self._vault.keyed_digest(digest_scope(self._school.brin), ["\n".join(parts).encode()])


def known_source(session: Session, school_id: UUID, source_key: str) -> DossierSourceRow | None:
    """What came in from the same source before."""
    return session.scalar(
        select(DossierSourceRow).where(
            DossierSourceRow.school_id == school_id, DossierSourceRow.source_key == source_key
        )
    )


def known_reason(known: DossierSourceRow, digest: str) -> Reason:
    """Why a file that is known does not come in again."""
    return KNOWN if known.digest == digest else CHANGED
