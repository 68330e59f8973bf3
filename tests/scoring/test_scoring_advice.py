"""What is said of a grade's outlook, in both languages, on the cards that come with Probity."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from probity.canon import canonical
from probity.rulebook import Status, load
from probity.scoring import Evaluation, Fact, evaluate
from probity.scoring.outlook import Outlook, advise, counterfactual, sensitivity

LAW = load(Path(__file__).parents[2] / "rulebooks")
DAY = date(2023, 6, 30)
CARD = LAW.card("cn-zhejiang-2020/enterprise", DAY)
LIVES = LAW.card("us-sf-food/lives", DAY)


def record(id_: str, item: str, day: str, status: Status = Status.ACTIVE, **said: str | int) -> Fact:
    first = date.fromisoformat(day)
    until = LAW.display_until(LAW.item(item, first), first, said)
    return Fact(id_, item, first, None, until, status, said)


def told(
    facts: list[Fact], card=CARD, day: date = DAY, delivered=None, inputs: tuple[Evaluation, ...] = ()
) -> Outlook:
    asked = (card, facts, day, delivered, inputs)
    return advise(counterfactual(*asked), sensitivity(*asked), card, facts, LAW)


PENALTY = record("penalty", "penalty.administrative", "2022-03-15", severity="serious")
LISTED = record("listed", "list.abnormal-operation", "2022-09-21")


def test_time_names_the_day_and_what_passes() -> None:
    found = told([PENALTY, LISTED])
    first, second = found.time
    assert first.sentence.en == "If nothing new is recorded, the grade is C from 2025-03-15 on, with 795 points."
    assert first.sentence.zh == "如无新增记录,自2025-03-15起等级为C,总分795分。"
    assert [(each.record, each.why.en) for each in first.records] == [
        ("penalty", "Its term is over from 2025-03-15 on. That gives 90 points.")
    ]
    assert (second.grade, second.day) == ("B", date(2025, 9, 21))
    assert [each.record for each in second.records] == ["listed"]
    for moment in found.time:
        then = evaluate(CARD, [PENALTY, LISTED], moment.day)
        assert (then.grade, then.total) == (moment.grade, moment.total)
    assert [each.sentence.en for each in told([]).time] == [
        "Up to 2033-06-30, time alone does not lift the grade."
    ]


def test_repair_says_what_it_gives() -> None:
    found = told([PENALTY])
    (repair,) = found.repair
    assert repair.sentence.en == "Repair of this record gives 90 points: grade B instead of D."
    assert repair.sentence.zh == "该记录完成信用修复后增加90分:等级由D变为B。"
    assert repair.records[0].name.zh == "行政处罚"
    assert repair.records[0].why is None


def test_a_contested_record_says_so_wherever_it_is_named() -> None:
    contested = record("penalty", "penalty.administrative", "2022-03-15", Status.CONTESTED, severity="serious")
    found = told([contested])
    named = [each for advice in (*found.time, *found.repair) for each in advice.records]
    named += [each.named for each in found.carriers]
    assert len(named) == 3
    assert all(each.why.en.endswith("It is contested.") for each in named)


def test_good_conduct_names_the_records_by_their_names() -> None:
    found = told([])
    said = [each.sentence.en for each in found.conduct]
    assert "1 more of “On a redlist”: 60 points, grade A." in said
    assert all(each.sentence.zh.startswith("再有") for each in found.conduct)


def test_remarks_speak_of_the_law_and_of_objections() -> None:
    remarks = [each.en for each in told([PENALTY]).remarks]
    assert "This version of the card is law until 2023-12-04" in remarks[0]
    assert remarks[-1] == "Whoever holds a record to be wrong can object to it, whatever is said here."
    best = told(
        [record("red", "list.red", "2023-01-01"), record("more", "charity.donation", "2023-01-01", amount=10**9)]
    )
    assert best.grade == "A"
    assert best.remarks[0].en == "This is the best grade of the card."
    assert best.time == best.repair == best.conduct == ()


def test_what_lies_between_is_said_once() -> None:
    found = told([PENALTY])
    assert found.firmness.en == (
        "Points missing to C: 25. Points that can be lost before it is E: 25. "
        "Without one single record the grade would be another."
    )
    assert found.edges == (("A", 125_000), ("B", 75_000), ("C", 25_000), ("E", -25_000))
    assert [(each.named.record, each.effect, each.grade) for each in found.carriers] == [("penalty", -90_000, "B")]
    assert found.carriers[0].named.why.en == "Without it: 815 points, grade B."


def test_an_occasion_judges_anew_and_ends_with_its_term() -> None:
    day = date(2018, 2, 16)
    facts = [
        record("visit", "food.inspection", "2017-09-18", type="routine"),
        record("high", "food.violation", "2017-09-18", severity="high"),
        record("low", "food.violation", "2017-09-18", severity="low"),
    ]
    facts.append(replace(facts[0], record="expired already", expires=day - timedelta(days=1)))
    found = told(facts, LIVES, day)
    assert found.conduct == () or found.conduct[0].sentence.en.startswith("This card judges one occasion")
    assert found.falls.sentence.en == "If nothing new is recorded, there is no grade any more from 2020-09-18 on."
    assert [each.record for each in found.falls.records] == ["visit"]


def test_where_nothing_can_be_said_it_says_why() -> None:
    silent = told([], LIVES)
    assert silent.silent.en == (
        "No grade: up to 2023-06-30 there is no occasion for this card to judge. "
        "So nothing can be said of what would change it."
    )
    assert (silent.time, silent.falls, silent.repair, silent.firmness) == ((), None, (), None)
    assert "60 % is needed" in told([], delivered=()).silent.en


def test_a_card_over_cards_points_to_them() -> None:
    card = LAW.card("cn-comprehensive/enterprise", DAY)
    inputs = tuple(
        Evaluation(name, DAY, 820_000, grade, (), (), None, 1_000_000)
        for name, grade in zip(card.inputs, ("C", "B", "B"), strict=False)
    )
    found = told([], card, inputs=inputs)
    assert any(
        each.en.startswith("Results of other cards are taken as they are on 2023-06-30") for each in found.remarks
    )
    assert all(not each.records for each in found.repair)


def test_it_is_canonical_json_and_complete() -> None:
    found = told([PENALTY, LISTED])
    assert canonical(found.as_json())
    plain = found.as_json()
    assert {"time", "falls", "repair", "conduct", "remarks", "firmness", "edges", "carriers"} <= set(plain)
    assert [each["display"] for each in plain["repair"]] == ["795"]


def test_many_days_ahead_are_looked_at() -> None:
    assert told([PENALTY]).until == DAY.replace(year=2033)
    assert told([PENALTY]).until - DAY > timedelta(days=3650)


# -- gates and grades that no total earns -----------------------------------------------------------------

TAX_DAY = date(2026, 6, 30)
TAX = LAW.card("cn-tax/taxpayer", TAX_DAY)


def late(number: int) -> list[Fact]:
    """So many returns filed late, of tax that counts: 5 points each."""
    said: dict[str, str | int] = {"tax_due": 200_000, "made_good": "not-yet"}
    return [record(f"late {n}", "tax.late-filing", "2026-03-01", **said) for n in range(number)]


def test_a_grade_that_only_a_gate_gives_is_no_aim_without_the_gate() -> None:
    found = told(late(8), TAX, TAX_DAY)
    assert (found.grade, found.total) == ("C", 60_000)
    assert found.edges == (("A", 30_000), ("B", 10_000), ("D", -20_000))
    assert found.firmness.en.startswith("Points missing to B: 10. Points that can be lost before it is D: 20.")
    assert {each.grade for each in found.repair} == {"B"}
    assert all(" M" not in each.sentence.en for each in (*found.repair, *found.conduct))
    new = record("new", "tax.registration", "2026-01-15")
    assert {each.grade for each in told([*late(8), new], TAX, TAX_DAY).repair} == {"M"}


def test_where_a_gate_holds_the_grade_no_points_are_missing() -> None:
    new = record("new", "tax.registration", "2026-01-15")
    found = told([new], TAX, TAX_DAY)
    assert (found.grade, found.total) == ("M", 100_000)
    assert found.firmness.en.startswith("Points that can be lost before it is C: 30.")
    # The gate lowers nothing here, and keeps the grade from rising all the same.
    kept = told([*late(6), record("d", "tax.credit-grade", "2025-12-31", grade="d")], TAX, TAX_DAY)
    assert (kept.grade, kept.total) == ("B", 70_000)
    assert "missing" not in kept.firmness.en
    assert any(each.en.startswith("“Graded D for the year before” holds the grade at B") for each in kept.remarks)


def test_a_card_over_cards_does_not_say_that_nothing_can_lift_it() -> None:
    card = LAW.card("cn-comprehensive/enterprise", DAY)
    inputs = tuple(
        Evaluation(name, DAY, 820_000, grade, (), (), None, 1_000_000)
        for name, grade in zip(card.inputs, ("C", "B"), strict=True)
    )
    found = told([], card, inputs=inputs)
    said = [each.sentence for each in (*found.time, *found.repair, *found.conduct) if not each.records]
    assert len(said) == 3
    assert all(each.en.endswith("unless it lifts a card that this one reads.") for each in said)
    assert all("除非所引用的其他评价" in each.zh for each in said)
