"""Loading: once, by id and by day, with terms, lookups, calendars and a hash."""

from __future__ import annotations

from datetime import date, timedelta
from shutil import copytree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probity.clock import shift
from probity.errors import NotFoundError, RulebookError
from probity.rulebook import Item, Law, load

SECOND = """\
  - item: honour
    name: {en: Honour of the second law}
    category: penalties
    polarity: positive
    disclosure: open
    in_force: {from: 2024-01-01}
    basis: Tiny Act 2024
    reference: R0
"""


def test_load_gives_everything_and_only_once(books):
    law = load(books.root)
    assert isinstance(law, Law)
    assert load(books.root / "tiny" / "..") is law
    assert [info.rulebook for info in law.rulebooks] == ["base", "tiny"]
    assert [item.item for item in law.items] == ["penalty.fine", "honour", "tip"]
    assert law.item("penalty.fine").name.zh == "罚款"
    assert law.agency("inspectorate").may_state("penalty.fine")
    assert law.scheme("tiny-id").pattern == "[0-9]{1,6}"
    assert law.mapping("tiny/fines").key == ("number",)
    assert law.card("tiny/card").base == 90_000
    assert law.category("penalties").number == 16
    assert law.rulebook("tiny").uses == ("base",)
    assert [(name, len(cases.cases)) for name, cases in law.cases] == [("tiny/scorecards/card.cases.yaml", 2)]


def test_errors_stop_the_load_and_are_listed(books):
    line = books.replace("card", "base: 90", "base: ninety")
    with pytest.raises(RulebookError, match=rf"card.yaml:{line}: error: base") as caught:
        load(books.root)
    assert caught.value.exit_code == 2


def test_warnings_do_not_stop_it(books):
    books.path("card.cases").unlink()
    assert load(books.root).cases == ()


def test_one_rulebook_of_several_is_not_loaded_alone(books):
    with pytest.raises(RulebookError, match="a part of"):
        load(books.root / "tiny")


def test_versions_by_day(books):
    books.append("catalogue", SECOND)
    books.replace(
        "catalogue",
        "    in_force: {from: 2020-01-01}\n    basis: Tiny Act, section 6",
        "    in_force: {from: 2020-01-01, to: 2022-12-31}\n    basis: Tiny Act, section 6",
    )
    law = load(books.root)
    assert law.item("honour").basis == "Tiny Act 2024"
    assert law.item("honour", date(2022, 12, 31)).basis == "Tiny Act, section 6"
    assert law.item("honour", date(2024, 1, 1)).basis == "Tiny Act 2024"
    with pytest.raises(NotFoundError, match="not in force on 2023-06-01") as caught:
        law.item("honour", date(2023, 6, 1))
    assert caught.value.remedy == "It is in force 2020-01-01 to 2022-12-31; 2024-01-01 to further notice."


def test_an_unknown_id_suggests_the_nearest(books):
    law = load(books.root)
    with pytest.raises(NotFoundError, match=r"Did you mean penalty\.fine"):
        law.item("penalty.fines")
    with pytest.raises(NotFoundError, match="no rulebook has a scorecard"):
        law.card("zzz")


def test_lookups_belong_to_the_rulebook_of_the_mapping(books):
    law = load(books.root)
    assert law.lookup("tiny/fines", "grades") == {"1": "low", "2": "high"}
    assert law.lookup(law.mapping("tiny/fines"), "grades") == {"1": "low", "2": "high"}
    with pytest.raises(NotFoundError, match="Did you mean grades"):
        law.lookup("tiny/fines", "grade")


def test_calendars_are_the_clock_s(books):
    calendar = load(books.root).calendar("tiny/days")
    assert not calendar.works(date(2020, 10, 1))
    assert calendar.works(date(2020, 10, 10))
    assert calendar.announced == {2020, 2021}


def test_the_hash_is_of_every_byte_of_every_file_and_of_nothing_else(books, tmp_path):
    hashes = {load(books.root).hash}
    assert {len(each) for each in hashes} == {64}
    same = tmp_path / "elsewhere"
    copytree(books.root, same)
    (same / "tiny" / "NOTES.md").write_text("a note", encoding="utf-8")
    assert load(same).hash in hashes
    for number, name in enumerate(("card", "grades", "card.cases", "base", "days")):
        books.append(name, "3,low\n" if name == "grades" else "# a remark\n")
        hashes.add(load(copytree(books.root, tmp_path / str(number))).hash)
    assert len(hashes) == 6


def item_with(**term: object) -> Item:
    return Item.model_validate(
        {
            "item": "x",
            "name": {"en": "X"},
            "category": "c",
            "polarity": "negative",
            "disclosure": "open",
            "in_force": {"from": date(2000, 1, 1)},
            "basis": "b",
            "reference": "r",
            "term": term or None,
        }
    )


@pytest.fixture(scope="module")
def law() -> Law:
    return Law((), (), (), (), (), (), (), (), (), "", {}, {})


@given(start=st.dates(date(1990, 1, 1), date(2100, 1, 1)), number=st.integers(1, 60), unit=st.sampled_from("ymd"))
def test_a_term_ends_the_day_before_its_period_has_passed(law, start, number, unit):
    until = law.display_until(item_with(display=f"{number}{unit}"), start, {})
    assert until + timedelta(days=1) == shift(start, number, unit)
    assert until >= start


def test_terms(law):
    day = date(2020, 3, 1)
    by = item_with(by="severity", periods={"minor": "3m", "serious": "3y", "general": "1y"})
    assert law.display_until(item_with(), day, {}) is None
    assert law.display_until(item_with(display="1y"), day, {}) == date(2021, 2, 28)
    assert law.display_until(by, day, {"severity": "serious"}) == date(2023, 2, 28)
    assert law.display_until(by, day, {"severity": "general"}) == date(2021, 2, 28)
    for unknown in ({}, {"severity": None}, {"severity": "grave"}):
        assert law.display_until(by, day, unknown) == date(2020, 5, 31), "the shortest period holds"
    assert law.display_until(item_with(display="100y"), date(9990, 1, 1), {}) == date.max
