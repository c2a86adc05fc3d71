"""How fast: `python -m benchmarks.bench [--rounds N] [--entries N] [--only NAME …]`, to `build/bench.json`.

Ratios are of things measured in turns within one run, so that they mean something on any machine. Nothing here
decides whether the product is right: `benchmarks.prove` does.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import machine
from benchmarks.measures import destroying, pupils, reading, screens, searching, starting, sweep
from benchmarks.measures.figure import Figure
from dms.kernel.clock import SystemClock
from dms.log import configure

TARGET = machine.ROOT / "build" / "bench.json"


def main(words: Sequence[str] | None = None) -> int:
    """Measure, print a table and write the file. 0 when everything could be measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench", description="Meet de snelheid.")
    parser.add_argument("--rounds", type=int, default=3, help="hoe vaak achter elkaar; de middelste telt")
    parser.add_argument("--entries", type=int, default=20_000, help="hoeveel stukken er in de zoekmachine zitten")
    parser.add_argument(
        "--only",
        action="append",
        choices=("reading", "starting", "searching", "screens", "pupils", "sweep", "destroying"),
        help="mag vaker",
    )
    parser.add_argument(
        "--pupils", type=int, default=10_000, help="hoe groot de school is waarin schermen gemeten worden"
    )
    parser.add_argument("--documents", type=int, default=100_000, help="en hoeveel documenten zij heeft")
    given = parser.parse_args(words)
    configure("warning", "bench")
    measures: dict[str, Callable[[Path], list[Figure]]] = {
        "reading": lambda folder: reading.measure(folder, given.rounds),
        "starting": starting.measure,
        "searching": lambda _: searching.measure(given.entries),
        "screens": lambda _: screens.measure(given.pupils, given.documents),
        "pupils": pupils.measure,
        "sweep": sweep.measure,
        "destroying": destroying.measure,
    }
    where, commit, began = machine.machine(), machine.commit(), time.monotonic()
    figures: list[Figure] = []
    for name, measure in measures.items():
        if given.only is not None and name not in given.only:
            continue
        print(f"{name} …", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(prefix="dossierkluis-bench-") as folder:
            figures += measure(Path(folder))
    TARGET.parent.mkdir(exist_ok=True)
    report = {
        "figures": [x.as_data() for x in figures],
        "seconds": round(time.monotonic() - began, 1),
        "date": SystemClock().now().isoformat(timespec="seconds"),
        "commit": commit,
        "machine": where,
    }
    TARGET.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")
    for one in figures:
        verdict = {True: "gehaald", False: "NIET GEHAALD", None: ""}[one.met]
        print(f"{one.name:<70} {one.value:>9.2f} {one.unit:<10} {one.bar:<8} {verdict}")
    print(f"\n{TARGET.relative_to(machine.ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
