"""Imports as screens show them: one, all of a school, their rows, and how a list was understood."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import PupilImportRow, PupilMappingRow
from dms.kernel.errors import NotFound
from dms.kernel.outcome import Reason
from dms.model.events import By
from dms.model.pupil_files import STAGED, ImportState
from dms.services.pupil_import.access import import_of
from dms.services.pupil_import.codec import Preview, finding_back
from dms.services.pupil_import.history import newer_than, saved_mappings
from dms.services.pupil_import.load import base_of
from dms.services.pupil_import.options import from_kept, reading_of
from dms.services.pupil_import.permission import must_import
from dms.services.pupil_import.sealed import SealedFiles
from dms.services.pupil_import.shapes import (
    AbsentPupil,
    FileLook,
    ImportOptions,
    ImportView,
    MappingView,
    PresetView,
    RowPage,
)
from dms.services.tools import Tools, school_by_brin
from ingest.rules.pupils.findings import Finding
from ingest.rules.pupils.plan import Outcome
from ingest.rules.pupils.presets import PRESETS
from ingest.sources.pupil_file import look_at_list

MOST_ROWS_SHOWN = 500


class ImportViews:
    """Reads only."""

    def __init__(self, tools: Tools, files: SealedFiles) -> None:
        self._tools = tools
        self._files = files

    def view(self, by: By, import_id: UUID) -> ImportView:
        """One import. Raises NotFound."""
        with self._tools.database.read() as session:
            row, school = import_of(session, by, import_id, self._tools.clock.today())
            base = base_of(session, school.id) if row.state is ImportState.READY else ""
            return self._view(session, row, school.brin, base)

    def history(self, by: By, brin: str, page: int, size: int) -> tuple[ImportView, ...]:
        """The imports of a school, the newest first. Raises NotFound, Refused."""
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            must_import(session, by, school, self._tools.clock.today())
            rows = session.scalars(
                select(PupilImportRow)
                .where(PupilImportRow.school_id == school.id)
                .order_by(PupilImportRow.received_at.desc(), PupilImportRow.id)
                .limit(size)
                .offset((max(page, 1) - 1) * size)
            ).all()
            base = base_of(session, school.id) if any(x.state is ImportState.READY for x in rows) else ""
            return tuple(self._view(session, x, school.brin, base) for x in rows)

    def rows(self, by: By, import_id: UUID, outcome: Outcome | None, page: int, size: int) -> RowPage:
        """A page of verdicts. Raises NotFound, also when they are no longer kept."""
        total, rows = self._preview(by, import_id).page(outcome, page, min(size, MOST_ROWS_SHOWN))
        return RowPage(total, max(page, 1), min(size, MOST_ROWS_SHOWN), rows)

    def absent(self, by: By, import_id: UUID) -> tuple[AbsentPupil, ...]:
        """Enrolled pupils whom the file does not name. Raises NotFound."""
        return self._preview(by, import_id).absent()

    def look(self, by: By, import_id: UUID, options: ImportOptions | None) -> FileLook:
        """How a list is understood with these options. Raises NotFound, BadInput for what is no list."""
        with self._tools.database.read() as session:
            row, school = import_of(session, by, import_id, self._tools.clock.today())
            if row.state not in STAGED or not row.file_key:
                raise NotFound
            saved = saved_mappings(session, school.id)
            chosen = options or from_kept(row.options)
            file_key = row.file_key
        with self._files.open(file_key, import_id) as source:
            found = look_at_list(source, reading_of(chosen, saved))
        understood, sheet = found.understood, found.sheet
        views = {x.id: x for x in self._mappings(by, school.brin)}
        return FileLook(
            format=found.format,
            encoding=sheet.encoding,
            delimiter=sheet.delimiter,
            sheets=sheet.names,
            sheet=sheet.name,
            header_row=understood.row,
            first_rows=sheet.rows[:10],
            columns=understood.columns,
            preset=understood.preset.code if understood.preset else None,
            mapping=views.get(understood.saved.id) if understood.saved else None,
            end_day=understood.end_day,
            check=understood.check,
        )

    def mappings(self, by: By, brin: str) -> tuple[MappingView, ...]:
        """The mappings that a school saved. Raises NotFound, Refused."""
        return self._mappings(by, brin)

    def presets(self) -> tuple[PresetView, ...]:
        """All known forms of list."""
        return tuple(PresetView(x.code, x.name, x.sure, x.end_day) for x in PRESETS)

    def _mappings(self, by: By, brin: str) -> tuple[MappingView, ...]:
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            must_import(session, by, school, self._tools.clock.today())
            rows = session.scalars(
                select(PupilMappingRow).where(PupilMappingRow.school_id == school.id).order_by(PupilMappingRow.name)
            )
            return tuple(MappingView(x.id, x.name, x.saved_at) for x in rows)

    def _preview(self, by: By, import_id: UUID) -> Preview:
        with self._tools.database.read() as session:
            row, _ = import_of(session, by, import_id, self._tools.clock.today())
            key, version = row.report_key, row.report_version
        if not key:
            raise NotFound
        return self._files.report(import_id, key, version)

    def _view(self, session: Session, row: PupilImportRow, brin: str, base: str) -> ImportView:
        ready = row.state is ImportState.READY
        return ImportView(
            id=row.id,
            brin=brin,
            state=row.state,
            file_name=self._files.name(row.id, row.name_sealed),
            received_at=row.received_at,
            received_by=row.received_by,
            format=row.format,
            preset=row.preset or None,
            progress=row.progress,
            counts={x: int(row.counts.get(x.value, 0)) for x in Outcome},
            absent=row.absent,
            open_conflicts=row.open_conflicts,
            made_on=row.made_on,
            newer=_newer(session, row) if ready else None,
            stale=ready and row.base != base,
            notes=tuple(finding_back(x) for x in row.notes),
            refusal=refusal_back(row.refusal) if row.refusal else None,
            applied_at=row.applied_at,
            rows_kept=bool(row.report_key),
            base=row.base,
        )


def _newer(session: Session, row: PupilImportRow) -> date | None:
    return newer_than(session, row.school_id, row.made_on)


def refusal_back(data: Mapping[str, Any]) -> Finding:
    """Why a file was refused as a whole."""
    return Finding(Reason(data["code"], data["text"], data.get("params", {})), data.get("advice", ""))
