"""Parts of files: PDF objects, PNG chunks, TIFF directories."""

import struct
import zlib
from collections.abc import Sequence

MIB = 1024 * 1024
CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
ONE_PAGE = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"


def page(resources: bytes = b"", more: bytes = b"") -> bytes:
    """The only page, with contents in object 4."""
    return (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << "
        + resources
        + b" >> "
        + more
        + b" >>"
    )


def pdf(objects: Sequence[bytes], trailer: bytes = b"", header: bytes = b"%PDF-1.7\n") -> bytes:
    """A PDF of objects 1, 2, … as they are given, with a cross-reference table that is right."""
    data, places = bytearray(header), []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"trailer\n<< /Size %d /Root 1 0 R %b >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, table)
    return bytes(data)


def stream(data: bytes, extra: bytes = b"") -> bytes:
    """A stream object."""
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(data), extra, data)


def one_page(content: bytes, resources: bytes = b"", *more: bytes) -> bytes:
    """A PDF of one page; `more` are objects 5, 6, …"""
    return pdf([CATALOG, ONE_PAGE, page(resources), stream(content), *more])


def chunk(name: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, packed: bytes, *extra: bytes, depth: int = 8, kind: int = 0) -> bytes:
    """A PNG with the given pixels, already packed; `extra` chunks before them."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(extra) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def deflated(size: int, byte: bytes = b"\0") -> bytes:
    """`size` equal bytes, packed; made in pieces."""
    packer = zlib.compressobj(9)
    piece = byte * MIB
    out = [packer.compress(piece) for _ in range(size // MIB)]
    return b"".join([*out, packer.compress(byte * (size % MIB)), packer.flush()])


def tiff(tags: Sequence[tuple[int, int, int, int]], following: int = 0, tail: bytes = b"") -> bytes:
    """A little-endian TIFF with one directory at byte 8: (tag, type, count, value); then where the next one is."""
    entries = b"".join(struct.pack("<HHII", *tag) for tag in sorted(tags))
    return (
        b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(tags)) + entries + struct.pack("<I", following) + tail
    )


def gray_tags(width: int, height: int, compression: int, place: int, size: int) -> list[tuple[int, int, int, int]]:
    """The tags of a gray TIFF in one strip."""
    return [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, 8),
        (259, 3, 1, compression),
        (262, 3, 1, 1),
        (273, 4, 1, place),
        (277, 3, 1, 1),
        (278, 4, 1, height),
        (279, 4, 1, size),
    ]
