"""One dossier as its page shows it. Few questions to the database, however much lies in it."""

from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from dms.db.tables import (
    BoardRow,
    CarerRow,
    CategoryRow,
    CategoryVersionRow,
    DocumentRow,
    DocumentVersionRow,
    DossierRow,
    EnrolmentRow,
    GroupPlacementRow,
    GroupRow,
    PlacementRow,
    PupilCarerRow,
    PupilRow,
    SchoolRow,
)
from dms.db.unit_of_work import UnitOfWork
from dms.db.visibility import placed_on
from dms.kernel.errors import NotFound
from dms.model.catalogue import Level
from dms.model.events import By, Event, EventKind
from dms.services.shapes import CarerView, DocumentLine, DossierView, PupilLine, Section
from dms.services.tools import full_name, school_view, sorted_name
from rights.rules.actions import Action
from rights.rules.facts import Target
from rights.service.gate import Gate
from rights.service.places import reachable_pupils

CONTACT = "ADM-03"
"""Names of carers are contact data: shown to who may read this category of the dossier."""

ACTS = (Action.READ, Action.EDIT, Action.CLASSIFY, Action.REMOVE)
"""What one can do with documents from a dossier's page."""


def show_dossier(uow: UnitOfWork, by: By, pupil_id: UUID) -> DossierView:
    """The dossier with the documents that the person may see, within the caller's transaction.

    Raises NotFound for absent and forbidden alike; is logged.
    """
    gate = Gate(uow.session, by.user_id, uow.today)
    row = uow.session.execute(_whose(gate).where(PupilRow.id == pupil_id, reachable_pupils(gate))).first()
    if row is None:
        raise NotFound
    pupil, dossier, school, board, since, until, enrolled, group, contact = row
    place = gate.place_for(dossier, CONTACT, Level(contact if contact is not None else Level.L4))
    sections = _sections(gate, dossier, place)
    uow.record(
        Event(
            EventKind.DOSSIER_SEEN,
            by,
            dossier.board_id,
            dossier.school_id,
            pupil.id,
            object_kind="dossier",
            object_id=dossier.id,
        )
    )
    documents = [x for section in sections for x in section.documents]
    may_see_carers = gate.scope(Action.READ).admits(place)
    return DossierView(
        dossier_id=dossier.id,
        school=school_view(school, board),
        pupil=PupilLine(
            id=pupil.id,
            number=pupil.number,
            name=full_name(pupil),
            sort_name=sorted_name(pupil),
            given_name=pupil.given_name,
            group=group or "",
            birth_date=pupil.birth_date,
            former=not enrolled,
            documents=len(documents),
        ),
        state=dossier.state.value,
        enrolled_since=since,
        enrolled_until=until,
        carers=_carers(uow.session, pupil.id) if may_see_carers else (),
        sections=sections,
        levels=tuple(sorted({x.level for x in documents})),
        shielded=bool(place.shields),
        may_see_carers=may_see_carers,
    )


def _whose(gate: Gate) -> "Select[tuple[PupilRow, DossierRow, SchoolRow, BoardRow, object, object, int, str, int]]":
    """Pupil, dossier, school, board; the newest enrolment's days, how many last, today's group, the contact level."""
    newest = (
        select(EnrolmentRow.id)
        .where(EnrolmentRow.pupil_id == PupilRow.id)
        .order_by(EnrolmentRow.since.desc())
        .limit(1)
        .correlate(PupilRow)
        .scalar_subquery()
    )
    since, until = (
        select(x).where(EnrolmentRow.id == newest).correlate(PupilRow).scalar_subquery()
        for x in (EnrolmentRow.since, EnrolmentRow.until)
    )
    lasting = (
        select(func.count())
        .select_from(EnrolmentRow)
        .where(
            EnrolmentRow.pupil_id == PupilRow.id,
            or_(EnrolmentRow.until.is_(None), EnrolmentRow.until > gate.today),
        )
        .correlate(PupilRow)
        .scalar_subquery()
    )
    group = (
        select(func.min(GroupRow.name))
        .join(GroupPlacementRow, GroupPlacementRow.group_id == GroupRow.id)
        .where(GroupPlacementRow.pupil_id == PupilRow.id, placed_on(gate.today))
        .correlate(PupilRow)
        .scalar_subquery()
    )
    contact = (
        select(CategoryVersionRow.level)
        .join(CategoryRow, CategoryRow.current_version_id == CategoryVersionRow.id)
        .where(CategoryRow.board_id == PupilRow.board_id, CategoryRow.code == CONTACT)
        .correlate(PupilRow)
        .scalar_subquery()
    )
    return (
        select(PupilRow, DossierRow, SchoolRow, BoardRow, since, until, lasting, group, contact)
        .join(DossierRow, DossierRow.pupil_id == PupilRow.id)
        .join(SchoolRow, SchoolRow.id == PupilRow.school_id)
        .join(BoardRow, BoardRow.id == PupilRow.board_id)
    )


def _carers(session: Session, pupil_id: UUID) -> tuple[CarerView, ...]:
    rows = session.execute(
        select(CarerRow.name, PupilCarerRow.relation, PupilCarerRow.authority)
        .join(PupilCarerRow, PupilCarerRow.carer_id == CarerRow.id)
        .where(PupilCarerRow.pupil_id == pupil_id)
        .order_by(PupilCarerRow.position)
    )
    return tuple(CarerView(name, relation, authority) for name, relation, authority in rows)


def _sections(gate: Gate, dossier: DossierRow, place: Target) -> tuple[Section, ...]:
    rows = gate.session.execute(
        select(PlacementRow, DocumentRow, DocumentVersionRow.pages, CategoryVersionRow.name)
        .join(DocumentRow, DocumentRow.id == PlacementRow.document_id)
        .join(
            DocumentVersionRow,
            and_(
                DocumentVersionRow.document_id == DocumentRow.id,
                DocumentVersionRow.number == DocumentRow.current_version,
            ),
        )
        .outerjoin(
            CategoryRow,
            and_(CategoryRow.board_id == PlacementRow.board_id, CategoryRow.code == PlacementRow.category),
        )
        .outerjoin(CategoryVersionRow, CategoryVersionRow.id == CategoryRow.current_version_id)
        .where(PlacementRow.dossier_id == dossier.id, gate.visible())
        .order_by(PlacementRow.category, DocumentRow.document_date.desc(), DocumentRow.created_at.desc())
    )
    found: dict[str, list[DocumentLine]] = {}
    for placement, document, pages, name in rows:
        found.setdefault(placement.category, []).append(
            DocumentLine(
                document_id=document.id,
                title=document.title,
                document_date=document.document_date,
                category_code=placement.category,
                category_name=name or placement.category,
                level=placement.level,
                pages=pages,
                confirmed=document.confirmed_at is not None,
                source=document.source,
                created_at=document.created_at,
                actions=_actions(gate, placement, place),
            )
        )
    return tuple(Section(code, lines[0].category_name, tuple(lines)) for code, lines in found.items())


def _actions(gate: Gate, placement: PlacementRow, place: Target) -> frozenset[str]:
    """What the person may do with a placement that she sees: every shield over it names her, so none is asked."""
    target = Target(
        board_id=placement.board_id,
        school_id=placement.school_id,
        pupil_id=placement.pupil_id,
        dossier_id=placement.dossier_id,
        category=placement.category,
        level=Level(placement.level),
        group_ids=place.group_ids,
        confirmed=placement.confirmed,
    )
    return frozenset(x.value for x in ACTS if gate.scope(x).admits(target))
