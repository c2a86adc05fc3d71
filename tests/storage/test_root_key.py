"""Root keys: from a file, a value or a program, and on paper."""

import random
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dms.kernel.errors import BadInput, Conflict, OutsideDown, SetupWrong
from storage.keys.recovery import read_recovery_sheet, recovery_sheet
from storage.keys.root import command_roots, create_root, file_roots, given_roots, new_root, parse_roots, write_roots


def test_a_file_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "secret" / "root.key"
    made = create_root(path)
    assert len(made) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert list(file_roots(path)()) == [made]


def test_never_over_an_existing_one(tmp_path: Path) -> None:
    made = create_root(tmp_path / "root.key")
    with pytest.raises(Conflict):
        create_root(tmp_path / "root.key")
    assert list(file_roots(tmp_path / "root.key")()) == [made]


def test_a_source_reads_again(tmp_path: Path) -> None:
    path = tmp_path / "root.key"
    old, new = create_root(path), new_root()
    source = file_roots(path)
    write_roots(path, [new, old])
    assert list(source()) == [new, old]
    assert path.stat().st_mode & 0o777 == 0o600
    assert [other.name for other in tmp_path.iterdir()] == ["root.key"]


@pytest.mark.parametrize("mode", [0o604, 0o620, 0o666, 0o602])
def test_a_file_that_others_reach_is_refused(tmp_path: Path, mode: int) -> None:
    create_root(tmp_path / "root.key")
    (tmp_path / "root.key").chmod(mode)
    with pytest.raises(SetupWrong):
        file_roots(tmp_path / "root.key")()


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(SetupWrong):
        file_roots(tmp_path / "root.key")()


WRONG = ["", "# only a remark", "zz" * 32, "ab" * 31, "ab" * 33, "ab" * 32 + " cd", "geheim"]


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_root_is_not_shown(text: str, tmp_path: Path) -> None:
    with pytest.raises(SetupWrong) as caught:
        given_roots(text)
    assert "geheim" not in repr(caught.value) + caught.value.advice_text()
    assert caught.value.__cause__ is None
    path = tmp_path / "root.key"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(SetupWrong):
        file_roots(path)()


def test_several_ways_to_write_them() -> None:
    one, two = new_root(), new_root()
    assert parse_roots(f"# remark\n{one.hex()}\n  {two.hex().upper()}\n") == [one, two]
    assert parse_roots(f"{one.hex()},{two.hex()}") == [one, two]
    assert list(given_roots(one.hex())()) == [one]


def test_from_a_program() -> None:
    root = new_root()
    assert list(command_roots([sys.executable, "-c", f"print('{root.hex()}')"])()) == [root]
    with pytest.raises(OutsideDown) as caught:
        command_roots([sys.executable, "-c", "import sys; print('ge' 'heim'); sys.exit(3)"])()
    assert "geheim" not in caught.value.text() + caught.value.advice_text()
    assert caught.value.__cause__ is None
    with pytest.raises(SetupWrong):
        command_roots(["/no/such/program"])()
    with pytest.raises(SetupWrong):
        command_roots([sys.executable, "-c", "print('no key')"])()


@given(st.binary(min_size=32, max_size=32))
def test_paper_and_back(root: bytes) -> None:
    sheet = recovery_sheet(root)
    assert read_recovery_sheet(sheet) == root
    assert root.hex() not in sheet
    five = [line for line in sheet.splitlines() if line.strip()[:2] in ("1:", "2:", "3:", "4:", "5:")]
    assert len(five) == 5
    assert read_recovery_sheet("\n".join(five)) == root
    groups_alone = "\n\n".join(line.partition(":")[2].lower() for line in five)
    assert read_recovery_sheet(groups_alone) == root
    sloppy = "\n".join(five).lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert read_recovery_sheet(sloppy.replace("l:", "1:")) == root


@given(st.binary(min_size=32, max_size=32), st.integers(0, 10**9))
def test_a_typing_error_names_its_line(root: bytes, seed: int) -> None:
    dice = random.Random(seed)
    lines = [line for line in recovery_sheet(root).splitlines() if ":  " in line]
    number = dice.randrange(5)
    head, _, groups = lines[number].partition(":  ")
    at = dice.choice([place for place, letter in enumerate(groups) if letter != "-"])
    other = dice.choice([letter for letter in "23456789ABCDEFGHJKMNPQRSTVWXYZ" if letter != groups[at]])
    lines[number] = f"{head}:  {groups[:at]}{other}{groups[at + 1 :]}"
    with pytest.raises(BadInput) as caught:
        read_recovery_sheet("\n".join(lines))
    assert caught.value.params == {"line": number + 1}
    assert str(number + 1) in caught.value.text()


def test_swapped_missing_and_doubled_lines() -> None:
    lines = [line for line in recovery_sheet(new_root()).splitlines() if ":  " in line]
    swapped = [lines[0].replace("1:", "2:"), lines[1].replace("2:", "1:"), *lines[2:]]
    for wrong in (swapped, lines[1:], lines[:-1], [*lines, lines[0]], []):
        with pytest.raises(BadInput):
            read_recovery_sheet("\n".join(wrong))


def test_lines_of_two_sheets() -> None:
    one, two = (recovery_sheet(new_root()).splitlines() for _ in range(2))
    mixed = [
        second if ":  " in first and first.strip()[0] == "3" else first for first, second in zip(one, two, strict=True)
    ]
    with pytest.raises(BadInput):
        read_recovery_sheet("\n".join(mixed))
