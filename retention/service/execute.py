"""Carries out destructions: approved lists, the bin, and pupils' own data; resumable after a stop at any moment.

Any number of processes on any number of machines may call `carry_out` for the same run: each takes items that nobody
else works on. An item that fails is tried again and then left, and blocks no other. When all items have come to an
outcome the run is verified and certified (`steps_verify`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import structlog
from sqlalchemy import select

from dms.db.leases import new_owner
from dms.db.tables import (
    DestructionLineRow,
    DestructionRunRow,
    DisposalItemRow,
    DisposalListRow,
    PlacementRow,
)
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.crashpoints import DestructionPoint, reached
from dms.kernel.errors import BadInput, DmsError, NotFound
from dms.kernel.text import N_
from dms.log import place_of
from dms.model.destruction import RunKind, RunState, Thing
from dms.model.disposal import DisposalStep, ListState
from dms.model.documents import PlacementState
from dms.model.events import SYSTEM, By, Event, EventKind
from dms.services.indexing import Indexing
from dms.services.tools import Tools
from retention.rules.disposal import Move, Stays, move
from retention.service.lists import DISPOSE
from retention.service.lists_access import facts_of, fault, held_list, list_for, need_all
from retention.service.pupil_data import add_pupils
from retention.service.steps import Step, Steps
from retention.service.steps_verify import Ended, Verification
from retention.service.steps_work import (
    GONE,
    MOST_ATTEMPTS,
    UNFINISHED,
    Work,
    claim,
    give_back,
    in_state,
    let_go,
    settle,
    states,
    tried,
)
from storage.ledger import Ledger

BATCH = 50
"""Items that go through the steps together: one transaction per step."""
SOON_SECONDS = 0.5

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a destruction is, in documents of dossiers; `pupils` are those whose own data went with them.

    `waiting`: others work on it, or the index has to follow first.
    """

    state: RunState
    total: int = 0
    destroyed: int = 0
    kept: int = 0
    failed: int = 0
    left: int = 0
    pupils: int = 0
    fault: str = ""
    waiting: bool = False

    @property
    def over(self) -> bool:
        """Whether nothing happens any more by itself."""
        return self.state in (RunState.COMPLETED, RunState.PARTLY_FAILED)


class Execution:
    """Carries out what was decided. `data` is the folder of the service's data, for the absence check."""

    def __init__(self, tools: Tools, indexing: Indexing, ledger: Ledger, data: Path) -> None:
        self._tools = tools
        self._ledger = ledger
        self._verification = Verification(tools, indexing, ledger, data)

    def run_of(self, object_id: UUID) -> UUID | None:
        """The run of a list that was started (made when there is none yet), or the run with this id; else None."""
        with self._tools.database.begin() as uow:
            if uow.session.get(DestructionRunRow, object_id) is not None:
                return object_id
            of_list = uow.session.get(DisposalListRow, object_id, with_for_update=True)
            if of_list is None:
                return None
            asked = select(DestructionRunRow).where(DestructionRunRow.list_id == of_list.id)
            run = uow.session.scalars(asked).first()
            if run is None:
                if of_list.state is not ListState.EXECUTING:
                    return None
                run = DestructionRunRow(
                    kind=RunKind.LIST,
                    board_id=of_list.board_id,
                    school_id=of_list.school_id,
                    list_id=of_list.id,
                    state=RunState.EXECUTING,
                    created_at=uow.now,
                )
                uow.session.add(run)
                uow.flush()
                reached(DestructionPoint.RUN_WRITTEN)
            run_id = run.id
        reached(DestructionPoint.RUN_BEGUN)
        return run_id

    def carry_out(self, run_id: UUID, owner: str | None = None, alive: Callable[[], None] = lambda: None) -> Progress:
        """Do all of a run that can be done now. Raises OutsideDown and SetupWrong when stores, keys, ledger or
        database cannot be used; then, or when the answer is `waiting`, call it again later. `alive` is called now and
        then, and may raise to break it off.
        """
        worker = owner or new_owner("dispose")
        steps = Steps(self._tools, self._ledger, worker)
        while (run := self._run(run_id)).state is RunState.EXECUTING:
            alive()
            self._ledger.head()  # before anything goes: a ledger that is damaged or out of reach stops all
            if works := claim(self._tools.database, run, worker, BATCH):
                try:
                    self._through(run, works, steps, worker)
                finally:
                    let_go_quietly(self._tools, run, worker)
            elif self._ready_to_verify(run):
                continue
            else:
                return self.progress_of(run_id, waiting=True)
        if run.state is RunState.VERIFYING:
            alive()
            waits = self._verification.go_on(run_id, worker, alive) is Ended.WAITING
            return self.progress_of(run_id, waiting=waits)
        if run.state is RunState.COMPLETED:
            self._verification.forget_probes(run_id)
        return self.progress_of(run_id)

    def progress_of(self, run_id: UUID, *, waiting: bool = False) -> Progress:
        """How far a run is."""
        with self._tools.database.read() as session:
            run = session.get_one(DestructionRunRow, run_id)
            found = states(session, run, Thing.PLACEMENT)
            people = states(session, run, Thing.PUPIL)
        return Progress(
            run.state,
            total=sum(found.values()),
            destroyed=sum(found.get(x, 0) for x in GONE),
            kept=found.get(DisposalStep.KEPT, 0),
            failed=found.get(DisposalStep.FAILED, 0) + people.get(DisposalStep.FAILED, 0),
            left=sum(found.get(x, 0) + people.get(x, 0) for x in UNFINISHED),
            pupils=sum(people.get(x, 0) for x in GONE),
            fault=run.fault,
            waiting=waiting,
        )

    def progress(self, by: By, list_id: UUID) -> Progress | None:
        """How far the execution of a list is, None before it began. Raises NotFound."""
        with self._tools.database.read() as session:
            list_for(session, by, list_id, self._tools.clock.today())
            run_id = session.scalar(select(DestructionRunRow.id).where(DestructionRunRow.list_id == list_id))
        return None if run_id is None else self.progress_of(run_id)

    def state_of(self, by: By, list_id: UUID, confirm_name: str) -> ListState:
        """Where a list is, for who may begin its execution. Raises NotFound, Refused; BadInput for another name than
        that of a list which is being carried out.
        """
        with self._tools.database.read() as session:
            row, gate = list_for(session, by, list_id, self._tools.clock.today())
            if row.state in (ListState.EXECUTING, ListState.VERIFYING):
                _need_name(row, confirm_name)
                asked = select(DisposalItemRow).where(
                    DisposalItemRow.list_id == row.id, DisposalItemRow.state.in_(UNFINISHED)
                )
                need_all(gate, None, session.scalars(asked))
            return row.state

    def retry(self, by: By, list_id: UUID, confirm_name: str) -> None:
        """Do once more what failed of a list, and only that; the list's name is typed again.

        Raises NotFound, Refused, BadInput for another name, Conflict for a list that did not fail partly.
        """
        with self._tools.database.begin() as uow:
            row, gate = held_list(uow.session, by, list_id, uow.today, None)
            decided = move(facts_of(row, []), Move.RETRY, by.user_id, uow.now)
            if isinstance(decided, Stays):
                raise fault(decided.reason)
            _need_name(row, confirm_name)
            run = uow.session.scalars(select(DestructionRunRow).where(DestructionRunRow.list_id == row.id)).one()
            failed = in_state(uow.session, run, (DisposalStep.FAILED,))
            asked = select(DisposalItemRow).where(DisposalItemRow.id.in_([x.id for x in failed if x.in_list]))
            need_all(gate, None, uow.session.scalars(asked))
            _reopen(uow, run, failed)
            row.state, row.finished_at = decided.state, None
            row.row_version += 1
            uow.record(
                Event(
                    EventKind.DESTRUCTION_RETRIED,
                    by,
                    run.board_id,
                    run.school_id,
                    object_kind="disposal_list",
                    object_id=row.id,
                    details={"items": len(failed), "round": run.round},
                )
            )
            uow.after_commit(DISPOSE, row.id)

    def retry_unlisted(self) -> int:
        """Do once more what failed of runs without a list; returns how many runs. Nobody else would ask for it."""
        with self._tools.database.begin() as uow:
            asked = select(DestructionRunRow).where(
                DestructionRunRow.state == RunState.PARTLY_FAILED, DestructionRunRow.list_id.is_(None)
            )
            runs = uow.session.scalars(asked.with_for_update(skip_locked=True)).all()
            for run in runs:
                failed = in_state(uow.session, run, (DisposalStep.FAILED,))
                _reopen(uow, run, failed)
                uow.record(
                    Event(
                        EventKind.DESTRUCTION_RETRIED,
                        SYSTEM,
                        run.board_id,
                        run.school_id,
                        object_kind="destruction_run",
                        object_id=run.id,
                        details={"items": len(failed), "round": run.round},
                    )
                )
                uow.after_commit(DISPOSE, run.id)
            return len(runs)

    def _run(self, run_id: UUID) -> DestructionRunRow:
        with self._tools.database.read() as session:
            run = session.get(DestructionRunRow, run_id)
        if run is None:
            raise NotFound
        return run

    def _through(self, run: DestructionRunRow, works: Sequence[Work], steps: Steps, owner: str) -> None:
        """Take claimed items as far as they come."""
        current = list(works)
        for before, step in steps.all:
            here = [x for x in current if x.state is before]
            if not here:
                continue
            done = {x.id: x for x in self._step(run, step, here)}
            current = [done.get(x.id, x) for x in current]
        waiting = [x for x in current if x.state is DisposalStep.HIDDEN]
        if waiting:
            give_back(self._tools.database, waiting, owner, SOON_SECONDS)

    def _step(self, run: DestructionRunRow, step: Step, works: Sequence[Work]) -> list[Work]:
        """One step of several items; where that fails, of each by itself, so that one does not hold up the others."""
        try:
            return step(run, works)
        except Exception as trouble:
            self._tools.vault.probe()  # raises where it is not about one item
            if len(works) > 1:
                return [y for x in works for y in self._step(run, step, [x])]
            self._went_wrong(run, works[0], trouble)
            return []

    def _went_wrong(self, run: DestructionRunRow, work: Work, trouble: Exception) -> None:
        code = trouble.code if isinstance(trouble, DmsError) else type(trouble).__name__
        log.warning("destruction_failed", item_id=str(work.id), step=work.state.value, code=code, at=place_of(trouble))
        with self._tools.database.begin() as uow:
            if tried(uow, work) < MOST_ATTEMPTS:
                return
            settle(uow, work, DisposalStep.FAILED, code)
            uow.record(
                Event(
                    EventKind.DESTRUCTION_FAILED,
                    SYSTEM,
                    work.board_id,
                    work.school_id,
                    object_kind="destruction_item",
                    object_id=work.id,
                    details={"run": str(run.id), "step": work.state.value, "reason": code[:60]},
                )
            )

    def _ready_to_verify(self, run: DestructionRunRow) -> bool:
        """Whether there is more to do now: pupils whose own data go too, or the verification. False: others work."""
        with self._tools.database.begin() as uow:
            row = uow.session.get_one(DestructionRunRow, run.id, with_for_update=True)
            found = states(uow.session, row)
            if row.state is not RunState.EXECUTING:
                return True
            if any(found.get(x) for x in UNFINISHED):
                return False
            if add_pupils(uow, row):
                return True
            row.state = RunState.VERIFYING
            if row.list_id is not None:
                of_list = uow.session.get_one(DisposalListRow, row.list_id, with_for_update=True)
                of_list.state = ListState.VERIFYING
                of_list.row_version += 1
            uow.flush()
            reached(DestructionPoint.VERIFY_WRITTEN)
        reached(DestructionPoint.VERIFYING)
        return True


def let_go_quietly(tools: Tools, run: DestructionRunRow, owner: str) -> None:
    """End what is left of this owner's leases; a database that is away lets them run out."""
    try:
        let_go(tools.database, run, owner)
    except DmsError as trouble:
        log.warning("leases_not_ended", code=trouble.code)


def _need_name(row: DisposalListRow, typed: str) -> None:
    if " ".join(typed.split()) != row.name:
        raise BadInput(
            N_("Dit is niet de naam van de lijst."),
            N_("Typ de naam precies zoals hij boven de lijst staat."),
            code="wrong_name",
        )


def _reopen(uow: UnitOfWork, run: DestructionRunRow, failed: Sequence[Work]) -> None:
    """Let a run go on with what failed of it. What was certified has had its round."""
    for work in failed:
        settle(uow, work, _resumed(uow, work), "")
    if _certified(uow, run):
        run.round += 1
    run.state, run.index_asked, run.fault, run.finished_at = RunState.EXECUTING, False, "", None


def _resumed(uow: UnitOfWork, work: Work) -> DisposalStep:
    """Where an item that failed goes on: after its line was written there is only forward."""
    if uow.session.get(DestructionLineRow, work.id) is not None:
        return DisposalStep.UNINDEXED
    if work.thing is Thing.PLACEMENT:
        asked = select(PlacementRow.state).where(PlacementRow.id == work.placement_id)
        if uow.session.scalar(asked) is PlacementState.DISPOSING:
            return DisposalStep.HIDDEN
    return DisposalStep.READY


def _certified(uow: UnitOfWork, run: DestructionRunRow) -> bool:
    asked = select(DestructionLineRow.id).where(
        DestructionLineRow.run_id == run.id,
        DestructionLineRow.round == run.round,
        DestructionLineRow.certificate_id.is_not(None),
    )
    return uow.session.scalars(asked.limit(1)).first() is not None
