"""Puts page images into the files that scanners, fax machines and phones deliver."""

from collections.abc import Sequence
from io import BytesIO

import cv2
import numpy as np
from PIL import Image as PillowImage

from dms.demo.scans import Image

ORIENTATION = 0x0112
# EXIF value for a picture that must be turned 90 degrees clockwise to be upright
TURN_CLOCKWISE = 6


def jpeg(image: Image, dpi: int, quality: int = 75) -> bytes:
    """One image as a JPEG with its resolution."""
    out = BytesIO()
    _pillow(image).save(out, "JPEG", quality=quality, dpi=(dpi, dpi))
    return out.getvalue()


def phone_jpeg(image: Image, *, sideways: bool = False) -> bytes:
    """One image as a phone stores it; `sideways` stores it a quarter turn off and says so in its EXIF data."""
    exif = PillowImage.Exif()
    stored = image
    if sideways:
        stored = np.ascontiguousarray(np.rot90(image))
        exif[ORIENTATION] = TURN_CLOCKWISE
    out = BytesIO()
    _pillow(stored).save(out, "JPEG", quality=82, exif=exif)
    return out.getvalue()


def png(image: Image, dpi: int) -> bytes:
    """One image as a PNG with its resolution."""
    out = BytesIO()
    _pillow(image).save(out, "PNG", dpi=(dpi, dpi), compress_level=3)
    return out.getvalue()


def tiff(images: Sequence[Image], dpi: int) -> bytes:
    """All pages in one TIFF, compressed without loss."""
    return _tiff([_pillow(image) for image in images], dpi, "tiff_lzw")


def fax_tiff(images: Sequence[Image], dpi: int = 200) -> bytes:
    """All black-and-white pages in one TIFF, coded as faxes are (CCITT group 4)."""
    return _tiff([_pillow(image).convert("1", dither=PillowImage.Dither.NONE) for image in images], dpi, "group4")


def scanned_pdf(images: Sequence[Image], dpi: int, quality: int = 75) -> bytes:
    """A PDF with one JPEG a page and no text, byte for byte as many scanners write it."""
    objects: list[bytes] = []
    kids = " ".join(f"{3 + 3 * nth} 0 R" for nth in range(len(images)))
    objects.append(b"<< /Type /Catalog /Pages 2 0 R >>")
    objects.append(f"<< /Type /Pages /Count {len(images)} /Kids [{kids}] >>".encode())
    for nth, image in enumerate(images):
        number = 3 + 3 * nth
        height, width = image.shape[:2]
        wide, high = width * 72 / dpi, height * 72 / dpi
        draw = f"q {wide:.2f} 0 0 {high:.2f} 0 0 cm /Im0 Do Q".encode()
        data = jpeg(image, dpi, quality)
        space = "/DeviceRGB" if image.ndim == 3 else "/DeviceGray"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {wide:.2f} {high:.2f}] /Contents {number + 1} 0 R "
            f"/Resources << /XObject << /Im0 {number + 2} 0 R >> >> >>".encode()
        )
        objects.append(_stream("", draw))
        objects.append(
            _stream(
                f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace {space} "
                "/BitsPerComponent 8 /Filter /DCTDecode ",
                data,
            )
        )
    return _file(objects)


def _stream(entries: str, data: bytes) -> bytes:
    return f"<< {entries}/Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def _file(objects: Sequence[bytes]) -> bytes:
    """Number the objects and add the cross-reference table."""
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def _tiff(pages: Sequence[PillowImage.Image], dpi: int, compression: str) -> bytes:
    out = BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=list(pages[1:]), compression=compression, dpi=(dpi, dpi))
    return out.getvalue()


def _pillow(image: Image) -> PillowImage.Image:
    return PillowImage.fromarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB) if image.ndim == 3 else image)
