"""Children by fork: a process that has everything loaded starts another in milliseconds.

The parent must have one thread and no open database. A child gets a process group of its own (a Ctrl-C reaches the
parent alone), ends when its parent dies, and never returns into the parent's code.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

import structlog

from dms.log import place_of

_PR_SET_PDEATHSIG = 1
_HELD = (signal.SIGTERM, signal.SIGINT)
FAILED = 1

log = structlog.get_logger(__name__)


def start(run: Callable[[], int], nice: int = 0) -> int:
    """Run `run` in a new process, which exits with what it returns. Returns the number of the process."""
    parent = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    signal.pthread_sigmask(signal.SIG_BLOCK, _HELD)  # a request to stop waits until the child can hear it
    try:
        number = os.fork()
        if number:
            return number
        _become(parent, nice)
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HELD)
    code = FAILED
    try:
        code = run()
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else FAILED
    except BaseException as fault:
        log.error("process_broke", error=type(fault).__name__, at=place_of(fault))
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def finished(number: int) -> int | None:
    """What the child ended with: its exit code, or the negative number of a signal. None while it runs."""
    found, status = os.waitpid(number, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None


def call(run: Callable[[], int]) -> int:
    """Run `run` in a child and wait for it; returns its exit code, or the negative number of a signal."""
    _, status = os.waitpid(start(run), 0)
    return os.waitstatus_to_exitcode(status)


def _become(parent: int, nice: int) -> None:
    for number in _HELD:
        signal.signal(number, signal.SIG_DFL)
    os.setpgid(0, 0)
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(0)  # it died before the system was asked to tell
    if nice:
        os.nice(nice)
