"""Search beside Whoosh with its own `filter=`, as `bench_search` measures it."""

import json
import subprocess
import sys

from benchmarks.machine import ROOT
from benchmarks.measures.figure import Figure
from tests.golden.running import surroundings


def measure(entries: int) -> list[Figure]:
    """One index of `entries` papers, both ways of asking."""
    program = ROOT / "benchmarks" / "bench_search.py"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", program, str(entries)],
        cwd=ROOT,
        env={**surroundings(), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-500:]
    found = json.loads(done.stdout[done.stdout.index("{\n") :])  # logs may stand before it
    return [
        Figure("search ÷ Whoosh with filter=, CPU of the middle question", found["ours_over_plain"], "×", detail=found),
        Figure("middle question within one school", found["query_school"]["p50_ms"], "ms CPU"),
    ]
