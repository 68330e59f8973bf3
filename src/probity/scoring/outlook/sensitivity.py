"""How firmly a grade stands: how far it is to every band, and what it rests on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from probity.rulebook import Scorecard
from probity.scoring.model import Evaluation, Fact
from probity.scoring.outlook.reading import Outcome, Sheet, judged, reached_by_points, read
from probity.scoring.reference import evaluate


@dataclass(frozen=True, slots=True)
class Edge:
    """A band other than the total's own that some total earns. ``points``, in milli-points: for a better one those
    that are missing (positive); for a lower one those that can be lost before it begins (negative or 0: any less
    is in it)."""

    grade: str
    points: int


@dataclass(frozen=True, slots=True)
class Without:
    """The total and the grade as they would be without one record or one indicator (``id``).

    ``effect`` is what it does to the total now, in milli-points: negative where it lowers it.
    """

    id: str
    effect: int
    total: int | None
    grade: str | None


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """How firmly the grade stands. ``records`` and ``indicators`` are those that do anything, the strongest first;
    ``carriers`` are the records (ids) without which the grade would be another."""

    total: int | None
    grade: str | None
    edges: tuple[Edge, ...]
    records: tuple[Without, ...]
    indicators: tuple[Without, ...]
    carriers: tuple[str, ...]


def sensitivity(
    card: Scorecard,
    facts: Sequence[Fact],
    as_of: date,
    delivered: Collection[str] | None = None,
    inputs: Sequence[Evaluation] = (),
) -> Sensitivity:
    """How firmly the grade of ``evaluate(card, facts, as_of, delivered, inputs)`` stands."""
    sheet = Sheet(read(card, facts, delivered, inputs), as_of)
    now = sheet.outcome()
    if now.total is None:
        return Sensitivity(None, None, (), (), (), ())
    grade = now.grade(card)
    records = []
    for place in range(sheet.reading.own):
        if not _does_anything(sheet, place):
            continue
        if place in sheet.reading.occasions:
            rest = [fact for n, fact in enumerate(facts) if n != place]
            other = evaluate(card, rest, as_of, delivered, inputs)
            records.append(_without(card, facts[place].record, now, other.total, other.grade))
        else:
            outcome = sheet.with_standings({place: None})
            records.append(_without(card, facts[place].record, now, outcome.total, outcome.grade(card)))
    records = [each for each in records if (each.total, each.grade) != (now.total, grade)]

    def strength(each: Without) -> tuple[bool, int]:
        return each.grade == grade, -abs(each.effect)

    return Sensitivity(
        total=now.total,
        grade=grade,
        edges=_edges(card, now.total),
        records=tuple(sorted(records, key=strength)),
        indicators=tuple(sorted(_indicators(sheet, now), key=strength)),
        carriers=tuple(each.id for each in records if each.grade != grade),
    )


def _does_anything(sheet: Sheet, place: int) -> bool:
    reading = sheet.reading
    return (
        any(sheet.amounts[n].get(place) for n in reading.touches.get(place, ()))
        or any(place in places for places in sheet.closed)
        or (place in reading.occasions and reading.facts[place].day == sheet.day)
    )


def _without(card: Scorecard, id_: str, now: Outcome, total: int | None, grade: str | None) -> Without:
    return Without(id_, 0 if total is None else (now.total or 0) - total, total, grade)


def _indicators(sheet: Sheet, now: Outcome) -> list[Without]:
    card, closed = sheet.reading.card, [n for n, places in enumerate(sheet.closed) if places]
    found = []
    for indicator, points in zip(sheet.reading.indicators, sheet.lines, strict=True):
        if points:
            other = judged(card, sheet.points - points, closed)
            found.append(_without(card, indicator.indicator, now, other.total, other.grade(card)))
    return found


def _edges(card: Scorecard, total: int) -> tuple[Edge, ...]:
    own = next((n for n, band in enumerate(card.bands) if band.from_ <= total), len(card.bands))
    by_points = [n for n in range(len(card.bands)) if reached_by_points(card, n)]
    better = [Edge(card.bands[n].grade, card.bands[n].from_ - total) for n in by_points if n < own]
    lower = [Edge(card.bands[n].grade, card.bands[n - 1].from_ - total) for n in by_points if n > own]
    return (*better, *lower)
