"""The pass: from columns of records to totals and grades, one organisation after the other.

Everything is 64-bit whole numbers, and nothing can overflow: amounts and consumptions are at most 10**18
(``MOST``), products with millionths are taken apart (:func:`_part`), sums stop at the cap (nothing is ever taken
back from them) or at ``MOST``, and a card's points are at most 10**12 each. What an organisation gets depends on
its own records alone, so that any division into parts gives the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from probity.rulebook import WHOLE, Status
from probity.scoring.encode import Records
from probity.scoring.reference import MOST
from probity.scoring.tables import COUNT, STATUSES, SUM, CompiledCard

NO_TOTAL = np.iinfo(np.int64).min
"""The total of an organisation that has none."""
NO_GRADE = -1
NO_DAY = -(2**40)
"""Where there is no occasion: a day before all days."""

# Numba freezes these, MOST and WHOLE into the kept machine code, which it makes anew when this file changes.
# What stands is active (0) or contested (1).
_CONTESTED = STATUSES.index(Status.CONTESTED)
_EXPIRED = STATUSES.index(Status.EXPIRED)


def _machine_code(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile with numba, kept on disk where some folder can be written (numba tries the package's, then the
    user's; ``NUMBA_CACHE_DIR`` names another), else anew in every process."""
    try:
        return njit(cache=True, nogil=True)(function)  # type: ignore[no-any-return]
    except RuntimeError:
        return njit(nogil=True)(function)  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Results:
    """A card's results, one for each organisation in the order of the records.

    ``totals`` in milli-points (``NO_TOTAL``: none), ``grades`` the index of the band (``NO_GRADE``: none),
    ``points`` by organisation and indicator, signed and capped, where they were asked for. ``known`` by indicator,
    ``known_weight`` in millionths: both are the same for every organisation of one question.
    """

    totals: NDArray[np.int64]
    grades: NDArray[np.int8]
    points: NDArray[np.int64] | None
    known: NDArray[np.bool_]
    known_weight: int


def score(
    compiled: CompiledCard, records: Records, delivered: Collection[str] | None = None, *, points: bool = False
) -> Results:
    """Totals and grades of all organisations in ``records``, equal to what ``evaluate`` gives for each.

    ``records`` come from :func:`~probity.scoring.encode` with the same ``compiled``. ``delivered`` names the items
    whose source has delivered (None: all). ``points`` asks for every indicator's points as well. The work holds no
    Python lock, so that parts of the records can be scored on threads.
    """
    known = np.array([delivered is None or not items.isdisjoint(delivered) for items in compiled.reads])
    weight = compiled.tables.indicators["weight"]
    known_weight = int(weight[known].sum())
    n = records.organisations
    totals = np.full(n, NO_TOTAL, np.int64)
    grades = np.full(n, NO_GRADE, np.int8)
    matrix = np.zeros((n if points else 0, len(known)), np.int64)
    _score(compiled.tables, records, known, known_weight * 100 >= compiled.needed, totals, grades, matrix)
    return Results(
        totals=totals,
        grades=grades,
        points=matrix if points else None,
        known=known,
        known_weight=known_weight * WHOLE // int(weight.sum()),
    )


@_machine_code
def _part(amount, millionths):  # type: ignore[no-untyped-def]
    """``amount * millionths // WHOLE`` without a product beyond 64 bits."""
    return amount // WHOLE * millionths + amount % WHOLE * millionths // WHOLE


@_machine_code
def _standing(status, expires, as_of):  # type: ignore[no-untyped-def]
    return _EXPIRED if expires < as_of and status < _EXPIRED else status


@_machine_code
def _linear(amount, per, points):  # type: ignore[no-untyped-def]
    """What an amount consumes at ``points`` for every full ``per``, at most MOST."""
    times = amount // per
    return MOST if points and times > MOST // points else times * points


@_machine_code
def _rounded(scale, points):  # type: ignore[no-untyped-def]
    total = min(max(points, scale.lowest), scale.highest)
    if scale.rounding == 1:
        total = (2 * total + scale.nearest) // (2 * scale.nearest) * scale.nearest
    elif scale.rounding == 2:
        total = total // scale.nearest * scale.nearest
    return min(max(total, scale.lowest), scale.highest)


@_machine_code
def _occasion(codes, as_of, code, days, expires, status):  # type: ignore[no-untyped-def]
    """The latest day of an occasion among the records, or NO_DAY."""
    latest = np.int64(NO_DAY)
    for n in range(len(code)):
        stands = _standing(status[n], expires[n], as_of) <= _CONTESTED
        if codes[code[n]].is_occasion and latest < days[n] <= as_of and stands:
            latest = np.int64(days[n])
    return latest


@_machine_code
def _weighed(indicator, amount, factor, share):  # type: ignore[no-untyped-def]
    """A rule's points or amount after ageing and treatment."""
    if indicator.per > 0 and indicator.measure != SUM:
        amount = _linear(amount, indicator.per, indicator.each_per)
    return _part(_part(amount, factor), share)


@_machine_code
def _together(indicator, total, amount):  # type: ignore[no-untyped-def]
    """What one more record makes of an indicator's total."""
    if indicator.measure == COUNT:
        return min(indicator.weight, total + amount)
    if indicator.measure == SUM:
        return min(MOST, total + amount)
    return max(total, amount)


@_machine_code
def _points(indicator, steps, total):  # type: ignore[no-untyped-def]
    """The signed and capped points that an indicator's total comes to."""
    points = total
    if indicator.measure == SUM:
        points = np.int64(0)
        if indicator.per > 0:
            points = _linear(total, indicator.per, indicator.each_per)
        for n in range(indicator.first_step, indicator.end_step):
            if steps[n].start <= total:
                points = steps[n].points
    return indicator.sign * min(indicator.weight, points)


@_machine_code
def _score(t, r, known, enough, totals, grades, matrix):  # type: ignore[no-untyped-def]
    # Each array by a name of its own: taking one out of its tuple costs as much as a record.
    as_of, one_occasion, scales, bands, indicators, steps, curves, factors, codes, rules = t
    offsets, code, days, until, expires, statuses, amounts = r
    sums = np.zeros(len(indicators), np.int64)
    for organisation in range(len(offsets) - 1):
        first, last = offsets[organisation], offsets[organisation + 1]
        day = np.int64(as_of)
        if one_occasion:
            own = slice(first, last)
            day = _occasion(codes, as_of, code[own], days[own], expires[own], statuses[own])
        sums[:] = 0
        lowest = np.int64(-1)
        for n in range(first, last):
            if days[n] > day or (one_occasion and days[n] != day):
                continue
            status = _standing(statuses[n], expires[n], as_of)
            in_force = until[n] >= as_of
            does = codes[code[n]]
            if status <= _CONTESTED and in_force:
                lowest = max(lowest, does.gate)
            for k in range(does.first_rule, does.end_rule):
                rule = rules[k]
                indicator = indicators[rule.indicator]
                if not known[rule.indicator] or (indicator.in_force and not in_force):
                    continue
                curve = curves[indicator.curve]
                age = day - days[n]
                factor = np.int64(factors[curve.start + age]) if age < curve.length else curve.tail
                amount = amounts[rule.column, n] if rule.column >= 0 else rule.points
                amount = _weighed(indicator, amount, factor, indicator.share[status])
                sums[rule.indicator] = _together(indicator, sums[rule.indicator], amount)
        points = scales[0].base
        for i in range(len(sums)):
            if sums[i] > 0:
                sums[i] = _points(indicators[i], steps, sums[i])
                points += sums[i]
        if len(matrix) > 0:
            matrix[organisation] = sums
        if enough and day != NO_DAY:
            totals[organisation] = _rounded(scales[0], points)
            for band in range(len(bands)):
                if bands[band] <= totals[organisation]:
                    grades[organisation] = max(band, lowest)
                    break
