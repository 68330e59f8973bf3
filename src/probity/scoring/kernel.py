"""The pass: from columns of records to totals and grades, one organisation after the other.

Everything is 64-bit whole numbers, and nothing can overflow: amounts and consumptions are at most 10**18
(``MOST``), products with millionths are taken apart (:func:`_part`), sums stop at the cap (nothing is ever taken
back from them) or at ``MOST``, and a card's points are at most 10**12 each. What an organisation gets depends on
its own records alone, so that any division into parts gives the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from probity.rulebook import CARD, WHOLE, Status
from probity.scoring.encode import UNKNOWN, Records
from probity.scoring.model import NoGrade
from probity.scoring.reference import MOST
from probity.scoring.tables import (
    CLOSES_A_GATE,
    COUNT,
    IS_OCCASION,
    STATUSES,
    SUM,
    TOTAL,
    CompiledCard,
    Longs,
    Tables,
)

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
    """What is known for cards: ``indicators`` from what was delivered, ``inputs`` which of the other cards'
    results each indicator reads; ``needed`` by card the weight that must be known for a grade, times 100."""

    indicators: NDArray[np.bool_]
    inputs: NDArray[np.bool_]
    needed: Longs


def score(
    compiled: CompiledCard, records: Records, delivered: Collection[str] | None = None, *, points: bool = False
) -> Results:
    """Totals and grades of all organisations in ``records``, equal to what ``evaluate`` gives for each.

    ``records`` come from :func:`~probity.scoring.encode` with the same ``compiled``. ``delivered`` names the items
    whose source has delivered (None: all). ``points`` asks for every indicator's points as well. The work holds no
    Python lock, so that parts of the records can be scored on threads.
    """
    matrix = np.zeros((records.organisations if points else 0, len(compiled.reads)), np.int64)
    [results] = _scored([compiled], compiled.tables, records, delivered, matrix)
    return replace(results, points=matrix) if points else results


def score_together(
    cards: Sequence[CompiledCard], tables: Tables, records: Records, delivered: Collection[str] | None = None
) -> list[Results]:
    """The same by several cards in one pass over ``records``; ``tables`` are those of all of them."""
    return _scored(cards, tables, records, delivered, np.zeros((0, len(tables.indicators.weight)), np.int64))


def _scored(
    cards: Sequence[CompiledCard],
    tables: Tables,
    records: Records,
    delivered: Collection[str] | None,
    matrix: Longs,
) -> list[Results]:
    shape = (len(cards), records.organisations)
    totals, grades = np.empty(shape, np.int64), np.empty(shape, np.int8)
    no_grade, contested = np.empty(shape, np.uint8), np.empty(shape, np.bool_)
    _score(tables, records, known(cards, delivered), (totals, grades, no_grade, contested, matrix))
    return [Results(*own, points=None) for own in zip(totals, grades, no_grade, contested, strict=True)]


def known(cards: Sequence[CompiledCard], delivered: Collection[str] | None) -> Known:
    """What is known where these items have been delivered (None: all). Every other card's result is, until an
    organisation turns out to have none because too little is known."""
    inputs = [f"{CARD}{card}" for compiled in cards for card in compiled.card.inputs]
    reads = [sources for compiled in cards for sources in compiled.reads]
    items = [{source for source in sources if not source.startswith(CARD)} for sources in reads]
    return Known(
        indicators=np.array([bool(own) and (delivered is None or not own.isdisjoint(delivered)) for own in items]),
        inputs=np.array([[name in own for name in inputs] for own in reads], np.bool_).reshape(
            len(items), len(inputs)
        ),
        needed=np.array([compiled.needed for compiled in cards], np.int64),
    )


@machine_code
def part(amount, millionths):  # type: ignore[no-untyped-def]
    """``amount * millionths // WHOLE`` without a product beyond 64 bits; neither is negative."""
    if amount < _SAFE:
        return np.int64(np.uint64(amount * millionths) // np.uint64(WHOLE))
    return amount // WHOLE * millionths + amount % WHOLE * millionths // WHOLE


@machine_code
def _weighed(amount, factor, share):  # type: ignore[no-untyped-def]
    """What is left of an amount by its age and standing."""
    amount = part(amount, factor)
    return amount if share == WHOLE else part(amount, share)


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
def known_here(known, inputs, card, weight, here, enough):  # type: ignore[no-untyped-def]
    """Fill ``here`` with the indicators that are known of one organisation, ``enough`` with the cards for whose
    grade that is enough."""
    lacking = known.needed.copy()
    for i in range(len(here)):
        here[i] = known.indicators[i]
        for k in range(len(inputs)):
            here[i] |= known.inputs[i, k] and inputs[k] != UNKNOWN
        lacking[card[i]] -= weight[i] * 100 if here[i] else 0
    for c in range(len(lacking)):
        enough[c] = lacking[c] <= 0


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
def _shut(gates, first_gate, curves, code, age, contested, lowest, disputed):  # type: ignore[no-untyped-def]
    """Let a record that stands close its gates: ``lowest`` is, by card, the band above which no grade is let
    through; -1: all are."""
    for gate in range(first_gate[code], first_gate[code + np.uint64(1)]):
        c = np.uint64(gates.curve[gate])
        if factor(curves.first[c], curves.length[c], curves.factors, age) > 0:
            card = gates.card[gate]
            lowest[card] = max(lowest[card], np.int64(gates.band[gate]))
            disputed[card] |= contested


@in_place
def _summed(worth, here, sums, touched, count, points, matrix, organisation):  # type: ignore[no-untyped-def]
    """Add the signed and capped points of the touched indicators to ``points``, those of their cards, and keep
    them in ``matrix`` where that is wanted.

    Nothing is left of their sums.
    """
    card, weight, sign, measure, per, each_per, first, end, steps = worth
    for n in range(count):
        i = touched[np.uint64(n)]
        own, sums[i] = sums[i], 0
        if measure[i] == SUM:
            own = consumed(steps[first[i] : end[i]], per[i], each_per[i], own)
        if here[i]:
            own = sign[i] * min(weight[i], own)
            points[card[i]] += own
            if len(matrix) > 0:
                matrix[organisation, i] = own


@machine_code
def _concluded(bands, first, end, total, lowest, day, enough):  # type: ignore[no-untyped-def]
    """Total, grade and why there is none: the first band that the total reaches, or a lower one by a gate."""
    if day == NO_DAY:
        return NO_TOTAL, NO_GRADE, NO_OCCASION
    if not enough:
        return NO_TOTAL, NO_GRADE, TOO_LITTLE_KNOWN
    for n in range(first, end):
        if bands[n] <= total:
            return total, max(np.int64(n) - np.int64(first), lowest), 0
    return total, NO_GRADE, BELOW_EVERY_BAND


@machine_code
def _longest(first, last):  # type: ignore[no-untyped-def]
    most = np.int64(0)
    for n in range(len(first)):
        most = max(most, last[n] - first[n])
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
def _of_nothing(t, known, here, enough, out):  # type: ignore[no-untyped-def]
    """Fill in the results of an organisation of which nothing is stated, as of everyone."""
    totals, grades, no_grade, contested, _ = out
    known_here(known, np.empty(0, np.int32), t.indicators.card, t.indicators.weight, here, enough)
    for c in range(len(t.scales)):
        total, lowest = _rounded(t.scales[c], t.scales[c].base), np.int64(-1)
        result = _concluded(t.bands, t.first_band[c], t.first_band[c + 1], total, lowest, t.as_of, enough[c])
        totals[c], grades[c], no_grade[c] = result
        contested[c] = False


@machine_code
def _empty(indicators, cards):  # type: ignore[no-untyped-def]
    """Room for what is found of one organisation by its records: sums, the indicators touched and those known; by
    card points, the band that a gate allows, whether a contested record counts, and whether enough is known."""
    sums, touched, here = (
        np.zeros(indicators, np.int64),
        np.zeros(indicators + 1, np.uint64),
        np.zeros(indicators, np.bool_),
    )
    points, lowest = np.zeros(cards, np.int64), np.full(cards, -1)
    return sums, touched, here, points, lowest, np.zeros(cards, np.bool_), np.zeros(cards, np.bool_)


@machine_code
def _score(t, r, known, out):  # type: ignore[no-untyped-def]
    # Arrays by names of their own: one taken out of its tuple costs as much as a record. Unsigned: no wrapping.
    as_of, one_occasion, scales, first_band, bands, indicators, steps, curves, codes, rules, gates = t
    firsts, lasts, code, days, until, standing, amounts, inputs, said = r
    totals, grades, no_grade, contested, matrix = out
    card, weight, sign, measure, per, each_per, from_step, to_step, in_force, shares = indicators
    flags, first_rule, ends = codes.flags, codes.first_rule, codes.lasts
    (rule_indicator, rule_curve, rule_column, plain, gives), (curve_first, curve_length, factors) = rules, curves
    worth = (card, weight, sign, measure, per, each_per, from_step, to_step, steps)
    sums, touched, here, points, lowest, disputed, enough = _empty(len(weight), len(scales))
    alive, kept = _alive(shares), np.zeros(_longest(firsts, lasts) + 1, np.uint64)
    _of_nothing(t, known, here, enough, out)
    cards, asks, always = inputs.shape[1], len(until) > 0, one_occasion or inputs.shape[1] > 0
    for organisation in range(len(firsts)):
        first, last, day, count = firsts[organisation], lasts[organisation], np.int64(as_of), np.uint64(0)
        if one_occasion:
            day = occasion(flags, as_of, code[first:last], days[first:last], standing[first:last])
        if cards > 0:
            known_here(known, inputs[organisation], card, weight, here, enough)
        own = np.int64(_matter(first, last, ends, alive, day, one_occasion, code, days, standing, kept))
        if own == 0 and not always:
            continue
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
                _shut(gates, codes.first_gate, curves, np.uint64(does), age, stands == CONTESTED, lowest, disputed)
            for k in range(first_rule[np.uint64(does)], first_rule[np.uint64(does) + np.uint64(1)]):
                i, amount = np.uint64(rule_indicator[k]), gives[k]
                if not plain[k]:
                    if in_force[i] and ended:
                        continue
                    if rule_column[k] >= 0:
                        amount = full(measure[i], per[i], each_per[i], amounts[rule_column[k], n])
                    elif rule_column[k] == TOTAL:
                        amount = full(measure[i], per[i], each_per[i], total)
                curve = np.uint64(rule_curve[k])
                left = factor(curve_first[curve], curve_length[curve], factors, age)
                amount = _weighed(amount, left, shares[i, stands])
                before, touched[count] = sums[i], i
                sums[i] = together(measure[i], weight[i], before, amount)
                count += np.uint64((before == 0) & (sums[i] > 0))
                if stands == CONTESTED and amount > 0 and here[i]:
                    disputed[card[i]] = True
        _summed(worth, here, sums, touched, count, points, matrix, organisation)
        for c in range(len(scales)):
            if not (always or points[c] or disputed[c]) and lowest[c] < 0:
                continue  # it is what nothing gives
            whole = _rounded(scales[c], scales[c].base + points[c])
            result = _concluded(bands, first_band[c], first_band[c + 1], whole, lowest[c], day, enough[c])
            totals[c, organisation], grades[c, organisation], no_grade[c, organisation] = result
            contested[c, organisation] = disputed[c]
            points[c], lowest[c], disputed[c] = 0, -1, False
