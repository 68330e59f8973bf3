"""When a grade changes although nothing is stated: a term or a state ends, a record leaves its window, or fades.

What a card reads of its records depends on the day asked about in five ways only, all of them in
:mod:`probity.scoring.reference`: records of a later day are not yet, terms run out, what is in force ends, windows
move on, and age takes its part. Each of the first four turns on a day that follows from the record; how age tells
on the total is tried day by day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from probity.clock import shift
from probity.errors import QuestionError
from probity.rulebook import CARD, WHOLE, Ageing, Gate, Indicator, Period, Reads, Scorecard, Status
from probity.scoring.model import Evaluation, Fact
from probity.scoring.reference import (
    STANDS,
    ageing,
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

HORIZON = 62
"""Days that are tried for what age does. Where it does nothing to total and grade, the day after them is given."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Readers:
    """A card prepared for :func:`changes_on`: who reads each source; the indicators that age, by number; the cards
    whose results it reads."""

    card: Scorecard
    by_source: Mapping[str, tuple[Indicator | Gate | Reads, ...]]
    ageing: Mapping[int, Indicator]
    inputs: tuple[str, ...]


def readers_of(card: Scorecard) -> Readers:
    """The card, prepared."""
    found: dict[str, list[Indicator | Gate | Reads]] = {}
    readers: tuple[Indicator | Gate, ...] = (*card.indicators, *card.gates)
    for reader in readers:
        for source in dict.fromkeys(read.source for read in reader.reads):
            found.setdefault(source, []).append(reader)
    if card.occasion is not None:
        found.setdefault(card.occasion.source, []).append(card.occasion)
    return Readers(
        card=card,
        by_source={source: tuple(those) for source, those in found.items()},
        # Aged from its own day, a record of an occasion stays as it is.
        ageing={} if card.occasion else {n: i for n, i in enumerate(card.indicators) if i.ageing != Ageing()},
        inputs=card.inputs,
    )


def changes_on(
    readers: Readers,
    facts: Sequence[Fact],
    as_of: date,
    delivered: Collection[str] | None = None,
    inputs: Sequence[Evaluation] = (),
    *,
    points: Sequence[int] | None = None,
) -> date | None:
    """The first day after ``as_of`` on which the card's total or grade can differ, with the same records.

    None: never. On every day before it total and grade are those of ``as_of``; on the day itself they may be the
    same still. ``facts`` may hold records of a later day. ``inputs`` are taken to stay as they are: where the card
    reads other cards' results, the first of their days counts too. ``points`` are those of each indicator on
    ``as_of``, where they are at hand.
    """
    card = readers.card
    day = occasion(card, facts, as_of) if card.occasion else as_of
    ahead: list[date] = []
    fading = False
    for fact in facts:
        mine = [r for r in readers.by_source.get(fact.item, ()) if matches(_reads(r), fact.item, fact.attributes)]
        if fact.day > as_of:
            ahead += [fact.day for _ in mine[:1]]
        elif card.occasion is None or fact.day == day:
            windows = card.occasion is None
            ahead += [each for reader in mine for each in _turns(reader, fact, as_of, windows=windows)]
            fading = fading or any(isinstance(reader, Indicator) and _ages(reader, fact, as_of) for reader in mine)
    first = min(ahead, default=None)
    if not fading or not readers.ageing or first == _next(as_of):
        return first
    if points is None:
        points = [line.points for line in evaluate(card, facts, as_of, delivered, inputs).lines]
    rest = card.base + sum(n for i, n in enumerate(points) if i not in readers.ageing)
    return _fades(readers, [*facts, *results(inputs)], as_of, rest, first, delivered)


def comes(cards: Iterable[Scorecard], as_of: date) -> date | None:
    """The first day after ``as_of`` on which one of ``cards`` comes into force or is no longer in force."""
    days = [day for card in cards for day in (card.in_force.from_, _next(card.in_force.to)) if day is not None]
    return min((day for day in days if day > as_of), default=None)


def _next(day: date | None) -> date | None:
    return None if day is None else _later(day, 1)


def _reads(reader: Indicator | Gate | Reads) -> Sequence[Reads]:
    return (reader,) if isinstance(reader, Reads) else reader.reads


def _turns(reader: Indicator | Gate | Reads, fact: Fact, as_of: date, *, windows: bool = True) -> Iterator[date]:
    """The days ahead on which the record begins or ceases to count for ``reader``, before age."""
    status = standing(fact, as_of)
    if isinstance(reader, Indicator):
        counts, expired = reader.treatment.share(status) > 0, reader.treatment.share(Status.EXPIRED)
        term = expired != reader.treatment.share(status)
        ends, window = reader.counts == "in-force", reader.window
        if not worth(reader, fact) or (ends and not in_force(fact, as_of)):
            return
    else:
        counts, term, ends = status in STANDS, status in STANDS, isinstance(reader, Gate)
        window = reader.window if isinstance(reader, Gate) else None
        if not counts or (ends and not in_force(fact, as_of)):
            return
    if windows and not within(window, fact.day, as_of):
        return
    days = [_next(fact.expires)] if term and status not in (Status.WITHDRAWN, Status.EXPIRED) else []
    if counts:
        days += [_next(fact.until)] if ends else []
        days += [leaves(window, fact.day, as_of)] if windows and window is not None else []
    yield from (day for day in days if day is not None)


def _ages(indicator: Indicator, fact: Fact, as_of: date) -> bool:
    """Whether age goes on taking its part of what the record adds; what has faded evenly to nothing stays so."""
    return (
        indicator.ageing != Ageing()
        and indicator.treatment.share(standing(fact, as_of)) > 0
        and within(indicator.window, fact.day, as_of)
        and within(indicator.ageing.linear, fact.day, as_of)
        and (indicator.counts != "in-force" or in_force(fact, as_of))
        and worth(indicator, fact) > 0
    )


def leaves(window: Period, day: date, as_of: date) -> date | None:
    """The first day after ``as_of`` on which what happened on ``day`` lies no longer in the window; it still does.

    None where that is beyond the calendar.
    """
    try:
        # No earlier than this: the months of a period are counted back, and may be shorter there.
        found = max(shift(day, window.number, window.unit), as_of + _DAY)
        if not within(window, day, as_of + _DAY):
            return as_of + _DAY
        while within(window, day, found):
            found += _DAY
    except (QuestionError, OverflowError):
        return None
    return found


def _fades(
    readers: Readers,
    facts: Sequence[Fact],
    as_of: date,
    rest: int,
    first: date | None,
    delivered: Collection[str] | None,
) -> date | None:
    """The first day on which age has brought the total to another, where that is before ``first``.

    ``rest`` is what the indicators that do not age add to the total, with the base.
    """
    fading = [
        (indicator, [_Fading.of(indicator, fact, as_of) for fact in facts if _counts(indicator, fact, as_of)])
        for indicator in readers.ageing.values()
        if delivered is None or any(read.card or read.source in delivered for read in indicator.reads)
    ]
    total = rounded(readers.card.scale, rest + _points(fading, as_of))
    for days in range(1, HORIZON + 1):
        day = _later(as_of, days)
        if day is None or day == first:
            return first
        if rounded(readers.card.scale, rest + _points(fading, day)) != total:
            return day
    return _later(as_of, HORIZON + 1)


class _Fading(NamedTuple):
    """What a record adds to an indicator that ages, new; the part that its standing leaves; the day from which it
    ages (None: the result of another card, which never does)."""

    full: int
    share: int
    day: date | None

    @classmethod
    def of(cls, indicator: Indicator, fact: Fact, as_of: date) -> _Fading:
        day = None if fact.item.startswith(CARD) else fact.day
        return cls(worth(indicator, fact), indicator.treatment.share(standing(fact, as_of)), day)


def _counts(indicator: Indicator, fact: Fact, as_of: date) -> bool:
    """Whether the record counts for the indicator, but for its age."""
    return (
        matches(indicator.reads, fact.item, fact.attributes)
        and fact.day <= as_of
        and within(indicator.window, fact.day, as_of)
        and (indicator.counts != "in-force" or in_force(fact, as_of))
    )


def _points(fading: Sequence[tuple[Indicator, Sequence[_Fading]]], day: date) -> int:
    """What the indicators that age come to on ``day``."""
    points = 0
    for indicator, records in fading:
        amounts = [
            full * ageing(indicator.ageing, (day - since).days if since else 0, day) // WHOLE * share // WHOLE
            for full, share, since in records
        ]
        points += signed(indicator, sum(amounts) if indicator.measure.adds else max(amounts, default=0))
    return points


def _later(day: date, days: int) -> date | None:
    return date.fromordinal(day.toordinal() + days) if date.max.toordinal() - day.toordinal() >= days else None
