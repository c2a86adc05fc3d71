"""Is this the same paper as that one? Judged by what its words are, which numbers stand in it, and how its pages look.

The hard thing is not to find a paper that was scanned again but to tell it from the next one of its kind: two letters
of a school about one pupil differ in a date and a figure, and recognising spoils more letters than that. So the date
decides first: papers of different dates are different papers. Then their text, in pieces of four letters, which bears
mistakes of recognising; then their numbers. A paper without words is known by its looks alone. Thresholds from measured
data: docs/formats.md. A person always decides; this only brings the two together. Pure; nothing of a text can be read
back from a fingerprint.
"""

import re
import struct
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dms.kernel.outcome import Reason
from dms.kernel.text import N_

PIECE = 4
MOST_PIECES = 400
"""The lowest hashes stand for all: as good as the whole text within a few hundredths, and never more than this."""
MOST_NUMBERS, MOST_LOOKS = 200, 20
FEWEST_LETTERS = 60
"""A paper with fewer letters is known by its looks."""
LIKE_TEXT, LIKE_NUMBERS = 0.62, 0.6
"""Of papers with the same date."""
LIKE_TEXT_UNDATED, LIKE_NUMBERS_UNDATED = 0.8, 0.9
"""Where the date of either is not known."""
FEWEST_NUMBERS = 3
LOOK_BITS = 256
LIKE_LOOK = 28
"""So many of its bits may differ on the same page, scanned twice."""
FEWEST_BITS = 12
"""A page that looks more even than this is blank, or as good as: it tells nothing."""

_OTHER = re.compile(r"[^a-z0-9]+")
_NUMBER = re.compile(r"\d+")
_HEAD = struct.Struct("<IIIII")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """By what a document is known again: how many pages and letters, hashed pieces of its text, hashed numbers as
    often as they stand there, and the looks of its pages.
    """

    pages: int
    letters: int
    pieces: frozenset[int]
    numbers: tuple[int, ...]
    looks: tuple[int, ...]

    def to_bytes(self) -> bytes:
        """At most 3.1 kB."""
        head = _HEAD.pack(self.pages, self.letters, len(self.pieces), len(self.numbers), len(self.looks))
        values = [*sorted(self.pieces), *self.numbers]
        looks = b"".join(x.to_bytes(LOOK_BITS // 8, "big") for x in self.looks)
        return head + struct.pack(f"<{len(values)}I", *values) + looks

    @classmethod
    def from_bytes(cls, raw: bytes) -> "Fingerprint":
        """Read what `to_bytes` wrote."""
        pages, letters, pieces, numbers, looks = _HEAD.unpack_from(raw)
        values = struct.unpack_from(f"<{pieces + numbers}I", raw, _HEAD.size)
        at = _HEAD.size + 4 * len(values)
        size = LOOK_BITS // 8
        return cls(
            pages,
            letters,
            frozenset(values[:pieces]),
            values[pieces:],
            tuple(int.from_bytes(raw[at + size * x : at + size * (x + 1)], "big") for x in range(looks)),
        )


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two documents are (0-1), and whether a person should look at the two: `reason` says why, else None.

    `numbers` is None where there are too few to compare, `looks` where no page tells anything.
    """

    text: float
    numbers: float | None
    looks: float | None
    reason: Reason | None

    @property
    def alike(self) -> bool:
        """Whether a person should look at them side by side."""
        return self.reason is not None


SAME_TEXT = Reason("same_text", N_("Dit stuk lijkt al in het dossier te zitten: de tekst komt overeen."))
SAME_LOOK = Reason("same_look", N_("Dit stuk lijkt al in het dossier te zitten: de pagina's zien er hetzelfde uit."))
SAME_BYTES = Reason("same_bytes", N_("Precies dit bestand zit al in het dossier."))


def fingerprint(texts: Iterable[str], looks: Iterable[str]) -> Fingerprint:
    """Of the pages' texts, and of their looks (hexadecimal, empty where unknown), in the order of the pages."""
    pages = list(texts)
    plain = _plain("\n".join(pages))
    squeezed = _OTHER.sub("", plain)
    pieces = {_hash(squeezed[at : at + PIECE]) for at in range(len(squeezed) - PIECE + 1)}
    numbers = sorted(_hash(x.lstrip("0") or "0") for x in _NUMBER.findall(plain))
    return Fingerprint(
        pages=len(pages),
        letters=len(squeezed),
        pieces=frozenset(sorted(pieces)[:MOST_PIECES]),
        numbers=tuple(numbers[:MOST_NUMBERS]),
        looks=tuple(int(x, 16) if x else 0 for x in looks)[:MOST_LOOKS],
    )


def compare(one: Fingerprint, other: Fingerprint, one_date: date | None, other_date: date | None) -> Likeness:
    """How alike they are. Documents of another number of pages, or of another date, are never the same."""
    text = _text(one.pieces, other.pieces)
    numbers = _numbers(one.numbers, other.numbers)
    looks = _looks(one.looks, other.looks)
    dated = one_date is not None and other_date is not None
    reason = None
    if one.pages == other.pages and (not dated or one_date == other_date):
        least = (LIKE_TEXT, LIKE_NUMBERS) if dated else (LIKE_TEXT_UNDATED, LIKE_NUMBERS_UNDATED)
        if min(one.letters, other.letters) >= FEWEST_LETTERS:
            if text >= least[0] and (numbers is None or numbers >= least[1]):
                reason = SAME_TEXT
        elif max(one.letters, other.letters) < 2 * FEWEST_LETTERS and looks is not None:
            same = looks >= 1 - LIKE_LOOK / LOOK_BITS and (numbers is None or numbers >= LIKE_NUMBERS)
            reason = SAME_LOOK if same else None
    return Likeness(text, numbers, looks, reason)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(x for x in decomposed if not unicodedata.combining(x))


def _hash(piece: str) -> int:
    return zlib.crc32(piece.encode())


def _text(one: frozenset[int], other: frozenset[int]) -> float:
    """The share of pieces that both have, estimated from the lowest of both together."""
    lowest = sorted(one | other)[:MOST_PIECES]
    return sum(x in one and x in other for x in lowest) / len(lowest) if lowest else 0.0


def _numbers(one: tuple[int, ...], other: tuple[int, ...]) -> float | None:
    """What part of the larger collection of numbers both have; each as often as it stands there."""
    if max(len(one), len(other)) < FEWEST_NUMBERS:
        return None
    common = sum((Counter(one) & Counter(other)).values())
    return common / max(len(one), len(other))


def _looks(one: tuple[int, ...], other: tuple[int, ...]) -> float | None:
    """The least alike pair of pages, as the part of bits that agree; pages that tell nothing do not count."""
    shares = [
        1 - (a ^ b).bit_count() / LOOK_BITS
        for a, b in zip(one, other, strict=False)
        if max(a.bit_count(), b.bit_count()) >= FEWEST_BITS
    ]
    return min(shares) if shares else None
