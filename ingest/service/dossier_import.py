"""Archives of dossiers out of an LVS: received and looked over first, taken in when a person says so.

The bytes lie encrypted until all is done. Each file comes in by the one way for all documents, with its limits, rules
and desks; the lines of an archive stay as the report of what went where. The work itself is in `dossier_work`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dms.db.tables import ArchiveLineRow, ArchiveRow, ItemRow, PupilRow, RenditionRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.kernel.ids import new_id
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.archives import ArchiveState, Fate
from dms.model.documents import UNFINISHED, Desk, Rendition
from dms.model.events import ActorKind, By, Event, EventKind
from dms.services.catalogue import categories
from dms.services.shapes import SchoolView
from dms.services.tools import Tools, full_name, school_by_brin, school_by_id
from ingest.rules.dossier_zip.entries import EntryLimits
from ingest.rules.dossier_zip.place import PupilBook
from ingest.rules.dossier_zip.plan import Planned
from ingest.service.bounded import GIGABYTE, bounded_archive
from ingest.service.dossier_check import KNOWN, ContentCheck, known_reason, known_source
from ingest.service.dossier_lines import counts_of, lines_of, status_of
from ingest.service.dossier_shapes import ArchiveView, LinePage, LineView
from ingest.service.dossier_survey import Survey, refused, survey
from ingest.service.names import clean_name
from ingest.service.rosters import Rosters
from ingest.service.state import VERSION
from ingest.service.views import Viewer
from ingest.sources.dossier_zip import DossierZip
from rights.rules.actions import Action
from rights.service.gate import Gate
from rights.service.places import works_at

PREVIEW_TERM = timedelta(days=7)
"""How long an archive that nobody applies is kept."""


class DossierImport:
    """Archives of a school, for who files for the whole school there, and for the machine's operator."""

    def __init__(self, tools: Tools, limits: EntryLimits, most_bytes: int = 50 * GIGABYTE) -> None:
        self._tools = tools
        self._limits = limits
        self._most_bytes = most_bytes

    def preview_file(self, by: By, brin: str, file: BinaryIO) -> Survey:
        """Look an archive over where it is, every file of it; keeps nothing.

        Raises BadInput for one that is refused as a whole, NotFound or Refused for who may not import here.
        """
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            must_import_dossiers(session, by, school, self._tools)
        archive = DossierZip(file)
        found = look_over(self._tools, school, archive, self._limits)
        check, seen = ContentCheck(self._tools, school, archive), set[str]()
        return replace(found, lines=tuple(self._checked(school, check, x, seen) for x in found.lines))

    def pupil_numbers(self, pupils: Iterable[UUID]) -> dict[UUID, str]:
        """The leerlingnummers of pupils; for the operator's preview."""
        with self._tools.database.read() as session:
            found = session.execute(select(PupilRow.id, PupilRow.number).where(PupilRow.id.in_(set(pupils))))
            return dict(found.tuples().all())

    def _checked(self, school: SchoolView, check: ContentCheck, line: Planned, seen: set[str]) -> Planned:
        """A line of a preview after its file was read."""
        if line.position is None or line.fate not in (Fate.FILED, Fate.DESK):
            return line
        digest = check.digest(line.position, line.sha256)
        if isinstance(digest, Reason):
            return refused(line, digest)
        key = check.source_key(line.source_id, line.pupil_id, line.path, digest)
        with self._tools.database.read() as session:
            known = known_source(session, school.id, key)
        if known is not None or key in seen:
            reason = known_reason(known, digest) if known is not None else KNOWN
            return replace(line, fate=Fate.DUPLICATE, reason=reason)
        seen.add(key)
        return line

    def receive(self, by: By, brin: str, name: str, chunks: Iterable[bytes]) -> UUID:
        """Keep an archive, encrypted; returns its id. It is looked over afterwards, by the clock or the command.

        Raises BadInput for one that is too large, NotFound or Refused for who may not import here.
        """
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            must_import_dossiers(session, by, school, self._tools)
        archive_id = new_id()
        try:
            ref = self._tools.vault.put(archive_id, "original", VERSION, bounded_archive(chunks, self._most_bytes))
            if not ref.size_plain:
                raise BadInput(N_("Er is geen bestand ontvangen."), N_("Kies een archief."), code="empty_file")
            with self._tools.database.begin() as uow:
                uow.session.add(
                    ArchiveRow(
                        id=archive_id,
                        board_id=school.board_id,
                        school_id=school.id,
                        name=clean_name(name),
                        size=ref.size_plain,
                        object_key=ref.object_key,
                        state=ArchiveState.RECEIVED,
                        actor_kind=by.kind,
                        submitted_by=by.user_id,
                        os_user=by.os_user,
                        created_at=uow.now,
                    )
                )
                uow.session.add(_object_row(archive_id, ref.object_key, ref.size_plain, uow))
                uow.flush()
                record(uow, EventKind.ARCHIVE_RECEIVED, by, school, archive_id)
        except BaseException:
            self._tools.vault.delete_all(archive_id)
            self._tools.vault.destroy_key(archive_id)
            raise
        return archive_id

    def apply(self, by: By, archive_id: UUID) -> None:
        """Let the files come in, from now on by the clock or the command. Raises Conflict unless it waits for that."""
        with self._tools.database.begin() as uow:
            row, school = self._row(uow.session, by, archive_id, lock=True)
            if row.state is not ArchiveState.READY:
                raise _not_now()
            row.state, row.done, row.applied_at = ArchiveState.APPLYING, 0, uow.now
            row.actor_kind, row.submitted_by, row.os_user = by.kind, by.user_id, by.os_user
            record(uow, EventKind.ARCHIVE_APPLIED, by, school, archive_id)

    def discard(self, by: By, archive_id: UUID) -> None:
        """Take nothing in; the bytes go. Raises Conflict once it is applied."""
        with self._tools.database.begin() as uow:
            row, school = self._row(uow.session, by, archive_id, lock=True)
            if row.state not in (ArchiveState.RECEIVED, ArchiveState.READY):
                raise _not_now()
            row.state, row.finished_at = ArchiveState.DISCARDED, uow.now
            record(uow, EventKind.ARCHIVE_DISCARDED, by, school, archive_id)

    def view(self, by: By, archive_id: UUID) -> ArchiveView:
        """One archive with its counts. Raises NotFound, Refused."""
        with self._tools.database.read() as session:
            row, school = self._row(session, by, archive_id)
            return _view(row, school, counts_of(session, [row.id]).get(row.id, {}))

    def history(self, by: By, brin: str, limit: int = 50) -> tuple[ArchiveView, ...]:
        """The archives of a school, newest first. Raises NotFound, Refused."""
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            must_import_dossiers(session, by, school, self._tools)
            rows = session.scalars(
                select(ArchiveRow)
                .where(ArchiveRow.school_id == school.id)
                .order_by(ArchiveRow.created_at.desc(), ArchiveRow.id)
                .limit(limit)
            ).all()
            counts = counts_of(session, [x.id for x in rows])
            return tuple(_view(x, school, counts.get(x.id, {})) for x in rows)

    def waiting(self, by: By, brin: str) -> int:
        """How many archives of a school wait for a person. 0 for who may not import there."""
        with self._tools.database.read() as session:
            return self.waiting_in(session, by, school_by_brin(session, brin))

    def waiting_in(self, session: Session, by: By, school: SchoolView) -> int:
        """As `waiting`, in the transaction of `session`."""
        try:
            must_import_dossiers(session, by, school, self._tools)
        except (NotFound, Refused):
            return 0
        return (
            session.scalar(
                select(func.count())
                .select_from(ArchiveRow)
                .where(ArchiveRow.school_id == school.id, ArchiveRow.state == ArchiveState.READY)
            )
            or 0
        )

    def lines(self, by: By, archive_id: UUID, status: str = "", page: int = 1, size: int = 50) -> LinePage:
        """A page of the files of an archive, all or those with one status. Raises NotFound, Refused."""
        with self._tools.database.read() as session:
            row, _ = self._row(session, by, archive_id)
            query = lines_of(row.id, status)
            total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
            found = session.execute(query.limit(size).offset((max(page, 1) - 1) * size)).tuples().all()
            return LinePage(total, max(page, 1), size, self._shown(session, by, row, found))

    def every_line(self, by: By, archive_id: UUID) -> Iterator[LineView]:
        """All files of an archive in order, fetched in parts. Raises NotFound, Refused."""
        page = 1
        while True:
            found = self.lines(by, archive_id, page=page, size=500)
            yield from found.lines
            if page * found.size >= found.total:
                return
            page += 1

    def intakes_of(self, items: Iterable[UUID]) -> tuple[UUID, ...]:
        """The intakes of items; for who waits until they are read."""
        with self._tools.database.read() as session:
            return tuple(
                found
                for item_id in items
                if (found := session.scalar(select(ItemRow.intake_id).where(ItemRow.id == item_id))) is not None
            )

    def _shown(
        self, session: Session, by: By, row: ArchiveRow, found: Iterable[tuple[ArchiveLineRow, ItemRow | None]]
    ) -> tuple[LineView, ...]:
        pairs = list(found)
        gate = None if _is_operator(by) else Gate(session, by.user_id, self._tools.clock.today())
        viewer = Viewer(session, gate)
        items = {x.item_id: x for x in viewer.views(item for _, item in pairs if item is not None)}
        wanted = {x.pupil_id for x, _ in pairs if x.pupil_id is not None}
        pupils = {x.id: x for x in session.scalars(select(PupilRow).where(PupilRow.id.in_(wanted)))}
        known = categories(session, row.board_id)
        lines = []
        for line, _ in pairs:
            item = items.get(line.item_id) if line.item_id is not None else None
            own = item is not None and line.fate in (Fate.FILED, Fate.DESK)
            pupil = pupils.get(line.pupil_id) if line.pupil_id is not None else None
            category = item.category_code if own and item is not None else line.category
            lines.append(
                LineView(
                    number=line.number,
                    path=line.path,
                    size=line.size,
                    status=status_of(line, item.state if item is not None else None),
                    reason=item.reason
                    if own and item is not None and item.state not in UNFINISHED
                    else Reason(line.reason_code, line.reason_text, line.reason_params),
                    advice=item.advice if own and item is not None and item.state not in UNFINISHED else "",
                    pupil_id=item.pupil_id if own and item and item.pupil_id else (pupil.id if pupil else None),
                    pupil_number=item.pupil_number
                    if own and item and item.pupil_number
                    else (pupil.number if pupil else None),
                    pupil_name=item.pupil_name
                    if own and item and item.pupil_name
                    else full_name(pupil)
                    if pupil
                    else None,
                    category_code=category,
                    category_name=known[category].name if category in known else None,
                    day=(item.document_date if own and item and item.document_date else line.day),
                    title=line.title,
                    item_id=line.item_id,
                    document_id=item.document_id if item is not None else None,
                )
            )
        return tuple(lines)

    def _row(self, session: Session, by: By, archive_id: UUID, *, lock: bool = False) -> tuple[ArchiveRow, SchoolView]:
        query = select(ArchiveRow).where(ArchiveRow.id == archive_id)
        row = session.scalars(query.with_for_update() if lock else query).first()
        if row is None:
            raise NotFound
        school = school_by_id(session, row.school_id)
        try:
            must_import_dossiers(session, by, school, self._tools)
        except Refused:
            raise NotFound from None
        return row, school


def look_over(tools: Tools, school: SchoolView, archive: DossierZip, limits: EntryLimits) -> Survey:
    """The survey of an archive for a school as it is now. Raises BadInput for one that is refused as a whole."""
    with tools.database.read() as session:
        known = {x.code: (x.name, int(x.level)) for x in categories(session, school.board_id).values()}
    book = PupilBook(Rosters(tools.database).of(school.id).pupils)
    return survey(archive, book, known, limits, tools.clock.today())


def must_import_dossiers(session: Session, by: By, school: SchoolView, tools: Tools) -> None:
    """Who works at the school's ordinary desk may; raises Refused for others of the school, NotFound for strangers."""
    if _is_operator(by):
        return
    gate = Gate(session, by.user_id, tools.clock.today())
    if works_at(gate, school.board_id, school.id, Desk.ORDINARY):
        return
    if any(x.board_id == school.board_id and x.school_id in (None, school.id) for x in gate.scope(Action.SEE).clauses):
        raise Refused
    raise NotFound


def record(
    uow: UnitOfWork, kind: EventKind, by: By, school: SchoolView, archive_id: UUID, **details: str | int | None
) -> None:
    """Write one event of an archive in the caller's transaction."""
    uow.record(
        Event(kind, by, school.board_id, school.id, object_kind="archive", object_id=archive_id, details=details)
    )


def _is_operator(by: By) -> bool:
    return by.user_id is None and by.kind in (ActorKind.COMMAND, ActorKind.SYSTEM)


def _object_row(archive_id: UUID, object_key: str, size: int, uow: UnitOfWork) -> RenditionRow:
    """The row by which checks know that the bytes belong to something."""
    return RenditionRow(
        document_id=archive_id,
        version=VERSION,
        kind=Rendition.ORIGINAL,
        page=0,
        object_key=object_key,
        media_type="application/zip",
        size=size,
        created_at=uow.now,
    )


def _view(row: ArchiveRow, school: SchoolView, counts: dict[str, int]) -> ArchiveView:
    return ArchiveView(
        id=row.id,
        brin=school.brin,
        name=row.name,
        size=row.size,
        state=row.state,
        with_manifest=row.with_manifest,
        lines=row.lines,
        done=row.done,
        counts=counts,
        reason=Reason(row.reason_code, row.reason_text, row.reason_params) if row.reason_code else None,
        advice=row.advice_text,
        received_at=row.created_at,
        received_by=row.submitted_by,
        applied_at=row.applied_at,
        finished_at=row.finished_at,
    )


def _not_now() -> Conflict:
    return Conflict(
        N_("Dit archief is intussen al verwerkt of weggedaan."),
        N_("Kijk in de lijst met archieven hoe het ermee staat."),
        code="archive_state",
    )
