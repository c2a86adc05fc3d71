"""One worker: claims items and takes each through the pipeline until it has an outcome.

A fault of a file costs that file; a fault of ours costs an attempt, and after the last one the item is quarantined
where people see it. Nothing is dropped.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import structlog
from sqlalchemy import select

from dms.db import outbox
from dms.db.engine import Database
from dms.db.leases import new_owner
from dms.db.tables import ItemRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.crashpoints import CrashPoint, reached
from dms.kernel.errors import DmsError, OutsideDown
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.catalogue import Category
from dms.model.documents import Desk, ItemState
from dms.model.events import SYSTEM, Event, EventKind
from dms.services.catalogue import categories
from ingest.readers.errors import ConverterUnavailable, OcrUnavailable, ReadFailed
from ingest.readers.results import OcrEngine, ReadLimits
from ingest.readers.session import ReadSession
from ingest.rules.sniff import Limits
from ingest.service import claims
from ingest.service.again import ReadAgain, reason_of
from ingest.service.batches import book, keep_pages
from ingest.service.beat import Beat
from ingest.service.duplicates_found import keep_fingerprint
from ingest.service.file import file_row, settle
from ingest.service.learned import LearnedModels
from ingest.service.parts import book_parts
from ingest.service.pipeline import Step, remaining
from ingest.service.recall import remember
from ingest.service.redaction.worker import Reading, RedactionWorker
from ingest.service.renditions_later import ArchiveWorker
from ingest.service.rosters import Rosters, bsn_pupils
from ingest.service.state import (
    Continue,
    Duplicate,
    File,
    ItemFacts,
    OriginalLost,
    Outcome,
    Park,
    PipelineTools,
    Refuse,
    Split,
    Unpacked,
    Work,
)
from ingest.service.steps import PLAIN_NAME, write_renditions
from ingest.sources.clamd import Clamd
from storage.spool import job_folder
from storage.vault import Vault

OCR_WAIT = timedelta(seconds=60)
HARMFUL = frozenset({"read_timeout", "read_cpu", "read_heavy", "read_memory", "read_output", "read_crash"})

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class WorkerTools:
    """What a worker is made with; `jobs` is the folder of the private job folders."""

    database: Database
    vault: Vault
    jobs: Path
    limits: Limits
    read_limits: ReadLimits
    engine: OcrEngine
    program: Path | None = None
    """LibreOffice's folder, None where it is not installed."""
    malware: Clamd | None = None
    """The virus scanner; None where none is set up."""


class Worker:
    """One process, one item at a time."""

    def __init__(self, tools: WorkerTools, owner: str | None = None) -> None:
        self._tools = tools
        self.owner = owner or new_owner("worker")
        self._rosters = Rosters(tools.database)
        self._learned = LearnedModels(tools.database, tools.vault)
        self._later = ArchiveWorker(tools.database, tools.vault, tools.jobs, self.owner, self._pipeline_tools)
        self._again = ReadAgain(tools.database, tools.vault, tools.jobs, self.owner, self._pipeline_tools)
        reading = Reading(tools.read_limits, tools.engine, tools.program)
        self._redaction = RedactionWorker(tools.database, tools.vault, tools.jobs, self.owner, reading)

    def work_once(self) -> bool:
        """Take one item to its outcome, or else read one document again. False when nothing waits."""
        item = claims.claim(self._tools.database, self.owner)
        if item is None:
            return self._again.once() or self._redaction.once()
        try:
            self._take_through(item)
        except claims.LeaseLost:
            log.info("item_lease_lost", item_id=str(item.item_id))
        return True

    def idle_once(self) -> bool:
        """Make one archive rendition, for when nothing else waits. False when none is to be made."""
        return self._later.once()

    def work_until_empty(self, patience: float = 0.0) -> int:
        """Work until nothing waits for `patience` seconds. Returns how many items were taken."""
        taken, quiet_since = 0, time.monotonic()
        while True:
            if self.work_once():
                taken, quiet_since = taken + 1, time.monotonic()
            elif time.monotonic() - quiet_since >= patience:
                return taken
            else:
                time.sleep(0.1)

    def release(self) -> None:
        """Give back what is held, for a clean stop."""
        claims.release_all(self._tools.database, self.owner)
        outbox.let_go(self._tools.database, self.owner)

    def _take_through(self, item: ItemFacts) -> None:
        if item.attempts > claims.MOST_ATTEMPTS or item.failures >= claims.MOST_FAILURES:
            self._refuse(item, Refuse(TOO_OFTEN, N_("Bied het opnieuw aan, of vraag hulp."), quarantine=True))
            return
        beat = Beat(lambda progress: claims.extend(self._tools.database, item.item_id, self.owner, progress), item.step)
        try:
            with (
                job_folder(self._tools.jobs, f"item-{item.item_id}") as folder,
                self._pipeline_tools(item, folder, beat) as tools,
            ):
                self._run(item, tools, beat)
        except claims.LeaseLost:
            raise
        except (OcrUnavailable, ConverterUnavailable) as fault:
            self._wait(item, fault, OCR_WAIT, counts=False)
        except ReadFailed as fault:
            if fault.retryable:
                self._wait(item, fault, timedelta(seconds=5), counts=False)
            else:
                self._refuse(item, Refuse(reason_of(fault), fault.advice, quarantine=fault.code in HARMFUL))
        except OriginalLost as fault:
            log.error("original_lost", item_id=str(item.item_id), code=fault.code)
            self._refuse(item, Refuse(reason_of(fault), fault.advice, quarantine=True))
        except OutsideDown as fault:
            self._wait(item, fault, timedelta(seconds=min(5 * 2 ** min(item.attempts, 8), 300)), counts=False)
        except DmsError as fault:
            log.warning("item_failed", item_id=str(item.item_id), code=fault.code)
            self._wait(item, fault, timedelta(seconds=2**item.failures), counts=True)
        except Exception as fault:
            log.error("item_broken", item_id=str(item.item_id), kind=type(fault).__name__, exc_info=True)
            self._wait(item, BROKEN, timedelta(seconds=2**item.failures), counts=True)

    def _run(self, item: ItemFacts, tools: PipelineTools, beat: Beat) -> None:
        work = Work()
        for step in remaining(item.step):
            outcome = step.run(item, work, tools)
            reached(f"{step.name}.done")
            beat.step = step.name
            if step.saved or not isinstance(outcome, Continue):
                self._save(item, step, work, outcome, tools.catalogue)
                reached(CrashPoint.STEP_SAVED if isinstance(outcome, Continue) else CrashPoint.OUTCOME_SAVED)
            if not isinstance(outcome, Continue):
                log.info("item_outcome", item_id=str(item.item_id), step=step.name, outcome=type(outcome).__name__)
                return

    @contextmanager
    def _pipeline_tools(self, item: ItemFacts, folder: Path, beat: Beat) -> Iterator[PipelineTools]:
        tools = self._tools
        with tools.database.read() as session:
            known = categories(session, item.board_id)
            catalogue = {code: x for code, x in known.items() if x.active}

        def numbers(school_id: UUID, brin: str, found: tuple[str, ...]) -> frozenset[UUID]:
            return bsn_pupils(tools.database, tools.vault, school_id, brin, found)

        with ReadSession(
            folder / PLAIN_NAME, folder, tools.read_limits, tools.engine, beat.alive, tools.program
        ) as reading:
            yield PipelineTools(
                database=tools.database,
                vault=tools.vault,
                clock=tools.database.clock,
                folder=folder,
                limits=tools.limits,
                session=reading,
                roster=self._rosters.of,
                catalogue=catalogue,
                alive=beat.alive,
                progress=beat.progress,
                bsn_pupils=numbers,
                learned=self._learned.of,
                malware=tools.malware,
            )

    def _save(
        self, item: ItemFacts, step: Step, work: Work, outcome: Outcome, catalogue: Mapping[str, Category]
    ) -> None:
        """Save what the step found and where it leads, in one transaction."""
        with self._tools.database.begin() as uow:
            row = self._locked(uow, item)
            if row is None or not claims.owned(row, self.owner):
                raise claims.LeaseLost
            keep_fingerprint(uow, item, work, self._tools.vault)
            write_renditions(uow, item, work)
            keep_pages(uow, row, item, work)
            row.step = step.name
            row.attempts = 1  # it got on: only claims that lead nowhere count against a file
            remember(row, work, self._tools.vault, catalogue)
            if isinstance(outcome, File):
                file_row(uow, item, row, outcome.filing)
            elif isinstance(outcome, Park):
                settle(row, uow, ItemState.DESK, outcome.reason)
                row.desk = Desk(outcome.desk)
                if item.hint_level is not None:
                    row.level = max(row.level or 0, item.hint_level)
                uow.record(_event(EventKind.ITEM_PARKED, item, outcome.reason.code))
            elif isinstance(outcome, Refuse):
                self._refused(uow, row, item, outcome)
            elif isinstance(outcome, Split):
                book(uow, row, outcome)
            elif isinstance(outcome, Unpacked):
                book_parts(uow, row, outcome)
            elif isinstance(outcome, Duplicate):
                settle(row, uow, ItemState.DUPLICATE, DUPLICATE)
                row.duplicate_of = outcome.duplicate_of
                uow.record(_event(EventKind.ITEM_DUPLICATE, item, DUPLICATE.code))
            if not isinstance(outcome, Continue):
                uow.flush()
                reached(CrashPoint.OUTCOME_WRITTEN)

    def _refuse(self, item: ItemFacts, outcome: Refuse) -> None:
        with self._tools.database.begin() as uow:
            row = self._locked(uow, item)
            if row is None or not claims.owned(row, self.owner):
                raise claims.LeaseLost
            self._refused(uow, row, item, outcome)

    @staticmethod
    def _refused(uow: UnitOfWork, row: ItemRow, item: ItemFacts, outcome: Refuse) -> None:
        state = ItemState.QUARANTINED if outcome.quarantine else ItemState.REFUSED
        settle(row, uow, state, outcome.reason, outcome.advice)
        uow.record(_event(EventKind.ITEM_REFUSED, item, outcome.reason.code))

    def _wait(self, item: ItemFacts, fault: DmsError, pause: timedelta, *, counts: bool) -> None:
        """Put the item back for later, with the reason where people can read it."""
        with self._tools.database.begin() as uow:
            row = self._locked(uow, item)
            if row is None or not claims.owned(row, self.owner):
                raise claims.LeaseLost
            settle(row, uow, ItemState.WAITING, reason_of(fault), fault.advice)
            row.available_at = uow.now + pause
            row.attempts -= 1
            row.failures += counts

    @staticmethod
    def _locked(uow: UnitOfWork, item: ItemFacts) -> ItemRow | None:
        return uow.session.scalars(select(ItemRow).where(ItemRow.id == item.item_id).with_for_update()).first()


TOO_OFTEN = Reason("failed_too_often", N_("Het lezen van dit stuk is meerdere keren mislukt."))
DUPLICATE = Reason("duplicate", N_("Dit stuk zit al in het dossier van deze leerling."))
BROKEN = DmsError(N_("Er ging iets mis bij het verwerken."), N_("Het wordt vanzelf opnieuw geprobeerd."))


def _event(kind: EventKind, item: ItemFacts, reason: str) -> Event:
    return Event(
        kind,
        SYSTEM,
        item.board_id,
        item.school_id,
        object_kind="item",
        object_id=item.item_id,
        details={"reason": reason},
    )
