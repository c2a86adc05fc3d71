"""What is kept of the name that a file came with. A name is a label on a screen, never a path. Pure."""

import unicodedata

LONGEST = 200
UNNAMED = "bestand"


def clean_name(offered: str) -> str:
    """The last part of `offered` without control characters, direction marks and the like; never empty.

    A long name keeps its extension.
    """
    last = unicodedata.normalize("NFC", offered).replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(x for x in last if unicodedata.category(x)[0] != "C")
    name = " ".join(visible.split()).strip(". ")
    if len(name) > LONGEST:
        stem, dot, extension = name.rpartition(".")
        keep = f".{extension}" if dot and len(extension) <= 10 else ""
        name = (stem or name)[: LONGEST - len(keep)] + keep
    return name or UNNAMED
