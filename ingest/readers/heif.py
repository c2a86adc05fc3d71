"""HEIC photos, where the optional package for them is installed (`pip install 'dossierkluis[heic]'`).

Optional because the wheel carries an encoder under the GPL, which this product does not ship.
"""

import importlib
from functools import cache

FORMAT = "HEIF"


@cache
def ready() -> bool:
    """Whether HEIC photos can be read here; from the first call on Pillow opens them."""
    try:
        package = importlib.import_module("pillow_heif")
    except ImportError:
        return False
    package.register_heif_opener(thumbnails=False)
    return True
