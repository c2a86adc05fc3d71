"""Starts the processes of the service, starts again what crashed, and stops all of them cleanly.

It opens no database and has one thread: it must outlive its children, and forks them.
"""

import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from dms.jobs import child
from dms.jobs.stop import Stop

POLL_SECONDS = 0.2
END_POLL_SECONDS = 0.05
STOP_SECONDS = 8.0
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0
NO_CURE = 2
"""The exit code of a child that starting again does not help: settings or installation are not right."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Child:
    """A process to keep alive: what it does, and how much it lets others go first (0-19)."""

    name: str
    run: Callable[[], int]
    nice: int = 0


@dataclass(slots=True)
class _Kept:
    child: Child
    pid: int | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    again_at: float = 0.0


class Supervisor:
    """Keeps children alive until it is asked to stop."""

    def __init__(self, children: Sequence[Child], stop: Stop) -> None:
        self._kept = [_Kept(x) for x in children]
        self._stop = stop

    def run(self) -> int:
        """Start all; return when all have ended: 0 after a request to stop, NO_CURE where a child said so."""
        try:
            for one in self._kept:
                self._start(one)
            while not self._stop.wait(POLL_SECONDS):
                if any(self._look_after(x) == NO_CURE for x in self._kept):
                    return NO_CURE
            return 0
        finally:
            self._end()

    def _start(self, one: _Kept) -> None:
        one.pid = child.start(one.child.run, one.child.nice)
        one.started = time.monotonic()
        log.info("child_started", child=one.child.name, pid=one.pid)

    def _look_after(self, one: _Kept) -> int | None:
        """The exit code of a child that has just ended; a negative one is the number of a signal."""
        if one.pid is None:
            if time.monotonic() >= one.again_at:
                self._start(one)
            return None
        code = child.finished(one.pid)
        if code is None:
            return None
        lived = time.monotonic() - one.started
        one.pause = FIRST_PAUSE if lived > STEADY_SECONDS else min(2 * one.pause, LONGEST_PAUSE)
        pid, one.pid, one.again_at = one.pid, None, time.monotonic() + one.pause
        log.error(
            "child_crashed",
            child=one.child.name,
            pid=pid,
            exit_code=code if code >= 0 else None,
            signal=signal.Signals(-code).name if code < 0 else None,
            seconds=round(lived, 1),
            pause=one.pause,
        )
        return code

    def _end(self) -> None:
        began = time.monotonic()
        alive = {x.pid: x.child.name for x in self._kept if x.pid is not None}
        for pid in alive:
            os.kill(pid, signal.SIGTERM)
        while alive:
            for pid in list(alive):
                if child.finished(pid) is not None:
                    del alive[pid]
            if alive and time.monotonic() - began > STOP_SECONDS:
                for pid, name in alive.items():
                    log.warning("child_killed", child=name, pid=pid)
                    os.kill(pid, signal.SIGKILL)
                    os.waitpid(pid, 0)
                break
            time.sleep(END_POLL_SECONDS)
        log.info("stopped", seconds=round(time.monotonic() - began, 1))
