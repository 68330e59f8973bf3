"""Periods in a case: what stands still does not count, and what is not known never shortens."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.procedures.playing import CALENDAR

from probity.clock import Calendar, NotAnnounced
from probity.errors import QuestionError
from probity.procedures import Pause
from probity.procedures.deadlines import last_day
from probity.rulebook import Within

TEN = Within.model_validate({"number": 10, "unit": "working-days", "rule": "R4.7"})
DAYS = Within.model_validate({"number": 10, "unit": "days", "rule": "R4.7"})

days_of_2024 = st.dates(date(2024, 1, 1), date(2024, 12, 31))
withins = st.builds(
    lambda number, unit: Within.model_validate({"number": number, "unit": unit, "rule": "x"}),
    st.integers(1, 40),
    st.sampled_from(["working-days", "days"]),
)


@st.composite
def paused(draw: st.DrawFn) -> list[Pause]:
    ends = sorted(draw(st.lists(days_of_2024, max_size=6)))
    return [Pause(since, until) for since, until in zip(ends[::2], ends[1::2], strict=False)]


def walked(start: date, within: Within, calendar: Calendar, pauses: list[Pause]) -> date:
    """Day by day, as one would on a wall calendar."""
    day, left = start, within.number
    while left:
        day += timedelta(days=1)
        still = any(p.since <= day and (p.until is None or day <= p.until) for p in pauses)
        works = within.unit == "days" or calendar.works(day)
        left -= works and not still
    return day


@given(days_of_2024, withins, paused())
def test_the_last_day_is_the_one_of_a_wall_calendar(start: date, within: Within, pauses: list[Pause]) -> None:
    end = walked(start, within, CALENDAR, pauses)
    found = last_day(start, within, CALENDAR, pauses)
    if isinstance(found, NotAnnounced):
        assert end.year > 2024
        assert found.earliest <= end
    else:
        assert found == end


@given(days_of_2024, withins, paused(), paused())
def test_standing_still_never_shortens(start: date, within: Within, some: list[Pause], more: list[Pause]) -> None:
    def lower(end: date | NotAnnounced | None) -> date:
        assert end is not None
        return end.earliest if isinstance(end, NotAnnounced) else end

    assert lower(last_day(start, within, CALENDAR, some)) <= lower(last_day(start, within, CALENDAR, some + more))


@given(
    st.dates(date(2024, 11, 1), date(2024, 12, 30)),
    withins,
    paused(),
    st.sets(st.dates(date(2025, 1, 1), date(2025, 2, 28)), max_size=20),
)
def test_what_is_not_announced_is_a_lower_bound(
    start: date, within: Within, pauses: list[Pause], off: set[date]
) -> None:
    known_before = Calendar.written("a", {2024: ((), ())}, day_zero="test")
    known_later = Calendar.written("b", {2024: ((), ()), 2025: (off, ()), 2026: ((), ())}, day_zero="test")
    before, later = (last_day(start, within, each, pauses) for each in (known_before, known_later))
    assert isinstance(later, date)
    if isinstance(before, NotAnnounced):
        assert before.earliest <= later
    else:
        assert before == later


def test_a_period_that_is_over_before_the_clock_stops_stays_over() -> None:
    start = date(2024, 3, 4)
    end = last_day(start, TEN, CALENDAR, [])
    assert end == date(2024, 3, 18)
    assert last_day(start, TEN, CALENDAR, [Pause(date(2024, 3, 19))]) == end
    assert last_day(start, TEN, CALENDAR, [Pause(date(2024, 3, 18))]) is None


def test_the_day_of_resuming_is_not_counted() -> None:
    start, friday = date(2024, 3, 4), date(2024, 3, 8)
    assert last_day(start, DAYS, CALENDAR, [Pause(friday, friday)]) == date(2024, 3, 15)
    assert last_day(start, TEN, CALENDAR, [Pause(friday, friday + timedelta(days=3))]) == date(2024, 3, 20)


def test_a_period_before_the_calendar_is_not_guessed() -> None:
    with pytest.raises(QuestionError):
        last_day(date(2019, 12, 30), TEN, CALENDAR, [])
