"""Whether two lists of times are told apart: the U test of Mann and Whitney, and how often one is the later one."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from itertools import combinations, groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class Apart:
    """`p`: how often chance alone would put two lists as far apart as these, two-sided. `later`: how often one of the
    first is later than one of the second; 0.5 says nothing.
    """

    one: str
    other: str
    p: float
    later: float


def apart(one: Sequence[float], other: Sequence[float]) -> tuple[float, float]:
    """`p` and `later`, by the normal approximation; equal times share their ranks, which the variance allows for."""
    n, m = len(one), len(other)
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    ranks, ties, place = 0.0, 0, 0
    for _, group in groupby(ranked, key=lambda pair: pair[0]):
        sides = [side for _, side in group]
        ranks += sides.count(0) * (place + (len(sides) + 1) / 2)
        ties += len(sides) ** 3 - len(sides)
        place += len(sides)
    above = ranks - n * (n + 1) / 2
    variance = n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1)))
    if not variance:
        return 1.0, 0.5
    z = (above - n * m / 2) / math.sqrt(variance)
    return 2 * statistics.NormalDist().cdf(-abs(z)), above / (n * m)


def pairs(times: Mapping[str, Sequence[float]]) -> list[Apart]:
    """Every kind with every other, the most different pair first."""
    found = [Apart(one, other, *apart(times[one], times[other])) for one, other in combinations(times, 2)]
    return sorted(found, key=lambda pair: pair.p)
