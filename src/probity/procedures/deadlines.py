"""Statutory periods in a case: working days by the calendar, without the days on which the clock stood still."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from probity.clock import Calendar, NotAnnounced, working_day
from probity.procedures.model import Pause
from probity.rulebook import Within


def last_day(
    start: date, within: Within, calendar: Calendar, pauses: Sequence[Pause]
) -> date | NotAnnounced | None:
    """The last day of a period that ``start`` sets off; the day of the event itself is not counted (R4.7).

    A day on which the clock stood still counts for nothing, whatever may yet be announced about it. NotAnnounced
    where holidays on the way are not announced: its ``earliest`` is never later than the day itself, so that
    nothing is ever cut short by what is not known. None where the clock stands still before the period is over.
    Raises QuestionError for a start before the first announced year of the calendar.
    """
    stood = {
        pause.since + timedelta(days=n)
        for pause in pauses
        if pause.until is not None
        for n in range((pause.until - pause.since).days + 1)
    }
    end = _working(start, within, calendar, stood) if within.unit == "working-days" else _any(start, within, stood)
    still = next((pause.since for pause in pauses if pause.until is None), None)
    reached = end.earliest if isinstance(end, NotAnnounced) else end
    return None if still is not None and reached >= still else end


def _working(start: date, within: Within, calendar: Calendar, stood: set[date]) -> date | NotAnnounced:
    """What stood still is as a day off that was announced."""
    if stood:
        calendar = replace(calendar, off=calendar.off | stood, worked=calendar.worked - stood)
    return working_day(start, within.number, calendar)


def _any(start: date, within: Within, stood: set[date]) -> date:
    day, left = start, within.number
    while left:
        day += timedelta(days=1)
        left -= day not in stood
    return day
