"""What processes have cost so far, as the system counts it."""

import os
import threading
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

TICKS = os.sysconf("SC_CLK_TCK")
LOOK_SECONDS = 0.03
MEGABYTE = 1024
WORKER, READER, ENGINE = "worker", "its reading child", "the page in the engine"


def cpu_seconds(processes: Iterable[int]) -> float:
    """CPU seconds of these processes and of all their children that have ended."""
    total = 0
    for process in processes:
        # utime, stime, cutime and cstime are fields 14 to 17; the name before them may hold anything
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        total += sum(int(x) for x in fields[11:15])
    return total / TICKS


class PeakMemory:
    """The most memory (MB, resident) that each kind of process under some processes has had while this watches."""

    def __init__(self, processes: Iterable[int]) -> None:
        self._roots = tuple(processes)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.peaks: dict[str, int] = {}

    def __enter__(self) -> "PeakMemory":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            below = _children()
            for root in self._roots:
                self._look(root, WORKER, below)

    def _look(self, process: int, kind: str, below: dict[int, list[int]]) -> None:
        status = _status(process)
        if status.get("Name", "").startswith("tesseract"):
            kind = ENGINE
        peak = int(status.get("VmHWM", "0 kB").split()[0]) // MEGABYTE
        self.peaks[kind] = max(self.peaks.get(kind, 0), peak)
        for child in below.get(process, ()):
            self._look(child, READER if kind == WORKER else ENGINE, below)


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for folder in Path("/proc").glob("[0-9]*"):
        if parent := _status(int(folder.name)).get("PPid"):
            found[int(parent)].append(int(folder.name))
    return found


def _status(process: int) -> dict[str, str]:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:  # it ended meanwhile
        return {}
    return {name: value.strip() for name, _, value in (x.partition(":") for x in lines)}
