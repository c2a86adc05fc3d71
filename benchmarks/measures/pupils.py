"""Pupil files of a large school: how long the preview and the apply take, how long others wait, how much memory.

Each file goes through a process of its own, as a fresh import does; the process that writes beside it counts how long
its own small transactions take. On SQLite and on PostgreSQL.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from stdnum.nl import bsn as stdnum_bsn

from benchmarks.measures.figure import Figure
from dms.demo.facts import Address, DemoPupil, Group
from dms.demo.vendor_files import EdexForm, write_edexml, write_worksheet
from dms.kernel.schoolyear import SchoolYear
from tests.servers.postgres import postgres_server
from tests.servers.run import Run

PUPILS = 5_000
LARGE_BYTES = 20 * 1024 * 1024
MOST_PREVIEW_SECONDS, MOST_APPLY_SECONDS, MOST_WAIT_SECONDS, MOST_MIB = 10, 20, 2, 300
_CHILD = "benchmarks.measures.pupils_child"
_HOME = Address("Kievitstraat 1", "3998 AB", "Oeverzand")
_NAMES = ("Sem", "Fenna", "Elif", "Zofia", "Ömer", "Lotte", "Joris", "Noor", "Łukasz", "Inès")


def invented(count: int, moved: int = 0) -> Iterator[DemoPupil]:
    """Pupils that are nobody; `moved` shifts everybody to other groups."""
    bsns = (str(x) for x in range(100_000_000, 999_000_000) if stdnum_bsn.is_valid(str(x)))
    for nth in range(count):
        name = f"{_NAMES[nth % len(_NAMES)]}"
        yield DemoPupil(
            number=f"{20_000 + nth}",
            call_name=name,
            given_names=f"{name} Maria",
            initials="A.M.",
            prefix=("", "van der", "de")[nth % 3],
            surname=f"Achternaam{nth % 977}",
            birth_date=date(2010, 1, 1) + timedelta(days=nth % 3_600),
            sex="MV"[nth % 2],
            group=f"groep {(nth + moved) % 200}",
            year=5,
            enrolled=date(2023, 8, 1),
            address=_HOME,
            bsn=next(bsns),
        )


def groups() -> tuple[Group, ...]:
    """The groups of these pupils."""
    return tuple(Group(f"groep {x}", (5,), "") for x in range(200))


def write_files(folder: Path) -> dict[str, Path]:
    """The files that are measured: an EDEXML, the same a week later, a worksheet, and one of 20 MB."""
    year = SchoolYear(2025)
    found = {}
    for name, moved in (("edexml", 0), ("a week later", 1)):
        found[name] = folder / f"{moved}.xml"
        with found[name].open("wb") as out:
            made = date(2026, 3, 1) + timedelta(days=7 * moved)
            write_edexml(out, "99XX", year, groups(), invented(PUPILS, moved), made)
    found["worksheet"] = folder / "lijst.xlsx"
    with found["worksheet"].open("wb") as out:
        write_worksheet(out, "somtoday", invented(PUPILS))
    found["large"] = folder / "groot.xml"
    with found["large"].open("wb") as out:
        form = EdexForm(additions=True)
        write_edexml(out, "99XX", year, groups(), invented(_large_count(), 0), date(2026, 3, 20), form)
    assert found["large"].stat().st_size >= LARGE_BYTES
    return found


def _large_count() -> int:
    return 42_000


def measure(folder: Path) -> list[Figure]:
    """All figures, per kind of database."""
    files = write_files(folder)
    figures = _on(f"sqlite:///{folder / 'pupils.sqlite'}", "SQLite", folder / "sqlite", files)
    run = Run.begin()
    try:
        figures += _on(postgres_server(run).new_database(), "PostgreSQL", folder / "pg", files)
    finally:
        run.end()
    return figures


def _on(url: str, name: str, folder: Path, files: dict[str, Path]) -> list[Figure]:
    folder.mkdir()
    figures: list[Figure] = []
    for what, most in (("edexml", MOST_APPLY_SECONDS), ("a week later", MOST_APPLY_SECONDS), ("worksheet", None)):
        found = _child(url, folder, files[what], apply=what != "worksheet")
        figures.append(
            Figure(
                f"{name}: preview of {PUPILS} pupils, {what}",
                found["preview"],
                "s",
                most=MOST_PREVIEW_SECONDS,
                detail=found,
            )
        )
        if most is not None:
            figures.append(Figure(f"{name}: apply of {PUPILS} pupils, {what}", found["apply"], "s", most=most))
            figures.append(
                Figure(
                    f"{name}: longest wait of another writer, {what}",
                    found["longest_wait"],
                    "s",
                    most=MOST_WAIT_SECONDS,
                )
            )
        figures.append(Figure(f"{name}: memory, {what}", found["mib"], "MiB", most=MOST_MIB))
    large = _child(url, folder, files["large"], apply=False, preview_only=True)
    figures.append(
        Figure(f"{name}: memory of reader and plan, EDEXML of 20 MB", large["mib"], "MiB", most=MOST_MIB, detail=large)
    )
    return figures


def _child(url: str, folder: Path, file: Path, *, apply: bool, preview_only: bool = False) -> dict[str, float]:
    words = [sys.executable, "-m", _CHILD, url, str(folder), str(file)]
    words += ["--apply"] if apply else []
    words += ["--preview-only"] if preview_only else []
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
