"""PDFs: text layers, scans, both in one file, forms, hidden words, signatures."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pypdf
import pytest
from pypdf.generic import ArrayObject, BooleanObject, DictionaryObject, NameObject, NumberObject, TextStringObject
from reportlab.lib.utils import ImageReader

from ingest.readers.pdf import open_pdf
from ingest.readers.read import read
from ingest.readers.results import ReadLimits

Cer = Callable[[str, str], float]


def test_a_letter_from_word(papers: Any, job: Path, cer: Cer) -> None:
    result = read(papers.text_pdf(pages=2), "pdf", job)
    assert [page.source for page in result.pages] == ["text", "text"]
    for page, seed in zip(result.pages, (1, 2), strict=True):
        assert " ".join(page.text.split()) == papers.truth(30, seed)
        assert [word.text for word in page.words] == papers.truth(30, seed).split()
        assert page.confidence == 100
        with PIL.Image.open(page.image) as image, PIL.Image.open(page.thumbnail) as thumbnail:
            assert image.size == (page.width, page.height)
            assert abs(page.width - 1240) <= 1
            assert thumbnail.width == 240
    assert not result.signed


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_boxes_lie_on_the_words(papers: Any, job: Path, rotation: int) -> None:
    path = papers.text_pdf()
    writer = pypdf.PdfWriter(clone_from=path)
    writer.pages[0].rotate(rotation)
    writer.pages[0].cropbox = pypdf.generic.RectangleObject((30, 200, 590, 830))
    writer.write(path)
    page = read(path, "pdf", job).pages[0]
    with PIL.Image.open(page.image) as image:
        ink = np.asarray(image.convert("L")) < 128
    covered = np.zeros_like(ink)
    for word in page.words:
        rows = slice(int(word.top * page.height) - 1, int(word.bottom * page.height) + 2)
        columns = slice(int(word.left * page.width) - 1, int(word.right * page.width) + 2)
        assert ink[rows, columns].any(), word
        covered[rows, columns] = True
    assert ink[covered].sum() > 0.97 * ink.sum()


@pytest.mark.slow
@pytest.mark.parametrize("jpeg", [True, False])
@pytest.mark.parametrize("rotation", [0, 90])
def test_the_scan_itself_is_taken_out(papers: Any, job: Path, cer: Cer, jpeg: bool, rotation: int) -> None:
    letter = papers.letter()
    path = papers.pdf("scan.pdf", [papers.draw_scan(letter, jpeg=jpeg)])
    writer = pypdf.PdfWriter(clone_from=path)
    writer.pages[0].rotate(rotation)
    writer.write(path)
    with open_pdf(path, ReadLimits()) as pdf, pdf.page(1) as page:
        raster = page.raster()
    expected = np.rot90(letter, -rotation // 90)
    assert raster.picture.shape == expected.shape  # not resampled
    assert np.abs(raster.picture.astype(int) - expected).mean() < (5 if jpeg else 0.001)
    assert raster.dpi == (pytest.approx(300, abs=1), pytest.approx(300, abs=1))
    page_read = read(path, "pdf", job).pages[0]
    assert page_read.source == "ocr"
    assert page_read.rotation == (360 - rotation) % 360
    assert cer(page_read.text, papers.truth()) < 0.5


@pytest.mark.parametrize("matrix", ["mirrored", "upside down", "quarter", "three quarters"])
def test_images_placed_turned_come_out_as_seen(papers: Any, matrix: str) -> None:
    letter = papers.letter(4, size=(3.0, 2.0))

    def draw(sheet: Any) -> None:
        width, height = 216.0, 144.0
        sheet.setPageSize((width, height) if matrix in ("mirrored", "upside down") else (height, width))
        place = {
            "mirrored": (-1, 0, 0, 1, width, 0),
            "upside down": (-1, 0, 0, -1, width, height),
            "quarter": (0, 1, -1, 0, height, 0),
            "three quarters": (0, -1, 1, 0, 0, width),
        }[matrix]
        sheet.transform(*place)
        sheet.drawImage(ImageReader(PIL.Image.fromarray(letter)), 0, 0, width, height)

    path = papers.pdf("geplaatst.pdf", [draw])
    with open_pdf(path, ReadLimits()) as pdf, pdf.page(1) as page:
        own = page._own_image()
        seen = page._rastered()
    assert own is not None
    assert np.abs(np.subtract(own.picture.shape, seen.picture.shape)).max() <= 1
    blurred = [np.asarray(PIL.Image.fromarray(one).resize((60, 60))).astype(int) for one in (own.picture, seen.picture)]
    assert np.abs(blurred[0] - blurred[1]).mean() < 4


@pytest.mark.slow
def test_text_and_scans_in_one_file(papers: Any, job: Path, cer: Cer) -> None:
    path = papers.pdf("map.pdf", [papers.draw_text(1), papers.draw_scan(papers.letter(seed=2)), papers.draw_text(3)])
    result = read(path, "pdf", job)
    assert [page.source for page in result.pages] == ["text", "ocr", "text"]
    assert cer(result.pages[1].text, papers.truth(seed=2)) < 0.5
    assert result.text.count("\f") == 2


@pytest.mark.slow
def test_a_stamp_on_a_scan_does_not_pass_for_its_text(papers: Any, job: Path) -> None:
    def draw(sheet: Any) -> None:
        papers.draw_scan(papers.letter(10))(sheet)
        sheet.setFont("Helvetica", 9)
        sheet.drawString(
            40, 20, "Ingekomen bij Stichting Horizon op 3 april 2024, kenmerk IN-2024-00391, afdeling zorg"
        )

    page = read(papers.pdf("stempel.pdf", [draw]), "pdf", job).pages[0]
    assert page.source == "ocr"
    assert "Ingekomen" in page.text
    assert "leerling" in page.text


def test_few_letters_are_no_text_layer(papers: Any, job: Path) -> None:
    def draw(sheet: Any) -> None:
        sheet.setFont("Helvetica", 24)
        sheet.drawString(80, 700, "Rapport groep zeven")

    page = read(papers.pdf("kort.pdf", [draw]), "pdf", job).pages[0]
    assert page.source == "ocr"
    assert page.text == "Rapport groep zeven"


def test_words_that_nobody_sees_are_left_out(papers: Any, job: Path) -> None:
    def draw(sheet: Any) -> None:
        papers.draw_text(1)(sheet)
        hidden = sheet.beginText(60, 100)
        hidden.setFont("Helvetica", 11)
        hidden.setTextRenderMode(3)
        hidden.textOut("onzichtbaar Jansen")
        sheet.drawText(hidden)
        sheet.drawString(2000, 400, "buitenbeeld")

    page = read(papers.pdf("verborgen.pdf", [draw]), "pdf", job).pages[0]
    assert page.source == "text"
    assert "onzichtbaar" not in page.text
    assert "buitenbeeld" not in page.text
    assert " ".join(page.text.split()) == papers.truth(30)


def test_the_own_layer_of_a_scanner_counts(papers: Any, job: Path) -> None:
    def draw(sheet: Any) -> None:
        papers.draw_scan(papers.letter(14))(sheet)
        layer = sheet.beginText(30, 280)
        layer.setFont("Helvetica", 9)
        layer.setTextRenderMode(3)
        for line in papers.lines(14):
            layer.textLine(line)
        sheet.drawText(layer)

    page = read(papers.pdf("laag.pdf", [draw]), "pdf", job).pages[0]
    assert page.source == "text"
    assert " ".join(page.text.split()) == papers.truth(14)


def test_what_was_typed_into_a_form_is_read_and_shown(papers: Any, job: Path) -> None:
    def draw(sheet: Any) -> None:
        papers.draw_text(1, 10)(sheet)
        sheet.acroForm.textfield(name="naam", value="Lotte Verhoeven", x=60, y=300, width=300, height=30)

    page = read(papers.pdf("formulier.pdf", [draw]), "pdf", job).pages[0]
    assert page.source == "text"
    assert "Lotte Verhoeven" in page.text


def test_title_and_signature(papers: Any, job: Path) -> None:
    path = papers.text_pdf()
    writer = pypdf.PdfWriter(clone_from=path)
    writer.add_metadata({"/Title": "Rapport  groep 7\x00"})
    signature = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Sig"),
            NameObject("/Filter"): NameObject("/Adobe.PPKLite"),
            NameObject("/ByteRange"): ArrayObject([NumberObject(0)] * 4),
            NameObject("/Contents"): TextStringObject("00"),
        }
    )
    field = DictionaryObject(
        {
            NameObject("/FT"): NameObject("/Sig"),
            NameObject("/T"): TextStringObject("Handtekening"),
            NameObject("/V"): writer._add_object(signature),
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/Rect"): ArrayObject([NumberObject(0)] * 4),
        }
    )
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject(
        {
            NameObject("/Fields"): ArrayObject([writer._add_object(field)]),
            NameObject("/SigFlags"): NumberObject(3),
            NameObject("/NeedAppearances"): BooleanObject(False),
        }
    )
    writer.write(path)
    before = path.read_bytes()
    result = read(path, "pdf", job)
    assert result.signed
    assert result.producer_title == "Rapport groep 7"
    assert path.read_bytes() == before


def test_a_large_page_is_read_at_a_size_that_fits(papers: Any, job: Path) -> None:
    def draw(sheet: Any) -> None:
        sheet.setPageSize((200 * 72, 200 * 72))
        sheet.setFont("Helvetica", 900)
        sheet.drawString(1000, 7000, "Tekening")

    page = read(papers.pdf("poster.pdf", [draw]), "pdf", job).pages[0]
    assert "Tekening" in page.text
    assert page.width <= 1241
