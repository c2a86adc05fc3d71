"""Turns born-digital pages into what scanners, fax machines and phones make of them.

Images are numpy arrays, gray (height, width) or BGR (height, width, 3), 8 bits. Everything that looks like chance
comes from the generator that the caller hands in.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2
from cv2.typing import MatLike

Image = npt.NDArray[np.uint8]
MM_PER_INCH = 25.4
# per channel (blue, green, red): lamp light takes away some blue
LAMP_LIGHT = np.stack([np.arange(256) * part for part in (0.93, 0.98, 1.0)], axis=-1).astype(np.uint8)[None]


@dataclass(frozen=True, slots=True)
class ScanStyle:
    """What a scanner and the paper do to a page.

    `skew` is in degrees, `noise` a standard deviation in gray levels, `blur` a Gaussian sigma in pixels, `shade` how
    much darker the darkest corner is (0 to 1), `quarter_turns` counts 90 degrees against the clock.
    """

    dpi: int = 300
    colour: bool = False
    skew: float = 0.0
    noise: float = 4.0
    blur: float = 0.7
    shade: float = 0.06
    holes: bool = False
    staple: bool = False
    quarter_turns: int = 0
    quality: int = 75


def rasterise(pdf: bytes, dpi: int, *, colour: bool = False) -> list[Image]:
    """The pages of a PDF of our own as images; not meant for files of others."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = []
        for page in document:
            bitmap = page.render(scale=dpi / 72, grayscale=not colour)
            pixels = bitmap.to_numpy()
            pages.append(np.ascontiguousarray(pixels[:, :, :3] if colour else pixels.reshape(pixels.shape[:2])))
        return pages
    finally:
        document.close()


def scan_page(page: Image, style: ScanStyle, rng: np.random.Generator) -> Image:
    """One page as it comes out of a scanner."""
    image = _paper(page, rng)
    if style.holes:
        _punch(image, style.dpi)
    if style.staple:
        _staple(image, style.dpi, rng)
    image = _turned(image, style.skew)
    if style.blur:
        image = _u8(cv2.GaussianBlur(image, (0, 0), style.blur))
    image = _shaded(image, style.shade, rng)
    image = _noisy(image, style.noise, rng)
    return _u8(np.ascontiguousarray(np.rot90(image, style.quarter_turns))) if style.quarter_turns % 4 else image


def fax_page(page: Image, rng: np.random.Generator, skew: float = 0.0) -> Image:
    """One gray page as a fax: only black (0) and white (255), ragged edges, some specks and a scratched line."""
    image = _turned(page, skew)
    image = _noisy(_u8(cv2.GaussianBlur(image, (0, 0), 0.6)), 22, rng)
    fax = np.where(image < 150, 0, 255).astype(np.uint8)
    height, width = fax.shape
    specks = rng.integers(0, [height, width], size=(height * width // 40_000, 2))
    fax[specks[:, 0], specks[:, 1]] = 0
    column = int(rng.integers(width // 50, width // 20))
    fax[:: int(rng.integers(3, 7)), column] = 0
    return fax


def photo_page(page: Image, rng: np.random.Generator, size: tuple[int, int] = (2448, 3264)) -> Image:
    """One colour page photographed with a phone on a table; `size` is (width, height) in pixels."""
    width, height = size
    table = _table(width, height, rng)
    source = np.array([[0, 0], [page.shape[1], 0], [page.shape[1], page.shape[0]], [0, page.shape[0]]], np.float32)
    margin_x, margin_y = width * 0.05, height * 0.04
    paper_height = min(height - 2 * margin_y, (width - 2 * margin_x) * page.shape[0] / page.shape[1])
    top = (height - paper_height) / 2
    corners = np.array(
        [
            [margin_x, top],
            [width - margin_x, top],
            [width - margin_x, top + paper_height],
            [margin_x, top + paper_height],
        ]
    )
    target = (corners + rng.uniform(-0.018, 0.018, (4, 2)) * width).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(source, target)
    warped = cv2.warpPerspective(page, matrix, size, flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.full(page.shape[:2], 255, np.uint8), matrix, size, flags=cv2.INTER_LINEAR)
    cv2.copyTo(warped, mask, table)
    lit = _shaded(_u8(cv2.GaussianBlur(table, (0, 0), 0.8)), 0.42, rng)
    return _noisy(_u8(cv2.LUT(lit, LAMP_LIGHT)), 5, rng)


def straightened(image: Image, skew: float) -> Image:
    """The image with a known skew taken out; for measuring how readable a scan is."""
    return _turned(image, -skew)


def _u8(array: MatLike) -> Image:
    return np.asarray(array, dtype=np.uint8)


def _paper(page: Image, rng: np.random.Generator) -> Image:
    """Paper is not white and ink is not black."""
    white, black = float(rng.uniform(238, 250)), float(rng.uniform(12, 45))
    levels = np.linspace(black, white, 256).astype(np.uint8)
    return _u8(cv2.LUT(page, levels))


def _turned(image: Image, degrees: float) -> Image:
    if not degrees:
        return image.copy()
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return _u8(cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))


def _shaded(image: Image, depth: float, rng: np.random.Generator) -> Image:
    """Uneven light: a smooth field between 1 - depth and 1."""
    if not depth:
        return image
    field = (255 * (1 - depth * rng.random((3, 3)))).astype(np.uint8)
    light = cv2.resize(field, (image.shape[1], image.shape[0]), interpolation=cv2.INTER_CUBIC)
    if image.ndim == 3:
        light = cv2.merge([light, light, light])
    return _u8(cv2.multiply(image, light, scale=1 / 255))


def _noisy(image: Image, deviation: float, rng: np.random.Generator) -> Image:
    """Grain from one tile of 512 pixels, laid over the page: quick, and just as grainy."""
    if not deviation:
        return image
    tile = rng.normal(0, deviation, (512, 512)).astype(np.int16)
    height, width = image.shape[:2]
    grain = np.tile(tile, (height // 512 + 1, width // 512 + 1))[:height, :width]
    wide = cv2.merge([grain, grain, grain]) if image.ndim == 3 else grain
    return _u8(cv2.add(image, wide, dtype=cv2.CV_8U))


def _punch(image: Image, dpi: int) -> None:
    """Two holes 80 mm apart, 12 mm from the left edge, dark with a soft rim."""
    per_mm = dpi / MM_PER_INCH
    middle = image.shape[0] // 2
    for offset in (-40, 40):
        centre = round(11 * per_mm), round(middle + offset * per_mm)
        cv2.circle(image, centre, round(3 * per_mm), _shade_of(image, 150), -1, cv2.LINE_AA)
        cv2.circle(image, centre, round(2.7 * per_mm), _shade_of(image, 70), -1, cv2.LINE_AA)


def _staple(image: Image, dpi: int, rng: np.random.Generator) -> None:
    """A staple in the corner with its shadow, and the crease of a page that was turned."""
    per_mm = dpi / MM_PER_INCH
    x, y = (float(rng.uniform(8, 12)) * per_mm for _ in range(2))
    length = 11 * per_mm
    first, second = (round(x), round(y + length * 0.6)), (round(x + length), round(y))
    shadow = (first[0] + 4, first[1] + 6), (second[0] + 4, second[1] + 6)
    cv2.line(image, *shadow, _shade_of(image, 175), max(2, round(1.1 * per_mm)), cv2.LINE_AA)
    cv2.line(image, first, second, _shade_of(image, 90), max(2, round(0.5 * per_mm)), cv2.LINE_AA)
    cv2.line(image, (0, round(30 * per_mm)), (round(34 * per_mm), 0), _shade_of(image, 222), 3, cv2.LINE_AA)


def _shade_of(image: Image, level: int) -> Sequence[float]:
    return (level, level, level) if image.ndim == 3 else (level,)


def _table(width: int, height: int, rng: np.random.Generator) -> Image:
    """A wooden table: brown with streaks along its length."""
    streaks = cv2.resize(rng.normal(0, 1, (height // 6, 8)).astype(np.float32), (width, height))
    brown = np.array([58, 88, 124], np.float32)
    return np.asarray(np.clip(brown + streaks[:, :, None] * 9, 0, 255), dtype=np.uint8)
