"""Exports that come by themselves: taken once, previewed, and applied where the school asked for that and nothing is
in doubt. Everything else waits for a person.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dms.db.tables import ArchiveRow, PupilImportRow, WatchedFileRow, WatchRuleRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.crashpoints import reached
from dms.kernel.errors import BadInput, Conflict, DmsError, NotFound
from dms.kernel.ids import new_id
from dms.model.archives import WatchedState
from dms.model.events import ActorKind, By, Event, EventKind
from dms.model.pupil_files import ImportState
from dms.services.pupil_import import PupilImports
from dms.services.pupil_import.permission import must_import
from dms.services.shapes import SchoolView
from dms.services.tools import Tools, school_by_brin, school_by_id
from ingest.rules.dossier_zip.entries import is_dossier_archive
from ingest.rules.pupils.plan import Outcome
from ingest.service.dossier_import import DossierImport
from ingest.service.names import clean_name

WATCHER = By(ActorKind.COMMAND, None, "inleesmap")
"""Who takes files from the watched place: the machine, on behalf of who may write there."""
PUPILS, DOSSIERS = "pupils", "dossiers"
HEAD = 200
MOST_FOLLOWED = 20

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class WatchRule:
    """What a school chose. `apply_alone`: apply a file in which nothing is in doubt."""

    apply_alone: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that is kept: an import of pupils (`kind` pupils) or an archive of dossiers, by its id."""

    kind: str
    import_id: UUID


class Watched:
    """The way in for exports that no person brings."""

    def __init__(self, tools: Tools, imports: PupilImports, dossiers: DossierImport) -> None:
        self._tools = tools
        self._imports = imports
        self._dossiers = dossiers

    def hand_in(self, by: By, brin: str, name: str, chunks: Iterable[bytes]) -> Taken:
        """Keep an export; what it is, its first bytes say. Raises BadInput, NotFound, Refused."""
        pieces = iter(chunks)
        first: list[bytes] = []
        for piece in pieces:
            first.append(piece)
            if sum(len(x) for x in first) >= HEAD:
                break
        whole: Iterator[bytes] = chain(first, pieces)
        if is_dossier_archive(b"".join(first)[:HEAD]):
            return Taken(DOSSIERS, self._dossiers.receive(by, brin, name, whole))
        return Taken(PUPILS, self._imports.receive(by, brin, name, whole))

    def receive(self, by: By, brin: str, name: str, chunks: Iterable[bytes]) -> Taken:
        """Keep an export that a program sent; it may be applied by itself where the school chose so.

        Raises BadInput, NotFound, Refused.
        """
        taken = self.hand_in(by, brin, name, chunks)
        with self._tools.database.begin() as uow:
            school = school_by_brin(uow.session, brin)
            row = WatchedFileRow(
                id=new_id(),
                school_id=school.id,
                name=clean_name(name),
                mark=str(taken.import_id),
                state=WatchedState.TAKEN,
                kind=taken.kind,
                import_id=taken.import_id,
                created_at=uow.now,
            )
            uow.session.add(row)
            _record(uow, by, school, taken)
        return taken

    def take(self, brin: str, name: str, mark: str, chunks: Iterable[bytes]) -> Taken:
        """Take a file from the watched place; the same `mark` at the same school gives the first one again.

        `mark` tells this very file from the next of that name, until `release`. Raises BadInput for a file that can
        never come in, NotFound for a school that is not there.
        """
        with self._tools.database.begin() as uow:
            school = school_by_brin(uow.session, brin)
            row = uow.session.scalar(
                select(WatchedFileRow).where(WatchedFileRow.school_id == school.id, WatchedFileRow.mark == mark)
            )
            if row is None:
                row = WatchedFileRow(
                    id=new_id(),
                    school_id=school.id,
                    name=clean_name(name),
                    mark=mark,
                    state=WatchedState.TAKING,
                    created_at=uow.now,
                )
                uow.session.add(row)
        if row.state is WatchedState.TAKEN and row.import_id is not None:
            return Taken(row.kind, row.import_id)
        reached("watched.taking")
        taken = self._left_behind(row, school) or self.hand_in(WATCHER, brin, name, chunks)
        reached("watched.kept")
        with self._tools.database.begin() as uow:
            kept = uow.session.get_one(WatchedFileRow, row.id)
            kept.state, kept.kind, kept.import_id = WatchedState.TAKEN, taken.kind, taken.import_id
            _record(uow, WATCHER, school, taken)
        reached("watched.taken")
        return taken

    def release(self, brin: str, mark: str) -> None:
        """The file is no longer in the watched place: another with the same mark is another file."""
        with self._tools.database.begin() as uow:
            school = school_by_brin(uow.session, brin)
            row = uow.session.scalar(
                select(WatchedFileRow).where(WatchedFileRow.school_id == school.id, WatchedFileRow.mark == mark)
            )
            if row is not None:
                row.mark = str(row.id)

    def follow(self) -> int:
        """Apply what may be applied without a person. For the clock; returns how many files were applied."""
        applied = 0
        for import_id, school in self._ready():
            try:
                view = self._imports.view(WATCHER, import_id)
                doubt = view.open_conflicts or view.counts.get(Outcome.CONFLICT) or view.counts.get(Outcome.ERROR)
                if doubt or view.newer is not None or view.stale:
                    continue
                self._imports.apply(WATCHER, import_id)
                applied += 1
                log.info("watched_applied", object_id=str(import_id), school=school.brin)
            except Conflict as fault:  # somebody was first, or works on it now: the next turn looks again
                log.info("watched_waits", object_id=str(import_id), code=fault.code)
        return applied

    def rule(self, by: By, brin: str) -> WatchRule:
        """What the school chose. Raises NotFound, Refused."""
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            must_import(session, by, school, self._tools.clock.today())
            row = session.get(WatchRuleRow, school.id)
            return WatchRule(row.apply_alone) if row is not None else WatchRule()

    def set_rule(self, by: By, brin: str, rule: WatchRule) -> None:
        """Choose for the school. Raises NotFound, Refused."""
        with self._tools.database.begin() as uow:
            school = school_by_brin(uow.session, brin)
            must_import(uow.session, by, school, uow.today)
            row = uow.session.get(WatchRuleRow, school.id)
            if row is None:
                row = WatchRuleRow(school_id=school.id, changed_at=uow.now)
                uow.session.add(row)
            row.apply_alone, row.changed_by, row.changed_at = rule.apply_alone, by.user_id, uow.now
            uow.record(
                Event(
                    EventKind.WATCH_CHANGED,
                    by,
                    school.board_id,
                    school.id,
                    object_kind="school",
                    object_id=school.id,
                    details={"apply_alone": rule.apply_alone},
                )
            )

    def waiting(self, by: By, brin: str) -> int | None:
        """How many files of the school wait for a person: imports and archives. None for who may read none in."""
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            try:
                must_import(session, by, school, self._tools.clock.today())
            except DmsError:
                return None
            imports = session.scalar(
                select(func.count())
                .select_from(PupilImportRow)
                .where(
                    PupilImportRow.school_id == school.id,
                    PupilImportRow.state.in_((ImportState.READY, ImportState.COLUMNS)),
                )
            )
            return (imports or 0) + self._dossiers.waiting_in(session, by, school)

    def _ready(self) -> list[tuple[UUID, SchoolView]]:
        """Files from the watched place that wait, of schools that let them be applied."""
        with self._tools.database.read() as session:
            rows = session.execute(
                select(PupilImportRow.id, PupilImportRow.school_id)
                .join(WatchRuleRow, WatchRuleRow.school_id == PupilImportRow.school_id)
                .where(
                    PupilImportRow.state == ImportState.READY,
                    WatchRuleRow.apply_alone.is_(True),
                    PupilImportRow.id.in_(select(WatchedFileRow.import_id).where(WatchedFileRow.kind == PUPILS)),
                )
                .order_by(PupilImportRow.received_at)
                .limit(MOST_FOLLOWED)
            ).all()
            return [(import_id, school_by_id(session, school_id)) for import_id, school_id in rows]

    def _left_behind(self, row: WatchedFileRow, school: SchoolView) -> Taken | None:
        """What an earlier run kept of this file before it was killed, and could not write down any more."""
        with self._tools.database.read() as session:
            for kind, table in ((DOSSIERS, ArchiveRow), (PUPILS, PupilImportRow)):
                for import_id in _unclaimed(session, table, row):
                    if self._name_of(kind, import_id) == row.name:
                        return Taken(kind, import_id)
        return None

    def _name_of(self, kind: str, import_id: UUID) -> str:
        try:
            if kind == DOSSIERS:
                return self._dossiers.view(WATCHER, import_id).name
            return clean_name(self._imports.view(WATCHER, import_id).file_name)
        except (NotFound, BadInput):
            return ""


def _record(uow: UnitOfWork, by: By, school: SchoolView, taken: Taken) -> None:
    uow.record(
        Event(
            EventKind.WATCHED_TAKEN,
            by,
            school.board_id,
            school.id,
            object_kind=taken.kind,
            object_id=taken.import_id,
        )
    )


def _unclaimed(session: Session, table: type[ArchiveRow] | type[PupilImportRow], row: WatchedFileRow) -> list[UUID]:
    """Imports by nobody since the file was seen, that belong to no file yet."""
    claimed = select(WatchedFileRow.import_id).where(WatchedFileRow.import_id.is_not(None))
    if table is ArchiveRow:
        mine = (ArchiveRow.submitted_by.is_(None), ArchiveRow.created_at >= row.created_at)
    else:
        mine = (PupilImportRow.received_by.is_(None), PupilImportRow.received_at >= row.created_at)
    return list(
        session.scalars(select(table.id).where(table.school_id == row.school_id, table.id.not_in(claimed), *mine))
    )
