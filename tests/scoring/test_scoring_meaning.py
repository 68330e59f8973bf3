"""What single rules of a card mean, by example."""

from datetime import date
from decimal import Decimal

import pytest

from probity.errors import RulebookError
from probity.rulebook import Period, Scorecard, Status
from probity.scoring import (
    NO_GRADE,
    NO_TOTAL,
    Fact,
    Ignored,
    NoGrade,
    compile_card,
    encode,
    evaluate,
    kernel,
    score,
)
from probity.scoring import compile as compiling
from probity.scoring.reference import MOST, applies, halved, reach

DAY = date(2024, 2, 29)
BANDS = [
    {"grade": "A", "name": {"en": "Good"}, "from": 90},
    {"grade": "B", "name": {"en": "Fair"}, "from": 50},
    {"grade": "C", "name": {"en": "Poor"}, "from": 0},
]


LINEAR = {"of": "sum", "linear": {"per": 100, "points": 2}}
STEPS = {"of": "sum", "steps": [{"from": 0, "points": 1}, {"from": 9, "points": 5}]}


def card(*indicators, **more) -> Scorecard:
    defaults = {"weight": 100, "direction": "deduct", "reads": ["fine"], "consumes": 10}
    lines = [{"indicator": f"i{n}", "name": {"en": "I"}} | defaults | given for n, given in enumerate(indicators)]
    whole = {
        "card": "by-hand",
        "name": {"en": "By hand"},
        "in_force": {"from": "2020-01-01"},
        "basis": "none",
        "reference": "none",
        "subjects": ["enterprise"],
        "scale": {"from": 0, "to": 100},
        "base": 100,
        "bands": BANDS,
        "groups": [{"group": "all", "name": {"en": "All"}, "weight": 100, "indicators": lines}],
    }
    return Scorecard.model_validate(whole | more)


def fact(day=DAY, item="fine", status=Status.ACTIVE, until=None, expires=None, record="r", **attributes) -> Fact:
    return Fact(record, item, day, until, expires, status, attributes)


def both(card, facts, as_of=DAY, delivered=None):
    """Evaluate by reference and by kernel, which must agree."""
    meant = evaluate(card, facts, as_of, delivered)
    compiled = compile_card(card, as_of)
    found = score(compiled, encode(compiled, [facts]), delivered, points=True)
    total, grade = found.totals[0], found.grades[0]
    assert meant.total == (None if total == NO_TOTAL else total)
    assert meant.grade == (None if grade == NO_GRADE else card.bands[grade].grade)
    assert [line.points for line in meant.lines] == found.points[0].tolist()
    return meant


def contribution(indicator, fact_, **more):
    (line,) = both(card(indicator, **more), [fact_]).lines
    (only,) = line.contributions
    return only.ignored or only.amount


@pytest.mark.parametrize(
    ("indicator", "record", "expected"),
    [
        ({}, fact(), 10_000),
        ({}, fact(day=date(2024, 3, 1)), Ignored.NOT_YET),
        ({}, fact(status=Status.WITHDRAWN), Ignored.WITHDRAWN),
        ({}, fact(status=Status.REPAIRED), Ignored.REPAIRED),
        ({}, fact(status=Status.REPAIRED, expires=date(2024, 1, 1)), Ignored.EXPIRED),
        (
            {"treatment": {"repaired": "33%"}},
            fact(status=Status.REPAIRED, expires=date(2024, 1, 1)),
            Ignored.EXPIRED,
        ),
        ({}, fact(expires=DAY), 10_000),
        ({}, fact(expires=date(2024, 2, 28)), Ignored.EXPIRED),
        ({}, fact(status=Status.CONTESTED), 10_000),
        ({"treatment": {"contested": "ignore"}}, fact(status=Status.CONTESTED), Ignored.CONTESTED),
        ({"treatment": {"repaired": "33%"}}, fact(status=Status.REPAIRED), 3_300),
        ({"counts": "in-force"}, fact(until=DAY), 10_000),
        ({"counts": "in-force"}, fact(until=date(2024, 2, 28)), Ignored.ENDED),
        ({"counts": "occurred"}, fact(until=date(2024, 2, 28)), 10_000),
        # A year back from 29 February is 28 February: what happened on that very day no longer counts.
        ({"window": "1y"}, fact(day=date(2023, 3, 1)), 10_000),
        ({"window": "1y"}, fact(day=date(2023, 2, 28)), Ignored.OUTSIDE_WINDOW),
        ({"ageing": {"linear": "100d"}}, fact(day=date(2023, 12, 1)), 1_000),
        ({"ageing": {"linear": "90d"}}, fact(day=date(2023, 12, 1)), Ignored.FADED),
        ({"ageing": {"half_life": "45d"}}, fact(day=date(2023, 12, 1)), 2_500),
        ({"consumes": {"of": "kind", "table": {"grave": 90}}}, fact(kind="grave"), 90_000),
        ({"consumes": {"of": "kind", "table": {"grave": 90}}}, fact(kind="light"), Ignored.CONSUMES_NOTHING),
        ({"consumes": {"of": "kind", "table": {"grave": 90}}}, fact(), Ignored.CONSUMES_NOTHING),
        ({"consumes": LINEAR}, fact(sum=299), 4_000),
        ({"consumes": LINEAR}, fact(sum=-299), Ignored.CONSUMES_NOTHING),
        ({"consumes": LINEAR}, fact(sum=10**40), MOST),
        ({"consumes": STEPS}, fact(sum=9), 5_000),
        ({"consumes": STEPS}, fact(sum=0), 1_000),
        ({"consumes": STEPS}, fact(sum=True), Ignored.CONSUMES_NOTHING),
    ],
)  # fmt: skip
def test_what_one_record_adds(indicator, record, expected):
    assert contribution(indicator, record) == expected


def test_a_record_whose_condition_fails_is_not_listed_and_one_that_matches_twice_counts_once():
    reads = ["fine", {"item": "fine", "where": [{"attribute": "open", "is": True}]}]
    (line,) = both(card({"reads": reads}), [fact(open=True)]).lines
    assert line.points == -10_000
    (line,) = both(card({"reads": reads[1:]}), [fact(open=False), fact(), fact(open="yes")]).lines
    assert line.contributions == ()


def test_the_strongest_counts_and_of_equals_the_first():
    table = {"of": "kind", "table": {"light": 5, "grave": 40}}
    records = [fact(record="a", kind="light"), fact(record="b", kind="grave"), fact(record="c", kind="grave")]
    (line,) = both(card({"measure": "worst", "consumes": table}), records).lines
    assert line.points == -40_000
    assert [(c.amount, c.ignored) for c in line.contributions] == [
        (0, Ignored.NOT_THE_STRONGEST),
        (40_000, None),
        (0, Ignored.NOT_THE_STRONGEST),
    ]


def test_a_sum_adds_aged_and_shared_amounts_before_the_steps():
    owed = {
        "measure": "sum",
        "consumes": {"of": "sum", "steps": [{"from": 0, "points": 1}, {"from": 1000, "points": 20}]},
        "treatment": {"contested": "50%"},
    }
    assert both(card(owed), []).lines[0].points == 0
    assert both(card(owed), [fact(sum=-5)]).lines[0].points == 0
    assert both(card(owed), [fact(sum=600), fact(sum=399)]).lines[0].points == -1_000
    assert both(card(owed), [fact(sum=600), fact(sum=400)]).lines[0].points == -20_000
    assert both(card(owed), [fact(sum=600), fact(sum=798, status=Status.CONTESTED)]).lines[0].points == -1_000


def test_points_stop_at_the_weight_and_the_total_at_the_scale():
    result = both(card({"weight": 25}, {"weight": 90}), [fact()] * 12)
    assert [line.points for line in result.lines] == [-25_000, -90_000]
    assert [line.uncapped for line in result.lines] == [-120_000, -120_000]
    assert (result.total, result.grade) == (0, "C")


GATE = {"gates": [{"name": {"en": "Listed"}, "reads": ["list"], "at_most": "B"}]}


@pytest.mark.parametrize(
    ("listing", "grade"),
    [
        (fact(item="list"), "B"),
        (fact(item="list", status=Status.CONTESTED), "B"),
        (fact(item="list", until=DAY), "B"),
        (fact(item="list", until=date(2024, 2, 28)), "A"),
        (fact(item="list", expires=date(2024, 2, 28)), "A"),
        (fact(item="list", status=Status.REPAIRED), "A"),
        (fact(item="list", status=Status.WITHDRAWN), "A"),
        (fact(item="list", day=date(2024, 3, 1)), "A"),
    ],
)
def test_a_gate_lowers_the_grade_while_a_record_counts(listing, grade):
    result = both(card({}, **GATE), [listing])
    assert (result.total, result.grade, result.gated_by) == (100_000, grade, (0,) if grade == "B" else ())


WINDOWED = {"gates": [{"name": {"en": "New"}, "reads": ["list"], "at_most": "B", "window": "3y"}]}


@pytest.mark.parametrize(
    ("listing", "grade"),
    [
        (fact(item="list"), "B"),
        # Three years back from 29 February is 28 February: that very day is no longer within.
        (fact(item="list", day=date(2021, 3, 1)), "B"),
        (fact(item="list", day=date(2021, 2, 28)), "A"),
        (fact(item="list", day=date(2024, 3, 1)), "A"),
        (fact(item="list", status=Status.REPAIRED), "A"),
    ],
)
def test_a_gate_looks_back_no_further_than_its_window(listing, grade):
    assert both(card({}, **WINDOWED), [listing]).grade == grade


def test_a_gate_gives_a_band_that_no_total_earns():
    bands = [BANDS[0], {"grade": "M", "name": {"en": "New"}, "from": 90}, *BANDS[1:]]
    gates = [{"name": {"en": "New"}, "reads": ["list"], "at_most": "M"}]
    newcomer = card({}, bands=bands, gates=gates)
    assert [both(newcomer, given).grade for given in ([], [fact(item="list")])] == ["A", "M"]
    assert both(newcomer, [fact(), fact(item="list"), fact()]).grade == "B"


def test_a_gate_never_lifts_a_grade():
    result = both(card({"consumes": 70}, **GATE), [fact(), fact(item="list")])
    assert (result.grade, result.gated_by) == ("C", ())


def test_an_occasion_is_judged_by_the_records_of_its_own_day():
    visits = card({"ageing": {"linear": "30d"}, "window": "30d"}, occasion="visit")
    assert both(visits, [fact()]).no_grade is NoGrade.NO_OCCASION
    old, new = date(2020, 1, 1), date(2023, 1, 1)
    records = [fact(old, "visit"), fact(old), fact(old), fact(new, "visit"), fact(new), fact(DAY)]
    result = both(visits, records)
    assert (result.total, result.occasion) == (90_000, new)
    withdrawn = [fact(new, "visit", Status.WITHDRAWN), *(f for f in records if f.item == "fine" or f.day == old)]
    assert (both(visits, withdrawn).total, both(visits, withdrawn).occasion) == (80_000, old)
    reasons = [c.ignored for c in result.lines[0].contributions]
    assert reasons == [Ignored.OTHER_OCCASION, Ignored.OTHER_OCCASION, None, Ignored.OTHER_OCCASION]


def test_what_no_source_has_delivered_is_not_known():
    two = card({"weight": 30}, {"weight": 70, "reads": ["arrears"]}, not_known={"grade_needs": 70})
    result = both(two, [fact()], delivered={"arrears"})
    assert [line.known for line in result.lines] == [False, True]
    assert (result.total, result.known_weight) == (100_000, 700_000)
    assert result.lines[0].contributions[0].ignored is Ignored.NOT_KNOWN
    little = both(two, [fact()], delivered={"fine"})
    assert (little.total, little.grade, little.no_grade) == (None, None, NoGrade.TOO_LITTLE_KNOWN)


def test_a_total_below_every_band_has_no_grade():
    result = both(card({}, bands=BANDS[:1]), [fact(), fact()])
    assert (result.total, result.grade, result.no_grade) == (80_000, None, NoGrade.BELOW_EVERY_BAND)


@pytest.mark.parametrize("measure", ["count", "sum", "worst"])
@pytest.mark.parametrize("per", [1, 10**6, 2**53 - 1])
@pytest.mark.parametrize("ageing", ["none", {"half_life": "3d"}, {"linear": "7d"}])
def test_the_largest_amounts_overflow_nowhere(measure, per, ageing):
    owed = {
        "weight": 10**9,
        "measure": measure,
        "consumes": {"of": "sum", "linear": {"per": per, "points": "0.001"}},
        "ageing": ageing,
        "treatment": {"contested": "33%"},
    }
    wide = card(owed, scale={"from": -(10**9), "to": 10**9, "round": "none"})
    records = [
        fact(sum=amount, day=day, status=status)
        for amount in (10**18, 10**18 - 1, 2**63, 2**53 - 1, 10**15 + 7)
        for day in (DAY, date(2024, 2, 26))
        for status in (Status.ACTIVE, Status.CONTESTED)
    ]
    for some in (records, records * 6, records[::-1], records[16:], *([one] for one in records)):
        both(wide, some)


def test_of_several_gates_the_lowest_decides():
    gates = [{"name": {"en": "G"}, "reads": ["list"], "at_most": grade} for grade in "ABCB"]
    result = both(card({}, gates=gates), [fact(item="list")])
    assert (result.grade, result.gated_by) == ("C", (1, 2, 3))


@pytest.mark.parametrize(
    ("scale", "total"),
    [
        ({"from": 0, "to": 100}, 98_000),
        ({"from": 0, "to": 100, "round": "down"}, 97_000),
        ({"from": 0, "to": 100, "round": "none"}, 97_500),
        ({"from": 0, "to": 97, "to_nearest": 10}, 97_000),
    ],
)
def test_rounding(scale, total):
    assert both(card({"consumes": 2.5}, scale=scale), [fact()]).total == total


def test_a_card_applies_to_its_kinds_and_schemes():
    kind = card({}).subjects[0]
    assert applies(card({}), kind, "cn-uscc")
    assert not applies(card({}, schemes=["lei"]), kind, "cn-uscc")
    assert not applies(card({}, subjects=["government-body"]), kind, "cn-uscc")


def test_periods_never_reach_beyond_the_calendar():
    ages = Period.model_validate("9000y")
    assert reach(ages, DAY) == DAY.toordinal() - 1
    assert reach(ages, date.min) == 1
    assert (
        both(card({"window": "9000y", "ageing": {"linear": "9000y"}}), [fact(date.min)], date.min).total == 90_000
    )


def test_a_half_life_is_exact():
    assert [halved(age, 2) for age in (0, 2, 4, 40, 42)] == [10**6, 500_000, 250_000, 0, 0]
    assert halved(1, 2) == int(Decimal(10**6) / Decimal(2).sqrt())


def test_a_card_too_large_for_its_tables_is_refused(monkeypatch):
    steps = [{"from": n, "points": 1} for n in range(600)]
    many = card({"consumes": {"of": "a", "steps": steps}}, {"consumes": {"of": "b", "steps": steps}})
    with pytest.raises(RulebookError, match="kinds of record") as refused:
        compile_card(many, DAY)
    assert refused.value.remedy
    monkeypatch.setattr(compiling, "TABLES_MOST", 1000)
    with pytest.raises(RulebookError, match="ageing tables"):
        compile_card(card({"window": "5y"}), DAY)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"scale": {"from": 0, "to": 1, "to_nearest": 0}}, "rounds to the nearest nothing"),
        ({"gates": [{"name": {"en": "G"}, "reads": ["list"], "at_most": "Z"}]}, "no such band"),
        ({"bands": [{"grade": f"G{n}", "name": {"en": "G"}, "from": -n} for n in range(200)]}, "200 bands"),
    ],
)
def test_a_card_that_contradicts_itself_is_refused(more, message):
    with pytest.raises(RulebookError, match=message):
        compile_card(card({}, **more), DAY)


def test_no_organisations_and_no_records():
    compiled = compile_card(card({}), DAY)
    assert score(compiled, encode(compiled, [])).totals.tolist() == []
    assert score(compiled, encode(compiled, [[], []])).totals.tolist() == [100_000, 100_000]


def test_machine_code_works_where_no_folder_can_keep_it():
    names = {"machine_code": kernel.machine_code}
    # A function without a file has no place for a cache, as one in a read-only folder without a home.
    exec("@machine_code\ndef twice(n):\n    return 2 * n\n", names)
    assert names["twice"](21) == 42


def test_a_contested_record_is_said_although_its_points_cancel_out() -> None:
    even = card({"direction": "award"}, {}, base=50)
    compiled = compile_card(even, DAY)
    found = score(compiled, encode(compiled, [[fact(status=Status.CONTESTED)], [fact()], []]))
    assert found.totals.tolist() == [50_000] * 3
    assert found.contested.tolist() == [True, False, False]
