"""Draws what reportlab has no flowable for: marks of senders, tick boxes, signatures."""

import math

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from dms.demo.chance import repeatable

RAINBOW = ("#c0392b", "#e67e22", "#f1c40f", "#27ae60", "#2980b9")


def draw_mark(canvas: Canvas, mark: str, colour: str, x: float, y: float, size: float) -> None:
    """Draw a sender's mark in a square of `size` points with its lower left corner at (x, y)."""
    canvas.saveState()
    if mark == "rainbow":
        for nth, band in enumerate(RAINBOW):
            radius = size * (0.95 - 0.15 * nth) / 2
            canvas.setStrokeColor(HexColor(band))
            canvas.setLineWidth(size * 0.07)
            canvas.arc(
                x + size / 2 - radius, y + size * 0.2 - radius, x + size / 2 + radius, y + size * 0.2 + radius, 0, 180
            )
    elif mark == "star":
        canvas.setFillColor(HexColor(colour))
        path = canvas.beginPath()
        for nth in range(8):
            radius = size / 2 if nth % 2 == 0 else size / 6
            angle = math.pi * nth / 4
            point = x + size / 2 + radius * math.sin(angle), y + size / 2 + radius * math.cos(angle)
            if nth:
                path.lineTo(*point)
            else:
                path.moveTo(*point)
        path.close()
        canvas.drawPath(path, stroke=0, fill=1)
    elif mark == "bars":
        canvas.setFillColor(HexColor(colour))
        for nth in range(3):
            canvas.rect(x + nth * size / 3, y, size / 4, size * (0.4 + 0.25 * nth), stroke=0, fill=1)
    elif mark == "cross":
        canvas.setFillColor(HexColor(colour))
        canvas.rect(x + size * 0.38, y, size * 0.24, size, stroke=0, fill=1)
        canvas.rect(x, y + size * 0.38, size, size * 0.24, stroke=0, fill=1)
    else:
        canvas.setFillColor(HexColor(colour))
        canvas.circle(x + size / 2, y + size / 2, size / 2, stroke=0, fill=1)
        canvas.setFillColor(HexColor("#ffffff"))
        canvas.circle(x + size * 0.62, y + size * 0.6, size / 5, stroke=0, fill=1)
    canvas.restoreState()


class TickBox(Flowable):  # type: ignore[misc]
    """A box of `size` points, ticked with a pen stroke or empty."""

    def __init__(self, ticked: bool, size: float = 8) -> None:
        super().__init__()
        self.ticked = ticked
        self.width = self.height = size

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Width and height in points."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw on the canvas that platypus has set."""
        canvas, size = self.canv, self.width
        canvas.setLineWidth(0.7)
        canvas.rect(0, 0, size, size)
        if self.ticked:
            canvas.setStrokeColor(HexColor("#1a2f8a"))
            canvas.setLineWidth(1.3)
            canvas.line(size * 0.1, size * 0.15, size * 0.95, size * 1.05)
            canvas.line(size * 0.05, size * 0.95, size * 0.9, size * 0.05)


class Scribble(Flowable):  # type: ignore[misc]
    """A signature in pen: loops that depend on the name, not letters."""

    def __init__(self, name: str, width: float = 110, height: float = 26) -> None:
        super().__init__()
        self.name, self.width, self.height = name, width, height

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Width and height in points."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw on the canvas that platypus has set."""
        rng = repeatable("signature", self.name)
        canvas = self.canv
        canvas.setStrokeColor(HexColor("#1c2c7a"))
        canvas.setLineWidth(rng.uniform(0.8, 1.3))
        path = canvas.beginPath()
        x, y = 4.0, self.height * 0.4
        path.moveTo(x, y)
        for _ in range(rng.randint(5, 8)):
            step = self.width / 9
            points = [
                (x + step * rng.uniform(-0.4, 0.8), self.height * rng.uniform(0.6, 1.1)),
                (x + step * rng.uniform(0.5, 1.6), self.height * rng.uniform(-0.2, 0.3)),
                (x + step, self.height * rng.uniform(0.25, 0.6)),
            ]
            path.curveTo(*points[0], *points[1], *points[2])
            x, y = points[2]
        path.lineTo(self.width * 0.98, self.height * rng.uniform(0.1, 0.5))
        canvas.drawPath(path)
