"""The pass that says where points come from: one row for each organisation and indicator that read anything.

It gives the points that the pass of totals gives, how many records the indicator read, and as bits why records
gave nothing: what ``evaluate`` says record by record, drawn together.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from probity.rulebook import WHOLE, Status
from probity.scoring.encode import Records
from probity.scoring.kernel import (
    CONTESTED,
    consumed,
    factor,
    full,
    in_place,
    known,
    known_here,
    machine_code,
    occasion,
    part,
    together,
)
from probity.scoring.model import Ignored
from probity.scoring.reference import STATUS_REASON, reach
from probity.scoring.tables import COUNT, STATUSES, STRONGEST, SUM, TOTAL, CompiledCard

REASONS = (*(reason.value for reason in Ignored), "capped", "contested-counts")
"""What the bits of a row say, from the lowest: why records gave nothing, that the points are held at the weight,
and that a contested record counts."""

_BIT = {name: 1 << n for n, name in enumerate(REASONS)}
OTHER_OCCASION, OUTSIDE_WINDOW, ENDED = (
    _BIT[Ignored.OTHER_OCCASION],
    _BIT[Ignored.OUTSIDE_WINDOW],
    _BIT[Ignored.ENDED],
)
FADED, CONSUMES_NOTHING = _BIT[Ignored.FADED], _BIT[Ignored.CONSUMES_NOTHING]
NOT_THE_STRONGEST, NOT_KNOWN = _BIT[Ignored.NOT_THE_STRONGEST], _BIT[Ignored.NOT_KNOWN]
CAPPED, DISPUTED = _BIT["capped"], _BIT["contested-counts"]
STANDING = np.array([_BIT[STATUS_REASON[s]] if s is not Status.ACTIVE else 0 for s in STATUSES], np.int32)


@dataclass(frozen=True, slots=True)
class Points:
    """A row for each organisation (its place among the records) and indicator that read a record, in this order.

    ``points`` are signed milli-points after the cap, ``records`` how many were read, ``reasons`` bits of REASONS.
    """

    organisation: NDArray[np.int32]
    indicator: NDArray[np.int16]
    points: NDArray[np.int64]
    records: NDArray[np.int32]
    reasons: NDArray[np.int32]


def points_of(compiled: CompiledCard, records: Records, delivered: Collection[str] | None = None) -> Points:
    """Where every organisation's points come from; ``compiled`` with ``explained``, the rest as for ``score``.

    Records of days after the card's are passed over.
    """
    first_rule = compiled.tables.codes.first_rule
    most = _applied(first_rule, records.code) + _applied(first_rule, records.inputs.reshape(-1))
    windows = [None if compiled.card.occasion else indicator.window for indicator in compiled.card.indicators]
    reaches = np.array([reach(w, compiled.as_of) if w else np.iinfo(np.int64).max for w in windows], np.int64)
    rows = (
        _room(most, np.int32),
        _room(most, np.int16),
        _room(most, np.int64),
        _room(most, np.int32),
        _room(most, np.int32),
    )
    n = _explain(compiled.tables, records, known([compiled], delivered), reaches, STANDING, rows)
    organisation, indicator, points, read, reasons = rows
    return Points(organisation[:n], indicator[:n], points[:n], read[:n], reasons[:n])


def _room(rows: int, kind: type[np.generic]) -> NDArray[Any]:
    """An empty column in Arrow's memory, which is used again from part to part."""
    return np.frombuffer(pa.allocate_buffer(rows * np.dtype(kind).itemsize), kind)


@machine_code
def _applied(first_rule, code):  # type: ignore[no-untyped-def]
    """How many rules the records together apply: there are no more rows."""
    count = np.int64(0)
    for n in range(len(code)):
        if code[n] >= 0:
            does = np.uint64(code[n])
            count += np.int64(first_rule[does + np.uint64(1)]) - np.int64(first_rule[does])
    return count


@machine_code
def _sorted(touched, count):  # type: ignore[no-untyped-def]
    """Put the first ``count`` in order: a handful."""
    for n in range(1, count):
        each, at = touched[n], n
        while at > 0 and touched[at - 1] > each:
            touched[at] = touched[at - 1]
            at -= 1
        touched[at] = each


@machine_code
def _ignored(share, stands, age, window, ended, amount, standing):  # type: ignore[no-untyped-def]
    """Why a record of the day gives nothing, before its age is looked at; 0: it may give something."""
    if share == 0:
        return standing[stands]
    if age >= window:
        return OUTSIDE_WINDOW
    if ended:
        return ENDED
    return 0 if amount > 0 else CONSUMES_NOTHING


@machine_code
def _weighed(amount, factor, share, reason):  # type: ignore[no-untyped-def]
    """What is left of an amount by its age and standing, and why nothing is."""
    amount = part(amount, factor)
    if amount == 0:
        return amount, FADED
    if share != WHOLE:
        amount = part(amount, share)
    return amount, (0 if amount > 0 else reason)


@in_place
def _written(rows, written, organisation, worth, here, touched, count, sums, seen, strong, why):  # type: ignore[no-untyped-def]
    """Write a row for every touched indicator, and leave nothing of what was gathered; how many are written."""
    weight, sign, measure, per, each_per, first, end, steps = worth
    whose, which, points, records, reasons = rows
    _sorted(touched, count)
    for n in range(count):
        i = touched[np.uint64(n)]
        own = sums[i]
        if measure[i] == SUM and own > 0:
            own = consumed(steps[first[i] : end[i]], per[i], each_per[i], own)
        if measure[i] == STRONGEST and strong[i] > 1:
            why[i] |= NOT_THE_STRONGEST
        if own > weight[i]:
            why[i] |= CAPPED
        at = np.uint64(written + n)
        whose[at], which[at], records[at], reasons[at] = organisation, i, seen[i], why[i]
        points[at] = sign[i] * min(weight[i], own) if here[i] else 0
        sums[i], seen[i], strong[i], why[i] = 0, 0, 0, 0
    return written + count


@machine_code
def _explain(t, r, known, reaches, reason, rows):  # type: ignore[no-untyped-def]
    # Arrays by names of their own and unsigned places, as in the kernel.
    as_of, one_occasion, _, _, _, indicators, steps, curves, codes, rules, _ = t
    firsts, lasts, code, days, until, standing, amounts, inputs, said = r
    card, weight, sign, measure, per, each_per, from_step, to_step, in_force, shares = indicators
    rule_indicator, rule_curve, rule_column, _, rule_points = rules
    curve_first, curve_length, factors = curves
    flags, first_rule = codes.flags, codes.first_rule
    worth = (weight, sign, measure, per, each_per, from_step, to_step, steps)
    size, cards, asks, written = len(weight), inputs.shape[1], len(until) > 0, 0
    sums, touched = np.zeros(size, np.int64), np.zeros(size + 1, np.int64)
    seen, strong, why = np.zeros(size, np.int32), np.zeros(size, np.int32), np.zeros(size, np.int32)
    here, enough = np.zeros(size, np.bool_), np.zeros(1, np.bool_)
    known_here(known, inputs[0:0].reshape(-1), card, weight, here, enough)
    for organisation in range(len(firsts)):
        first, last, count, day = firsts[organisation], lasts[organisation], 0, np.int64(as_of)
        if one_occasion:
            day = occasion(flags, as_of, code[first:last], days[first:last], standing[first:last])
        if cards > 0:
            known_here(known, inputs[organisation], card, weight, here, enough)
        for at in range(first, last + cards):
            own, n = at < last, np.uint64(at)
            does = np.int64(code[n]) if own else np.int64(inputs[organisation, at - last])
            if does < 0 or (own and days[n] > as_of):
                continue
            age, stands = (day - days[n], np.uint64(standing[n])) if own else (np.int64(0), np.uint64(0))
            for k in range(first_rule[np.uint64(does)], first_rule[np.uint64(does) + np.uint64(1)]):
                i = np.uint64(rule_indicator[k])
                touched[np.uint64(count)] = i
                count += seen[i] == 0
                seen[i] += 1
                if not here[i] or (one_occasion and age != 0):
                    why[i] |= OTHER_OCCASION if here[i] else NOT_KNOWN
                    continue
                amount = rule_points[k]
                if rule_column[k] >= 0:
                    amount = full(measure[i], per[i], each_per[i], amounts[rule_column[k], n])
                elif rule_column[k] == TOTAL:
                    amount = full(measure[i], per[i], each_per[i], said[organisation, at - last])
                ended = asks and in_force[i] and own and until[n] < as_of
                because = _ignored(shares[i, stands], stands, age, reaches[i], ended, amount, reason)
                if because == 0:
                    c = np.uint64(rule_curve[k])
                    left = factor(curve_first[c], curve_length[c], factors, age)
                    amount, because = _weighed(amount, left, shares[i, stands], reason[stands])
                if because == 0:
                    because = DISPUTED if stands == CONTESTED else 0
                    because |= CAPPED if measure[i] == COUNT and sums[i] + amount > weight[i] else 0
                    strong[i] += 1
                    sums[i] = together(measure[i], weight[i], sums[i], amount)
                why[i] |= because
        written = _written(rows, written, organisation, worth, here, touched, count, sums, seen, strong, why)
    return written
