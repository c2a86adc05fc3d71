"""Starts the processes of the service, starts again what crashed, and stops all of them cleanly.

It opens no database and imports nothing that can crash: it must outlive its children.
"""

import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from dms.jobs.stop import Stop
from dms.kernel.errors import OutsideDown
from dms.kernel.text import N_

POLL_SECONDS = 0.2
STOP_SECONDS = 8.0
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0
NO_CURE = 2
"""The exit code of a child that starting again does not help: settings or installation are not right."""
BACKLOG = 512

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Child:
    """A process to keep alive. `command` is its whole command line; `files` are sockets that it inherits."""

    name: str
    command: Sequence[str]
    files: tuple[int, ...] = ()


@dataclass(slots=True)
class _Running:
    child: Child
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    again_at: float = field(default=0.0)


class Supervisor:
    """Keeps children alive until it is asked to stop."""

    def __init__(self, children: Sequence[Child], stop: Stop) -> None:
        self._running = [_Running(x) for x in children]
        self._stop = stop

    def run(self) -> int:
        """Start all; return when all have ended: 0 after a request to stop, NO_CURE where a child said so."""
        try:
            for one in self._running:
                self._start(one)
            while not self._stop.wait(POLL_SECONDS):
                if any(self._look_after(x) == NO_CURE for x in self._running):
                    return NO_CURE
            return 0
        finally:
            self._end()

    def _start(self, one: _Running) -> None:
        one.process = subprocess.Popen(  # noqa: S603 - our own command lines
            list(one.child.command),
            stdin=subprocess.DEVNULL,
            pass_fds=one.child.files,
            process_group=0,  # a Ctrl-C reaches the supervisor alone, which then stops them in order
        )
        one.started = time.monotonic()
        log.info("child_started", child=one.child.name, pid=one.process.pid)

    def _look_after(self, one: _Running) -> int | None:
        """The exit code of a child that has just ended."""
        if one.process is None:
            if time.monotonic() >= one.again_at:
                self._start(one)
            return None
        code = one.process.poll()
        if code is None:
            return None
        lived = time.monotonic() - one.started
        one.pause = FIRST_PAUSE if lived > STEADY_SECONDS else min(2 * one.pause, LONGEST_PAUSE)
        one.process, one.again_at = None, time.monotonic() + one.pause
        log.error(
            "child_crashed",
            child=one.child.name,
            exit_code=code if code >= 0 else None,
            signal=signal.Signals(-code).name if code < 0 else None,
            seconds=round(lived, 1),
            pause=one.pause,
        )
        return code

    def _end(self) -> None:
        began = time.monotonic()
        alive = [x.process for x in self._running if x.process is not None]
        for process in alive:
            process.terminate()
        for process in alive:
            try:
                process.wait(max(0.0, STOP_SECONDS - (time.monotonic() - began)))
            except subprocess.TimeoutExpired:
                log.warning("child_killed", pid=process.pid)
                process.kill()
                process.wait()
        log.info("stopped", seconds=round(time.monotonic() - began, 1))


def open_socket(host: str, port: int) -> socket.socket:
    """A listening socket that children can inherit: it stays open while the web server is started again.

    Raises OutsideDown when the address is taken or not ours.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        opened = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as fault:
        raise OutsideDown(
            N_("Het adres %(host)s:%(port)d is niet vrij."),
            N_("Stop wat daar draait, of kies met DMS_BIND een ander adres."),
            code="address_taken",
            params={"host": host, "port": port},
        ) from fault
    opened.set_inheritable(True)
    return opened
