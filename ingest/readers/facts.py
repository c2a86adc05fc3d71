"""A look at one file in a limited child: what it is, how large, whether it opens. Decides nothing.

What is refused, and with which words, is for `ingest.rules.sniff`.
"""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import magic
import PIL.Image
import pypdf
from pypdf.errors import DependencyError, FileNotDecryptedError

from ingest.readers import child, heif, texttypes
from ingest.readers.containers import LOOKS, look_at_ole, look_at_zip
from ingest.readers.errors import ReadFailed
from ingest.readers.fence import ChildLimits, Report
from ingest.readers.results import ReadLimits
from ingest.rules.sniff import FileFacts

SECONDS = 50.0
"""How long a look may take."""
MAX_FRAMES = 10_000
_PILLOW = {"image/jpeg": "JPEG", "image/png": "PNG", "image/tiff": "TIFF", "image/heic": heif.FORMAT}


def without_looking(path: Path, name: str, limits: ReadLimits) -> FileFacts | None:
    """The facts of a file that is empty or too large to look into; None for any other."""
    size = path.stat().st_size
    if size == 0:
        return FileFacts(0, "inode/x-empty", name)
    return FileFacts(size, "application/octet-stream", name) if size > limits.bytes_in else None


def facts_of(path: Path, name: str, found: Mapping[str, Any]) -> FileFacts:
    """What `look` found, as facts."""
    return FileFacts(size=path.stat().st_size, name=name, **found)


def of_a_breaker(path: Path, name: str, limits: ChildLimits, alive: Callable[[], None] | None) -> FileFacts:
    """The facts of a file that broke its reader: what kind of file it is can still be told."""
    unknown = FileFacts(path.stat().st_size, "application/octet-stream", name, parse_error=True)
    try:
        media_type = child.run(_media_type, str(path), limits=limits, folder=path.parent, alive=alive)
    except ReadFailed:
        return unknown
    return replace(unknown, media_type=str(media_type))


def look(report: Report, path: str) -> dict[str, Any]:
    """The task of the child."""
    media_type = _media_type(report, path)
    inside = _LOOKS.get(media_type)
    return {"media_type": media_type} | (inside(path, media_type) if inside else _look_inside(path, media_type))


def _look_inside(path: str, media_type: str) -> dict[str, Any]:
    """What many kinds are packed in is told apart by what is in it: ZIP, OLE, and anything that is text."""
    with open(path, "rb") as file:
        head = file.read(8)
    called = LOOKS.get(media_type.lower())
    if called == "zip" or head.startswith(_ZIP):
        return look_at_zip(Path(path))
    if called == "ole" or head == _OLE:
        return look_at_ole(Path(path), media_type)
    return texttypes.look(Path(path), media_type)


def _media_type(_report: Report, path: str) -> str:
    """By the whole file: the first kilobytes alone mistake some containers."""
    return str(magic.from_file(path, mime=True))


def _look_at_pdf(path: str, _media_type: str) -> dict[str, Any]:
    try:
        # given a name, the reader would take the whole file in memory
        with open(path, "rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reader = pypdf.PdfReader(file, strict=False)
            if reader.is_encrypted and reader.decrypt("") == pypdf.PasswordType.NOT_DECRYPTED:
                return {"encrypted": True}
            return {"encrypted": False, "pages": _count_pages(reader)}
    except FileNotDecryptedError:
        return {"encrypted": True}
    except DependencyError:  # a cipher that we do not have: nobody opens it here without a password either
        return {"encrypted": True}
    except MemoryError:
        raise
    except Exception:
        return {"parse_error": True}


def _count_pages(reader: pypdf.PdfReader) -> int:
    """Pages that are really there: the number written in the file may say anything."""
    return len(reader.pages)


def _look_at_heic(path: str, media_type: str) -> dict[str, Any]:
    return _look_at_image(path, "image/heic") if heif.ready() else {"lacks_reader": True}


def _look_at_image(path: str, media_type: str) -> dict[str, Any]:
    """Sizes from the headers; nothing is decoded, so a bomb does not go off."""
    PIL.Image.MAX_IMAGE_PIXELS = None  # this process only looks; the rules judge the size
    try:
        with PIL.Image.open(path, formats=[_PILLOW[media_type]]) as image:
            width, height, frames = image.width, image.height, 1
            if media_type == "image/tiff":
                frames = _count_frames(image)
                for number in range(1, frames):
                    image.seek(number)
                    if image.width * image.height > width * height:
                        width, height = image.size
            return {"pages": frames, "width": width, "height": height}
    except MemoryError:
        raise
    except Exception:
        return {"parse_error": True}


def _count_frames(image: PIL.Image.Image) -> int:
    for number in range(1, MAX_FRAMES):
        try:
            image.seek(number)
        except EOFError:
            return number
    return MAX_FRAMES


_LOOKS: dict[str, Callable[..., dict[str, Any]]] = {
    "application/pdf": _look_at_pdf,
    "image/jpeg": _look_at_image,
    "image/png": _look_at_image,
    "image/tiff": _look_at_image,
    "image/heic": _look_at_heic,
    "image/heif": _look_at_heic,
}
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
