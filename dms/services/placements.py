"""Where documents lie: one more dossier, another category, the bin; one document or many at once.

Of many at once either all are done or none: one that the person may not see or act on refuses the whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from dms.db.tables import DocumentRow, DossierRow, PlacementRow, PupilRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, NotFound, Refused
from dms.kernel.ids import new_id
from dms.kernel.text import N_
from dms.model.documents import PlacementState, UndoKind
from dms.model.events import By, EventKind
from dms.services.filing import (
    already_there,
    changed,
    confirmed,
    dossier_of,
    from_bin,
    hold,
    locked,
    log_act,
    place_in,
    placement_in,
    refile,
    to_bin,
)
from dms.services.tools import Tools
from dms.services.undo import remember, snapshot
from rights.rules.actions import Action
from rights.service.gate import Gate
from rights.service.places import reachable_pupils

MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Removed:
    """What takes a removal back, out of whose dossier it was, and whether the person still sees the document."""

    batch_id: UUID
    pupil_id: UUID
    elsewhere: bool


class Placements:
    """Places of documents in dossiers."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def place(self, by: By, document_id: UUID, row_version: int, pupil_id: UUID, category: str | None = None) -> UUID:
        """Put the document in the dossier of one more pupil; returns the batch that takes it back.

        Needs `classify` here and `add` there. Raises NotFound, Refused, Conflict when it lies there already or was
        changed since `row_version`.
        """
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            document, placements = gate.require(document_id, Action.CLASSIFY)
            hold(uow.session, document, row_version)
            dossier = dossier_of(gate, pupil_id, document.school_id)
            wanted = place_in(gate, dossier, category or placements[0].category)
            before, version = snapshot(document, placements), document.row_version
            placement = placement_in(uow.session, document.id, dossier.id)
            if placement is not None and placement.state is not PlacementState.BIN:
                raise already_there()
            if placement is None:
                placement = _new_placement(uow, document, dossier)
            else:
                from_bin(uow, placement)
            placement.category, placement.category_version_id = wanted.code, wanted.version_id
            placement.level, placement.confirmed = int(wanted.level), True
            uow.session.add(placement)
            uow.flush()
            before["added"] = str(placement.id)
            changed(uow, document)
            batch = new_id()
            remember(uow, by, batch, UndoKind.PLACED, document, before, version)
            log_act(uow, by, EventKind.DOCUMENT_PLACED, document.id, [placement], {"category": wanted.code})
            return batch

    def remove(self, by: By, document_id: UUID, row_version: int, placement_id: UUID | None = None) -> Removed:
        """Put one placement in the bin (None: the first that the person may remove); the document stays where else it
        lies.

        Raises NotFound, Refused without `remove` on this placement, Conflict when it changed since `row_version`.
        """
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            document, placements = gate.require(document_id, Action.REMOVE)
            chosen = next((x for x in placements if placement_id in (None, x.id)), None)
            if chosen is None:
                raise Refused if any(x.id == placement_id for x in gate.placements(document_id)) else NotFound
            hold(uow.session, document, row_version)
            batch = new_id()
            self._remove(uow, by, batch, document, chosen)
            uow.flush()
            return Removed(batch, chosen.pupil_id, elsewhere=bool(gate.placements(document_id)))

    def recategorise(self, by: By, pupil_id: UUID, documents: Sequence[UUID], category: str) -> UUID:
        """Give documents of one dossier another category. Returns the batch that takes it back. Raises as `remove`."""
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            batch = new_id()
            for document, placement in self._chosen(uow, gate, pupil_id, documents, Action.CLASSIFY):
                before, version = snapshot(document, [placement]), document.row_version
                if placement.category == category:
                    continue
                refile(uow, by, gate, placement, category)
                confirmed(uow, by, document)
                changed(uow, document)
                remember(uow, by, batch, UndoKind.REFILED, document, before, version)
                details: dict[str, Any] = {"category": category, "from": before["placements"][0]["category"]}
                log_act(uow, by, EventKind.DOCUMENT_REPLACED, document.id, [placement], details)
            return batch

    def remove_all(self, by: By, pupil_id: UUID, documents: Sequence[UUID]) -> UUID:
        """Put documents of one dossier in the bin. Returns the batch that takes it back. Raises as `remove`."""
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            batch = new_id()
            for document, placement in self._chosen(uow, gate, pupil_id, documents, Action.REMOVE):
                self._remove(uow, by, batch, document, placement)
            return batch

    def confirm_all(self, by: By, pupil_id: UUID, documents: Sequence[UUID]) -> int:
        """A person says that these lie where they belong. Returns how many were not confirmed yet."""
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            count = 0
            for document, placement in self._chosen(uow, gate, pupil_id, documents, Action.CLASSIFY):
                if document.confirmed_at is None:
                    confirmed(uow, by, document)
                    changed(uow, document)
                    log_act(uow, by, EventKind.DOCUMENT_CONFIRMED, document.id, [placement])
                    count += 1
            return count

    def _chosen(
        self, uow: UnitOfWork, gate: Gate, pupil_id: UUID, documents: Sequence[UUID], action: Action
    ) -> list[tuple[DocumentRow, PlacementRow]]:
        placements = chosen_placements(gate, pupil_id, documents, action)
        held = locked(uow.session, [x.document_id for x in placements])
        return [(held[x.document_id], x) for x in placements]

    @staticmethod
    def _remove(uow: UnitOfWork, by: By, batch: UUID, document: DocumentRow, placement: PlacementRow) -> None:
        before, version = snapshot(document, [placement]), document.row_version
        to_bin(uow, by, placement)
        changed(uow, document)
        remember(uow, by, batch, UndoKind.REMOVED, document, before, version)
        log_act(uow, by, EventKind.DOCUMENT_REMOVED, document.id, [placement])


def chosen_placements(gate: Gate, pupil_id: UUID, documents: Sequence[UUID], action: Action) -> list[PlacementRow]:
    """The placements of these documents in the dossier of a pupil, if the person may do `action` with every one.

    The number of queries does not grow with them. Raises BadInput for none or too many, NotFound when one is not
    there or not to be seen, Refused when one is seen but not for this.
    """
    dossier_id = gate.session.scalar(
        select(DossierRow.id)
        .join(PupilRow, PupilRow.id == DossierRow.pupil_id)
        .where(DossierRow.pupil_id == pupil_id, reachable_pupils(gate))
    )
    if dossier_id is None:
        raise NotFound
    wanted = frozenset(documents)
    if not wanted:
        raise BadInput(N_("Er is niets gekozen."), N_("Kies een of meer documenten."), code="nothing_chosen")
    if len(wanted) > MOST_AT_ONCE:
        raise BadInput(
            N_("Dit zijn meer dan %(most)d documenten tegelijk."),
            N_("Doe het in delen."),
            code="too_many",
            params={"most": MOST_AT_ONCE},
        )
    found = gate.session.scalars(
        select(PlacementRow)
        .where(PlacementRow.dossier_id == dossier_id, PlacementRow.document_id.in_(wanted), gate.visible())
        .order_by(PlacementRow.document_id)
    ).all()
    if len(found) != len(wanted):
        raise NotFound
    if not all(gate.scope(action).admits(x) for x in gate.targets(found)):
        raise Refused
    return list(found)


def _new_placement(uow: UnitOfWork, document: DocumentRow, dossier: DossierRow) -> PlacementRow:
    return PlacementRow(
        document_id=document.id,
        dossier_id=dossier.id,
        board_id=dossier.board_id,
        school_id=dossier.school_id,
        pupil_id=dossier.pupil_id,
        state=PlacementState.ACTIVE,
        created_at=uow.now,
        changed_at=uow.now,
    )
