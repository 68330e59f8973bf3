"""The pass: from columns of records to totals and grades, one organisation after the other.

Everything is 64-bit whole numbers, and nothing can overflow: amounts and consumptions are at most 10**18
(``MOST``), products with millionths are taken apart (:func:`_part`), sums stop at the cap (nothing is ever taken
back from them) or at ``MOST``, and a card's points are at most 10**12 each. What an organisation gets depends on
its own records alone, so that any division into parts gives the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from probity.rulebook import CARD, WHOLE, Status
from probity.scoring.encode import UNKNOWN, Records
from probity.scoring.model import NoGrade
from probity.scoring.reference import MOST
from probity.scoring.tables import CLOSES_A_GATE, COUNT, IS_OCCASION, STATUSES, SUM, TOTAL, CompiledCard

NO_TOTAL = np.iinfo(np.int64).min
"""The total of an organisation that has none."""
NO_GRADE = -1
NO_DAY = -(2**40)
"""Where there is no occasion: a day before all days."""

WHY = (None, NoGrade.NO_OCCASION, NoGrade.TOO_LITTLE_KNOWN, NoGrade.BELOW_EVERY_BAND)
"""Why there is no grade, by the number that the pass gives."""

# Numba freezes all constants into the kept machine code, which it makes anew when this file changes.
NO_OCCASION, TOO_LITTLE_KNOWN, BELOW_EVERY_BAND = 1, 2, 3
CONTESTED = STATUSES.index(Status.CONTESTED)
"""What stands is active (0) or contested (1)."""
_SAFE = 2**43
"""Below it, an amount times WHOLE fits."""


def machine_code(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile with numba, kept on disk where some folder can be written (numba tries the package's, then the
    user's; ``NUMBA_CACHE_DIR`` names another), else anew in every process."""
    try:
        return njit(cache=True, nogil=True)(function)  # type: ignore[no-any-return]
    except RuntimeError:
        return njit(nogil=True)(function)  # type: ignore[no-any-return]


in_place = njit(inline="always")
"""Puts a function where it is called: handing it tuples of arrays would cost as much as a record."""


@dataclass(frozen=True, slots=True)
class Results:
    """A card's results, one for each organisation in the order of the records.

    ``totals`` in milli-points (``NO_TOTAL``: none), ``grades`` the index of the band (``NO_GRADE``: none),
    ``no_grade`` why there is none (its place in ``WHY``, 0 where there is one), ``contested`` whether a contested
    record adds to an indicator or closes a gate, ``points`` by organisation and indicator, signed and capped,
    where they were asked for.
    """

    totals: NDArray[np.int64]
    grades: NDArray[np.int8]
    no_grade: NDArray[np.uint8]
    contested: NDArray[np.bool_]
    points: NDArray[np.int64] | None


class Known(NamedTuple):
    """What is known for a card: ``indicators`` from what was delivered, ``inputs`` which of the other cards'
    results each indicator reads; ``needed`` the weight that must be known for a grade, times 100."""

    indicators: NDArray[np.bool_]
    inputs: NDArray[np.bool_]
    needed: int


def score(
    compiled: CompiledCard, records: Records, delivered: Collection[str] | None = None, *, points: bool = False
) -> Results:
    """Totals and grades of all organisations in ``records``, equal to what ``evaluate`` gives for each.

    ``records`` come from :func:`~probity.scoring.encode` with the same ``compiled``. ``delivered`` names the items
    whose source has delivered (None: all). ``points`` asks for every indicator's points as well. The work holds no
    Python lock, so that parts of the records can be scored on threads.
    """
    n, indicators = records.organisations, len(compiled.reads)
    results = Results(
        totals=np.full(n, NO_TOTAL, np.int64),
        grades=np.full(n, NO_GRADE, np.int8),
        no_grade=np.zeros(n, np.uint8),
        contested=np.zeros(n, np.bool_),
        points=np.zeros((n, indicators), np.int64) if points else None,
    )
    matrix = np.zeros((0, indicators), np.int64) if results.points is None else results.points
    out = (results.totals, results.grades, results.no_grade, results.contested, matrix)
    _score(compiled.tables, records, known(compiled, delivered), out)
    return results


def known(compiled: CompiledCard, delivered: Collection[str] | None) -> Known:
    """What is known where these items have been delivered (None: all). Every other card's result is, until an
    organisation turns out to have none because too little is known."""
    inputs = [f"{CARD}{card}" for card in compiled.card.inputs]
    items = [{source for source in sources if not source.startswith(CARD)} for sources in compiled.reads]
    return Known(
        indicators=np.array([bool(own) and (delivered is None or not own.isdisjoint(delivered)) for own in items]),
        inputs=np.array([[name in own for name in inputs] for own in compiled.reads], np.bool_).reshape(
            len(items), len(inputs)
        ),
        needed=compiled.needed,
    )


@machine_code
def part(amount, millionths):  # type: ignore[no-untyped-def]
    """``amount * millionths // WHOLE`` without a product beyond 64 bits."""
    if amount < _SAFE:
        return amount * millionths // WHOLE
    return amount // WHOLE * millionths + amount % WHOLE * millionths // WHOLE


@machine_code
def _linear(amount, per, points):  # type: ignore[no-untyped-def]
    """What an amount consumes at ``points`` for every full ``per``, at most MOST."""
    times = amount // per
    return MOST if points and times > MOST // points else times * points


@machine_code
def _rounded(scale, points):  # type: ignore[no-untyped-def]
    total = min(max(points, scale.lowest), scale.highest)
    if scale.rounding == 1:
        total = (2 * total + scale.nearest) // (2 * scale.nearest) * scale.nearest
    elif scale.rounding == 2:
        total = total // scale.nearest * scale.nearest
    return min(max(total, scale.lowest), scale.highest)


@machine_code
def factor(first, length, factors, age):  # type: ignore[no-untyped-def]
    """The millionths that a curve leaves at an age."""
    return np.int64(factors[np.uint64(np.int64(first) + min(age, np.int64(length)))])


@machine_code
def full(measure, per, each_per, amount):  # type: ignore[no-untyped-def]
    """What an amount consumes, or adds to a sum, before age and standing."""
    amount = min(max(amount, 0), MOST)
    return amount if measure == SUM else _linear(amount, per, each_per)


@machine_code
def together(measure, weight, total, amount):  # type: ignore[no-untyped-def]
    """What one more record makes of an indicator's total."""
    if measure == COUNT:
        return min(weight, total + amount)
    if measure == SUM:
        return min(MOST, total + amount)
    return max(total, amount)


@machine_code
def consumed(steps, per, each_per, total):  # type: ignore[no-untyped-def]
    """The points that a sum, which is more than nothing, consumes."""
    points = _linear(total, per, each_per) if per > 0 else np.int64(0)
    for n in range(len(steps)):
        if steps[n].start <= total:
            points = steps[n].points
    return points


@machine_code
def occasion(flags, as_of, code, days, standing):  # type: ignore[no-untyped-def]
    """The latest day of an occasion among the records, or NO_DAY."""
    latest = np.int64(NO_DAY)
    for n in range(len(code)):
        if (
            code[n] >= 0
            and flags[code[n]] & IS_OCCASION
            and latest < days[n] <= as_of
            and standing[n] <= CONTESTED
        ):
            latest = np.int64(days[n])
    return latest


@machine_code
def known_here(known, inputs, weight, here):  # type: ignore[no-untyped-def]
    """Fill ``here`` with the indicators that are known of one organisation; whether that is enough for a grade."""
    whole = np.int64(0)
    for i in range(len(here)):
        here[i] = known.indicators[i]
        for k in range(len(inputs)):
            here[i] |= known.inputs[i, k] and inputs[k] != UNKNOWN
        whole += weight[i] if here[i] else 0
    return whole * 100 >= known.needed


@machine_code
def _alive(shares):  # type: ignore[no-untyped-def]
    """By status: whether a record of it can do anything, close a gate or give points."""
    alive = np.zeros(shares.shape[1], np.bool_)
    for stands in range(len(alive)):
        alive[stands] = stands <= CONTESTED
        for i in range(len(shares)):
            alive[stands] |= shares[i, stands] > 0
    return alive


@machine_code
def _shut(gates, first_gate, curves, code, age):  # type: ignore[no-untyped-def]
    """The lowest band above which a record that stands lets no grade through; -1: all."""
    lowest = np.int64(-1)
    for gate in range(first_gate[code], first_gate[code + np.uint64(1)]):
        c = np.uint64(gates.curve[gate])
        if factor(curves.first[c], curves.length[c], curves.factors, age) > 0:
            lowest = max(lowest, np.int64(gates.band[gate]))
    return lowest


@in_place
def _summed(worth, here, sums, touched, count, matrix, organisation, wanted):  # type: ignore[no-untyped-def]
    """The signed and capped points of the touched indicators together, kept in ``matrix`` where that is wanted.

    Nothing is left of their sums.
    """
    weight, sign, measure, per, each_per, first, end, steps = worth
    points = np.int64(0)
    for n in range(count):
        i = touched[np.uint64(n)]
        own, sums[i] = sums[i], 0
        if measure[i] == SUM:
            own = consumed(steps[first[i] : end[i]], per[i], each_per[i], own)
        if here[i]:
            own = sign[i] * min(weight[i], own)
            points += own
            if wanted:
                matrix[organisation, i] = own
    return points


@machine_code
def _concluded(bands, total, lowest, day, enough):  # type: ignore[no-untyped-def]
    """Total, grade and why there is none: the first band that the total reaches, or a lower one by a gate."""
    if day == NO_DAY:
        return NO_TOTAL, NO_GRADE, NO_OCCASION
    if not enough:
        return NO_TOTAL, NO_GRADE, TOO_LITTLE_KNOWN
    for band in range(len(bands)):
        if bands[band] <= total:
            return total, max(band, lowest), 0
    return total, NO_GRADE, BELOW_EVERY_BAND


@machine_code
def _longest(offsets):  # type: ignore[no-untyped-def]
    most = np.int64(0)
    for n in range(len(offsets) - 1):
        most = max(most, offsets[n + 1] - offsets[n])
    return most


@machine_code
def _matter(first, last, lasts, alive, day, one_occasion, code, days, standing, kept):  # type: ignore[no-untyped-def]
    """Put the places of the records that can do anything into ``kept``; how many they are.

    Without a branch: a processor cannot guess which record is next.
    """
    count = np.uint64(0)
    for at in range(first, last):
        n = np.uint64(at)
        age = day - days[n]
        kept[count] = n
        matters = (age >= 0) & (age < lasts[np.uint64(code[n])]) & alive[np.uint64(standing[n])]
        count += np.uint64(matters & ((age == 0) | (not one_occasion)))
    return count


@machine_code
def _score(t, r, known, out):  # type: ignore[no-untyped-def]
    # Arrays by names of their own: one taken out of its tuple costs as much as a record. Unsigned: no wrapping.
    as_of, one_occasion, scales, bands, indicators, steps, curves, codes, rules, gates = t
    offsets, code, days, until, standing, amounts, inputs, said = r
    totals, grades, no_grade, contested, matrix = out
    weight, sign, measure, per, each_per, from_step, to_step, in_force, shares = indicators
    flags, first_rule, lasts = codes.flags, codes.first_rule, codes.lasts
    rule_indicator, rule_curve, rule_column, plain, rule_points = rules
    curve_first, curve_length, factors = curves
    worth = (weight, sign, measure, per, each_per, from_step, to_step, steps)
    sums, touched = np.zeros(len(weight), np.int64), np.zeros(len(weight) + 1, np.uint64)
    here, alive = np.zeros(len(weight), np.bool_), _alive(shares)
    enough = known_here(known, inputs[0:0].reshape(-1), weight, here)
    cards, wanted, asks = inputs.shape[1], len(matrix) > 0, len(until) > 0
    nothing, kept = _rounded(scales[0], scales[0].base), np.zeros(_longest(offsets) + 1, np.uint64)
    for organisation in range(len(offsets) - 1):
        first, last, day = offsets[organisation], offsets[organisation + 1], np.int64(as_of)
        if one_occasion:
            day = occasion(flags, as_of, code[first:last], days[first:last], standing[first:last])
        enough = known_here(known, inputs[organisation], weight, here) if cards > 0 else enough
        lowest, count, disputed = np.int64(-1), np.uint64(0), False
        own = np.int64(_matter(first, last, lasts, alive, day, one_occasion, code, days, standing, kept))
        for at in range(own + cards):
            if at < own:
                n = kept[np.uint64(at)]
                does, age, stands = np.int64(code[n]), day - days[n], np.uint64(standing[n])
                ended, total = asks and until[n] < as_of, np.int64(0)
            else:
                n, age, stands, ended = np.uint64(0), np.int64(0), np.uint64(0), False
                does, total = np.int64(inputs[organisation, at - own]), said[organisation, at - own]
                if does < 0:
                    continue
            if flags[np.uint64(does)] & CLOSES_A_GATE and stands <= CONTESTED and not ended:
                band = _shut(gates, codes.first_gate, curves, np.uint64(does), age)
                lowest = max(lowest, band)
                disputed |= band >= 0 and stands == CONTESTED
            for k in range(first_rule[np.uint64(does)], first_rule[np.uint64(does) + np.uint64(1)]):
                i = np.uint64(rule_indicator[k])
                amount = rule_points[k]
                if not plain[k]:
                    if in_force[i] and ended:
                        continue
                    if rule_column[k] >= 0:
                        amount = full(measure[i], per[i], each_per[i], amounts[rule_column[k], n])
                    elif rule_column[k] == TOTAL:
                        amount = full(measure[i], per[i], each_per[i], total)
                c = np.uint64(rule_curve[k])
                amount = part(amount, factor(curve_first[c], curve_length[c], factors, age))
                if shares[i, stands] != WHOLE:
                    amount = part(amount, shares[i, stands])
                before = sums[i]
                sums[i] = together(measure[i], weight[i], before, amount)
                touched[count] = i
                count += np.uint64((before == 0) & (sums[i] > 0))
                disputed |= stands == CONTESTED and amount > 0 and here[i]
        points = _summed(worth, here, sums, touched, count, matrix, organisation, wanted)
        contested[organisation] = disputed
        total = nothing if points == 0 else _rounded(scales[0], scales[0].base + points)
        result = _concluded(bands, total, lowest, day, enough)
        totals[organisation], grades[organisation], no_grade[organisation] = result
