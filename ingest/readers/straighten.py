"""Makes a page even in light, upright and straight, for the engine that reads it and for the eye.

Pictures are arrays of uint8, gray (height, width) or colour (height, width, 3). Angles are degrees clockwise.
"""

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

WHITE = 255
MAX_SKEW = 5.0
STRAIGHT = 0.08
_SMALL_SIDE = 620
_COARSE, _FINE, _FINEST = 0.5, 0.1, 0.02
_INK = 20
_MIN_INK = 200
_MAX_INK = 60_000
_CLEARLY = 1.6
_UNEVEN = 0.88
_BRIGHT, _PENCIL, _GRAIN = 170, 45, 18

cv2.setNumThreads(1)  # one core a worker; and a forked child has no helper threads


@dataclass(frozen=True, slots=True)
class Lines:
    """How the lines of text lie: `skew` is how far to turn the page clockwise; `sideways`: they run up or down."""

    skew: float = 0.0
    sideways: bool = False


def reduced(gray: Picture) -> Picture:
    """A small copy, about 620 pixels across, on which light and lines are judged."""
    factor = max(1, round(min(gray.shape) / _SMALL_SIDE))
    return shrink(gray, factor)


def even_light(gray: Picture, small: Picture) -> Picture:
    """Make the paper white for the engine; `small` is `reduced(gray)`.

    Where the light is uneven (a photo, a fold, the shade of a hand) the page is divided by it. On even paper the grain
    goes: it costs the engine time and tells nothing.
    """
    # the paper is what stays when thin dark strokes are closed
    least = shrink(small, 2)
    paper = cv2.morphologyEx(least, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, (15, 15)))
    paper = cv2.medianBlur(paper, 21)
    low, middle, high = np.percentile(paper, (5, 50, 95))
    if high < 1:
        return gray
    if low / high > _UNEVEN:
        return _without_grain(gray, float(middle))
    light = cv2.resize(paper, (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_LINEAR)
    return _picture(cv2.divide(gray, np.maximum(light, 1), scale=WHITE - 5))


def _without_grain(gray: Picture, paper: float) -> Picture:
    """A curve that lifts what is nearly paper to white and leaves everything darker, light pencil too, as it is."""
    if paper < _BRIGHT:
        return gray
    levels = np.arange(256, dtype=np.float64)
    curve = np.interp(levels, (paper - _PENCIL, paper - _GRAIN), (paper - _PENCIL, WHITE))
    curve = np.where(levels < paper - _PENCIL, levels, curve)
    return _picture(cv2.LUT(gray, np.clip(curve, 0, WHITE).astype(np.uint8)))


def is_blank(small: Picture) -> bool:
    """Whether there is no mark at all on the page of which `small` is the reduced copy."""
    return int(small.max()) - int(small.min()) < 2 * _INK


def find_lines(small: Picture) -> Lines:
    """Skew within 5° either way, by the sharpness of the projection profile of a reduced copy (about 10 ms)."""
    local = cv2.boxFilter(small, -1, (25, 25))
    ink = cv2.subtract(local, small) > _INK
    rows, columns = np.nonzero(ink)
    if len(rows) < _MIN_INK:
        return Lines()
    if len(rows) > _MAX_INK:
        keep = np.random.default_rng(0).choice(len(rows), _MAX_INK, replace=False)
        rows, columns = rows[keep], columns[keep]
    flat, flat_score = _sharpest(rows, columns, small.shape[0], small.shape[1])
    upright, upright_score = _sharpest(small.shape[1] - 1 - columns, rows, small.shape[1], small.shape[0])
    sideways = upright_score > _CLEARLY * flat_score
    skew = upright if sideways else flat
    return Lines(0.0 if abs(skew) < STRAIGHT else skew, sideways)


def turn(picture: Picture, clockwise: int) -> Picture:
    """Turn by a multiple of 90° clockwise."""
    return _picture(np.ascontiguousarray(np.rot90(picture, -(clockwise // 90) % 4)))


def deskew(picture: Picture, skew: float, *, smooth: bool = False) -> Picture:
    """Turn by `skew` degrees clockwise on a white sheet that is large enough to hold all of it."""
    if skew == 0.0:
        return picture
    height, width = picture.shape[:2]
    new_width, new_height = turned_size(width, height, skew)
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), -skew, 1.0)
    matrix[0, 2] += (new_width - width) / 2
    matrix[1, 2] += (new_height - height) / 2
    how = cv2.INTER_CUBIC if smooth else cv2.INTER_LINEAR
    white: Any = WHITE if picture.ndim == 2 else (WHITE, WHITE, WHITE)
    return _picture(
        cv2.warpAffine(
            picture, matrix, (new_width, new_height), flags=how, borderMode=cv2.BORDER_CONSTANT, borderValue=white
        )
    )


def turned_size(width: float, height: float, skew: float) -> tuple[int, int]:
    """Width and height of the sheet that holds a page turned by `skew` degrees."""
    cosine, sine = math.cos(math.radians(abs(skew))), math.sin(math.radians(abs(skew)))
    return math.ceil(width * cosine + height * sine), math.ceil(height * cosine + width * sine)


def resize(picture: Picture, width: int, height: int) -> Picture:
    """Another size, by area when smaller and cubic when larger."""
    if (picture.shape[1], picture.shape[0]) == (width, height):
        return picture
    smaller = width * height < picture.shape[0] * picture.shape[1]
    how = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    return _picture(cv2.resize(picture, (max(1, width), max(1, height)), interpolation=how))


def shrink(picture: Picture, factor: int) -> Picture:
    """Smaller by a whole factor, by area: much faster than by a broken one. At most `factor - 1` edge pixels go."""
    height, width = picture.shape[0] // factor, picture.shape[1] // factor
    if factor < 2 or min(height, width) < 1:
        return picture
    whole = np.ascontiguousarray(picture[: height * factor, : width * factor])
    return _picture(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA))


def to_gray(color: Picture) -> Picture:
    """RGB to gray by luminance."""
    return _picture(cv2.cvtColor(color, cv2.COLOR_RGB2GRAY))


def _sharpest(rows: NDArray[np.int64], columns: NDArray[np.int64], height: int, width: int) -> tuple[float, float]:
    """The angle at which the lines fall together best, and how sharp they are then, per line of the picture."""
    margin = math.ceil(width * math.tan(math.radians(MAX_SKEW + 1))) + 1
    size = height + 2 * margin

    def sharpness(angle: float) -> float:
        # a page turned clockwise by `angle` moves a point at the right down
        places = (rows + columns * math.tan(math.radians(angle)) + margin).astype(np.int64)
        profile = np.bincount(places, minlength=size).astype(np.float64)
        return float(np.square(np.diff(profile)).sum())

    best, score = 0.0, sharpness(0.0)
    level = score
    for step, reach in ((_COARSE, MAX_SKEW), (_FINE, _COARSE), (_FINEST, _FINE)):
        centre = best
        for number in range(-round(reach / step), round(reach / step) + 1):
            angle = centre + number * step
            if abs(angle) <= MAX_SKEW and (found := sharpness(angle)) > score:
                best, score = angle, found
    if score < 1.02 * level:
        best = 0.0
    return round(best, 2), score / max(1, height)


def _picture(array: Any) -> Picture:  # noqa: ANN401 - what OpenCV gives has no type
    return np.asarray(array, dtype=np.uint8)
