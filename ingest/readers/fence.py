"""The fence around a reader, put up from inside the child right after the fork. Never called in a worker itself."""

import ctypes
import fcntl
import gc
import os
import resource
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ingest.readers import nosockets

MIB = 1024 * 1024
ANSWER_FD, REQUEST_FD = 3, 4
OPEN_FILES = 256

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)
Report = Callable[[int, int], None]

_KEPT = ("PATH", "LANG", "LC_ALL", "HOME", "LD_LIBRARY_PATH", "LD_PRELOAD", "FAKETIME", "TESSDATA_PREFIX")


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What one child may use; each program that it starts has the same limits for itself.

    `seconds` of wall time in all; `cpu_seconds` of CPU time between two reports of progress; bytes of `memory`
    (private) and `address_space` on top of what the worker had; `file_size`: bytes of any one file that it writes.
    """

    seconds: float = 60.0
    cpu_seconds: int = 30
    memory: int = 1024 * MIB
    address_space: int = 3072 * MIB
    file_size: int = 256 * MIB


def put_up(limits: ChildLimits, folder: Path, pipes: tuple[int, int], parent: int) -> None:
    """Shut this process in: descriptors, environment, network, signals, limits. `pipes`: for answers and for
    requests; they become descriptors 3 and 4.
    """
    os.setpgid(0, 0)
    _die_with(parent)
    gc.freeze()  # what the worker owns (connections, files) is never finalised here
    _close_descriptors(pipes)
    _clean_environment()
    os.umask(0o077)
    tempfile.tempdir = str(folder)
    # best effort: not every kernel or container permits the one or the other. The limits below hold in any case.
    _LIBC.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    nosockets.forbid(_LIBC)
    data, addresses = _in_use()
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, OPEN_FILES)
    _limit(resource.RLIMIT_FSIZE, limits.file_size)
    _limit(resource.RLIMIT_DATA, limits.memory + data)
    _limit(resource.RLIMIT_AS, limits.address_space + addresses)
    allow_cpu(limits.cpu_seconds)


def allow_cpu(seconds: int) -> None:
    """Let this process use `seconds` of CPU time from now on; past that the kernel ends it with SIGXCPU."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = int(usage.ru_utime + usage.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


@contextmanager
def cpu_for_program(seconds: int) -> Iterator[None]:
    """Give a program that is started inside the block `seconds` of CPU time of its own (it inherits our limit)."""
    before = resource.getrlimit(resource.RLIMIT_CPU)
    allow_cpu(seconds)
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, before)


def die_with_parent() -> None:
    """In a process that a fenced child forked: end at once when that child ends."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _die_with(parent: int) -> None:
    """When the worker dies, this process and what it started die as well."""

    def end_group(_signal: int, _frame: object) -> None:
        os.killpg(0, signal.SIGKILL)

    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGALRM, signal.SIGCHLD, signal.SIGUSR1, signal.SIGUSR2):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, end_group)
    signal.set_wakeup_fd(-1)
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)


def _close_descriptors(pipes: tuple[int, int]) -> None:
    answer, request = (fcntl.fcntl(x, fcntl.F_DUPFD, REQUEST_FD + 1) for x in pipes)  # out of each other's way
    os.dup2(answer, ANSWER_FD, inheritable=False)
    os.dup2(request, REQUEST_FD, inheritable=False)
    os.closerange(REQUEST_FD + 1, os.sysconf("SC_OPEN_MAX"))
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.close(nothing)


def _clean_environment() -> None:
    """Programs that the child starts see no secrets of the service, and the OCR engine keeps to one thread."""
    environment = os.environ  # noqa: TID251 - not read for settings: emptied
    kept = {name: environment[name] for name in _KEPT if name in environment}
    environment.clear()
    environment.update(kept, OMP_THREAD_LIMIT="1")


def _limit(which: int, value: int) -> None:
    hard = resource.getrlimit(which)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (value, value))


def _in_use() -> tuple[int, int]:
    """Bytes of private memory and of addresses that came along from the worker."""
    pages = Path("/proc/self/statm").read_text().split()
    size = resource.getpagesize()
    return int(pages[5]) * size, int(pages[0]) * size
