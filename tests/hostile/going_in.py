"""Takes a pile of files in with the product's own command, and measures what that cost and came to."""

import json
import subprocess
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from dms.app import App
from dms.db.tables import ItemRow
from dms.settings import load
from tests import houses
from tests.golden.running import surroundings
from tests.hostile import tracing
from tests.hostile.images import IMAGES
from tests.hostile.office import OFFICE
from tests.hostile.packed import PACKED
from tests.hostile.pdfs import PDFS

CORPUS = Path(__file__).with_name("corpus")
ENDED = {"refused", "quarantined", "desk", "duplicate", "filed", "split"}
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of one file: its state, the reason for people, and the seconds that it kept the worker busy."""

    name: str
    status: str
    reason: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Run:
    """One pile: how the command ended, each file, the memory (MiB) of its largest process, and what was seen."""

    code: int
    files: tuple[Ended, ...]
    peak: int
    seen: tracing.Seen | None
    left: tuple[str, ...]


def all_files(only: Collection[str] = ()) -> dict[str, bytes]:
    """All hostile files, our own and those that libraries ship with their tests; or those with the names `only`."""
    makers = {f"eigen/{group}/{name}": make for group, own in OWN.items() for name, make in own.items()}
    for file in sorted(CORPUS.rglob("*")):
        if file.is_file() and not file.name.startswith("LICEN"):
            makers[f"{file.parent.name}/{file.name}"] = file.read_bytes
    return {name: make() for name, make in makers.items() if not only or name.rpartition("/")[2] in only}


OWN = {"pdf": PDFS, "beeld": IMAGES, "anders": PACKED, "kantoor": OFFICE}


def take_in(folder: Path, files: Mapping[str, bytes], **more: str) -> Run:
    """Make a house in `folder` and give it the files, all at once, with one command that also reads them.

    Home, temporary folder and working folder are empty and of its own: what lies there afterwards is in `left`.
    """
    house, pile, own = folder / "house", folder / "pile", [folder / x for x in ("home", "tmp", "here")]
    for place in own:
        place.mkdir()
    houses.build(house, **more).app.close()
    for name, data in files.items():
        (pile / name).parent.mkdir(parents=True, exist_ok=True)
        (pile / name).write_bytes(data)
    settings = houses.settings_of(house, **{"DMS_WORKERS": "0", **more})  # the command itself reads: if it dies, we see
    environment = {**surroundings(), **settings, "HOME": str(own[0]), "TMPDIR": str(own[1]), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "dms", "ingest", str(pile), "--school", houses.BRIN, "--wait", "--json"]
    log = folder / "strace.log"
    watched = tracing.possible()
    with (folder / "out.jsonl").open("wb") as out, (folder / "err.txt").open("wb") as err:
        weighed = [sys.executable, "-c", WEIGH, str(folder / "peak")]
        if watched:
            command = tracing.traced(command, log)
        code = subprocess.run(
            [*weighed, *command], cwd=own[2], env=environment, stdout=out, stderr=err, check=False
        ).returncode
    peak = int((folder / "peak").read_text("utf-8"))
    lines = [json.loads(x) for x in (folder / "out.jsonl").read_text("utf-8").splitlines()]
    seconds = _seconds(App.open(load(settings, house)))
    ended = tuple(
        Ended(
            str(Path(x["path"]).relative_to(pile)), x["status"], x["reason"] or "", seconds.get(x["item_id"] or "", 0.0)
        )
        for x in lines
    )
    left = tuple(str(x.relative_to(folder)) for place in own for x in place.rglob("*"))
    seen = tracing.seen(log, [house / "var" / "jobs"]) if watched else None
    log.unlink(missing_ok=True)
    return Run(code, ended, peak, seen, left)


WEIGH = """
import os, subprocess, sys
started = subprocess.Popen(sys.argv[2:])
_, status, usage = os.wait4(started.pid, 0)
open(sys.argv[1], "w").write(str(usage.ru_maxrss // 1024))
sys.exit(os.waitstatus_to_exitcode(status))
"""
"""A small process between: what a process starts counts as at least as large as itself was at that moment."""


def _seconds(app: App) -> dict[str, float]:
    """How long each item kept the only worker: from the end of the one before it."""
    with app.database.read() as session:
        rows = session.execute(
            select(ItemRow.id, ItemRow.created_at, ItemRow.changed_at).order_by(ItemRow.changed_at)
        ).all()
    app.close()
    took, before = {}, max((x.created_at for x in rows), default=None)
    for row in rows:
        if before is not None:
            took[str(row.id)] = (row.changed_at - before).total_seconds()
        before = row.changed_at
    return took
