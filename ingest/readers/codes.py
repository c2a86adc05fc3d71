"""Our own sheets' codes on a page image: QR and Code 128 only. Every other code is nobody's business here.

Runs inside the fence. Read from the page at half its size (about 150 dots an inch), where a module of a sheet is still
five pixels wide: a quarter of the work of the whole page.
"""

import numpy as np
import zxingcpp

from ingest.readers.straighten import Picture, shrink
from ingest.rules.sheet_codes import parse

_FORMATS = zxingcpp.BarcodeFormats((zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128))
_SHORT_SIDE = 1240
MOST_CODES = 8


def codes_on(gray: Picture) -> list[str]:
    """The texts of our own shape on a page, each once, in no order."""
    picture = half(gray)
    found = zxingcpp.read_barcodes(picture, formats=_FORMATS, try_rotate=True, try_downscale=False, try_invert=False)
    texts = {one.text for one in found if one.valid and parse(one.text) is not None}
    return sorted(texts)[:MOST_CODES]


def half(gray: Picture) -> Picture:
    """A page of 300 dots an inch at half its size; a small one as it is."""
    picture = shrink(gray, max(1, round(min(gray.shape) / _SHORT_SIDE)))
    return np.ascontiguousarray(picture)
