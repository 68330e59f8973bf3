"""The lists of China as they ship: every document of the sources accounted for, offices that decide and consent,
and worked cases that notice when a number of the law is changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from probity.clock import shift
from probity.procedures import list_differences
from probity.rulebook import Agency, Level, ListKind, ListRule, load
from probity.service.wiring import rulebooks

LAW = load(rulebooks())
CHINESE = [rule for rule in LAW.lists if rule.list.startswith(("cn-", "zj-"))]
WITH_CRITERIA = [rule for rule in CHINESE if rule.criteria]
FIELDS_OF_A_COUNT = {"at_least", "more_than", "below", "consecutive", "from"}
EQUIVALENT = {"1097d"}
"""Three years and two days: what R4.13 looks back on is past its term of three years by then."""


def of(rules: list[ListRule]) -> Any:
    return pytest.mark.parametrize("rule", rules, ids=lambda rule: f"{rule.list}-{rule.in_force.from_}")


@pytest.mark.parametrize(("table", "rows"), [("4.1", 42), ("4.2", 8)])
def test_every_document_is_encoded_or_left_out_with_a_reason(table, rows):
    encoded = {rule.list: re.match(rf"{table} row (\d+)\b", rule.reference) for rule in CHINESE}
    left_out = [re.fullmatch(rf"{table} row (\d+)", each.row) for each in LAW.left_out]
    found = [int(match[1]) for match in (*encoded.values(), *left_out) if match]
    assert sorted(found) == list(range(1, rows + 1))


def test_what_is_about_persons_or_an_extra_measure_is_left_out():
    rows = {each.row for each in LAW.left_out}
    assert {f"4.1 row {n}" for n in (3, 4, 33, 36, 41, 42)} | {"4.2 row 4", "R4.9"} <= rows


def test_both_controllers_and_the_lost_word():
    assert LAW.list("cn-foreign-economic-cooperation").authorities == ("cn-mofcom", "cn-mfa")  # D13
    assert "质量" in (LAW.list("cn-product-quality").name.zh or "")  # D14
    trains = next(each for each in LAW.left_out if each.row == "4.1 row 42")
    assert "船" not in (trains.target.zh or "")  # D15


def chain(agency: Agency) -> list[Agency]:
    return [agency, *(chain(LAW.agency(agency.part_of)) if agency.part_of else [])]


def deciding(rule: ListRule) -> list[Agency]:
    """The offices that the law lets decide: the authority and its branches, from the level it names."""
    return [
        agency
        for agency in LAW.agencies
        if any(above.agency in rule.authorities for above in chain(agency))
        and Level(agency.level).rank >= rule.decides.level.rank
    ]


@of(WITH_CRITERIA)
def test_whoever_decides_can_state_it_and_has_somebody_to_ask(rule):
    offices = deciding(rule)
    assert offices
    for office in offices:
        assert office.may_state(rule.record), office.agency
        assert office.may_state("listing.proposed"), office.agency
        below = rule.decides.consent_below
        if below is not None and Level(office.level).rank < below.rank:
            above = LAW.agency(office.part_of or "nobody")
            assert above.may_state("listing.consented")
            assert Level(above.level).rank == Level(office.level).rank + 1


def test_a_county_asks_its_city_and_a_city_its_province():
    offices = {office.agency for office in deciding(LAW.list("cn-serious-violations"))}
    assert offices == {"tonglu-amr", "hz-amr", "zj-amr", "cn-samr"}
    assert [each.agency for each in chain(LAW.agency("tonglu-court"))] == [
        "tonglu-court", "hz-court", "zj-high-court", "cn-spc",
    ]  # fmt: skip
    assert not any(office.level == "county" for office in deciding(LAW.list("cn-red-work-safety")))


@of(WITH_CRITERIA)
def test_ten_working_days_reasons_to_leave_and_an_end(rule):
    assert rule.steps is not None
    assert rule.lasts is not None
    assert rule.leaving is not None
    assert (rule.steps.respond.number, rule.steps.respond.unit) == (10, "working-days")
    steps = (rule.steps.notify, rule.steps.hear, rule.steps.decide, rule.steps.consent or rule.steps.notify)
    assert {step.lapse for step in steps} == {"closes"}
    assert rule.leaving.early is not None
    assert rule.leaving.early.zh
    day = date(2023, 6, 30)
    most, item = rule.lasts.maximum, LAW.item(rule.record)
    end = shift(day, most.number, most.unit)
    assert end <= shift(day, 5, "y")  # R4.16
    if item.term is not None and item.term.display is not None:
        assert end <= shift(day, item.term.display.number, item.term.display.unit)


def test_small_debts_are_not_listed_and_large_ones_are_treated_otherwise():
    bands = LAW.list("cn-court-defaulters").bands
    assert bands is not None
    small, large = bands.of(59_355), bands.of(9_000_000_000)  # F4: 593.55 yuan beside 90 million
    assert (small.lists, large.lists) == (False, True)
    assert "rights-reducing" in large.measures
    assert "rights-reducing" not in bands.of(1_000_000).measures


def test_the_warning_is_not_public_and_no_list_reads_a_grade():
    assert not LAW.list("zj-risk-notice").public
    assert LAW.list("zj-risk-notice").kind is ListKind.WATCH
    for rule in WITH_CRITERIA:
        for criterion in rule.criteria:
            read = {item for records in criterion.requires.records() for item in records.items}
            assert "tax.credit-grade" not in read, criterion.criterion


# -- a changed number turns a worked case red ------------------------------------------------------------------


@of(WITH_CRITERIA)
def test_a_changed_number_is_noticed(rule):
    cases = [
        case
        for _, file in LAW.list_cases
        if file.list == rule.list
        for case in file.cases
        if rule.in_force.covers(case.as_of)
    ]
    assert not any(list_differences(case, rule, LAW) for case in cases)
    raw = rule.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    unnoticed = [
        what
        for what, changed in changes(raw)
        if not any(list_differences(case, ListRule.model_validate(changed), LAW) for case in cases)
    ]
    assert not unnoticed


def changes(raw: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rule with one number moved by one, one period by a day or two, or one of several conditions left out."""
    for place in ("criteria", "bands"):
        for path, holder, key in leaves(raw.get(place), (place,)):
            for other in moved(key, holder[key]):
                changed = deepcopy(raw)
                at(changed, path)[key] = other
                yield f"{path} {key}: {other}", changed
            if key == "all" and "warns" not in path:
                for number in range(len(holder[key])):
                    changed = deepcopy(raw)
                    del at(changed, path)[key][number]
                    yield f"{path} without {number}", changed


def leaves(node: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any, Any]]:
    parts = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in parts:
        yield path, node, key
        yield from leaves(value, (*path, key))


def at(raw: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        raw = raw[step]
    return raw


def moved(key: Any, value: Any) -> list[Any]:
    if key in FIELDS_OF_A_COUNT and isinstance(value, int) and value > 0:
        return [value - 1, value + 1][value == 1 :]  # a threshold of nothing is refused
    if key == "more_than" and isinstance(value, dict):
        below, above = value["denominator"] - 1, value["denominator"] + 1
        return [{**value, "denominator": below}, {**value, "denominator": above}]
    if key == "within" and isinstance(value, dict):
        days = {1: (364, 367), 3: (1094, 1097)}[value["number"]]
        return [f"{number}d" for number in days if f"{number}d" not in EQUIVALENT]
    return [False] if key == "in_force" and value is True else []
