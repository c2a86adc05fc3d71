"""Several documents of a dossier as one ZIP, made while it is sent: nothing of it ever stands on a disk."""

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select

from dms.db.tables import DocumentRow, DocumentVersionRow, PupilRow, RenditionRow
from dms.model.documents import Rendition
from dms.model.events import By, EventKind
from dms.services.filing import log_act
from dms.services.placements import chosen_placements
from dms.services.renditions import stream
from dms.services.tools import Tools, full_name
from rights.rules.actions import Action
from rights.service.gate import Gate

LONGEST_NAME = 120
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first moment that a ZIP can write; days of documents may lie before it."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A ZIP on its way. Its size is not known beforehand."""

    file_name: str
    chunks: Iterator[bytes]


class Parcels:
    """Packs originals."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def pack(self, by: By, pupil_id: UUID, documents: Sequence[UUID]) -> Parcel:
        """The originals of these documents of one dossier; each is logged as downloaded.

        All or nothing: raises NotFound when one is not there or not to be seen, Refused when one may not be read,
        BadInput for none or too many.
        """
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            placements = chosen_placements(gate, pupil_id, documents, Action.READ)
            rows = uow.session.execute(
                select(DocumentRow, DocumentVersionRow.file_name, RenditionRow)
                .join(
                    DocumentVersionRow,
                    and_(
                        DocumentVersionRow.document_id == DocumentRow.id,
                        DocumentVersionRow.number == DocumentRow.current_version,
                    ),
                )
                .join(
                    RenditionRow,
                    and_(
                        RenditionRow.document_id == DocumentRow.id,
                        RenditionRow.version == DocumentRow.current_version,
                        RenditionRow.kind == Rendition.ORIGINAL,
                    ),
                )
                .where(DocumentRow.id.in_([x.document_id for x in placements]))
                .order_by(DocumentRow.document_date, DocumentRow.title, DocumentRow.id)
            ).all()
            for placement in placements:
                details: dict[str, str | int | bool | None] = {
                    "rendition": Rendition.ORIGINAL.value,
                    "together": len(placements),
                }
                log_act(uow, by, EventKind.DOCUMENT_DOWNLOADED, placement.document_id, [placement], details)
            pupil = uow.session.get_one(PupilRow, pupil_id)
            whose = full_name(pupil)
        names: set[str] = set()
        entries = [(_name(document, file_name, names), row) for document, file_name, row in rows]
        return Parcel(f"{_clean(whose)}.zip", self._zipped(entries))

    def _zipped(self, entries: list[tuple[str, RenditionRow]]) -> Iterator[bytes]:
        sink = _Sink()
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
            for name, row in entries:
                with archive.open(zipfile.ZipInfo(name, EARLIEST), "w", force_zip64=True) as entry:
                    for chunk in stream(self._tools.vault, row, name).chunks:
                        entry.write(chunk)
                        yield sink.taken()
                yield sink.taken()
        yield sink.taken()


class _Sink:
    """Where the packing writes: kept until it is taken along. No seeking, so sizes stand behind each entry."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes, /) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing to let go of."""

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def _name(document: DocumentRow, file_name: str, taken: set[str]) -> str:
    """`2026-03-03 Rapport.pdf`: never a path, never twice."""
    stem = _clean(document.title) or "document"
    if document.document_date:
        stem = f"{document.document_date.isoformat()} {stem}"
    _, dot, ending = file_name.rpartition(".")
    ending = f".{_clean(ending)[:8]}" if dot and ending.isalnum() else ""
    name, nth = f"{stem}{ending}", 1
    while name.casefold() in taken:
        nth += 1
        name = f"{stem} ({nth}){ending}"
    taken.add(name.casefold())
    return name


def _clean(text: str) -> str:
    kept = "".join(x if x.isalnum() or x in " -_.,()'" else " " for x in text)
    return " ".join(kept.split()).strip(". ")[:LONGEST_NAME]
