"""Five thousand pupils: how long a preview and an apply take, how long others wait, and how much memory it costs.

The bounds are on processor time, because other work on the machine makes the clock on the wall say little;
the figures are printed.
"""

import resource
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from stdnum.nl import bsn as stdnum_bsn

from dms.db.tables import PupilRow
from dms.db.unit_of_work import UnitOfWork
from tests.pupils.conftest import Office

PUPILS = 5_000
HEADING = (
    "leerlingnummer;roepnaam;voorvoegsel;achternaam;geboortedatum;geslacht;bsn;groep;leerjaar;inschrijfdatum;"
    "uitschrijfdatum;verzorger1_naam;verzorger1_email;verzorger1_relatie;verzorger1_gezag;verzorger2_naam;"
    "verzorger2_email;verzorger2_relatie;verzorger2_gezag"
)


def big_list(group_of: int, count: int = PUPILS) -> str:
    """A list of invented pupils, each with a BSN; `group_of` moves everybody to other groups."""
    numbers = (x for x in range(100_000_000, 200_000_000) if stdnum_bsn.is_valid(str(x)))
    lines = [HEADING]
    for nth in range(count):
        born = f"{1 + nth % 28:02d}-{1 + nth % 12:02d}-{2010 + nth % 10}"
        group = f"groep {(nth + group_of) % 200}"
        bsn = str(next(numbers))
        lines.append(
            f"{20000 + nth};Kind{nth};van;Achternaam{nth % 977};{born};M;{bsn};{group};5;01-08-2023;;"
            f"Ouder Een{nth};een{nth}@post.example;moeder;ja;Ouder Twee{nth};twee{nth}@post.example;vader;ja"
        )
    return "\n".join(lines)


@pytest.fixture
def transactions(office: Office, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds of processor time that each writing transaction of the office takes from now on."""
    seconds: list[float] = []
    begin = office.tools.database.begin

    def timed() -> AbstractContextManager[UnitOfWork]:
        @contextmanager
        def around() -> Iterator[UnitOfWork]:
            started = time.process_time()
            with begin() as uow:
                yield uow
            seconds.append(time.process_time() - started)

        return around()

    monkeypatch.setattr(office.tools.database, "begin", timed)
    return seconds


@pytest.mark.slow
def test_five_thousand_pupils(office: Office, transactions: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    first, moved = big_list(0), big_list(1)
    figures: dict[str, tuple[float, float, float]] = {}

    def timed(name: str, content: str, apply: bool) -> dict[str, int]:
        transactions.clear()
        started, busy = time.perf_counter(), time.process_time()
        report = office.run(content, apply=apply)
        figures[name] = (
            time.perf_counter() - started,
            time.process_time() - busy,
            max(transactions, default=0.0),
        )
        return {x.value: n for x, n in report.counts.items() if n}

    assert timed("preview of new", first, apply=False) == {"new": PUPILS}
    assert timed("apply of new", first, apply=True) == {"new": PUPILS}
    assert timed("apply of the same", first, apply=True) == {"unchanged": PUPILS}
    assert timed("preview of moved", moved, apply=False) == {"changed": PUPILS}
    assert timed("apply of moved", moved, apply=True) == {"changed": PUPILS}
    assert len(office.rows(PupilRow)) == PUPILS
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with capsys.disabled():
        sys.stdout.write(f"\n{office.tools.database.dialect}: highest memory of the process {memory:.0f} MiB\n")
        for name, (wall, cpu, longest) in figures.items():
            sys.stdout.write(
                f"  {name}: {wall:.2f} s, processor {cpu:.2f} s, longest transaction processor {longest:.2f} s\n"
            )
    assert all(cpu < 20 for _, cpu, _ in figures.values())
    assert all(longest < 2 for _, _, longest in figures.values())
