"""The pile of papers: forty files that open, whose truth fits the school, and the files that must not get in."""

import csv
import io
import shutil
import subprocess
from collections import Counter
from datetime import date
from pathlib import Path

import cv2
import numpy as np
import pypdf
import pypdfium2
import pytest
from PIL import Image, ImageOps

from dms.demo import hostile, scan_files
from dms.demo.collection import ONE_PAGE_FORMS, DemoDocument, demo_documents, write_collection
from dms.demo.facts import School
from dms.demo.letters.catalogue import KINDS, make_letter
from dms.demo.letters.truth import Expected
from dms.demo.people import DEFAULT_SEED, kompas, regenboog
from dms.demo.scans import ScanStyle, fax_page, photo_page, rasterise, scan_page, straightened
from dms.kernel.schoolyear import SchoolYear

YEAR = SchoolYear(2026)
TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def school() -> School:
    return regenboog(DEFAULT_SEED, YEAR)


@pytest.fixture(scope="module")
def pile(school: School) -> list[DemoDocument]:
    return list(demo_documents(school, seed=1, today=TODAY))


@pytest.mark.slow
def test_forty_papers_six_for_the_desk(pile: list[DemoDocument]) -> None:
    assert Counter(document.truth.must_be for document in pile) == {Expected.FILEABLE: 34, Expected.DESK: 6}
    assert sum(document.form == "digital" for document in pile) == 20
    assert len({document.file_name.lower() for document in pile}) == 40
    assert len({document.kind for document in pile}) >= 25
    assert len({document.form for document in pile}) >= 9


def test_truth_fits_the_school(pile: list[DemoDocument], school: School) -> None:
    for document in pile:
        truth = document.truth
        assert (truth.pupil_number is None) == (truth.must_be is Expected.DESK)
        assert truth.document_date < TODAY
        assert truth.document_date.weekday() < 5
        if truth.pupil_number:
            pupil = school.pupil(truth.pupil_number)
            assert KINDS[document.kind].suits(pupil)


def test_names_do_not_tell(pile: list[DemoDocument], school: School) -> None:
    for document in pile:
        assert document.truth.category not in document.file_name
        if document.truth.pupil_number:
            pupil = school.pupil(document.truth.pupil_number)
            assert pupil.number not in document.file_name
            assert (pupil.surname or pupil.call_name) not in document.file_name


def test_every_file_opens(pile: list[DemoDocument]) -> None:
    for document in pile:
        ending = document.file_name.rpartition(".")[2]
        if ending == "pdf":
            reader = pypdf.PdfReader(io.BytesIO(document.data), strict=True)
            text = "".join(page.extract_text() for page in reader.pages)
            assert bool(text.strip()) == (document.form == "digital")
            assert len(pypdfium2.PdfDocument(document.data)) == len(reader.pages)
        else:
            image = Image.open(io.BytesIO(document.data))
            image.load()
            assert {"jpg": "JPEG", "png": "PNG", "tif": "TIFF"}[ending] == image.format
            assert document.form in (*ONE_PAGE_FORMS, "tiff", "fax")
            assert min(image.size) >= 1600


def test_same_seed_same_pile(school: School) -> None:
    one, two = (list(demo_documents(school, seed=5, today=TODAY, count=6)) for _ in range(2))
    assert [(d.file_name, d.truth, d.kind, d.form) for d in one] == [
        (d.file_name, d.truth, d.kind, d.form) for d in two
    ]
    assert [d.data for d in one if d.form == "digital"] == [d.data for d in two if d.form == "digital"]
    other = list(demo_documents(school, seed=6, today=TODAY, count=6))
    assert [d.truth for d in other] != [d.truth for d in one]


@pytest.mark.parametrize("today", [date(2026, 8, 2), date(2026, 9, 1), date(2027, 7, 31)])
def test_any_day_of_the_school_year_will_do(school: School, today: date) -> None:
    for document in demo_documents(school, seed=2, today=today, count=5):
        assert document.truth.document_date < today


def test_written_pile_has_the_truth_beside_it(tmp_path: Path) -> None:
    other = kompas(DEFAULT_SEED, YEAR)
    assert write_collection(tmp_path / "pile", other, seed=1, today=TODAY, count=7) == 7
    with (tmp_path / "pile" / "truth.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert list(rows[0]) == ["bestand", "leerlingnummer", "categorie", "documentdatum", "verwacht"]
    assert {row["bestand"] for row in rows} == {path.name for path in (tmp_path / "pile").iterdir()} - {"truth.csv"}
    assert Counter(row["verwacht"] for row in rows) == {"fileable": 6, "desk": 1}
    assert all(date.fromisoformat(row["documentdatum"]) < TODAY for row in rows)


@pytest.fixture(scope="module")
def page(school: School) -> bytes:
    kind = KINDS["parent talk"]
    return make_letter(school, kind, school.pupil("001308"), date(2026, 10, 9), 1, kind.looks[1]).data


def test_scanned_pdf_has_one_jpeg_a_page(page: bytes) -> None:
    scan = scan_page(rasterise(page, 150)[0], ScanStyle(dpi=150, holes=True, staple=True), np.random.default_rng(1))
    reader = pypdf.PdfReader(io.BytesIO(scan_files.scanned_pdf([scan, scan], 150)), strict=True)
    assert len(reader.pages) == 2
    assert [float(side) for side in reader.pages[0].mediabox.upper_right] == pytest.approx([595.3, 841.9], abs=0.6)
    images = reader.pages[1].images
    assert len(images) == 1
    assert images[0].name.endswith(".jpg")


def test_fax_is_black_and_white_group_four(page: bytes) -> None:
    fax = scan_files.fax_tiff([fax_page(rasterise(page, 200)[0], np.random.default_rng(2))] * 2)
    image = Image.open(io.BytesIO(fax))
    assert (image.mode, image.info["compression"], image.n_frames) == ("1", "group4", 2)
    assert len(fax) < 150_000


def test_sideways_phone_picture_says_so(page: bytes) -> None:
    photo = photo_page(rasterise(page, 100, colour=True)[0], np.random.default_rng(3), (900, 1200))
    stored = Image.open(io.BytesIO(scan_files.phone_jpeg(photo, sideways=True)))
    assert stored.size == (1200, 900)
    upright = np.asarray(ImageOps.exif_transpose(stored).convert("L"), np.int16)
    assert upright.shape == photo.shape[:2]
    assert np.abs(upright - cv2.cvtColor(photo, cv2.COLOR_BGR2GRAY)).mean() < 6


def test_quarter_turns(page: bytes) -> None:
    image = rasterise(page, 72)[0]
    plain = ScanStyle(dpi=72, noise=0, blur=0, shade=0)
    upright = scan_page(image, plain, np.random.default_rng(4))
    turned = scan_page(image, ScanStyle(dpi=72, noise=0, blur=0, shade=0, quarter_turns=1), np.random.default_rng(4))
    assert np.array_equal(np.rot90(turned, -1), upright)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("tesseract") is None, reason="needs tesseract")
def test_straightened_scan_can_be_read(page: bytes, tmp_path: Path) -> None:
    style = ScanStyle(skew=1.7, noise=6, blur=0.9, shade=0.1, holes=True, staple=True)
    scan = scan_page(rasterise(page, 300)[0], style, np.random.default_rng(5))
    cv2.imwrite(str(tmp_path / "scan.png"), straightened(scan, style.skew))
    read = subprocess.run(
        ["tesseract", str(tmp_path / "scan.png"), "-", "-l", "nld"],
        capture_output=True, text=True, check=True, env={"OMP_THREAD_LIMIT": "1", "PATH": "/usr/bin:/bin"},
    ).stdout.split()  # fmt: skip
    wanted = " ".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(page)).pages).split()
    found = Counter(wanted) & Counter(read)
    assert found.total() / len(wanted) > 0.9


def test_hostile_files_are_what_they_say() -> None:
    files = {file.kind: file for file in hostile.hostile_files()}
    assert set(files) == {
        "not-a-pdf", "empty", "encrypted", "no-pages", "huge-image", "truncated-jpeg", "truncated-pdf", "sound", "html",
    }  # fmt: skip
    assert all(len(file.data) < 200_000 for file in files.values())
    assert not files["empty"].data
    assert not files["not-a-pdf"].data.startswith(b"%PDF")
    locked = pypdf.PdfReader(io.BytesIO(files["encrypted"].data))
    assert locked.is_encrypted
    assert not locked.decrypt("")
    assert locked.decrypt(hostile.PASSWORD)
    assert len(pypdf.PdfReader(io.BytesIO(files["no-pages"].data)).pages) == 0
    with pytest.raises(OSError, match="truncated"):
        Image.open(io.BytesIO(files["truncated-jpeg"].data)).load()
    with pytest.raises((pypdf.errors.PyPdfError, KeyError, AttributeError)):
        list(pypdf.PdfReader(io.BytesIO(files["truncated-pdf"].data)).pages)


def test_huge_image_is_valid_and_huge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    image = Image.open(io.BytesIO(hostile.huge_png()))
    assert image.size == (10_000, 10_000)
    image.load()
    assert image.getpixel((9_999, 9_999))
