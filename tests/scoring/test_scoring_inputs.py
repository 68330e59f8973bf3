"""Cards over other cards' results: what is evaluated first, what is read, and that it stays visible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probity.rulebook import Law, OrganisationKind, Scorecard, Status, load
from probity.scoring import (
    Evaluated,
    Evaluation,
    Fact,
    NoGrade,
    evaluate,
    evaluate_with_inputs,
    explain,
    order,
    rule_sentences,
    sources,
)
from probity.scoring.reference import results

LAW = load(Path(__file__).parents[2] / "rulebooks")
DAY = date(2023, 6, 30)
LATER = date(2026, 12, 31)
OVER = "cn-comprehensive/enterprise"
TAX, ZHEJIANG = "cn-tax/taxpayer", "cn-zhejiang-2020/enterprise"
FIRM = OrganisationKind.ENTERPRISE


def fact(item: str, day: date, record: str = "r", **attributes: str | int) -> Fact:
    return Fact(record, item, day, None, None, Status.ACTIVE, attributes)


PENALTY = fact("penalty.administrative", date(2023, 1, 15), "p", severity="serious")
ARREARS = fact("tax.arrears", date(2023, 5, 1), "a", amount=5_000_000)
LISTED = fact("list.serious-violation", date(2023, 2, 1), "l")


def judged(
    facts: Sequence[Fact], day: date = DAY, delivered: Sequence[str] | None = None, **whom: str
) -> Evaluated:
    asked = {"kind": FIRM, "scheme": "cn-uscc", **whom}
    return evaluate_with_inputs(LAW.card(OVER, day), LAW, facts, day, delivered, **asked)


def test_what_is_read_is_evaluated_first_in_the_version_of_the_day() -> None:
    assert [card.card for card in order(LAW.card(OVER, DAY), LAW, DAY)] == [ZHEJIANG, TAX, OVER]
    then, now = (order(LAW.card(OVER, day), LAW, day)[0] for day in (date(2024, 6, 30), LATER))
    assert (then.card, now.card) == (TAX, TAX)
    assert then.in_force != now.in_force
    assert [card.card for card in order(LAW.card(TAX, DAY), LAW, DAY)] == [TAX]


def test_a_card_that_is_not_in_force_is_left_out() -> None:
    over = LAW.card(OVER, DAY)
    assert [card.card for card in order(over, LAW, LATER)] == [TAX, OVER]


def test_delivery_is_asked_of_items_alone() -> None:
    cards = order(LAW.card(OVER, DAY), LAW, DAY)
    asked = sources(cards)
    assert {"penalty.administrative", "tax.arrears", "tax.late-filing"} <= asked
    assert not any(source.startswith("card:") for source in asked)
    assert not sources([LAW.card(OVER, DAY)])


@pytest.mark.parametrize(
    ("facts", "grades", "score"),
    [
        ([], ("B", "A", "Excellent"), 90),  # 815 of Zhejiang's card is a B
        ([PENALTY], ("D", "A", "Fair"), 55),
        ([ARREARS], ("B", "B", "Good"), 80),
        ([PENALTY, ARREARS], ("D", "B", "Fair"), 45),
        ([LISTED], ("E", "A", "Poor"), 40),
    ],
)
def test_real_records_become_grades_and_those_a_grade(
    facts: list[Fact], grades: tuple[str, ...], score: int
) -> None:
    found = judged(facts)
    by_card = {each.card: each.grade for each in found.inputs}
    assert (by_card[ZHEJIANG], by_card[TAX], found.evaluation.grade) == grades
    assert found.evaluation.total == score * 1000


def test_an_input_of_which_too_little_is_known_is_not_known() -> None:
    found = judged([], delivered=["penalty.administrative"])
    assert {each.no_grade for each in found.inputs} == {NoGrade.TOO_LITTLE_KNOWN}
    assert found.evaluation.no_grade is NoGrade.TOO_LITTLE_KNOWN
    assert [line.known for line in found.evaluation.lines] == [False, False]
    tax = LAW.card(TAX, DAY)
    half = judged([], delivered=sorted(tax.feeds))
    assert [line.known for line in half.evaluation.lines] == [False, True]


def test_an_input_that_does_not_apply_gives_nothing_and_counts_as_known() -> None:
    found = judged([PENALTY], kind=OrganisationKind.SOCIAL_ORGANISATION)
    assert found.inputs == ()
    assert [(line.known, line.contributions) for line in found.evaluation.lines] == [(True, ())] * 2
    assert judged([PENALTY], scheme="lei").inputs == ()


def test_an_input_without_a_grade_is_no_record_and_totals_are_rounded_down() -> None:
    said = Evaluation(TAX, DAY, 97_999, "A", (), (), None, 0)
    assert [f.attributes for f in results([said])] == [{"grade": "A", "total": 97}]
    assert [f.attributes["total"] for f in results([replace(said, total=-1)])] == [-1]
    assert results([replace(said, grade=None, no_grade=NoGrade.BELOW_EVERY_BAND)]) == ()


def test_the_explanation_shows_every_input_with_its_grade_law_and_day() -> None:
    found = judged([PENALTY])
    told = explain(found.evaluation, LAW.card(OVER, DAY), [PENALTY], LAW, found.inputs)
    (first,), (second,) = (group.indicators[0].records for group in told.groups)
    assert (first.record, first.item, first.day) == (f"card:{ZHEJIANG}", f"card:{ZHEJIANG}", DAY)
    card = LAW.card(ZHEJIANG, DAY)
    assert (first.name, first.basis, first.reference) == (card.name, card.basis, card.reference)
    assert first.why.en == "Its grade on 2023-06-30 is D, at 725 points. Deducts 45 points."
    assert first.why.zh == "该评价于2023-06-30的结果为D级,725分。扣45分。"
    assert "A, at 100 points" in second.why.en
    assert told.as_json()["groups"][0]["indicators"][0]["records"][0]["item"] == f"card:{ZHEJIANG}"


def test_the_rule_says_in_words_that_a_result_is_read() -> None:
    rule = rule_sentences(LAW.card(OVER, DAY).indicators[0], LAW)
    assert rule[0].en == "Reads the result of Public credit evaluation of enterprises."
    assert rule[0].zh == "读取企业公共信用评价的结果。"
    assert rule[1].en == "Points by the grade: B 10; C 25; D 45; E 60."


def test_the_next_better_grade_is_one_that_points_can_give() -> None:
    card = LAW.card(TAX, LATER)
    late = [
        fact("tax.late-filing", date(2026, 2, n), f"l{n}", tax_due=200_000, made_good="not-yet")
        for n in range(1, 8)
    ]
    found = evaluate(card, late, LATER)
    told = explain(found, card, late, LAW)
    assert (told.grade, told.next_band.grade if told.next_band else None) == ("C", "B")


def law_of(*cards: Scorecard) -> Law:
    return replace(LAW, cards=cards, hash="x")


def chained(number: int, reads: Sequence[int], consumes: int) -> Scorecard:
    """A card that deducts where any of the cards below it is graded B, or that has a fine."""
    sources_ = [{"card": f"c/{n}", "where": [{"attribute": "grade", "is": "B"}]} for n in reads] or ["fine"]
    indicator = {"indicator": "i", "name": {"en": "I"}, "weight": 10, "direction": "deduct", "reads": sources_}
    group = {"group": "g", "name": {"en": "G"}, "weight": 10, "indicators": [{**indicator, "consumes": consumes}]}
    return Scorecard.model_validate(
        {
            "card": f"c/{number}",
            "name": {"en": "C"},
            "in_force": {"from": "2020-01-01"},
            "basis": "none",
            "reference": "none",
            "subjects": ["enterprise"],
            "scale": {"from": 0, "to": 10},
            "base": 10,
            "bands": [
                {"grade": "A", "name": {"en": "A"}, "from": 6},
                {"grade": "B", "name": {"en": "B"}, "from": 0},
            ],
            "groups": [group],
        }
    )


@given(st.data(), st.integers(1, 6), st.booleans())
def test_any_cards_over_cards_say_what_each_says_of_its_own_inputs(
    data: st.DataObject, size: int, fined: bool
) -> None:
    below = [data.draw(st.lists(st.integers(0, n - 1), unique=True, max_size=3)) if n else [] for n in range(size)]
    cards = [chained(n, reads, data.draw(st.integers(1, 10))) for n, reads in enumerate(below)]
    shuffled = data.draw(st.permutations(cards))
    facts = [fact("fine", date(2023, 1, 1))] if fined else []
    law = law_of(*shuffled)
    found = evaluate_with_inputs(cards[-1], law, facts, DAY, None, FIRM, "cn-uscc")
    meant: dict[str, Evaluation] = {}
    for card in cards:  # each reads only cards before it
        meant[card.card] = evaluate(card, facts, DAY, None, [meant[name] for name in card.inputs])
    assert found.evaluation == meant[cards[-1].card]
    assert {each.card: each for each in found.inputs} == {each.card: meant[each.card] for each in found.inputs}
    assert len(found.inputs) == len(order(cards[-1], law, DAY)) - 1
    placed = [card.card for card in order(cards[-1], law, DAY)]
    assert all(placed.index(name) < placed.index(card) for card in placed for name in law.card(card).inputs)


def test_cards_that_an_unchecked_law_lets_read_each_other_end_all_the_same() -> None:
    one, two = chained(0, [1], 5), chained(1, [0], 5)
    found = evaluate_with_inputs(two, law_of(one, two), [], DAY, None, FIRM, "cn-uscc")
    assert [each.card for each in found.inputs] == ["c/0"]
