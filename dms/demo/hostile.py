"""Files that must be refused or parked with a clear reason: small makers of each, all harmless by themselves."""

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import Image
from pypdf import PdfWriter
from reportlab.pdfgen.canvas import Canvas

HUGE_SIDE = 10_000
PASSWORD = "geheim"  # noqa: S105 - of a test file


@dataclass(frozen=True, slots=True)
class HostileFile:
    """A file that cannot simply be read. `kind` is a stable word for tests."""

    name: str
    data: bytes
    kind: str


def hostile_files() -> Iterator[HostileFile]:
    """One of each kind; always the same, save the salt of the encrypted file."""
    for name, make, kind in _MAKERS:
        yield HostileFile(name, make(), kind)


def good_pdf(text: str = "Een gewone bladzijde.") -> bytes:
    """A sound one-page PDF to damage."""
    out = BytesIO()
    canvas = Canvas(out, invariant=1, pageCompression=0)
    canvas.drawString(72, 700, text)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def not_a_pdf() -> bytes:
    """A ZIP archive's beginning under the name of a PDF."""
    return b"PK\x03\x04\x14\x00\x00\x00\x08\x00" + bytes(range(256)) * 4


def encrypted_pdf() -> bytes:
    """A PDF that opens only with the password `PASSWORD`."""
    writer = PdfWriter(clone_from=BytesIO(good_pdf()))
    writer.encrypt(user_password=PASSWORD, owner_password=f"{PASSWORD}-eigenaar", algorithm="AES-256")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def empty_pdf() -> bytes:
    """A valid PDF without any page."""
    out = BytesIO()
    PdfWriter().write(out)
    return out.getvalue()


def huge_png() -> bytes:
    """A white image of 10,000 by 10,000 points in a file of some kilobytes."""
    packer = zlib.compressobj(9)
    row = b"\x00" + b"\xff" * (HUGE_SIDE // 8)
    packed = b"".join(packer.compress(row) for _ in range(HUGE_SIDE)) + packer.flush()
    header = struct.pack(">IIBBBBB", HUGE_SIDE, HUGE_SIDE, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def truncated_jpeg() -> bytes:
    """The first half of a photograph."""
    out = BytesIO()
    Image.linear_gradient("L").resize((1200, 1600)).save(out, "JPEG", quality=90)
    return out.getvalue()[: out.tell() // 2]


def truncated_pdf() -> bytes:
    """The first third of a PDF, cut off before its only page is described."""
    data = good_pdf()
    return data[: data.index(b"/Type /Page") - 20]


def sound() -> bytes:
    """A recording: a kind of file that is not taken in."""
    head = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 8036, b"WAVE", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8)
    return head + struct.pack("<4sI", b"data", 8000) + bytes([128]) * 8000


def html_page() -> bytes:
    """A web page with a script under the name of a PDF."""
    return b"<!DOCTYPE html><html><body><script>alert(1)</script><p>Rapport</p></body></html>\n"


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


_MAKERS: tuple[tuple[str, Callable[[], bytes], str], ...] = (
    ("rapport.pdf", not_a_pdf, "not-a-pdf"),
    ("leeg.pdf", bytes, "empty"),
    ("met wachtwoord.pdf", encrypted_pdf, "encrypted"),
    ("zonder bladzijden.pdf", empty_pdf, "no-pages"),
    ("enorm.png", huge_png, "huge-image"),
    ("foto half.jpg", truncated_jpeg, "truncated-jpeg"),
    ("afgebroken.pdf", truncated_pdf, "truncated-pdf"),
    ("opname.wav", sound, "sound"),
    ("webpagina.pdf", html_page, "html"),
)
