"""The recovery sheet: a root key on paper, for a safe. Typed back, it says in which line a mistake was made.

Four lines hold eight bytes each with a check of two bytes over line number and content; a fifth checks the whole. The
alphabet is Crockford's base 32: capitals and small letters, O and 0, I, L and 1 are read alike; no U.
"""

import base64
import re
from hashlib import sha256

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from storage.keys.wrap import ROOT_SIZE, Root

_RFC = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TO_PAPER = str.maketrans(_RFC, _CROCKFORD)
_FROM_PAPER = str.maketrans(_CROCKFORD + "OIL", _RFC + _RFC[0] + _RFC[1] * 2)
_LINES = 4
_PART = ROOT_SIZE // _LINES
_TOTAL = 5
_LINE = re.compile(r"^\s*([1-5])\s*[:.)]\s*(.*?)\s*$", re.MULTILINE)

_SHEET = N_("""DOSSIERKLUIS - HERSTELBLAD VAN DE HOOFDSLEUTEL

Wie dit blad heeft en bij de bestanden kan, kan alle dossiers lezen.
Zonder de hoofdsleutel kan niemand ze meer lezen, ook de makers niet.
Druk dit blad af, bewaar het in een kluis en bewaar het niet op de computer.

%(lines)s

Kenmerk van deze sleutel: %(fingerprint)s

Nodig? Typ de vijf regels over in een bestand. Spaties, streepjes en
kleine letters maken niet uit; een O is een nul, een I of L is een één.
""")


def recovery_sheet(root: bytes) -> str:
    """Text to print with `root` (32 bytes) in five numbered lines of four-character groups."""
    parts = [root[at * _PART : (at + 1) * _PART] for at in range(_LINES)]
    lines = [_line(number, part + _check(number, part, 2)) for number, part in enumerate(parts, 1)]
    lines.append(_line(_LINES + 1, _check(_LINES + 1, root, _TOTAL)))
    return _SHEET % {"lines": "\n".join(lines), "fingerprint": Root(root).fingerprint}


def read_recovery_sheet(text: str) -> bytes:
    """The root key on a sheet that was typed over, whole or only its five lines, with or without their numbers.

    Raises `BadInput` naming the line (1-5) that is missing or holds a mistake; never repeats what was typed.
    """
    typed: dict[int, str] = {}
    for number, groups in _LINE.findall(text) or _without_numbers(text):
        if int(number) in typed:
            raise _wrong(int(number))
        typed[int(number)] = groups
    root = bytearray()
    for number in range(1, _LINES + 1):
        content = _decoded(typed, number, _PART + 2)
        if content[_PART:] != _check(number, content[:_PART], 2):
            raise _wrong(number)
        root += content[:_PART]
    if _decoded(typed, _LINES + 1, _TOTAL) != _check(_LINES + 1, bytes(root), _TOTAL):
        raise _wrong(_LINES + 1)
    return bytes(root)


def _without_numbers(text: str) -> list[tuple[str, str]]:
    """Who types only the groups, in order, means the lines from one to five."""
    lines = [x.strip() for x in text.splitlines() if x.strip()]
    return [(str(number), groups) for number, groups in enumerate(lines[: _LINES + 1], 1)]


def _line(number: int, content: bytes) -> str:
    letters = base64.b32encode(content).decode().translate(_TO_PAPER)
    return f"  {number}:  " + "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def _decoded(typed: dict[int, str], number: int, size: int) -> bytes:
    letters = re.sub(r"[\s\-\u2010-\u2015]", "", typed.get(number, "")).upper()
    if len(letters) != size * 8 // 5 or not set(letters) <= set(_CROCKFORD + "OIL"):
        raise _wrong(number)
    return base64.b32decode(letters.translate(_FROM_PAPER))


def _check(number: int, content: bytes, size: int) -> bytes:
    return sha256(b"dossierkluis herstelblad" + bytes([number]) + content).digest()[:size]


def _wrong(number: int) -> BadInput:
    return BadInput(
        N_("Regel %(line)s van het herstelblad klopt niet of ontbreekt."),
        N_("Vergelijk die regel teken voor teken met het blad en typ hem opnieuw."),
        params={"line": number},
    )
