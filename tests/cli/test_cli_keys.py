"""`dms keys rotate`, and a second copy of the key store."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from dms.db.tables import AuditEventRow
from dms.model.events import EventKind
from storage.keys.recovery import read_recovery_sheet
from storage.keys.root import parse_roots
from tests.cli.small_school import ADMIN, BRIN, Installation


@pytest.fixture
def kept(empty: Installation) -> Installation:
    """A new installation with something sealed in it."""
    assert empty.dms("init", "--school", BRIN, "--name", "Het Kompas", "--admin", ADMIN, "--json").code == 0
    return empty


def test_rotate(kept: Installation) -> None:
    root_file, sheet = kept.folder / "keys" / "root.key", kept.folder / "herstelblad.txt"
    (old,) = parse_roots(root_file.read_text())
    done = kept.dms("keys", "rotate", "--recovery-sheet", sheet, "--json")
    assert done.code == 0, done.err
    assert set(done.json) == {"rewrapped", "root", "old_root_stays", "recovery_sheet"}
    (new,) = parse_roots(root_file.read_text())
    assert new != old
    assert read_recovery_sheet(sheet.read_text("utf-8")) == new
    assert done.json["root"] in sheet.read_text("utf-8")
    assert new.hex() not in done.out
    assert kept.dms("check").code == 0
    with kept.app() as app:
        app.checks.seal_audit()
        assert app.checks.verify_audit()[1] == []
        with app.database.read() as session:
            rows = session.scalars(select(AuditEventRow).where(AuditEventRow.kind == EventKind.KEYS_ROTATED)).all()
    assert [x.details["root"] for x in rows] == [done.json["root"]]


def test_rotate_tells_people_and_prints_the_sheet(kept: Installation) -> None:
    done = kept.dms("keys", "rotate")
    assert done.code == 0, done.err
    (new,) = parse_roots((kept.folder / "keys" / "root.key").read_text())
    assert read_recovery_sheet(done.out) == new
    assert "oude herstelblad" in done.out


def test_a_sheet_that_is_there_is_not_overwritten(kept: Installation) -> None:
    before = (kept.folder / "keys" / "root.key").read_bytes()
    sheet = kept.folder / "blad.txt"
    sheet.write_text("van vorig jaar")
    done = kept.dms("keys", "rotate", "--recovery-sheet", sheet)
    assert done.code == 2
    assert (kept.folder / "keys" / "root.key").read_bytes() == before


def test_a_root_from_outside_asks_for_a_person(kept: Installation) -> None:
    (old,) = parse_roots((kept.folder / "keys" / "root.key").read_text())
    kept.more["DMS_ROOT_KEY"] = f"env:{old.hex()}"
    done = kept.dms("keys", "rotate")
    assert done.code == 2
    assert "openssl" in done.err
    kept.more["DMS_ROOT_KEY"] = f"env:{'ab' * 32},{old.hex()}"
    done = kept.dms("keys", "rotate")
    assert done.code == 0, done.err
    assert "DMS_ROOT_KEY" in done.out
    kept.more["DMS_ROOT_KEY"] = f"env:{'ab' * 32}"
    assert kept.dms("check").code == 0


@pytest.mark.slow
def test_a_second_copy_of_the_keys(school: Installation, tmp_path: Path) -> None:
    shutil.copytree(school.folder, tmp_path / "house")
    mine = Installation(tmp_path / "house", {"DMS_KEYS_COPY": str(tmp_path / "copy")})
    found = mine.dms("check", "--json")
    assert found.code == 4  # the copy is empty yet, and that is said
    assert found.json["keys_missing"] > 0
    mine.dms("check", "--repair", "--json")
    assert mine.dms("check", "--json").code == 0
    (mine.folder / "keys" / "keys.sqlite3").unlink()
    found = mine.dms("check", "--json")
    assert found.code == 4  # read from the copy meanwhile, but no second one any more
    assert mine.dms("check", "--full", "--json").json["fixity_bad"] == 0
    mine.dms("check", "--repair", "--json")
    assert mine.dms("check", "--full", "--json").code == 0
    del mine.more["DMS_KEYS_COPY"]
    assert mine.dms("check", "--full", "--json").code == 0


def test_the_copy_lies_elsewhere(empty: Installation) -> None:
    empty.more["DMS_KEYS_COPY"] = empty.environment["DMS_KEYS"]
    done = empty.dms("settings")
    assert done.code == 2
    assert "DMS_KEYS_COPY" in done.err
