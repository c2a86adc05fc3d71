"""Documents in dossiers of the demo schools, with the days that tests want, and acts that change them."""

from datetime import date
from uuid import UUID

from sqlalchemy import delete, select

from dms.db.tables import CategoryRow, DocumentRow, DocumentVersionRow, DossierRow, EnrolmentRow, PlacementRow
from dms.db.unit_of_work import UnitOfWork
from dms.model.documents import PlacementState, Source
from dms.model.events import Event, EventKind
from dms.services.catalogue import categories
from retention.terms.follow import follow_documents, follow_pupils
from tests.houses import BRIN, OPERATOR, House

NUMBER = "100001"


def numbers(house: House, brin: str = BRIN) -> list[str]:
    """The numbers of the school's pupils."""
    school = next(x for x in house.schools() if x.brin == brin)
    return [x.number for x in school.pupils]


def enrol(house: House, pupil_id: UUID, *ends: date | None) -> None:
    """Give the pupil enrolments with these first days not enrolled, and nothing else; terms follow as after a list."""
    with house.app.database.begin() as uow:
        uow.session.execute(delete(EnrolmentRow).where(EnrolmentRow.pupil_id == pupil_id))
        uow.session.add_all(EnrolmentRow(pupil_id=pupil_id, since=date(2015, 8, 1), until=x) for x in ends)
        uow.flush()
        dossier = _dossier(uow, pupil_id)
        follow_pupils(uow, dossier.board_id, [pupil_id])
        uow.record(Event(EventKind.PUPIL_CHANGED, OPERATOR, dossier.board_id, pupil_id=pupil_id))


def file(
    house: House, pupil_id: UUID, category: str, *, day: date | None = None, count: int = 1, **fields: str
) -> list[UUID]:
    """So many documents of a category in the pupil's dossier, without bytes; their ids."""
    with house.app.database.begin() as uow:
        dossier = _dossier(uow, pupil_id)
        known = categories(uow.session, dossier.board_id)[category]
        made = []
        for nth in range(count):
            document = DocumentRow(
                board_id=dossier.board_id,
                school_id=dossier.school_id,
                title=f"{category} {nth}",
                document_date=day,
                fields=dict(fields),
                source=Source.UPLOAD,
                created_at=uow.now,
                changed_at=uow.now,
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
                    digest=document.id.hex,
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
                    pupil_id=pupil_id,
                    category=category,
                    category_version_id=known.version_id,
                    level=int(known.level),
                    state=PlacementState.ACTIVE,
                    confirmed=True,
                    created_at=uow.now,
                    changed_at=uow.now,
                )
            )
            made.append(document.id)
        uow.flush()
        follow_documents(uow, made)
        uow.record(Event(EventKind.DOCUMENT_FILED, OPERATOR, dossier.board_id, pupil_id=pupil_id))
        return made


def placement(house: House, document_id: UUID) -> PlacementRow:
    """The only placement of a document."""
    with house.app.database.read() as session:
        return session.scalars(select(PlacementRow).where(PlacementRow.document_id == document_id)).one()


def due_ids(house: House, on: date | None = None, brin: str | None = None) -> list[UUID]:
    """The documents that are due."""
    return [x.document_id for x in house.app.retention.terms.due(on, brin)]


def _dossier(uow: UnitOfWork, pupil_id: UUID) -> DossierRow:
    return uow.session.scalars(select(DossierRow).where(DossierRow.pupil_id == pupil_id)).one()


def codes(house: House) -> list[str]:
    """All categories."""
    with house.app.database.read() as session:
        return sorted(set(session.scalars(select(CategoryRow.code))))
