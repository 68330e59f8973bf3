"""Periods of years, months and days, and how days and moments are read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probity.clock import Unit, parse_day, parse_moment, shift
from probity.errors import QuestionError

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("day", "number", "unit", "moved"),
    [
        (date(2020, 2, 29), 1, "y", date(2021, 2, 28)),
        (date(2020, 2, 29), 4, "y", date(2024, 2, 29)),
        (date(2020, 2, 29), -1, "y", date(2019, 2, 28)),
        (date(2021, 1, 31), 1, "m", date(2021, 2, 28)),
        (date(2021, 1, 31), 2, "m", date(2021, 3, 31)),
        (date(2021, 3, 31), -1, "m", date(2021, 2, 28)),
        (date(2021, 1, 15), -1, "m", date(2020, 12, 15)),
        (date(2021, 12, 31), 3, "m", date(2022, 3, 31)),
        (date(2021, 6, 30), 90, "d", date(2021, 9, 28)),
        (date(2021, 6, 30), -30, "d", date(2021, 5, 31)),
        (date(2021, 6, 30), 0, "m", date(2021, 6, 30)),
    ],
)
def test_shift(day: date, number: int, unit: Unit, moved: date) -> None:
    assert shift(day, number, unit) == moved


@given(DAYS, st.integers(-1200, 1200))
def test_months_lead_to_the_corresponding_day_or_the_last(day: date, number: int) -> None:
    moved = shift(day, number, "m")
    assert (moved.year - day.year) * 12 + moved.month - day.month == number
    assert moved.day == day.day or (moved.day < day.day and (moved + timedelta(days=1)).day == 1)


@given(DAYS, DAYS, st.integers(-1200, 1200), st.sampled_from(["y", "m", "d"]))
def test_shift_keeps_the_order_of_days(one: date, two: date, number: int, unit: Unit) -> None:
    if unit == "y":
        number //= 12
    first, second = sorted([one, two])
    assert shift(first, number, unit) <= shift(second, number, unit)


@given(DAYS, st.integers(-100, 100))
def test_a_year_is_twelve_months(day: date, number: int) -> None:
    assert shift(day, number, "y") == shift(day, number * 12, "m")


@pytest.mark.parametrize(("number", "unit"), [(9000, "y"), (-3000, "y"), (10**12, "d"), (10**30, "m")])
def test_shift_out_of_the_calendar(number: int, unit: Unit) -> None:
    with pytest.raises(QuestionError, match="outside the years 1 to 9999"):
        shift(date(2021, 6, 30), number, unit)


@given(st.dates())
def test_days_are_read_as_written(day: date) -> None:
    assert parse_day(day.isoformat()) == day


@pytest.mark.parametrize(
    "text",
    ["", "20210630", "2021-6-30", "30.06.2021", "2021-W26-3", " 2021-06-30", "2021-06-30\n", "２０２１-06-30"],
)
def test_other_forms_are_no_days(text: str) -> None:
    with pytest.raises(QuestionError, match="is not a day") as caught:
        parse_day(text, where="--as-of")
    assert str(caught.value).startswith("--as-of: ")


@pytest.mark.parametrize("text", ["2021-02-29", "2021-13-01", "2021-06-31", "0000-01-01"])
def test_impossible_days(text: str) -> None:
    with pytest.raises(QuestionError, match=f"there is no day {text}"):
        parse_day(text)


@given(st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29)), st.integers(-14, 14))  # noqa: DTZ001
def test_moments_are_read_as_written(naive: datetime, hours: int) -> None:
    moment = naive.replace(tzinfo=timezone(timedelta(hours=hours)))
    read = parse_moment(moment.isoformat())
    assert read == moment
    assert read.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2021-06-30", datetime(2021, 6, 30, 23, 59, 59, 999999, tzinfo=UTC)),
        ("2021-06-30T08:00Z", datetime(2021, 6, 30, 8, tzinfo=UTC)),
        ("2021-06-30 16:00:00+08:00", datetime(2021, 6, 30, 8, tzinfo=UTC)),
        ("2021-06-30T08:00:00.5Z", datetime(2021, 6, 30, 8, 0, 0, 500000, tzinfo=UTC)),
    ],
)
def test_moments(text: str, moment: datetime) -> None:
    assert parse_moment(text) == moment


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("yesterday", "is not a moment"),
        ("2021-06-30T8:00Z", "is not a moment"),
        ("2021-06-30T08:00:00", "does not say in which time zone"),
        ("2021-02-30", "there is no day"),
        ("2021-02-30T08:00Z", "there is no moment"),
        ("2021-06-30T25:00Z", "there is no moment"),
        ("0001-01-01T00:00+08:00", "there is no moment"),
    ],
)
def test_what_is_no_moment(text: str, message: str) -> None:
    with pytest.raises(QuestionError, match=message):
        parse_moment(text)
