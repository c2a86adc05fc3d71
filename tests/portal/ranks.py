"""Whether two rows of measured times differ: the Mann-Whitney U test."""

import math
from collections.abc import Sequence
from itertools import groupby


def p_of(left: Sequence[float], right: Sequence[float]) -> float:
    """The two-sided p of the Mann-Whitney U test, in the normal approximation; equal values share their ranks."""
    n, m = len(left), len(right)
    joined = sorted([(x, True) for x in left] + [(x, False) for x in right])
    ranks, tied, before = 0.0, 0, 0
    for _, same in groupby(joined, key=lambda x: x[0]):
        sides = [is_left for _, is_left in same]
        ranks += sum(sides) * (before + (len(sides) + 1) / 2)
        tied += len(sides) ** 3 - len(sides)
        before += len(sides)
    u = ranks - n * (n + 1) / 2
    spread = math.sqrt(n * m / 12 * (n + m + 1 - tied / ((n + m) * (n + m - 1))))
    return math.erfc(abs(u - n * m / 2) / spread / math.sqrt(2))
