"""Job folders: private, empty at the start, gone at the end."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from dms.kernel.errors import OutsideDown
from storage.spool import job_folder, sweep, wipe

NOBODY = 65534


def test_private_and_gone(tmp_path: Path) -> None:
    with job_folder(tmp_path / "spool", "job-1") as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
        assert folder.parent.stat().st_mode & 0o777 == 0o700
        (folder / "page.pgm").write_bytes(b"x")
        (folder / "deep" / "deeper").mkdir(parents=True)
    assert list((tmp_path / "spool").iterdir()) == []


def test_gone_after_a_fault(tmp_path: Path) -> None:
    def job() -> None:
        with job_folder(tmp_path, "job-1") as folder:
            (folder / "page.pgm").write_bytes(b"x")
            raise ValueError("no such page")

    with pytest.raises(ValueError, match="no such page"):
        job()
    assert list(tmp_path.iterdir()) == []


def test_empty_at_the_start_after_a_kill(tmp_path: Path) -> None:
    (tmp_path / "job-1").mkdir()
    (tmp_path / "job-1" / "left").write_bytes(b"plaintext of before")
    with job_folder(tmp_path, "job-1") as folder:
        assert list(folder.iterdir()) == []


def test_links_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("stays")
    spool = tmp_path / "spool"
    with job_folder(spool, "job-1") as folder:
        (folder / "link").symlink_to(outside)
        (folder / "file").symlink_to(outside / "precious")
    (spool / "job-2").symlink_to(outside)
    with job_folder(spool, "job-2"):
        pass
    (spool / "job-3").symlink_to(outside)
    assert sweep(spool, list) == 1
    assert (outside / "precious").read_text() == "stays"


def test_rights_taken_away_do_not_help() -> None:
    """Done as a user without power over others' folders, in a child process where the tests run as root."""
    place = Path(tempfile.mkdtemp())
    child = os.fork()
    if child == 0:
        code = 1
        try:
            if os.geteuid() == 0:
                os.chown(place, NOBODY, NOBODY)
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            with job_folder(place, "job-1") as folder:
                (folder / "a" / "b").mkdir(parents=True)
                (folder / "a" / "b" / "c").write_text("x")
                (folder / "a" / "b").chmod(0)
                (folder / "a").chmod(0o500)
            code = 0 if list(place.iterdir()) == [] else 2
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    shutil.rmtree(place)
    assert os.waitstatus_to_exitcode(status) == 0


def test_sweeping(tmp_path: Path) -> None:
    for name in ("live", "dead", "dead-too"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "plain.txt").write_text("x")
    assert sweep(tmp_path, lambda: ["live", "not-started"]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["live"]
    assert sweep(tmp_path / "nowhere", list) == 0


def test_a_job_that_starts_meanwhile_keeps_its_folder(tmp_path: Path) -> None:
    (tmp_path / "dead").mkdir()

    def live() -> list[str]:
        (tmp_path / "fresh").mkdir()
        return []

    assert sweep(tmp_path, live) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["fresh"]


@pytest.mark.parametrize("job_id", ["", ".", "..", "a/b", "../x", "A", "-a", "a\0", "x" * 81])
def test_ids_are_checked(tmp_path: Path, job_id: str) -> None:
    with pytest.raises(ValueError), job_folder(tmp_path, job_id):
        pytest.fail("made a folder")


def test_no_place(tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("in the way")
    with pytest.raises(OutsideDown), job_folder(tmp_path / "spool", "job-1"):
        pytest.fail("made a folder")


def test_wiping_what_is_not_there(tmp_path: Path) -> None:
    wipe(tmp_path / "nothing")
