"""Shares of groups, with what can be said of small ones."""

from __future__ import annotations

from math import ceil, floor, sqrt
from statistics import NormalDist

from probity.rulebook import WHOLE

CONFIDENCE = 0.95


def wilson(count: int, of: int, confidence: float = CONFIDENCE) -> tuple[int, int]:
    """Wilson's score interval of ``count`` among ``of``, in millionths, rounded outwards; (0, WHOLE) of nobody.

    Unlike the usual interval it does not collapse to a point where nobody, or everybody, of a small group is
    counted (Wilson 1927, Journal of the American Statistical Association 22).
    """
    if not of:
        return 0, WHOLE
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, scale = count / of, 1 + z * z / of
    middle = (share + z * z / (2 * of)) / scale
    reach = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / scale
    low = max(0, floor((middle - reach) * WHOLE))
    high = min(WHOLE, ceil((middle + reach) * WHOLE))
    return min(low, count * WHOLE // of), max(high, -(-count * WHOLE // of))


def corrected(intervals: int) -> float:
    """The confidence that each of so many intervals needs, so that all of them together keep ``CONFIDENCE``."""
    return 1 - (1 - CONFIDENCE) / max(intervals, 1)
