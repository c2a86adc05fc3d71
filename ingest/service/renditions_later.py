"""Archive renditions that are made when nothing else waits: of born-digital files, mails and texts.

A scan and an office file get theirs when they are read. For the rest a job stands in a table: a worker takes one when
there is nothing to read, and anybody may see how far it is and why one failed. Signed files are never rewritten: their
job says so. Made twice it is the same object: the rows come from the document's own id.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import cast
from uuid import UUID

import structlog
from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.orm import Session

from dms.db.engine import Database
from dms.db.tables import ArchiveJobRow, DocumentRow, DocumentVersionRow, ItemRow, PlacementRow, RenditionRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.crashpoints import reached
from dms.kernel.errors import DmsError
from dms.kernel.ids import new_id
from dms.model.documents import PlacementState, Rendition
from dms.model.events import SYSTEM, By, Event, EventKind
from dms.model.formats import ArchiveState
from dms.services.tools import Tools
from ingest.readers.errors import ConverterUnavailable, OcrUnavailable, ReadFailed
from ingest.readers.results import Kind
from ingest.rules.kinds import KINDS, FileKind
from ingest.service import claims, steps
from ingest.service.again import ToolsFor
from ingest.service.beat import Beat, Progress
from ingest.service.state import ItemFacts, PipelineTools
from storage.spool import job_folder
from storage.vault import StoredRef, Vault

LEASE_SECONDS = 120
MOST_ATTEMPTS = 3
AT_ONCE = 200
SIGNED, NO_KIND = "signed", "no_kind"
_PIECE = 1 << 20
_PAUSE = timedelta(minutes=10)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Failed:
    """An archive rendition that could not be made, and why (a code)."""

    document_id: UUID
    version: int
    state: ArchiveState
    fault: str


class ArchiveLater:
    """The jobs as a whole: finding what lacks, how far it is, and trying again."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def find(self) -> int:
        """Make jobs for filed documents whose version of today has no archive rendition. Returns how many."""
        with self._tools.database.begin() as uow:
            rows = uow.session.execute(
                select(DocumentVersionRow.document_id, DocumentVersionRow.number)
                .join(DocumentRow, DocumentRow.id == DocumentVersionRow.document_id)
                .where(
                    DocumentVersionRow.number == DocumentRow.current_version,
                    exists().where(
                        PlacementRow.document_id == DocumentRow.id, PlacementRow.state == PlacementState.ACTIVE
                    ),
                    ~exists().where(
                        RenditionRow.document_id == DocumentVersionRow.document_id,
                        RenditionRow.version == DocumentVersionRow.number,
                        RenditionRow.kind == Rendition.ARCHIVE,
                    ),
                    ~exists().where(
                        ArchiveJobRow.document_id == DocumentVersionRow.document_id,
                        ArchiveJobRow.version == DocumentVersionRow.number,
                    ),
                )
                .limit(AT_ONCE)
            ).all()
            for document_id, number in rows:
                uow.session.add(
                    ArchiveJobRow(
                        document_id=document_id,
                        version=number,
                        state=ArchiveState.WAITING,
                        available_at=uow.now,
                        changed_at=uow.now,
                    )
                )
            return len(rows)

    def counts(self) -> Mapping[ArchiveState, int]:
        """How many jobs are in each state."""
        with self._tools.database.read() as session:
            rows = session.execute(select(ArchiveJobRow.state, func.count()).group_by(ArchiveJobRow.state)).all()
            return {x[0]: int(x[1]) for x in rows}

    def failed(self, limit: int = 200) -> tuple[Failed, ...]:
        """What could not be made, and what was skipped, newest first."""
        with self._tools.database.read() as session:
            rows = session.scalars(
                select(ArchiveJobRow)
                .where(ArchiveJobRow.state.in_((ArchiveState.FAILED, ArchiveState.SKIPPED)))
                .order_by(ArchiveJobRow.changed_at.desc())
                .limit(limit)
            )
            return tuple(Failed(x.document_id, x.version, x.state, x.fault) for x in rows)

    def retry(self, by: By) -> int:
        """Try once more to make all that failed. Returns how many."""
        with self._tools.database.begin() as uow:
            changed = uow.session.execute(
                update(ArchiveJobRow)
                .where(ArchiveJobRow.state == ArchiveState.FAILED)
                .values(state=ArchiveState.WAITING, attempts=0, fault="", available_at=uow.now, changed_at=uow.now)
            )
            count = int(changed.rowcount)  # type: ignore[attr-defined]
            if count:
                uow.record(Event(EventKind.ARCHIVE_ASKED, by, None, details={"count": count}))
            return count


class ArchiveWorker:
    """The part of a worker that makes archive renditions, one at a time."""

    def __init__(self, database: Database, vault: Vault, jobs: Path, owner: str, tools_for: ToolsFor) -> None:
        self._database = database
        self._vault = vault
        self._jobs = jobs
        self._owner = owner
        self._tools_for = tools_for

    def once(self) -> bool:
        """Make one archive rendition. False when none waits."""
        claimed = self._claim()
        if claimed is None:
            return False
        item, media_type = claimed
        kind = KINDS.get(media_type)
        if kind is None or kind is FileKind.ZIP:
            self._end(item, ArchiveState.SKIPPED, NO_KIND)
            return True
        try:
            with (
                job_folder(self._jobs, f"item-{item.item_id}") as folder,
                self._tools_for(item, folder, Beat(lambda _: self._extend(item))) as tools,
            ):
                self._make(item, cast(Kind, kind.value), tools)
        except claims.LeaseLost:
            log.info("archive_lease_lost", document_id=str(item.document_id))
        except (OcrUnavailable, ConverterUnavailable) as fault:
            self._later(item, fault.code, counts=False)
        except ReadFailed as fault:
            self._later(item, fault.code, counts=not fault.retryable)
        except DmsError as fault:
            log.warning("archive_failed", document_id=str(item.document_id), code=fault.code)
            self._later(item, fault.code, counts=True)
        except Exception as fault:
            kind_of_fault = type(fault).__name__
            log.error("archive_broke", document_id=str(item.document_id), kind=kind_of_fault, exc_info=True)
            self._later(item, kind_of_fault, counts=True)
        return True

    def _make(self, item: ItemFacts, kind: Kind, tools: PipelineTools) -> None:
        steps.plain(item, tools)
        result = tools.session.read(kind, tools.progress)
        if result.signed:
            self._end(item, ArchiveState.SKIPPED, SIGNED)
            return
        made = tools.session.archive(kind, result) or tools.session.archive_seen(kind, result)
        ref = self._vault.put(item.document_id, "archive", item.version, _bytes_of(made))
        reached("later.put")
        self._end(item, ArchiveState.DONE, "", ref)

    def _claim(self) -> tuple[ItemFacts, str] | None:
        """Take the job that waits longest; one whose lease ran out is taken over."""
        now = self._database.clock.now()
        free = or_(ArchiveJobRow.lease_until.is_(None), ArchiveJobRow.lease_until < now)
        open_jobs = (
            ArchiveJobRow.state.in_((ArchiveState.WAITING, ArchiveState.WORKING)),
            ArchiveJobRow.available_at <= now,
            free,
        )
        with self._database.read() as session:
            if not session.scalar(select(exists().where(*open_jobs))):
                return None
        with self._database.begin() as uow:
            row = uow.session.scalars(
                select(ArchiveJobRow)
                .where(*open_jobs)
                .order_by(ArchiveJobRow.available_at)
                .limit(1)
                .with_for_update(skip_locked=True)
            ).first()
            if row is None:
                return None
            row.state = ArchiveState.WORKING
            row.lease_owner, row.lease_until = self._owner, uow.now + timedelta(seconds=LEASE_SECONDS)
            row.changed_at = uow.now
            found = _facts(uow.session, row)
            if found is None:  # it is no longer there
                row.state, row.lease_owner, row.lease_until = ArchiveState.SKIPPED, None, None
            return found

    def _extend(self, item: ItemFacts, _: Progress | None = None) -> None:
        with self._database.begin() as uow:
            if (row := _ours(uow, item, self._owner)) is None:
                raise claims.LeaseLost
            row.lease_until = uow.now + timedelta(seconds=LEASE_SECONDS)

    def _end(self, item: ItemFacts, state: ArchiveState, fault: str, ref: StoredRef | None = None) -> None:
        with self._database.begin() as uow:
            row = _ours(uow, item, self._owner)
            if row is None:
                return
            row.state, row.fault, row.lease_owner, row.lease_until = state, fault, None, None
            row.changed_at = uow.now
            if ref is not None and uow.session.get(DocumentRow, item.document_id) is not None:
                uow.session.add(
                    RenditionRow(
                        id=new_id(),
                        document_id=item.document_id,
                        version=item.version,
                        kind=Rendition.ARCHIVE,
                        page=0,
                        object_key=ref.object_key,
                        media_type="application/pdf",
                        size=ref.size_plain,
                        created_at=uow.now,
                    )
                )
            uow.record(
                Event(
                    EventKind.DOCUMENT_ARCHIVED,
                    SYSTEM,
                    item.board_id,
                    item.school_id,
                    object_kind="document",
                    object_id=item.document_id,
                    details={"version": item.version, "outcome": state.value, "fault": fault},
                )
            )

    def _later(self, item: ItemFacts, fault: str, *, counts: bool) -> None:
        """Try again later; after a few times it is for people to see."""
        with self._database.begin() as uow:
            row = _ours(uow, item, self._owner)
            if row is None:
                return
            row.attempts += counts
            row.state = ArchiveState.FAILED if row.attempts >= MOST_ATTEMPTS else ArchiveState.WAITING
            row.fault, row.lease_owner, row.lease_until = fault[:60], None, None
            row.available_at, row.changed_at = uow.now + _PAUSE, uow.now


def _ours(uow: UnitOfWork, item: ItemFacts, owner: str) -> ArchiveJobRow | None:
    row = uow.session.get(ArchiveJobRow, (item.document_id, item.version), with_for_update=True)
    return row if row is not None and row.lease_owner == owner and row.state is ArchiveState.WORKING else None


def _facts(session: Session, job: ArchiveJobRow) -> tuple[ItemFacts, str] | None:
    """The document's item with the file of the version, and the media type of that; None when it is gone."""
    document = session.get(DocumentRow, job.document_id)
    row = session.get(ItemRow, document.item_id) if document is not None and document.item_id else None
    original = session.scalar(
        select(RenditionRow).where(
            RenditionRow.document_id == job.document_id,
            RenditionRow.version == job.version,
            RenditionRow.kind == Rendition.ORIGINAL,
        )
    )
    version = session.scalar(
        select(DocumentVersionRow).where(
            DocumentVersionRow.document_id == job.document_id, DocumentVersionRow.number == job.version
        )
    )
    if row is None or original is None or version is None:
        return None
    item = claims.facts(session, row)
    found = replace(
        item, version=job.version, name=version.file_name, object_key=original.object_key, size=original.size
    )
    return replace(found, gather=False), version.media_type.split(";")[0].strip().lower()


def _bytes_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_PIECE):
            yield chunk
