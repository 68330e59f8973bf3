"""What a card reads of one organisation, matched once, so that many questions about it are answered fast.

:class:`Sheet` is the card on one day and answers "what if": other standings of records, or some records gone. It
gives what :func:`~probity.scoring.evaluate` gives for the same records; that is its whole meaning.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from probity.rulebook import WHOLE, Indicator, Scorecard, Status
from probity.scoring.model import Evaluation, Fact, NoGrade
from probity.scoring.reference import (
    STANDS,
    ageing,
    band_of,
    closes,
    evaluate,
    in_force,
    matches,
    occasion,
    results,
    rounded,
    signed,
    standing,
    within,
    worth,
)


@dataclass(frozen=True, slots=True)
class Read:
    """A record (its place in the file) that an indicator reads, and what it is worth new and active.

    ``full`` is in milli-points; for a sum, the amount.
    """

    fact: int
    full: int


@dataclass(frozen=True)
class Reading:
    """A card and an organisation's records, matched. ``facts`` are the records (the first ``own``) and, after
    them, the results of other cards. ``lines`` and ``known`` are by indicator, ``closing`` by gate.

    ``enough``: whether as much of the card is known as a grade needs.
    """

    card: Scorecard
    facts: tuple[Fact, ...]
    own: int
    indicators: tuple[Indicator, ...]
    lines: tuple[tuple[Read, ...], ...]
    known: tuple[bool, ...]
    closing: tuple[tuple[int, ...], ...]
    occasions: tuple[int, ...]
    enough: bool

    @cached_property
    def touches(self) -> Mapping[int, tuple[int, ...]]:
        """The indicators that read each record."""
        found: dict[int, list[int]] = {}
        for n, line in enumerate(self.lines):
            for read in line:
                found.setdefault(read.fact, []).append(n)
        return {fact: tuple(lines) for fact, lines in found.items()}


def read(
    card: Scorecard,
    facts: Sequence[Fact],
    delivered: Collection[str] | None = None,
    inputs: Sequence[Evaluation] = (),
) -> Reading:
    """What ``card`` reads of these records and of the results of other cards."""
    indicators = card.indicators
    whole = (*facts, *results(inputs))
    empty = evaluate(card, (), date.max, delivered, inputs)
    lines: list[list[Read]] = [[] for _ in indicators]
    closing: list[list[int]] = [[] for _ in card.gates]
    readers: dict[str, list[int]] = {}
    for n, indicator in enumerate(indicators):
        for source in {reads.source for reads in indicator.reads}:
            readers.setdefault(source, []).append(n)
    occasions = []
    for place, fact in enumerate(whole):
        for n in readers.get(fact.item, ()):
            if matches(indicators[n].reads, fact.item, fact.attributes):
                lines[n].append(Read(place, worth(indicators[n], fact)))
        for n, gate in enumerate(card.gates):
            if matches(gate.reads, fact.item, fact.attributes):
                closing[n].append(place)
        if card.occasion and matches((card.occasion,), fact.item, fact.attributes):
            occasions.append(place)
    known = tuple(line.known for line in empty.lines)
    weight = sum(indicator.weight for indicator in indicators)
    heard = sum(indicator.weight for indicator, is_known in zip(indicators, known, strict=True) if is_known)
    return Reading(
        card=card,
        facts=whole,
        own=len(facts),
        indicators=indicators,
        lines=tuple(map(tuple, lines)),
        known=known,
        closing=tuple(map(tuple, closing)),
        occasions=tuple(occasions),
        enough=heard * 100 >= card.not_known.grade_needs * weight,
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """A total (milli-points; None: nothing can be said) and the place of its grade among the card's bands.

    ``rank`` counts from the best band; ``len(card.bands)`` is below every band.
    """

    total: int | None
    rank: int

    def grade(self, card: Scorecard) -> str | None:
        """The grade, if there is one."""
        return card.bands[self.rank].grade if self.total is not None and self.rank < len(card.bands) else None


def reached_by_points(card: Scorecard, band: int) -> bool:
    """Whether some total earns the band (its place): not one that begins where the one above does."""
    return band == 0 or card.bands[band].from_ < card.bands[band - 1].from_


def judged(card: Scorecard, points: int, closed: Collection[int]) -> Outcome:
    """The outcome of these points (before they are held and rounded) while those gates are closed."""
    total = rounded(card.scale, points)
    band = band_of(card, total)
    if band is None:
        return Outcome(total, len(card.bands))
    return Outcome(total, max([band, *(card.band(card.gates[n].at_most) for n in closed)]))


class Sheet:
    """A reading on one day. ``amounts`` by indicator and record, after age and treatment; ``points``: the sum
    from which the total is made; ``closed``: by gate, the records that close it."""

    def __init__(self, reading: Reading, as_of: date) -> None:
        card, facts = reading.card, reading.facts
        self.reading = reading
        self.as_of = as_of
        self.day = occasion(card, facts, as_of) if card.occasion else as_of
        self.aged = [self._aged(n) for n in range(len(reading.lines))]
        self.amounts = [
            {fact: self.kept(n, fact, standing(facts[fact], as_of)) for fact in aged}
            for n, aged in enumerate(self.aged)
        ]
        self._ranked = [
            sorted(amounts, key=lambda fact, held=amounts: -held[fact]) if not self._adds(n) else []  # type: ignore[misc]
            for n, amounts in enumerate(self.amounts)
        ]
        self._sums = [sum(a.values()) if self._adds(n) else 0 for n, a in enumerate(self.amounts)]
        self.lines = [self._line(n, {}) for n in range(len(reading.lines))]
        self.points = card.base + sum(self.lines)
        self.closed = [
            {place for place in closing if self._closes(facts[place], n)}
            for n, closing in enumerate(reading.closing)
        ]

    @property
    def no_grade(self) -> NoGrade | None:
        """Why nothing can be said, if nothing can."""
        if self.day is None:
            return NoGrade.NO_OCCASION
        return None if self.reading.enough else NoGrade.TOO_LITTLE_KNOWN

    def outcome(self) -> Outcome:
        """What the card says as things stand."""
        return self.with_standings({})

    def with_standings(self, changed: Mapping[int, Status | None]) -> Outcome:
        """What it would say if some records stood otherwise (None: were not there).

        Not for records that can be the occasion: another one might be judged then.
        """
        if self.no_grade:
            return Outcome(None, len(self.reading.card.bands))
        gone = {place for place, status in changed.items() if status not in STANDS}
        closed = [n for n, places in enumerate(self.closed) if places - gone]
        return judged(self.reading.card, self.points_with(changed), closed)

    def points_with(self, changed: Mapping[int, Status | None]) -> int:
        """The sum from which the total would be made if some records stood otherwise."""
        touched: dict[int, dict[int, int]] = {}
        for place, status in changed.items():
            for n in self.reading.touches.get(place, ()):
                if place in self.aged[n]:
                    touched.setdefault(n, {})[place] = 0 if status is None else self.kept(n, place, status)
        return self.points + sum(self._line(n, amounts) - self.lines[n] for n, amounts in touched.items())

    def kept(self, line: int, fact: int, status: Status) -> int:
        """What the record adds to the indicator if it stands so."""
        return self.aged[line][fact] * self.reading.indicators[line].treatment.share(status) // WHOLE

    def sum_of(self, line: int) -> int:
        """What the indicator's records come to: added up, or the strongest of them."""
        return self._sums[line] if self._adds(line) else max(self.amounts[line].values(), default=0)

    def _adds(self, line: int) -> bool:
        return self.reading.indicators[line].measure.adds

    def _line(self, line: int, changed: Mapping[int, int]) -> int:
        """The indicator's points, where ``changed`` says what some records add instead."""
        amounts = self.amounts[line]
        if self._adds(line):
            amount = self._sums[line] + sum(new - amounts[fact] for fact, new in changed.items())
        else:
            first = next((fact for fact in self._ranked[line] if fact not in changed), None)
            amount = max([0 if first is None else amounts[first], *changed.values()])
        return signed(self.reading.indicators[line], amount)

    def _aged(self, line: int) -> dict[int, int]:
        """What each record that the indicator counts on the day adds, before its standing is looked at."""
        reading, indicator = self.reading, self.reading.indicators[line]
        if self.day is None or not reading.known[line]:
            return {}
        found = {}
        for each in reading.lines[line]:
            fact = reading.facts[each.fact]
            if each.fact >= reading.own:
                found[each.fact] = each.full
            elif self._there(fact) and within(indicator.window, fact.day, self.day):
                if indicator.counts == "in-force" and not in_force(fact, self.as_of):
                    continue
                age = (self.day - fact.day).days
                found[each.fact] = each.full * ageing(indicator.ageing, age, self.day) // WHOLE
        return found

    def _there(self, fact: Fact) -> bool:
        return fact.day <= self.as_of and (self.reading.card.occasion is None or fact.day == self.day)

    def _closes(self, fact: Fact, gate: int) -> bool:
        card = self.reading.card
        return closes(card.gates[gate], fact, self.as_of, self.day, one_occasion=card.occasion is not None)
