"""Time alone: on which later day the grade is another if nothing new is stated, and what passes until then."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

import numpy as np

from probity.rulebook import Measure, Period, Scorecard, Status
from probity.scoring.model import Contribution, Evaluation, Fact, Ignored
from probity.scoring.outlook.course import course
from probity.scoring.outlook.reading import Reading
from probity.scoring.reference import STANDS, closes, evaluate, in_force, standing, within


class Passing(StrEnum):
    """What happens to a record with time alone."""

    LEAVES_WINDOW = "leaves-window"
    EXPIRES = "expires"
    ENDS = "ends"
    FADES = "fades"
    """Age brings it to nothing."""
    AGES = "ages"
    BEGINS = "begins"
    NOT_JUDGED = "not-judged"
    """Another occasion is judged, or none."""


@dataclass(frozen=True, slots=True)
class Change:
    """What passes with one record. ``on``: the first day on which it is so; None where it comes little by little.

    ``points``: what that alone gives (+) or takes (-) before the cap, in milli-points; None for a sum and for a
    gate. ``indicator`` or ``gate`` (its number) is what reads the record.
    """

    record: str
    passing: Passing
    on: date | None
    points: int | None
    indicator: str | None
    gate: int | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """The first day on which the card says something else, and what has changed since the moment told before it.

    ``grade`` is None where it then gives none; ``total`` in milli-points.
    """

    day: date
    total: int | None
    grade: str | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Ahead:
    """Time alone, up to and including ``until``: the first day of each better grade than the ones before, and the
    first day on which the grade is worse (or there is none)."""

    until: date
    better: tuple[Moment, ...]
    worse: Moment | None


def ahead(
    reading: Reading,
    facts: Sequence[Fact],
    now: Evaluation,
    delivered: Collection[str] | None,
    inputs: Sequence[Evaluation],
    until: date,
) -> Ahead:
    """Look at every day after that of ``now``, an evaluation with a total."""
    walk = course(reading, now.as_of, max((until - now.as_of).days, 0) + 1)
    ranks = np.where(walk.said, walk.ranks, len(reading.card.bands) + 1)
    lowest = np.minimum.accumulate(ranks)
    steps = (np.flatnonzero(np.diff(lowest) < 0) + 1).tolist()
    falls = np.flatnonzero(ranks > ranks[0]).tolist()[:1]

    def on(place: int) -> Evaluation:
        day = walk.day(place)
        return evaluate(reading.card, facts, day, delivered, [replace(each, as_of=day) for each in inputs])

    def moment(before: Evaluation, then: Evaluation) -> Moment:
        changes = sorted(_changes(reading, facts, before, then), key=lambda each: each.on or then.as_of)
        return Moment(then.as_of, then.total, then.grade, tuple(changes))

    rises = [now, *map(on, steps)]
    better = tuple(moment(before, then) for before, then in pairwise(rises))
    return Ahead(until, better, moment(now, on(falls[0])) if falls else None)


def _changes(reading: Reading, facts: Sequence[Fact], now: Evaluation, then: Evaluation) -> Iterator[Change]:
    """Every record that adds something else on the later day, by indicator; then those that leave a gate.

    Where another occasion is judged, or none, the records of the one judged now stand for all of it.
    """
    if now.occasion != then.occasion:
        for place in reading.occasions:
            fact = reading.facts[place]
            if fact.day == now.occasion and standing(fact, now.as_of) in STANDS:
                passing = Passing.EXPIRES if standing(fact, then.as_of) not in STANDS else Passing.NOT_JUDGED
                yield Change(fact.record, passing, _day(fact, passing, None, now.as_of, then.as_of), None, None)
        return
    by_record = {fact.record: fact for fact in facts}
    for indicator, before, after in zip(reading.indicators, now.lines, then.lines, strict=True):
        for old, new in zip(before.contributions, after.contributions, strict=True):
            if old.amount == new.amount or Ignored.NOT_THE_STRONGEST in (old.ignored, new.ignored):
                continue
            fact = by_record[old.record]
            passing = _passing(fact, old, new, now.as_of, then.as_of)
            more = new.amount - old.amount if indicator.direction == "award" else old.amount - new.amount
            yield Change(
                record=fact.record,
                passing=passing,
                on=_day(fact, passing, indicator.window, now.as_of, then.as_of),
                points=None if indicator.measure is Measure.SUM else more,
                indicator=indicator.indicator,
            )
    for number, gate in enumerate(reading.card.gates):
        for place in reading.closing[number]:
            if place >= reading.own:
                continue
            fact = reading.facts[place]
            closed, closes = (_closing(reading.card, number, fact, each) for each in (now, then))
            if closed != closes:
                passing = _gate_passing(fact, gate.window, then.as_of) if closed else Passing.BEGINS
                on = _day(fact, passing, gate.window, now.as_of, then.as_of)
                yield Change(fact.record, passing, on, None, None, number)


def _passing(fact: Fact, old: Contribution, new: Contribution, now: date, then: date) -> Passing:
    if old.ignored is Ignored.NOT_YET:
        return Passing.BEGINS
    if standing(fact, then) is Status.EXPIRED and standing(fact, now) is not Status.EXPIRED:
        return Passing.EXPIRES
    reasons = {
        Ignored.OUTSIDE_WINDOW: Passing.LEAVES_WINDOW,
        Ignored.ENDED: Passing.ENDS,
        Ignored.FADED: Passing.FADES,
        Ignored.OTHER_OCCASION: Passing.NOT_JUDGED,
    }
    if new.ignored in reasons:
        return reasons[new.ignored]
    return Passing.NOT_JUDGED if old.ignored is Ignored.OTHER_OCCASION else Passing.AGES


def _closing(card: Scorecard, gate: int, fact: Fact, asked: Evaluation) -> bool:
    """Whether this record, which a gate reads, closes it on the day."""
    day = asked.occasion if card.occasion else asked.as_of
    return closes(card.gates[gate], fact, asked.as_of, day, one_occasion=card.occasion is not None)


def _gate_passing(fact: Fact, window: Period | None, then: date) -> Passing:
    if standing(fact, then) not in STANDS:
        return Passing.EXPIRES
    if not in_force(fact, then):
        return Passing.ENDS
    return Passing.NOT_JUDGED if within(window, fact.day, then) else Passing.LEAVES_WINDOW


def _day(fact: Fact, passing: Passing, window: Period | None, now: date, then: date) -> date | None:
    """The first day on which it is so, after ``now`` and at the latest on ``then``."""
    last = {Passing.EXPIRES: fact.expires, Passing.ENDS: fact.until}.get(passing)
    if last is not None:
        return last + timedelta(days=1)
    if passing is Passing.BEGINS:
        return fact.day
    if passing is Passing.LEAVES_WINDOW and window is not None:
        inside, outside = now, then
        while (outside - inside).days > 1:
            middle = inside + (outside - inside) // 2
            inside, outside = (middle, outside) if within(window, fact.day, middle) else (inside, middle)
        return outside
    return None
