"""The forecast as a chart of bars: places and sizes for an SVG, counted here so that the page needs no script."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import flask_babel  # type: ignore[import-untyped]

from dms.kernel.text import N_
from dms.web.texts import number, say
from retention.service.forecast import ForecastCell, month_after

WIDTH, HEIGHT = 720, 240
LEFT, RIGHT, TOP, BOTTOM = 56, 8, 12, 44
GAP = 0.28
"""The part of a month's room that stays open between two bars."""
LINES = 4
LABELS = 12
"""Months with a label under the axis, at most: more would stand over one another."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One month. `x`, `y`, `width` and `height` in the units of the drawing; `label` is empty where none stands."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    label: str
    told: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line across the drawing, with what it stands for."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month of the table; `counts` are in the order of its columns."""

    month: str
    address_month: str
    total: str
    counts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """The drawing with its table. `told` says what it shows to who does not see it."""

    width: int
    height: int
    base: float
    left: int
    right: int
    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]
    told: str
    empty: bool
    total: str
    months: tuple[MonthRow, ...]
    schools: tuple[tuple[str, str], ...]
    categories: tuple[tuple[str, str, str], ...]


def chart(
    cells: Iterable[ForecastCell], today: date, months: int, schools: Mapping[str, str], names: Mapping[str, str]
) -> Chart:
    """The chart of the coming `months`. `schools` are names by BRIN, in their order; `names` those of categories."""
    per_month: dict[str, int] = defaultdict(int)
    per_school: dict[tuple[str, str], int] = defaultdict(int)
    of_school: dict[str, int] = defaultdict(int)
    of_category: dict[str, int] = defaultdict(int)
    for cell in cells:
        per_month[cell.month] += cell.count
        per_school[cell.month, cell.school] += cell.count
        of_school[cell.school] += cell.count
        of_category[cell.category] += cell.count
    keys = [month_after(today, x) for x in range(months)]
    counts = [per_month.get(f"{x:%Y-%m}", 0) for x in keys]
    top = ceiling(max(counts, default=0))
    total = sum(counts)
    return Chart(
        WIDTH,
        HEIGHT,
        HEIGHT - BOTTOM,
        LEFT,
        WIDTH - RIGHT,
        _bars(keys, counts, top),
        tuple(Line(_height(top * x / LINES, top), number(top * x // LINES)) for x in range(LINES + 1)),
        _told(keys, counts, total),
        not total,
        number(total),
        tuple(
            MonthRow(
                month_name(x),
                f"{x:%Y-%m}",
                number(n),
                tuple(number(per_school.get((f"{x:%Y-%m}", y), 0)) for y in schools),
            )
            for x, n in zip(keys, counts, strict=True)
        ),
        tuple((name, number(of_school.get(brin, 0))) for brin, name in schools.items()),
        tuple(
            (x, names.get(x, x), number(of_category[x]))
            for x in sorted(of_category, key=lambda x: (-of_category[x], x))
        ),
    )


def ceiling(most: int) -> int:
    """A round number of at least `most` that four lines divide evenly: 4, 8, 20, 40, 80, 200, …"""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if LINES * factor * step >= most:
                return LINES * factor * step
        step *= 10


def month_name(first: date) -> str:
    """A month as people write it: augustus 2027."""
    return str(flask_babel.format_date(first, "MMMM y", rebase=False))


def _bars(keys: list[date], counts: list[int], top: int) -> tuple[Bar, ...]:
    room = (WIDTH - LEFT - RIGHT) / max(len(keys), 1)
    every = -(-len(keys) // LABELS)
    bars = []
    for nth, (first, count) in enumerate(zip(keys, counts, strict=True)):
        x, y = LEFT + room * (nth + GAP / 2), _height(count, top)
        shown = str(flask_babel.format_date(first, "MMM yy", rebase=False)) if nth % every == 0 else ""
        told = say(N_("%(month)s: %(count)s"), {"month": month_name(first), "count": number(count)})
        bars.append(
            Bar(
                round(x, 1),
                round(y, 1),
                round(room * (1 - GAP), 1),
                round(HEIGHT - BOTTOM - y, 1),
                round(x + room * (1 - GAP) / 2, 1),
                shown,
                told,
            )
        )
    return tuple(bars)


def _height(count: float, top: int) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * count / top, 1)


def _told(keys: list[date], counts: list[int], total: int) -> str:
    if not total:
        return say(N_("Er vervalt niets in deze tijd."))
    most = max(range(len(counts)), key=lambda x: counts[x])
    return say(
        N_("Samen %(total)s stukken. De meeste in %(month)s: %(count)s. Alle getallen staan in de tabel."),
        {"total": number(total), "month": month_name(keys[most]), "count": number(counts[most])},
    )
