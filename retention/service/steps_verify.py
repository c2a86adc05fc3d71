"""The end of a destruction: the index written anew, the database purged, absence checked, and only then certified.

One process does this at a time (a lease on the run); stopped anywhere, the next one goes on or does it once more. A
round that destroyed nothing has nothing to verify and no certificate.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from functools import reduce
from operator import or_ as union
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update

from dms.db import purge
from dms.db.tables import (
    DestructionLineRow,
    DestructionProbeRow,
    DestructionRunRow,
    DisposalItemRow,
    DisposalListRow,
    OutboxRow,
)
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.crashpoints import DestructionPoint, reached
from dms.model.destruction import RunState
from dms.model.disposal import DisposalStep, ListState
from dms.model.events import SYSTEM, Event, EventKind
from dms.services.destroying import documents, pupils
from dms.services.indexing import COMPACT, Indexing
from dms.services.tools import Tools
from retention.service import steps_probes
from retention.service.absence import Absence, AbsenceReport
from retention.service.certificate import certify
from retention.service.steps_probes import Probes
from retention.service.steps_work import advance, in_state, states
from storage.ledger import Ledger, LedgerDamaged

LEASE = timedelta(minutes=10)
TABLES = tuple(
    dict.fromkeys(
        (
            *documents.TABLES,
            *pupils.TABLES,
            "destruction_probes",
            "destruction_items",
            "disposal_items",
            "tombstones",
        )
    )
)
"""Tables of which old rows are purged."""


class Ended(Enum):
    """How far the verification came: it waits for the index or another process, or the run is over."""

    WAITING = "waiting"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Verification:
    """The verification of runs. `data` is the folder of the service's data."""

    tools: Tools
    indexing: Indexing
    ledger: Ledger
    data: Path

    def go_on(self, run_id: UUID, owner: str, alive: Callable[[], None]) -> Ended:
        """Verify a run of which all items have come to an outcome. Raises what stores raise; call it again then."""
        run = self._taken(run_id, owner)
        if run is None:
            return Ended.WAITING
        try:
            return self._verified(run, owner, alive)
        finally:
            self._give_back(run_id, owner)

    def _verified(self, run: DestructionRunRow, owner: str, alive: Callable[[], None]) -> Ended:
        with self.tools.database.read() as session:
            asked = select(DestructionLineRow).where(
                DestructionLineRow.run_id == run.id,
                DestructionLineRow.certificate_id.is_(None),
                DestructionLineRow.destroyed_at.is_not(None),
            )
            lines = list(session.scalars(asked.order_by(DestructionLineRow.id)))
        if not lines:
            return self._end(run, owner, None)
        if not run.index_asked:
            with self.tools.database.begin() as uow:
                row = uow.session.get_one(DestructionRunRow, run.id, with_for_update=True)
                row.index_asked = True
                uow.after_commit(COMPACT, run.id)
            reached(DestructionPoint.INDEX_ASKED)
        if self._index_waits(run.id):
            return Ended.WAITING
        reached(DestructionPoint.INDEX_CLEAN)
        alive()
        purged = purge.purge(self.tools.database, TABLES)
        self.tools.vault.keys.compact()
        reached(DestructionPoint.PURGED)
        alive()
        report = self._check(run, lines, alive)
        reached(DestructionPoint.CHECKED)
        told = {**report.as_data(), "purge": {"done": list(purged.done), "not_allowed": list(purged.skipped)}}
        if report.remains or not self._ledger_holds(lines):
            return self._failed(run, owner, report, told)
        return self._end(run, owner, told)

    def _check(
        self, run: DestructionRunRow, lines: list[DestructionLineRow], alive: Callable[[], None]
    ) -> AbsenceReport:
        found = steps_probes.opened(self.tools, run.id)
        # A document that lives on in another dossier still says what it said.
        probes = reduce(union, (found[x.id] for x in lines if x.whole and x.id in found), Probes())
        return Absence(self.tools, self.indexing, self.data).check(lines, probes, alive)

    def _ledger_holds(self, lines: list[DestructionLineRow]) -> bool:
        """Whether the ledger has a line for each of what is to be certified."""
        wanted = {x.ledger_number for x in lines}
        _, faults = self.ledger.verify()
        if faults:
            raise LedgerDamaged(faults[0].line)
        return None not in wanted and wanted <= {x.number for x in self.ledger.read()}

    def _end(self, run: DestructionRunRow, owner: str, told: Mapping[str, Any] | None) -> Ended:
        """The round is over; `told` is the report of its verification, None where there was nothing to verify."""
        with self.tools.database.begin() as uow:
            row = uow.session.get_one(DestructionRunRow, run.id, with_for_update=True)
            if row.lease_owner != owner or row.state is not RunState.VERIFYING:
                return Ended.WAITING
            certified = in_state(uow.session, row, (DisposalStep.SHRUNK,))
            if told is not None:
                lines = uow.session.scalars(
                    select(DestructionLineRow)
                    .where(
                        DestructionLineRow.run_id == row.id,
                        DestructionLineRow.certificate_id.is_(None),
                        DestructionLineRow.destroyed_at.is_not(None),
                    )
                    .order_by(DestructionLineRow.id)
                ).all()
                uow.record(_event(EventKind.DESTRUCTION_VERIFIED, row, lines=len(lines)))
                certify(self.tools, uow, self.ledger, row, lines, told)
                row.report, row.checked_at = dict(told), uow.now
            advance(uow, certified, DisposalStep.CERTIFIED)
            self._forget(uow, [x.id for x in certified])
            failed = states(uow.session, row).get(DisposalStep.FAILED, 0)
            finish(uow, row, RunState.PARTLY_FAILED if failed else RunState.COMPLETED, "items_failed" if failed else "")
            uow.flush()
            reached(DestructionPoint.CERTIFICATE_WRITTEN)
        reached(DestructionPoint.CERTIFIED)
        if not failed:
            self.forget_probes(run.id)
        return Ended.OVER

    def forget_probes(self, run_id: UUID) -> None:
        """Destroy the key of a run's probes: for a run that is over. Harmless when repeated."""
        if not self.tools.vault.keys.missing([run_id]):
            self.tools.vault.destroy_key(run_id)
        reached(DestructionPoint.PROBES_GONE)

    def _failed(self, run: DestructionRunRow, owner: str, report: AbsenceReport, told: Mapping[str, Any]) -> Ended:
        """Something is left: no certificate. A person looks, and lets it be done again."""
        with self.tools.database.begin() as uow:
            row = uow.session.get_one(DestructionRunRow, run.id, with_for_update=True)
            if row.lease_owner != owner or row.state is not RunState.VERIFYING:
                return Ended.WAITING
            row.report = {**told, "remains": sorted(report.remains)}
            fault = "remains" if report.remains else "ledger"
            uow.record(_event(EventKind.DESTRUCTION_FAILED, row, reason=fault, places=len(report.remains)))
            finish(uow, row, RunState.PARTLY_FAILED, fault)
        return Ended.OVER

    def _forget(self, uow: UnitOfWork, items: list[UUID]) -> None:
        """What was only needed until the certificate: probes, and reasons that people typed about the items."""
        uow.session.execute(
            delete(DestructionProbeRow)
            .where(DestructionProbeRow.item_id.in_(items))
            .execution_options(synchronize_session=False)
        )
        uow.session.execute(
            update(DisposalItemRow)
            .where(DisposalItemRow.id.in_(items))
            .values(answer_reason="", content_hash="")
            .execution_options(synchronize_session=False)
        )

    def _index_waits(self, run_id: UUID) -> bool:
        with self.tools.database.read() as session:
            asked = (
                select(func.count())
                .select_from(OutboxRow)
                .where(OutboxRow.kind == COMPACT, OutboxRow.object_id == run_id, OutboxRow.done_at.is_(None))
            )
            return bool(session.scalar(asked))

    def _taken(self, run_id: UUID, owner: str) -> DestructionRunRow | None:
        with self.tools.database.begin() as uow:
            now = uow.now
            taken = uow.session.execute(
                update(DestructionRunRow)
                .where(
                    DestructionRunRow.id == run_id,
                    DestructionRunRow.state == RunState.VERIFYING,
                    or_(
                        DestructionRunRow.lease_until.is_(None),
                        DestructionRunRow.lease_until < now,
                        DestructionRunRow.lease_owner == owner,
                    ),
                )
                .values(lease_owner=owner, lease_until=now + LEASE)
                .execution_options(synchronize_session=False)
            )
            if not taken.rowcount:  # type: ignore[attr-defined]
                return None
            return uow.session.get_one(DestructionRunRow, run_id)

    def _give_back(self, run_id: UUID, owner: str) -> None:
        with self.tools.database.begin() as uow:
            uow.session.execute(
                update(DestructionRunRow)
                .where(DestructionRunRow.id == run_id, DestructionRunRow.lease_owner == owner)
                .values(lease_owner=None, lease_until=None)
                .execution_options(synchronize_session=False)
            )


def finish(uow: UnitOfWork, run: DestructionRunRow, state: RunState, fault: str) -> None:
    """Let a run be over, and its list."""
    run.state, run.fault, run.finished_at = state, fault, uow.now
    if run.list_id is not None:
        of_list = uow.session.get_one(DisposalListRow, run.list_id, with_for_update=True)
        of_list.state = ListState.COMPLETED if state is RunState.COMPLETED else ListState.PARTLY_FAILED
        of_list.finished_at = uow.now
        of_list.row_version += 1


def _event(kind: EventKind, run: DestructionRunRow, **details: str | int | bool | None) -> Event:
    return Event(
        kind,
        SYSTEM,
        run.board_id,
        run.school_id,
        object_kind="destruction_run",
        object_id=run.id,
        details={"list": str(run.list_id) if run.list_id else None, "round": run.round, **details},
    )
