"""Text as OCR gives it: letters mistaken, lost and split, lines lost; with the doubt that goes with it."""

import random

from ingest.rules.text import PageText, TextSource

CONFUSED = {
    "m": ("rn",), "l": ("1", "I"), "I": ("l", "1"), "1": ("l", "I", "7"), "0": ("O", "8"), "O": ("0",), "e": ("c",),
    "c": ("e",), "h": ("b",), "n": ("u",), "u": ("n",), "a": ("o",), "i": ("l",), "t": ("f",), "5": ("S", "6"),
    "8": ("B", "3"), "B": ("8",), "g": ("q",), ",": (".",), ".": (",",), "3": ("8",), "6": ("8",), "2": ("Z",),
    "o": ("0", "c"), "r": ("n",), "v": ("y",), "ö": ("o",), "ë": ("e",), "é": ("e",), "ï": ("i",), "7": ("1",),
    "4": ("A",), "9": ("g",), "-": (" ",), "d": ("cl",), "w": ("vv",), "S": ("5",),
}  # fmt: skip
DOUBTED = 0.7
"""The share of the words with a fault in them that an engine doubts (measured: it is nearly all)."""


def through_ocr(pages: tuple[PageText, ...], rate: float, chance: random.Random) -> tuple[PageText, ...]:
    """The pages with about `rate` of their letters wrong; a line in a hundred is lost at a rate of 2 %."""
    return tuple(_page(x, rate, chance) for x in pages)


def _page(page: PageText, rate: float, chance: random.Random) -> PageText:
    out: list[str] = []
    doubtful: list[tuple[int, int]] = []
    at = 0
    for line in page.text.split("\n"):
        if line.strip() and chance.random() < rate / 2:
            continue
        words = []
        for word in line.split(" "):
            spoilt = "".join(_letter(x, rate, chance) for x in word)
            if spoilt != word and chance.random() < DOUBTED:
                start = at + sum(len(x) + 1 for x in words)
                doubtful.append((start, start + len(spoilt)))
            words.append(spoilt)
        text = " ".join(words)
        out.append(text)
        at += len(text) + 1
    sure = max(50.0, 96.0 - 300 * rate)
    return PageText(page.number, "\n".join(out), TextSource.OCR, sure, tuple(doubtful))


def _letter(letter: str, rate: float, chance: random.Random) -> str:
    draw = chance.random()
    if draw >= rate:
        return letter
    if draw < rate * 0.7 and letter in CONFUSED:
        return chance.choice(CONFUSED[letter])
    if draw < rate * 0.8:
        return ""
    if draw < rate * 0.9:
        return letter + " "
    return letter
