"""Imports a pupil list: reads and judges it outside the database, applies it in one transaction.

The transaction holds nothing but sending rows: who else writes waits two seconds at most, also for thousands of
pupils. What was judged is applied only if the school is still as it was then. One import per school at a time.
Nothing of the list's content goes to the log.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import structlog

from dms.db.leases import new_owner, release, take
from dms.kernel.errors import BadInput, Conflict
from dms.kernel.text import N_
from dms.model.events import By
from dms.services.pupil_import.days import follow_days
from dms.services.pupil_import.events import record_import, record_pupils, reindex_renamed
from dms.services.pupil_import.load import School, base_of, load_school
from dms.services.pupil_import.permission import must_import
from dms.services.pupil_import.report import ImportReport, report_on
from dms.services.pupil_import.stage import Stager
from dms.services.shapes import SchoolView
from dms.services.tools import Tools, digest_scope, school_by_brin
from ingest.rules.pupils.identifiers import number_digest
from ingest.rules.pupils.match import KnownPupils
from ingest.rules.pupils.plan import Plan, make_plan
from ingest.rules.pupils.read import read_rows
from ingest.rules.pupils.table import Table
from ingest.sources.pupil_csv import read_pupil_csv

LEASE_SECONDS = 900
TRIES = 3

log = structlog.get_logger(__name__)


class PupilImport:
    """The import of pupil lists. `match_eckid`: whether an ECK iD identifies a pupil; off unless a school asks."""

    def __init__(self, tools: Tools, match_eckid: bool = False) -> None:
        self._tools = tools
        self._match_eckid = match_eckid

    def run(self, by: By, brin: str, file: Path, apply: bool, expected_base: str | None = None) -> ImportReport:
        """Judge the canonical list in `file` for the school with `brin`; with `apply` carry out what has no conflict.

        `expected_base`: the `base` of the preview that a person agreed to. Raises BadInput for a list that is
        refused as a whole; NotFound or Refused for who may not import here; Conflict when another import of this
        school runs, or when pupils were changed meanwhile.
        """
        today = self._tools.clock.today()
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            must_import(session, by, school, today)
        table = read_pupil_csv(file)
        if not apply:
            known, plan = self._judge(school, table, today)
            return report_on(school.brin, table, plan, known.base, applied=False)
        with self._alone(school):
            return self._apply(by, school, table, today, expected_base)

    def follow_days(self, by: By) -> int:
        """Open and close every dossier whose day has come; returns how many. For the clock."""
        return follow_days(self._tools, by)

    def _judge(self, school: SchoolView, table: Table, today: date) -> tuple[School, Plan]:
        rows = read_rows(table, school.brin, today)
        if all(any(x.code == "other_school" for x in row.errors) for row in rows):
            raise BadInput(
                N_("Alle leerlingen in het bestand horen bij een andere school."),
                N_("Kies de school van het BRIN-nummer in het bestand."),
                code="other_school",
            )
        with self._tools.database.read() as session:
            known = load_school(session, school.id, today)
        key = self._tools.vault.keys.digest_key(digest_scope(school.brin))
        pupils = KnownPupils(known.pupils, self._match_eckid or known.match_eckid)
        return known, make_plan(rows, pupils, lambda x: number_digest(key, x), today)

    def _apply(self, by: By, school: SchoolView, table: Table, today: date, expected_base: str | None) -> ImportReport:
        for _ in range(TRIES):
            known, plan = self._judge(school, table, today)
            if expected_base is not None and known.base != expected_base:
                break
            stager = Stager(school, known, self._tools.vault)
            stager.stage(plan.pupils)
            if self._write(by, school, known, plan, stager):
                counts = {x.value: n for x, n in plan.counts.items()}
                log.info("pupils_imported", school=school.brin, **counts)
                return report_on(school.brin, table, plan, known.base, applied=True)
        raise Conflict(
            N_("De leerlingen zijn intussen gewijzigd."),
            N_("Bekijk het bestand opnieuw en voer het dan door."),
            code="base_changed",
        )

    def _write(self, by: By, school: SchoolView, known: School, plan: Plan, stager: Stager) -> bool:
        """The one transaction. False, with nothing done, where the school is no longer as it was judged."""
        with self._tools.database.begin() as uow:
            if base_of(uow.session, school.id, lock=True) != known.base:
                return False
            stager.batch.write(uow.session.connection(), self._tools.clock.now())
            record_pupils(uow, by, school, stager.work)
            reindex_renamed(uow, stager.work)
            record_import(uow, by, school, {x.value: n for x, n in plan.counts.items()})
        return True

    @contextmanager
    def _alone(self, school: SchoolView) -> Iterator[None]:
        name, owner = f"pupil-import:{school.brin}", new_owner("import")
        if not take(self._tools.database, name, owner, LEASE_SECONDS):
            raise Conflict(
                N_("Er loopt al een import voor deze school."),
                N_("Wacht tot die klaar is en probeer het dan opnieuw."),
                code="import_running",
            )
        try:
            yield
        finally:
            release(self._tools.database, name, owner)
