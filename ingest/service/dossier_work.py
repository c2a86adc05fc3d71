"""Works on archives of dossiers in slices: looks them over, reads every file, takes them in one by one.

Killed at any moment, the next slice goes on within a minute where this one stopped: what a line came to is written
line by line, and a file comes in under a key of its own line, so that it comes in once. One archive per school at a
time.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import structlog
from sqlalchemy import delete, exists, insert, select
from sqlalchemy.orm import Session

from dms.db.leases import new_owner, release, take
from dms.db.tables import ArchiveLineRow, ArchiveRow, DossierSourceRow, ItemRow, RenditionRow
from dms.kernel.crashpoints import reached
from dms.kernel.errors import BadInput, DmsError, NotFound, OutsideDown, Refused
from dms.kernel.ids import new_id
from dms.kernel.outcome import Reason
from dms.model.archives import BUSY, ArchiveState, Fate
from dms.model.documents import Source
from dms.model.events import SYSTEM, By, EventKind
from dms.services.shapes import Hints, SchoolView
from dms.services.tools import Tools, school_by_id
from ingest.rules.dossier_zip.entries import EntryLimits, shown_path
from ingest.rules.dossier_zip.place import ASKS
from ingest.rules.dossier_zip.plan import Planned
from ingest.service.dossier_check import KNOWN, ContentCheck, known_reason, known_source
from ingest.service.dossier_import import PREVIEW_TERM, look_over, record
from ingest.service.dossier_survey import BROKEN_ENTRY, VaultFile, buffered
from ingest.service.receive import Receive
from ingest.service.state import VERSION
from ingest.sources.dossier_zip import BrokenEntry, DossierZip

LEASE_SECONDS = 60
SLICE_SECONDS = 3.0
_OUTCOMES = (ArchiveState.DONE, ArchiveState.REFUSED, ArchiveState.DISCARDED)
_OPEN = (Fate.FILED, Fate.DESK)

log = structlog.get_logger(__name__)


class DossierWork:
    """The part of the import that takes time. Safe to call from the clock and from a command at once."""

    def __init__(self, tools: Tools, receive: Receive, limits: EntryLimits) -> None:
        self._tools = tools
        self._receive = receive
        self._limits = limits
        self._keep = _Keep(tools, "", "")

    def work(self, seconds: float = SLICE_SECONDS, archive_id: UUID | None = None) -> int:
        """Go on with the archive that waits longest, or with one, for about `seconds`; returns how many files were
        handled. 0 when nothing can be done now. Raises OutsideDown.
        """
        if archive_id is None:
            self._sweep()
        for row in self._busy(archive_id):
            name, owner = f"dossier-import:{row.school_id}", new_owner("archive")
            if not take(self._tools.database, name, owner, LEASE_SECONDS):
                continue
            try:
                self._keep = _Keep(self._tools, name, owner)
                return self._slice(row.id, time.monotonic() + seconds)
            finally:
                release(self._tools.database, name, owner)
        return 0

    def _busy(self, archive_id: UUID | None) -> list[ArchiveRow]:
        with self._tools.database.read() as session:
            query = select(ArchiveRow).where(ArchiveRow.state.in_(BUSY)).order_by(ArchiveRow.created_at)
            return list(session.scalars(query if archive_id is None else query.where(ArchiveRow.id == archive_id)))

    def _slice(self, archive_id: UUID, until: float) -> int:
        with self._tools.database.read() as session:
            row = session.get_one(ArchiveRow, archive_id)
            school = school_by_id(session, row.school_id)
        if row.state not in BUSY:
            return 0
        try:
            raw = VaultFile(self._tools.vault, row.id, row.object_key, VERSION, row.size)
            archive = DossierZip(buffered(raw))
            if row.state is ArchiveState.APPLYING:
                return self._take_in(row, school, archive, until)
            return self._look(row, school, archive, until)
        except OutsideDown:
            raise
        except (BadInput, NotFound, Refused) as fault:
            self._refuse(row, school, fault)
            return 1

    def _look(self, row: ArchiveRow, school: SchoolView, archive: DossierZip, until: float) -> int:
        """Make the lines, then read every file once: whole, what the manifest says, and not here already?"""
        if not row.lines:
            found = look_over(self._tools, school, archive, self._limits)
            self._write_lines(row.id, found.with_manifest, found.lines)
        handled = 0
        check = ContentCheck(self._tools, school, archive)
        for line in self._unread(row.id):
            if time.monotonic() > until:
                return handled
            self._keep.alive()
            assert line.position is not None
            digest = check.digest(line.position, line.sha256)
            key = (
                "" if isinstance(digest, Reason) else check.source_key(line.source_id, line.pupil_id, line.path, digest)
            )
            with self._tools.database.begin() as uow:
                kept = uow.session.get_one(ArchiveLineRow, line.id)
                if isinstance(digest, Reason):
                    _settle(kept, Fate.REFUSED, digest)
                else:
                    kept.digest, kept.source_key = digest, key
                    if (known := known_source(uow.session, school.id, key)) is not None:
                        _settle(kept, Fate.DUPLICATE, known_reason(known, digest))
                        kept.item_id = known.item_id
                    elif _earlier_line(uow.session, kept):
                        _settle(kept, Fate.DUPLICATE, KNOWN)
                uow.session.get_one(ArchiveRow, row.id).done += 1
            handled += 1
        with self._tools.database.begin() as uow:
            kept_row = uow.session.get_one(ArchiveRow, row.id)
            if kept_row.state is ArchiveState.RECEIVED:
                kept_row.state, kept_row.done = ArchiveState.READY, 0
        return handled + 1

    def _write_lines(self, archive_id: UUID, with_manifest: bool, lines: tuple[Planned, ...]) -> None:
        rows = [_line(archive_id, number, x) for number, x in enumerate(lines, start=1)]
        with self._tools.database.begin() as uow:
            uow.session.execute(delete(ArchiveLineRow).where(ArchiveLineRow.archive_id == archive_id))
            if rows:
                uow.session.execute(insert(ArchiveLineRow), rows)
            row = uow.session.get_one(ArchiveRow, archive_id)
            row.lines, row.with_manifest = max(len(rows), 1), with_manifest
            row.done = sum(1 for x in rows if x["settled"])

    def _take_in(self, row: ArchiveRow, school: SchoolView, archive: DossierZip, until: float) -> int:
        handled = 0
        by = By(row.actor_kind, row.submitted_by, row.os_user)
        for line in self._unsettled(row.id):
            if time.monotonic() > until and handled:
                return handled
            self._keep.alive()
            self._one(by, school, archive, line)
            handled += 1
        self._finish(row, school)
        return handled + 1

    def _one(self, by: By, school: SchoolView, archive: DossierZip, line: ArchiveLineRow) -> None:
        with self._tools.database.read() as session:
            known = known_source(session, school.id, line.source_key)
        if known is not None:
            self._conclude(line, Fate.DUPLICATE, known_reason(known, line.digest), known.item_id)
            return
        try:
            intake_id = self._hand_in(by, school, archive, line)
        except BrokenEntry:
            self._conclude(line, Fate.REFUSED, BROKEN_ENTRY)
            return
        except BadInput as fault:
            self._conclude(line, Fate.REFUSED, _reason(fault))
            return
        reached("archive.handed_in")
        with self._tools.database.begin() as uow:
            item = uow.session.scalars(select(ItemRow).where(ItemRow.intake_id == intake_id)).one()
            uow.session.add(
                DossierSourceRow(
                    school_id=school.id,
                    source_key=line.source_key,
                    digest=item.digest,
                    item_id=item.id,
                    created_at=uow.now,
                )
            )
            kept = uow.session.get_one(ArchiveLineRow, line.id)
            kept.item_id, kept.settled = item.id, True
            uow.session.get_one(ArchiveRow, line.archive_id).done += 1
        reached("archive.line_kept")

    def _hand_in(self, by: By, school: SchoolView, archive: DossierZip, line: ArchiveLineRow) -> UUID:
        assert line.position is not None
        hints = _hints(line)
        for attempt in (hints, replace(hints, pupil_id=None, category=None, ask="source_no_right")):
            try:
                return self._receive.receive(
                    by,
                    school.brin,
                    Source.ARCHIVE,
                    [(line.path, archive.open(line.position))],
                    attempt,
                    idempotency_key=f"archive:{line.id}",
                )
            except (Refused, NotFound):
                if attempt is not hints:
                    raise
        raise AssertionError

    def _conclude(self, line: ArchiveLineRow, fate: Fate, reason: Reason, item_id: UUID | None = None) -> None:
        with self._tools.database.begin() as uow:
            kept = uow.session.get_one(ArchiveLineRow, line.id)
            _settle(kept, fate, reason)
            kept.item_id = item_id
            uow.session.get_one(ArchiveRow, line.archive_id).done += 1

    def _finish(self, row: ArchiveRow, school: SchoolView) -> None:
        with self._tools.database.begin() as uow:
            kept = uow.session.get_one(ArchiveRow, row.id)
            kept.state, kept.done, kept.finished_at = ArchiveState.DONE, kept.lines, uow.now
            record(uow, EventKind.ARCHIVE_DONE, SYSTEM, school, row.id, files=row.lines)
        log.info("archive_done", object_id=str(row.id), school=school.brin, count=row.lines)
        self._erase(row.id)

    def _refuse(self, row: ArchiveRow, school: SchoolView, fault: DmsError) -> None:
        with self._tools.database.begin() as uow:
            kept = uow.session.get_one(ArchiveRow, row.id)
            kept.state, kept.finished_at = ArchiveState.REFUSED, uow.now
            why = _reason(fault)
            kept.reason_code, kept.reason_text, kept.reason_params = why.code, why.text, dict(why.params)
            kept.advice_text = fault.advice
            record(uow, EventKind.ARCHIVE_REFUSED, SYSTEM, school, row.id, reason=fault.code)
        self._erase(row.id)

    def _unread(self, archive_id: UUID) -> Iterator[ArchiveLineRow]:
        return self._open_lines(archive_id, ArchiveLineRow.digest == "")

    def _unsettled(self, archive_id: UUID) -> Iterator[ArchiveLineRow]:
        return self._open_lines(archive_id)

    def _open_lines(self, archive_id: UUID, *also: object) -> Iterator[ArchiveLineRow]:
        """Lines that still want work, in order, a hundred at a time."""
        after = 0
        while True:
            with self._tools.database.read() as session:
                rows = session.scalars(
                    select(ArchiveLineRow)
                    .where(
                        ArchiveLineRow.archive_id == archive_id,
                        ArchiveLineRow.settled.is_(False),
                        ArchiveLineRow.fate.in_(_OPEN),
                        ArchiveLineRow.number > after,
                        *also,  # type: ignore[arg-type]
                    )
                    .order_by(ArchiveLineRow.number)
                    .limit(100)
                ).all()
            yield from rows
            if len(rows) < 100:
                return
            after = rows[-1].number

    def _sweep(self) -> None:
        """Let go of the bytes of archives that are over, and of archives that nobody applied for a week."""
        with self._tools.database.read() as session:
            old = self._tools.clock.now() - PREVIEW_TERM
            forgotten = session.scalars(
                select(ArchiveRow).where(ArchiveRow.state == ArchiveState.READY, ArchiveRow.created_at < old)
            ).all()
            over = session.scalars(
                select(ArchiveRow.id).where(
                    ArchiveRow.state.in_(_OUTCOMES),
                    exists(select(RenditionRow.id).where(RenditionRow.document_id == ArchiveRow.id)),
                )
            ).all()
        for row in forgotten:
            with self._tools.database.begin() as uow:
                kept = uow.session.get_one(ArchiveRow, row.id)
                kept.state, kept.finished_at = ArchiveState.DISCARDED, uow.now
                record(
                    uow, EventKind.ARCHIVE_DISCARDED, SYSTEM, school_by_id(uow.session, row.school_id), row.id, term=7
                )
        for archive_id in over:
            self._erase(archive_id)

    def _erase(self, archive_id: UUID) -> None:
        """Key first, then the bytes, then the row by which they were known; done again it does nothing more."""
        self._tools.vault.destroy_key(archive_id)
        self._tools.vault.delete_all(archive_id)
        with self._tools.database.begin() as uow:
            uow.session.execute(delete(RenditionRow).where(RenditionRow.document_id == archive_id))


class _Keep:
    """Keeps the lease during long work, without writing for every file."""

    def __init__(self, tools: Tools, name: str, owner: str) -> None:
        self._tools, self._name, self._owner = tools, name, owner
        self._last = time.monotonic()

    def alive(self) -> None:
        if time.monotonic() - self._last > LEASE_SECONDS / 6:
            take(self._tools.database, self._name, self._owner, LEASE_SECONDS)
            self._last = time.monotonic()


def _line(archive_id: UUID, number: int, one: Planned) -> dict[str, object]:
    return {
        "id": new_id(),
        "archive_id": archive_id,
        "number": number,
        "position": one.position,
        "path": shown_path(one.path),
        "size": min(one.size, 2**62),
        "fate": one.fate,
        "reason_code": one.reason.code,
        "reason_text": one.reason.text,
        "reason_params": dict(one.reason.params),
        "pupil_id": one.pupil_id,
        "suggested": [str(x) for x in one.suggested],
        "category": one.category,
        "likely": one.likely,
        "day": one.day,
        "title": one.title[:300],
        "sha256": one.sha256[:64],
        "source_id": one.source_id,
        "level": one.level,
        "settled": one.fate not in _OPEN,
        "digest": "",
        "source_key": "",
    }


def _hints(line: ArchiveLineRow) -> Hints:
    return Hints(
        pupil_id=line.pupil_id,
        category=line.category,
        document_date=line.day,
        title=line.title,
        ask=line.reason_code if line.pupil_id is None and line.reason_code in ASKS else "",
        suggested=tuple(UUID(x) for x in line.suggested),
        likely=line.likely,
        level=line.level,
    )


def _settle(line: ArchiveLineRow, fate: Fate, reason: Reason) -> None:
    line.fate, line.settled = fate, True
    line.reason_code, line.reason_text, line.reason_params = reason.code, reason.text, dict(reason.params)


def _earlier_line(session: Session, line: ArchiveLineRow) -> bool:
    """Whether the same file stands in this archive before."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    ArchiveLineRow.archive_id == line.archive_id,
                    ArchiveLineRow.source_key == line.source_key,
                    ArchiveLineRow.number < line.number,
                )
            )
        )
    )


def _reason(fault: DmsError) -> Reason:
    params = {k: v if isinstance(v, int | float) else str(v) for k, v in fault.params.items()}
    return Reason(fault.code, fault.message, params)
