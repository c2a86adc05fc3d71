"""Reading a filed document again: text, words and pages anew from the original, which stays as it is.

An effect of the outbox that a worker brings about: it takes as long as the first reading, and the relay has the index
to keep up. May be done twice: objects and rows come from the document's own ids. What the document is called, and where
it lies, a person has seen: that does not change.
"""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import structlog
from sqlalchemy import func, select, update

from dms.db import outbox
from dms.db.engine import Database
from dms.db.outbox import Effect
from dms.db.tables import DocumentRow, DocumentVersionRow, ItemRow, RenditionRow
from dms.kernel.crashpoints import CrashPoint, reached
from dms.kernel.errors import DmsError
from dms.model.documents import Rendition
from dms.model.events import SYSTEM, Event, EventKind
from ingest.readers.errors import OcrUnavailable, ReadFailed
from ingest.service import claims, steps
from ingest.service.state import VERSION, Continue, ItemFacts, PipelineTools, Refuse, Work
from storage.spool import job_folder

READ = "read"

log = structlog.get_logger(__name__)
ToolsFor = Callable[[ItemFacts, Path, Callable[[int | None], None]], PipelineTools]
"""Makes the tools of a job, given its item, its folder and what keeps its lease."""


class ReadAgain:
    """The part of a worker that reads again what was asked for."""

    def __init__(self, database: Database, jobs: Path, owner: str, tools_for: ToolsFor) -> None:
        self._database = database
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
        item = self._item(effect.object_id)
        if item is None:  # the document is no longer there
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

    def _read(self, effect: Effect, item: ItemFacts, work: Work, folder: Path) -> str:
        """Read into `work`. Returns why not, where the file itself is the reason; empty when it is read."""

        def extend(_: int | None) -> None:
            if not outbox.extend(self._database, self._owner, effect.id):
                raise claims.LeaseLost

        tools = self._tools_for(item, folder, extend)
        try:
            for step in (steps.identify, steps.read):
                outcome = step(item, work, tools)
                if not isinstance(outcome, Continue):
                    return outcome.reason.code if isinstance(outcome, Refuse) else READ
        except OcrUnavailable:
            raise
        except ReadFailed as fault:
            if fault.retryable:
                raise
            return fault.code
        return ""

    def _item(self, document_id: UUID) -> ItemFacts | None:
        with self._database.read() as session:
            document = session.get(DocumentRow, document_id)
            row = session.get(ItemRow, document.item_id) if document is not None and document.item_id else None
            return claims.facts(session, row) if row is not None else None

    def _finish(self, effect: Effect, item: ItemFacts, work: Work, refused: str) -> None:
        """What was read counts from now on; the log says so, and the index follows."""
        document_id = item.document_id
        with self._database.begin() as uow:
            if not refused:
                pages = uow.session.scalar(
                    select(func.count())
                    .select_from(RenditionRow)
                    .where(RenditionRow.document_id == document_id, RenditionRow.kind == Rendition.PAGE)
                )
                read = {"text_source": work.text_source, "text_confidence": work.text_confidence}
                uow.session.execute(
                    update(DocumentVersionRow)
                    .where(DocumentVersionRow.document_id == document_id, DocumentVersionRow.number == VERSION)
                    .values(pages=pages or 0, **read)
                )
                uow.session.execute(update(ItemRow).where(ItemRow.id == item.item_id).values(**read))
                uow.reindex(document_id)
            uow.record(
                Event(
                    EventKind.DOCUMENT_READ,
                    SYSTEM,
                    item.board_id,
                    item.school_id,
                    object_kind="document",
                    object_id=document_id,
                    details={"source": work.text_source, "refused": refused},
                )
            )
            outbox.mark_done(uow, self._owner, [effect.id])
            uow.flush()
            reached(CrashPoint.AGAIN_WRITTEN)
        reached(CrashPoint.AGAIN_COMMITTED)
