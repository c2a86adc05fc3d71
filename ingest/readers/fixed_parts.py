"""The small fixed parts of an archive PDF: an sRGB colour profile (ICC version 2) and a font of plain boxes.

Both are built here from their definitions, so that nothing has to be shipped or licensed.
"""

import struct
from functools import cache

_CURVE_POINTS = 1024
FONT_UNITS = 1000
GLYPH_WIDTH = 500
ASCENT, DESCENT = 800, -200


@cache
def srgb_profile() -> bytes:
    """An ICC 2.1 display profile with the primaries of sRGB adapted to D50 and its tone curve."""
    curve = struct.pack(">4s4xI", b"curv", _CURVE_POINTS) + b"".join(
        struct.pack(">H", round(65535 * _linear(point / (_CURVE_POINTS - 1)))) for point in range(_CURVE_POINTS)
    )
    name = b"sRGB\0"
    text = struct.pack(">4s4xI", b"desc", len(name)) + name + bytes(4 + 4 + 2 + 1 + 67)
    tags = [
        (b"desc", text),
        (b"cprt", b"text\0\0\0\0No copyright\0"),
        (b"wtpt", _xyz(0.9642, 1.0, 0.8249)),
        (b"rXYZ", _xyz(0.4360747, 0.2225045, 0.0139322)),
        (b"gXYZ", _xyz(0.3850649, 0.7168786, 0.0971045)),
        (b"bXYZ", _xyz(0.1430804, 0.0606169, 0.7141733)),
        (b"rTRC", curve),
        (b"gTRC", curve),
        (b"bTRC", curve),
    ]
    place = 128 + 4 + 12 * len(tags)
    table, body, known = struct.pack(">I", len(tags)), b"", dict[bytes, int]()
    for tag, data in tags:
        if data not in known:
            known[data] = place + len(body)
            body += data + bytes(-len(data) % 4)
        table += struct.pack(">4sII", tag, known[data], len(data))
    size = 128 + len(table) + len(body)
    header = struct.pack(">I4sI4s4s4s", size, bytes(4), 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    header += struct.pack(">6H4s", 2000, 1, 1, 0, 0, 0, b"acsp") + bytes(4 + 4 + 4 + 4 + 8 + 4)
    header += struct.pack(">3i", *(round(value * 65536) for value in (0.9642, 1.0, 0.8249)))
    return header + bytes(128 - len(header)) + table + body


@cache
def box_font() -> bytes:
    """A TrueType font whose every letter is a box of half an em wide: for text that is found but not seen.

    Boxes and not empty glyphs: viewers mark a word that was found by the shapes of its letters.
    """
    box = struct.pack(">5h", 1, 0, DESCENT, GLYPH_WIDTH, ASCENT) + struct.pack(">HH4B", 3, 0, 1, 1, 1, 1)
    box += struct.pack(">4h", 0, 0, GLYPH_WIDTH, 0) + struct.pack(">4h", DESCENT, ASCENT - DESCENT, 0, DESCENT - ASCENT)
    tables = {
        b"OS/2": _os2(),
        b"cmap": struct.pack(">HHHHI", 0, 1, 3, 1, 12)
        + struct.pack(">HHH4H5H", 4, 24, 0, 2, 2, 0, 0, 65535, 0, 65535, 1, 0),
        b"glyf": box,
        b"head": _head(),
        b"hhea": struct.pack(">IhhhHhhhhhh8xhH", 0x10000, ASCENT, DESCENT, 0, GLYPH_WIDTH, 0, 0, 0, 1, 0, 0, 0, 2),
        b"hmtx": struct.pack(">HhHh", GLYPH_WIDTH, 0, GLYPH_WIDTH, 0),
        b"loca": struct.pack(">3H", 0, 0, len(box) // 2),
        b"maxp": struct.pack(">IH13H", 0x10000, 2, 4, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0),
        b"name": _names(),
        b"post": struct.pack(">IIhhIIIII", 0x30000, 0, 0, 0, 1, 0, 0, 0, 0),
    }
    count = len(tables)
    power = 1 << count.bit_length() - 1
    data = struct.pack(">IHHHH", 0x10000, count, power * 16, power.bit_length() - 1, count * 16 - power * 16)
    place, body = 12 + 16 * count, b""
    for tag in sorted(tables):
        table = tables[tag]
        data += struct.pack(">4sIII", tag, _checksum(table), place + len(body), len(table))
        body += table + bytes(-len(table) % 4)
    font = bytearray(data + body)
    head = struct.unpack(">I", font[font.index(b"head") + 8 : font.index(b"head") + 12])[0]
    struct.pack_into(">I", font, head + 8, (0xB1B0AFBA - _checksum(bytes(font))) & 0xFFFFFFFF)
    return bytes(font)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _xyz(*values: float) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(value * 65536) for value in values))


def _checksum(data: bytes) -> int:
    padded = data + bytes(-len(data) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF


def _head() -> bytes:
    """Checksum left 0; it is put in when the font is whole."""
    head = struct.pack(">IIIIHHQQ", 0x10000, 0x10000, 0, 0x5F0F3CF5, 4, FONT_UNITS, 0, 0)
    return head + struct.pack(">4hHHhhh", 0, DESCENT, GLYPH_WIDTH, ASCENT, 0, 8, 2, 0, 0)


def _os2() -> bytes:
    sizes = struct.pack(">Hhhhh", 3, GLYPH_WIDTH, 400, 5, 0) + struct.pack(">10h", *[500] * 10) + struct.pack(">h", 0)
    marks = bytes(10 + 16) + b"NONE" + struct.pack(">HHH", 64, 0, 65535)
    heights = (
        struct.pack(">hhhHH", ASCENT, DESCENT, 0, ASCENT, -DESCENT)
        + bytes(8)
        + struct.pack(">hhHHH", 500, 700, 0, 32, 1)
    )
    return sizes + marks + heights


def _names() -> bytes:
    texts = [(1, "Boxes"), (2, "Regular"), (4, "Boxes"), (6, "Boxes")]
    records, body = b"", b""
    for number, text in texts:
        data = text.encode("utf-16-be")
        records += struct.pack(">6H", 3, 1, 0x409, number, len(data), len(body))
        body += data
    return struct.pack(">3H", 0, len(texts), 6 + len(records)) + records + body
