"""Writes a name across the image of a page, so that a picture of it says whose it was. For images of our own making.

The words stand in the picture itself, slanted and repeated over the whole page, pale enough to read the page through
them. Whoever wants to take them away can, with work: a watermark warns, it does not lock.
"""

from functools import lru_cache
from io import BytesIO

import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont

from ingest.readers.typeset import FONTS

SLANT = 30
"""Degrees."""
STRENGTH = 0.17
"""How dark the words are, 0 to 1: read, and read through."""
LETTER_SHARE = 1 / 34
"""Height of a letter, as a part of the page's width."""
QUALITY = 75
LONGEST = 120
Font = PIL.ImageFont.FreeTypeFont | PIL.ImageFont.ImageFont


def watermarked(page: bytes, words: str) -> bytes:
    """The page (an image that the reader made) with `words` across it, as JPEG of the same size in pixels."""
    with PIL.Image.open(BytesIO(page), formats=["JPEG", "PNG", "WEBP"]) as image:
        shown = image.convert("RGB" if image.mode != "L" else "L")
    mask = PIL.Image.new("L", shown.size, 0)
    tile = _tile(" ".join(words.split())[:LONGEST], max(12, round(shown.width * LETTER_SHARE)))
    across, down = max(1, tile.width), max(1, round(tile.height * 0.8))
    for row, top in enumerate(range(-down // 2, shown.height, down)):
        for left in range(-(across // 2) * (row % 2), shown.width, across):
            mask.paste(255, (left, top), tile)  # words that overlap leave each other whole
    mask = mask.point([round(x * STRENGTH) for x in range(256)])
    dark = PIL.Image.new(shown.mode, shown.size, 0)
    out = BytesIO()
    PIL.Image.composite(dark, shown, mask).save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


@lru_cache(maxsize=32)
def _tile(words: str, size: int) -> PIL.Image.Image:
    """The words once, slanted, with room around them."""
    font = _font(size)
    left, top, right, bottom = font.getbbox(words)
    gap = 2 * size
    flat = PIL.Image.new("L", (round(right - left) + gap, round(bottom - top) + gap), 0)
    PIL.ImageDraw.Draw(flat).text((gap / 2 - left, gap / 2 - top), words, fill=255, font=font)
    return flat.rotate(SLANT, expand=True, resample=PIL.Image.Resampling.BICUBIC)


@lru_cache(maxsize=8)
def _font(size: int) -> Font:
    """DejaVu, which has the letters of all names; where it is not installed, what the library brings."""
    for folder in FONTS:
        path = folder / "DejaVuSans-Bold.ttf"
        if path.is_file():
            return PIL.ImageFont.truetype(str(path), size)
    return PIL.ImageFont.load_default(size)
