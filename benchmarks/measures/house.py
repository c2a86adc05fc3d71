"""An installation with the demo schools, its readers as processes of their own, and a way to wait for papers."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select

from dms.app import App
from dms.db import pulse
from dms.db.outbox import pending_documents
from dms.db.tables import ItemRow
from dms.model.documents import UNFINISHED, Source
from dms.model.events import ActorKind, By
from dms.settings import load
from tests.golden.running import ROOT, Installation, stop, until

LOOK_SECONDS = 0.05
PATIENCE_SECONDS = 900.0
OPERATOR = By(ActorKind.COMMAND, None, "bench")
BRIN = "99XX"


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds from the first byte received until every paper had an outcome, and until all could be found."""

    settled: float
    searchable: float


class House:
    """The house seen from this process, the workers that read for it, and all its `processes`: the one that keeps the
    index too.
    """

    def __init__(
        self, app: App, keeper: "subprocess.Popen[bytes]", workers: Sequence["subprocess.Popen[bytes]"]
    ) -> None:
        self.app = app
        self.workers = tuple(x.pid for x in workers)
        self.processes = (keeper.pid, *self.workers)

    def through(self, files: Sequence[tuple[str, bytes]]) -> Took:
        """Hand in `files` at once and wait for all of them."""
        began = time.monotonic()
        intake = self.app.receive.receive(OPERATOR, BRIN, Source.COMMAND, [(name, [data]) for name, data in files])
        self._wait(lambda: self._unfinished(intake) == 0)
        settled = time.monotonic() - began
        self._wait(lambda: not pending_documents(self.app.database))
        return Took(settled, time.monotonic() - began)

    def outcomes(self) -> dict[str, int]:
        """How many items ended how, since the beginning."""
        with self.app.database.read() as session:
            found = session.execute(select(ItemRow.state, func.count()).group_by(ItemRow.state)).all()
        return {str(state): count for state, count in found}

    def _unfinished(self, intake: UUID) -> int:
        with self.app.database.read() as session:
            wanted = (ItemRow.intake_id == intake, ItemRow.state.in_(UNFINISHED))
            return session.scalar(select(func.count()).select_from(ItemRow).where(*wanted)) or 0

    @staticmethod
    def _wait(done: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while not done():
            assert time.monotonic() < end, "the papers are not through"
            time.sleep(LOOK_SECONDS)


@contextmanager
def working_house(folder: Path, workers: int) -> Iterator[House]:
    """A house in which `workers` processes read and one keeps the index; all at the same priority as this process."""
    installation = Installation(folder)
    installation.asked("demo", "--without-papers")
    app = App.open(load(installation.environment, folder))
    running = [_start(installation, x) for x in ["scheduler", *["worker"] * workers]]
    try:
        house = House(app, running[0], running[1:])
        until(lambda: len(pulse.living(app.database, "worker")) == workers or None, 60, "the workers do not come up")
        yield house
    finally:
        for process in running:
            stop(process)
        app.close()


def _start(installation: Installation, what: str) -> "subprocess.Popen[bytes]":
    with (installation.folder / f"{what}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "dms", what],
            cwd=ROOT,
            env=installation.environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
