"""Laws that hold for every criterion and every file."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.procedures.criteria_world import EVERYTHING, LAW, TODAY, record, rule

from probity.procedures import evaluate
from probity.rulebook import ListKind, Status

RANK = {False: 0, None: 1, True: 2}
WORDS = {True: "met", False: "not met", None: "not known"}
AGAINST = ("fine", "order", "tip")
"""What is counted towards the ground here; ``HELPFUL`` is in its way, or measures a rate."""
HELPFUL = ("honour", "declarations")

windows = st.sampled_from([{}, {"within": "1y"}, {"within": "30d"}, {"year": "this"}, {"year": "previous"}])
flags = st.sampled_from([{}, {"in_force": True}])
tests = st.sampled_from([{}, {"where": [{"attribute": "amount", "at_least": 2}]}])


def looks(items: tuple[str, ...]) -> st.SearchStrategy[dict]:
    names = st.lists(st.sampled_from(items), min_size=1, max_size=2, unique=True)
    return st.builds(lambda of, *more: {"items": of} | more[0] | more[1] | more[2], names, windows, flags, tests)


def rate(of: dict, per: dict, over: int) -> dict:
    return {"rate": {"of": of, "per": {"of": per, "attribute": "number"}, "more_than": f"1/{over}"}}


def years(of: dict, many: int) -> dict:
    return {"years": {"of": of, "attribute": "year", "consecutive": many}}


def fact(name: str) -> dict:
    return {"established": {"fact": name, "name": {"en": name}}}


limits = st.one_of(
    st.builds(lambda number: {"at_least": number}, st.integers(1, 4)),
    st.builds(lambda number: {"more_than": number}, st.integers(0, 4)),
)
against = looks(AGAINST)
leaves = st.one_of(
    st.builds(lambda of, limit: {"count": of} | limit, against, limits),
    st.builds(lambda of, limit: {"sum": {"of": of, "attribute": "amount"}} | limit, against, limits),
    st.builds(rate, against, looks(("declarations",)), st.integers(1, 4)),
    st.builds(years, against, st.integers(1, 2)),
    st.builds(lambda of: {"none": of}, looks(HELPFUL)),
    st.just({"not_listed": {"kinds": ["serious-violation"]}}),
    st.builds(fact, st.sampled_from(["able", "hides"])),
)
trees = st.recursive(
    leaves,
    lambda inner: st.builds(
        lambda word, parts: {word: parts}, st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=3)
    ),
    max_leaves=5,
)
records = st.builds(
    lambda item, back, lasts, status, number: record(
        item,
        TODAY - timedelta(back),
        to=None if lasts is None else TODAY - timedelta(back - lasts),
        status=status,
        amount=number,
        number=number,
        year=2024 - number,
        id_=f"{item}-{back}-{number}-{status}-{lasts}",
    ),
    st.sampled_from(AGAINST + HELPFUL),
    st.integers(-5, 500),
    st.none() | st.integers(0, 500),
    st.sampled_from(list(Status)),
    st.integers(0, 4),
)
files = st.lists(records, max_size=7)
sources = st.sets(st.sampled_from(sorted(EVERYTHING)))
facts = st.sets(st.sampled_from(["able", "hides"]))
adverse = st.sampled_from([kind.value for kind in ListKind if kind.adverse])
kinds = st.sampled_from([kind.value for kind in ListKind])
RUNS = settings(max_examples=150, deadline=None)


def stands(requires, file, delivered, known=(), kind="serious-violation"):
    found = evaluate(rule(requires, kind=kind), file, LAW, TODAY, delivered=delivered, established=known)
    return found["ground"]


@RUNS
@given(trees, files, sources, facts, adverse, st.data())
def test_less_against_an_organisation_never_brings_an_adverse_entry_closer(tree, file, heard, known, kind, data):
    before = stands(tree, file, heard, known, kind)
    speaking = [each for each in file if each.item in AGAINST]
    gone = data.draw(st.sampled_from(speaking)) if speaking else None
    after = stands(tree, [each for each in file if each is not gone], heard, known, kind)
    assert RANK[after.met] <= RANK[before.met]
    assert not (after.possible and not before.possible and not before.met)


@RUNS
@given(trees, files, sources, facts, adverse, st.integers(0, 400))
def test_what_helps_an_organisation_never_brings_an_adverse_entry_closer(tree, file, heard, known, kind, back):
    before = stands(tree, file, heard, known, kind)
    after = stands(tree, [*file, record("honour", TODAY - timedelta(back), amount=4)], heard, known, kind)
    assert RANK[after.met] <= RANK[before.met]


@RUNS
@given(trees, files, sources, facts, adverse, records)
def test_what_does_not_stand_and_market_information_support_nothing_adverse(tree, file, heard, known, kind, more):
    if more.item not in AGAINST or (
        more.item != "tip" and more.status is Status.ACTIVE and more.valid_from <= TODAY
    ):
        return
    before, after = stands(tree, file, heard, known, kind), stands(tree, [*file, more], heard, known, kind)
    assert (after.met, after.records, after.possible) == (before.met, before.records, before.possible)


@RUNS
@given(trees, files, sources, facts, kinds, st.sampled_from(["grade", "card:cn/enterprise", "listing.found"]))
def test_what_no_condition_reads_changes_nothing(tree, file, heard, known, kind, item):
    unread = record(item, TODAY, grade="E", total=1, amount=4)
    assert stands(tree, [unread, *file], heard, known, kind) == stands(tree, file, heard, known, kind)


@RUNS
@given(trees, files, sources, facts, kinds, st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(tree, file, heard, known, kind, chance):
    shuffled = chance.sample(file, len(file))
    assert stands(tree, shuffled, heard, known, kind) == stands(tree, file, heard, known, kind)


@RUNS
@given(trees, files, sources, facts, kinds, files)
def test_what_is_known_cannot_be_turned_by_what_is_yet_to_be_delivered(tree, file, heard, known, kind, to_come):
    now = stands(tree, file, heard, known, kind)
    late = [each for each in to_come if each.item not in heard]
    then = stands(tree, [*file, *late], EVERYTHING, known, kind)
    assert now.met is None or then.met is now.met
    if heard == EVERYTHING:
        assert now.met is not None, "with every source there, nothing is left open"


@RUNS
@given(trees, files, sources, facts, facts, kinds)
def test_more_established_never_makes_a_ground_less_met(tree, file, heard, known, more, kind):
    before = stands(tree, file, heard, known, kind)
    after = stands(tree, file, heard, known | more, kind)
    assert RANK[after.met] >= RANK[before.met]
    if before.possible:
        assert before.missing
        assert stands(tree, file, heard, known | set(before.missing), kind).met is True


@RUNS
@given(trees, files, sources, facts, kinds)
def test_every_condition_gives_a_line_and_the_first_says_how_it_stands(tree, file, heard, known, kind):
    found = stands(tree, file, heard, known, kind)
    walk = rule(tree, kind=kind).criteria[0].requires.walk()
    assert len(found.why) == len(walk)
    assert found.why[0].startswith(f"{WORDS[found.met]}: ")
    assert all(line.split(":")[0] in WORDS.values() for line in found.why)
    assert set(found.records) <= {each.id for each in file}
    assert len(set(found.records)) == len(found.records)


@RUNS
@given(trees, files, sources, facts, adverse, st.dates(date(2024, 7, 1), date(2034, 1, 1)))
def test_nothing_adverse_is_met_by_time_alone(tree, file, heard, known, kind, later):
    """Without a window of a calendar year, time takes records away and brings none; years in a row move on."""
    if any(word in str(tree) for word in ("year", "in_force", "rate", "none", "not_listed")):
        return
    past = [each for each in file if each.valid_from <= TODAY]
    now = stands(tree, past, heard, known, kind)
    then = evaluate(rule(tree, kind=kind), past, LAW, later, delivered=heard, established=known)["ground"]
    assert RANK[then.met] <= RANK[now.met]
