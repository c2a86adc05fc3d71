"""HEIC photos, as telephones take them: decoded by `pi-heif` (libheif and libde265, LGPL; it has no encoder).

There is no wheel for every kind of machine: where it is not installed, such photos are refused with the reason.
"""

import importlib
from functools import cache

FORMAT = "HEIF"


@cache
def ready() -> bool:
    """Whether HEIC photos can be read here; from the first call on Pillow opens them."""
    try:
        package = importlib.import_module("pi_heif")
    except ImportError:
        return False
    # One thread: a reader has its own limits on processes and time.
    package.register_heif_opener(thumbnails=False, decode_threads=1)
    return True
