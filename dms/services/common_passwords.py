"""Passwords that everybody tries first: a list that ships, and what people put around its words."""

import re
from functools import cache
from importlib.resources import files

FILES = ("common_passwords.txt", "common_passwords_nl.txt")
AS_LETTERS = str.maketrans("0134578@$!", "oieastbasi")
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "abcdefghijklmnopqrstuvwxyz")
FEW = 4
"""So many different characters make no password, however long it is."""


@cache
def words() -> frozenset[str]:
    """Everything on the lists, in lower case."""
    found: set[str] = set()
    for name in FILES:
        text = files("dms.defaults").joinpath(name).read_text("utf-8")
        found.update(x.lower() for x in text.splitlines() if x and not x.startswith("#"))
    return frozenset(found)


def is_common(password: str) -> bool:
    """Whether a guesser comes to this soon: on the list, with digits or signs around it, or over and over again."""
    small = password.casefold()
    bare = re.sub(r"[\W_]+", "", small)
    if len(set(bare)) <= FEW or small in words() or bare in words():
        return True
    return any(_made_of_one(x) for x in {bare, re.sub(r"^\d+|\d+$", "", bare), _letters(small)} if x)


def _letters(small: str) -> str:
    """What stands there when digits that stand for letters are read as such, without what is around it."""
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", small)
    return re.sub(r"[\W_]+", "", core.translate(AS_LETTERS))


def _made_of_one(text: str) -> bool:
    once = _once(text)
    return once in words() or len(set(once)) <= FEW or any(_runs(once, row) for row in ROWS)


def _once(text: str) -> str:
    """The part that the text repeats; the text itself where it repeats nothing."""
    at = (text + text).find(text, 1)
    return text[:at] if 0 < at < len(text) else text


def _runs(text: str, row: str) -> bool:
    """Whether the text only walks along a row of keys or letters, forth or back."""
    round_and_round = row * 4
    return len(text) >= FEW and (text in round_and_round or text in round_and_round[::-1])
