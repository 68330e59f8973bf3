"""The chart of a grade's history: two lines over time, as known then and as known now, across the card's bands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from probity.portal.chart import percent
from probity.rulebook import Band, Scorecard, Text
from probity.scoring.outlook import Gap, Graded, History, Later, Point, said_later

WIDTH, HEIGHT = 1000, 100
"""The units in which the lines are drawn; the page stretches them."""
ROWS = 40
"""Turns of the grade that are listed; the rest is in the JSON."""
REASONS = 4
"""Reasons named for one turn."""
TICKS = 6
NAMED = 0.1
"""Share of the height that a band needs for its name."""


@dataclass(frozen=True, slots=True)
class Stripe:
    """A band as far as the chart shows it: its upper edge and height in units, and where its name stands."""

    band: Band
    y: str
    height: str
    middle: str
    named: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A first of January, and where it stands."""

    year: int
    x: str


@dataclass(frozen=True, slots=True)
class Reason:
    """What was stated later, in words; ``number`` statements did just so, the first about ``record``."""

    record: str
    said: Text
    number: int


@dataclass(frozen=True, slots=True)
class Turn:
    """A day on which the grade was another than the day before, or other as known then than as known now.

    ``closed``: statements that are not named because their record is not open.
    """

    day: date
    then: Graded
    now: Graded
    reasons: tuple[Reason, ...]
    delivered_later: bool
    closed: int

    @property
    def same(self) -> bool:
        """Whether both knew the same."""
        return self.then == self.now


@dataclass(frozen=True, slots=True)
class HistoryChart:
    """Everything that the page says of a history. ``then`` and ``now`` are paths; empty where there is no total.

    ``known``: whether the register knew enough for a total on any of the days. ``more`` turns are left out.
    """

    history: History
    stripes: tuple[Stripe, ...]
    ticks: tuple[Tick, ...]
    then: str
    now: str
    known: bool
    turns: tuple[Turn, ...]
    more: int


def history_chart(history: History, card: Scorecard) -> HistoryChart:
    """The chart of a history by this version of the card, whose bands it shows."""
    totals = [each.total for point in history.points for each in (point.then, point.now) if each.total is not None]
    place = _Place(history, *_range(card, totals))
    turns = list(_turns(history.points))
    return HistoryChart(
        history=history,
        stripes=tuple(_stripes(card, place)) if totals else (),
        ticks=tuple(_ticks(place)),
        then=_path([(point.day, point.then) for point in history.points], place),
        now=_path([(point.day, point.now) for point in history.points], place),
        known=any(point.then.total is not None for point in history.points),
        turns=tuple(reversed(turns[-ROWS:])),
        more=max(len(turns) - ROWS, 0),
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a day and a total stand."""

    history: History
    low: int
    high: int

    def x(self, day: date) -> float:
        return (day - self.history.first).days / self.days

    @property
    def days(self) -> int:
        """How many days are shown."""
        return (self.history.last - self.history.first).days + 1

    def y(self, total: int) -> float:
        held = min(max(total, self.low), self.high)
        return (self.high - held) / max(self.high - self.low, 1)


def _range(card: Scorecard, totals: Sequence[int]) -> tuple[int, int]:
    """The stretch of the scale that is shown: where the totals lie, and some room."""
    low, high = min(totals, default=card.scale.from_), max(totals, default=card.scale.to)
    room = max((high - low) // 5, (card.scale.to - card.scale.from_) // 25)
    return max(low - room, card.scale.from_), min(high + room, card.scale.to)


def _stripes(card: Scorecard, place: _Place) -> Iterator[Stripe]:
    upper = place.high
    for band in card.bands:
        lower = max(band.from_, place.low)
        if lower < upper:
            top, bottom = place.y(upper), place.y(lower)
            height = f"{(bottom - top) * HEIGHT:.2f}"
            yield Stripe(band, f"{top * HEIGHT:.2f}", height, percent((top + bottom) / 2), bottom - top > NAMED)
        upper = min(upper, lower)


def _ticks(place: _Place) -> Iterator[Tick]:
    first, last = place.history.first.year + 1, place.history.last.year
    step = max((last - first) // TICKS + 1, 1)
    for year in range(first, last + 1, step):
        yield Tick(year, percent(place.x(date(year, 1, 1))))


def _path(steps: Sequence[tuple[date, Graded]], place: _Place) -> str:
    """The line of the totals: level until the next step, broken where nothing is said."""
    drawn: list[str] = []
    ends = [*(place.x(day) for day, _ in steps[1:]), 1.0]
    open_ = False
    for (day, graded), end in zip(steps, ends, strict=True):
        if graded.total is None:
            open_ = False
            continue
        y = f"{place.y(graded.total) * HEIGHT:.2f}"
        drawn.append(f"V{y}" if open_ else f"M{place.x(day) * WIDTH:.1f} {y}")
        drawn.append(f"H{end * WIDTH:.1f}")
        open_ = True
    return "".join(drawn)


def _turns(points: Sequence[Point]) -> Iterator[Turn]:
    """The first point, and every one at which a grade turns or what was known begins or ends to differ."""
    for before, point in pairwise([None, *points]):
        assert point is not None
        if before is None or _shape(before) != _shape(point):
            told = point.then.why is not Gap.NOT_REGISTERED  # where nothing was known, all of it came later
            yield Turn(
                day=point.day,
                then=point.then,
                now=point.now,
                reasons=_reasons(point.later)[:REASONS] if told else (),
                delivered_later=bool(point.delivered_later),
                closed=point.closed_later if told else 0,
            )


def _reasons(later: Sequence[Later]) -> tuple[Reason, ...]:
    """What was stated later; statements of which the same can be said are counted together."""
    alike: dict[Text, list[Later]] = {}
    for each in later:
        alike.setdefault(said_later(each), []).append(each)
    return tuple(Reason(own[0].record, said, len(own)) for said, own in alike.items())


def _shape(point: Point) -> tuple[object, ...]:
    then, now = point.then, point.now
    return then.grade, then.why, now.grade, now.why, then == now
