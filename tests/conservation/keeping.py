"""The law of conservation, as a machine of states.

Whatever happens, every document that was ever taken in is exactly one of: present and readable, destroyed with proof,
handed over with a receipt and then destroyed. Real houses on disk, real papers, real backups; processes that are killed
are killed. Where a disaster takes a house away and its last backup is put back, papers of after that backup are gone
with it, and nothing of them may be half there.
"""

import os
import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from dms.app import App
from dms.db import pulse
from dms.db.tables import (
    DestructionLineRow,
    DestructionRunRow,
    DisposalItemRow,
    DisposalListRow,
    DocumentRow,
    HoldRow,
    ItemRow,
    PlacementRow,
)
from dms.jobs.disposal import DisposalWork
from dms.jobs.relay import relay_of
from dms.kernel.crashpoints import BackupPoint, DestructionPoint, RestorePoint
from dms.kernel.errors import BadInput, Conflict
from dms.model.disposal import Answer, DisposalStep, ListKind, ListState
from dms.model.documents import ItemState, PlacementState, Source
from dms.model.retention import HoldOn
from dms.services.shapes import Hints
from dms.settings import load
from retention.service.holds_place import HoldTarget
from retention.service.lists_compose import Selection
from retention.service.review import Judgement
from storage.errors import KeyMissing, ObjectMissing
from storage.ledger import Destroyed
from tests.backup.backup_world import Elsewhere, Hook, child
from tests.destruction.destroy_world import pdf
from tests.disposal.disposal_world import MovedClock
from tests.houses import BRIN, OPERATOR, House, settings_of
from tests.retention.retention_world import enrol

LEFT = date(2022, 8, 1)
WEEK = timedelta(days=8)
PUPILS = 5
LIVING = (PlacementState.ACTIVE, PlacementState.BIN, PlacementState.DISPOSING)
REVIEW = (ListState.IN_REVIEW,)
READY = (ListState.WAITING, ListState.RECEIVED)
DAYS = 400
"""Days that backups are kept here: the machine lets weeks pass."""


@dataclass(frozen=True)
class Paper:
    """What was taken in: the digest of its bytes and where they lie."""

    digest: str
    object_key: str
    number: int


class Keeping(RuleBasedStateMachine):
    """One house through its life."""

    template: ClassVar[Path]
    counts: ClassVar[Counter[str]] = Counter()

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
        self._killed(point, lambda app: _finished(app))
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
        if froze and (here := sorted(x for x in self._here() if self._state(x) == {PlacementState.ACTIVE})):
            femke = self.house.by("femke")
            what = HoldTarget(HoldOn.DOCUMENT, str(here[0]), BRIN)
            self.house.app.retention.holds.add(femke, what, "Er loopt een klacht.")
            self._count("hold")
        for one in self._in(*READY):
            self._execute(one, point)

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
            assert child(lambda: place.restore(file, clock=self.clock), _kill_at(point)) == -signal.SIGKILL
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

    def fate(self, document_id: UUID) -> str:
        """`present`, `destroyed` or `transferred`. Fails for anything between."""
        app = self.house.app
        states = self._state(document_id)
        line = app.ledger.number_of(Destroyed.DOCUMENT, document_id)
        bytes_there = self._readable(document_id)
        if states & set(LIVING) or (line is None and self._at_desk(document_id)):
            assert bytes_there, f"{document_id} is shown and cannot be read"
            assert line is None, f"{document_id} is shown and in the ledger"
            return "present"
        assert states <= {PlacementState.DESTROYED}, states
        assert line is not None, f"{document_id} is gone without a line"
        assert not bytes_there
        try:
            app.keys.get(document_id)
            raise AssertionError(f"the key of {document_id} lives")
        except KeyMissing:
            pass
        assert not list(app.vault.store.keys(f"{document_id.hex[:2]}/{document_id}/"))
        with app.database.read() as session:
            found = session.scalars(
                select(DestructionLineRow).where(DestructionLineRow.document_id == document_id)
            ).first()
            if found is None:
                return "destroyed"  # known from the ledger alone: its list was lost with the house
            assert found.certificate_id is not None, f"{document_id} is gone without a certificate"
            run = session.get_one(DestructionRunRow, found.run_id)
            of_list = session.get(DisposalListRow, run.list_id) if run.list_id else None
            return "transferred" if of_list is not None and of_list.receipt else "destroyed"

    def _open(self, folder: Path) -> App:
        return App.open(load(settings_of(folder, **self.more), folder), self.clock)

    def _receive(self, which: int) -> None:
        self.made += 1
        enrol(self.house, self.house.pupil_id(self.numbers[which]), None)
        data = pdf((f"Woord stuk{self.made} in de tekst.",), f"{self.made}-{self.base.name}")
        hints = Hints(pupil_number=self.numbers[which], category="OND-05", document_date=date(2019, 3, 1))
        app = self.house.app
        intake = app.receive.receive(OPERATOR, BRIN, Source.UPLOAD, [(f"stuk{self.made}.pdf", [data])], hints)
        with app.database.read() as session:
            item = session.scalars(select(ItemRow).where(ItemRow.intake_id == intake)).one()
        self.papers[item.document_id] = Paper(sha256(data).hexdigest(), item.object_key, which)

    def _finish(self) -> None:
        _finished(self.house.app)

    def _carry_out(self, app: App, list_id: UUID) -> None:
        work, relay = DisposalWork(app, "worker-1"), relay_of(app, "scheduler-1")
        for _ in range(80):
            while pulse.effects_wait(app.database):
                relay.turn()
            while work.once():
                pass
            done = app.destruction.execution.progress(OPERATOR, list_id)
            if done is not None and done.over and not pulse.disposal_waits(app.database):
                assert done.failed == 0, done
                return
            self.clock.ahead += timedelta(seconds=15)
        raise AssertionError("it does not end")

    def _killed(self, point: str, act: Callable[[App], object]) -> None:
        """Do something in a process of its own that is killed when it comes by `point`; it may not come by."""
        self.house.app.database.close()

        def whole() -> None:
            act(self._open(self.house.folder))

        ended = child(whole, _kill_at(point))
        assert ended in (0, -signal.SIGKILL), ended

    def _some(self, data: st.DataObject, *states: ListState) -> UUID | None:
        found = self._in(*states)
        return data.draw(st.sampled_from(found)) if found else None

    def _in(self, *states: ListState) -> list[UUID]:
        with self.house.app.database.read() as session:
            asked = select(DisposalListRow.id).where(DisposalListRow.state.in_(states)).order_by(DisposalListRow.id)
            return list(session.scalars(asked))

    def _lists(self) -> int:
        with self.house.app.database.read() as session:
            return len(session.scalars(select(DisposalListRow.id)).all())

    def _held(self) -> set[UUID]:
        with self.house.app.database.read() as session:
            rows = session.scalars(select(HoldRow).where(HoldRow.released_at.is_(None))).all()
            pupils = {x.pupil_id for x in rows if x.pupil_id}
            under = session.scalars(select(PlacementRow.document_id).where(PlacementRow.pupil_id.in_(pupils))).all()
        return {x.document_id for x in rows if x.document_id} | set(under)

    def _here(self) -> set[UUID]:
        """Papers of which the house has a row."""
        with self.house.app.database.read() as session:
            rows = set(session.scalars(select(DocumentRow.id))) | set(session.scalars(select(ItemRow.document_id)))
        return rows & set(self.papers)

    def _state(self, document_id: UUID) -> set[PlacementState]:
        with self.house.app.database.read() as session:
            asked = select(PlacementRow.state).where(PlacementRow.document_id == document_id)
            return set(session.scalars(asked))

    def _at_desk(self, document_id: UUID) -> bool:
        with self.house.app.database.read() as session:
            asked = select(ItemRow.state).where(ItemRow.document_id == document_id)
            return session.scalar(asked) in (ItemState.DESK, ItemState.WAITING)

    def _readable(self, document_id: UUID) -> bool:
        paper = self.papers[document_id]
        try:
            kept = self.house.app.vault.read(document_id, paper.object_key, 1, 10**8)
        except (KeyMissing, ObjectMissing):
            return False
        assert sha256(kept).hexdigest() == paper.digest, "the bytes are others"
        return True

    def _count(self, name: str) -> None:
        self.counts[name] += 1


def _finished(app: App) -> None:
    app.worker("worker-1").work_until_empty()
    relay = relay_of(app, "scheduler-1")
    while pulse.effects_wait(app.database):
        relay.turn()
    app.checks.seal_audit()


def _kill_at(point: str) -> Hook:
    def hook(name: str) -> None:
        if name == point:
            os.kill(os.getpid(), signal.SIGKILL)

    return hook
