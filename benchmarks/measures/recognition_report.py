"""What recognition did with a set of papers: counts against the bars, confusion, and a calibration plot."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.measures.recognition_judge import Verdict
from dms.demo.letters.truth import Expected
from ingest.rules.calibration import Bin, expected_error, reliability

EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.0)
SIZE, EDGE = 420, 48


@dataclass(frozen=True)
class Counts:
    """Over papers that can be filed: how many filed themselves, and of those what was right. `wrong_dossier` counts
    every paper, also one that a person should have seen.
    """

    papers: int
    filed: int
    category_right: int
    date_right: int
    wrong_dossier: int
    texts: int

    @property
    def filed_share(self) -> float:
        return self.filed / max(1, self.papers)

    @property
    def category_share(self) -> float:
        return self.category_right / max(1, self.filed)

    @property
    def date_share(self) -> float:
        return self.date_right / max(1, self.filed)

    def row(self, name: str) -> dict[str, Any]:
        return {
            "papers": name,
            "texts": self.texts,
            "to file": self.papers,
            "filed": f"{self.filed_share:.1%}",
            "category right": f"{self.category_share:.1%}",
            "date right": f"{self.date_share:.1%}",
            "wrong dossier": self.wrong_dossier,
        }


def counted(verdicts: Iterable[Verdict]) -> Counts:
    """The counts of these papers."""
    every = list(verdicts)
    possible = [x for x in every if x.paper.truth.must_be is Expected.FILEABLE]
    filed = [x for x in possible if x.filed]
    return Counts(
        len(possible),
        len(filed),
        sum(x.category_right for x in filed),
        sum(x.date_right for x in filed),
        sum(x.filed and not x.pupil_right for x in every),
        len(every),
    )


def bound(texts: int) -> float:
    """The highest share of wrong ones, at 95 %, that fits with none among so many."""
    return 1 - 0.05 ** (1 / max(1, texts))


def confusion(verdicts: Iterable[Verdict]) -> list[dict[str, Any]]:
    """Which kind was taken for which, also where it was not filed for that; the most frequent first."""
    seen = Counter((x.paper.truth.category, x.category or "nothing", x.filed) for x in verdicts if not x.category_right)
    return [{"is": a, "taken for": b, "filed": filed, "times": n} for (a, b, filed), n in seen.most_common(25)]


def by_kind(verdicts: Sequence[Verdict]) -> list[dict[str, Any]]:
    """The counts of each kind of paper."""
    kinds = sorted({(x.paper.truth.category, x.paper.kind) for x in verdicts})
    rows = []
    for code, kind in kinds:
        mine = counted(x for x in verdicts if x.paper.kind == kind)
        rows.append({"category": code, **mine.row(kind)})
    return rows


def category_bins(verdicts: Iterable[Verdict]) -> tuple[Bin, ...]:
    """What was told of the kind against what was right, whatever became of the paper."""
    return reliability([(x.category_chance, x.category_right) for x in verdicts if x.category], EDGES)


def filing_bins(verdicts: Iterable[Verdict]) -> tuple[Bin, ...]:
    """What was told of a filing (pupil, kind and date) against what was right."""
    return reliability([(x.confidence, x.right) for x in verdicts if x.filed], EDGES)


def bin_rows(bins: Sequence[Bin]) -> list[dict[str, Any]]:
    """Bins as a table."""
    return [{"papers": x.count, "told": f"{x.told:.1%}", "right": f"{x.right:.1%}"} for x in bins]


def plot(curves: Sequence[tuple[str, str, Sequence[Bin]]]) -> str:
    """A calibration plot as SVG: what was told along the bottom, what was right upwards; the line is perfect. Each
    curve has a name and a colour; the larger the dot, the more papers.
    """

    def place(told: float, right: float) -> tuple[float, float]:
        return EDGE + told * SIZE, EDGE + (1 - right) * SIZE

    whole = SIZE + 2 * EDGE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole + 24 * len(curves)}" '
        f'font-family="sans-serif" font-size="13">',
        f'<rect width="{whole}" height="{whole + 24 * len(curves)}" fill="#fff"/>',
    ]
    for tenth in range(0, 11, 2):
        x, y = place(tenth / 10, tenth / 10)
        parts += [
            f'<line x1="{x:.0f}" y1="{EDGE}" x2="{x:.0f}" y2="{EDGE + SIZE}" stroke="#ddd"/>',
            f'<line x1="{EDGE}" y1="{y:.0f}" x2="{EDGE + SIZE}" y2="{y:.0f}" stroke="#ddd"/>',
            f'<text x="{x:.0f}" y="{EDGE + SIZE + 18}" text-anchor="middle">{tenth * 10} %</text>',
            f'<text x="{EDGE - 6}" y="{y + 4:.0f}" text-anchor="end">{tenth * 10} %</text>',
        ]
    middle = EDGE + SIZE / 2
    parts += [
        f'<line x1="{EDGE}" y1="{EDGE + SIZE}" x2="{EDGE + SIZE}" y2="{EDGE}" stroke="#888" stroke-dasharray="5 4"/>',
        f'<text x="{middle}" y="{EDGE + SIZE + 38}" text-anchor="middle">told</text>',
        f'<text x="14" y="{middle}" transform="rotate(-90 14 {middle})" text-anchor="middle">right</text>',
    ]
    for nth, (name, colour, bins) in enumerate(curves):
        total = max(1, sum(x.count for x in bins))
        points = [place(x.told, x.right) for x in bins]
        parts.append(
            f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}" fill="none" stroke="{colour}"/>'
        )
        parts += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{3 + 9 * (one.count / total) ** 0.5:.1f}" fill="{colour}" '
            f'fill-opacity="0.55"><title>{one.count}: told {one.told:.1%}, right {one.right:.1%}</title></circle>'
            for (x, y), one in zip(points, bins, strict=True)
        ]
        below = whole + 24 * nth
        parts.append(f'<circle cx="{EDGE}" cy="{below - 4}" r="6" fill="{colour}"/>')
        parts.append(
            f'<text x="{EDGE + 14}" y="{below}">{name}: {total} papers, mean distance {expected_error(bins):.1%}</text>'
        )
    return "\n".join([*parts, "</svg>", ""])
