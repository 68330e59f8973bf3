"""What must be lifted, by when, and who is late: a measure ends with its entry, everywhere, at once."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from probity.clock import NotAnnounced, working_day
from probity.errors import NotFoundError
from probity.measures.answer import Answering, Stand
from probity.measures.apply import agreed, last_day
from probity.rulebook import Law


@dataclass(frozen=True, slots=True)
class Lifting:
    """A measure that is over and that its agency has not confirmed to have lifted. ``since``: the first day on
    which nothing carries it; ``due``: the last on which the agency is in time, as far as holidays are known."""

    answering: Answering
    since: date
    due: date | NotAnnounced

    def late(self, day: date) -> bool:
        """Whether the agency is late on ``day``. What is not known is not late."""
        return isinstance(self.due, date) and self.due < day


def to_lift(confirmed: Iterable[Answering], law: Law, day: date) -> tuple[Lifting, ...]:
    """Those of the measures that are confirmed, not lifted, and over on ``day``."""
    found = []
    for each in confirmed:
        since = over_since(each, law, day)
        if each.stand is Stand.CONFIRMED and since is not None and since <= day:
            found.append(Lifting(each, since, _due(each, since, law)))
    return tuple(found)


def late(confirmed: Iterable[Answering], law: Law, day: date) -> tuple[Lifting, ...]:
    """The alarm: whoever has not confirmed on ``day`` that a measure was lifted, and should have."""
    return tuple(each for each in to_lift(confirmed, law, day) if each.late(day))


def over_since(answering: Answering, law: Law, day: date) -> date | None:
    """The first day on which nothing carries the measure, as seen from ``day``: its entry is over, or its longest
    time, or the law that agreed it. None: no end is known."""
    ends = [each for each in (answering.entry.over_since, _by_law(answering, law, day)) if each is not None]
    with suppress(NotFoundError):
        measure = law.measure(answering.measure, answering.last.on if answering.last else None)
        last = last_day(answering.entry, measure)
        ends += [] if last is None else [last + timedelta(days=1)]
    return min(ends, default=None)


def _by_law(answering: Answering, law: Law, day: date) -> date | None:
    """The day after the memorandum or the measure was last in force, where it no longer is; None where it is."""
    if (answering.memorandum, answering.measure) in agreed(law, answering.entry.list, day):
        return None
    dates = [each.in_force for each in law.memoranda if each.memorandum == answering.memorandum]
    dates += [each.in_force for each in law.measures if each.measure == answering.measure]
    return min((each.to + timedelta(days=1) for each in dates if each.to and each.to < day), default=None)


def _due(answering: Answering, since: date, law: Law) -> date | NotAnnounced:
    """The next working day, by the calendar of the steps of the list."""
    steps = law.list(answering.entry.list, answering.entry.begins).steps
    return since + timedelta(days=1) if steps is None else working_day(since, 1, law.calendar(steps.calendar))
