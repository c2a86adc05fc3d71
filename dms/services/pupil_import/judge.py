"""Judges a file against what a school knows, and carries the verdict out in one transaction.

The transaction holds nothing but sending rows: who else writes waits two seconds at most, also for thousands of
pupils. What was judged is applied only if the school is still as it was then. One import per school at a time.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

import structlog

from dms.db.leases import new_owner, release, take
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, Conflict
from dms.kernel.text import N_
from dms.model.events import By
from dms.services.pupil_import.events import prepare_events, record_import, record_pupils, record_staff, reindex_renamed
from dms.services.pupil_import.load import School, base_of, load_school
from dms.services.pupil_import.stage import Stager
from dms.services.shapes import SchoolView
from dms.services.tools import Tools, digest_scope
from ingest.rules.pupils.choices import Choice
from ingest.rules.pupils.file import PupilFile
from ingest.rules.pupils.findings import Finding, finding
from ingest.rules.pupils.groups import Rename, StaffChange, renames, staff_changes
from ingest.rules.pupils.identifiers import number_digest
from ingest.rules.pupils.known import KnownPupil
from ingest.rules.pupils.life import group_key
from ingest.rules.pupils.match import KnownPupils
from ingest.rules.pupils.plan import Plan, make_plan
from retention.terms.follow import follow_pupils

LEASE_SECONDS = 900

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Judged:
    """A file judged on one state of a school (`known.base`)."""

    file: PupilFile
    known: School
    plan: Plan
    renamed: tuple[Rename, ...] = ()
    staff: tuple[StaffChange, ...] = ()
    notes: tuple[Finding, ...] = ()


class Judge:
    """Judges and applies. `match_eckid`: match on ECK iD also where the school did not ask for it (off by default)."""

    def __init__(self, tools: Tools, match_eckid: bool = False) -> None:
        self._tools = tools
        self._match_eckid = match_eckid

    def judge(
        self,
        school: SchoolView,
        file: PupilFile,
        today: date,
        choices: Mapping[int, Choice] | None = None,
        mentors: bool = False,
    ) -> Judged:
        """What `file` would do. Raises BadInput for a file that is all about another school."""
        if all(any(x.code == "other_school" for x in row.errors) for row in file.rows):
            raise BadInput(
                N_("Alle leerlingen in het bestand horen bij een andere school."),
                N_("Kies de school van het BRIN-nummer in het bestand."),
                code="other_school",
            )
        with self._tools.database.read() as session:
            known = load_school(session, school.id, today)
        renamed = renames(known.group_keys, known.group_names, file.groups, file.source, file.school_year or 0)
        pupils = KnownPupils(_renamed(known.pupils, renamed), self._match_eckid or known.match_eckid)
        key = self._tools.vault.keys.digest_key(digest_scope(school.brin))
        plan = make_plan(file.rows, pupils, lambda x: number_digest(key, x), today, choices, known.destroyed)
        groups = {**known.groups, **{group_key(x.new): x.group_id for x in renamed}}
        changes, unknown = staff_changes(known.mentors, file.staff, groups, file.source, today)
        placing = mentors or known.place_mentors
        notes = (*file.notes, *(finding("staff_unknown", group=x) for x in unknown if placing))
        return Judged(file, known, plan, renamed, changes if placing else (), notes)

    def apply(self, by: By, school: SchoolView, judged: Judged, also: Callable[[UnitOfWork], None]) -> bool:
        """Carry it out in one transaction, in which `also` writes what belongs to it. False, with nothing done, where
        the school is no longer as it was judged.
        """
        today = self._tools.clock.today()
        stager = Stager(school, judged.known, self._tools.vault)
        stager.stage_groups((), judged.renamed, judged.file.source, judged.file.school_year or 0)
        stager.stage(judged.plan.pupils)
        if judged.file.school_year is not None:
            stager.stage_groups(judged.file.groups, (), judged.file.source, judged.file.school_year)
        stager.stage_staff(judged.staff, judged.file.source, today)
        counts = {x.value: n for x, n in judged.plan.counts.items()}
        now = self._tools.clock.now()
        with self._tools.database.read() as session:
            events = prepare_events(session, by, school, stager.work, now)
        sendings = stager.batch.prepared(self._tools.database.engine.dialect, now)
        with self._tools.database.begin() as uow:
            if base_of(uow.session, school.id, lock=True) != judged.known.base:
                return False
            for one in sendings:
                one.send(uow.session.connection())
            enrolled = stager.batch.enrolled
            follow_pupils(
                uow, school.board_id, [x.pupil_id for x in stager.work if not x.is_new and x.pupil_id in enrolled]
            )
            record_pupils(uow, by, school, events)
            record_staff(uow, by, school, judged.staff)
            reindex_renamed(uow, stager.work)
            record_import(uow, by, school, counts)
            also(uow)
        log.info("pupils_imported", school=school.brin, **counts)
        return True

    @contextmanager
    def alone(self, school: SchoolView) -> Iterator[None]:
        """One import of a school at a time. Raises Conflict while another runs."""
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


def changed_meanwhile() -> Conflict:
    """The refusal to apply a preview that was made on another state of the school."""
    return Conflict(
        N_("De leerlingen zijn intussen gewijzigd."),
        N_("Bekijk het bestand opnieuw en voer het dan door."),
        code="base_changed",
    )


def older_file(made_on: date, newer: date) -> Conflict:
    """The question whether a file is applied although a newer one was."""
    return Conflict(
        N_("Dit bestand is van %(made)s. Er is al een nieuwer bestand verwerkt, van %(newer)s."),
        N_("Voer het alleen door als u zeker weet dat dit oudere bestand klopt."),
        code="older_file",
        params={"made": made_on.isoformat(), "newer": newer.isoformat()},
    )


def _renamed(pupils: tuple[KnownPupil, ...], changes: tuple[Rename, ...]) -> tuple[KnownPupil, ...]:
    """The pupils as they are once their groups have their new names: a rename moves nobody."""
    if not changes:
        return pupils
    names = {group_key(x.old): x.new for x in changes}
    return tuple(
        replace(
            x,
            state=replace(
                x.state,
                stays=tuple(replace(y, group=names.get(group_key(y.group), y.group)) for y in x.state.stays),
            ),
        )
        for x in pupils
    )
