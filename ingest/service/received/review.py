"""The review of a package: what is in it, what it would become here, and whose it is. Every look is in the log.

A person sees the papers of categories and levels that her own lines reach; the others are counted, not shown.
"""

from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dms.db.tables import DossierRow, ItemRow, PupilRow, ReceivedPackageRow, ReceivedPartRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, NotFound, Refused
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.catalogue import Category
from dms.model.documents import ItemState, Rendition
from dms.model.events import By, Event, EventKind
from dms.model.received import PartChoice, ReceivedState
from dms.services.catalogue import categories
from dms.services.pupil_import.permission import must_import
from dms.services.renditions import rendition_row, stream
from dms.services.shapes import Content, SchoolView
from dms.services.tools import Tools, school_by_brin
from ingest.service.received.access import VERSION, decided, looked_meanwhile, must_review, package_of
from ingest.service.received.content import COLUMN, Told
from ingest.service.received.matching import candidate, candidates
from ingest.service.received.shapes import ReceivedLine, ReceivedPart, ReceivedView
from ingest.service.steps import RECEIVED
from rights.rules.actions import Action
from rights.service.gate import Gate
from rights.service.places import may_take, reachable_pupils
from storage.errors import Damaged, KeyMissing

UNREAD = frozenset({ItemState.WAITING, ItemState.WORKING})


class Review:
    """Looks at packages, and changes what would become of them."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def list(self, by: By, brin: str, limit: int = 100) -> tuple[ReceivedLine, ...]:
        """The packages of a school, newest first. Raises NotFound."""
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            must_review(session, by, school, self._tools)
            rows = session.scalars(
                select(ReceivedPackageRow)
                .where(ReceivedPackageRow.school_id == school.id)
                .order_by(ReceivedPackageRow.created_at.desc(), ReceivedPackageRow.id)
                .limit(limit)
            ).all()
            return tuple(_line(session, x) for x in rows)

    def waiting(self, by: By, school: SchoolView) -> int:
        """How many packages wait for a review; 0 for who reviews none there."""
        with self._tools.database.read() as session:
            try:
                must_review(session, by, school, self._tools)
            except NotFound:
                return 0
            return (
                session.scalar(
                    select(func.count())
                    .select_from(ReceivedPackageRow)
                    .where(
                        ReceivedPackageRow.school_id == school.id,
                        ReceivedPackageRow.state == ReceivedState.QUARANTINED,
                    )
                )
                or 0
            )

    def view(self, by: By, received_id: UUID) -> ReceivedView:
        """One package with all that the person may see of it. Raises NotFound; is logged."""
        with self._tools.database.begin() as uow:
            row, school, gate = package_of(uow.session, by, received_id, self._tools)
            record(uow, EventKind.RECEIVED_PACKAGE_SEEN, by, row)
            return self._view(uow.session, row, school, gate, by)

    def page(self, by: By, received_id: UUID, part_id: UUID, page: int) -> Content:
        """The image of a page of a paper. Raises NotFound."""
        with self._tools.database.read() as session:
            row, _, gate = package_of(session, by, received_id, self._tools)
            part = session.get(ReceivedPartRow, part_id)
            item = session.get(ItemRow, part.item_id) if part is not None and part.item_id is not None else None
            if part is None or item is None or part.received_id != row.id or item.state is not ItemState.QUARANTINED:
                raise NotFound
            known = categories(session, row.board_id)
            if not _sees(gate, row, part, item, known):
                raise NotFound
            found = rendition_row(session, item.document_id, VERSION, Rendition.PAGE, page)
            if found is None:
                raise NotFound
        return stream(self._tools.vault, found, item.name)

    def change_part(
        self,
        by: By,
        received_id: UUID,
        row_version: int,
        part_id: UUID,
        *,
        choice: PartChoice,
        category: str | None,
        title: str,
        document_date: date | None,
    ) -> None:
        """Say what should become of one paper. Raises NotFound, BadInput, Refused, Conflict."""
        with self._tools.database.begin() as uow:
            row, gate = self._open(uow, by, received_id, row_version)
            part = uow.session.get(ReceivedPartRow, part_id)
            item = uow.session.get(ItemRow, part.item_id) if part is not None and part.item_id is not None else None
            known = categories(uow.session, row.board_id)
            if part is None or part.received_id != row.id or item is None or not _sees(gate, row, part, item, known):
                raise NotFound
            if category is not None and (category not in known or not known[category].active):
                raise BadInput(N_("Deze categorie bestaat niet."), N_("Kies een categorie uit de lijst."))
            if document_date is not None and document_date > uow.today:
                raise BadInput(N_("De documentdatum ligt in de toekomst."), N_("Controleer dag, maand en jaar."))
            if category is not None and gate is not None and category != part.category:
                level = int(known[category].level)
                if not may_take(gate, row.board_id, row.school_id, category, level):
                    raise Refused
            part.choice, part.category, part.document_date = choice, category, document_date
            part.title = " ".join(title.split())[:300]
            _changed(uow, by, row, part=str(part.id), choice=choice.value, category=category)

    def choose_pupil(self, by: By, received_id: UUID, row_version: int, pupil_id: UUID) -> None:
        """Say whose dossier it is. Raises NotFound for a pupil out of reach, Conflict."""
        with self._tools.database.begin() as uow:
            row, gate = self._open(uow, by, received_id, row_version)
            reach = reachable_pupils(gate, Action.ADD) if gate is not None else None
            query = select(PupilRow.id).where(PupilRow.id == pupil_id, PupilRow.school_id == row.school_id)
            if uow.session.scalar(query if reach is None else query.where(reach)) is None:
                raise NotFound(N_("Deze leerling is niet gevonden."), N_("Kies een leerling uit de lijst."))
            row.pupil_id = pupil_id
            _changed(uow, by, row, pupil=str(pupil_id))

    def intake_of(self, by: By, received_id: UUID) -> UUID | None:
        """The intake that the papers of a package wait as; for who waits until they are read. Raises NotFound."""
        with self._tools.database.read() as session:
            return package_of(session, by, received_id, self._tools)[0].intake_id

    def told(self, row: ReceivedPackageRow) -> Told | None:
        """What the package says; None once that is gone."""
        if row.content_sealed is None:
            return None
        try:
            return Told.from_bytes(self._tools.vault.unseal(row.id, COLUMN, row.content_sealed))
        except (KeyMissing, Damaged):
            return None

    def _open(
        self, uow: UnitOfWork, by: By, received_id: UUID, row_version: int
    ) -> tuple[ReceivedPackageRow, Gate | None]:
        row, _, gate = package_of(uow.session, by, received_id, self._tools, lock=True)
        if row.state is not ReceivedState.QUARANTINED:
            raise decided()
        if row.row_version != row_version:
            raise looked_meanwhile()
        return row, gate

    def _view(
        self, session: Session, row: ReceivedPackageRow, school: SchoolView, gate: Gate | None, by: By
    ) -> ReceivedView:
        told = self.told(row)
        known = categories(session, row.board_id)
        pupil = session.get(PupilRow, row.pupil_id) if row.pupil_id is not None else None
        dossier = session.scalar(select(DossierRow).where(DossierRow.pupil_id == pupil.id)) if pupil else None
        parts, hidden = [], 0
        for part, item in parts_of(session, row.id):
            if item is not None and item.state is not ItemState.FILED and not _sees(gate, row, part, item, known):
                hidden += 1
                continue
            parts.append(_part(session, row, part, item, known, gate, dossier))
        found = candidates(session, self._tools, school, told.pupil) if told is not None else ()
        chosen = candidate(pupil) if pupil is not None else None
        if chosen is not None:
            chosen = replace(chosen, sure=any(x.sure and x.pupil_id == chosen.pupil_id for x in found))
        return ReceivedView(
            id=row.id,
            row_version=row.row_version,
            package_id=row.package_id,
            state=row.state,
            format=row.format,
            kind=row.kind,
            sender=row.sender_name,
            sender_brin=row.sender_brin,
            school=school,
            received_at=row.created_at,
            frozen_at=row.frozen_at,
            mark=row.mark,
            told=told,
            parts=tuple(parts),
            hidden=hidden,
            candidates=found,
            pupil=chosen,
            may_enrol=_may_enrol(session, by, school, self._tools),
            reject_reason=row.reject_reason,
            decided_at=row.decided_at,
            categories=tuple((x.code, x.name) for x in sorted(known.values(), key=lambda x: x.code) if x.active),
        )


def parts_of(session: Session, received_id: UUID) -> list[tuple[ReceivedPartRow, ItemRow | None]]:
    """The papers of a package in order, each with the item that it waits as."""
    query = (
        select(ReceivedPartRow, ItemRow)
        .outerjoin(ItemRow, ItemRow.id == ReceivedPartRow.item_id)
        .where(ReceivedPartRow.received_id == received_id)
        .order_by(ReceivedPartRow.number)
    )
    return list(session.execute(query).tuples().all())


def wanted_category(part: ReceivedPartRow, item: ItemRow | None, known: dict[str, Category]) -> Category | None:
    """What a paper would become: as the reviewer or the sender says, else as it was recognised."""
    code = part.category or (item.category if item is not None else None)
    found = known.get(code) if code else None
    return found if found is not None and found.active else None


def record(
    uow: UnitOfWork, kind: EventKind, by: By, row: ReceivedPackageRow, note: str = "", **details: str | int | None
) -> None:
    """One event of a package, in the caller's transaction."""
    uow.record(
        Event(
            kind,
            by,
            row.board_id,
            row.school_id,
            row.pupil_id,
            object_kind="received_package",
            object_id=row.id,
            details=details,
            note=note,
        )
    )


def _changed(uow: UnitOfWork, by: By, row: ReceivedPackageRow, **details: str | int | None) -> None:
    row.row_version += 1
    uow.flush()
    record(uow, EventKind.RECEIVED_PACKAGE_CHANGED, by, row, "", **details)


def _sees(
    gate: Gate | None, row: ReceivedPackageRow, part: ReceivedPartRow, item: ItemRow, known: dict[str, Category]
) -> bool:
    """Whether a person may see a paper in quarantine: what it would become decides, as at the desks."""
    if gate is None:
        return True
    wanted = wanted_category(part, item, known)
    if wanted is None:
        return may_take(gate, row.board_id, row.school_id, None, None)
    return may_take(gate, row.board_id, row.school_id, wanted.code, int(wanted.level))


def _part(
    session: Session,
    row: ReceivedPackageRow,
    part: ReceivedPartRow,
    item: ItemRow | None,
    known: dict[str, Category],
    gate: Gate | None,
    dossier: DossierRow | None,
) -> ReceivedPart:
    wanted = wanted_category(part, item, known)
    fault = Reason(part.reason_code, part.reason_text, part.reason_params) if part.reason_code else None
    stopped = item is not None and item.state in (ItemState.REFUSED, ItemState.QUARANTINED)
    if item is not None and stopped and item.reason_code != RECEIVED.code:
        fault = Reason(item.reason_code, item.reason_text, item.reason_params)
    mine = wanted is not None and gate is not None and _may_add(gate, row, dossier, wanted)
    settled = ""
    if item is not None and item.state in (ItemState.FILED, ItemState.DUPLICATE, ItemState.DISCARDED):
        settled = item.state.value
    elif item is None and row.state is not ReceivedState.QUARANTINED:
        settled = ItemState.REFUSED.value
    filed = item is not None and item.state is ItemState.FILED
    visible = filed and gate is not None and item is not None and bool(gate.placements(item.document_id))
    return ReceivedPart(
        id=part.id,
        number=part.number,
        name=part.name,
        title=part.title or (item.title if item is not None else ""),
        size=part.size,
        sent=part.category_sent,
        category=wanted.code if wanted is not None else "",
        category_name=wanted.name if wanted is not None else "",
        suggested=item.category or "" if item is not None else "",
        level=int(wanted.level) if wanted is not None else 0,
        document_date=part.document_date or (item.document_date if item is not None else None),
        redacted=part.redacted,
        choice=part.choice,
        fault=fault,
        settled=settled,
        document_id=item.document_id if visible and item is not None else None,
        pages=item.pages or 0 if item is not None else 0,
        read=item is not None and item.state not in UNREAD,
        mine=mine,
    )


def _may_add(gate: Gate, row: ReceivedPackageRow, dossier: DossierRow | None, wanted: Category) -> bool:
    if dossier is None:
        return may_take(gate, row.board_id, row.school_id, wanted.code, int(wanted.level))
    return gate.scope(Action.ADD).admits(gate.place_for(dossier, wanted.code, wanted.level))


def _may_enrol(session: Session, by: By, school: SchoolView, tools: Tools) -> bool:
    try:
        must_import(session, by, school, tools.clock.today())
    except (NotFound, Refused):
        return False
    return True


def _line(session: Session, row: ReceivedPackageRow) -> ReceivedLine:
    pairs = parts_of(session, row.id)
    waiting = sum(
        1
        for part, item in pairs
        if part.choice is PartChoice.TAKE and item is not None and item.state in (*UNREAD, ItemState.QUARANTINED)
    )
    return ReceivedLine(
        id=row.id,
        state=row.state,
        format=row.format,
        kind=row.kind,
        sender=f"{row.sender_name} ({row.sender_brin})" if row.sender_name else row.sender_brin,
        received_at=row.created_at,
        papers=len(pairs),
        waiting=waiting if row.state is ReceivedState.QUARANTINED else 0,
        faults=sum(1 for part, item in pairs if item is None),
    )
