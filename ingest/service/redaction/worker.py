"""The part of a worker that looks through documents and makes redacted copies, one at a time.

A copy counts only when it was read again, by its text layer, by the engine on its pictures and byte by byte, and
nothing of what was covered is left. Else the job fails and people see it. May be done twice: objects and rows come from
the redaction's own number.
"""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import structlog
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from dms.db.engine import Database
from dms.db.pulse import redactions_wait
from dms.db.tables import DocumentRow, RedactionRow, RenditionRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import DmsError
from dms.model.documents import Rendition
from dms.model.events import SYSTEM, EventKind
from dms.model.redaction import WORK, RedactionGround, RedactionState
from dms.services.filing import log_act
from ingest.readers import office
from ingest.readers.errors import ConverterUnavailable, OcrUnavailable, ReadFailed
from ingest.readers.redact_loose import ATTACHMENT, UNREAD
from ingest.readers.redact_session import Made, PageToMake, Redactor, Seen
from ingest.readers.results import Kind, OcrEngine, ReadLimits
from ingest.readers.session import ReadSession
from ingest.readers.written import NAME as WRITTEN
from ingest.rules.kinds import IMAGES, LETTERS, OFFICE, FileKind
from ingest.rules.people_found import People
from ingest.service.claims import LeaseLost
from ingest.service.redaction.desk import BY_HAND
from ingest.service.redaction.facts import Job, job_of
from ingest.service.redaction.marks import HAND, Marks, found_in, seal, unseal
from ingest.service.redaction.stored import put, row_of
from ingest.service.redaction.verify import left_in
from rights.service.gate import live_placements
from storage.spool import job_folder
from storage.vault import Vault

LEASE_SECONDS = 120
MOST_ATTEMPTS = 3
LEFT, NO_KIND, BROKE = "number_left", "no_kind", "broke"
_PAUSE = timedelta(minutes=1)
_AGAIN = frozenset({RedactionGround.BY_HAND})
_STRICT = frozenset({RedactionGround.SWV, RedactionGround.OUTSIDER})
"""For whom a file goes along itself only when all of it was looked at: not a mail, an office file, or a PDF with other
files or an earlier state of itself in it, which hold more than their pages show. Of these a copy is made, also when
nothing was found.
"""
_UNSEEN = (ATTACHMENT, UNREAD)
_MADE = (Rendition.REDACTED, Rendition.REDACTED_PAGE)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reading:
    """With what files are read. `program`: LibreOffice's folder, None where it is not."""

    limits: ReadLimits
    engine: OcrEngine
    program: Path | None = None


class RedactionWorker:
    """Takes redactions that wait, looks or makes, and writes what came of it."""

    def __init__(self, database: Database, vault: Vault, jobs: Path, owner: str, reading: Reading) -> None:
        self._database = database
        self._vault = vault
        self._jobs = jobs
        self._owner = owner
        self._reading = reading

    def once(self) -> bool:
        """Do one turn of one redaction. False when none waits."""
        if not redactions_wait(self._database):
            return False
        claimed = self._claim()
        if claimed is None:
            return False
        redaction_id, job = claimed
        if job is None:
            self._fail(redaction_id, NO_KIND)
            return True
        try:
            with job_folder(self._jobs, f"item-{redaction_id}") as folder:
                self._make(job, folder) if job.make else self._look(job, folder)
        except LeaseLost:
            log.info("redaction_lease_lost", object_id=str(redaction_id))
        except (OcrUnavailable, ConverterUnavailable) as fault:
            self._later(redaction_id, fault.code, counts=False)
        except ReadFailed as fault:
            self._later(redaction_id, fault.code, counts=not fault.retryable)
        except DmsError as fault:
            log.warning("redaction_failed", object_id=str(redaction_id), code=fault.code)
            self._later(redaction_id, fault.code, counts=True)
        except Exception as fault:
            log.error("redaction_broke", object_id=str(redaction_id), kind=type(fault).__name__, exc_info=True)
            self._later(redaction_id, BROKE, counts=True)
        return True

    def _look(self, job: Job, folder: Path) -> None:
        path, kind, ours = self._source(job, folder)
        seen = self._redactor(job, folder).look(path, kind, ours=ours)
        before = unseal(self._vault, job.document_id, job.redaction_id, job.sealed)
        marks = _with_hand(found_in(seen, job.known, People(job.people), job.ground), before)
        unseen = job.ground in _STRICT and (ours or any(place in _UNSEEN for place, _ in seen.loose))
        review = bool(marks.marks or marks.loose) or job.always or job.ground in _AGAIN or unseen
        rows = self._pictures(job, seen) if review else []
        state = RedactionState.TO_REVIEW if review else RedactionState.FOUND_NOTHING
        sealed = seal(self._vault, job.document_id, job.redaction_id, marks)
        with self._database.begin() as uow:
            row = self._ours(uow.session, job.redaction_id)
            gone = _forget(uow.session, job, (Rendition.REVIEW_PAGE,), {x.object_key for x in rows})
            uow.session.add_all(rows)
            row.sealed, row.found = sealed, marks.found
            self._settle(uow, row, state)
            _log(uow, row, EventKind.REDACTION_LOOKED, {"found": marks.found, "state": state.value})
        self._drop(gone)

    def _make(self, job: Job, folder: Path) -> None:
        marks = unseal(self._vault, job.document_id, job.redaction_id, job.sealed)
        path, kind, ours = self._source(job, folder)
        pages = [
            PageToMake(
                x.number, x.rotation, x.skew, tuple(b for m in marks.of_page(x.number) if m.covered for b in m.boxes)
            )
            for x in marks.pages
        ]
        made = self._redactor(job, folder).make(path, kind, pages, ours=ours)
        left = left_in(made, marks, job.known, job.people)
        if left:
            log.warning("redaction_left", object_id=str(job.redaction_id), count=len(left))
            self._fail(job.redaction_id, LEFT)
            return
        self._done(job, marks, made)

    def _done(self, job: Job, marks: Marks, made: Made) -> None:
        now = self._database.clock.now()
        whole = put(self._vault, job.document_id, job.version, Rendition.REDACTED, job.place(), made.path)
        rows = [row_of(job.document_id, job.version, Rendition.REDACTED, job.place(), whole, now)]
        for page in made.pages:
            place, kind = job.place(page.number), Rendition.REDACTED_PAGE
            ref = put(self._vault, job.document_id, job.version, kind, place, page.image)
            rows.append(row_of(job.document_id, job.version, kind, place, ref, now, (page.width, page.height)))
        with self._database.begin() as uow:
            row = self._ours(uow.session, job.redaction_id)
            if uow.session.get(DocumentRow, job.document_id) is None:
                raise LeaseLost
            gone = _forget(uow.session, job, (Rendition.REVIEW_PAGE, *_MADE), {x.object_key for x in rows})
            uow.session.add_all(rows)
            uow.flush()
            row.rendition_id = rows[0].id
            row.blacked = sum(len(x.boxes) for x in marks.marks if x.covered)
            self._settle(uow, row, RedactionState.DONE)
            _log(uow, row, EventKind.REDACTION_MADE, {"covered": row.blacked, "pages": len(made.pages)})
        self._drop(gone)

    def _source(self, job: Job, folder: Path) -> tuple[Path, Kind, bool]:
        """The file whose pages are looked at: PDF or picture as it is, the rest as it is laid out on pages."""
        plain = folder / "original.bin"
        job.write(self._vault, plain)
        kind: Kind = job.kind.value
        if job.kind in IMAGES or job.kind is FileKind.PDF:
            return plain, kind, job.ours
        limits, engine, program = self._reading.limits, self._reading.engine, self._reading.program
        with ReadSession(plain, folder, limits, engine, lambda: self._extend(job), program) as session:
            session.read(kind)
        assert job.kind in OFFICE or job.kind in LETTERS
        return folder / (office.NAME if job.kind in OFFICE else WRITTEN), "pdf", True

    def _redactor(self, job: Job, folder: Path) -> Redactor:
        return Redactor(folder, self._reading.limits, self._reading.engine, lambda: self._extend(job))

    def _pictures(self, job: Job, seen: Seen) -> list[RenditionRow]:
        """Keep the pages as they were looked at, for a person to look at them."""
        rows, now = [], self._database.clock.now()
        for page in seen.pages:
            place, kind = job.place(page.number), Rendition.REVIEW_PAGE
            ref = put(self._vault, job.document_id, job.version, kind, place, page.image)
            rows.append(row_of(job.document_id, job.version, kind, place, ref, now, (page.width, page.height)))
        return rows

    def _claim(self) -> tuple[UUID, Job | None] | None:
        with self._database.begin() as uow:
            row = uow.session.scalars(
                select(RedactionRow)
                .where(
                    RedactionRow.state.in_(WORK),
                    RedactionRow.available_at <= uow.now,
                    or_(RedactionRow.lease_until.is_(None), RedactionRow.lease_until < uow.now),
                )
                .order_by(RedactionRow.available_at)
                .limit(1)
                .with_for_update(skip_locked=True)
            ).first()
            if row is None:
                return None
            row.lease_owner, row.lease_until = self._owner, uow.now + timedelta(seconds=LEASE_SECONDS)
            make = row.state is RedactionState.CONFIRMED
            return row.id, job_of(uow.session, self._vault, row, make=make, always=row.fault == BY_HAND)

    def _extend(self, job: Job) -> None:
        with self._database.begin() as uow:
            self._ours(uow.session, job.redaction_id).lease_until = uow.now + timedelta(seconds=LEASE_SECONDS)

    def _ours(self, session: Session, redaction_id: UUID) -> RedactionRow:
        row = session.get(RedactionRow, redaction_id, with_for_update=True)
        if row is None or row.lease_owner != self._owner or row.state not in WORK:
            raise LeaseLost
        return row

    def _settle(self, uow: UnitOfWork, row: RedactionRow, state: RedactionState, fault: str = "") -> None:
        row.state, row.fault = state, fault
        row.lease_owner, row.lease_until, row.settled_at = None, None, uow.now
        row.row_version += 1

    def _fail(self, redaction_id: UUID, fault: str) -> None:
        with self._database.begin() as uow:
            row = self._ours(uow.session, redaction_id)
            self._settle(uow, row, RedactionState.FAILED, fault)
            _log(uow, row, EventKind.REDACTION_FAILED, {"fault": fault})

    def _later(self, redaction_id: UUID, fault: str, *, counts: bool) -> None:
        """Try again shortly; after a few times it is for people to see."""
        with self._database.begin() as uow:
            row = self._ours(uow.session, redaction_id)
            row.attempts += counts
            if row.attempts >= MOST_ATTEMPTS:
                self._settle(uow, row, RedactionState.FAILED, fault[:60])
                _log(uow, row, EventKind.REDACTION_FAILED, {"fault": fault[:60]})
                return
            row.lease_owner, row.lease_until, row.available_at = None, None, uow.now + _PAUSE

    def _drop(self, objects: list[str]) -> None:
        for object_key in objects:
            self._vault.delete(object_key)


def _with_hand(fresh: Marks, before: Marks) -> Marks:
    """What was found now, with the boxes that a person drew before and what she chose about the same finds."""
    chosen = {(x.page, x.kind, x.written): x.covered for x in before.marks}
    kept = [x.id for x in fresh.marks if chosen.get((x.page, x.kind, x.written), x.covered)]
    fresh = fresh.chosen(kept)
    for mark in before.marks:
        if mark.kind == HAND:
            fresh = fresh.with_box(mark.page, mark.boxes[0])
    return fresh


def _forget(session: Session, job: Job, kinds: tuple[Rendition, ...], written: set[str]) -> list[str]:
    """Drop the rows of earlier renditions; returns the objects that were not written anew."""
    of_this = (
        RenditionRow.document_id == job.document_id,
        RenditionRow.version == job.version,
        RenditionRow.kind.in_(kinds),
        RenditionRow.page >= job.place(),
        RenditionRow.page < job.place() + job.place() // job.number,
    )
    gone = [x for x in session.scalars(select(RenditionRow.object_key).where(*of_this)) if x not in written]
    session.execute(delete(RenditionRow).where(*of_this))
    session.flush()
    return gone


def _log(uow: UnitOfWork, row: RedactionRow, kind: EventKind, details: dict[str, str | int | bool | None]) -> None:
    log_act(uow, SYSTEM, kind, row.document_id, live_placements(uow.session, row.document_id), details)
