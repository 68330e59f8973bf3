"""Laws of counting working days, on made calendars."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probity.clock import Calendar, NotAnnounced, is_working_day, working_day
from probity.errors import InputError, QuestionError

YEARS = range(2020, 2023)
SIMPLE = Calendar.written("simple", dict.fromkeys(YEARS, ((), ())), day_zero="made up")


def days_of(year: int) -> st.SearchStrategy[date]:
    return st.dates(date(year, 1, 1), date(year, 12, 31))


@st.composite
def announcements(draw: st.DrawFn, years: range, reach: int) -> dict[int, tuple[set[date], set[date]]]:
    """For each year random days off and worked; each may reach back a few days, and none contradicts another."""
    made: dict[int, tuple[set[date], set[date]]] = {}
    taken: set[date] = set()
    for year in years:
        near = st.dates(date(year, 1, 1) - timedelta(days=reach), date(year, 1, 20)) | days_of(year)
        off = draw(st.sets(near, max_size=12)) - taken
        worked = draw(st.sets(near, max_size=12)) - off - taken
        taken |= off | worked
        made[year] = (off, worked)
    return made


@st.composite
def calendars(draw: st.DrawFn, first_day_counts: bool | None = None) -> Calendar:
    counts = draw(st.booleans()) if first_day_counts is None else first_day_counts
    weekend = draw(st.sampled_from([(5, 6), (4, 5), (6,), ()]))
    years = draw(announcements(YEARS, reach=3))
    return Calendar.written("made", years, day_zero="made up", weekend=weekend, first_day_counts=counts)


STARTS = st.dates(date(2020, 1, 1), date(2022, 6, 30))
COUNTS = st.integers(0, 60)


@given(calendars(), STARTS, COUNTS)
def test_later_counts_end_later(calendar: Calendar, start: date, n: int) -> None:
    here, there = working_day(start, n, calendar), working_day(start, n + 1, calendar)
    assert isinstance(here, date)
    assert isinstance(there, date)
    assert here < there or (calendar.first_day_counts and n == 0 and here == there)


@given(calendars(first_day_counts=False), STARTS, st.integers(1, 60))
def test_ends_on_a_working_day_with_n_working_days_behind(calendar: Calendar, start: date, n: int) -> None:
    end = working_day(start, n, calendar)
    assert isinstance(end, date)
    assert is_working_day(end, calendar) is True
    span = [start + timedelta(days=k) for k in range(1, (end - start).days + 1)]
    assert sum(is_working_day(day, calendar) is True for day in span) == n


@given(calendars(first_day_counts=False), STARTS, st.integers(0, 30), st.integers(0, 30))
def test_counts_add_up(calendar: Calendar, start: date, n: int, m: int) -> None:
    half = working_day(start, n, calendar)
    assert isinstance(half, date)
    assert working_day(half, m, calendar) == working_day(start, n + m, calendar)


@given(calendars(first_day_counts=True), STARTS, st.integers(1, 60))
def test_a_first_day_that_counts_is_the_day_after_the_one_before(calendar: Calendar, start: date, n: int) -> None:
    excluding = Calendar.written(
        "excluding",
        dict.fromkeys(calendar.announced, ((), ())) | {2020: (calendar.off, calendar.worked), 2019: ((), ())},
        day_zero="made up",
        weekend=calendar.weekend,
    )
    assert working_day(start, n, calendar) == working_day(start - timedelta(days=1), n, excluding)


@given(calendars(), announcements(range(2023, 2026), reach=0), st.data())
def test_not_announced_is_a_lower_bound_and_settled_days_stay(
    before: Calendar, further: dict[int, tuple[set[date], set[date]]], data: st.DataObject
) -> None:
    """Whatever is announced next, within the reach shown so far."""
    turn = [date(2022, 12, 31) - timedelta(days=k) for k in range(before.reach)]
    moved = set(data.draw(st.lists(st.sampled_from(turn), unique=True))) if turn else set()
    moved -= before.off | before.worked
    off, worked = further[2023]
    further = further | {
        2023: (off | {d for d in moved if d.weekday() < 5}, worked | {d for d in moved if d.weekday() > 4})
    }
    after = Calendar.written(
        "after",
        {2020: (before.off, before.worked), 2021: ((), ()), 2022: ((), ())} | further,
        day_zero="made up",
        weekend=before.weekend,
        first_day_counts=before.first_day_counts,
    )
    start = data.draw(st.dates(date(2022, 11, 1), date(2023, 3, 31)))
    n = data.draw(st.integers(1, 80))
    was, became = working_day(start, n, before), working_day(start, n, after)
    assert isinstance(became, date)
    if isinstance(was, NotAnnounced):
        assert was.year == 2023
        assert start <= was.earliest <= became
    else:
        assert was == became


def test_the_lower_bound_can_be_reached() -> None:
    """If every weekend were worked and nothing free, the deadline would fall on the earliest day."""
    was = working_day(date(2022, 12, 30), 10, SIMPLE)
    assert was == NotAnnounced(date(2023, 1, 10), 2023)
    weekends = [day for k in range(31) if (day := date(2023, 1, 1) + timedelta(days=k)).weekday() > 4]
    years = dict.fromkeys(YEARS, ((), ())) | {2023: ((), weekends)}
    assert working_day(date(2022, 12, 30), 10, Calendar.written("all", years, day_zero="made up")) == date(
        2023, 1, 10
    )


def test_the_first_missing_year_is_named_even_where_later_ones_are_known() -> None:
    gap = Calendar.written("gap", {2020: ((), ()), 2023: ((), ())}, day_zero="made up")
    assert working_day(date(2020, 12, 30), 400, gap) == NotAnnounced(date(2022, 2, 3), 2021)
    assert is_working_day(date(2023, 1, 2), gap) is True
    # 365 + 365 days of 2021 and 2022 and 31 December 2020 may all be worked; the next is Monday, 2 January.
    assert working_day(date(2020, 12, 30), 732, gap) == NotAnnounced(date(2023, 1, 2), 2021)


def test_not_announced_is_neither_yes_nor_no() -> None:
    answer = is_working_day(date(2023, 1, 4), SIMPLE)
    assert answer == NotAnnounced(date(2023, 1, 4), 2023)
    assert str(answer) == "at least until 2023-01-04; the holidays of 2023 are not announced yet"
    with pytest.raises(QuestionError, match="holidays of 2023"):
        bool(answer)


def test_no_days_is_the_day_itself_and_periods_run_forward() -> None:
    saturday = date(2021, 5, 1)
    assert working_day(saturday, 0, SIMPLE) == saturday
    with pytest.raises(QuestionError, match="runs forward"):
        working_day(saturday, -1, SIMPLE)


def test_before_the_first_year_is_an_error() -> None:
    with pytest.raises(QuestionError, match="2019-12-31 lies before 2020") as caught:
        working_day(date(2019, 12, 30), 1, SIMPLE)
    assert caught.value.where == "calendar simple"
    assert working_day(date(2019, 12, 31), 1, SIMPLE) == date(2020, 1, 1)
    with pytest.raises(QuestionError):
        is_working_day(date(2019, 6, 3), SIMPLE)


def test_after_the_last_year_of_all_is_an_error() -> None:
    with pytest.raises(QuestionError, match="9999"):
        working_day(date(9999, 12, 30), 5, SIMPLE)


def test_the_turn_of_the_year_waits_for_the_next_notice() -> None:
    """One notice reached back two days, so the last two days of 2022 may still be moved."""
    calendar = Calendar.written("turn", {2021: ([date(2020, 12, 30)], ()), 2022: ((), ())}, day_zero="made up")
    assert calendar.reach == 2
    assert is_working_day(date(2022, 12, 29), calendar) is True
    assert is_working_day(date(2022, 12, 30), calendar) == NotAnnounced(date(2022, 12, 30), 2023)
    assert is_working_day(date(2021, 12, 31), calendar) is True
    assert is_working_day(date(2020, 12, 30), calendar) is False


@pytest.mark.parametrize(
    ("years", "weekend", "message"),
    [
        ({}, (5, 6), "at least one announced year"),
        ({2020: ([date(2020, 5, 1)], [date(2020, 5, 1)])}, (5, 6), "2020-05-01 is both off and worked"),
        ({2020: ([date(2020, 12, 31)], ()), 2021: ((), [date(2020, 12, 31)])}, (5, 6), "2020-12-31 is both"),
        ({2020: ((), ())}, range(7), "leaves no working day"),
        ({2020: ((), ())}, (6, 7), "leaves no working day"),
    ],
)
def test_calendars_that_cannot_be(
    years: dict[int, tuple[list[date], list[date]]], weekend: tuple[int, ...], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        Calendar.written("wrong", years, day_zero="made up", weekend=weekend)
