"""Reading a filed document: a new version of it, or again: text, words and pages anew from the original.

An effect of the outbox that a worker brings about: it takes as long as the first reading, and the relay has the index
to keep up. May be done twice: objects and rows come from the document's own ids. What the document is called, and where
it lies, a person has seen: that does not change. A new version counts from the moment that it is read; one that
cannot come in is not kept.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import structlog
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from dms.db import outbox
from dms.db.engine import Database
from dms.db.outbox import Effect
from dms.db.tables import DocumentRow, DocumentVersionRow, ItemRow, RenditionRow, VersionUploadRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.crashpoints import CrashPoint, reached
from dms.kernel.errors import DmsError
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.documents import Rendition, UploadState
from dms.model.events import SYSTEM, Event, EventKind
from dms.services.filing import changed, locked, log_act
from ingest.readers.errors import OcrUnavailable, ReadFailed
from ingest.service import claims, malware, steps
from ingest.service.beat import Beat, Progress
from ingest.service.duplicates_found import keep_fingerprint
from ingest.service.state import VERSION, Continue, ItemFacts, PipelineTools, Refuse, Work
from rights.service.gate import live_placements
from storage.spool import job_folder
from storage.vault import Vault

NOT_READ = Reason("not_read", N_("Dit bestand is niet te lezen."))

log = structlog.get_logger(__name__)
ToolsFor = Callable[[ItemFacts, Path, Beat], AbstractContextManager[PipelineTools]]
"""Makes the tools of a job, given its item, its folder and what keeps its lease; for as long as the job is on."""


class ReadAgain:
    """The part of a worker that reads again what was asked for."""

    def __init__(self, database: Database, vault: Vault, jobs: Path, owner: str, tools_for: ToolsFor) -> None:
        self._database = database
        self._vault = vault
        self._jobs = jobs
        self._owner = owner
        self._tools_for = tools_for

    def once(self) -> bool:
        """Read one document again. False when none waits."""
        if not outbox.wait(self._database, work=True):
            return False
        effects = outbox.claim(self._database, self._owner, 1, work=True)
        for effect in effects:
            self._bring_about(effect)
        return bool(effects)

    def _bring_about(self, effect: Effect) -> None:
        item = self._item(effect)
        if item is None:  # the document is no longer there, or this was done before
            outbox.done(self._database, self._owner, [effect.id])
            return
        try:
            with job_folder(self._jobs, f"item-{item.item_id}") as folder:
                work = Work()
                refused = self._read(effect, item, work, folder)
                reached(CrashPoint.AGAIN_READ)
                self._finish(effect, item, work, refused)
        except claims.LeaseLost:
            log.info("read_again_lease_lost", document_id=str(effect.object_id))
        except DmsError as fault:
            log.warning("read_again_failed", document_id=str(effect.object_id), code=fault.code)
            outbox.failed(self._database, self._owner, effect.id, fault.code)
        except Exception as fault:
            kind = type(fault).__name__
            log.error("read_again_broken", document_id=str(effect.object_id), kind=kind, exc_info=True)
            outbox.failed(self._database, self._owner, effect.id, kind)

    def _read(self, effect: Effect, item: ItemFacts, work: Work, folder: Path) -> Reason | None:
        """Read into `work`. Returns why not, where the file itself is the reason; None when it is read."""

        def extend(_: Progress) -> None:
            if not outbox.extend(self._database, self._owner, effect.id):
                raise claims.LeaseLost

        try:
            with self._tools_for(item, folder, Beat(extend)) as tools:
                for step in (malware.look, steps.identify, steps.read):
                    outcome = step(item, work, tools)
                    if not isinstance(outcome, Continue):
                        return outcome.reason if isinstance(outcome, Refuse) else NOT_READ
        except OcrUnavailable:
            raise
        except ReadFailed as fault:
            if fault.retryable:
                raise
            return reason_of(fault)
        return None

    def _item(self, effect: Effect) -> ItemFacts | None:
        """The document's item, with the file of the version to read in the place of its own."""
        with self._database.read() as session:
            document = session.get(DocumentRow, effect.object_id)
            row = session.get(ItemRow, document.item_id) if document is not None and document.item_id else None
            if document is None or row is None:
                return None
            item = claims.facts(session, row)
            number = document.current_version
            if effect.kind == outbox.READ_VERSION:
                number = int(effect.payload["number"])
                upload = _upload(session, document.id, number)
                if upload is None or upload.state is not UploadState.WAITING:
                    return None
                return replace(
                    item, version=number, name=upload.file_name, object_key=upload.object_key, size=upload.size
                )
            if number == VERSION:
                return item
            upload = _upload(session, document.id, number)
            if upload is None:
                return None
            return replace(item, version=number, name=upload.file_name, object_key=upload.object_key, size=upload.size)

    def _finish(self, effect: Effect, item: ItemFacts, work: Work, refused: Reason | None) -> None:
        """What was read counts from now on; the log says so, and the index follows."""
        gone: list[str] = []
        with self._database.begin() as uow:
            keep_fingerprint(uow, item, work, self._vault)
            steps.write_renditions(uow, item, work)
            if effect.kind == outbox.READ_VERSION:
                gone = _settle_version(uow, item, work, refused)
            else:
                _renew(uow, item, work, refused)
            outbox.mark_done(uow, self._owner, [effect.id])
            uow.flush()
            reached(CrashPoint.AGAIN_WRITTEN)
        reached(CrashPoint.AGAIN_COMMITTED)
        for object_key in gone:
            self._vault.delete(object_key)


def reason_of(fault: DmsError) -> Reason:
    """A fault as the reason that people read."""
    params = {k: v if isinstance(v, int | float) else str(v) for k, v in fault.params.items()}
    return Reason(fault.code, fault.message, params)


def _upload(session: Session, document_id: UUID, number: int) -> VersionUploadRow | None:
    return session.scalar(
        select(VersionUploadRow).where(VersionUploadRow.document_id == document_id, VersionUploadRow.number == number)
    )


def _pages(uow: UnitOfWork, item: ItemFacts) -> int:
    count = uow.session.scalar(
        select(func.count())
        .select_from(RenditionRow)
        .where(
            RenditionRow.document_id == item.document_id,
            RenditionRow.version == item.version,
            RenditionRow.kind == Rendition.PAGE,
        )
    )
    return count or 0


def _renew(uow: UnitOfWork, item: ItemFacts, work: Work, refused: Reason | None) -> None:
    """The version that was read again shows what was read now."""
    if refused is None:
        read = {"text_source": work.text_source, "text_confidence": work.text_confidence}
        uow.session.execute(
            update(DocumentVersionRow)
            .where(DocumentVersionRow.document_id == item.document_id, DocumentVersionRow.number == item.version)
            .values(pages=_pages(uow, item), **read)
        )
        if item.version == VERSION:
            uow.session.execute(update(ItemRow).where(ItemRow.id == item.item_id).values(**read))
        uow.reindex(item.document_id)
    uow.record(
        Event(
            EventKind.DOCUMENT_READ,
            SYSTEM,
            item.board_id,
            item.school_id,
            object_kind="document",
            object_id=item.document_id,
            details={"source": work.text_source, "refused": refused.code if refused else ""},
        )
    )


def _settle_version(uow: UnitOfWork, item: ItemFacts, work: Work, refused: Reason | None) -> list[str]:
    """Let the new version count, or refuse it; returns the objects that nothing speaks of any more."""
    upload = _upload(uow.session, item.document_id, item.version)
    document = locked(uow.session, [item.document_id]).get(item.document_id)
    if upload is None or document is None or upload.state is not UploadState.WAITING:
        return []
    upload.settled_at = uow.now
    places = live_placements(uow.session, document.id)
    if refused is not None:
        upload.state = UploadState.REFUSED
        upload.reason_code, upload.reason_text = refused.code, refused.text
        upload.reason_params = dict(refused.params)
        kept = RenditionRow.document_id == document.id, RenditionRow.version == item.version
        gone = list(uow.session.scalars(select(RenditionRow.object_key).where(*kept)))
        uow.session.execute(delete(RenditionRow).where(*kept))
        details: dict[str, str | int | bool | None] = {"version": item.version, "reason": refused.code}
        log_act(uow, SYSTEM, EventKind.VERSION_REFUSED, document.id, places, details)
        return gone
    upload.state = UploadState.ACCEPTED
    uow.session.add(
        DocumentVersionRow(
            document_id=document.id,
            number=item.version,
            file_name=upload.file_name,
            media_type=work.media_type,
            size=upload.size,
            digest=upload.digest,
            pages=_pages(uow, item),
            text_source=work.text_source,
            text_confidence=work.text_confidence,
            created_at=uow.now,
        )
    )
    document.current_version = item.version
    changed(uow, document)
    log_act(uow, SYSTEM, EventKind.VERSION_ADDED, document.id, places, {"version": item.version})
    return []
