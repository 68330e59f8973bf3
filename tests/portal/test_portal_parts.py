"""The parts that need no database: times, pages of the timeline, geometry, words."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from probity.errors import QuestionError
from probity.portal import formats, words
from probity.portal.chart import percent, segment
from probity.portal.identifiers import Related
from probity.portal.question import read_times
from probity.rulebook import Law, OrganisationKind, Polarity, Status, load
from probity.service.wiring import rulebooks

TODAY = date(2023, 6, 30)


@pytest.fixture(scope="module")
def law() -> Law:
    return load(rulebooks())


@given(st.dates(min_value=date(1, 1, 1)))
def test_every_day_that_exists_can_be_asked_about(day: date) -> None:
    assert read_times({"true_on": day.isoformat()}, TODAY).true_on == day


@given(st.text(max_size=30))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    for name in ("true_on", "known_at"):
        with suppress(QuestionError):
            read_times({name: typed}, TODAY)


def test_a_plain_day_of_knowledge_means_its_end_and_today_means_now() -> None:
    assert read_times({"known_at": "2020-02-29"}, TODAY).known_at == datetime.combine(
        date(2020, 2, 29), time.max, UTC
    )
    assert read_times({"known_at": datetime.now(UTC).date().isoformat()}, TODAY).known_at is None
    assert read_times({"known_at": "2020-02-29T12:00:00+08:00"}, TODAY).known_at == datetime(
        2020, 2, 29, 4, tzinfo=UTC
    )


def test_links_carry_what_was_asked_and_nothing_else() -> None:
    asked = read_times({"true_on": "2020-01-02", "known_at": " ", "page": "3"}, TODAY)
    assert asked.query == "true_on=2020-01-02"
    assert read_times({}, TODAY).query == ""


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_segment_stays_inside_the_drawing(one: float, other: float) -> None:
    start, end = sorted((one, other))
    at = segment(start, end)
    numbers = [float(part.removesuffix("%")) for part in (at.x, at.width, at.middle)]
    assert all(0 <= number <= 100 for number in numbers)
    assert numbers[0] + numbers[1] <= 100.011


def test_numbers_and_money() -> None:
    with translation.override("en"):
        assert formats.signed(-90_000) == "−90"
        assert formats.signed(2_500) == "+2.5"
        assert formats.signed(0) == "0"
        assert formats.amount(123_456, "CNY/100") == "CN¥1,234.56"
        assert formats.amount(2019, "year") == "2019"
        assert formats.day(date(2020, 1, 2)) == "2 January 2020"
        assert percent(0.125) == "12.50%"
    with translation.override("zh-hans"):
        assert formats.amount(123_456, "CNY/100") == "¥1,234.56"
        assert formats.amount(3, "hours") == "3 小时"
        assert formats.day(date(2020, 1, 2)) == "2020年1月2日"


@pytest.mark.parametrize(
    ("table", "kinds"),
    [
        (words.KINDS, OrganisationKind),
        (words.POLARITIES, Polarity),
        (words.STATUSES, Status),
    ],
)
def test_everything_has_a_word(table: words.Words, kinds: type) -> None:
    assert set(table) == set(kinds)


def test_a_parent_of_very_many_shows_the_first_hundred() -> None:
    related = [Related("Branch", f"us-sf-business:{n}", f"Branch {n}", inverse=False) for n in range(150)]
    context = {
        "dossier": SimpleNamespace(kind=OrganisationKind.ENTERPRISE, names=()),
        "file": SimpleNamespace(register={}),
        "relations": related,
        "times": SimpleNamespace(query=""),
    }
    html = render_to_string("portal/components/identity.html", context)
    assert html.count("/organisation/us-sf-business/") == 100
    assert "The first 100 of 150 relations" in html
