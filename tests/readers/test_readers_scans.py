"""Paper as it comes: skewed, turned, faxed, photographed, in any colour mode. The words must come out all the same."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest

from ingest.readers.errors import OcrUnavailable, ReadFailed
from ingest.readers.read import read
from ingest.readers.results import OcrEngine, PageRead, ReadLimits

Cer = Callable[[str, str], float]


def only(path: Path, kind: Any, job: Path) -> PageRead:
    result = read(path, kind, job)
    assert len(result.pages) == 1
    return result.pages[0]


def check_shown(page: PageRead) -> None:
    with PIL.Image.open(page.image) as image, PIL.Image.open(page.thumbnail) as thumbnail:
        assert (image.format, image.size) == ("JPEG", (page.width, page.height))
        assert thumbnail.format == "JPEG"
        assert thumbnail.width == 240


def check_boxes_hold_ink(page: PageRead) -> None:
    """Every box lies on letters of the shown page, and all letters lie in boxes."""
    with PIL.Image.open(page.image) as image:
        shown = np.asarray(image.convert("L")).astype(int)
    ink = shown < np.percentile(shown, 90) * 0.6
    covered = np.zeros_like(ink)
    for word in page.words:
        assert 0 <= word.left < word.right <= 1
        assert 0 <= word.top < word.bottom <= 1
        rows = slice(int(word.top * page.height), int(word.bottom * page.height) + 2)
        columns = slice(int(word.left * page.width), int(word.right * page.width) + 2)
        assert ink[rows, columns].any(), word
        covered[rows, columns] = True
    assert ink[covered].sum() > 0.93 * ink.sum()


@pytest.mark.slow
def test_a_clean_scan(papers: Any, job: Path, cer: Cer) -> None:
    page = only(papers.save("scan.png", papers.letter(), dpi=(300, 300)), "png", job)
    assert cer(page.text, papers.truth()) < 0.5
    assert (page.source, page.rotation, page.skew, page.problem) == ("ocr", 0, 0.0, None)
    assert page.confidence > 85
    check_shown(page)
    check_boxes_hold_ink(page)
    assert sorted(path.name for path in job.iterdir()) == ["page-0001.jpg", "thumb-0001.jpg"]


@pytest.mark.slow
@pytest.mark.parametrize("angle", [-3, -1.2, 3])
def test_a_skewed_scan(papers: Any, job: Path, cer: Cer, angle: float) -> None:
    page = only(papers.save("scan.png", papers.skewed(papers.letter(), angle), dpi=(300, 300)), "png", job)
    assert cer(page.text, papers.truth()) < 0.5
    assert page.skew == pytest.approx(angle, abs=0.15)
    check_boxes_hold_ink(page)


@pytest.mark.slow
@pytest.mark.parametrize("clockwise", [90, 180, 270])
def test_a_turned_scan(papers: Any, job: Path, cer: Cer, clockwise: int) -> None:
    turned = np.ascontiguousarray(np.rot90(papers.letter(), -clockwise // 90))
    page = only(papers.save("scan.png", turned, dpi=(300, 300)), "png", job)
    assert cer(page.text, papers.truth()) < 0.5
    assert page.rotation == 360 - clockwise
    assert page.width > page.height
    check_boxes_hold_ink(page)


@pytest.mark.slow
def test_turned_and_skewed(papers: Any, job: Path, cer: Cer) -> None:
    turned = np.ascontiguousarray(np.rot90(papers.skewed(papers.letter(), 2), 1))
    page = only(papers.save("scan.png", turned, dpi=(300, 300)), "png", job)
    assert cer(page.text, papers.truth()) < 0.5
    assert (page.rotation, page.skew) == (90, pytest.approx(2, abs=0.15))
    check_boxes_hold_ink(page)


def test_a_fax(papers: Any, job: Path, cer: Cer) -> None:
    """1 bit, 204 × 196 dots an inch, CCITT group 4."""
    fax = PIL.Image.fromarray(papers.letter(dpi=204)).resize((1265, 862)).convert("1", dither=PIL.Image.Dither.NONE)
    page = only(papers.save("fax.tif", fax, compression="group4", dpi=(204, 196)), "tiff", job)
    assert cer(page.text, papers.truth()) < 1.5


def test_a_coarse_fax_keeps_its_shape(papers: Any, job: Path) -> None:
    fax = PIL.Image.fromarray(papers.letter(dpi=204)).resize((1265, 440)).convert("1", dither=PIL.Image.Dither.NONE)
    page = only(papers.save("fax.tif", fax, compression="group4", dpi=(204, 100)), "tiff", job)
    assert page.width / page.height == pytest.approx(6.2 / 4.4, rel=0.02)
    assert len(page.words) > 50


@pytest.mark.slow
def test_a_photo(papers: Any, job: Path, cer: Cer) -> None:
    page = only(papers.save("foto.jpg", papers.photo(papers.letter()), quality=88, dpi=(300, 300)), "jpeg", job)
    assert cer(page.text, papers.truth()) < 1
    check_shown(page)


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_the_camera_says_how_it_was_held(papers: Any, job: Path, cer: Cer, orientation: int) -> None:
    turns = {3: 2, 6: 1, 8: 3}[orientation]  # what the viewer must undo
    exif = PIL.Image.Exif()
    exif[0x0112] = orientation
    held = np.ascontiguousarray(np.rot90(papers.letter(), turns))
    page = only(papers.save("foto.jpg", held, quality=90, dpi=(300, 300), exif=exif), "jpeg", job)
    assert page.rotation == 0
    assert cer(page.text, papers.truth()) < 0.5


@pytest.mark.slow
def test_a_tiff_of_several_pages(papers: Any, job: Path, cer: Cer) -> None:
    pages = [PIL.Image.fromarray(papers.letter(6, seed)) for seed in (1, 2, 3)]
    path = papers.save("map.tif", pages[0], save_all=True, append_images=pages[1:], dpi=(300, 300))
    steps: list[tuple[int, int]] = []
    result = read(path, "tiff", job, progress=lambda done, total: steps.append((done, total)))
    assert [page.number for page in result.pages] == [1, 2, 3]
    for page, seed in zip(result.pages, (1, 2, 3), strict=True):
        assert cer(page.text, papers.truth(6, seed)) < 0.5
    assert steps == [(0, 3), (1, 3), (2, 3), (3, 3)]


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["CMYK", "RGBA", "P", "LA", "I;16", "RGB"])
def test_colour_modes(papers: Any, job: Path, cer: Cer, mode: str) -> None:
    gray = papers.letter(6)
    plain = PIL.Image.fromarray(gray)
    name, kind = ("scan.jpg", "jpeg") if mode == "CMYK" else ("scan.png", "png")
    if mode == "I;16":
        image = PIL.Image.fromarray(gray.astype(np.uint16) * 257)
    elif mode in ("RGBA", "LA"):  # the paper is transparent, the ink black
        image = PIL.Image.new(mode, plain.size, (20, 20, 20, 0) if mode == "RGBA" else (20, 0))
        image.putalpha(PIL.Image.fromarray(255 - gray))
    else:
        image = plain.convert("RGB").convert(mode)
    page = only(papers.save(name, image, dpi=(300, 300)), kind, job)
    assert cer(page.text, papers.truth(6)) < 0.5
    with PIL.Image.open(page.image) as shown:
        assert shown.mode == "L"  # no colour on it, so none is kept
        assert np.asarray(shown).mean() > 200


@pytest.mark.slow
def test_colour_that_is_there_is_kept(papers: Any, job: Path) -> None:
    colour = np.stack([papers.letter(6)] * 3, axis=2)
    colour[50:250, 1200:1500] = (200, 30, 30)
    page = only(papers.save("scan.png", colour, dpi=(300, 300)), "png", job)
    with PIL.Image.open(page.image) as shown:
        assert shown.mode == "RGB"


def test_a_blank_page_has_no_words(papers: Any, job: Path) -> None:
    page = only(papers.save("leeg.png", np.full((1200, 900), 250, np.uint8), dpi=(300, 300)), "png", job)
    assert (page.text, page.words, page.confidence, page.problem) == ("", (), 0.0, None)
    check_shown(page)


def test_a_small_picture_is_read(papers: Any, job: Path, cer: Cer) -> None:
    small = PIL.Image.fromarray(papers.letter()).resize((930, 660), PIL.Image.Resampling.LANCZOS)
    page = only(papers.save("klein.png", small, dpi=(150, 150)), "png", job)
    assert cer(page.text, papers.truth()) < 2


@pytest.mark.slow
@pytest.mark.parametrize("name, kind", [("groot.jpg", "jpeg"), ("groot.png", "png")])
def test_as_many_pixels_as_may_be_fit_in_memory(papers: Any, job: Path, name: str, kind: str) -> None:
    """600 dpi on A3 and in colour, the most that is let in."""
    sheet = PIL.Image.new("RGB", (7016, 9921), "white")
    word = PIL.Image.fromarray(papers.letter(6)).resize((3720, 2640))
    sheet.paste(word, (600, 600))
    page = only(papers.save(name, sheet, dpi=(600, 600), **({"compress_level": 1} if kind == "png" else {})), kind, job)
    assert "maart" in page.text
    assert page.width == 1240


def test_without_the_engine_the_file_waits(papers: Any, job: Path) -> None:
    path = papers.save("scan.png", papers.letter(6), dpi=(300, 300))
    with pytest.raises(OcrUnavailable) as waits:
        read(path, "png", job, engine=OcrEngine(command="tesseract-is-er-niet"))
    assert waits.value.retryable
    with pytest.raises(OcrUnavailable):
        read(path, "png", job, engine=OcrEngine(language="zzz"))
    assert [file for file in job.iterdir() if file.suffix == ".pgm"] == []


@pytest.mark.slow
def test_a_page_that_takes_too_long_is_shown_without_words(papers: Any, job: Path) -> None:
    path = papers.save("scan.png", papers.letter(20, size=(8, 11)), dpi=(300, 300))
    result = read(path, "png", job, limits=ReadLimits(seconds_page=1), engine=_slow_engine(job.parent))
    assert result.pages[0].problem == "ocr_timeout"
    assert result.pages[0].text == ""
    check_shown(result.pages[0])


def _slow_engine(folder: Path) -> OcrEngine:
    engine = folder / "tesseract"
    engine.write_text('#!/bin/sh\n[ "$1" = --version ] && exec tesseract --version\nexec sleep 30\n')
    engine.chmod(0o700)
    return OcrEngine(command=str(engine))


def test_too_many_pixels_and_pages(papers: Any, job: Path) -> None:
    path = papers.save("groot.png", PIL.Image.new("1", (10_000, 10_000)))
    with pytest.raises(ReadFailed) as failed:
        read(path, "png", job)
    assert failed.value.code == "read_pixels"
    assert "10000 bij 10000" in failed.value.text()
    frames = [PIL.Image.new("1", (10, 10)) for _ in range(5)]
    path = papers.save("veel.tif", frames[0], save_all=True, append_images=frames[1:])
    with pytest.raises(ReadFailed) as failed:
        read(path, "tiff", job, limits=ReadLimits(pages=4))
    assert failed.value.code == "read_pages"


def test_a_photo_cut_short(papers: Any, job: Path) -> None:
    path = papers.save("foto.jpg", papers.letter(6))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(ReadFailed) as failed:
        read(path, "jpeg", job)
    assert failed.value.code == "read_broken"
