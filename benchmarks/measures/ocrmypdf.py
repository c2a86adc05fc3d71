"""OCRmyPDF beside the product, on the same scans: a program of its own, in an environment of its own."""

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.machine import ROOT
from tests.golden.running import surroundings

PACKAGE = "ocrmypdf>=17,<18"
PLACE = ROOT / "build" / "ocrmypdf"
INSTALL_SECONDS = 300
PAGE_SECONDS = 300
WORDS = ("--deskew", "--rotate-pages", "--language", "nld", "--jobs", "1", "--quiet")


def found() -> tuple[Path | None, str]:
    """The program, installed where it was not there; or None with the reason why it cannot be had."""
    if there := shutil.which("ocrmypdf"):
        return Path(there), ""
    program = PLACE / "bin" / "ocrmypdf"
    if not program.exists():
        shutil.rmtree(PLACE, ignore_errors=True)
        for command in (
            [sys.executable, "-m", "venv", str(PLACE)],
            [str(PLACE / "bin" / "python"), "-m", "pip", "install", "--quiet", PACKAGE],
        ):
            try:
                done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)
            except subprocess.TimeoutExpired:
                return None, "installing it took too long"
            if done.returncode:
                return None, (done.stderr.strip().splitlines() or ["it cannot be installed"])[-1][:200]
    return program, ""


def through(program: Path, folder: Path, files: list[bytes], processes: int) -> float:
    """Wall seconds for all files, so many at a time. Raises CalledProcessError when one does not come through."""
    folder.mkdir()
    environment = {**surroundings(), "OMP_THREAD_LIMIT": "1"}
    environment["PATH"] = f"{program.parent}{os.pathsep}{environment.get('PATH', '')}"
    paths = [folder / f"{nth}.pdf" for nth in range(len(files))]
    for path, data in zip(paths, files, strict=True):
        path.write_bytes(data)

    def one(path: Path) -> None:
        command = [str(program), *WORDS, str(path), str(path.with_suffix(".out.pdf"))]
        subprocess.run(command, env=environment, capture_output=True, check=True, timeout=PAGE_SECONDS)

    began = time.monotonic()
    with ThreadPoolExecutor(processes) as pool:
        list(pool.map(one, paths))
    return time.monotonic() - began
