"""The archive rendition: the scan untouched, upright and straight, with words that can be found, valid as PDF/A."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import PIL.ImageCms
import PIL.ImageFont
import PIL.ImageOps
import pypdf
import pypdfium2
import pytest

from ingest.readers.fixed_parts import box_font, srgb_profile
from ingest.readers.image import open_image
from ingest.readers.placement import EXIF
from ingest.readers.results import ReadLimits
from ingest.readers.session import ReadSession
from tests.readers import pdfbox


def archive(path: Path, kind: Any, job: Path, **options: Any) -> Path | None:
    with ReadSession(path, job) as session:
        return session.archive(kind, session.read(kind), **options)


def made(path: Path, kind: Any, job: Path, **options: Any) -> pypdf.PdfReader:
    target = archive(path, kind, job, **options)
    assert target is not None
    return pypdf.PdfReader(target)


def shown(reader: pypdf.PdfReader, scale: float = 1) -> np.ndarray:
    document = pypdfium2.PdfDocument(reader.stream)
    return np.asarray(document[0].render(scale=scale).to_pil().convert("L")).astype(int)


@pytest.mark.slow
def test_the_jpeg_of_the_scanner_is_in_it_byte_for_byte(papers: Any, job: Path) -> None:
    path = papers.pdf("scan.pdf", [papers.draw_scan(papers.letter()), papers.draw_scan(papers.letter(6, seed=2))])
    source, reader = pypdf.PdfReader(path), made(path, "pdf", job, title="Rapport <groep 7> & meer")
    for before, after in zip(source.pages, reader.pages, strict=True):
        assert before.images[0].data == after.images[0].data
    assert " ".join(reader.pages[0].extract_text().split()) == papers.truth()
    assert reader.pages[0].mediabox.width == pytest.approx(6.2 * 72, abs=0.5)
    assert reader.root_object["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    xmp = reader.xmp_metadata
    assert xmp is not None
    assert xmp.dc_title["x-default"] == "Rapport <groep 7> & meer"
    assert b"<pdfaid:part>2</pdfaid:part>" in reader.root_object["/Metadata"].get_data()


@pytest.mark.slow
def test_words_lie_on_their_ink(papers: Any, job: Path) -> None:
    turned = np.ascontiguousarray(np.rot90(papers.skewed(papers.letter(), 2), 1))
    path = papers.save("scan.jpg", turned, dpi=(300, 300), quality=90)
    reader = made(path, "jpeg", job)
    page = pypdfium2.PdfDocument(reader.stream)[0]
    text = page.get_textpage()
    picture = shown(reader, 2)
    ink = picture < 150
    searcher = text.search("leerling")
    found = 0
    while place := searcher.get_next():
        for number in range(text.count_rects(*place)):
            left, bottom, right, top = (2 * value for value in text.get_rect(number))
            height = picture.shape[0]
            assert ink[int(height - top) : int(height - bottom), int(left) : int(right)].mean() > 0.08
            found += 1
    assert found == papers.truth().count("leerling") > 0


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_way_to_hold_a_camera(papers: Any, orientation: int) -> None:
    exif = PIL.Image.Exif()
    exif[0x0112] = orientation
    path = papers.save("foto.jpg", papers.letter(4, size=(3, 2)), exif=exif, dpi=(300, 300))
    with PIL.Image.open(path) as image:
        upright = np.asarray(PIL.ImageOps.exif_transpose(image))
        stored = np.asarray(image)
    placement = EXIF[orientation]
    assert np.array_equal(placement.apply(stored), upright)
    row, column = 200, 130  # a point goes where its pixel goes
    across, down = placement.point((column + 0.5) / stored.shape[1], (row + 0.5) / stored.shape[0])
    assert upright[int(down * upright.shape[0]), int(across * upright.shape[1])] == stored[row, column]
    with open_image(path, "jpeg", ReadLimits()) as file:
        assert np.array_equal(file.scan(1).raster().picture, upright)


def test_a_fax_stays_one_bit(papers: Any, job: Path) -> None:
    fax = PIL.Image.fromarray(papers.letter(8)).convert("1", dither=PIL.Image.Dither.NONE)
    reader = made(papers.save("fax.tif", fax, compression="group4", dpi=(300, 300)), "tiff", job)
    image = reader.pages[0]["/Resources"]["/XObject"]["/Scan"]
    assert (image["/BitsPerComponent"], image["/Width"], image["/Height"]) == (1, fax.width, fax.height)
    bits = np.unpackbits(np.frombuffer(image.get_data(), np.uint8).reshape(fax.height, -1), axis=1)[:, : fax.width]
    assert np.array_equal(bits.astype(bool), np.asarray(fax))


@pytest.mark.slow
def test_what_is_more_than_a_scan_is_left_alone(papers: Any, job: Path) -> None:
    def stamped(sheet: Any) -> None:
        papers.draw_scan(papers.letter(6))(sheet)
        sheet.setFont("Helvetica", 9)
        sheet.drawString(40, 20, "Ingekomen 3 april")

    for name, pages in (
        ("tekst.pdf", [papers.draw_text()]),
        ("gemengd.pdf", [papers.draw_scan(papers.letter(6)), papers.draw_text()]),
        ("stempel.pdf", [stamped]),
    ):
        path = papers.pdf(name, pages)
        assert archive(path, "pdf", job) is None
        assert not (job / "archive.pdf").exists()


@pytest.mark.slow
def test_a_signed_scan_is_never_rewritten(papers: Any, job: Path) -> None:
    path = papers.pdf("scan.pdf", [papers.draw_scan(papers.letter(6))])
    with ReadSession(path, job) as session:
        result = session.read("pdf")
        assert session.archive("pdf", replace(result, signed=True)) is None
        assert session.archive("pdf", result) is not None


def test_the_fixed_parts_are_sound() -> None:
    profile = PIL.ImageCms.ImageCmsProfile(io.BytesIO(srgb_profile()))
    assert profile.profile.version == pytest.approx(2.1)
    change = PIL.ImageCms.buildTransform(profile, PIL.ImageCms.createProfile("sRGB"), "RGB", "RGB")
    colours = PIL.Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8))
    changed = PIL.ImageCms.applyTransform(colours, change)
    assert np.abs(np.asarray(changed).astype(int) - np.asarray(colours)).max() <= 1
    assert PIL.ImageFont.truetype(io.BytesIO(box_font()), 20).getlength("\u0000") == 10


@pytest.mark.slow
def test_preflight_finds_the_twin_valid(papers: Any, job: Path) -> None:
    """The same file labelled 1b, judged by PDFBox."""
    if not pdfbox.present():
        pytest.skip("PDFBox preflight is not installed: `make setup-tests` brings it in")
    gray = papers.letter(6)
    files = [
        (papers.pdf("scan.pdf", [papers.draw_scan(papers.skewed(gray, 2)), papers.draw_scan(gray)]), "pdf"),
        (papers.save("foto.jpg", np.stack([gray] * 3, axis=2), dpi=(300, 300)), "jpeg"),
        (papers.save("fax.tif", PIL.Image.fromarray(gray).convert("1"), compression="group4"), "tiff"),
        (papers.save("scan.png", gray, dpi=(300, 300)), "png"),
    ]
    twins = []
    for path, kind in files:
        target = archive(path, kind, job, title="Één rapport & meer", part=1)
        assert target is not None
        twins.append(target.rename(papers.folder / f"{path.name}.twin.pdf"))
    assert pdfbox.judged(twins) == ["valid"] * len(files)
