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
from probity.scoring.compile import COUNT, STATUSES, SUM, CompiledCard, Records
from probity.scoring.reference import MOST

NO_TOTAL = np.iinfo(np.int64).min
"""The total of an organisation that has none."""
NO_GRADE = -1
NO_DAY = -(2**40)
"""Where there is no occasion: a day before all days."""

_ACTIVE = STATUSES.index(Status.ACTIVE)
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
    weight = compiled.tables.weight
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
    return _EXPIRED if expires < as_of and status <= _CONTESTED else status


@_machine_code
def _linear(amount, per, points):  # type: ignore[no-untyped-def]
    """What an amount consumes at ``points`` for every full ``per``, at most MOST."""
    times = amount // per
    return MOST if points and times > MOST // points else times * points


@_machine_code
def _occasion(t, r, first, last):  # type: ignore[no-untyped-def]
    """The latest day of an occasion among the records, or NO_DAY."""
    day = np.int64(NO_DAY)
    for n in range(first, last):
        stands = _standing(r.status[n], r.expires[n], t.as_of) <= _CONTESTED
        if t.is_occasion[r.code[n]] and day < r.day[n] <= t.as_of and stands:
            day = np.int64(r.day[n])
    return day


@_machine_code
def _add(t, r, n, age, status, known, sums):  # type: ignore[no-untyped-def]
    """Add one record that is neither of another day nor yet to come to the sums of its indicators."""
    code = r.code[n]
    for rule in range(t.rule_start[code], t.rule_start[code + 1]):
        i = t.rule_indicator[rule]
        share = t.share[i, status]
        if not known[i] or share == 0 or (t.in_force[i] and r.until[n] < t.as_of):
            continue
        curve = t.curve[i]
        factor = t.curve_tail[curve]
        if age < t.curve_length[curve]:
            factor = np.int64(t.factors[t.curve_start[curve] + age])
        amount = t.rule_points[rule]
        if t.rule_column[rule] >= 0:
            amount = r.amounts[t.rule_column[rule], n]
            if t.measure[i] != SUM:
                amount = _linear(amount, t.per[i], t.each_per[i])
        amount = _part(_part(amount, factor), share)
        if t.measure[i] == COUNT:
            sums[i] = min(t.weight[i], sums[i] + amount)
        elif t.measure[i] == SUM:
            sums[i] = min(MOST, sums[i] + amount)
        else:
            sums[i] = max(sums[i], amount)


@_machine_code
def _consumed(t, i, total):  # type: ignore[no-untyped-def]
    """What a sum of amounts consumes."""
    if t.per[i] > 0:
        return _linear(total, t.per[i], t.each_per[i])
    points = np.int64(0)
    for step in range(t.step_start[i], t.step_start[i + 1]):
        if t.step_from[step] <= total:
            points = t.step_points[step]
    return points


@_machine_code
def _rounded(scale, points):  # type: ignore[no-untyped-def]
    _, lowest, highest, rounding, nearest = scale
    total = min(max(points, lowest), highest)
    if rounding == 1:
        total = (2 * total + nearest) // (2 * nearest) * nearest
    elif rounding == 2:
        total = total // nearest * nearest
    return min(max(total, lowest), highest)


@_machine_code
def _score(t, r, known, enough, totals, grades, matrix):  # type: ignore[no-untyped-def]
    sums = np.zeros(len(t.weight), np.int64)
    for organisation in range(len(r.offsets) - 1):
        first, last = r.offsets[organisation], r.offsets[organisation + 1]
        day = _occasion(t, r, first, last) if t.one_occasion else np.int64(t.as_of)
        lowest = -1
        sums[:] = 0
        for n in range(first, last):
            if r.day[n] > day or (t.one_occasion and r.day[n] != day):
                continue
            status = _standing(r.status[n], r.expires[n], t.as_of)
            if status <= _CONTESTED and r.until[n] >= t.as_of:
                lowest = max(lowest, t.gate[r.code[n]])
            _add(t, r, n, day - r.day[n], status, known, sums)
        points = t.scale[0]
        for i in range(len(sums)):
            if sums[i] > 0:
                if t.measure[i] == SUM:
                    sums[i] = _consumed(t, i, sums[i])
                sums[i] = t.sign[i] * min(t.weight[i], sums[i])
                points += sums[i]
        if len(matrix) > 0:
            matrix[organisation] = sums
        if not enough or day == NO_DAY:
            continue
        totals[organisation] = _rounded(t.scale, points)
        for band in range(len(t.bands)):
            if t.bands[band] <= totals[organisation]:
                grades[organisation] = max(band, lowest)
                break
