"""A page as pixels, whatever it came from, and the sizes at which it is read and shown."""

import io
from dataclasses import dataclass

import numpy as np
import PIL.Image

from ingest.readers.errors import ReadFailed
from ingest.readers.placement import Placement
from ingest.readers.straighten import Picture, resize, to_gray

READ_DPI = 300
MAX_READ_PIXELS = 18_000_000  # A3 at 300 dpi
_LEAVE = (250, 330)
_MAX_ENLARGE = 3.0
_LONG_SIDE = 11.69  # inches of A4, for pictures that do not say how large they are


@dataclass(frozen=True, slots=True)
class Raster:
    """One page as it came. `picture` is gray or RGB; `dpi` is (across, down), None when nothing sensible is known."""

    picture: Picture
    dpi: tuple[float, float] | None = None

    @property
    def gray(self) -> Picture:
        """The picture in gray."""
        return self.picture if self.picture.ndim == 2 else to_gray(self.picture)


@dataclass(frozen=True, slots=True)
class Scan:
    """A page as a scanner stored it: a JPEG file, or else pixels. `width` and `height` in points as it is seen."""

    jpeg: bytes | None
    picture: Picture | None
    placement: Placement
    width: float
    height: float

    def raster(self) -> Raster:
        """The pixels as they are seen. Raises `ReadFailed` when the JPEG is broken."""
        picture = self.placement.apply(self.stored())
        return Raster(picture, (picture.shape[1] * 72 / self.width, picture.shape[0] * 72 / self.height))

    def jpeg_header(self) -> tuple[int, int, bool]:
        """Width and height in pixels of the stored JPEG, and whether it is gray. Raises `ReadFailed`."""
        try:
            with PIL.Image.open(io.BytesIO(self.jpeg or b""), formats=["JPEG"]) as jpeg:
                return jpeg.width, jpeg.height, jpeg.mode == "L"
        except OSError as fault:
            raise ReadFailed("read_broken") from fault

    def stored(self) -> Picture:
        """The pixels as they are stored."""
        if self.picture is not None:
            return self.picture
        try:
            with PIL.Image.open(io.BytesIO(self.jpeg or b""), formats=["JPEG"]) as jpeg:
                return np.asarray(jpeg)
        except OSError as fault:
            raise ReadFailed("read_broken") from fault


def check_pixels(width: int, height: int, limit: int) -> None:
    """Raise `ReadFailed` for a picture larger than `limit` pixels."""
    if width < 1 or height < 1:
        raise ReadFailed("read_broken")
    if width * height > limit:
        raise ReadFailed("read_pixels", {"width": width, "height": height})


def for_reading(raster: Raster) -> Picture:
    """Gray at about 300 dpi with square pixels: small scans and faxes enlarged, fine scans and photos reduced."""
    gray = raster.gray
    height, width = gray.shape
    across, down = _trusted(raster.dpi) or (max(width, height) / _LONG_SIDE,) * 2
    if _LEAVE[0] <= across <= _LEAVE[1] and _LEAVE[0] <= down <= _LEAVE[1] and abs(across - down) < 0.05 * across:
        factors = (1.0, 1.0)
    else:
        factors = (min(_MAX_ENLARGE, READ_DPI / across), min(_MAX_ENLARGE, READ_DPI / down))
    area = width * factors[0] * height * factors[1]
    cap = min(1.0, (MAX_READ_PIXELS / area) ** 0.5)
    return resize(gray, max(1, round(width * factors[0] * cap)), max(1, round(height * factors[1] * cap)))


def square(raster: Raster) -> Picture:
    """The picture with square pixels, for showing."""
    trusted = _trusted(raster.dpi)
    height, width = raster.picture.shape[:2]
    if trusted is None or abs(trusted[0] - trusted[1]) < 0.02 * trusted[0]:
        return raster.picture
    if trusted[0] > trusted[1]:
        return resize(raster.picture, width, max(1, round(height * trusted[0] / trusted[1])))
    return resize(raster.picture, max(1, round(width * trusted[1] / trusted[0])), height)


def from_pillow(image: PIL.Image.Image) -> Picture:
    """Any mode of Pillow as gray or RGB on white; 16 bits and floats are scaled to 8."""
    if image.mode in ("L", "RGB"):
        return np.asarray(image)
    if image.mode == "1":
        return np.asarray(image.convert("L"))
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return _eight_bits(np.asarray(image))
    if image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        sheet = PIL.Image.new("RGBA", image.size, "white")
        flat = PIL.Image.alpha_composite(sheet, rgba)
        return np.asarray(flat.convert("L" if image.mode in ("LA", "La") else "RGB"))
    return np.asarray(image.convert("RGB"))


def _eight_bits(values: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> Picture:
    numbers = values.astype(np.float32)
    top = float(numbers.max(initial=0))
    # 12 bits often lie in the low end of 16; floats run to 1
    scale = next((limit for limit in (1.0, 255.0, 4095.0, 65535.0) if top <= limit), max(top, 1.0))
    eight: Picture = np.clip(numbers * (255.0 / scale), 0, 255).astype(np.uint8)
    return eight


def size_in_points(raster: Raster) -> tuple[float, float]:
    """Width and height on paper; a picture that does not say is taken for A4 along its long side."""
    height, width = raster.picture.shape[:2]
    across, down = _trusted(raster.dpi) or (max(width, height) / _LONG_SIDE,) * 2
    return width * 72 / across, height * 72 / down


def _trusted(dpi: tuple[float, float] | None) -> tuple[float, float] | None:
    """Cameras and screens write 72 or 96 and mean nothing by it."""
    if dpi is None or not all(98 <= value <= 2400 for value in dpi):
        # a fax in its coarsest mode has 98 lines an inch
        return None
    return dpi
