"""Counting working days."""

from __future__ import annotations

from datetime import date, timedelta

from probity.clock.model import Calendar, NotAnnounced
from probity.errors import QuestionError


def working_day(start: date, n: int, calendar: Calendar) -> date | NotAnnounced:
    """The n-th working day after ``start``; the day of service itself is not counted (R4.7).

    Where the calendar says ``first_day_counts``, a working ``start`` is the first. No working days after
    ``start`` (``n`` = 0) is ``start`` itself, whether it is worked or not.

    NotAnnounced when the way there leads through a day that is not settled yet; its ``earliest`` counts
    every such day as worked. Raises QuestionError for a negative ``n``, and for a span that begins before
    the first announced year or ends after the year 9999.
    """
    if n < 0:
        raise QuestionError(
            f"{n} working days: a period runs forward",
            remedy="Ask for none or more working days after the day.",
        )
    if n == 0:
        return start
    day = start if calendar.first_day_counts else _next(start)
    left = n
    awaited: int | None = None
    while True:
        year = calendar.awaits(day)
        awaited = awaited or year
        if year is not None or calendar.works(day):
            left -= 1
        if left == 0:
            return NotAnnounced(day, awaited) if awaited else day
        day = _next(day)


def is_working_day(day: date, calendar: Calendar) -> bool | NotAnnounced:
    """Whether ``day`` is worked; NotAnnounced (with ``day`` as ``earliest``) where it is not settled yet.

    Raises QuestionError for a day before the first announced year. NotAnnounced refuses to be taken for
    true or false: compare it, or match on its type.
    """
    year = calendar.awaits(day)
    return calendar.works(day) if year is None else NotAnnounced(day, year)


def _next(day: date) -> date:
    try:
        return day + timedelta(days=1)
    except OverflowError as error:
        raise QuestionError("the period ends after the year 9999", remedy="Ask for a shorter one.") from error
