"""A house that takes papers in, is killed at a named moment or meets a failing store, and is opened again.

Every act happens in a process of its own, forked from this one (which has everything loaded): so a kill is a kill.
"""

import errno
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select

from dms.app import App
from dms.db import outbox, pulse
from dms.db.tables import DocumentRow, DocumentVersionRow, ItemRow, OutboxRow, PlacementRow, RenditionRow
from dms.jobs.relay import relay_of
from dms.jobs.ticks import tasks_of
from dms.kernel.clock import SystemClock, legal_date
from dms.kernel.crashpoints import watched
from dms.model.documents import UNFINISHED, ItemState, Source
from dms.model.events import ActorKind, By
from dms.services.shapes import Hints
from dms.settings import load
from storage.errors import KeyMissing
from tests import houses
from tests.houses import BRIN, OPERATOR

KILLED = -signal.SIGKILL
WORKER, RELAY = "worker-1", "scheduler-1"
LATER = timedelta(days=2)
"""After so long all leases have run out and orphans may be swept."""
Hook = Callable[[str], None]


class LaterClock(SystemClock):
    """The machine's clock, some time ahead."""

    def __init__(self, ahead: timedelta) -> None:
        self._ahead = ahead

    def now(self) -> datetime:
        return super().now() + self._ahead

    def today(self) -> date:
        return legal_date(self.now())


@dataclass(frozen=True)
class Paper:
    """Something to bring in. With a pupil and a category it files itself; without, it goes to a desk."""

    name: str
    data: bytes
    pupil_number: str | None = None
    category: str | None = None
    day: date | None = None

    @property
    def hints(self) -> Hints:
        return Hints(pupil_number=self.pupil_number, category=self.category, document_date=self.day)


@dataclass
class World:
    """A house in a folder. `acknowledged` is what a sender was told is in: the papers by intake id."""

    folder: Path
    more: dict[str, str] = field(default_factory=dict)

    @property
    def notes(self) -> Path:
        """Where a process writes down what it acknowledged, as a sender outside would remember."""
        return self.folder / "acknowledged.txt"

    def open(self, later: timedelta | None = None) -> App:
        settings = load(houses.settings_of(self.folder, **self.more), self.folder)
        return App.open(settings, LaterClock(later) if later else SystemClock())

    def child(self, act: Callable[[], None], hook: Hook | None = None) -> int:
        """Do something in a process of its own; returns its exit code, or `KILLED`."""
        sys.stdout.flush()
        number = os.fork()
        if number == 0:
            code = 1
            try:
                os.setpgid(0, 0)
                with watched(hook or (lambda _: None)):
                    act()
                code = 0
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        _, status = os.waitpid(number, 0)
        return os.waitstatus_to_exitcode(status)

    def receive(self, app: App, papers: Iterable[Paper]) -> None:
        """Bring papers in, one intake each, and remember what was acknowledged. What was is not sent again."""
        told = self.notes.read_text("ascii") if self.notes.exists() else ""
        for paper in papers:
            if sha256(paper.data).hexdigest() in told:
                continue
            file = [(paper.name, [paper.data])]
            intake = app.receive.receive(OPERATOR, BRIN, Source.UPLOAD, file, paper.hints, idempotency_key=paper.name)
            with self.notes.open("a", encoding="ascii") as notes:
                notes.write(f"{intake} {sha256(paper.data).hexdigest()}\n")

    def finish(self, app: App) -> None:
        """Read all that waits and bring about all effects, as worker and relay do."""
        app.worker(WORKER).work_until_empty()
        relay = relay_of(app, RELAY)
        while pulse.effects_wait(app.database):
            relay.turn()
        app.checks.seal_audit()

    def release(self, app: App) -> None:
        """What a service does when it starts a process anew: the leases of its earlier life are over."""
        pulse.let_go(app.database, WORKER)
        outbox.let_go(app.database, RELAY)

    def run(self, papers: Iterable[Paper]) -> None:
        """The whole way of papers, in this process."""
        app = self.open()
        self.receive(app, papers)
        self.finish(app)
        app.close()

    def read_again(self, papers: Iterable[Paper]) -> None:
        """Papers come in; then somebody asks to read what was filed once more."""
        self.run(papers)
        app = self.open()
        anouk = By(ActorKind.USER, app.accounts.by_email("anouk@deregenboog.example").id)
        with app.database.read() as session:
            document = session.scalars(select(DocumentRow.id)).one()
        app.documents.read_again(anouk, document)
        self.finish(app)
        app.close()

    def discard(self) -> None:
        """Somebody at the desk says that what waits there is for no dossier; the relay erases it."""
        app = self.open()
        anouk = By(ActorKind.USER, app.accounts.by_email("anouk@deregenboog.example").id)
        with app.database.read() as session:
            item = session.scalars(select(ItemRow).where(ItemRow.state == ItemState.DESK)).one()
        app.desk.discard(anouk, item.id, item.row_version, "reclame")
        app.close()
        app = self.open(later=timedelta(hours=1))  # the bytes go when it cannot be taken back any more
        self.finish(app)
        app.close()

    def recover(self) -> None:
        """What happens after a crash, once leases have run out: work goes on, what is left over is swept."""
        app = self.open(later=LATER)
        self.finish(app)
        for task in tasks_of(app):
            task.run()
        app.checks.check(repair=True)
        self.finish(app)
        app.close()

    def snapshot(self) -> dict[str, object]:
        """All that a second recovery must leave as it is."""
        app = self.open()
        try:
            with app.database.read() as session:
                items = session.execute(select(ItemRow.id, ItemRow.state, ItemRow.row_version, ItemRow.step)).all()
                shown = session.execute(select(PlacementRow.id, PlacementRow.state, PlacementRow.changed_at)).all()
                rows = session.execute(select(RenditionRow.object_key, RenditionRow.size)).all()
                effects = session.execute(select(OutboxRow.id, OutboxRow.done_at)).all()
            return {
                "items": sorted(map(tuple, items)),
                "placements": sorted(map(tuple, shown)),
                "renditions": sorted(map(tuple, rows)),
                "effects": sorted(map(tuple, effects)),
                "objects": sorted((x.key, x.size, x.modified) for x in app.vault.store.keys()),
                "keys": sorted(app.vault.keys.ids()),
                "index": sorted(app.index.placement_ids()),
            }
        finally:
            app.close()

    def check(self) -> None:
        """The invariants."""
        app = self.open(later=LATER)
        try:
            report = app.checks.check(full=True)
            assert report.well, (report, report.details)  # rows, objects, keys, index and audit agree
            self._check_acknowledged(app)
            self._check_once(app)
            jobs = app.settings.jobs_folder
            assert not jobs.exists() or not any(jobs.iterdir()), "plaintext is left"
        finally:
            app.close()

    def _check_acknowledged(self, app: App) -> None:
        told = self.notes.read_text("ascii").splitlines() if self.notes.exists() else []
        for line in told:
            intake, digest = line.split()
            with app.database.read() as session:
                item = session.scalars(select(ItemRow).where(ItemRow.intake_id == UUID(intake))).one()
            if item.state is ItemState.DISCARDED:
                assert not [x for x in app.vault.store.keys() if str(item.document_id) in x.key]
                try:
                    app.vault.keys.get(item.document_id)
                except KeyMissing:
                    continue
                raise AssertionError("the key of what was erased lives")
            kept = app.vault.read(item.document_id, item.object_key, 1, 10**9)
            assert sha256(kept).hexdigest() == digest

    def _check_once(self, app: App) -> None:
        with app.database.read() as session:
            items = session.scalars(select(ItemRow)).all()
            assert not [x for x in items if x.state in UNFINISHED]
            for item in items:
                assert item.lease_owner is None
                asked = select(func.count()).select_from
                documents = session.scalar(asked(DocumentRow).where(DocumentRow.item_id == item.id))
                versions = session.scalar(
                    asked(DocumentVersionRow).where(DocumentVersionRow.document_id == item.document_id)
                )
                placements = session.scalar(asked(PlacementRow).where(PlacementRow.document_id == item.document_id))
                wanted = 1 if item.state is ItemState.FILED else 0
                assert (documents, versions, placements) == (wanted, wanted, wanted), item.state
        assert outbox.open_count(app.database) == 0


def kill_at(point: str, nth: int = 1) -> Hook:
    """Kills the process when it reaches `point` for the nth time."""
    left = nth

    def hook(name: str) -> None:
        nonlocal left
        if name == point:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return hook


def fail_at(point: str, number: int = errno.EIO, times: int = 1) -> Hook:
    """Lets the disk fail at `point`, a few times."""
    left = times

    def hook(name: str) -> None:
        nonlocal left
        if name == point and left > 0:
            left -= 1
            raise OSError(number, os.strerror(number))

    return hook
