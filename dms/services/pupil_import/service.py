"""Imports a pupil file from disk in one go: for commands, tests and the demo schools.

Nothing of the file's content goes to the log. A file is read and judged outside the database (`judge`).
"""

from datetime import date
from functools import partial
from pathlib import Path

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.model.events import By
from dms.services.pupil_import.days import follow_days
from dms.services.pupil_import.history import newest_applied, record_applied, saved_mappings
from dms.services.pupil_import.judge import Judge, Judged, changed_meanwhile, older_file
from dms.services.pupil_import.options import reading_of
from dms.services.pupil_import.permission import must_import
from dms.services.pupil_import.report import ImportReport, report_on
from dms.services.pupil_import.shapes import ImportOptions
from dms.services.shapes import SchoolView
from dms.services.tools import Tools, school_by_brin
from ingest.rules.pupils.guess import Reading
from ingest.rules.pupils.presets import preset_by_code
from ingest.sources.pupil_file import Progress, open_path, read_pupil_file

TRIES = 3


class PupilImport:
    """The import of pupil files. `match_eckid`: whether an ECK iD identifies a pupil; off unless a school asks."""

    def __init__(self, tools: Tools, match_eckid: bool = False) -> None:
        self._tools = tools
        self._judge = Judge(tools, match_eckid)

    def run(
        self,
        by: By,
        brin: str,
        file: Path,
        apply: bool,
        expected_base: str | None = None,
        *,
        options: ImportOptions | None = None,
        confirm_older: bool = False,
        progress: Progress = lambda count: None,
    ) -> ImportReport:
        """Judge `file` for the school with `brin`; with `apply` carry out what has no conflict.

        `expected_base`: the `base` of the preview that a person agreed to; `confirm_older`: apply although a newer
        file was applied; `progress` hears how many bytes were read. Raises BadInput for a file that is refused as a
        whole; NotFound or Refused for who may not import here; Conflict when another import of this school runs, when
        pupils were changed meanwhile, or for an older file that nobody confirmed. A list whose form is only guessed is
        not applied before somebody named that form.
        """
        chosen = options or ImportOptions()
        today = self._tools.clock.today()
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            must_import(session, by, school, today)
            reading = reading_of(chosen, saved_mappings(session, school.id))
        judged = self._read(school, file, today, reading, chosen, progress)
        with self._tools.database.read() as session:
            newer = newest_applied(session, school.id, judged.file)
        if not apply:
            return report_on(school.brin, judged, applied=False, newer=newer)
        if newer is not None and judged.file.made_on is not None and not confirm_older:
            raise older_file(judged.file.made_on, newer)
        preset = preset_by_code(judged.file.preset)
        if preset is not None and not preset.sure and chosen == ImportOptions(mentors=chosen.mentors):
            raise BadInput(
                N_("Deze lijst lijkt op die van %(name)s, maar de kolommen zijn niet zeker."),
                N_("Controleer de kolommen in het voorbeeld en kies deze indeling daarna zelf."),
                code="columns_unsure",
                params={"name": preset.name},
            )
        with self._judge.alone(school):
            return self._apply(by, school, judged, today, chosen, expected_base, newer)

    def follow_days(self, by: By) -> int:
        """Open and close every dossier whose day has come; returns how many. For the clock."""
        return follow_days(self._tools, by)

    def _read(
        self,
        school: SchoolView,
        path: Path,
        today: date,
        reading: Reading,
        options: ImportOptions,
        progress: Progress,
    ) -> Judged:
        with open_path(path) as source:
            file = read_pupil_file(source, school.brin, today, reading, progress)
        return self._judge.judge(school, file, today, mentors=options.mentors)

    def _apply(
        self,
        by: By,
        school: SchoolView,
        judged: Judged,
        today: date,
        options: ImportOptions,
        expected_base: str | None,
        newer: date | None,
    ) -> ImportReport:
        for _ in range(TRIES):
            if expected_base is not None and judged.known.base != expected_base:
                break
            if self._judge.apply(by, school, judged, partial(record_applied, by=by, school=school, judged=judged)):
                return report_on(school.brin, judged, applied=True, newer=newer)
            judged = self._judge.judge(school, judged.file, today, mentors=options.mentors)
        raise changed_meanwhile()
