"""Page images for the screen and thumbnails, as JPEG, from pixels that are already in hand."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import PIL.Image

from ingest.readers.straighten import Picture, deskew, resize, shrink, to_gray, turn

SCREEN_WIDTH = 1240
THUMBNAIL_WIDTH = 240
_MAX_TALL = 4  # times the width: a till receipt may be long, but not without end
_QUALITY = 70
_COLOUR = 28
_COLOUR_SHARE = 0.0005
_LIGHTER = 2  # less is noise of the paper


@dataclass(frozen=True, slots=True)
class Shown:
    """The files of one page, the size of its image in pixels, and how it looks (see `look_of`)."""

    image: Path
    thumbnail: Path
    width: int
    height: int
    look: str = ""


def show(picture: Picture, folder: Path, number: int, rotation: int = 0, skew: float = 0.0) -> Shown:
    """Write page image and thumbnail of `picture` (gray or RGB), turned upright and straightened after that."""
    upright = turn(_fit(picture, sideways=rotation in (90, 270)), rotation) if rotation else _fit(picture)
    straight = deskew(upright, skew)
    page = _fit(straight)
    if page.ndim == 3 and not _has_colour(page):
        page = to_gray(page)
    height, width = page.shape[:2]
    thumb_height = max(1, round(height * THUMBNAIL_WIDTH / width))
    thumbnail = resize(page, THUMBNAIL_WIDTH, thumb_height) if width > THUMBNAIL_WIDTH else page
    shown = Shown(folder / f"page-{number:04}.jpg", folder / f"thumb-{number:04}.jpg", width, height, look_of(page))
    PIL.Image.fromarray(page).save(shown.image, "JPEG", quality=_QUALITY)
    PIL.Image.fromarray(thumbnail).save(shown.thumbnail, "JPEG", quality=_QUALITY)
    return shown


def look_of(page: Picture) -> str:
    """How a page looks, in 64 hexadecimal digits: where it gets lighter and darker, on a grid of 16 by 16.

    The same page scanned twice differs in few of the 256 bits (a difference hash); what its words are shows in none.
    """
    gray = to_gray(page) if page.ndim == 3 else page
    grid = resize(gray, 17, 16).astype(np.int16)
    return np.packbits(grid[:, 1:] > grid[:, :-1] + _LIGHTER).tobytes().hex()


def _fit(picture: Picture, *, sideways: bool = False) -> Picture:
    """Made smaller to the width of the screen; never larger."""
    height, width = picture.shape[:2]
    across, down = (height, width) if sideways else (width, height)
    scale = min(1.0, SCREEN_WIDTH / across, SCREEN_WIDTH * _MAX_TALL / down)
    wanted = max(1, round(width * scale)), max(1, round(height * scale))
    return resize(shrink(picture, int(1 / scale + 0.01)), *wanted)


def _has_colour(page: Picture) -> bool:
    """Whether there is real colour: a stamp or a drawing, not the noise of a scanner."""
    small = page[::4, ::4].astype(np.int16)
    spread = small.max(axis=2) - small.min(axis=2)
    return bool(np.mean(spread > _COLOUR) > _COLOUR_SHARE)
