"""Numbers that identify a child: BSN, onderwijsnummer, ECK iD; and the school's own leerlingnummer.

National numbers are compared by keyed digest only. The digest is made here, so that every place that looks a
number up makes the same one.
"""

import re
from dataclasses import dataclass, field

from stdnum.nl import bsn as stdnum_bsn
from stdnum.nl import onderwijsnummer as stdnum_education

from dms.kernel.digest import keyed_digest


@dataclass(frozen=True, slots=True)
class NationalNumber:
    """A number of 9 digits (or an ECK iD). One that does not pass its check is kept but never matched on."""

    value: str = field(repr=False)
    valid: bool = True


_ECKID = re.compile(r"https://(?:ketenid\.nl|id\.school)/\S{1,250}")


def parse_bsn(text: str) -> NationalNumber:
    """A BSN or onderwijsnummer as written, leading zero restored. Raises ValueError unless 8 or 9 digits remain."""
    digits = re.sub(r"[\s.\-]", "", text)
    if not re.fullmatch(r"[0-9]{8,9}", digits):
        raise ValueError("no number of nine digits")
    padded = digits.zfill(9)
    return NationalNumber(padded, bool(stdnum_bsn.is_valid(padded)))


def is_education_number(number: NationalNumber) -> bool:
    """Whether the digits are those of an onderwijsnummer (start 10, sum 5 modulo 11)."""
    return bool(stdnum_education.is_valid(number.value))


def parse_eckid(text: str) -> str | None:
    """The ECK iD exactly as written, or None for what is none."""
    return text if _ECKID.fullmatch(text) else None


def number_digest(key: bytes, value: str) -> str:
    """The keyed digest by which a national number is looked up within a school (`key`: the school's digest key).

    It covers the digits alone, whichever of the two they are: a number found in a text does not say what it is.
    """
    return keyed_digest(key, value.encode())


def clean_number(text: str) -> str:
    """The leerlingnummer as the school writes it. Raises ValueError for what a spreadsheet made of a number."""
    number = re.sub(r"\s+", "", text)
    if whole := re.fullmatch(r"([0-9]+)[.,]0+", number):
        number = whole[1]
    if re.fullmatch(r"[0-9]+[.,][0-9]+(E\+?[0-9]+)?|[0-9]+E\+[0-9]+", number, re.IGNORECASE):
        raise ValueError("no number of a pupil")
    return number


def number_key(number: str) -> str:
    """The leerlingnummer as it is compared: lower case, no leading zeros (`001234` and `1234` are one pupil)."""
    lowered = number.casefold()
    return lowered.lstrip("0") or lowered
