"""`dms import dossiers`: what would become of an archive, taking it in, and what it exits with."""

from pathlib import Path

import pytest

from tests.cli.fixtures import logging_as_it_was
from tests.cli.small_school import BRIN, Installation, furnish
from tests.lvs_archive.archive_files import archive, bomb, link, pdf, raw_archive

__all__ = ["logging_as_it_was"]


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """A school with its pupils."""
    return furnish(tmp_path_factory.mktemp("dossiers"))


@pytest.mark.slow
def test_hostile_files_are_refused_and_the_rest_goes_on(school: Installation, tmp_path: Path) -> None:
    one = school.pupil(0)
    folder = f"{one.number}_{one.surname}_{one.call_name}"
    path = tmp_path / "export.zip"
    good = f"{folder}/OND-03/2025-02-03_Rapport.pdf"
    path.write_bytes(
        archive(
            [
                (good, pdf("Een rapport.")),
                ("../buiten.pdf", pdf("x")),
                (link("wijst.pdf"), b"/etc/passwd"),
                ("bom.pdf", bomb(32)),
                ("anders.pdf", b"<html>"),
            ]
        )
    )
    shown = school.dms("import", "dossiers", path, "--school", BRIN, "--json")
    assert shown.code == 0, shown.err
    assert shown.json["applied"] is False
    status = {x["path"]: x["status"] for x in shown.json["files"]}
    refused = ("../buiten.pdf", "wijst.pdf", "bom.pdf", "anders.pdf")
    assert status == {good: "filed", **dict.fromkeys(refused, "refused")}
    assert all(x["reason"] for x in shown.json["files"])
    done = school.dms("import", "dossiers", path, "--school", BRIN, "--apply", "--wait", "--json")
    assert done.code == 0, done.err
    assert {x["path"]: x["status"] for x in done.json["files"]} == status
    filed = next(x for x in done.json["files"] if x["path"] == good)
    assert (filed["pupil"], filed["category"], filed["document_date"]) == (one.number, "OND-03", "2025-02-03")
    assert filed["document_id"]
    again = school.dms("import", "dossiers", path, "--school", BRIN, "--apply", "--json")
    assert {x["path"]: x["status"] for x in again.json["files"]}[good] == "duplicate"
    assert school.dms("check", "--json").json["objects_orphan"] == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (raw_archive([(b"a.pdf", b"x" * 50, 1)]), "archive_encrypted"),
        (b"PK\x03\x04 stuk", "archive_broken"),
        (archive([("bom.pdf", bomb(64))]), "archive_bomb"),
    ],
    ids=["encrypted", "broken", "bomb"],
)
@pytest.mark.parametrize("more", [(), ("--apply",)])
def test_an_archive_that_is_refused_as_a_whole_exits_2(
    school: Installation, tmp_path: Path, data: bytes, code: str, more: tuple[str, ...]
) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(data)
    result = school.dms("import", "dossiers", path, "--school", BRIN, "--json", *more)
    assert result.code == 2
    assert code in result.err
    assert result.out == ""


def test_an_unknown_school_exits_2(school: Installation, tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(archive([("a.pdf", pdf("x"))]))
    assert school.dms("import", "dossiers", path, "--school", "00AA").code == 2
