"""Imports that wait between looking and applying: a received file, its preview, a person's choices, the result.

The file and the preview are sealed under a key of the import itself, and go with it: the file when it is applied,
refused or put aside, the preview some weeks later. The database holds counts, codes and row numbers only.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update

from dms.db.tables import PupilImportRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import Conflict, DmsError, NotFound
from dms.kernel.ids import new_id
from dms.kernel.text import N_
from dms.model.events import SYSTEM, By, EventKind
from dms.model.pupil_files import STAGED, ImportState
from dms.services.pupil_import.access import import_of
from dms.services.pupil_import.chosen import ChosenForImports
from dms.services.pupil_import.codec import kept_choice
from dms.services.pupil_import.history import newer_than, saved_mappings
from dms.services.pupil_import.judge import Judge, Judged, changed_meanwhile, older_file
from dms.services.pupil_import.options import from_kept, kept, reading_of
from dms.services.pupil_import.permission import must_import
from dms.services.pupil_import.reader import READING_SECONDS, StagedReader
from dms.services.pupil_import.rows import choices_of, forget, record
from dms.services.pupil_import.sealed import SealedFiles
from dms.services.pupil_import.shapes import (
    AbsentPupil,
    FileLook,
    ImportOptions,
    ImportView,
    MappingView,
    PresetView,
    RowPage,
    SchoolRules,
)
from dms.services.pupil_import.terms import sweep_terms
from dms.services.pupil_import.views import ImportViews
from dms.services.tools import Tools, school_by_brin
from ingest.rules.pupils.choices import Choice
from ingest.rules.pupils.plan import Outcome
from ingest.sources.pupil_file import read_pupil_file


class PupilImports:
    """The staged import of pupil files. `match_eckid` as in `PupilImport`."""

    def __init__(self, tools: Tools, match_eckid: bool = False) -> None:
        self._tools = tools
        self._judge = Judge(tools, match_eckid)
        self._files = SealedFiles(tools.vault)
        self._views = ImportViews(tools, self._files)
        self._reader = StagedReader(tools, self._judge, self._files)
        self._chosen = ChosenForImports(tools)

    def receive(
        self,
        by: By,
        brin: str,
        file_name: str,
        chunks: Iterable[bytes],
        options: ImportOptions | None = None,
    ) -> UUID:
        """Keep a file for the school with `brin`, sealed; it waits to be read. Raises BadInput for an empty or too
        large one, NotFound or Refused for who may not import there.
        """
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            must_import(session, by, school, self._tools.clock.today(), itself=True)
        import_id = new_id()
        file_key = self._files.keep(import_id, chunks)
        name = self._files.seal_name(import_id, file_name)
        with self._tools.database.begin() as uow:
            uow.session.add(
                PupilImportRow(
                    id=import_id,
                    board_id=school.board_id,
                    school_id=school.id,
                    state=ImportState.WAITING,
                    received_at=uow.now,
                    received_by=by.user_id,
                    name_sealed=name,
                    file_key=file_key,
                    options=kept(options or ImportOptions()),
                    changed_at=uow.now,
                )
            )
            record(uow, EventKind.PUPIL_FILE_RECEIVED, by, school, import_id)
        return import_id

    def read(self, by: By, import_id: UUID, options: ImportOptions | None = None) -> ImportView:
        """Read and judge the file: READY with a preview, COLUMNS where a person must name columns first, or REFUSED.

        A file that is being read elsewhere is left to that reader. Raises NotFound; Conflict when it is done with.
        """
        with self._tools.database.read() as session:
            row, school = import_of(session, by, import_id, self._tools.clock.today())
            state, changed_at = row.state, row.changed_at
            chosen = options or from_kept(row.options)
        if state not in STAGED:
            raise _done_with()
        if state is ImportState.READING and not self._reader.died(changed_at):
            return self.view(by, import_id)
        if self._reader.claim(import_id, state, changed_at, chosen):
            self._reader.read(by, school, import_id, chosen)
        return self.view(by, import_id)

    def look(self, by: By, import_id: UUID, options: ImportOptions | None = None) -> FileLook:
        """How the columns of a list are understood, with these options or those it was read with.

        Raises NotFound, BadInput for a file without columns.
        """
        return self._views.look(by, import_id, options)

    def view(self, by: By, import_id: UUID) -> ImportView:
        """One import. Raises NotFound."""
        return self._views.view(by, import_id)

    def rows(self, by: By, import_id: UUID, outcome: Outcome | None = None, page: int = 1, size: int = 50) -> RowPage:
        """A page of the preview, or of the result. Raises NotFound."""
        return self._views.rows(by, import_id, outcome, page, size)

    def absent(self, by: By, import_id: UUID) -> tuple[AbsentPupil, ...]:
        """Enrolled pupils whom the file does not name. Raises NotFound."""
        return self._views.absent(by, import_id)

    def history(self, by: By, brin: str, page: int = 1, size: int = 20) -> tuple[ImportView, ...]:
        """The imports of a school, the newest first. Raises NotFound, Refused."""
        return self._views.history(by, brin, page, size)

    def presets(self) -> tuple[PresetView, ...]:
        """All known forms of list."""
        return self._views.presets()

    def mappings(self, by: By, brin: str) -> tuple[MappingView, ...]:
        """The mappings that a school saved. Raises NotFound, Refused."""
        return self._views.mappings(by, brin)

    def may_import(self, by: By, brin: str) -> bool:
        """Whether somebody may import pupils at this school."""
        try:
            with self._tools.database.read() as session:
                must_import(session, by, school_by_brin(session, brin), self._tools.clock.today())
        except DmsError:
            return False
        return True

    def choose(self, by: By, import_id: UUID, choices: Mapping[int, Choice | None]) -> ImportView:
        """Decide about rows (None takes a decision back) and judge again with all decisions so far.

        A decision that is not on offer for its row changes nothing. Raises NotFound, Conflict.
        """
        with self._tools.database.begin() as uow:
            row, school = import_of(uow.session, by, import_id, self._tools.clock.today())
            if row.state is not ImportState.READY:
                raise _done_with()
            merged: dict[str, Any] = dict(row.choices)
            for number, choice in choices.items():
                merged.pop(str(number), None)
                if choice is not None:
                    merged[str(number)] = kept_choice(choice)
            row.choices = merged
            row.changed_at = uow.now
            changed_at, chosen = row.changed_at, from_kept(row.options)
            record(uow, EventKind.PUPIL_FILE_CHOSEN, by, school, import_id, {"rows": len(choices)})
        if self._reader.claim(import_id, ImportState.READY, changed_at, chosen):
            self._reader.read(by, school, import_id, chosen)
        return self.view(by, import_id)

    def apply(
        self, by: By, import_id: UUID, *, confirm_older: bool = False, expected_base: str | None = None
    ) -> ImportView:
        """Carry out everything without open conflict or error. Applied twice is applied once.

        `expected_base`: the `base` of the view that a person agreed to. Raises NotFound; Conflict with code
        `import_running`, `older_file` (unless `confirm_older`) or `base_changed`: then the preview is made again.
        """
        today = self._tools.clock.today()
        with self._tools.database.read() as session:
            row, school = import_of(session, by, import_id, today)
            if row.state is ImportState.APPLIED:
                return self.view(by, import_id)
            if row.state is not ImportState.READY:
                raise _done_with()
            newer = newer_than(session, row.school_id, row.made_on)
            if newer is not None and row.made_on is not None and not confirm_older:
                raise older_file(row.made_on, newer)
            base, file_key, choices = row.base, row.file_key, choices_of(row.choices)
            options, changed_at = from_kept(row.options), row.changed_at
            saved = saved_mappings(session, school.id)
        if expected_base is not None and expected_base != base:
            raise changed_meanwhile()
        with self._judge.alone(school):
            with self._files.open(file_key, import_id) as source:
                file = read_pupil_file(source, school.brin, today, reading_of(options, saved))
            judged = self._judge.judge(school, file, today, choices, options.mentors)
            same = judged.known.base == base
            if not same or not self._judge.apply(by, school, judged, lambda uow: _applied(uow, import_id, judged)):
                if self._reader.claim(import_id, ImportState.READY, changed_at, options):
                    self._reader.read(by, school, import_id, options)
                raise changed_meanwhile()
        self._files.drop(file_key)
        self._forget_file(import_id)
        return self.view(by, import_id)

    def discard(self, by: By, import_id: UUID) -> None:
        """Put a file aside: it is destroyed, and nothing was changed. Raises NotFound; Conflict when it was applied."""
        with self._tools.database.begin() as uow:
            row, school = import_of(uow.session, by, import_id, self._tools.clock.today())
            if row.state not in (*STAGED, ImportState.REFUSED):
                raise _done_with()
            row.state = ImportState.DISCARDED
            row.changed_at = uow.now
            forget(row)
            record(uow, EventKind.PUPIL_FILE_DISCARDED, by, school, import_id)
        self._files.destroy(import_id)

    def read_waiting(self) -> int:
        """Read the files that wait, the longest waiting first. For the clock; returns how many."""
        with self._tools.database.read() as session:
            silent = self._tools.clock.now() - timedelta(seconds=READING_SECONDS)
            waiting = session.scalars(
                select(PupilImportRow.id)
                .where(
                    or_(
                        PupilImportRow.state == ImportState.WAITING,
                        (PupilImportRow.state == ImportState.READING) & (PupilImportRow.changed_at < silent),
                    )
                )
                .order_by(PupilImportRow.received_at)
                .limit(20)
            ).all()
        for import_id in waiting:
            try:
                self.read(SYSTEM, import_id)
            except (NotFound, Conflict):
                continue  # put aside meanwhile
        return len(waiting)

    def sweep(self) -> int:
        """Destroy what is kept no longer: previews after a week, results after a month. For the clock."""
        return sweep_terms(self._tools, self._files)

    def save_mapping(self, by: By, import_id: UUID, name: str, options: ImportOptions | None = None) -> UUID:
        """Keep the columns of this list as they are understood with `options`; recognised the next time."""
        return self._chosen.save_mapping(by, import_id, name, self.look(by, import_id, options))

    def forget_mapping(self, by: By, mapping_id: UUID) -> None:
        """Remove a saved mapping. Raises NotFound."""
        self._chosen.forget_mapping(by, mapping_id)

    def rules(self, by: By, brin: str) -> SchoolRules:
        """What the school chose for its imports. Raises NotFound, Refused."""
        return self._chosen.rules(by, brin)

    def set_rules(self, by: By, brin: str, rules: SchoolRules) -> None:
        """Choose for the school. Raises NotFound, Refused."""
        self._chosen.set_rules(by, brin, rules)

    def _forget_file(self, import_id: UUID) -> None:
        with self._tools.database.begin() as uow:
            uow.session.execute(update(PupilImportRow).where(PupilImportRow.id == import_id).values(file_key=""))


def _applied(uow: UnitOfWork, import_id: UUID, judged: Judged) -> None:
    row = uow.session.get_one(PupilImportRow, import_id)
    row.state, row.applied_at, row.changed_at = ImportState.APPLIED, uow.now, uow.now
    row.counts = {x.value: n for x, n in judged.plan.counts.items()}


def _done_with() -> Conflict:
    return Conflict(
        N_("Dit bestand is al verwerkt of weggelegd."),
        N_("Kies het bestand opnieuw als dat nodig is."),
        code="import_done",
    )
