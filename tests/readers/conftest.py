"""Papers made for the tests: a letter as pixels, as PDF, and whatever a scanner or a phone makes of it."""

import io
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont
import pytest
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

Picture = NDArray[np.uint8]
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
# fmt: off
WORDS = [
    "de",
    "leerling",
    "heeft",
    "in",
    "het",
    "afgelopen",
    "schooljaar",
    "goede",
    "vooruitgang",
    "laten",
    "zien",
    "bij",
    "begrijpend",
    "lezen",
    "en",
    "rekenen",
    "wel",
    "blijft",
    "concentratie",
    "tijdens",
    "zelfstandig",
    "werken",
    "een",
    "aandachtspunt",
    "op",
    "verzoek",
    "van",
    "ouders",
    "is",
    "onderzoek",
    "naar",
    "dyslexie",
    "uitgevoerd",
    "door",
    "orthopedagoog",
    "waarbij",
    "intelligentie",
    "geheugen",
    "technisch",
    "zijn",
    "onderzocht",
    "advies",
    "verslag",
]
# fmt: on


class Papers:
    """Makes papers in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def lines(self, count: int = 14, seed: int = 1) -> list[str]:
        chance = random.Random(seed)
        made = []
        for number in range(count):
            line = " ".join(chance.choice(WORDS) for _ in range(6))[:58].rsplit(" ", 1)[0]
            made.append(f"{chance.randint(1, 28)} maart 20{chance.randint(10, 25)} {line}" if number % 5 == 0 else line)
        return made

    def letter(self, count: int = 14, seed: int = 1, dpi: int = 300, size: tuple[float, float] = (6.2, 4.4)) -> Picture:
        """A small gray letter; (width, height) in inches."""
        sheet = PIL.Image.new("L", (round(size[0] * dpi), round(size[1] * dpi)), 255)
        draw = PIL.ImageDraw.Draw(sheet)
        font = PIL.ImageFont.truetype(FONT, round(9.5 * dpi / 72))
        for number, line in enumerate(self.lines(count, seed)):
            draw.text((0.4 * dpi, (0.5 + number * 0.2) * dpi), line, font=font, fill=20)
        return self.noisy(np.array(sheet))

    def truth(self, count: int = 14, seed: int = 1) -> str:
        return " ".join(self.lines(count, seed))

    def noisy(self, picture: Picture, sigma: float = 6) -> Picture:
        noise = np.random.default_rng(0).normal(0, sigma, picture.shape)
        return np.clip(picture + noise, 0, 255).astype(np.uint8)

    def skewed(self, picture: Picture, counterclockwise: float) -> Picture:
        turned = PIL.Image.fromarray(picture).rotate(
            counterclockwise, PIL.Image.Resampling.BICUBIC, expand=True, fillcolor=255
        )
        return self.noisy(np.array(turned))

    def photo(self, picture: Picture) -> Picture:
        """Light from the upper left, the rest in the shade."""
        height, width = picture.shape
        down, across = np.mgrid[0:height, 0:width]
        light = 0.3 + 0.7 * np.exp(-(((across / width - 0.2) / 0.5) ** 2) - ((down / height - 0.2) / 0.6) ** 2)
        return self.noisy((picture * light).astype(np.uint8), 4)

    def save(self, name: str, picture: Picture | PIL.Image.Image, **options: object) -> Path:
        image = picture if isinstance(picture, PIL.Image.Image) else PIL.Image.fromarray(picture)
        path = self.folder / name
        image.save(path, **options)
        return path

    def text_pdf(self, name: str = "brief.pdf", pages: int = 1, **options: object) -> Path:
        return self.pdf(name, [self.draw_text(seed) for seed in range(1, pages + 1)], **options)

    def draw_text(self, seed: int = 1, count: int = 30) -> Callable[[canvas.Canvas], None]:
        def draw(sheet: canvas.Canvas) -> None:
            sheet.setPageSize((595, 842))
            sheet.setFont("Helvetica", 11)
            for number, line in enumerate(self.lines(count, seed)):
                sheet.drawString(60, 780 - number * 16, line)

        return draw

    def draw_scan(self, picture: Picture, *, jpeg: bool = True, dpi: int = 300) -> Callable[[canvas.Canvas], None]:
        """The picture over the whole page, as a scanner does; the page takes its size."""

        def draw(sheet: canvas.Canvas) -> None:
            image = PIL.Image.fromarray(picture)
            width, height = image.width * 72 / dpi, image.height * 72 / dpi
            sheet.setPageSize((width, height))
            if jpeg:
                data = io.BytesIO()
                image.save(data, "JPEG", quality=85)
                image = PIL.Image.open(io.BytesIO(data.getvalue()))
            sheet.drawImage(ImageReader(image), 0, 0, width, height)

        return draw

    def pdf(self, name: str, pages: list[Callable[[canvas.Canvas], None]], **options: object) -> Path:
        path = self.folder / name
        sheet = canvas.Canvas(str(path), pagesize=(595, 842), **options)
        for draw in pages:
            draw(sheet)
            sheet.showPage()
        sheet.save()
        return path


def error_rate(read: str, truth: str) -> float:
    """Characters wrong, in percent of the truth; white space counts as one space."""
    left, right = " ".join(read.split()), " ".join(truth.split())
    return 100 * Levenshtein.distance(left, right) / len(right)


@pytest.fixture
def papers(tmp_path: Path) -> Papers:
    folder = tmp_path / "papers"
    folder.mkdir()
    return Papers(folder)


@pytest.fixture
def job(tmp_path: Path) -> Path:
    folder = tmp_path / "job"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def cer() -> Callable[[str, str], float]:
    return error_rate
