"""Cells of a pupil list as clean values."""

import re
import unicodedata

_FORMULA_STARTS = tuple("=+-@\t\r")
_UNWANTED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_YES = frozenset({"ja", "j", "true", "waar"})
_NO = frozenset({"nee", "n", "false", "onwaar"})
_GENDERS = {
    **dict.fromkeys(("m", "man", "jongen", "j", "mannelijk"), "M"),
    **dict.fromkeys(("v", "vrouw", "meisje", "vrouwelijk"), "V"),
    **dict.fromkeys(("x", "anders", "onbekend", "o"), "X"),
}
_EMAIL = re.compile(r"[^\s@<>,;:\"()]+@[^\s@<>,;:\"().]+(?:\.[^\s@<>,;:\"().]+)+")


def clean(cell: str) -> str:
    """A cell in composed Unicode, without marks that steer display, without doubled spaces.

    The apostrophe that makes a cell harmless in a spreadsheet is taken off again.
    """
    if cell.startswith("'") and cell[1:].startswith(_FORMULA_STARTS):
        cell = cell[1:]
    spaced = re.sub(r"\s+", " ", unicodedata.normalize("NFC", cell))
    return "".join(x for x in spaced if unicodedata.category(x) not in _UNWANTED).strip()


def parse_yes_no(text: str) -> bool:
    """Read ja or nee. Raises ValueError for anything else."""
    word = text.casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueError("neither yes nor no")


def parse_gender(text: str) -> str | None:
    """`M`, `V` or `X`, or None where it is not recognised; bare digits mean different things in different lists."""
    return _GENDERS.get(text.casefold())


def parse_email(text: str) -> str | None:
    """The address with its domain in lower case, or None for what is none."""
    if not _EMAIL.fullmatch(text):
        return None
    local, _, domain = text.rpartition("@")
    return f"{local}@{domain.lower()}"


def parse_site(text: str) -> str | None:
    """The two digits of a site out of `01`, `1`, `99XX01` or `99XX.01`; empty for `00` (none); None if unreadable."""
    found = re.fullmatch(r"(?:[0-9]{2}[A-Za-z]{2}[.\s]?)?([0-9]{1,2})", text)
    if found is None:
        return None
    code = found[1].zfill(2)
    return "" if code == "00" else code


def parse_brin(text: str) -> str:
    """The four characters of a BRIN out of `12AB`, `12AB00` or `12AB.00`; any other shape comes back as it is."""
    found = re.fullmatch(r"([0-9]{2}[A-Za-z]{2})(?:[.\s]?[0-9]{2})?", text)
    return found[1].upper() if found else text.upper()
