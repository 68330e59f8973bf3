"""A preview counts everyone once, whatever the parts, says of small groups no more than is known, and explains
every point of a move."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from probity.rulebook import WHOLE, Scorecard, Status, Text, load, load_with_draft
from probity.scoring import Fact, evaluate, explain
from probity.scoring.preview import (
    LEAST,
    NAMED,
    NOT_GRADED,
    ClassCount,
    Coded,
    Results,
    Tally,
    at_one_level,
    changes,
    dimensions,
    moved,
    moves,
    notes,
    outcomes,
    overall,
    region_name,
    region_of,
    wilson,
)

ROOT = Path(__file__).parents[2]
LAW = load(ROOT / "rulebooks")
DAY = date(2023, 6, 30)
OLD = LAW.card("cn-zhejiang-2020/enterprise", DAY)
DRAFT_LAW, NEW = load_with_draft(ROOT / "rulebooks", ROOT / "docs" / "drafts" / "enterprise-2024.yaml")
LIVES = LAW.card("us-sf-food/lives", date(2018, 2, 16))
GRADES = len(OLD.bands)

Row = tuple[int, int, int, int, str | None]
"""Old total and grade, new total and grade, class."""
totals = st.integers(0, 1000).map(lambda points: points * 1000)
grades = st.sampled_from([*range(GRADES), -1, NOT_GRADED])
rows = st.lists(st.tuples(totals, grades, totals, grades, st.sampled_from(["a", "b", "c", None])), max_size=80)


def counted(people: list[Row], parts: int = 1, *, backwards: bool = False, new: Scorecard = NEW) -> Tally:
    """A tally of them, in so many parts."""
    tally = Tally(OLD, new)
    pieces = np.array_split(np.arange(len(people)), parts)
    for piece in reversed(pieces) if backwards else pieces:
        mine = [people[n] for n in piece]
        values = tuple(dict.fromkeys(row[4] for row in mine))
        tally.add(
            np.array(piece, np.int64),
            Results(np.array([row[0] for row in mine], np.int64), np.array([row[1] for row in mine], np.int64)),
            Results(np.array([row[2] for row in mine], np.int64), np.array([row[3] for row in mine], np.int64)),
            {"sector": Coded(np.array([values.index(row[4]) for row in mine], np.int64), values)},
        )
    return tally


def compared(people: list[Row]) -> list[Row]:
    return [row for row in people if row[1] >= 0 and row[3] >= 0]


@given(rows)
def test_everyone_whom_a_card_grades_is_counted_once(people: list[Row]) -> None:
    tally = counted(people)
    both = Counter((row[1], row[3]) for row in people if (row[1], row[3]) != (NOT_GRADED, NOT_GRADED))
    places = {**{n: n for n in range(GRADES)}, -1: GRADES, NOT_GRADED: GRADES + 1}
    assert {
        (n, m): count for n, row in enumerate(tally.matrix.tolist()) for m, count in enumerate(row) if count
    } == {(places[old], places[new]): count for (old, new), count in both.items()}
    assert tally.organisations == both.total()
    found = outcomes(tally.outcomes.tolist())
    assert found.better == sum(row[3] < row[1] for row in compared(people))
    assert found.worse == sum(row[3] > row[1] for row in compared(people))
    assert found.compared == len(compared(people))
    assert found.compared + found.apart == tally.organisations


@given(rows)
def test_moves_are_those_of_the_sorted_list(people: list[Row]) -> None:
    tally = counted(people)
    each = sorted(row[2] - row[0] for row in compared(people))
    found = moves(tally)
    assert (found.up, found.down, found.none) == (
        sum(move > 0 for move in each),
        sum(move < 0 for move in each),
        sum(move == 0 for move in each),
    )
    for quantile in found.quantiles:
        assert quantile.move == each[max(1, -(-len(each) * quantile.per_cent // 100)) - 1]
    for sign in (1, -1):
        far = [(row[2] - row[0], n) for n, row in enumerate(people) if row in compared(people)]
        wanted = sorted(
            [(move, n) for move, n in far if move * sign > 0], key=lambda one: (-sign * one[0], one[1])
        )
        assert tally.most(sign) == [(n, move) for move, n in wanted[:NAMED]]
        last = wanted[NAMED - 1][0] if len(wanted) >= NAMED else None
        assert tally.beyond(sign) == (
            0 if last is None else sum(m * sign >= last * sign for m, _ in wanted) - NAMED
        )


@given(rows, st.integers(1, 7), st.booleans())
def test_parts_and_their_order_change_nothing(people: list[Row], parts: int, backwards: bool) -> None:
    once, often = counted(people), counted(people, parts, backwards=backwards)
    assert (once.matrix == often.matrix).all()
    assert moves(once) == moves(often)
    assert overall(once) == overall(often)
    assert [once.most(sign) for sign in (1, -1)] == [often.most(sign) for sign in (1, -1)]
    assert [once.beyond(sign) for sign in (1, -1)] == [often.beyond(sign) for sign in (1, -1)]
    assert dimensions(once, {}) == dimensions(often, {})


@given(rows.map(lambda some: some * 3))
def test_no_class_is_shown_that_is_small_or_would_tell_a_small_one_by_subtraction(people: list[Row]) -> None:
    tally = counted(people)
    (shown,) = dimensions(tally, {}) or (None,)
    sizes = Counter(row[4] for row in compared(people))
    if shown is None or not shown.rows:
        assert (
            sum(size >= LEAST for size in sizes.values()) < 2 or sum(sizes.values()) < 2 * LEAST or len(sizes) < 3
        )
        return
    assert sum(row.compared for row in shown.rows) == len(compared(people))
    assert all(row.compared >= LEAST for row in shown.rows)
    for row in shown.rows:
        assert row.together != 1
        if not row.together:
            assert row.compared == sizes[row.value]
            assert row.better.count == sum(p[3] < p[1] for p in compared(people) if p[4] == row.value)


def test_small_classes_join_until_there_are_enough() -> None:
    def some(sector: str, number: int) -> list[Row]:
        return [(800_000, 1, 800_000, 1, sector)] * number

    def shown(people: list[Row]) -> dict[str, int]:
        (found,) = dimensions(counted(people), {"sector": {"a": Text(en="Alpha")}})
        return {row.name.en: row.compared for row in found.rows}

    assert shown(some("a", 30) + some("b", 20)) == {"Alpha": 30, "b": 20}
    assert shown(some("a", 30) + some("b", 20) + some("c", 12) + some("d", 1)) == {
        "Alpha": 30,
        "b": 20,
        "2 small classes, together": 13,
    }
    assert shown(some("a", 30) + some("b", 6) + some("c", 6)) == {"Alpha": 30, "2 small classes, together": 12}
    assert shown(some("a", 30) + some("b", 3)) == {}


@given(st.integers(0, 5000), st.integers(0, 5000))
@example(0, 0)
@example(0, 10)
@example(10, 0)
def test_an_interval_holds_its_share_and_never_collapses(count: int, others: int) -> None:
    of = count + others
    low, high = wilson(count, of)
    assert 0 <= low <= high <= WHOLE
    if of:
        assert low * of <= count * WHOLE <= high * of
        assert low < high
    wide = wilson(count, of, 0.999)
    assert wide[0] <= low
    assert wide[1] >= high


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(0, 10, 0, 277_533), (10, 10, 722_467, WHOLE), (5, 10, 236_593, 763_407), (81, 263, 255_289, 366_207)],
)
def test_intervals_of_the_literature(count: int, of: int, low: int, high: int) -> None:
    assert wilson(count, of) == pytest.approx((low, high), abs=60)


def test_a_class_is_flagged_only_where_its_interval_excludes_everyones_share() -> None:
    up, same = (700_000, 3, 860_000, 0), (800_000, 1, 800_000, 1)
    people: list[Row] = [(*same, "many")] * 900 + [(*up, "many")] * 100
    people += [(*up, "other")] * 60 + [(*up, "few")] * 2 + [(*same, "few")] * 9
    (found,) = dimensions(counted(people), {})
    (everyone, _) = overall(counted(people))
    flags = {row.value: (row.better.differs, row.better.strongly) for row in found.rows}
    assert flags == {"few": (False, False), "many": (True, True), "other": (True, True)}
    for row in found.rows:
        assert row.better.differs == (not row.better.low <= everyone.share <= row.better.high)
    said = " ".join(note.en for note in notes(counted(people), (found,)))
    assert "6 intervals are compared" in said
    assert "about 0.3 of them" in said


def test_cards_with_other_grades_are_compared_by_the_place_of_their_totals() -> None:
    tally = Tally(OLD, LIVES)
    assert not tally.by_grade
    old = Results(np.array([500_000, 500_000, 900_000], np.int64), np.array([4, 4, 0], np.int64))
    new = Results(np.array([90_000, 50_000, 10_000], np.int64), np.array([0, 2, 2], np.int64))
    tally.add(np.arange(3), old, new, {})
    assert outcomes(tally.outcomes.tolist()).model_dump() == {"better": 1, "same": 1, "worse": 1, "apart": 0}
    assert tally.most(1) == [(0, 400_000)]
    assert tally.most(-1) == [(2, -800_000)]
    assert moves(tally).unit == "scale"


# -- words ---------------------------------------------------------------------------------------------

said: dict[str, dict[str, Any]] = {
    "penalty.administrative": {"severity": "minor"},
    "list.red": {"list": "A"},
    "list.abnormal-operation": {},
    "charity.donation": {"amount": 20_000_000},
    "honour.award": {"level": "national"},
    "tax.non-normal": {},
    "register.organisation": {"size": "large"},
}
happened = st.lists(
    st.tuples(
        st.sampled_from(sorted(said)), st.integers(0, 1500), st.sampled_from([Status.ACTIVE, Status.CONTESTED])
    ),
    max_size=12,
)


@given(happened)
def test_the_changes_add_up_to_the_move(records: list[tuple[str, int, Status]]) -> None:
    facts = [
        Fact(f"r{n}", item, DAY - timedelta(days=age), None, None, status, said[item])
        for n, (item, age, status) in enumerate(records)
    ]
    before = explain(evaluate(OLD, facts, DAY), OLD, facts, LAW)
    after = explain(evaluate(NEW, facts, DAY), NEW, facts, DRAFT_LAW)
    assert before.total is not None
    assert after.total is not None
    found = moved("x:1", "X", before, after, move=after.total - before.total, generated=True)
    assert found.base + found.rest + sum(change.difference for change in found.changes) == found.move
    assert all(change.difference for change in found.changes)
    assert found.rest == 0 or abs(found.rest) < 1000 or {before.total, after.total} & {0, 1_000_000}
    counts = {each.item for each in facts if each.status is Status.CONTESTED}
    if found.contested:
        assert counts
    assert all(change.why.en and change.why.zh for change in found.changes)


def test_every_rule_that_differs_is_told_and_no_other() -> None:
    found = {change.what.en: change for change in changes(OLD, NEW, DRAFT_LAW)}
    assert set(found) == {
        "Abnormal operations",
        "Tax non-normal household",
        "Social insurance arrears",
        "Administrative penalties",
        "Charitable donations",
        "Allowance for size",
        "On a redlist",
        "Honours",
    }
    assert found["Allowance for size"].before is None
    assert found["Administrative penalties"].after
    assert "Falls evenly to nothing over 3 years" in found["Administrative penalties"].after.en
    assert changes(OLD, OLD, LAW) == ()
    others = {change.what.en for change in changes(OLD, LIVES, LAW)}
    assert {"Scale", "Grades", "To begin with", "Applies to", "Occasion"} <= others


def test_regions_are_told_at_the_highest_level_that_divides_them() -> None:
    def level(*codes: str | None) -> set[str | None]:
        return set(at_one_level({code: ClassCount(np.array([1, 0, 0, 0]), 5) for code in codes}))

    assert level("330106", "110101", None) == {"33", "11", None}
    assert level("330106", "330203") == {"3301", "3302"}
    assert level("330106", "330108") == {"330106", "330108"}
    assert level("330106") == {"33"}
    assert region_of("cn-uscc:91330106000000010X") == "330106"
    assert region_of("us-sf-business:19") is None
    assert (region_name("33", {}).en, region_name("33", {}).zh) == ("Zhejiang", "浙江省")
    assert region_name("330106", {}).en == "浙江省杭州市西湖区"
    assert region_name("339901", {"339901": "拟州市"}).en == "拟州市"
    assert region_name("339902", {}).en == "339902"
