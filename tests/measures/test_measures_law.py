"""The measures and memoranda of the rulebooks: what is in them, and what must not be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.measures.entries import LAW

from probity.measures import Decision
from probity.measures.acts import ITEMS
from probity.rulebook import Binding, Disclosure, Effect, ListKind, MeasureCategory

COMPLETE = [rule.list for rule in LAW.lists if rule.list.startswith("cn-") and rule.criteria]
TEXT = (Path(__file__).parents[2] / "rulebooks/cn-national/measures.yaml").read_text("utf-8")


def test_the_items_of_the_national_list_are_there_but_those_that_are_unknown_or_bind_persons() -> None:
    assert {each.number for each in LAW.measures if each.number} == {1, 7, 8, 9, 10, 12, 13, 14}
    for said in ("2, 3, 6", "4, 5", "10 and 11"):
        assert said in TEXT.split("measures:\n")[0]


@pytest.mark.parametrize("list_", sorted(set(COMPLETE)))
def test_every_complete_list_has_a_memorandum(list_: str) -> None:
    assert any(list_ in each.lists for each in LAW.memoranda)


def test_decisions_come_from_the_closed_vocabulary() -> None:
    assert {decision for each in LAW.measures for decision in each.decisions} <= set(Decision)
    assert {decision for each in LAW.measures for decision in each.decisions} == set(Decision)


def test_what_is_mandatory_names_a_statute_and_its_article() -> None:
    for each in LAW.measures:
        if each.binding is Binding.MANDATORY and each.category is not MeasureCategory.REWARD:
            assert re.search(r"(法|条例|Código|Ley)[^;]*(arts?\.|artículo) \d", each.basis), each.measure


def test_nobody_is_told_what_to_do_who_is_no_public_body() -> None:
    market = [each for each in LAW.measures if Decision.CREDIT in each.decisions]
    assert market
    assert all(each.binding is Binding.REFERENCE for each in market)


def test_every_agreed_measure_has_somebody_who_may_state_the_answer() -> None:
    for memorandum in LAW.memoranda:
        for agreed in memorandum.measures:
            measure = LAW.measure(agreed.measure)
            takers = set(agreed.by or memorandum.signatories) & set(measure.executors)
            assert takers
            for agency in takers:
                assert all(LAW.agency(agency).may_state(item) for item in ITEMS.values()), agency


def test_answers_are_steps_for_agencies_and_hide_the_officer() -> None:
    for id_ in ITEMS.values():
        item = LAW.item(id_)
        assert item.effect is Effect.STEP
        assert item.disclosure is Disclosure.RESTRICTED
        officer = item.attribute("officer")
        assert officer is not None
        assert officer.mask == "hidden"


def test_lists_with_rewards_and_lists_with_measures_are_kept_apart() -> None:
    kinds = {rule.list: rule.kind for rule in LAW.lists}
    for memorandum in LAW.memoranda:
        for agreed in memorandum.measures:
            reward = LAW.measure(agreed.measure).category is MeasureCategory.REWARD
            assert {kinds[each] is ListKind.RED for each in memorandum.lists} == {reward}
