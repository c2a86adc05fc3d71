"""Scans with numbers on them: letters, tables and forms filled in by hand, as a scanner makes them of paper.

Handwriting is drawn with the pen strokes of the Hershey script letters that come with OpenCV (public domain), each a
little different; nothing of anybody's hand.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ingest.rules.numbers_found import is_bsn, is_education_number

FOLDER = "/usr/share/fonts/truetype"
FONTS = (
    f"{FOLDER}/dejavu/DejaVuSans.ttf",
    f"{FOLDER}/dejavu/DejaVuSerif.ttf",
    f"{FOLDER}/dejavu/DejaVuSansMono.ttf",
    f"{FOLDER}/liberation/LiberationSans-Regular.ttf",
    f"{FOLDER}/liberation/LiberationSerif-Regular.ttf",
    f"{FOLDER}/liberation/LiberationSerif-Italic.ttf",
    f"{FOLDER}/liberation/LiberationMono-Regular.ttf",
    f"{FOLDER}/liberation/LiberationSansNarrow-Regular.ttf",
)
HANDS = (cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, cv2.FONT_HERSHEY_SCRIPT_COMPLEX, cv2.FONT_HERSHEY_COMPLEX_SMALL)
SIZE = (1654, 2339)
KINDS = ("letter", "table", "hand")
Place = tuple[float, float]
_SENTENCES = (
    "Hierbij sturen wij u de gevraagde gegevens van deze leerling.",
    "Wij hebben het gesprek van vorige week met elkaar besproken.",
    "De begeleiding wordt voortgezet tot het einde van het schooljaar.",
    "Heeft u vragen, neem dan contact op met de school.",
    "Het verslag is met de ouders doorgenomen en ondertekend.",
)
_LABELS = ("BSN:", "Burgerservicenummer:", "BSN", "PGN:", "Onderwijsnummer:", "BSN leerling:")


@dataclass(frozen=True, slots=True)
class Paper:
    """A scan (PNG) with the numbers that stand on it. `kind`: letter, table or hand. `place`: of a number written by
    hand, 0-1 from the left and the top.
    """

    kind: str
    numbers: tuple[str, ...]
    data: bytes
    place: tuple[float, float] | None = None


def papers(count: int, seed: int, first: int = 0) -> Iterator[Paper]:
    """`count` different scans from number `first` on, the kinds by turns; each number is the same for the same seed."""
    makers = (_letter, _table, _hand)
    for at in range(first, first + count):
        chance = Random(f"{seed} {at}")
        page = Image.new("L", SIZE, 255)
        numbers, place = makers[at % 3](page, chance)
        yield Paper(KINDS[at % 3], numbers, _scanned(page, chance), place)


def _number(chance: Random, *, education: bool = False) -> str:
    while True:
        text = f"10{chance.randrange(10**7):07d}" if education else f"{chance.randrange(10**8, 10**9):09d}"
        if (is_education_number if education else is_bsn)(text):
            return text


def _cut(number: str, chance: Random) -> str:
    """The number as people write it."""
    a, b, c = number[:3], number[3:6], number[6:]
    ways = (
        number,
        f"{a} {b} {c}",
        f"{a}.{b}.{c}",
        f"{number[:4]}.{number[4:6]}.{c}",
        f"{number[:4]} {number[4:6]} {c}",
        f"{a}-{b}-{c}",
    )
    return chance.choice(ways)


def _letter(page: Image.Image, chance: Random) -> tuple[tuple[str, ...], Place | None]:
    pen, font = ImageDraw.Draw(page), ImageFont.truetype(chance.choice(FONTS), chance.choice((26, 28, 30)))
    label = chance.choice(_LABELS)
    number = _number(chance, education="Onderwijs" in label)
    lines = ["Geachte heer, mevrouw,", "", chance.choice(_SENTENCES), chance.choice(_SENTENCES), ""]
    lines += chance.choice(
        (
            [f"{label} {_cut(number, chance)}"],
            [f"Het {label.rstrip(':')} van de leerling is", f"{_cut(number, chance)} volgens de gegevens."],
        )
    )
    lines += [
        "",
        chance.choice(_SENTENCES),
        "Telefoon 030-2345678, op werkdagen bereikbaar.",
        "",
        "Met vriendelijke groet,",
    ]
    for at, line in enumerate(lines):
        pen.text((170, 320 + 56 * at), line, font=font, fill=chance.randrange(0, 70))
    return (number,), None


def _table(page: Image.Image, chance: Random) -> tuple[tuple[str, ...], Place | None]:
    pen, font = ImageDraw.Draw(page), ImageFont.truetype(chance.choice(FONTS), 26)
    numbers = tuple(_number(chance) for _ in range(4))
    columns, top, step = (150, 560, 900, 1280, 1500), 420, 74
    pen.text((150, 300), "Overzicht van de leerlingen van deze groep", font=font, fill=10)
    rows = [("Naam", "Geboren", "BSN", "Groep")]
    names = ("Sanne Vos", "Daan Mulder", "Noor Kok", "Tim Smit")
    rows += [
        (
            name,
            f"{chance.randrange(10, 28)}-{chance.randrange(10, 13)}-2015",
            number if chance.random() < 0.6 else f"{number[:3]} {number[3:6]} {number[6:]}",
            "7",
        )
        for name, number in zip(names, numbers, strict=True)
    ]
    for at, row in enumerate(rows):
        for left, text in zip(columns, row, strict=False):
            pen.text((left + 16, top + step * at + 18), text, font=font, fill=20)
    for at in range(len(rows) + 1):
        pen.line((columns[0], top + step * at, columns[-1], top + step * at), fill=60, width=2)
    for left in columns:
        pen.line((left, top, left, top + step * len(rows)), fill=60, width=2)
    return numbers, None


def _hand(page: Image.Image, chance: Random) -> tuple[tuple[str, ...], Place | None]:
    """A printed form in which the number was written with a pen."""
    pen, font = ImageDraw.Draw(page), ImageFont.truetype(chance.choice(FONTS), 28)
    number, label = _number(chance), chance.choice(("BSN:", "Burgerservicenummer:"))
    pen.text((170, 300), "Aanmeldformulier voor een nieuwe leerling", font=font, fill=0)
    pen.text((170, 480), "Naam:", font=font, fill=0)
    pen.text((170, 620), label, font=font, fill=0)
    pen.text((170, 760), chance.choice(_SENTENCES), font=font, fill=0)
    ink = np.array(page)
    start = 190 + int(font.getlength(label)) + 30
    _write(ink, "Sanne Vos", (300, 512), chance)
    _write(ink, chance.choice((number, f"{number[:3]} {number[3:6]} {number[6:]}")), (start, 652), chance)
    page.paste(Image.fromarray(ink))
    return (number,), ((start + 60) / SIZE[0], 636 / SIZE[1])


def _write(
    ink: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]", text: str, at: tuple[int, int], chance: Random
) -> None:
    face, size, x = chance.choice(HANDS), chance.uniform(1.5, 1.9), at[0]
    for letter in text:
        y = at[1] + chance.randrange(-3, 4)
        cv2.putText(
            ink, letter, (x, y), face, size * chance.uniform(0.95, 1.05), chance.randrange(20, 90), 3, cv2.LINE_AA
        )
        x += cv2.getTextSize(letter, face, size, 3)[0][0] + chance.randrange(1, 5)


def _scanned(page: Image.Image, chance: Random) -> bytes:
    """The page as it comes off a scanner: a little askew, a little grain."""
    turned = page.rotate(chance.uniform(-1.2, 1.2), fillcolor=255, resample=Image.Resampling.BICUBIC)
    grain = np.random.default_rng(chance.randrange(2**32)).normal(0, chance.uniform(1, 5), (SIZE[1], SIZE[0]))
    noisy = np.clip(np.asarray(turned, dtype=np.float32) + grain, 0, 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(noisy).save(out, "PNG", dpi=(200, 200))
    return out.getvalue()
