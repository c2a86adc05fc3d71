"""OSO gegevensset 2019.1: the traps of its fields, attachments that are not what they say, and files that mean harm."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from dms.kernel.errors import BadInput
from dms.model.received import PackageFormat, PartChoice
from ingest.readers.oso import OsoDossier, read_oso
from ingest.rules.dossier_zip.entries import EntryLimits
from ingest.service.received.reading import opened
from tests.backup.backup_world import paper
from tests.houses import House
from tests.received.received_world import coded, oso, take, zipped

MEGABYTE = 1024 * 1024
PDF = paper("bonte strandloper")


def read(raw: bytes, folder: Path) -> OsoDossier:
    return read_oso([raw[x : x + 1000] for x in range(0, len(raw), 1000)], folder, MEGABYTE)


@pytest.mark.parametrize(("gender", "word"), [("0", "onbekend"), ("1", "vrouw"), ("2", "man"), ("9", "onbekend")])
def test_gender_is_the_other_way_round(gender: str, word: str, tmp_path: Path) -> None:
    assert read(oso({}, gender=gender), tmp_path).pupil.gender == word


@pytest.mark.parametrize(
    ("birth", "day", "partial"),
    [
        ("<geboortedatum>2015-03-09</geboortedatum>", date(2015, 3, 9), ""),
        ("<gba><gbageboortedatum>09-03-2015</gbageboortedatum></gba>", date(2015, 3, 9), ""),
        ("<gba><gbageboortedatum>00-00-2015</gbageboortedatum></gba>", None, "00-00-2015"),
        ("<geboortemaand>2015-03</geboortemaand>", None, "2015-03"),
    ],
)
def test_birth_dates(birth: str, day: date | None, partial: str, tmp_path: Path) -> None:
    pupil = read(oso({}, birth=birth), tmp_path).pupil
    assert (pupil.birth_date, pupil.birth_date_partial) == (day, partial)


def test_a_secret_address_is_no_address(tmp_path: Path) -> None:
    told = read(oso({}, secret=True), tmp_path)
    assert told.pupil.address_secret
    assert [(x.address_secret, x.phone, x.email) for x in told.carers] == [(True, "", "")]
    (tmp_path / "open").mkdir()
    plain = read(oso({}), tmp_path / "open")
    assert [(x.phone, x.email, x.relation) for x in plain.carers] == [
        ("0201234567", "vader@wijngaarden.example", "vader")
    ], "who died is left out"


def test_the_rest_of_the_dossier(tmp_path: Path) -> None:
    told = read(oso({}, bsn="11222333"), tmp_path)
    assert (told.kind, told.sender.brin, told.sender.name) == ("POVO", "99ZZ", "Het Kompas")
    assert (told.pupil.first_names, told.pupil.bsn, told.pupil.advice) == ("Noor Elise", "011222333", "havo")
    assert [(x.school_year, x.group, x.year_level) for x in told.pupil.stays] == [("2025-2026", "8a", "8")]
    assert told.inspection is not None
    assert (told.inspection.seen_on, told.inspection.agreed) == (date(2026, 5, 28), "Nee")


def packed(**names: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in names.items():
            archive.writestr(f"{name}.pdf", data)
    return out.getvalue()


BOMB = zipped("bom.pdf", bytes(30 * MEGABYTE))
FAULTY = {
    "afgebroken.pdf": (coded(zipped("afgebroken.pdf", PDF))[:103], "part_base64"),
    "kapot.pdf": ("dit is geen base64!", "part_base64"),
    "geenzip.pdf": (coded(PDF), "part_zip"),
    "halvezip.pdf": (coded(zipped("halvezip.pdf", PDF)[:-40]), "part_zip"),
    "anders.pdf": (coded(zipped("heel-anders.pdf", PDF)), "part_name"),
    "dubbel.pdf": (coded(packed(dubbel=PDF, extra=PDF)), "part_many"),
    "leeg.pdf": (coded(zipped("leeg.pdf", b"")), "*"),
    "weg.pdf": (coded(zipped("../../weg.pdf", PDF)), "*"),
    "link.pdf": (coded(zipped("link.pdf", b"/etc/passwd", mode=0o120777)), "*"),
    "bom.pdf": (coded(BOMB), "*"),
    "macro.exe": (coded(zipped("macro.exe", b"MZ")), "*"),
    "plaatje.pdf": (coded(zipped("plaatje.pdf", b"\x89PNG\r\n\x1a\n")), "not_what_its_name_says"),
    "niets.pdf": ("", "*"),
}


def test_one_bad_attachment_is_flagged_and_the_rest_goes_on(tmp_path: Path) -> None:
    raw = oso({**{k: v for k, (v, _) in FAULTY.items()}, "goed.pdf": coded(zipped("goed.pdf", PDF))})
    with opened(io.BytesIO(raw), "99XX", tmp_path, EntryLimits(most_bytes=20 * MEGABYTE)) as package:
        assert package.format is PackageFormat.OSO
        found = {x.name: x for x in package.parts}
        for name, (_, code) in FAULTY.items():
            fault = found[name].fault
            assert fault is not None, name
            assert code in ("*", fault.code), (name, fault)
            assert fault.text
        good = found["goed.pdf"]
        assert good.fault is None
        assert good.open is not None
        assert b"".join(good.open()) == PDF


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (oso({}, head='<!DOCTYPE x [<!ENTITY a "b">]>'), "xml_unsafe"),
        (oso({})[:-40], "xml_broken"),
        (oso({}, year="2024"), "oso_year"),
        (oso({}).replace(b"<achternaam>Wijngaarden</achternaam><roepnaam>Noor</roepnaam>", b"", 1), "xml_values"),
        (oso({}).replace(b"99ZZ", b"onzin"), "xml_values"),
    ],
)
def test_what_cannot_be_read_is_refused_whole(raw: bytes, code: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as fault:
        read(raw, tmp_path)
    assert fault.value.code == code


def test_reviewed_although_an_attachment_is_broken(school: House) -> None:
    receipt = take(school, oso({"goed.pdf": coded(zipped("goed.pdf", PDF)), "stuk.pdf": "####"}))
    view = school.app.received.review.view(school.by("anouk"), receipt)
    assert [(x.name, x.choice, x.fault is None) for x in view.parts] == [
        ("goed.pdf", PartChoice.TAKE, True),
        ("stuk.pdf", PartChoice.LEAVE, False),
        ("overstapadvies.txt", PartChoice.TAKE, True),
    ]
    assert view.told is not None
    assert [(x.agreed, x.remark) for x in view.told.inspections] == [("nee", "Het advies is te laag.")]
    school.app.received.enrolling.enrol(school.by("anouk"), receipt, view.row_version)
    with school.app.database.read():
        version = school.app.received.review.view(school.by("anouk"), receipt)
    assert version.pupil is not None
