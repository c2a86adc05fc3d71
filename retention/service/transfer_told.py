"""Lists of what is handed over first hear of it by themselves when receivers confirm the packages.

A list goes on only when for every item that is to go the document was in a package of this pupil that its receiver
confirmed. What was handed over in another way is still confirmed by hand (`transfer_outcome`).
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import DisposalItemRow, DisposalListRow, TransferDocumentRow, TransferPackageRow
from dms.model.disposal import DisposalStep, ListKind, ListState
from dms.model.events import SYSTEM, By, EventKind
from dms.model.transfers import TransferState
from dms.services.tools import Tools
from retention.rules.disposal import Move, Stays, move
from retention.service.lists import record, touch
from retention.service.lists_access import facts_of, open_items

WAITING_FOR_IT = (ListState.APPROVED, ListState.WAITING, ListState.SENT)


class TransferTold:
    """Told of confirmed packages."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def confirmed(self, by: By, pupil_id: UUID) -> None:
        """A package of this pupil was confirmed by `by`: move on every list that waited for nothing else."""
        with self._tools.database.read() as session:
            lists = list(
                session.scalars(
                    select(DisposalListRow.id)
                    .join(DisposalItemRow, DisposalItemRow.list_id == DisposalListRow.id)
                    .where(
                        DisposalItemRow.pupil_id == pupil_id,
                        DisposalListRow.kind == ListKind.TRANSFER,
                        DisposalListRow.state.in_(WAITING_FOR_IT),
                    )
                    .distinct()
                )
            )
        for list_id in sorted(lists):
            self._move_on(list_id)

    def _move_on(self, list_id: UUID) -> None:
        with self._tools.database.begin() as uow:
            row = uow.session.get(DisposalListRow, list_id, with_for_update=True)
            if row is None or row.state not in WAITING_FOR_IT:
                return
            ready = [x for x in open_items(uow.session, row.id) if x.state is DisposalStep.READY]
            confirmed = confirmed_packages(uow.session, ready)
            if not ready or len(confirmed) < len(ready):
                return
            decided = move(facts_of(row, ready), Move.RECEIVE, None, uow.now)
            if isinstance(decided, Stays):
                return
            row.state, row.received_at = decided.state, uow.now
            row.receipt = f"{len(set(confirmed.values()))} overdrachten bevestigd"
            touch(row)
            record(uow, EventKind.DISPOSAL_RECEIVED, SYSTEM, row, note=row.receipt, items=len(ready))


def confirmed_packages(session: Session, items: list[DisposalItemRow]) -> dict[UUID, UUID]:
    """Per item the confirmed package of its pupil that its document was in."""
    rows = session.execute(
        select(TransferPackageRow.pupil_id, TransferDocumentRow.document_id, TransferPackageRow.id)
        .join(TransferDocumentRow, TransferDocumentRow.package_id == TransferPackageRow.id)
        .where(
            TransferPackageRow.state == TransferState.CONFIRMED,
            TransferDocumentRow.included.is_(True),
            TransferDocumentRow.document_id.in_([x.document_id for x in items]),
        )
    )
    known = {(pupil_id, document_id): package_id for pupil_id, document_id, package_id in rows}
    return {x.id: known[x.pupil_id, x.document_id] for x in items if (x.pupil_id, x.document_id) in known}
