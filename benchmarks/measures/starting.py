"""From `dms serve` until it is ready, on an installation that is there."""

import statistics
from pathlib import Path

from benchmarks.measures.figure import Figure
from tests.golden.running import Installation

STARTS = 5
MOST_SECONDS = 10.0


def measure(folder: Path) -> list[Figure]:
    """Several starts; the middle one counts."""
    house = Installation(folder / "house")
    house.asked("demo", "--without-papers")
    took = []
    for _ in range(STARTS):
        with house.serving() as service:
            took.append(service.start_seconds)
    middle = round(statistics.median(took), 2)
    detail = {"starts": [round(x, 2) for x in took]}
    return [Figure("start of dms serve until ready", middle, "s", most=MOST_SECONDS, detail=detail)]
