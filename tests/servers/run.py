"""One run of the tests, over all its worker processes: things that are made once, and servers that end with it."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.servers.processes import lives

ROOT = Path(__file__).resolve().parents[2]
STOP_SECONDS = 20.0


class NotStarted(Exception):
    """A server did not come up. The text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Run:
    """The folder that the processes of one run share."""

    folder: Path

    @classmethod
    def begin(cls) -> "Run":
        """A new run, owned by this process: when it goes, however it goes, the servers go."""
        folder = Path(tempfile.mkdtemp(prefix="dossierkluis-tests-"))
        folder.chmod(0o711)  # a server may run as another user, who has to reach a folder below this one
        (folder / "owner").write_text(str(os.getpid()))
        return cls(folder)

    def end(self) -> None:
        """Stop all servers of this run and remove what they left."""
        keepers = [int(file.read_text()) for file in self.folder.glob("*.keeper")]
        for keeper in keepers:
            os.kill(keeper, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while any(map(lives, keepers)) and time.monotonic() < deadline:
            time.sleep(0.05)
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Keep other processes of this run out of what is called `name`."""
        with (self.folder / f"{name}.lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def once(self, name: str, make: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
        """What `make` gave the first time it was asked in this run, in whichever process that was.

        A failure is remembered too: the next test that asks hears it at once. Raises `NotStarted` then.
        """
        kept = self.folder / f"{name}.json"
        with self.alone(name):
            if not kept.exists():
                try:
                    kept.write_text(json.dumps(dict(make())))
                except Exception as fault:
                    kept.write_text(json.dumps({"fault": f"{type(fault).__name__}: {fault}"}))
                    raise
        found: dict[str, Any] = json.loads(kept.read_text())
        if "fault" in found:
            raise NotStarted(found["fault"])
        return found

    def server_folder(self, name: str, user: int) -> Path:
        """An empty folder for the server `name`, owned by the user it will run as."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        os.chown(folder, user, -1)
        return folder

    def keep(self, name: str, command: Sequence[str | Path], *, user: int, stop: signal.Signals) -> None:
        """Start a server that outlives this process but not this run. Its output goes to `<name>.log`."""
        words = [sys.executable, "-m", "tests.servers.keeper", (self.folder / "owner").read_text()]
        words += [str(self.folder / name), str(user), str(int(stop)), *map(str, command)]
        with (self.folder / f"{name}.log").open("ab") as log:
            keeper = subprocess.Popen(
                words, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        (self.folder / f"{name}.keeper").write_text(str(keeper.pid))

    def release(self, name: str) -> None:
        """Stop the server `name` before the run ends, to try again with other ports."""
        file = self.folder / f"{name}.keeper"
        keeper = int(file.read_text())
        os.kill(keeper, signal.SIGTERM)
        while lives(keeper):
            time.sleep(0.05)
        file.unlink()

    def log(self, name: str) -> str:
        """The last that the server `name` said."""
        file = self.folder / f"{name}.log"
        return file.read_text(errors="replace")[-2000:] if file.exists() else ""
