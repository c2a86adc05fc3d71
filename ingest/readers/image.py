"""Pages out of JPEG, PNG, TIFF and HEIC files: upright by their EXIF, one page a frame, any colour mode."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import PIL.Image
import PIL.ImageOps

from ingest.readers import heif
from ingest.readers.errors import ReadFailed
from ingest.readers.placement import EXIF, Placement
from ingest.readers.raster import MAX_READ_PIXELS, Raster, Scan, check_pixels, from_pillow, size_in_points
from ingest.readers.results import Kind, ReadLimits

_FORMAT = {"jpeg": "JPEG", "png": "PNG", "tiff": "TIFF", "heic": heif.FORMAT}
_ORIENTATION = 0x0112
_STRIP_SIZES, _TILE_SIZES = 279, 325  # TIFF 6.0, section 8 and 15
_SIDEWAYS = (5, 6, 7, 8)
_REDUCIBLE = ("L", "LA", "RGB", "RGBA", "CMYK")


class ImageFile:
    """An image that is open, page by page. The sizes are known before anything is decoded."""

    def __init__(self, image: PIL.Image.Image, path: Path, limits: ReadLimits) -> None:
        self._image = image
        self._path = path
        self._limits = limits
        self.pages = self._count()

    def page(self, number: int) -> Raster:
        """Page `number`, from 1. Raises `ReadFailed`: too many pixels, or broken."""
        try:
            if self._image.format != heif.FORMAT:  # of a HEIC the picture that was opened is the one that counts
                self._image.seek(number - 1)
            check_pixels(self._image.width, self._image.height, self._limits.pixels)
            dpi = self._image.info.get("dpi")
            before = self._image.size
            image = self._loaded()
            factor = before[0] / image.width
            turned = image.getexif().get(_ORIENTATION, 1) in _SIDEWAYS
            picture = from_pillow(PIL.ImageOps.exif_transpose(image))
        except (ReadFailed, MemoryError):
            raise
        except Exception as fault:  # Pillow's plugins raise nearly anything on broken files
            raise ReadFailed("read_broken") from fault
        return Raster(picture, _resolution(dpi, turned, factor))

    def scan(self, number: int) -> Scan:
        """Page `number` as it is stored: the JPEG file itself where it can be shown as it is, else upright pixels."""
        raster = self.page(number)
        width, height = size_in_points(raster)
        if self._image.format != "JPEG" or self._image.mode not in ("L", "RGB"):
            return Scan(None, raster.picture, Placement(), width, height)
        placement = EXIF.get(self._image.getexif().get(_ORIENTATION, 1), EXIF[1])
        return Scan(self._path.read_bytes(), None, placement, width, height)

    def stored(self, number: int) -> int:
        """Bytes that page `number` takes in the file, as far as the file tells."""
        if self._image.format != "TIFF":
            return self._path.stat().st_size
        self._image.seek(number - 1)
        tags = getattr(self._image, "tag_v2", {})
        sizes = tags.get(_STRIP_SIZES) or tags.get(_TILE_SIZES) or ()
        return sum(size for size in sizes if isinstance(size, int))

    def _loaded(self) -> PIL.Image.Image:
        """The frame's pixels; far more than are read are reduced while they are decoded, to spare memory."""
        width, height = self._image.size
        if width * height <= 2 * MAX_READ_PIXELS:
            return self._image
        if self._image.format == "JPEG":
            self._image.draft(self._image.mode, (width // 2, height // 2))
            return self._image
        if self._image.mode not in _REDUCIBLE:
            return self._image
        return self._image.reduce(2)

    def _count(self) -> int:
        if self._image.format != "TIFF":
            return 1
        for number in range(self._limits.pages + 1):
            try:
                self._image.seek(number)
            except EOFError:
                return number
            except Exception as fault:
                raise ReadFailed("read_broken") from fault
        raise ReadFailed("read_pages", {"found": f"> {self._limits.pages}", "limit": self._limits.pages})


@contextmanager
def open_image(path: Path, kind: Kind, limits: ReadLimits) -> Iterator[ImageFile]:
    """Open `path` as `kind`. Raises `ReadFailed`."""
    PIL.Image.MAX_IMAGE_PIXELS = None  # our own limit, with our own reason, is checked before decoding
    if kind == "heic" and not heif.ready():
        raise ReadFailed("read_kind")
    try:
        image = PIL.Image.open(path, formats=[_FORMAT[kind]])
    except Exception as fault:
        raise ReadFailed("read_broken") from fault
    with image:
        yield ImageFile(image, path, limits)


def _resolution(dpi: object, turned: bool, factor: float) -> tuple[float, float] | None:
    if not isinstance(dpi, tuple) or len(dpi) != 2:
        return None
    try:
        across, down = float(dpi[0]) / factor, float(dpi[1]) / factor
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return (down, across) if turned else (across, down)
