"""From a score to a chance: of what says 99 %, 99 % is right.

A curve is measured over papers with a known answer (isotonic regression: pooled neighbours, so that it never falls) and
shipped with the product. A pool counts half an error more than was seen, so that no number of papers says 100 %.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

_UNSEEN = 0.5
LEAST_POOL = 40
"""A step of the curve rests on at least so many papers."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Points (score, chance), both 0-1 and rising; between two points the chance lies on the line between them."""

    points: tuple[tuple[float, float], ...] = ()

    def __call__(self, score: float) -> float:
        """The chance for a score; outside the points that of the nearest one. An empty curve gives the score back."""
        if not self.points:
            return score
        place = bisect_left(self.points, (score, -1.0))
        if place == 0:
            return self.points[0][1]
        if place == len(self.points):
            return self.points[-1][1]
        (low, first), (high, last) = self.points[place - 1], self.points[place]
        if high == low:
            return last
        return first + (last - first) * (score - low) / (high - low)


@dataclass(slots=True)
class _Pool:
    scores: list[float]
    right: float

    @property
    def share(self) -> float:
        return self.right / len(self.scores)


def fitted(seen: Iterable[tuple[float, bool]], least: int = LEAST_POOL) -> Curve:
    """The curve of (score, whether it was right), by pooling neighbours until it rises; empty without any."""
    pools: list[_Pool] = []
    for score, right in sorted(seen):
        pools.append(_Pool([score], float(right)))
        while len(pools) > 1 and (pools[-2].share >= pools[-1].share or len(pools[-2].scores) < least):
            last = pools.pop()
            pools[-1].scores += last.scores
            pools[-1].right += last.right
    if len(pools) > 1 and len(pools[-1].scores) < least:
        last = pools.pop()
        pools[-1].scores += last.scores
        pools[-1].right += last.right
    points: list[tuple[float, float]] = []
    for pool in pools:
        chance = pool.right / (len(pool.scores) + _UNSEEN)
        least_chance = points[-1][1] if points else 0.0
        points.append((round(sum(pool.scores) / len(pool.scores), 4), round(max(chance, least_chance), 4)))
    return Curve(tuple(points))


@dataclass(frozen=True, slots=True)
class Bin:
    """Papers whose chance lay in one range: how many, the mean chance that was told, and the share that was right."""

    count: int
    told: float
    right: float


def reliability(seen: Sequence[tuple[float, bool]], edges: Sequence[float]) -> tuple[Bin, ...]:
    """Per range between `edges` what was told and what was right; ranges with nothing in them are left out."""
    found = []
    for low, high in pairwise(edges):
        inside = [x for x in seen if low <= x[0] < high or (high == edges[-1] and x[0] == high)]
        if inside:
            told = sum(x for x, _ in inside) / len(inside)
            found.append(Bin(len(inside), told, sum(ok for _, ok in inside) / len(inside)))
    return tuple(found)


def expected_error(bins: Sequence[Bin]) -> float:
    """The mean distance between told and right, weighed by the papers (expected calibration error)."""
    total = sum(x.count for x in bins)
    return sum(abs(x.told - x.right) * x.count for x in bins) / total if total else 0.0
