"""What every act on a filed document shares: locking it, moving a placement, confirming, the line in the log.

Works within the caller's transaction; asks the gate for the places that something leaves and comes to.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from dms.db.tables import BinEntryRow, DocumentRow, DossierRow, PlacementRow, PupilRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.kernel.text import N_
from dms.model.catalogue import Category
from dms.model.documents import PlacementState
from dms.model.events import By, Event, EventKind
from dms.model.portal import BreachCause
from dms.services.catalogue import categories
from dms.services.misfiling import noticed
from retention.terms.follow import follow_documents
from rights.rules.actions import Action
from rights.service.gate import Gate
from rights.service.places import reachable_pupils

BIN_TERM = timedelta(days=30)
"""How long what was removed can be put back."""


def locked(session: Session, ids: Iterable[UUID]) -> dict[UUID, DocumentRow]:
    """The documents as they are now, held until the end of the transaction; always taken in the same order."""
    rows = session.scalars(
        select(DocumentRow)
        .where(DocumentRow.id.in_(list(ids)))
        .order_by(DocumentRow.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {x.id: x for x in rows}


def hold(session: Session, document: DocumentRow, row_version: int | None) -> DocumentRow:
    """Lock one document. Raises Conflict when it is not (any more) at `row_version`; None asks nothing."""
    session.refresh(document, with_for_update=True)
    if row_version is not None and document.row_version != row_version:
        raise changed_meanwhile()
    return document


def changed_meanwhile() -> Conflict:
    """A colleague was first."""
    return Conflict(
        N_("Een collega heeft dit document intussen gewijzigd."),
        N_("Bekijk de wijziging en doe de uwe daarna opnieuw."),
        code="changed_meanwhile",
    )


def refile(
    uow: UnitOfWork,
    by: By,
    gate: Gate,
    placement: PlacementRow,
    category: str | None = None,
    pupil_id: UUID | None = None,
) -> Category:
    """Give a placement another category or dossier; returns the category that it has now.

    Raises Refused without `classify` here or `add` there, NotFound for a pupil out of reach, BadInput for an unknown
    category, Conflict when the document lies in that dossier already.
    """
    if not gate.scope(Action.CLASSIFY).admits(gate.target(placement)):
        raise Refused
    dossier = uow.session.get_one(DossierRow, placement.dossier_id)
    if pupil_id is not None and pupil_id != placement.pupil_id:
        dossier = dossier_of(gate, pupil_id, placement.school_id)
    wanted = place_in(gate, dossier, category or placement.category)
    other = placement_in(uow.session, placement.document_id, dossier.id)
    if other is not None and other.id != placement.id:
        raise already_there()
    was = placement.pupil_id
    if was != dossier.pupil_id:
        noticed(uow, by, placement, was, dossier.pupil_id, BreachCause.MOVED)
    placement.dossier_id, placement.pupil_id = dossier.id, dossier.pupil_id
    placement.category, placement.category_version_id = wanted.code, wanted.version_id
    placement.level = int(wanted.level)
    placement.changed_at = uow.now
    return wanted


def place_in(gate: Gate, dossier: DossierRow, category: str) -> Category:
    """The category, if the person may add such a document to this dossier. Raises BadInput, Refused."""
    wanted = categories(gate.session, dossier.board_id).get(category)
    if wanted is None:
        raise BadInput(N_("Deze categorie bestaat niet."), N_("Kies een categorie uit de lijst."), code="no_category")
    if not gate.scope(Action.ADD).admits(gate.place_for(dossier, wanted.code, wanted.level)):
        raise Refused
    return wanted


def dossier_of(gate: Gate, pupil_id: UUID, school_id: UUID) -> DossierRow:
    """The dossier of a pupil of this school within the person's reach. Raises NotFound."""
    found = gate.session.scalar(
        select(DossierRow)
        .join(PupilRow, PupilRow.id == DossierRow.pupil_id)
        .where(PupilRow.id == pupil_id, PupilRow.school_id == school_id, reachable_pupils(gate))
    )
    if found is None:
        raise NotFound
    return found


def placement_in(session: Session, document_id: UUID, dossier_id: UUID) -> PlacementRow | None:
    """The placement of a document in a dossier, whatever its state."""
    return session.scalar(
        select(PlacementRow).where(PlacementRow.document_id == document_id, PlacementRow.dossier_id == dossier_id)
    )


def already_there() -> Conflict:
    """A document lies once in a dossier."""
    return Conflict(N_("Dit document zit al in dat dossier."), N_("Kies een andere leerling."), code="already_there")


def confirmed(uow: UnitOfWork, by: By, document: DocumentRow) -> None:
    """A person has seen that it lies where it belongs."""
    document.confirmed_by, document.confirmed_at = by.user_id, uow.now
    uow.session.execute(update(PlacementRow).where(PlacementRow.document_id == document.id).values(confirmed=True))


def to_bin(uow: UnitOfWork, by: By, placement: PlacementRow) -> None:
    """Put a placement in the bin, from where it can come back for `BIN_TERM`."""
    noticed(uow, by, placement, placement.pupil_id, None, BreachCause.REMOVED)
    placement.state, placement.changed_at = PlacementState.BIN, uow.now
    uow.session.execute(delete(BinEntryRow).where(BinEntryRow.placement_id == placement.id))
    uow.session.add(
        BinEntryRow(
            placement_id=placement.id,
            school_id=placement.school_id,
            removed_by=by.user_id,
            removed_at=uow.now,
            restore_until=uow.now + BIN_TERM,
        )
    )


def from_bin(uow: UnitOfWork, placement: PlacementRow) -> None:
    """Let a placement live again."""
    placement.state, placement.changed_at = PlacementState.ACTIVE, uow.now
    uow.session.execute(delete(BinEntryRow).where(BinEntryRow.placement_id == placement.id))


def changed(uow: UnitOfWork, document: DocumentRow) -> None:
    """The document is another than it was: its version rises, its terms are counted again, and the index follows."""
    document.row_version += 1
    document.changed_at = uow.now
    uow.flush()
    follow_documents(uow, [document.id])
    uow.reindex(document.id)


def log_act(
    uow: UnitOfWork,
    by: By,
    kind: EventKind,
    document_id: UUID,
    placements: Iterable[PlacementRow],
    details: Mapping[str, str | int | bool | None] | None = None,
) -> None:
    """A line in the log for each placement that the act is about."""
    for placement in placements:
        uow.record(
            Event(
                kind,
                by,
                placement.board_id,
                placement.school_id,
                placement.pupil_id,
                object_kind="document",
                object_id=document_id,
                details={"placement": str(placement.id), **(details or {})},
            )
        )
