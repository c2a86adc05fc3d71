"""Images made to harm: sizes that lie, bombs in the pixels and in the remarks, directories in a ring."""

import struct
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO

import PIL.Image

from tests.hostile.parts import MIB, chunk, deflated, gray_tags, png, tiff


def _gradient(kind: str, **more: object) -> bytes:
    out = BytesIO()
    PIL.Image.linear_gradient("L").resize((900, 700)).save(out, kind, **more)
    return out.getvalue()


def png_of_a_milliard() -> bytes:
    return png(2**31 - 1, 2**31 - 1, zlib.compress(b"\0" * 1000))


def png_just_too_large() -> bytes:
    return png(9_000, 9_000, deflated(9_001 * 9_000))


def png_that_holds_more() -> bytes:
    """Small by its header, with pixels for a hundred times as much."""
    return png(100, 100, deflated(400 * MIB))


def png_with_a_bomb_as_remark() -> bytes:
    remarks = [chunk(b"zTXt", b"Comment\0\0" + deflated(300 * MIB)) for _ in range(2)]
    profile = chunk(b"iCCP", b"icc\0\0" + deflated(200 * MIB))
    return png(64, 64, deflated(65 * 64), profile, *remarks)


def png_thin_as_a_hair() -> bytes:
    return png(1, 40_000_000, deflated(80_000_000))


def png_cut_off() -> bytes:
    data = _gradient("PNG")
    return data[: len(data) // 2]


def png_with_wrong_sums() -> bytes:
    data = bytearray(_gradient("PNG"))
    data[40] ^= 1
    return bytes(data)


def png_of_nothing() -> bytes:
    return png(0, 0, b"")


def jpeg_of_four_milliard() -> bytes:
    data = _gradient("JPEG")
    place = data.index(b"\xff\xc0")
    return data[: place + 5] + struct.pack(">HH", 65500, 65500) + data[place + 9 :]


def jpeg_of_a_thousand_scans() -> bytes:
    """Each scan makes the decoder go over all its dots once more."""
    out = BytesIO()
    PIL.Image.linear_gradient("L").resize((4000, 4000)).save(out, "JPEG", progressive=True)
    data = out.getvalue()
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * 3000 + b"\xff\xd9"


def jpeg_cut_off() -> bytes:
    data = _gradient("JPEG")
    return data[: len(data) // 2]


def jpeg_without_pixels() -> bytes:
    return b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xd9"


def jpeg_with_marks_in_a_ring() -> bytes:
    """Remarks of the camera (EXIF) whose directory is its own next one."""
    ring = b"Exif\0\0" + tiff([(0x8769, 4, 1, 8), (0x0112, 3, 1, 99)], following=8)
    data = _gradient("JPEG")
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(ring) + 2) + ring + data[2:]


def jpeg_of_remarks_only() -> bytes:
    return b"\xff\xd8" + (b"\xff\xfe\xff\xff" + b"x" * 65533) * 200 + b"\xff\xd9"


def tiff_in_a_ring() -> bytes:
    """Its directory is its own next one."""
    return tiff(gray_tags(64, 64, 1, 200, 64 * 64), following=8, tail=b"\x80" * 5000)


def tiff_of_ten_thousand() -> bytes:
    """Ten thousand directories, each of one dot."""
    data = bytearray(b"II*\0" + struct.pack("<I", 8))
    size = 2 + 9 * 12 + 4
    for number in range(10_000):
        here = 8 + number * size
        entries = b"".join(struct.pack("<HHII", *tag) for tag in gray_tags(1, 1, 1, here, 1))
        data += struct.pack("<H", 9) + entries + struct.pack("<I", here + size if number < 9_999 else 0)
    return bytes(data)


def tiff_of_a_milliard() -> bytes:
    return tiff(gray_tags(60_000, 60_000, 1, 200, 100), tail=b"\0" * 300)


def tiff_bomb() -> bytes:
    """Within the limit of size, packed in a thousandth of it, with a strip that holds ten times more."""
    packed = deflated(790 * MIB)
    return tiff(gray_tags(8_900, 8_900, 8, 200, len(packed)), tail=b"\0" * (200 - 126) + packed)


def tiff_with_wild_places() -> bytes:
    return tiff(gray_tags(100, 100, 1, 0xFFFFFFF0, 0xFFFFFFFF))


def tiff_with_a_long_tag() -> bytes:
    return tiff([*gray_tags(100, 100, 1, 200, 10_000), (270, 2, 0xFFFFFFFF, 8)], tail=b"\0" * 11_000)


def tiff_of_tiles_without_size() -> bytes:
    tags = [tag for tag in gray_tags(5000, 5000, 1, 200, 10) if tag[0] not in (273, 278, 279)]
    return tiff([*tags, (322, 4, 1, 0), (323, 4, 1, 0), (324, 4, 1, 200), (325, 4, 1, 10)], tail=b"\0" * 300)


def fax_of_noise() -> bytes:
    tags = [tag if tag[0] != 258 else (258, 3, 1, 1) for tag in gray_tags(8000, 8000, 4, 200, 60_000)]
    noise = b"".join(zlib.crc32(struct.pack("<I", n)).to_bytes(4, "big") for n in range(15_000))
    return tiff(tags, tail=b"\0" * (200 - 126) + noise)


def gif_of_a_milliard() -> bytes:
    return b"GIF89a\xff\xff\xff\xff\0\0\0," + b"\0\0\0\0\xff\xff\xff\xff\0\2\2L\1\0;"


def bmp_of_a_milliard() -> bytes:
    return b"BM" + struct.pack("<IHHIIiiHHIIiiII", 60, 0, 0, 54, 40, 2**30, 2**30, 1, 24, 0, 0, 0, 0, 0, 0)


def webp_of_a_milliard() -> bytes:
    return b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\x10\0\0\0\xff\xff\xff\xff\xff\xff" + b"ALPH\0\0\0\0"


def heic_of_nothing() -> bytes:
    return b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + b"\xff\xff\xff\xffmeta" + b"\0" * 64


ENDINGS = {"png": "png", "jpeg": "jpg", "tiff": "tif", "fax": "tif", "gif": "gif", "bmp": "bmp", "webp": "webp",
           "heic": "heic"}  # fmt: skip
MAKERS: tuple[Callable[[], bytes], ...] = (
    png_of_a_milliard, png_just_too_large, png_that_holds_more, png_with_a_bomb_as_remark, png_thin_as_a_hair,
    png_cut_off, png_with_wrong_sums, png_of_nothing, jpeg_of_four_milliard, jpeg_of_a_thousand_scans, jpeg_cut_off,
    jpeg_without_pixels, jpeg_with_marks_in_a_ring, jpeg_of_remarks_only, tiff_in_a_ring, tiff_of_ten_thousand,
    tiff_of_a_milliard, tiff_bomb, tiff_with_wild_places, tiff_with_a_long_tag, tiff_of_tiles_without_size,
    fax_of_noise, gif_of_a_milliard, bmp_of_a_milliard, webp_of_a_milliard, heic_of_nothing,
)  # fmt: skip
IMAGES: Mapping[str, Callable[[], bytes]] = {
    f"{make.__name__.replace('_', ' ')}.{ENDINGS[make.__name__.split('_')[0]]}": make for make in MAKERS
}
"""Each by its file name."""
