"""Reads and judges a received file: from the claim on its row to the sealed preview.

A reading that dies is taken up by the next reader after a while; one that breaks every time ends as refused, in sight.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update

from dms.db.tables import PupilImportRow
from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.model.events import By, EventKind
from dms.model.pupil_files import LISTS, FileFormat, ImportState
from dms.services.pupil_import.codec import kept_finding, packed
from dms.services.pupil_import.history import saved_mappings
from dms.services.pupil_import.judge import Judge, Judged
from dms.services.pupil_import.options import kept, reading_of
from dms.services.pupil_import.rows import choices_of, record
from dms.services.pupil_import.sealed import SealedFiles
from dms.services.pupil_import.shapes import ImportOptions
from dms.services.shapes import SchoolView
from dms.services.tools import Tools
from ingest.rules.pupils.file import file_of
from ingest.rules.pupils.presets import Preset
from ingest.rules.pupils.table import table_of
from ingest.sources.pupil_file import format_of, look_at_list, read_pupil_file

READING_SECONDS = 900
"""After so long without a word a reading is taken to have died."""
MOST_ATTEMPTS = 3


class StagedReader:
    """Does the reading for `PupilImports`."""

    def __init__(self, tools: Tools, judge: Judge, files: SealedFiles) -> None:
        self._tools = tools
        self._judge = judge
        self._files = files

    def died(self, changed_at: datetime) -> bool:
        """Whether a reading that last spoke then is over."""
        return changed_at < self._tools.clock.now() - timedelta(seconds=READING_SECONDS)

    def claim(self, import_id: UUID, state: ImportState, changed_at: datetime, options: ImportOptions) -> bool:
        """Begin to read, if nobody else did since the row was seen."""
        with self._tools.database.begin() as uow:
            changed = uow.session.execute(
                update(PupilImportRow)
                .where(
                    PupilImportRow.id == import_id,
                    PupilImportRow.state == state,
                    PupilImportRow.changed_at == changed_at,
                )
                .values(
                    state=ImportState.READING,
                    progress=0,
                    options=kept(options),
                    attempts=PupilImportRow.attempts + 1,
                    changed_at=uow.now,
                )
            )
            return bool(changed.rowcount)  # type: ignore[attr-defined]

    def read(self, by: By, school: SchoolView, import_id: UUID, options: ImportOptions) -> None:
        """Read what was claimed; the row says what came of it."""
        try:
            self._judge_file(by, school, import_id, options)
        except BadInput as refused:
            self._refuse(by, school, import_id, refused)
        except Exception:
            self._let_go(import_id)
            raise

    def _judge_file(self, by: By, school: SchoolView, import_id: UUID, options: ImportOptions) -> None:
        today = self._tools.clock.today()
        with self._tools.database.read() as session:
            row = session.get_one(PupilImportRow, import_id)
            file_key, choices, version = row.file_key, choices_of(row.choices), row.report_version + 1
            reading = reading_of(options, saved_mappings(session, school.id))
        with self._files.open(file_key, import_id) as source:
            if format_of(source) in LISTS:
                look = look_at_list(source, reading)
                if look.understood.check and not options.columns:
                    self._ask_columns(by, school, import_id, look.format, look.understood.preset)
                    return
                file = file_of(table_of(look.sheet, reading), look.format, school.brin, today)
            else:
                size = max(source.seek(0, 2), 1)
                file = read_pupil_file(
                    source, school.brin, today, reading, self._progress(import_id, lambda count: 60 * count // size)
                )
        self._shown(import_id, 60)
        judged = self._judge.judge(school, file, today, choices, options.mentors)
        self._shown(import_id, 90)
        report_key = self._files.keep_report(import_id, version, packed(judged.plan.rows, judged.plan.absent))
        with self._tools.database.begin() as uow:
            row = uow.session.get_one(PupilImportRow, import_id)
            if row.state is not ImportState.READING:
                return  # put aside meanwhile: the sweep of objects without rows takes the preview
            old_key = row.report_key
            _judged(row, judged, report_key, version)
            row.changed_at = uow.now
            counts = {x.value: n for x, n in judged.plan.counts.items()}
            record(uow, EventKind.PUPIL_FILE_JUDGED, by, school, import_id, counts)
        if old_key and old_key != report_key:
            self._files.drop(old_key)

    def _ask_columns(
        self, by: By, school: SchoolView, import_id: UUID, kind: FileFormat, preset: Preset | None
    ) -> None:
        with self._tools.database.begin() as uow:
            row = uow.session.get_one(PupilImportRow, import_id)
            row.state, row.format, row.preset = ImportState.COLUMNS, kind, preset.code if preset else ""
            row.progress, row.changed_at = 100, uow.now
            record(uow, EventKind.PUPIL_FILE_JUDGED, by, school, import_id, {"columns": True})

    def _refuse(self, by: By, school: SchoolView, import_id: UUID, why: BadInput) -> None:
        with self._tools.database.begin() as uow:
            row = uow.session.get_one(PupilImportRow, import_id)
            file_key, row.file_key = row.file_key, ""
            row.state, row.progress, row.changed_at = ImportState.REFUSED, 100, uow.now
            params = {k: v for k, v in why.params.items() if isinstance(v, str | int)}
            row.refusal = {"code": why.code, "text": why.message, "advice": why.advice, "params": params}
            record(uow, EventKind.PUPIL_FILE_REFUSED, by, school, import_id, {"code": why.code})
        if file_key:
            self._files.drop(file_key)

    def _let_go(self, import_id: UUID) -> None:
        """Give the file back to the next reader; after some attempts to a person, who sees that it was refused."""
        with self._tools.database.begin() as uow:
            row = uow.session.get_one(PupilImportRow, import_id)
            row.changed_at = uow.now
            if row.attempts < MOST_ATTEMPTS:
                row.state = ImportState.WAITING
                return
            row.state = ImportState.REFUSED
            row.refusal = {
                "code": "unreadable",
                "text": N_("Het bestand kon niet worden gelezen."),
                "advice": N_("Maak het bestand opnieuw. Lukt het dan nog niet, vraag dan de beheerder."),
            }

    def _progress(self, import_id: UUID, share: Callable[[int], int]) -> Callable[[int], None]:
        """Shows the progress, in steps, so that long files write seldom."""
        shown = 0

        def hear(count: int) -> None:
            nonlocal shown
            now = share(count)
            if now >= shown + 10:
                shown = now
                self._shown(import_id, now)

        return hear

    def _shown(self, import_id: UUID, progress: int) -> None:
        with self._tools.database.begin() as uow:
            uow.session.execute(
                update(PupilImportRow)
                .where(PupilImportRow.id == import_id, PupilImportRow.state == ImportState.READING)
                .values(progress=progress, changed_at=uow.now)
            )


def _judged(row: PupilImportRow, judged: Judged, report_key: str, version: int) -> None:
    plan, file = judged.plan, judged.file
    row.state = ImportState.READY
    row.format, row.preset, row.made_on = file.format, file.preset, file.made_on
    row.counts = {x.value: n for x, n in plan.counts.items()}
    row.notes = [kept_finding(x) for x in judged.notes]
    row.absent, row.open_conflicts = len(plan.absent), sum(x.open_conflict for x in plan.rows)
    row.base, row.report_key, row.report_version = judged.known.base, report_key, version
    row.refusal, row.progress, row.attempts = {}, 100, 0
