"""Each case of a bad file in an archive: refused or skipped with its reason, and the rest goes on."""

import os
import socket
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dms.kernel.errors import BadInput
from dms.model.archives import Fate
from ingest.rules.dossier_zip.entries import decode_name
from ingest.service.dossier_survey import Survey
from tests import houses
from tests.houses import BRIN, OPERATOR, House
from tests.lvs_archive.archive_files import archive, bomb, link, overlapping, pdf, raw_archive

GOOD = ("brief.pdf", pdf("Een brief."))


@pytest.fixture(scope="module")
def school(house_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house that is only looked at."""
    made = houses.copy(house_template, tmp_path_factory.mktemp("archives") / "house")
    yield made
    made.app.close()


@pytest.fixture
def look(school: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], Survey]:
    """Looks an archive over; opens no socket and leaves no file behind."""

    def closed(*_: object, **__: object) -> socket.socket:
        raise AssertionError("a socket was opened")

    def look_over(data: bytes) -> Survey:
        path = tmp_path / "archive.zip"
        path.write_bytes(data)
        before = {x for x in tmp_path.rglob("*") if x.is_file()}
        outside = set(os.listdir(tmp_path.parent))
        with monkeypatch.context() as patch:
            patch.setattr(socket, "socket", closed)
            with path.open("rb") as file:
                found = school.app.dossiers.preview_file(OPERATOR, BRIN, file)
        assert {x for x in tmp_path.rglob("*") if x.is_file() and "sqlite" not in x.name} <= before
        assert set(os.listdir(tmp_path.parent)) == outside
        return found

    return look_over


Look = Callable[[bytes], Survey]


def fates(found: Survey) -> dict[str, tuple[str, str]]:
    return {x.path: (x.fate.value, x.reason.code) for x in found.lines}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../../etc/cron.d/brief.pdf", "entry_path"),
        ("map/../../brief.pdf", "entry_path"),
        ("/etc/brief.pdf", "entry_path"),
        ("C:/Windows/brief.pdf", "entry_path"),
        ("..\\..\\brief.pdf", "entry_path"),
        ("brief\u202efdp.exe.pdf", "entry_path"),
        ("map/con.pdf", "entry_path"),
        ("map//brief.pdf", "entry_path"),
        ("a" * 600 + ".pdf", "entry_path"),
    ],
    ids=["up", "up inside", "absolute", "drive", "backslashes", "right to left", "device", "empty folder", "long"],
)
def test_a_name_that_leads_out_of_the_archive(look: Look, name: str, code: str) -> None:
    found = look(archive([(name, pdf("x")), GOOD]))
    assert [x.fate for x in found.lines] == [Fate.REFUSED, Fate.DESK]
    assert found.lines[0].reason.code == code
    assert str(found.lines[0].reason)


def test_nul_in_a_name(look: Look) -> None:
    found = look(raw_archive([(b"brief.pdf\0.exe", pdf("x"), 0), (b"goed.pdf", pdf("y"), 0)]))
    assert (found.lines[0].fate, found.lines[0].reason.code) == (Fate.REFUSED, "entry_path")
    assert found.lines[1].fate is Fate.DESK


def test_a_symbolic_link(look: Look) -> None:
    found = look(archive([(link("brief.pdf"), b"/etc/passwd"), ("goed.pdf", pdf("y"))]))
    assert fates(found) == {"brief.pdf": ("refused", "entry_link"), "goed.pdf": ("desk", "source_nobody")}


def test_a_bomb_among_documents(look: Look) -> None:
    found = look(archive([("bom.pdf", bomb()), GOOD]))
    assert fates(found)["bom.pdf"] == ("refused", "entry_bomb")
    assert fates(found)["brief.pdf"][0] == "desk"


def test_nothing_but_a_bomb_is_refused_as_a_whole(look: Look) -> None:
    with pytest.raises(BadInput) as fault:
        look(archive([("bom.pdf", bomb())]))
    assert fault.value.code == "archive_bomb"


def test_files_that_lie_over_one_another(look: Look) -> None:
    with pytest.raises(BadInput) as fault:
        look(overlapping())
    assert fault.value.code == "archive_bomb"


def test_a_list_that_says_it_has_millions(look: Look) -> None:
    data = bytearray(archive([GOOD]))
    at = data.rindex(b"PK\x05\x06")
    data[at + 12 : at + 16] = (2**31).to_bytes(4, "little")
    with pytest.raises(BadInput) as fault:
        look(bytes(data))
    assert fault.value.code == "archive_bomb"


@pytest.mark.parametrize("data", [b"", b"PK", b"geen archief", archive([GOOD])[:-30], archive([GOOD])[40:]])
def test_what_is_no_archive_or_is_cut_off(look: Look, data: bytes) -> None:
    with pytest.raises(BadInput) as fault:
        look(data)
    assert fault.value.code == "archive_broken"


def test_an_archive_with_a_password_is_refused_as_a_whole(look: Look) -> None:
    with pytest.raises(BadInput) as fault:
        look(raw_archive([(b"brief.pdf", pdf("x"), 1), (b"tweede.pdf", pdf("y"), 1)]))
    assert fault.value.code == "archive_encrypted"


def test_one_file_with_a_password(look: Look) -> None:
    found = look(raw_archive([(b"geheim.pdf", pdf("x"), 1), (b"goed.pdf", pdf("y"), 0)]))
    assert fates(found) == {"geheim.pdf": ("refused", "entry_encrypted"), "goed.pdf": ("desk", "source_nobody")}


def test_an_archive_in_the_archive(look: Look) -> None:
    inner = archive([GOOD])
    found = look(archive([("in.zip", inner), ("heet.pdf", inner), ("heet anders.dat", inner), GOOD]))
    assert {x.path: x.reason.code for x in found.lines if x.fate is Fate.REFUSED} == dict.fromkeys(
        ("in.zip", "heet.pdf", "heet anders.dat"), "entry_archive"
    )
    assert fates(found)["brief.pdf"][0] == "desk"


def test_what_computers_leave_in_folders_is_skipped(look: Look) -> None:
    junk = ["__MACOSX/map/._brief.pdf", "map/.DS_Store", "map/Thumbs.db", "desktop.ini", "map/~$rapport.docx"]
    found = look(archive([*((x, b"\0\1junk") for x in junk), GOOD]))
    assert {x.path for x in found.lines if x.fate is Fate.SKIPPED} == set(junk)
    assert all(x.reason.code == "entry_junk" for x in found.lines if x.fate is Fate.SKIPPED)


def test_a_file_of_0_bytes(look: Look) -> None:
    assert fates(look(archive([("leeg.pdf", b""), GOOD])))["leeg.pdf"] == ("refused", "empty_file")


@pytest.mark.parametrize("data", [b"MZ\x90\x00programma", b"<html><script>1</script></html>", b"\x89PNG\r\n\x1a\n"])
def test_a_wrong_extension(look: Look, data: bytes) -> None:
    found = look(archive([("rapport.pdf", data), GOOD]))
    assert fates(found)["rapport.pdf"][0] == "refused"
    assert fates(found)["rapport.pdf"][1] in ("not_what_its_name_says", "entry_program")


def test_a_program(look: Look) -> None:
    assert fates(look(archive([("setup.exe", b"x"), GOOD])))["setup.exe"] == ("refused", "entry_program")


def test_two_names_that_differ_in_capitals_only(look: Look) -> None:
    found = look(archive([("Rapport.pdf", pdf("a")), ("rapport.PDF", pdf("b"))]))
    assert [(x.fate, x.reason.code) for x in found.lines] == [
        (Fate.DESK, "source_nobody"),
        (Fate.REFUSED, "same_name"),
    ]


def test_names_in_the_code_page_of_old_archives(look: Look) -> None:
    names = ["Gümüz/Zoë.pdf".encode("cp437"), "Gümüz/Zoë.pdf".encode("cp1252"), "Gümüz/Zoé.pdf".encode()]
    for name in names:
        found = look(raw_archive([(name, pdf("x"), 0)]))
        assert found.lines[0].path.startswith("Gümüz/Zo"), found.lines[0].path
    assert decode_name("Zoe\u0308.pdf".encode(), True) == "Zoë.pdf"


def test_bytes_that_do_not_fit_their_checksum(look: Look) -> None:
    data = bytearray(archive([(zipfile.ZipInfo("stuk.pdf"), pdf("een twee drie")), GOOD]))
    at = data.index(b"%PDF")
    data[at + 40] ^= 0xFF
    assert fates(look(bytes(data)))["stuk.pdf"] == ("refused", "entry_broken")


def test_a_file_that_is_larger_than_the_list_says(look: Look) -> None:
    data = bytearray(raw_archive([(b"stuk.pdf", pdf("x"), 0), (b"goed.pdf", pdf("y"), 0)]))
    listing = data.index(b"PK\x01\x02")
    data[listing + 24 : listing + 28] = (100).to_bytes(4, "little")
    found = look(bytes(data))
    assert found.lines[0].fate is Fate.REFUSED
    assert found.lines[1].fate is Fate.DESK


def test_an_archive_without_files(look: Look) -> None:
    with pytest.raises(BadInput) as fault:
        look(archive([]))
    assert fault.value.code == "archive_empty"
