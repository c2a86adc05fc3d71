"""The house that the law of conservation is held against: what lies in it, how it is worked, and how it dies."""

import os
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from hypothesis import strategies as st
from sqlalchemy import select

from dms.app import App
from dms.db import pulse
from dms.db.tables import (
    DestructionLineRow,
    DestructionRunRow,
    DisposalListRow,
    DocumentRow,
    HoldRow,
    ItemRow,
    PlacementRow,
)
from dms.jobs.disposal import DisposalWork
from dms.jobs.relay import relay_of
from dms.model.disposal import ListState
from dms.model.documents import ItemState, PlacementState, Source
from dms.services.shapes import Hints
from dms.settings import load
from storage.errors import KeyMissing, ObjectMissing
from storage.ledger import Destroyed
from tests.backup.backup_world import Hook, child
from tests.destruction.destroy_world import pdf
from tests.disposal.disposal_world import MovedClock
from tests.houses import BRIN, OPERATOR, House, settings_of
from tests.retention.retention_world import enrol

LIVING = (PlacementState.ACTIVE, PlacementState.BIN, PlacementState.DISPOSING)


@dataclass(frozen=True)
class Paper:
    """What was taken in: the digest of its bytes and where they lie."""

    digest: str
    object_key: str
    number: int


class Kept:
    """The house with the papers that were taken in."""

    counts: ClassVar[Counter[str]] = Counter()
    base: Path
    clock: MovedClock
    papers: dict[UUID, Paper]
    house: House
    more: dict[str, str]
    numbers: list[str]
    made: int

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
        finished(self.house.app)

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

        ended = child(whole, kill_at(point))
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


def finished(app: App) -> None:
    app.worker("worker-1").work_until_empty()
    relay = relay_of(app, "scheduler-1")
    while pulse.effects_wait(app.database):
        relay.turn()
    app.checks.seal_audit()


def kill_at(point: str) -> Hook:
    def hook(name: str) -> None:
        if name == point:
            os.kill(os.getpid(), signal.SIGKILL)

    return hook
