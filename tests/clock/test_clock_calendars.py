"""The calendars of the rulebooks: worked examples from the notices, and equality with the source."""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from probity.clock import Calendar, NotAnnounced, is_working_day, working_day
from probity.errors import InputError, QuestionError
from probity.rulebook.model import CalendarRule

HOME = Path(__file__).parents[2]
SHARED = Path(os.environ.get("PROBITY_SHARED", Path(__file__).parents[3] / "shared"))
SOURCE = SHARED / "data" / "cn-workdays"


def rule(path: str) -> CalendarRule:
    return CalendarRule.model_validate(yaml.safe_load((HOME / "rulebooks" / path).read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def cn_rule() -> CalendarRule:
    return rule("cn-national/calendars/cn.yaml")


@pytest.fixture(scope="module")
def cn(cn_rule: CalendarRule) -> Calendar:
    years = {year.year: (year.off, year.worked) for year in cn_rule.years}
    return Calendar.written(cn_rule.name.en, years, day_zero=cn_rule.day_zero, weekend=cn_rule.weekend)


@pytest.mark.parametrize(
    ("served", "n", "last", "why"),
    [
        (date(2024, 2, 1), 10, date(2024, 2, 20), "Spring Festival 10-17 February; Sundays 4 and 18 worked"),
        (date(2023, 9, 27), 5, date(2023, 10, 10), "29 September to 6 October; weekend of 7 and 8 worked"),
        (date(2020, 1, 23), 1, date(2020, 2, 3), "Spring Festival extended to 2 February by a second notice"),
        (date(2018, 12, 28), 2, date(2019, 1, 2), "2019's notice: Saturday 29 December 2018 worked, Monday free"),
        (date(2006, 12, 29), 2, date(2006, 12, 31), "2007's notice: 30 and 31 December 2006 worked"),
        (date(2015, 9, 2), 1, date(2015, 9, 6), "3 and 4 September 2015 free by a second notice, Sunday 6 worked"),
        (date(2026, 9, 30), 3, date(2026, 10, 10), "1-7 October 2026; 8, 9 and Saturday 10 worked"),
    ],
)
def test_worked_examples_from_the_notices(cn: Calendar, served: date, n: int, last: date, why: str) -> None:
    assert working_day(served, n, cn) == last, why


def test_no_weekend_day_is_listed_off_and_no_weekday_worked(cn_rule: CalendarRule) -> None:
    assert all(day.weekday() < 5 for year in cn_rule.years for day in year.off)
    assert all(day.weekday() > 4 for year in cn_rule.years for day in year.worked)


def test_twenty_years_each_with_its_notice(cn_rule: CalendarRule) -> None:
    assert [year.year for year in cn_rule.years] == list(range(2007, 2027))
    assert all("www.gov.cn/zhengce/zhengceku/" in year.notice for year in cn_rule.years)


def test_2027_is_not_announced_and_may_reach_back_three_days(cn: Calendar) -> None:
    assert cn.reach == 3
    assert is_working_day(date(2026, 12, 28), cn) is True
    assert is_working_day(date(2026, 12, 29), cn) == NotAnnounced(date(2026, 12, 29), 2027)
    assert working_day(date(2026, 12, 21), 10, cn) == NotAnnounced(date(2027, 1, 2), 2027)
    with pytest.raises(QuestionError, match="before 2007"):
        working_day(date(2006, 12, 1), 10, cn)


def test_every_day_agrees_with_the_source(cn: Calendar, cn_rule: CalendarRule) -> None:
    if not SOURCE.is_dir():
        pytest.skip(f"the source of the calendar is not here ({SOURCE}); set PROBITY_SHARED")
    free: dict[date, bool] = {}
    for year in cn_rule.years:
        source = json.loads((SOURCE / f"{year.year}.json").read_text(encoding="utf-8"))
        assert year.notice.split() == source["papers"]
        free |= {date.fromisoformat(day["date"]): day["isOffDay"] for day in source["days"]}
    assert json.loads((SOURCE / "2027.json").read_text(encoding="utf-8"))["days"] == []
    day = date(2006, 12, 30)
    while day <= date(2026, 12, 28):
        assert is_working_day(day, cn) is (not free.get(day, day.weekday() > 4)), day
        day += timedelta(days=1)


def test_san_francisco_is_computed() -> None:
    law = rule("us-sf-food/calendars/us-sf.yaml")
    assert law.holidays == "US"
    calendar = Calendar.from_holidays(law.holidays, name=law.name.en, day_zero=law.day_zero)
    assert working_day(date(2017, 7, 3), 1, calendar) == date(2017, 7, 5)
    assert working_day(date(2017, 11, 9), 1, calendar) == date(2017, 11, 13)  # Veterans Day kept on Friday
    assert working_day(date(2016, 12, 30), 1, calendar) == date(2017, 1, 3)  # New Year's Day kept on Monday
    assert is_working_day(date(2021, 6, 18), calendar) is False  # Juneteenth, the first
    assert is_working_day(date(2020, 6, 19), calendar) is True
    assert working_day(date(2036, 12, 30), 3, calendar) == NotAnnounced(date(2037, 1, 2), 2037)


def test_mexico_is_computed() -> None:
    calendar = Calendar.from_holidays("MX", name="mx", day_zero="made up")
    assert working_day(date(2018, 2, 2), 1, calendar) == date(2018, 2, 6)
    assert is_working_day(date(2024, 10, 1), calendar) is False  # the federal executive changes


def test_countries_that_announce_each_year_are_refused() -> None:
    with pytest.raises(InputError, match="cannot be computed") as caught:
        Calendar.from_holidays("CN", name="cn", day_zero="made up")
    assert "Write its announced years out (computable: MX, US)" in str(caught.value)
    with pytest.raises(InputError, match="no subdivision 'ZZ'"):
        Calendar.from_holidays("US", "ZZ", name="zz", day_zero="made up")
