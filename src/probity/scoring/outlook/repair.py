"""Repair: the smallest sets of records whose repair would lift the grade, and what each would give.

The search is exact for up to ``EXACT`` records beyond those that close a gate, which must go whatever else: sets
are tried from the smallest on, so that none that is found has a part that suffices. A set that could not make up
what is missing, even if no cap held anything back, is passed over. Where more records are needed, or trying took
too long, the strongest are taken until they suffice and those that turn out not to be needed are left out again;
such a set is marked as not known to be the smallest.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from math import comb, prod

from probity.rulebook import Indicator, Measure, Scorecard, Status
from probity.scoring.outlook.reading import Sheet
from probity.scoring.reference import STANDS, rounded, standing

EXACT = 3
SETS = 3
"""Sets that are named for one grade."""
TRIALS = 12_000
"""Sets that are tried for one grade before the search is given up."""
WIDEST = 200
"""Records of a set from which those that are not needed are left out one by one."""


@dataclass(frozen=True, slots=True)
class RepairSet:
    """Records (ids) whose repair lifts the grade to ``grade`` and the total to ``total`` (milli-points).

    ``gain`` is what the total gains by all of them, ``each`` by each of them alone. ``alike``: how many sets do
    just the same, this one included, because their records weigh the same.
    """

    records: tuple[str, ...]
    gain: int
    total: int
    grade: str
    each: tuple[int, ...]
    alike: int


@dataclass(frozen=True, slots=True)
class Repair:
    """The smallest sets that lift the grade to ``grade`` or better, those with the most effect first.

    ``exact``: they are known to be the smallest. No sets: repair alone does not lift it so far.
    """

    grade: str
    sets: tuple[RepairSet, ...]
    exact: bool


def repair(sheet: Sheet, target: int, repairable: Collection[str] | None = None) -> Repair:
    """The repairs that lift the grade to the band ``target`` (its place) or better.

    ``repairable``: the records (ids) that the law lets be repaired; None: all that speak against it.
    """
    return _Search(sheet, target, repairable).answer()


def lowest_points(card: Scorecard, band: int) -> int | None:
    """The lowest sum of base and points whose total reaches the band; None if none does."""
    scale, wanted = card.scale, card.bands[band].from_
    below, enough = scale.from_ - scale.to_nearest, scale.to
    if rounded(scale, enough) < wanted:
        return None
    if rounded(scale, below) >= wanted:
        return below
    while enough - below > 1:
        middle = (below + enough) // 2
        below, enough = (below, middle) if rounded(scale, middle) >= wanted else (middle, enough)
    return enough


class _Search:
    def __init__(self, sheet: Sheet, target: int, repairable: Collection[str] | None) -> None:
        self.sheet = sheet
        self.card = sheet.reading.card
        self.target = target
        self.lowest = lowest_points(self.card, target)
        self.trials = 0
        self.must = self._must()
        able = [place for place in range(sheet.reading.own) if self._can(place, repairable)]
        self.possible = self.must <= set(able)
        bounds = {place: self._bound(place) for place in able if place not in self.must}
        self.bounds = {place: most for place, most in bounds.items() if most > 0}
        self.order = sorted(self.bounds, key=lambda place: (-self.bounds[place], place))
        kinds: dict[object, int] = {}
        self.kind = {place: kinds.setdefault(self._kind(place), len(kinds)) for place in self.order}
        self.sizes = Counter(self.kind.values())

    def answer(self) -> Repair:
        grade = self.card.bands[self.target].grade
        if self.lowest is None or not self.possible:
            return Repair(grade, (), True)
        if sum(self.bounds.values()) < self.lowest - self._points(self.must):
            return Repair(grade, (), True)
        for size in range(EXACT + 1):
            found = [frozenset(each) for each in self._sufficient(size)]
            found.sort(key=lambda places: (-self._points(places), sorted(places)))
            if found or self.trials > TRIALS:
                exact = self.trials <= TRIALS
                sets = found or self._one_by_one()
                return Repair(grade, tuple(self._set(each) for each in sets[:SETS]), exact)
        return Repair(grade, tuple(self._set(each) for each in self._one_by_one()), False)

    def _must(self) -> set[int]:
        """The records of the gates that hold the grade below the target."""
        gates = zip(self.card.gates, self.sheet.closed, strict=True)
        closing = (places for gate, places in gates if self.card.band(gate.at_most) > self.target)
        return set().union(*closing)

    def _can(self, place: int, repairable: Collection[str] | None) -> bool:
        fact, reading = self.sheet.reading.facts[place], self.sheet.reading
        if repairable is not None and fact.record not in repairable:
            return False
        return (
            fact.day <= self.sheet.as_of
            and standing(fact, self.sheet.as_of) in STANDS
            and place not in reading.occasions
        )

    def _bound(self, place: int) -> int:
        """The most milli-points that the repair of a record can give, whatever else is repaired."""
        return sum(
            _most(self.sheet.reading.indicators[n], old, new, -self.sheet.lines[n])
            for n, old, new in self._profile(place)
        )

    def _profile(self, place: int) -> tuple[tuple[int, int, int], ...]:
        """What each indicator that reads the record makes of it, before and after repair."""
        return tuple(
            (n, self.sheet.amounts[n][place], self.sheet.kept(n, place, Status.REPAIRED))
            for n in self.sheet.reading.touches.get(place, ())
            if place in self.sheet.amounts[n]
        )

    def _kind(self, place: int) -> object:
        """Records of one kind can stand for one another."""
        return self._profile(place), tuple(n for n, places in enumerate(self.sheet.closed) if place in places)

    def _points(self, places: Collection[int]) -> int:
        return self.sheet.points_with(dict.fromkeys(places, Status.REPAIRED))

    def _suffices(self, places: Collection[int]) -> bool:
        self.trials += 1
        return self.lowest is not None and self._points(places) >= self.lowest

    def _sufficient(self, size: int) -> Iterator[set[int]]:
        """Every sufficient set of so many records besides those of the gates, one of each kind of set."""
        missing = (self.lowest or 0) - self._points(self.must)
        for chosen in self._chosen(size, 0, missing, ()):
            if self.trials > TRIALS:
                return
            whole = self.must.union(chosen)
            if self._suffices(whole):
                yield whole

    def _chosen(self, size: int, start: int, missing: int, chosen: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if size == 0:
            yield chosen
            return
        passed: set[int] = set()
        for n in range(start, len(self.order) - size + 1):
            place = self.order[n]
            if sum(self.bounds[each] for each in self.order[n : n + size]) < missing:
                return
            if self.kind[place] not in passed:
                passed.add(self.kind[place])
                yield from self._chosen(size - 1, n + 1, missing - self.bounds[place], (*chosen, place))

    def _one_by_one(self) -> list[frozenset[int]]:
        """A sufficient set, if there is one; where it is not too large, no single record can be left out."""
        sizes = range(len(self.order) + 1)
        first = bisect_left(sizes, True, key=lambda size: self._suffices(self.must.union(self.order[:size])))
        whole = self.must.union(self.order[:first])
        if not self._suffices(whole):
            return []
        for place in reversed(self.order[:first] if first <= WIDEST else ()):
            if self._suffices(whole - {place}):
                whole.remove(place)
        return [frozenset(whole)]

    def _set(self, places: frozenset[int]) -> RepairSet:
        facts, before = self.sheet.reading.facts, self.sheet.outcome()
        after = self.sheet.with_standings(dict.fromkeys(places, Status.REPAIRED))
        order = sorted(places)
        assert before.total is not None
        assert after.total is not None
        taken = Counter(self.kind[place] for place in order if place not in self.must)
        return RepairSet(
            records=tuple(facts[place].record for place in order),
            gain=after.total - before.total,
            total=after.total,
            grade=self.card.bands[after.rank].grade,
            each=tuple(
                (self.sheet.with_standings({place: Status.REPAIRED}).total or 0) - before.total for place in order
            ),
            alike=prod(comb(self.sizes[kind], number) for kind, number in taken.items()),
        )


def _most(indicator: Indicator, old: int, new: int, deducted: int) -> int:
    """The most milli-points that such a change of one record can give, whatever else changes."""
    if old == new:
        return 0
    if indicator.measure is Measure.SUM:
        rising = _rising(indicator)
        if indicator.direction == "deduct":
            return (deducted if new < old else 0) if rising else indicator.weight
        return indicator.weight if new > old or not rising else 0
    most = old - new if indicator.direction == "deduct" else new - old
    return min(max(most, 0), indicator.weight)


def _rising(indicator: Indicator) -> bool:
    """Whether a larger amount never consumes less."""
    points: Sequence[int] = [0, *(step.points for step in indicator.consumes.steps)]
    return list(points) == sorted(points)
