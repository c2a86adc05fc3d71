"""A thousand pupils (five thousand with DMS_TEST_FULL=1): what a preview and an apply cost, and how long others wait.

How long others wait is judged by the number of statements in a transaction, which does not depend on the machine; the
times and the memory are printed.
"""

import os
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import event
from stdnum.nl import bsn as stdnum_bsn

from dms.db.tables import PupilRow
from dms.db.unit_of_work import UnitOfWork
from tests.pupils.conftest import Office

FULL = os.environ.get("DMS_TEST_FULL") == "1"  # noqa: TID251 - how thorough this run is
PUPILS = 5_000 if FULL else 1_000
MOST_STATEMENTS = PUPILS // 4
"""In one writing transaction: rows go in bulk, or others would wait for each of them."""
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


@dataclass
class Transaction:
    """One writing transaction: the processor time it took, in seconds, and the statements in it."""

    seconds: float = 0.0
    statements: int = 0


@pytest.fixture
def transactions(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Transaction]]:
    """The writing transactions of the office from now on."""
    made: list[Transaction] = []
    database = office.tools.database
    begin = database.begin

    def counted() -> AbstractContextManager[UnitOfWork]:
        @contextmanager
        def around() -> Iterator[UnitOfWork]:
            started = time.process_time()
            made.append(Transaction())
            with begin() as uow:
                yield uow
            made[-1].seconds = time.process_time() - started

        return around()

    def count(*given: object) -> None:
        if made:
            made[-1].statements += 1

    monkeypatch.setattr(database, "begin", counted)
    event.listen(database.engine, "before_cursor_execute", count)
    yield made
    event.remove(database.engine, "before_cursor_execute", count)


@pytest.mark.slow
def test_thousands_of_pupils(
    office: Office, transactions: list[Transaction], capsys: pytest.CaptureFixture[str]
) -> None:
    first, moved = big_list(0), big_list(1)
    told: list[str] = []
    most: dict[str, int] = {}

    def done(name: str, content: str, apply: bool) -> dict[str, int]:
        transactions.clear()
        started, busy = time.perf_counter(), time.process_time()
        report = office.run(content, apply=apply)
        wall, cpu = time.perf_counter() - started, time.process_time() - busy
        longest = max((x.seconds for x in transactions), default=0.0)
        most[name] = max((x.statements for x in transactions), default=0)
        told.append(
            f"{name}: {wall:.2f} s, processor {cpu:.2f} s, longest transaction processor {longest:.2f} s, "
            f"{most[name]} statements"
        )
        return {x.value: n for x, n in report.counts.items() if n}

    assert done("preview of new", first, apply=False) == {"new": PUPILS}
    assert done("apply of new", first, apply=True) == {"new": PUPILS}
    assert done("apply of the same", first, apply=True) == {"unchanged": PUPILS}
    assert done("preview of moved", moved, apply=False) == {"changed": PUPILS}
    assert done("apply of moved", moved, apply=True) == {"changed": PUPILS}
    assert len(office.rows(PupilRow)) == PUPILS
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with capsys.disabled():
        sys.stdout.write(f"\n{office.tools.database.dialect}: highest memory of the process {memory:.0f} MiB\n")
        sys.stdout.writelines(f"  {x}\n" for x in told)
    assert max(most.values()) < MOST_STATEMENTS, most
