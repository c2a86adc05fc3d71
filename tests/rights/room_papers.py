"""What tests of the rights room share: lines, papers that are filed without bytes, and who sees what."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from dms.db.tables import (
    AuditEventRow,
    DocumentRow,
    DocumentVersionRow,
    DossierRow,
    PlacementRow,
)
from dms.db.unit_of_work import UnitOfWork
from dms.model.catalogue import Category, Level
from dms.model.documents import Source
from dms.model.events import Event, EventKind
from dms.services.catalogue import categories
from rights.rules.actions import Action, Reach
from rights.rules.matrix import CategoryPattern, MatrixLine
from rights.service.gate import Gate
from tests.houses import BRIN, OPERATOR, House

REASON = "afgesproken in het zorgteam"


def line(role: str, categories: str, actions: str, level: int = 2, reach: Reach = Reach.SCHOOL, **more) -> MatrixLine:
    return MatrixLine(
        0, role, reach, Level(level), tuple(CategoryPattern(x) for x in categories.split()),
        frozenset(Action(x) for x in actions.split()), **more,
    )  # fmt: skip


def file(house: House, number: str, category: str, brin: str = BRIN) -> UUID:
    """A document in the pupil's dossier, as filing leaves it; without bytes, which nothing here reads."""
    return file_many(house, number, category, 1, brin)[0]


def file_many(house: House, number: str, category: str, count: int, brin: str = BRIN) -> list[UUID]:
    """So many documents, in one transaction."""
    with house.app.database.begin() as uow:
        dossier = uow.session.scalars(
            select(DossierRow).where(DossierRow.pupil_id == house.pupil_id(number, brin))
        ).one()
        known = categories(uow.session, dossier.board_id)[category]
        return [_filed(uow, dossier, known, f"{category}-{number}-{x}") for x in range(count)]


def _filed(uow: UnitOfWork, dossier: DossierRow, known: Category, title: str) -> UUID:
    document = DocumentRow(
        board_id=dossier.board_id,
        school_id=dossier.school_id,
        title=title,
        document_date=uow.today - timedelta(days=9),
        source=Source.COMMAND,
        created_at=uow.now,
        changed_at=uow.now,
        confirmed_at=uow.now,
    )
    uow.session.add(document)
    uow.flush()
    uow.session.add(
        DocumentVersionRow(
            document_id=document.id,
            number=1,
            file_name="stuk.pdf",
            media_type="application/pdf",
            size=1,
            digest="0" * 64,
            pages=1,
            created_at=uow.now,
        )
    )
    uow.session.add(
        PlacementRow(
            document_id=document.id,
            dossier_id=dossier.id,
            board_id=dossier.board_id,
            school_id=dossier.school_id,
            pupil_id=dossier.pupil_id,
            category=known.code,
            category_version_id=known.version_id,
            level=int(known.level),
            confirmed=True,
            created_at=uow.now,
            changed_at=uow.now,
        )
    )
    uow.record(
        Event(
            EventKind.DOCUMENT_FILED,
            OPERATOR,
            dossier.board_id,
            dossier.school_id,
            dossier.pupil_id,
            object_kind="document",
            object_id=document.id,
        )
    )
    return document.id


def first(name: str) -> str:
    """The first name of somebody of the cast."""
    return name.split()[0] if name else ""


def number_in(house: House, group: str) -> str:
    regenboog, _, _ = house.schools()
    return next(x.number for x in regenboog.current_pupils if x.group == group)


def sees(house: House, name: str, document: UUID, action: Action = Action.SEE) -> bool:
    with house.app.database.read() as session:
        return bool(Gate(session, house.by(name).user_id, house.app.clock.today()).placements(document, action))


def events(house: House, kind: EventKind) -> list[AuditEventRow]:
    with house.app.database.read() as session:
        return list(session.scalars(select(AuditEventRow).where(AuditEventRow.kind == kind).order_by(AuditEventRow.id)))
