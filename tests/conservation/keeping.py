"""The law of conservation, as a machine of states.

Whatever happens, every document that was ever taken in is exactly one of: present and readable, destroyed with proof,
handed over with a receipt and then destroyed. Real houses on disk, real papers, real backups; processes that are killed
are killed. Where a disaster takes a house away and its last backup is put back, papers of after that backup are gone
with it, and nothing of them may be half there.
"""

import shutil
import signal
import tempfile
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from dms.app import App
from dms.db.tables import (
    DisposalItemRow,
    DisposalListRow,
    HoldRow,
)
from dms.kernel.crashpoints import BackupPoint, DestructionPoint, RestorePoint
from dms.kernel.errors import BadInput, Conflict
from dms.model.disposal import Answer, DisposalStep, ListKind, ListState
from dms.model.documents import PlacementState
from dms.model.retention import HoldOn
from retention.service.holds_place import HoldTarget
from retention.service.lists_compose import Selection
from retention.service.review import Judgement
from storage.ledger import Destroyed
from tests.backup.backup_world import Elsewhere, child
from tests.conservation.kept_house import Kept, Paper, finished, kill_at
from tests.disposal.disposal_world import MovedClock
from tests.houses import BRIN, OPERATOR, House
from tests.retention.retention_world import enrol

LEFT = date(2022, 8, 1)
WEEK = timedelta(days=8)
PUPILS = 5
REVIEW = (ListState.IN_REVIEW,)
READY = (ListState.WAITING, ListState.RECEIVED)
DAYS = 400
"""Days that backups are kept here: the machine lets weeks pass."""


class Keeping(Kept, RuleBasedStateMachine):
    """One house through its life."""

    template: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.base = Path(tempfile.mkdtemp(prefix="keeping-"))
        self.clock = MovedClock()
        self.papers: dict[UUID, Paper] = {}
        self.allowed: set[UUID] = set()
        self.backup: tuple[Path, set[UUID]] | None = None
        self.made = 0

    @initialize()
    def settle_in(self) -> None:
        """A house with the demo schools."""
        first = self.base / "house-0"
        shutil.copytree(self.template, first)
        self.ledger, self.root = first / "ledger", first / "keys" / "root.key"
        self.more = {"DMS_LEDGER": str(self.ledger), "DMS_ROOT_KEY": f"file:{self.root}"}
        self.house = House(self._open(first), first)
        self.numbers = [x.number for x in self.house.schools()[0].current_pupils[3 : 3 + PUPILS]]

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.house.app.close()
        shutil.rmtree(self.base, ignore_errors=True)

    @rule(which=st.integers(0, PUPILS - 1), stays=st.booleans())
    def take_in(self, which: int, stays: bool) -> None:
        """A paper comes in and files itself; its pupil left long ago, or is still there."""
        self._receive(which)
        self._finish()
        enrol(self.house, self.house.pupil_id(self.numbers[which]), None if stays else LEFT)
        self._count("intake")

    @rule(which=st.integers(0, PUPILS - 1), point=st.sampled_from(["step.saved", "text.put", "filing.item"]))
    def take_in_and_die(self, which: int, point: str) -> None:
        """A paper is acknowledged; the worker is killed with it in hand."""
        self._receive(which)
        self._killed(point, lambda app: finished(app))
        self.clock.ahead += timedelta(hours=1)
        self._finish()
        enrol(self.house, self.house.pupil_id(self.numbers[which]), LEFT)
        self._count("intake_killed")

    @precondition(lambda self: self.papers)
    @rule(data=st.data(), pupil=st.booleans())
    def hold(self, data: st.DataObject, pupil: bool) -> None:
        """A document or a whole pupil is frozen."""
        chosen = data.draw(st.sampled_from(sorted(self._here())))
        on, what = (HoldOn.PUPIL, self.numbers[self.papers[chosen].number]) if pupil else (HoldOn.DOCUMENT, str(chosen))
        if not self._state(chosen) & {PlacementState.ACTIVE}:
            return
        self.house.app.retention.holds.add(self.house.by("femke"), HoldTarget(on, what, BRIN), "Er loopt een klacht.")
        self._count("hold")

    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        """A hold ends."""
        with self.house.app.database.read() as session:
            holds = session.scalars(select(HoldRow.id).where(HoldRow.released_at.is_(None)).order_by(HoldRow.id)).all()
        if holds:
            self.house.app.retention.holds.release(
                self.house.by("femke"), data.draw(st.sampled_from(holds)), "Opgelost."
            )
            self._count("release")

    @rule()
    def sweep(self) -> None:
        """The daily look at what is due, and what goes by the clock without a list."""
        self.house.app.retention.sweep.run()
        self.house.app.backups.sweep()
        self._count("sweep")

    @rule(transfer=st.booleans())
    def propose(self, transfer: bool) -> None:
        """Femke proposes all that is due; nothing due, no list."""
        self.made += 1
        femke, lists = self.house.by("femke"), self.house.app.disposal.lists
        before = self._lists()
        try:
            made = lists.propose(femke, BRIN, f"Lijst {self.made}", Selection(all_due=True)).list_id
        except BadInput:
            assert self._lists() == before
            self._count("nothing_due")
            return
        if transfer:
            with self.house.app.database.read() as session:
                items = session.scalars(select(DisposalItemRow.id).where(DisposalItemRow.list_id == made)).all()
            said = Judgement(Answer.TRANSFER, "Gaat mee naar de volgende school.")
            self.house.app.disposal.review.answer(femke, made, items[:2], said)
        self._count("propose")

    @rule(data=st.data())
    def approve(self, data: st.DataObject) -> None:
        """Dirk approves; what is to be handed over is sent, and the receiver confirms."""
        if (one := self._some(data, *REVIEW)) is not None:
            self._approve(one)

    def _approve(self, one: UUID) -> None:
        dirk, desk = self.house.by("dirk"), self.house.app.disposal
        try:
            done = desk.approval.approve(dirk, one)
        except Conflict:
            return  # what was on it is held, or gone by now
        self._count("approve")
        with self.house.app.database.read() as session:
            row = session.get_one(DisposalListRow, one)
        if row.kind is ListKind.TRANSFER and done.ready:
            desk.transfer.sent(dirk, one)
            desk.transfer.received(dirk, one, f"ONTVANGST-{self.made}")
            self._count("receipt")

    @rule(data=st.data())
    def abort(self, data: st.DataObject) -> None:
        """A list is stopped before it began."""
        if (one := self._some(data, ListState.IN_REVIEW, ListState.WAITING, ListState.RECEIVED)) is not None:
            self.house.app.disposal.lists.abort(self.house.by("dirk"), one, "Toch niet nu.")
            self._count("abort")

    @rule()
    def wait(self) -> None:
        """A week goes by."""
        self.clock.ahead += WEEK
        self._count("wait")

    @rule(data=st.data(), point=st.none() | st.sampled_from(DestructionPoint))
    def execute(self, data: st.DataObject, point: DestructionPoint | None) -> None:
        """A list whose time has come is carried out, with or without a kill on the way."""
        if (one := self._some(data, *READY)) is not None:
            self._execute(one, point)

    @rule(
        transfer=st.booleans(),
        froze=st.booleans(),
        point=st.none() | st.sampled_from(DestructionPoint),
        late=st.booleans(),
    )
    def dispose_of_all(self, transfer: bool, froze: bool, point: DestructionPoint | None, late: bool) -> None:
        """The whole way of what is due; perhaps something is frozen on the way, or a backup is made."""
        self.propose(transfer)
        for _ in range(2):  # what is handed over gets a list of its own
            for one in self._in(*REVIEW):
                self._approve(one)
        if late:
            self.back_up(None)
        self.wait()
        if froze and (listed := sorted(x for one in self._in(*READY) for x in self._to_go(one))):
            femke = self.house.by("femke")
            what = HoldTarget(HoldOn.DOCUMENT, str(listed[0]), BRIN)
            self.house.app.retention.holds.add(femke, what, "Er loopt een klacht.")
            self._count("hold")
        for one in self._in(*READY):
            self._execute(one, point)

    def _to_go(self, one: UUID) -> set[UUID]:
        """The documents of a list that nobody excluded and that are still as they were."""
        with self.house.app.database.read() as session:
            found = session.scalars(
                select(DisposalItemRow.document_id).where(
                    DisposalItemRow.list_id == one, DisposalItemRow.state == DisposalStep.READY
                )
            ).all()
        return {x for x in found if self._state(x) == {PlacementState.ACTIVE}}

    def _execute(self, one: UUID, point: DestructionPoint | None) -> None:
        with self.house.app.database.read() as session:
            row = session.get_one(DisposalListRow, one)
            items = session.scalars(
                select(DisposalItemRow).where(
                    DisposalItemRow.list_id == one, DisposalItemRow.state == DisposalStep.READY
                )
            ).all()
            early = row.waits_until is not None and row.waits_until > self.clock.now()
        held = self._held()
        if early:
            with suppress(Conflict, BadInput):
                self.house.app.disposal.lists.start(self.house.by("dirk"), one, row.name)
                raise AssertionError("it began before its time")
            self._count("too_early")
            return
        self.allowed |= {x.document_id for x in items} - held
        self.house.app.disposal.lists.start(self.house.by("dirk"), one, row.name)
        if point is not None:
            self._killed(point, lambda app: self._carry_out(app, one))
            self._count("execute_killed")
        self._carry_out(self.house.app, one)
        self._finish()
        for each in items:
            if each.document_id in self.papers and each.document_id in held:
                assert self.fate(each.document_id) == "present", "what is held was destroyed"
        self._count("execute")

    @rule(point=st.none() | st.sampled_from(BackupPoint))
    def back_up(self, point: BackupPoint | None) -> None:
        """A backup, or one that is broken off by a kill."""
        self.made += 1
        file = self.base / f"kopie-{self.made}.dk"
        if point is not None:
            self._killed(point, lambda app: app.backups.make(OPERATOR, file, DAYS))
            self._count("backup_killed")
            return
        self.house.app.backups.make(OPERATOR, file, DAYS)
        self.backup = file, self._here()
        self._count("backup")

    @precondition(lambda self: self.backup is not None)
    @rule(point=st.none() | st.sampled_from(RestorePoint))
    def lose_the_house(self, point: RestorePoint | None) -> None:
        """The machine is lost; the last backup is put back on another one. The ledger was kept apart."""
        assert self.backup is not None
        file, there = self.backup
        self.made += 1
        self.house.app.close()
        place = Elsewhere(self.base / f"house-{self.made}", self.root.parent.parent, self.more)
        if point is not None:
            assert child(lambda: place.restore(file, clock=self.clock), kill_at(point)) == -signal.SIGKILL
            self._count("restore_killed")
        if not App.initialised(place.settings()):
            place.restore(file, clock=self.clock)
        old, self.house = self.house, House(self._open(place.folder), place.folder)
        shutil.rmtree(old.folder / "var")
        self.house.app.indexing.ensure()
        self._finish()
        for lost in set(self.papers) - there:
            if self.house.app.ledger.number_of(Destroyed.DOCUMENT, lost) is None:
                assert not self._state(lost), "half of a paper came along"
                del self.papers[lost]
        self._count("restore")

    @invariant()
    def each_is_exactly_one_of_three(self) -> None:
        """The law."""
        if not hasattr(self, "house"):
            return
        for document_id in self.papers:
            fate = self.fate(document_id)
            if fate != "present":
                assert document_id in self.allowed, f"{fate} without an approved list"
