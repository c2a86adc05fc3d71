"""What lies in the bin beyond its days goes by the same path as a list: hidden, key, ledger, bytes, rows, certificate.

There is no list and no second person: who removed it did so with the right to remove, for thirty days everybody with
that right could put it back, and the schedule's minimum and every hold win (`retention.rules.own_data`). What they keep
stays in the bin and goes when they no longer do.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import BinEntryRow, DestructionItemRow, PlacementRow
from dms.model.destruction import RunKind, Thing
from dms.model.disposal import CLOSED_STEPS, DisposalStep
from dms.model.documents import PlacementState
from dms.services.tools import Tools
from retention.rules.own_data import BinFacts, against_bin
from retention.service.pupil_data import begin
from retention.terms.places import Judge, judged

MOST_A_TURN = 1000


class BinPath:
    """The daily look into the bins."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def sweep(self) -> int:
        """Begin a run per school with what may go; returns how many. The worker carries it out."""
        with self._tools.database.read() as session:
            found = self._ripe(session)
        begun = 0
        for school_id, ids in sorted(found.items()):
            with self._tools.database.begin() as uow:
                rows = uow.session.scalars(
                    select(PlacementRow)
                    .where(PlacementRow.id.in_(ids), PlacementRow.state == PlacementState.BIN)
                    .order_by(PlacementRow.id)
                    .with_for_update()
                ).all()
                busy = _busy(uow.session, ids)
                fresh = [x for x in rows if x.id not in busy]
                if not fresh:
                    continue
                run = begin(uow, RunKind.BIN, school_id, len(fresh))
                uow.session.add_all(
                    DestructionItemRow(
                        run_id=run.id,
                        thing=Thing.PLACEMENT,
                        board_id=x.board_id,
                        school_id=x.school_id,
                        placement_id=x.id,
                        document_id=x.document_id,
                        pupil_id=x.pupil_id,
                        category=x.category,
                        state=DisposalStep.READY,
                    )
                    for x in fresh
                )
                begun += len(fresh)
        return begun

    def _ripe(self, session: Session) -> dict[UUID, list[UUID]]:
        """Placements whose days in the bin are over and that nothing keeps, by school."""
        now, today = self._tools.clock.now(), self._tools.clock.today()
        found: dict[UUID, list[UUID]] = {}
        after = UUID(int=0)
        count = 0
        while count < MOST_A_TURN:
            rows = session.execute(
                select(BinEntryRow.placement_id, BinEntryRow.restore_until)
                .join(PlacementRow, PlacementRow.id == BinEntryRow.placement_id)
                .where(
                    BinEntryRow.restore_until < now,
                    PlacementRow.state == PlacementState.BIN,
                    BinEntryRow.placement_id > after,
                )
                .order_by(BinEntryRow.placement_id)
                .limit(MOST_A_TURN)
            ).all()
            if not rows:
                break
            after = rows[-1].placement_id
            until = {x.placement_id: x.restore_until for x in rows}
            judge = Judge(session)
            for placement_id, (place, verdict) in judged(session, until, today).items():
                rule = judge.schedule(place.board_id).rule_for(place.category)
                facts = BinFacts(in_bin=True, restore_until=until[placement_id], due=verdict, rule=rule)
                if against_bin(facts, now) is None and count < MOST_A_TURN:
                    found.setdefault(place.school_id, []).append(placement_id)
                    count += 1
        return found


def _busy(session: Session, placements: list[UUID]) -> set[UUID]:
    """Placements that a run has already, and that it has not let go of."""
    asked = select(DestructionItemRow.placement_id).where(
        DestructionItemRow.placement_id.in_(placements), DestructionItemRow.state.not_in(CLOSED_STEPS)
    )
    return set(session.scalars(asked))
