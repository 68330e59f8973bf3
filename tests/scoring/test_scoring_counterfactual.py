"""What would change a grade: whatever is said of time, repair and conduct comes true when it is done."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scoring import lively
from tests.scoring import test_scoring_agreement as extreme
from tests.scoring.lively import quick, rank

from probity.rulebook import Scorecard, Status
from probity.scoring import Evaluation, Fact, NoGrade, evaluate
from probity.scoring.outlook import Counterfactual, Passing, counterfactual, sensitivity
from probity.scoring.outlook.course import course
from probity.scoring.outlook.reading import Sheet, read
from probity.scoring.reference import STANDS, matches, standing

DAY = date(2023, 6, 30)
MARCH = date(2024, 3, 31)
"""A month before which is the 29th of February."""
AHEAD = 45


def repaired(facts: list[Fact], records: set[str]) -> list[Fact]:
    return [replace(fact, status=Status.REPAIRED) if fact.record in records else fact for fact in facts]


extremes = st.tuples(
    extreme.cards(),
    st.builds(extreme.placed, st.lists(extreme.records, max_size=5), st.just(DAY)),
    extreme.deliveries,
)
likely = st.tuples(lively.cards(), st.builds(lively.placed, lively.files, st.just(DAY)), lively.deliveries)


@settings(quick, max_examples=120)
@given(st.one_of(extremes, likely), st.integers(0, 3000))
def test_a_course_and_a_sheet_are_the_card_on_every_day(drawn, later):
    card, facts, delivered = drawn
    reading = read(card, facts, delivered)
    walk = course(reading, DAY, 3001)
    for place in (0, 1, 9, 28, 29, 30, 31, 365, later):
        then = walk.day(place)
        meant = evaluate(card, facts, then, delivered)
        sheet = Sheet(reading, then)
        assert sheet.lines == [line.points for line in meant.lines]
        assert (sheet.outcome().total, sheet.outcome().grade(card)) == (meant.total, meant.grade)
        assert walk.said[place] == (meant.total is not None)
        if walk.said[place]:
            assert (walk.totals[place], walk.ranks[place]) == (meant.total, rank(card, meant))


@settings(quick, max_examples=120)
@given(lively.cards(), lively.files, st.sampled_from((DAY, MARCH)), lively.deliveries)
def test_time_alone_comes_true_on_the_first_day_named_and_not_before(card, file, day, delivered):
    facts = lively.placed(file, day)
    until = day + timedelta(days=AHEAD)
    found = counterfactual(card, facts, day, delivered, until=until)
    days = [day + timedelta(days=n) for n in range(AHEAD + 1)]
    daily = {each: evaluate(card, facts, each, delivered) for each in days}
    ranks = [rank(card, daily[each]) for each in days]
    if found.time is None:
        assert daily[day].total is None
        return
    for moment in found.time.better:
        then = daily[moment.day]
        assert (then.total, then.grade) == (moment.total, moment.grade)
        assert rank(card, then) < min(ranks[: days.index(moment.day)])
    assert min(ranks) == min([ranks[0], *(rank(card, daily[moment.day]) for moment in found.time.better)])
    falls = [each for each, its in zip(days, ranks, strict=True) if its > ranks[0]]
    assert (found.time.worse.day if found.time.worse else None) == (falls[0] if falls else None)
    for moment in (*found.time.better, *([found.time.worse] if found.time.worse else [])):
        for change in moment.changes:
            assert change.on is None or day < change.on <= moment.day


@settings(quick, max_examples=120)
@given(st.one_of(extremes, likely, likely))
def test_repair_comes_true_and_no_smaller_repair_does_it(drawn):
    (card, facts, delivered), day = drawn, DAY
    found = counterfactual(card, facts, day, delivered, until=day, every_grade=True)
    now = evaluate(card, facts, day, delivered)
    able = [
        fact.record
        for fact in facts
        if fact.day <= day
        and standing(fact, day) in STANDS
        and not (card.occasion and matches((card.occasion,), fact.item, fact.attributes))
    ]
    outcomes = {
        each: evaluate(card, repaired(facts, set(each)), day, delivered)
        for size in range(len(able) + 1)
        for each in combinations(able, size)
    }
    for answer in found.repair:
        target = card.band(answer.grade)
        sufficient = [set(each) for each, then in outcomes.items() if rank(card, then) <= target]
        for one in answer.sets:
            then = evaluate(card, repaired(facts, set(one.records)), day, delivered)
            assert (then.total, then.grade) == (one.total, one.grade)
            assert rank(card, then) <= target
            assert one.gain == then.total - now.total
            if answer.exact:
                assert not any(each < set(one.records) for each in sufficient)
                assert len(one.records) == min(map(len, sufficient))
        if answer.exact:
            assert bool(answer.sets) == bool(sufficient)
            least = [each for each in sufficient if len(each) == min(map(len, sufficient))]
            totals = [evaluate(card, repaired(facts, each), day, delivered).total for each in least]
            assert not answer.sets or answer.sets[0].total == max(totals)
            assert len(answer.sets) == 3 or sum(each.alike for each in answer.sets) == len(least)


@settings(quick, max_examples=150)
@given(st.one_of(extremes, likely, likely))
def test_good_conduct_comes_true(drawn):
    (card, facts, delivered), day = drawn, DAY
    found = counterfactual(card, facts, day, delivered, until=day, every_grade=True)
    for answer in found.conduct:
        for way in answer.ways:
            new = [
                replace(deed.example, record=f"{deed.indicator} {n}") for deed in way for n in range(deed.records)
            ]
            assert rank(card, evaluate(card, [*facts, *new], day, delivered)) <= card.band(answer.grade)
            assert rank(card, evaluate(card, [*facts, *new[:-1]], day, delivered)) > card.band(answer.grade)
        for gate in answer.blocked:
            assert card.band(card.gates[gate].at_most) > card.band(answer.grade)


@settings(quick, max_examples=150)
@given(st.one_of(extremes, likely, likely))
def test_sensitivity_says_what_is_so_without_a_record(drawn):
    (card, facts, delivered), day = drawn, DAY
    now = evaluate(card, facts, day, delivered)
    found = sensitivity(card, facts, day, delivered)
    assert (found.total, found.grade) == (now.total, now.grade)
    if now.total is None:
        return
    told = {each.id: each for each in found.records}
    for fact in facts:
        then = evaluate(card, [each for each in facts if each is not fact], day, delivered)
        if fact.record in told:
            one = told[fact.record]
            assert (one.total, one.grade) == (then.total, then.grade)
            assert one.effect == (0 if then.total is None else now.total - then.total)
        else:
            assert (then.total, then.grade) == (now.total, now.grade)
        assert (fact.record in found.carriers) == (then.grade != now.grade)
    for edge in found.edges:
        band = card.bands[card.band(edge.grade)]
        if edge.points > 0:
            assert band.from_ == now.total + edge.points
        else:
            assert card.bands[card.band(edge.grade) - 1].from_ == now.total + edge.points


# -- by example ----------------------------------------------------------------------------------------


def card(*indicators: dict[str, object], **more: object) -> Scorecard:
    defaults = {"weight": 90, "direction": "deduct", "reads": ["fine"], "consumes": 10}
    lines = [{"indicator": f"i{n}", "name": {"en": "I"}} | defaults | given for n, given in enumerate(indicators)]
    bands = [("A", 850), ("B", 800), ("C", 750), ("D", 0)]
    whole = {
        "card": "by-hand",
        "name": {"en": "By hand"},
        "in_force": {"from": "2020-01-01"},
        "basis": "none",
        "reference": "none",
        "subjects": ["enterprise"],
        "scale": {"from": 0, "to": 1000},
        "base": 815,
        "bands": [{"grade": grade, "name": {"en": grade}, "from": start} for grade, start in bands],
        "groups": [{"group": "all", "name": {"en": "All"}, "weight": 100, "indicators": lines}],
    }
    return Scorecard.model_validate(whole | more)


def fact(record: str, day: str, item: str = "fine", **more: object) -> Fact:
    whole = {"until": None, "expires": None, "status": Status.ACTIVE, "attributes": {}} | more
    return Fact(record, item, date.fromisoformat(day), **whole)


HONOUR = {"direction": "award", "weight": 185, "reads": ["praise"], "consumes": 60}


def test_two_penalties_leave_the_window_and_the_grade_rises() -> None:
    ours = card({"consumes": 30, "window": "2y"})
    facts = [fact("one", "2022-03-01"), fact("two", "2022-03-03")]
    found = counterfactual(ours, facts, DAY)
    (rise,) = found.time.better
    assert (rise.day, rise.grade, rise.total) == (date(2024, 3, 3), "B", 815_000)
    assert [(each.record, each.passing, each.on, each.points) for each in rise.changes] == [
        ("one", Passing.LEAVES_WINDOW, date(2024, 3, 1), 30_000),
        ("two", Passing.LEAVES_WINDOW, date(2024, 3, 3), 30_000),
    ]
    assert found.time.worse is None
    (repair,) = found.repair
    assert [(each.records, each.gain, each.grade, each.alike) for each in repair.sets] == [
        (("one", "two"), 60_000, "B", 1)
    ]


def test_repair_of_one_of_two_capped_penalties_gives_nothing() -> None:
    ours = card({"consumes": 90})
    facts = [fact("one", "2022-03-01"), fact("two", "2022-03-03")]
    (repair,) = counterfactual(ours, facts, DAY).repair
    assert [each.records for each in repair.sets] == [("one", "two")]
    assert repair.sets[0].each == (0, 0)


def test_records_that_weigh_the_same_are_named_once() -> None:
    ours = card({"consumes": 30})
    facts = [fact(f"{n}", "2022-03-01") for n in range(3)]
    (repair,) = counterfactual(ours, facts, DAY).repair
    assert [(each.records, each.grade, each.alike) for each in repair.sets] == [(("0",), "C", 3)]


def test_a_gate_names_the_records_that_must_go_and_blocks_good_conduct() -> None:
    gate = {"name": {"en": "Listed"}, "reads": ["list"], "at_most": "D"}
    ours = card({}, HONOUR, gates=[gate])
    facts = [fact("a", "2022-03-01", "list"), fact("b", "2023-03-01", "list", until=date(2025, 1, 1))]
    found = counterfactual(ours, facts, DAY)
    (held,) = found.gates
    assert held.records == ("a", "b")
    assert found.repair[0].sets[0].records == ("a", "b")
    assert found.repair[0].sets[0].grade == "B"
    assert found.conduct[0].blocked == (0,)
    assert found.time.better == ()


def test_an_honour_that_ends_lowers_the_grade_first() -> None:
    ours = card({"consumes": 90, "window": "5y"}, HONOUR | {"counts": "in-force"})
    facts = [fact("bad", "2021-01-01"), fact("good", "2022-01-01", "praise", until=date(2024, 1, 31))]
    found = counterfactual(ours, facts, DAY)
    assert found.evaluation.grade == "C"
    assert (found.time.worse.day, found.time.worse.grade) == (date(2024, 2, 1), "D")
    assert [(each.record, each.passing) for each in found.time.worse.changes] == [("good", Passing.ENDS)]
    assert [(each.day, each.grade) for each in found.time.better] == [(date(2026, 1, 1), "B")]
    ((deed,),) = found.conduct[0].ways
    assert (deed.indicator, deed.records, deed.gain) == ("i1", 1, 60_000)


def test_a_grade_that_falls_and_comes_back_has_not_risen() -> None:
    ours = card({"consumes": 30, "window": "2y"}, HONOUR | {"counts": "in-force"})
    facts = [fact(f"bad {n}", f"2023-0{n}-01") for n in (1, 2, 3)]
    facts.append(fact("good", "2022-01-01", "praise", until=date(2024, 1, 31)))
    found = counterfactual(ours, facts, DAY, until=date(2025, 1, 15))
    assert (found.evaluation.grade, found.time.worse.grade) == ("C", "D")
    assert evaluate(ours, facts, date(2025, 1, 10)).grade == "C"
    assert found.time.better == ()


def test_amounts_that_are_added_are_repaired_together() -> None:
    steps = [{"from": 1, "points": 5}, {"from": 50, "points": 30}]
    ours = card({"measure": "sum", "consumes": {"of": "n", "steps": steps}})
    facts = [fact("large", "2022-03-01", attributes={"n": 40}), fact("small", "2022-03-01", attributes={"n": 15})]
    facts.append(fact("least", "2022-03-01", attributes={"n": 3}))
    (repair,) = counterfactual(ours, facts, DAY).repair
    assert [(each.records, each.gain) for each in repair.sets] == [(("large",), 25_000), (("small",), 25_000)]


def test_only_the_weightiest_counts_and_repair_leaves_the_next() -> None:
    ours = card({"measure": "worst", "consumes": {"of": "n", "linear": {"per": 1, "points": 1}}})
    facts = [fact("first", "2022-03-01", attributes={"n": 60}), fact("next", "2022-03-01", attributes={"n": 60})]
    facts.append(fact("last", "2022-03-01", attributes={"n": 10}))
    (repair,) = counterfactual(ours, facts, DAY).repair
    assert [(each.records, each.gain, each.each) for each in repair.sets] == [(("first", "next"), 50_000, (0, 0))]


def test_the_smallest_combination_is_named_where_no_indicator_suffices() -> None:
    kinds = [HONOUR | {"reads": [item], "weight": 20, "consumes": 10} for item in ("praise", "visit")]
    for base in (815, 810):  # with points to spare, and with none
        found = counterfactual(card({}, *kinds, base=base), [], DAY)
        (way,) = found.conduct[0].ways
        assert [(deed.indicator, deed.records, deed.gain) for deed in way] == [
            ("i1", 2, 20_000),
            ("i2", 2, 20_000),
        ]
    assert counterfactual(card({}, *kinds, base=809), [], DAY).conduct[0].ways == ()


def test_nothing_is_said_where_too_little_is_known() -> None:
    found = counterfactual(card({}, not_known={"grade_needs": 50}), [], DAY, delivered=[])
    assert found.time is None
    assert found.evaluation.no_grade is NoGrade.TOO_LITTLE_KNOWN
    assert found.repair == found.conduct == ()


def test_another_cards_result_is_held_and_never_repaired() -> None:
    reads = [{"card": "other", "where": [{"attribute": "grade", "is": ["bad"]}]}]
    ours = card({"reads": reads, "consumes": 90, "window": "1y"})
    other = Evaluation("other", DAY, 10_000, "bad", (), (), None, 0, None)
    found = counterfactual(ours, [], DAY, inputs=[other])
    assert found.evaluation.grade == "D"
    assert found.inputs == ("other",)
    assert found.time.better == ()
    assert found.repair[0].sets == ()


def test_many_records_are_answered_by_a_set_that_suffices(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = card({"consumes": {"of": "n", "linear": {"per": 1, "points": 1}}, "weight": 800})
    facts = [fact(f"{n}", "2022-03-01", attributes={"n": 10 + n % 7}) for n in range(20)]
    found: Counterfactual = counterfactual(ours, facts, DAY)
    (repair,) = found.repair
    assert not repair.exact
    (one,) = repair.sets
    then = evaluate(ours, repaired(facts, set(one.records)), DAY)
    assert (then.grade, then.total) == (one.grade, one.total)
    for left_out in one.records:
        fewer = evaluate(ours, repaired(facts, set(one.records) - {left_out}), DAY)
        assert fewer.grade == found.evaluation.grade
