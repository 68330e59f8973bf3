"""Grades in public: points always add up; records that are not open are counted and never listed (ADR 0006)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from probity.canon import canonical
from probity.publication import PublicGrade, public_grade
from probity.rulebook import Status, load
from probity.scoring import Explanation, Fact, GroupLine, IndicatorLine, evaluate, explain

LAW = load(Path(__file__).parents[2] / "rulebooks")
DAY = date(2023, 6, 30)
CARD = LAW.card("cn-zhejiang-2020/enterprise", DAY)
READ = sorted({reads.item for indicator in CARD.indicators for reads in indicator.reads})


def lines(explanation: Explanation) -> Iterator[IndicatorLine]:
    def walk(groups: tuple[GroupLine, ...]) -> Iterator[IndicatorLine]:
        for group in groups:
            yield from group.indicators
            yield from walk(group.groups)

    return walk(explanation.groups)


FACTS = st.lists(
    st.tuples(
        st.sampled_from(READ),
        st.integers(0, 400),
        st.sampled_from([status for status in Status if status is not Status.EXPIRED]),
        st.booleans(),
    ),
    max_size=12,
)


@settings(max_examples=60)
@given(FACTS)
def test_closed_records_are_counted_and_never_listed(drawn: list[tuple[str, int, Status, bool]]) -> None:
    facts = [
        Fact(f"record-{n}-", item, DAY - timedelta(days=age), None, None, status, _said(item))
        for n, (item, age, status, _) in enumerate(drawn)
    ]
    is_open = {f"record-{n}-" for n, (*_, opened) in enumerate(drawn) if opened}
    whole = explain(evaluate(CARD, facts, DAY), CARD, facts, LAW)
    public: PublicGrade = public_grade(CARD, whole, is_open)
    told = canonical(public.as_json()).decode()

    assert (public.explanation.total, public.explanation.grade) == (whole.total, whole.grade)
    for n in range(len(drawn)):
        if f"record-{n}-" not in is_open:
            assert f"record-{n}-" not in told
            assert f"record-{n}-" not in repr(public)
    for before, after in zip(lines(whole), lines(public.explanation), strict=True):
        assert after.points == before.points
        assert [each for each in before.records if each.record in is_open] == list(after.records)
        counted = [each for each in before.records if each.ignored is None and each.record not in is_open]
        assert public.closed.get(after.indicator, 0) == len(counted)


def _said(item: str) -> dict[str, str | int | bool | None]:
    """Attributes by which a record of this item counts as often as it can."""
    choices = {a.attribute: a.choices[-1].value for a in LAW.item(item, DAY).attributes if a.choices}
    amounts = {a.attribute: 10**9 for a in LAW.item(item, DAY).attributes if a.type in ("integer", "amount")}
    return {**choices, **amounts}
