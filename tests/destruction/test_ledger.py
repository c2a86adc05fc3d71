"""The ledger of destruction: lines are only added, a power cut leaves no half line, and a change shows."""

import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from storage.errors import StoreDown
from storage.ledger import NOTHING, Destroyed, Ledger, LedgerDamaged, LedgerEntry, copy_lines

AT = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
BOARD, SCHOOL = uuid4(), uuid4()


def entry(id: UUID | None = None, kind: Destroyed = Destroyed.DOCUMENT) -> LedgerEntry:
    return LedgerEntry(kind, id or uuid4(), BOARD, SCHOOL, AT, uuid4(), uuid4(), uuid4(), ("ab" * 32,))


def test_lines_come_back_as_they_went_in(tmp_path: Path) -> None:
    ledger, entries = Ledger(tmp_path / "ledger"), [entry() for _ in range(3)]
    assert ledger.head() == (0, NOTHING)
    lines = ledger.append(entries[:2]) + ledger.append(entries[2:])
    assert [x.entry for x in Ledger(tmp_path / "ledger").read()] == entries
    assert [x.number for x in lines] == [1, 2, 3]
    assert [x.entry for x in ledger.read(after=2)] == entries[2:]
    assert ledger.verify() == (3, [])
    assert ledger.head() == (3, lines[-1].digest)
    assert ledger.number_of(Destroyed.DOCUMENT, entries[1].id) == 2
    assert ledger.number_of(Destroyed.PUPIL, entries[1].id) is None
    assert ledger.path.stat().st_mode & 0o777 == 0o600
    assert ledger.path.parent.stat().st_mode & 0o777 == 0o700


def test_the_same_again_gets_no_second_line(tmp_path: Path) -> None:
    ledger, one, other = Ledger(tmp_path), entry(), entry()
    (first,) = ledger.append([one])
    again = Ledger(tmp_path).append([other, one])
    assert [x.number for x in again] == [2, 1]
    assert again[1] == first
    assert ledger.verify() == (2, [])


def test_half_a_line_is_dropped_by_the_next(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.append([entry()])
    with ledger.path.open("ab") as file:
        file.write(b'{"number":2,"kind":"docu')
    assert [x.what for x in ledger.verify()[1]] == ["torn"]
    assert len(list(ledger.read())) == 1
    Ledger(tmp_path).append([entry()])
    assert Ledger(tmp_path).verify() == (2, [])


@pytest.mark.parametrize("how", ["changed", "taken out", "swapped", "nonsense"])
def test_what_was_tampered_with_shows_and_stops(tmp_path: Path, how: str) -> None:
    ledger = Ledger(tmp_path)
    ledger.append([entry() for _ in range(4)])
    lines = ledger.path.read_bytes().splitlines(keepends=True)
    if how == "changed":
        lines[1] = lines[1].replace(b'"document","id"', b'"pupil","id"')
    elif how == "taken out":
        del lines[1]
    elif how == "swapped":
        lines[1], lines[2] = lines[2], lines[1]
    else:
        lines[1] = b"[]\n"
    ledger.path.write_bytes(b"".join(lines))
    _, faults = Ledger(tmp_path).verify()
    assert faults[0].line == 2
    with pytest.raises(LedgerDamaged):
        Ledger(tmp_path).append([entry()])
    with pytest.raises(LedgerDamaged):
        list(Ledger(tmp_path).read())
    assert ledger.path.read_bytes() == b"".join(lines), "nothing is added to what is damaged"


def test_several_write_at_once(tmp_path: Path) -> None:
    shared = [entry() for _ in range(20)]

    def work() -> None:
        ledger = Ledger(tmp_path)
        for one in shared:
            ledger.append([one])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert Ledger(tmp_path).verify() == (20, [])


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreDown):
        Ledger(tmp_path / "file").append([entry()])


def test_a_copy_is_a_ledger_too(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "one")
    ledger.append([entry() for _ in range(3)])
    other = Ledger(tmp_path / "two")
    os.mkdir(tmp_path / "two")
    assert copy_lines(ledger.read(), other.path) == 3
    assert other.verify() == (3, [])
    assert other.head() == ledger.head()
