"""What stands in the codes of a separator or cover sheet: an opaque number and the proof that this house made it.

48 digits: a label of 4, the sheet's own number of 24 (drawn at random, 79 bits), the proof of 20 (66 bits of an HMAC).
Digits only, because both a QR code and a Code 128 hold twice as many digits as letters: the modules stay large, and
a sheet is read from a coarse or dirty scan too. Nothing in it says whose it is.
"""

import hmac
import re
from dataclasses import dataclass

LABEL = "3710"
NUMBER_DIGITS = 24
PROOF_DIGITS = 20
LENGTH = len(LABEL) + NUMBER_DIGITS + PROOF_DIGITS
_GROUP = 4

_PRINTED = re.compile(rf"(?<!\d){LABEL}(?:[ \n]?\d{{{_GROUP}}}){{{LENGTH // _GROUP - 1}}}(?!\d)")


@dataclass(frozen=True, slots=True)
class SheetCode:
    """A code with the shape of ours. Whether it is ours, only its proof tells."""

    number: str
    proof: str

    @property
    def text(self) -> str:
        """As it stands in the codes."""
        return f"{LABEL}{self.number}{self.proof}"

    @property
    def printed(self) -> str:
        """As people read it, in groups of four."""
        return " ".join(self.text[at : at + _GROUP] for at in range(0, LENGTH, _GROUP))

    def proven_by(self, digest: str) -> bool:
        """Whether the proof is that of `digest`, the keyed digest (hexadecimal) of the number."""
        return hmac.compare_digest(self.proof, proof_of(digest))


def make(number: int, digest: str) -> SheetCode:
    """The code of the sheet `number` (below 10^24), with the keyed digest (hexadecimal) of its digits."""
    if not 0 <= number < 10**NUMBER_DIGITS:
        raise ValueError(number)
    return SheetCode(digits(number), proof_of(digest))


def digits(number: int) -> str:
    """The number as it stands in the code, which is what the keyed digest is made of."""
    return f"{number:0{NUMBER_DIGITS}d}"


def proof_of(digest: str) -> str:
    """The last 20 digits of a keyed digest."""
    return f"{int(digest, 16) % 10**PROOF_DIGITS:0{PROOF_DIGITS}d}"


def parse(text: str) -> SheetCode | None:
    """The code in what a reader of codes gives; None for anything else, which is not for us."""
    if len(text) != LENGTH or not text.isascii() or not text.isdigit() or not text.startswith(LABEL):
        return None
    return SheetCode(text[len(LABEL) : -PROOF_DIGITS], text[-PROOF_DIGITS:])


def printed_in(text: str) -> bool:
    """Whether a text layer shows a code as it is printed: only then are the codes of a born-digital page read."""
    return LABEL in text and _PRINTED.search(text) is not None
