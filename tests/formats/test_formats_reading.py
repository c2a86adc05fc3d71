"""Every kind of file gives pages, words and, where it can, an archive rendition; nothing of it is run or followed."""

import os
import time
import zipfile
from pathlib import Path

import pytest

from ingest.readers.containers import look_at_ole, look_at_zip
from ingest.readers.errors import ConverterUnavailable, ReadFailed
from ingest.readers.letters import decoded
from ingest.readers.officeplace import find
from ingest.readers.results import ReadResult
from ingest.readers.session import ReadSession
from ingest.readers.texttypes import look
from ingest.rules.kinds import FileKind
from ingest.rules.sniff import Accepted, Limits, identify
from tests.formats import making
from tests.formats.outlook_file import msg, write
from tests.houses import House
from tests.readers import pdfbox

FULL = os.environ.get("DMS_TEST_FULL") == "1"  # noqa: TID251 - how thorough this run is
LETTERS = {
    "nota.txt": (FileKind.TXT, "Een notitie over begrijpend lezen.\nTweede regel met geld: € 12,50.".encode()),
    "oud.txt": (FileKind.TXT, "Een notitie over lezen met één é en een ë.".encode("cp1252")),
    "breed.txt": (FileKind.TXT, "Een notitie in twee bytes per letter: lezen.".encode("utf-16")),
    "pagina.html": (
        FileKind.HTML,
        b"<html><body><h1>Lezen</h1><p>Tekst<br>twee</p><script>weg()</script></body></html>",
    ),
    "stukje.html": (FileKind.HTML, b'<p class="a">Over het lezen</p><script>weg()</script><p>twee</p>'),
    "kleiner.txt": (FileKind.TXT, b"<p> is hier geen bladzijde maar een teken: lezen < schrijven"),
    "mail.eml": (FileKind.EML, making.mail("Beste school, over het lezen van vorige week.")),
    "post.msg": (FileKind.MSG, msg("Onderwerp", "Beste school, over het lezen van vorige week.", {})),
}
QUICK = {"verslag.docx": (FileKind.DOCX, making.docx()), "cijfers.xlsx": (FileKind.XLSX, making.xlsx())}
MORE = {
    "verslag.odt": (FileKind.ODT, making.odt()),
    "verslag.rtf": (FileKind.RTF, making.rtf()),
    "cijfers.ods": (FileKind.ODS, making.ods()),
    "plan.odp": (FileKind.ODP, making.odp()),
}
OFFICE = {**QUICK, **(MORE if FULL else {})}


def read(folder: Path, name: str, data: bytes, program: Path | None = None) -> tuple[FileKind, ReadResult, Path | None]:
    """Identify and read one file, as a worker does."""
    path = folder / "original"
    path.write_bytes(data)
    with ReadSession(path, folder, program=program) as session:
        verdict = identify(session.facts(name), Limits())
        assert isinstance(verdict, Accepted), verdict
        result = session.read(verdict.kind.value)
        archived = session.archive(verdict.kind.value, result)
        if archived is None:
            archived = session.archive_seen(verdict.kind.value, result)
        return verdict.kind, result, archived


@pytest.mark.parametrize("name", LETTERS)
def test_texts_are_set_on_pages(name: str, tmp_path: Path) -> None:
    kind, data = LETTERS[name]
    found, result, archived = read(tmp_path, name, data)
    assert found is kind
    assert "lezen" in result.text.lower()
    assert "weg()" not in result.text
    assert {x.source for x in result.pages} == {"text"}
    assert all(x.words and x.image.exists() for x in result.pages)
    assert archived is not None


@pytest.mark.slow
def test_a_photo_of_a_telephone_is_read(tmp_path: Path) -> None:
    """HEIC: an invented letter on a table, as an iPhone stores it."""
    photo = Path(__file__).with_name("phone.heic").read_bytes()
    found, result, archived = read(tmp_path, "IMG_0412.HEIC", photo)
    assert found is FileKind.HEIC
    assert "observatie in groep 6" in result.text.lower()
    assert [(x.source, x.image.exists()) for x in result.pages] == [("ocr", True)]
    assert archived is not None


@pytest.mark.slow
@pytest.mark.parametrize("name", OFFICE)
def test_office_files_get_pages_and_an_archive_rendition(name: str, tmp_path: Path, libreoffice: Path) -> None:
    kind, data = OFFICE[name]
    found, result, archived = read(tmp_path, name, data, libreoffice)
    assert found is kind
    assert any(x in result.text.lower() for x in ("lezen", "rekenen", "schoolplan"))
    assert {x.source for x in result.pages} == {"text"}
    assert archived is not None
    assert b"pdfaid:part>2" in archived.read_bytes()
    assert {x.name for x in tmp_path.iterdir()} >= {"original", "office"}  # its profile lies in the job's folder


@pytest.mark.slow
def test_renditions_made_later_are_valid(tmp_path: Path) -> None:
    """The twin under the label 1b, of a mail and of a born-digital letter."""
    if not pdfbox.present():
        pytest.skip("needs PDFBox preflight: make setup-tests")
    twins = []
    for number, data in enumerate((making.mail("Beste school, over het lezen van vorige week."), making.letter())):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "original").write_bytes(data)
        with ReadSession(folder / "original", folder) as session:
            kind = "eml" if number == 0 else "pdf"
            twins.append(session.archive_seen(kind, session.read(kind), "Een titel & meer", part=1))
    assert pdfbox.judged(twins) == ["valid", "valid"]


def test_without_libreoffice_an_office_file_waits(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.readers.officeplace.find", lambda _: None)
    intake = house.send([("verslag.docx", making.docx())])
    house.app.worker().work_once()
    [item] = house.items(intake)
    assert (item.state.value, item.reason.code) == ("waiting", "converter_unavailable")
    assert "apt install libreoffice-writer-nogui" in item.advice
    assert find("nee") is None


@pytest.mark.slow
def test_what_libreoffice_cannot_open_says_so(tmp_path: Path, libreoffice: Path) -> None:
    broken = making.docx(body="<w:p><w:r><w:t>nooit dicht")
    with pytest.raises(ReadFailed) as told:
        read(tmp_path, "stuk.docx", broken, libreoffice)
    assert told.value.code == "read_convert"
    with pytest.raises(ConverterUnavailable):
        read(tmp_path / ".", "stuk.docx", broken)


@pytest.mark.slow
def test_links_to_other_files_are_not_followed(tmp_path: Path, libreoffice: Path) -> None:
    """A document that asks for a file of this machine as text and as a picture: neither comes in."""
    secret = tmp_path / "geheim.txt"
    secret.write_text("GEHEIMWOORD van een ander\n" * 5, encoding="utf-8")
    (tmp_path / "plaatje.png").write_bytes(making.picture(300, 200))
    link = (
        '<text:section text:name="s"><text:section-source xlink:href="{}" '
        'xmlns:xlink="http://www.w3.org/1999/xlink" text:filter-name="Text"/><text:p>leeg</text:p></text:section>'
    )
    image = (
        '<text:p><draw:frame svg:width="5cm" svg:height="4cm" text:anchor-type="paragraph"><draw:image '
        'xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="{}" xlink:type="simple"/></draw:frame></text:p>'
    )
    inside = link.format(secret.as_uri()) + image.format((tmp_path / "plaatje.png").as_uri())
    data = making.odf("text", f"{inside}<text:p>Gewone tekst over het lezen.</text:p>")
    _, result, archived = read(tmp_path, "verslag.odt", data, libreoffice)
    assert "lezen" in result.text
    assert "GEHEIMWOORD" not in result.text
    assert archived is not None
    assert b"/Subtype/Image" not in archived.read_bytes()


def test_kinds_are_told_by_what_is_inside(tmp_path: Path) -> None:
    def looked(data: bytes, look: object, *more: str) -> dict[str, object]:
        path = tmp_path / "bestand"
        path.write_bytes(data)
        return look(path, *more)  # type: ignore[operator, no-any-return]

    assert looked(making.odt(), look_at_zip)["media_type"] == "application/vnd.oasis.opendocument.text"
    assert looked(making.archive({"a.txt": "x"}), look_at_zip)["media_type"] == "application/zip"
    assert looked(b"PK\x03\x04rommel", look_at_zip)["parse_error"]
    locked = making.archive(
        {"mimetype": "application/vnd.oasis.opendocument.text", "META-INF/manifest.xml": "<manifest:encryption-data/>"}
    )
    assert looked(locked, look_at_zip)["encrypted"]
    ole = "application/x-ole-storage"
    assert looked(write({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), look_at_ole, ole)["encrypted"]
    word = bytes(10) + b"\x00\x01" + bytes(500)  # fEncrypted
    assert looked(write({"WordDocument": word}), look_at_ole, ole) == {
        "media_type": "application/msword", "encrypted": True,
    }  # fmt: skip
    sheet = b"\x09\x08\x10\x00" + bytes(16) + b"\x2f\x00\x06\x00" + bytes(6)  # BOF, FilePass
    assert looked(write({"Workbook": sheet}), look_at_ole, ole)["encrypted"]
    assert looked(write({"Iets": b"x"}), look_at_ole, ole) == {"media_type": ole}
    assert looked(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 900, look_at_ole, ole)["parse_error"]


def test_a_row_of_comments_keeps_nobody_busy(tmp_path: Path) -> None:
    path = tmp_path / "rij.html"
    path.write_bytes(b"<!---->" * 2000 + b"geen bladzijde")
    begin = time.process_time()
    assert look(path, "text/plain") == {"media_type": "text/plain"}
    assert time.process_time() - begin < 1


def test_letters_are_what_they_were_meant_to_be() -> None:
    assert decoded("één €".encode()) == "één €"
    assert decoded("één €".encode("cp1252")) == "één €"
    assert decoded("één €".encode("cp1252"), "iso-8859-1") == "één €"
    assert decoded("Ñandú".encode("cp850"), "cp850") == "Ñandú"
    assert decoded("één".encode("cp1252"), "bestaat-niet") == "één"
    assert decoded(b"\xff\xfe" + "één".encode("utf-16-le")) == "één"
    assert decoded(b"<meta charset='windows-1250'>\xe1\xe8") == "<meta charset='windows-1250'>áč"
    assert decoded(b"a\x00b\x08c") == "abc"


def test_zip_entries_never_become_paths(tmp_path: Path) -> None:
    from ingest.rules.parts import PartLimits

    data = making.archive({"../../x.txt": "hoi", "/etc/x.txt": "hoi", "goed.txt": "hoi"})
    (tmp_path / "original").write_bytes(data)
    with ReadSession(tmp_path / "original", tmp_path) as session:
        found = session.unpack("zip", PartLimits())
    assert [x.file for x in found] == ["", "", "part-00002"]
    assert sorted(x.name for x in tmp_path.iterdir()) == ["original", "part-00002"]
    assert zipfile.is_zipfile(tmp_path / "original")
