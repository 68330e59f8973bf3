"""What the organisation's page says of what would change a grade, and how it draws a history."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from django.test import Client
from tests.portal.seen import page, text
from tests.portal.town import CAFE, DINER, ENTERPRISE, TRUE_ON, Town

from probity.portal.history import history_chart
from probity.rulebook import Law
from probity.scoring.outlook import Gap, Graded, History, Point
from probity.service import organisation_page

CARD = "cn-zhejiang-2020/enterprise"
HISTORY = {"card": CARD}


def test_the_page_says_what_would_change_the_grade(client: Client) -> None:
    seen = text(client.get(page(ENTERPRISE)))
    assert "What would change this grade" in seen
    assert "Points missing to B: 15." in seen
    assert "Whoever holds a record to be wrong can object to it" in seen
    assert "Administrative penalty, 15 March 2022" in seen
    chinese = text(client.get(page(ENTERPRISE), {"lang": "zh-hans"}))
    assert "哪些情况会改变此等级" in chinese
    assert "等级的历史" in chinese


def test_what_the_page_promises_comes_true(client: Client) -> None:
    found = json.loads(client.get(f"{page(ENTERPRISE)}.json").content)
    outlook = next(each for each in found["outlooks"] if each["card"] == CARD)
    rises = [each for each in outlook["time"] if each["day"]]
    assert rises
    for each in rises:
        if date.fromisoformat(each["day"]) > date(2023, 12, 4):
            continue
        then = json.loads(client.get(f"{page(ENTERPRISE)}.json", {"true_on": each["day"]}).content)
        assert next(g["grade"] for g in then["grades"] if g["card"] == CARD) == each["grade"]


def test_where_no_grade_is_given_nothing_is_promised(client: Client) -> None:
    seen = text(client.get(page(CAFE)))
    assert "So nothing can be said of what would change it." in seen


def test_records_that_are_named_are_links_to_where_they_stand(client: Client) -> None:
    html = client.get(page(DINER)).content.decode()
    named = set(re.findall(r'href="\?[^"]*#(record-[0-9a-f]+)"', html))
    assert named
    assert named <= set(re.findall(r'id="(record-[0-9a-f]+)"', html))


def test_the_history_is_on_the_page_and_as_json(client: Client) -> None:
    html = client.get(page(ENTERPRISE)).content.decode()
    assert '<path class="now" d="M' in html
    address = f"{page(ENTERPRISE)}/history.json"
    assert f"{address}?card=cn-zhejiang-2020%2Fenterprise" in html
    found = json.loads(client.get(address, HISTORY).content)
    assert (found["card"], found["last"]) == (CARD, TRUE_ON.isoformat())
    graded = json.loads(client.get(f"{page(ENTERPRISE)}.json").content)["grades"]
    last = found["points"][-1]["now"]
    assert (last["grade"], last["total"]) == next((g["grade"], g["total"]) for g in graded if g["card"] == CARD)
    assert client.get(address, {"card": "nowhere/none"}).status_code == 404
    assert client.get(address).status_code == 404


def test_the_history_says_what_was_known_and_that_it_is_made_up(client: Client) -> None:
    found = json.loads(client.get(f"{page(ENTERPRISE)}/history.json", HISTORY).content)
    assert "generated data" in found["notice"]
    address = f"{page(ENTERPRISE)}/history.json"
    again = json.loads(client.get(address, HISTORY | {"known_at": found["known_at"]}).content)
    assert again == found


def test_the_page_does_not_wait_for_the_outlook(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("outlook_of", "grade_history"):
        monkeypatch.setattr(f"probity.service.page.{name}", lambda *args, **more: pytest.fail("was asked"))
    assert organisation_page(ENTERPRISE, town.law, true_on=TRUE_ON, known_at=None).grades


def test_how_far_it_is_to_every_grade(client: Client) -> None:
    assert "Points to the edge of every other grade: A +65 · B +15 · D −35 · E −85" in text(
        client.get(page(ENTERPRISE))
    )


# -- the drawing ---------------------------------------------------------------------------------------


def drawn(law: Law, *points: tuple[str, int | None, int | None]) -> object:
    card = law.card(CARD, TRUE_ON)

    def graded(total: int | None) -> Graded:
        if total is None:
            return Graded(None, None, Gap.NOT_REGISTERED)
        return Graded(total * 1000, next(band.grade for band in card.bands if band.from_ <= total * 1000))

    told = tuple(Point(date.fromisoformat(day), graded(a), graded(b), (), ()) for day, a, b in points)
    return history_chart(History(CARD, told[0].day, date(2021, 12, 31), told, complete=True), card)


def test_lines_are_level_until_the_next_step_and_broken_in_gaps(town: Town) -> None:
    chart = drawn(town.law, ("2021-01-01", None, 800), ("2021-07-02", None, None), ("2021-10-01", 850, 800))
    assert chart.now.count("M") == 2
    assert chart.then.count("M") == 1
    numbers = [float(each) for each in re.findall(r"[\d.]+", chart.now + chart.then)]
    assert all(0 <= each <= 1000 for each in numbers)
    assert [float(each) for each in re.findall(r"H([\d.]+)", chart.now)] == sorted(
        float(each) for each in re.findall(r"H([\d.]+)", chart.now)
    )


def test_the_bands_fill_what_is_shown(town: Town) -> None:
    chart = drawn(town.law, ("2021-01-01", 700, 860), ("2021-06-01", 700, 700))
    assert {stripe.band.grade for stripe in chart.stripes} == {"A", "B", "C", "D", "E"}
    assert abs(sum(float(stripe.height) for stripe in chart.stripes) - 100) < 0.1


def test_a_history_without_any_total_has_no_lines(town: Town) -> None:
    chart = drawn(town.law, ("2021-01-01", None, None))
    assert (chart.then, chart.now, chart.stripes, chart.known) == ("", "", (), False)
    assert [turn.same for turn in chart.turns] == [True]


def test_only_turns_of_the_grade_are_listed_newest_first(town: Town) -> None:
    chart = drawn(
        town.law,
        ("2021-01-01", 810, 810),
        ("2021-02-01", 811, 811),
        ("2021-03-01", 811, 790),
        ("2021-04-01", 790, 790),
    )
    assert [turn.day.month for turn in chart.turns] == [4, 3, 1]
