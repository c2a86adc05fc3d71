"""The objects of a school as files: originals where a person looks for them, all that was made of them apart.

What is filed comes first, per document and version, with a line for each dossier that it lies in; then everything else
that rows speak of. An object whose key was destroyed is gone on purpose; one that is lost is counted and named.
"""

import csv
import json
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from dms.db.tables import (
    CategoryVersionRow,
    DocumentRow,
    DocumentVersionRow,
    PlacementRow,
    PupilRow,
    RenditionRow,
    UserRow,
)
from dms.kernel.schoolyear import school_year_of
from dms.model.documents import Rendition
from dms.services.exit.layout import PIECE
from dms.services.exit.output import Output, head_of
from dms.services.exit.scope import SchoolScope
from dms.services.rights.access_log import neutral
from storage.errors import Damaged, KeyMissing, ObjectMissing
from storage.vault import Vault

OBJECT_KEY = re.compile(r"[0-9a-f]{2}/([0-9a-f-]{36})/(\d+)/([a-z0-9._-]+)")
LONGEST = 80
AT_ONCE = 500
DOCUMENTS_HEAD = (
    *head_of("leerlingnummer geboortedatum achternaam bestand categorie omschrijving datum schooljaar"),
    *head_of("vertrouwelijkheid auteur sha256 bron_id"),
    *head_of("document_id versie categorienaam bestandsnaam kenmerken status bewaren_tot vernietigen_voor"),
)
"""The first twelve columns are those of the archive of dossiers that `dms import dossiers` reads."""


@dataclass(slots=True)
class Counted:
    """What was written; `lost` are keys of objects that are not where they should be, or damaged there."""

    documents: int = 0
    objects: int = 0
    gone: int = 0
    lost: list[str] = field(default_factory=list)


class Papers:
    """Writes the objects of one school."""

    def __init__(self, vault: Vault, scope: SchoolScope, output: Output, *, originals_only: bool) -> None:
        self._vault = vault
        self._scope = scope
        self._output = output
        self._originals_only = originals_only
        self.counted = Counted()

    def write(self, session: Session, objects: IO[str], overview: IO[str]) -> None:
        """All objects; a JSON line for each in `objects`, a CSV line for each filed paper in `overview`."""
        lines = csv.writer(overview, delimiter=";", lineterminator="\r\n")
        lines.writerow(DOCUMENTS_HEAD)
        self._filed(session, objects, lines)
        self._others(session, objects)

    def _filed(self, session: Session, objects: IO[str], lines: Any) -> None:  # noqa: ANN401 - csv names no type
        query = (
            select(PlacementRow, DocumentRow, DocumentVersionRow, RenditionRow, PupilRow, CategoryVersionRow.name)
            .join(DocumentRow, DocumentRow.id == PlacementRow.document_id)
            .join(DocumentVersionRow, DocumentVersionRow.document_id == DocumentRow.id)
            .join(RenditionRow, _original_of_version())
            .join(PupilRow, PupilRow.id == PlacementRow.pupil_id)
            .join(CategoryVersionRow, CategoryVersionRow.id == PlacementRow.category_version_id)
            .where(_condition(self._scope, PlacementRow.__table__))
            .order_by(DocumentRow.id, DocumentVersionRow.number, PlacementRow.created_at, PlacementRow.id)
            .execution_options(yield_per=AT_ONCE)
        )
        authors = dict(session.execute(select(UserRow.id, UserRow.name)).tuples().all())
        last: tuple[UUID, int] | None = None
        path, sha256 = "", ""
        for placement, document, version, original, pupil, name in session.execute(query):
            if last != (document.id, version.number):
                last = (document.id, version.number)
                path = _paper_path(placement, document, version, pupil)
                sha256 = self._object(original.object_key, path, objects)
                self.counted.documents += version.number == document.current_version
            lines.writerow(
                neutral(x)
                for x in (
                    pupil.number,
                    pupil.birth_date.isoformat() if pupil.birth_date else pupil.birth_date_partial,
                    pupil.surname,
                    path if sha256 else "",
                    placement.category,
                    document.title,
                    document.document_date.isoformat() if document.document_date else "",
                    str(school_year_of(document.document_date)) if document.document_date else "",
                    str(placement.level),
                    authors.get(document.filed_by, "") if document.filed_by else "",
                    sha256,
                    str(placement.id),
                    str(document.id),
                    str(version.number),
                    name,
                    version.file_name,
                    json.dumps(document.fields, ensure_ascii=False, sort_keys=True) if document.fields else "",
                    placement.state.value,
                    placement.due_from.isoformat() if placement.due_from else "",
                    placement.due_by.isoformat() if placement.due_by else "",
                )
            )

    def _others(self, session: Session, objects: IO[str]) -> None:
        filed = (
            select(sa.literal(1))
            .select_from(DocumentVersionRow)
            .join(PlacementRow, PlacementRow.document_id == DocumentVersionRow.document_id)
            .where(_original_of_version())
        ).correlate(RenditionRow)
        renditions = select(RenditionRow.object_key).where(
            _condition(self._scope, RenditionRow.__table__), ~filed.exists()
        )
        if self._originals_only:
            renditions = renditions.where(RenditionRow.kind == Rendition.ORIGINAL)
        for key in _keys(session, renditions):
            self._object(key, _other_path(key), objects)
        for column in self._columns():
            rest = select(column).where(
                _condition(self._scope, column.table), column.not_in(select(RenditionRow.object_key))
            )
            for key in _keys(session, rest):
                self._object(key, _other_path(key), objects)

    def _columns(self) -> Iterator[sa.Column[str]]:
        """Columns of other tables that name an object."""
        for table in self._scope.tables():
            if table.name != RenditionRow.__tablename__:
                yield from (x for x in table.columns if x.name in ("object_key", "file_key", "report_key"))

    def _object(self, key: str, path: str, objects: IO[str]) -> str:
        """Write one object; returns its SHA-256, empty where there is none to write."""
        match = OBJECT_KEY.fullmatch(key)
        if match is None:
            return ""
        owner, version = UUID(match[1]), int(match[2])
        try:
            with self._vault.open(owner, key, version) as pieces, tempfile.SpooledTemporaryFile(PIECE * 8) as spool:
                for piece in pieces:  # to its end first: what turns out to be damaged is not half in the export
                    spool.write(piece)
                spool.seek(0)
                sha256, size = self._output.add(path, iter(lambda: spool.read(PIECE), b""))
        except KeyMissing:
            self.counted.gone += 1
            return ""
        except (ObjectMissing, Damaged):
            self.counted.lost.append(key)
            return ""
        self.counted.objects += 1
        objects.write(
            json.dumps(
                {
                    "object": key,
                    "eigenaar": str(owner),
                    "versie": version,
                    "pad": path,
                    "sha256": sha256,
                    "grootte": size,
                },
                ensure_ascii=False,
            )
            + "\n"
        )
        return sha256


def _condition(scope: SchoolScope, table: Any) -> sa.ColumnElement[bool]:  # noqa: ANN401 - a Table, to the type checker not
    found = scope.of(table)
    assert found is not None
    return found


def _original_of_version() -> sa.ColumnElement[bool]:
    return and_(
        RenditionRow.document_id == DocumentVersionRow.document_id,
        RenditionRow.version == DocumentVersionRow.number,
        RenditionRow.kind == Rendition.ORIGINAL,
    )


def _keys(session: Session, query: sa.Select[tuple[str]]) -> Iterator[str]:
    for rows in session.execute(query.execution_options(yield_per=AT_ONCE)).partitions(AT_ONCE):
        yield from (x[0] for x in rows if x[0])


def _paper_path(placement: PlacementRow, document: DocumentRow, version: DocumentVersionRow, pupil: PupilRow) -> str:
    folder = "_".join(_plain(x) for x in (pupil.number, pupil.surname, pupil.given_name) if x)
    day = document.document_date.isoformat() if document.document_date else "zonder-datum"
    suffix = f"_v{version.number}" if version.number > 1 else ""
    stem, dot, ending = version.file_name.rpartition(".")
    ending = f".{_plain(ending).lower()[:10]}" if dot and stem else ""
    name = f"{day}_{_plain(document.title)}_{document.id.hex}{suffix}{ending}"
    return f"dossiers/{folder}/{_plain(placement.category)}/{name}"


def _other_path(key: str) -> str:
    return f"overig/{key}"


def _plain(text: str) -> str:
    """Text that every file system takes as a name."""
    kept = "".join(x if x.isalnum() or x in " -" else " " for x in unicodedata.normalize("NFC", text))
    return " ".join(kept.split())[:LONGEST].strip() or "zonder-naam"
