"""Runs a task on a stranger's file in a child process that may use so much and no more.

The child is forked from the worker, so the libraries are there already and starting costs milliseconds. It gives
its answer as JSON lines through a pipe: nothing that comes from it is ever unpickled or evaluated. It closes every
other descriptor, so it cannot reach the database or a socket of the worker; where the kernel permits it has no
network at all.

Risk that is left: the child starts with a copy of the worker's memory. A worker keeps the keys of other documents
only as long as it needs them.
"""

import ctypes
import json
import os
import resource
import select
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from ingest.readers.errors import OcrUnavailable, ReadFailed

MIB = 1024 * 1024
MAX_ANSWER = 256 * MIB
OPEN_FILES = 256
_TICK = 0.25
_BEAT = 1.0
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_LIBC = ctypes.CDLL(None, use_errno=True)

Progress = Callable[[int, int], None]
Task = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What one child may use: wall seconds, CPU seconds between two reports of progress, bytes of address space, of
    private memory, and of any single file that it writes. The programs that the child starts have the same
    limits each.
    """

    seconds: float = 60.0
    cpu_seconds: int = 30
    address_space: int = 3072 * MIB
    memory: int = 1024 * MIB
    file_size: int = 256 * MIB
