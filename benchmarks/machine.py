"""Where and of what something was measured: cores, memory, versions, the commit. Never names of machines or paths."""

import hashlib
import os
import platform
import subprocess
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PRODUCT = (
    "dms",
    "storage",
    "indexing",
    "rights",
    "retention",
    "ingest",
    "templates",
    "Makefile",
    "pyproject.toml",
    "requirements.lock",
    "requirements-dev.lock",
)


@dataclass(frozen=True, slots=True)
class Machine:
    """What the figures were measured on. `load` is the mean number of other processes that ran just before."""

    cores: int
    memory_gb: float
    processor: str
    system: str
    python: str
    load: float


def machine() -> dict[str, Any]:
    """This machine, as data."""
    return asdict(
        Machine(
            cores=len(os.sched_getaffinity(0)),
            memory_gb=round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
            processor=_processor(),
            system=f"{platform.system()} {platform.machine()}",
            python=platform.python_version(),
            load=round(os.getloadavg()[0], 1),
        )
    )


def commit() -> str:
    """The commit that was measured; `+` behind it when the product differs from that commit."""
    head = _git("rev-parse", "--short=12", "HEAD").strip()
    return head + ("+" if _git("status", "--porcelain", "--", *PRODUCT).strip() else "")


def content(more: Iterable[str]) -> str:
    """A digest over the product's files and those in `more` (files or folders), as they lie on the disk."""
    names = _git("ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *PRODUCT, *more)
    digest = hashlib.sha256()
    for name in sorted(set(names.split("\0")) - {""}):
        file = ROOT / name
        if file.is_file():
            digest.update(f"{name}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:16]


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.processor() or "unknown"
