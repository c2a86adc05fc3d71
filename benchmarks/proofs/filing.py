"""The demo papers and others like them through `dms ingest --wait`: what files itself must be right."""

import csv
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.proofs.proof import Proof, Result
from dms.demo.collection import TRUTH_FILE, write_collection
from dms.demo.load import SEED
from tests.golden.papers import regenboog, today
from tests.golden.running import Installation
from tests.servers.postgres import postgres_server
from tests.servers.run import Run

SEEDS = (SEED, 11, 12, 13, 14)
PAPERS = 40
LEAST_FILED = 0.75
SUMS = ("papers", "filed", "desk", "other", "wrong_dossier", "wrong_category", "wrong_date", "filed_but_for_a_person")


def measure(folder: Path, *, postgres: bool) -> Result:
    """Five piles of papers in one installation; then `dms check`."""
    with ExitStack() as ending:
        more = {}
        if postgres:
            run = Run.begin()
            ending.callback(run.end)
            more["DMS_DATABASE_URL"] = postgres_server(run).new_database()
        house = Installation(folder, more)
        house.asked("demo", "--without-papers")
        if postgres:  # here the workers of the service do the work, on SQLite the command itself
            ending.enter_context(house.serving())
        rows = [_pile(house, folder / f"papers {seed}", seed) for seed in SEEDS]
        checked = house.dms("check", "--full")
    total = {name: sum(row[name] for row in rows) for name in SUMS}
    share = total["filed"] / total["papers"]
    met = rows[0]["filed"] >= LEAST_FILED * rows[0]["papers"] and share >= LEAST_FILED
    return Result(
        met and total["wrong_dossier"] == 0 and total["other"] == 0 and checked.code == 0,
        f"{share:.0%} filed ({rows[0]['filed']} of {rows[0]['papers']} of the demo), {total['wrong_dossier']} in a "
        f"wrong dossier, {total['wrong_category']} with a wrong category, {total['wrong_date']} with a wrong date; "
        f"check ends with {checked.code}",
        {
            "filed_share": round(share, 3),
            **total,
            "filed_and_all_right": sum(row["filed_and_all_right"] for row in rows),
            "check_exit_code": checked.code,
            "check": dict(checked.lines[0]) if checked.lines else checked.said[-300:],
            "read_by": "workers of dms serve" if postgres else "dms ingest itself",
            "wrong": [x for row in rows for x in row["wrong"]],
            "piles": [{k: v for k, v in row.items() if k != "wrong"} for row in rows],
        },
    )


def _pile(house: Installation, papers: Path, seed: int) -> dict[str, Any]:
    """Hand in one pile and compare with the truth beside it."""
    if seed == SEED:
        house.asked("demo", "--export", papers)
    else:
        write_collection(papers, regenboog(), seed=seed, today=today(), count=PAPERS)
    with (papers / TRUTH_FILE).open(encoding="utf-8", newline="") as file:
        truth = {x["bestand"]: x for x in csv.DictReader(file, delimiter=";")}
    lines = {Path(x["path"]).name: x for x in house.asked("ingest", papers, "--school", "99XX", "--wait")}
    lines.pop(TRUTH_FILE)
    assert lines.keys() == truth.keys(), "every file must have its line"
    filed = {name for name, line in lines.items() if line["status"] == "filed"}

    def differs(ours: str, theirs: str) -> set[str]:
        return {name for name in filed if (lines[name][ours] or "") != truth[name][theirs]}

    dossier, category, date = (
        differs("pupil", "leerlingnummer"),
        differs("category", "categorie"),
        differs("document_date", "documentdatum"),
    )
    return {
        "seed": seed,
        "papers": len(truth),
        "filed": len(filed),
        "desk": sum(x["status"] == "desk" for x in lines.values()),
        "other": sum(x["status"] not in {"filed", "desk"} for x in lines.values()),
        "wrong_dossier": len(dossier),
        "wrong_category": len(category),
        "wrong_date": len(date),
        "filed_but_for_a_person": sum(truth[x]["verwacht"] == "desk" for x in filed),
        "filed_and_all_right": len(filed - dossier - category - date),
        "wrong": _told(seed, lines, truth, sorted(dossier | category | date)),
    }


def _told(seed: int, lines: dict[str, Any], truth: dict[str, Any], names: Sequence[str]) -> list[dict[str, str]]:
    return [
        {
            "seed": str(seed),
            "file": name,
            "dossier": "right" if (lines[name]["pupil"] or "") == truth[name]["leerlingnummer"] else "WRONG",
            "category": f"{lines[name]['category']} for {truth[name]['categorie']}",
            "date": f"{lines[name]['document_date']} for {truth[name]['documentdatum']}",
        }
        for name in names
    ]


def _proof(name: str, title: str, measured: Callable[[Path], Result]) -> Proof:
    bar = f"of {len(SEEDS)} × {PAPERS} papers ≥ {LEAST_FILED:.0%} filed, 0 in a wrong dossier; dms check exits 0"
    return Proof(name, title, bar, measured, ("tests/golden", "tests/servers"))


SQLITE = _proof("demo_filing_sqlite", "Papers file themselves, on SQLite", partial(measure, postgres=False))
POSTGRES = _proof("demo_filing_postgres", "Papers file themselves, on PostgreSQL", partial(measure, postgres=True))
