"""The course of a card over days to come or gone by, no record added: exact on every single day.

Between the days on which a record begins, ends, expires or leaves a window, nothing changes but what ages; so each
record is added as a stretch of days, and what ages is computed for all days of its stretch at once. On every day
the result is that of :func:`~probity.scoring.evaluate`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from probity.rulebook import WHOLE, Ageing, Indicator, Measure, Period, Scorecard, Status
from probity.scoring.model import Fact, NoGrade
from probity.scoring.outlook.reading import Reading
from probity.scoring.reference import STANDS, halved, reach, together, within

Days = NDArray[np.int64]

_MOST_IN_64_BITS = 2**62


@dataclass(frozen=True, slots=True)
class Course:
    """Day by day from ``first``: totals in milli-points, ranks as in ``Outcome``, and whether there is an occasion
    to judge, or none is needed (``judged``). ``enough``: whether as much is known as a grade needs. Where one of
    them is False nothing is said, and total and rank mean nothing.
    """

    first: date
    totals: Days
    ranks: Days
    judged: NDArray[np.bool_]
    enough: bool

    @property
    def said(self) -> NDArray[np.bool_]:
        """The days of which something is said."""
        return self.judged & self.enough

    def silent(self, place: int) -> NoGrade | None:
        """Why nothing is said at that place, if nothing is."""
        if not self.judged[place]:
            return NoGrade.NO_OCCASION
        return None if self.enough else NoGrade.TOO_LITTLE_KNOWN

    def day(self, place: int) -> date:
        """The day at that place."""
        return self.first + timedelta(days=place)

    def changes(self) -> list[int]:
        """The places at which anything is other than the day before; the first place is always one."""
        other = (np.diff(self.totals) != 0) | (np.diff(self.ranks) != 0)
        other = (other & self.said[1:]) | np.diff(self.judged)
        return [0, *(np.flatnonzero(other) + 1).tolist()]


def course(reading: Reading, first: date, days: int) -> Course:
    """The card on each of ``days`` days from ``first`` on. Results of other cards are held as they are."""
    at = _Walk(reading, first, days)
    card = reading.card
    points = np.full(days, card.base, np.int64)
    for line in range(len(reading.lines)):
        points += at.points(line)
    totals = _rounded(card, points)
    ranks = np.full(days, len(card.bands), np.int64)
    for rank in reversed(range(len(card.bands))):
        ranks[totals >= card.bands[rank].from_] = rank
    graded = ranks < len(card.bands)
    for n, gate in enumerate(card.gates):
        ranks = np.where(graded & at.closed(n), np.maximum(ranks, card.band(gate.at_most)), ranks)
    judged = np.ones(days, np.bool_) if at.judged is None else at.judged > 0
    return Course(first, totals, ranks, judged, reading.enough)


class _Walk:
    """The stretches of one reading over some days, as places from 0 to ``days`` (excluded)."""

    def __init__(self, reading: Reading, first: date, days: int) -> None:
        self.reading = reading
        self.first = first
        self.start = first.toordinal()
        self.days = days
        self.judged = self._occasions() if reading.card.occasion else None
        self._exits: dict[tuple[Period, date], int] = {}

    def _occasions(self) -> Days:
        """The day of the occasion judged on each day (its ordinal; 0: none)."""
        found = np.zeros(self.days, np.int64)
        for fact in sorted((self.reading.facts[n] for n in self.reading.occasions), key=lambda fact: fact.day):
            if fact.status in STANDS:
                found[self._place(fact.day) : self._after(fact.expires)] = fact.day.toordinal()
        return found

    def closed(self, gate: int) -> NDArray[np.bool_]:
        """The days on which a gate is closed."""
        found = np.zeros(self.days, np.bool_)
        for place in self.reading.closing[gate]:
            fact = self.reading.facts[place]
            if place >= self.reading.own:
                found[:] = True
            elif fact.status in STANDS:
                a = self._place(fact.day)
                b = min(
                    self._after(fact.expires),
                    self._after(fact.until),
                    self._exit(self.reading.card.gates[gate].window, fact.day),
                )
                found[a:b] |= self._on_occasion(fact, a, b)
        return found

    def points(self, line: int) -> Days:
        """The signed points of an indicator on each day."""
        indicator = self.reading.indicators[line]
        reads = self.reading.lines[line] if self.reading.known[line] else ()
        if not reads:
            return np.zeros(self.days, np.int64)
        wide = sum(each.full for each in reads) * WHOLE > _MOST_IN_64_BITS
        found = np.zeros(self.days, object if wide else np.int64)
        for each in reads:
            fact = self.reading.facts[each.fact]
            for a, b, share in self._stretches(indicator, fact, each.fact >= self.reading.own):
                amount = self._amount(indicator, fact, each.full, share, a, b, wide)
                part = found[a:b]
                found[a:b] = part + amount if indicator.measure.adds else np.maximum(part, amount)
        if indicator.measure is Measure.SUM:
            values, places = np.unique(found, return_inverse=True)
            found = np.array([together(indicator, value) for value in values.tolist()], object)[places]
        points = np.minimum(found, indicator.weight).astype(np.int64)
        return -points if indicator.direction == "deduct" else points

    def _stretches(self, indicator: Indicator, fact: Fact, is_result: bool) -> Iterator[tuple[int, int, int]]:
        """From, to (excluded) and the share that the indicator leaves of the record on those days."""
        if is_result:
            yield 0, self.days, WHOLE
            return
        a, b = self._place(fact.day), self._exit(indicator.window, fact.day)
        if indicator.counts == "in-force":
            b = min(b, self._after(fact.until))
        expiry = b if fact.status is Status.WITHDRAWN else min(max(self._after(fact.expires), a), b)
        for start, end, status in ((a, expiry, fact.status), (expiry, b, Status.EXPIRED)):
            share = indicator.treatment.share(status)
            if start < end and share:
                yield start, end, share

    def _amount(
        self, indicator: Indicator, fact: Fact, full: int, share: int, a: int, b: int, wide: bool
    ) -> NDArray[np.object_] | Days:
        """What the record adds on the days of a stretch."""
        if self.judged is not None or indicator.ageing == Ageing():
            kept = np.full(b - a, full * share // WHOLE, object if wide else np.int64)
        else:
            reaches = _reaches(indicator.ageing, self.first, self.days)[a:b]
            factors = _factors(indicator.ageing, np.arange(a, b) + (self.start - fact.day.toordinal()), reaches)
            kept = full * (factors.astype(object) if wide else factors) // WHOLE * share // WHOLE
        return np.where(self._on_occasion(fact, a, b), kept, 0)

    def _on_occasion(self, fact: Fact, a: int, b: int) -> NDArray[np.bool_]:
        if self.judged is None:
            return np.ones(max(b - a, 0), np.bool_)
        return np.equal(self.judged[a:b], fact.day.toordinal())

    def _place(self, day: date) -> int:
        return min(max(day.toordinal() - self.start, 0), self.days)

    def _after(self, last: date | None) -> int:
        """The place of the day after ``last``."""
        return self.days if last is None else min(max(last.toordinal() + 1 - self.start, 0), self.days)

    def _exit(self, window: Period | None, day: date) -> int:
        """The first place at which what happened on ``day`` lies outside the window: once out, it stays out."""
        if window is None or self.judged is not None:
            return self.days
        if (window, day) not in self._exits:
            self._exits[window, day] = bisect_left(
                range(self.days),
                True,
                key=lambda place: not within(window, day, self.first + timedelta(days=place)),
            )
        return self._exits[window, day]


def _rounded(card: Scorecard, points: Days) -> Days:
    scale = card.scale
    totals = np.clip(points, scale.from_, scale.to)
    if scale.round == "half-up":
        totals = (2 * totals + scale.to_nearest) // (2 * scale.to_nearest) * scale.to_nearest
    elif scale.round == "down":
        totals = totals // scale.to_nearest * scale.to_nearest
    return np.clip(totals, scale.from_, scale.to)


def _factors(rule: Ageing, ages: Days, reaches: Days) -> Days:
    """Millionths that records of these ages keep, where the rule's period reaches so far back."""
    if rule.linear is not None:
        left: Days = WHOLE * np.maximum(reaches - ages, 0) // reaches
        return left
    halvings, rests = np.divmod(ages, reaches)
    found = np.zeros(len(ages), np.int64)
    for days in np.unique(reaches).tolist():
        here = reaches == days
        found[here] = _halving(days)[rests[here]] >> np.minimum(halvings[here], 62)
    return found


@lru_cache(maxsize=64)
def _reaches(rule: Ageing, first: date, days: int) -> Days:
    """How far back the period of a rule that ages reaches from each day."""
    period = rule.linear or rule.half_life or Period.model_validate("1d")
    return np.array([reach(period, first + timedelta(days=n)) for n in range(days)], np.int64)


@lru_cache(maxsize=64)
def _halving(days: int) -> Days:
    """``halved`` for every age below ``days``.

    Floating point serves where it is far from a whole number; nearer than a millionth, the exact way decides.
    """
    exact = WHOLE * 2.0 ** (-np.arange(days) / days)
    found = np.floor(exact).astype(np.int64)
    for age in np.flatnonzero(np.abs(exact - np.rint(exact)) < 1e-6).tolist():
        found[age] = halved(age, days)
    return found
