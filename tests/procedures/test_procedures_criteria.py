"""What each kind of condition says: at, below and above its threshold, and where a source has not delivered."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.procedures.criteria_world import LAW, TODAY, record, rule, verdict

from probity.procedures import evaluate
from probity.rulebook import ListKind, Status

FINES = {"count": "fine", "at_least": 2}
DAY = timedelta(days=1)


def days(*back: int, item: str = "fine", **attributes):
    return [record(item, TODAY - n * DAY, **attributes) for n in back]


@pytest.mark.parametrize(("many", "met"), [(0, False), (1, False), (2, True), (3, True)])
def test_a_count(many, met):
    found = verdict(rule(FINES), *days(*range(many)))
    assert found.met is met
    assert len(found.records) == many
    word = "met" if met else "not met"
    assert found.why == (f"{word}: {many} of fine records, at least 2 needed",)
    assert (found.amount, found.missing, found.possible, found.near) == (None, (), False, False)


@pytest.mark.parametrize(("amount", "met"), [(999, False), (1000, False), (1001, True)])
def test_a_sum_of_more_than(amount, met):
    asked = rule({"sum": {"of": {"items": ["fine", "order"]}, "attribute": "amount"}, "more_than": 1000})
    found = verdict(asked, record(amount=amount - 1), record("order", amount=1))
    assert found.met is met
    assert f"{amount} fen of fine records or order records, more than 1000 needed" in found.why[0]


def test_what_is_no_whole_number_or_negative_adds_nothing():
    asked = rule({"sum": {"of": "fine", "attribute": "amount"}, "at_least": 1})
    for nothing in (True, "7", None, -5):
        assert verdict(asked, record(amount=nothing)).met is False
    assert verdict(asked, record()).met is False
    assert verdict(asked, record(amount=3), record(on=TODAY - DAY, amount=-3)).met is True


RATE = {"rate": {"of": "fine", "per": {"of": "declarations", "attribute": "number"}, "more_than": "1/1000"}}


@pytest.mark.parametrize(("units", "met"), [(2001, False), (2000, False), (1999, True), (0, False)])
def test_a_rate_is_compared_without_division(units, met):
    assert verdict(rule(RATE), *days(1, 2), record("declarations", number=units)).met is met


@pytest.mark.parametrize(
    ("fines", "units", "silent", "met"),
    [
        (2, 1000, {"declarations"}, None),  # more declarations could undo it
        (1, 1000, {"declarations"}, False),  # and could not bring it
        (1, 1000, {"fine"}, None),  # more fines could bring it
        (2, 1000, {"fine"}, True),  # and could not undo it
        (0, 0, {"declarations"}, False),  # no fines, no rate
        (1, 0, {"declarations"}, None),
        (1, 0, {"fine"}, False),  # nothing to measure by
        (0, 0, {"fine", "declarations"}, None),
        (1, 1000, {"fine", "declarations"}, None),
    ],
)
def test_a_rate_whose_sources_have_not_delivered(fines, units, silent, met):
    records = [*days(*range(fines)), *([record("declarations", number=units)] if units else [])]
    assert verdict(rule(RATE), *records, silent=silent).met is met


@pytest.mark.parametrize(
    ("years", "met"),
    [
        ((2022, 2023), True), ((2021, 2023), False), ((2023, 2024), False), ((2021, 2022), False),
        ((2021, 2022, 2023), True),
    ],
)  # fmt: skip
def test_years_in_a_row_end_with_the_one_before(years, met):
    asked = rule({"years": {"of": "paid", "attribute": "year", "consecutive": 2}}, kind="red")
    found = verdict(asked, *(record("paid", TODAY - n * DAY, year=year) for n, year in enumerate(years)))
    assert found.met is met
    if met:
        assert len(found.records) == 2, "the years before are no evidence"


def test_none_and_established_and_not_listed():
    assert verdict(rule({"none": "honour"})).met is True
    assert verdict(rule({"none": "honour"}), record("honour")).met is False
    fact = rule({"established": {"fact": "hides", "name": {"en": "It hides property"}}})
    assert verdict(fact, established=("hides",)).met is True
    found = verdict(fact)
    assert (found.met, found.missing, found.possible) == (False, ("hides",), True)
    assert found.why == ("not met: It hides property (a person must establish it)",)
    elsewhere = rule({"not_listed": {"kinds": ["serious-violation"]}}, kind="red")
    assert verdict(elsewhere).met is True
    assert verdict(elsewhere, held=(("other", ListKind.SERIOUS_VIOLATION),)).met is False
    assert verdict(elsewhere, held=(("other", ListKind.WATCH), ("own", ListKind.SERIOUS_VIOLATION))).met is True


def test_absence_from_lists_that_have_not_delivered_is_not_known():
    elsewhere = rule({"not_listed": {"kinds": ["serious-violation"]}}, kind="red")
    found = verdict(elsewhere, silent={"entry"})
    assert (found.met, found.why) == (None, (
        "not known: on no other list (serious-violation); entry records has not delivered",
    ))  # fmt: skip
    assert verdict(elsewhere, silent={"warned"}).met is True, "a watch list is not asked about"
    assert verdict(elsewhere, silent={"entry"}, held=(("x", ListKind.SERIOUS_VIOLATION),)).met is False


@pytest.mark.parametrize(
    ("requires", "records", "met"),
    [
        (FINES, 0, None), (FINES, 1, None), (FINES, 2, True),
        ({"sum": {"of": "fine", "attribute": "amount"}, "more_than": 1}, 1, None),
        ({"sum": {"of": "fine", "attribute": "amount"}, "more_than": 1}, 2, True),
        ({"none": "fine"}, 0, None), ({"none": "fine"}, 1, False),
        ({"years": {"of": "fine", "attribute": "year", "consecutive": 1}}, 0, None),
        ({"years": {"of": "fine", "attribute": "year", "consecutive": 1}}, 1, True),
    ],
)  # fmt: skip
def test_a_source_that_has_not_delivered_leaves_open_what_it_could_turn(requires, records, met):
    given = days(*range(records), amount=1, year=2023)
    found = verdict(rule(requires), *given, silent={"fine"})
    assert found.met is met
    assert ("fine records has not delivered" in found.why[0]) == (met is None)


@pytest.mark.parametrize(
    ("parts", "every", "some"),
    [
        ((True, True), True, True), ((True, False), False, True), ((False, False), False, False),
        ((True, None), None, True), ((False, None), False, None), ((None, None), None, None),
    ],
)  # fmt: skip
def test_all_and_any_in_three_values(parts, every, some):
    kinds = {True: {"none": "honour"}, False: {"count": "honour", "at_least": 1}, None: {"none": "fine"}}
    conditions = [kinds[part] for part in parts]
    assert verdict(rule({"all": conditions}), silent={"fine"}).met is every
    assert verdict(rule({"any": conditions}), silent={"fine"}).met is some


def test_each_condition_has_a_line_of_its_own():
    asked = rule({"all": [FINES, {"any": [{"none": "honour"}, {"none": "tip"}]}]})
    found = verdict(asked, silent={"honour"})
    assert [line.split(":")[0] for line in found.why] == ["not met", "not met", "met", "not known", "met"]
    assert len(found.why) == len(asked.criteria[0].requires.walk())


def test_what_supports_one_of_several_grounds_is_the_evidence_of_that_one_alone():
    asked = rule({"any": [{"count": "fine", "at_least": 1}, {"count": "order", "at_least": 2}]})
    assert verdict(asked, record("fine"), record("order")).records == (f"fine-{TODAY}",)
    assert verdict(asked, record("order")).records == (f"order-{TODAY}",)


@pytest.mark.parametrize(
    ("window", "day", "counts"),
    [
        ({"within": "1y"}, date(2023, 6, 30), False), ({"within": "1y"}, date(2023, 7, 1), True),
        ({"within": "1d"}, TODAY, True), ({"within": "1d"}, TODAY - DAY, False),
        ({"within": "9999y"}, date(1, 1, 2), True), ({}, TODAY, True), ({}, TODAY + DAY, False),
        ({"year": "this"}, date(2024, 1, 1), True), ({"year": "this"}, date(2023, 12, 31), False),
        ({"year": "this"}, TODAY + DAY, False),
        ({"year": "previous"}, date(2023, 1, 1), True), ({"year": "previous"}, date(2024, 1, 1), False),
        ({"year": "previous"}, date(2022, 12, 31), False),
    ],
)  # fmt: skip
def test_windows(window, day, counts):
    asked = rule({"count": {"item": "fine", **window}, "at_least": 1})
    assert verdict(asked, record(on=day)).met is counts


def test_what_ended_counts_where_it_need_not_be_in_force():
    over, lasting = record(on=TODAY - 9 * DAY, to=TODAY - DAY), record(on=TODAY - 9 * DAY, to=TODAY)
    for asked, found in (({}, True), ({"in_force": True}, False)):
        assert verdict(rule({"count": {"item": "fine", **asked}, "at_least": 1}), over).met is found
    assert verdict(rule({"count": {"item": "fine", "in_force": True}, "at_least": 1}), lasting).met is True


GONE = [{"status": status} for status in (Status.WITHDRAWN, Status.REPAIRED, Status.EXPIRED)]


@pytest.mark.parametrize("gone", [*GONE, {"expires": TODAY - DAY}])
@pytest.mark.parametrize("kind", ["serious-violation", "red"])
def test_what_does_not_stand_counts_nowhere(gone, kind):
    assert verdict(rule({"count": "fine", "at_least": 1}, kind=kind), record(**gone)).met is False
    assert verdict(rule({"none": "fine"}, kind=kind), record(**gone)).met is True


def test_the_last_day_of_a_term_still_counts():
    assert verdict(rule({"count": "fine", "at_least": 1}), record(expires=TODAY)).met is True


@pytest.mark.parametrize("doubtful", [record(status=Status.CONTESTED), record("tip")])
def test_in_doubt_for_the_organisation(doubtful):
    """A contested record and a market one count where that helps, and not where it harms (charter 7, 8)."""
    item = doubtful.item
    for kind, counted in (
        ("serious-violation", False),
        ("watch", False),
        ("abnormal-operation", False),
        ("red", True),
    ):
        assert verdict(rule({"count": item, "at_least": 1}, kind=kind), doubtful).met is counted, kind
        assert verdict(rule({"none": item}, kind=kind), doubtful).met is counted, kind


def test_a_contested_record_is_mentioned():
    found = verdict(rule(FINES), *days(0), record(on=TODAY - DAY, status=Status.CONTESTED))
    assert found.why == ("not met: 1 of fine records, at least 2 needed; 1 contested, not counted",)
    assert found.records == (f"fine-{TODAY}",)


def test_the_units_of_a_rate_count_where_that_helps():
    units = record("declarations", number=1000, status=Status.CONTESTED)
    assert verdict(rule(RATE), *days(1), units).met is False
    assert verdict(rule(RATE), *days(1, 2), units).met is True
    assert verdict(rule(RATE, kind="red"), *days(1, 2), units).met is False, "nothing is left to measure by"


def test_conditions_on_attributes():
    asked = rule({"count": {"item": "fine", "where": [{"attribute": "severity", "is": "serious"}]}, "at_least": 1})
    assert verdict(asked, record(severity="serious")).met is True
    assert verdict(asked, record(severity="minor")).met is False
    assert verdict(asked, record()).met is False
    amounts = rule(
        {"count": {"item": "fine", "where": [{"attribute": "amount", "at_least": 5, "below": 7}]}, "at_least": 1}
    )
    assert [verdict(amounts, record(amount=n)).met for n in (4, 5, 6, 7, True)] == [
        False,
        True,
        True,
        False,
        False,
    ]


def test_possible_says_that_nothing_but_facts_is_missing():
    asked = rule({"all": [FINES, {"established": {"fact": "able", "name": {"en": "Able"}}}]})
    short = verdict(asked, *days(1))
    assert (short.met, short.missing, short.possible) == (False, ("able",), False)
    ready = verdict(asked, *days(1, 2))
    assert (ready.met, ready.missing, ready.possible) == (False, ("able",), True)
    done = verdict(asked, *days(1, 2), established=("able",))
    assert (done.met, done.missing, done.possible) == (True, (), False)
    facts = [{"established": {"fact": fact, "name": {"en": fact}}} for fact in ("one", "other")]
    either = rule({"any": facts})
    assert verdict(either).missing == ("one", "other")
    assert verdict(either, established=("other",)).missing == (), "what is met lacks nothing"
    unsure = verdict(asked, *days(1), silent={"fine"})
    assert (unsure.met, unsure.possible) == (False, False)


def test_near_is_what_the_warning_says_and_met_is_not_near():
    asked = rule(FINES, warns={"count": "fine", "at_least": 1})
    assert [verdict(asked, *days(*range(n))).near for n in range(3)] == [False, True, False]
    assert verdict(asked, *days(1)).records == (f"fine-{TODAY - DAY}",)
    assert verdict(rule(FINES, warns={"none": "honour"}), silent={"honour"}).near is False, "not known is not near"


def test_a_ground_that_ended_is_none():
    asked = rule(FINES, ends=TODAY, warns={"none": "honour"})
    assert verdict(asked, *days(1, 2)).met is True
    late = verdict(asked, *days(1, 2), today=TODAY + DAY)
    assert (late.met, late.near, late.possible, late.records) == (False, False, False, ())
    assert late.why == (f"not met: this ground could be used until {TODAY}",)


def test_the_amount_is_that_of_the_bands():
    bands = {
        "measured_by": {"of": {"item": "fine", "within": "1y"}, "attribute": "amount"},
        "bands": [{"band": "all", "name": {"en": "All"}, "from": 0}],
    }
    old, contested = (
        record(on=date(2020, 1, 1), amount=9),
        record(on=TODAY - DAY, amount=5, status=Status.CONTESTED),
    )
    found = verdict(rule(FINES, bands=bands), record(amount=7), old, contested)
    assert found.amount == 7
    assert verdict(rule(FINES, bands=bands)).amount == 0


def test_a_list_without_criteria_has_no_verdicts():
    assert evaluate(LAW.lists[0], (), LAW, TODAY, delivered=()) == {}
