"""Outlooks and histories in public: a record that is not open is counted, and nothing gives it away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from probity.canon import canonical
from probity.publication import public_history, public_outlook
from probity.rulebook import Status, load
from probity.scoring import Fact
from probity.scoring.outlook import (
    Graded,
    History,
    Lateness,
    Later,
    Outlook,
    Point,
    advise,
    counterfactual,
    sensitivity,
)

LAW = load(Path(__file__).parents[2] / "rulebooks")
DAY = date(2023, 6, 30)
CARD = LAW.card("cn-zhejiang-2020/enterprise", DAY)
READ = sorted({reads.item for indicator in CARD.indicators for reads in indicator.reads if reads.item})


def said(item: str) -> dict[str, str | int | bool | None]:
    """Attributes by which a record of this item counts as often as it can."""
    choices = {a.attribute: a.choices[-1].value for a in LAW.item(item, DAY).attributes if a.choices}
    amounts = {a.attribute: 10**9 for a in LAW.item(item, DAY).attributes if a.type in ("integer", "amount")}
    return {**choices, **amounts}


def told(facts: list[Fact]) -> Outlook:
    return advise(counterfactual(CARD, facts, DAY), sensitivity(CARD, facts, DAY), CARD, facts, LAW)


FACTS = st.lists(
    st.tuples(st.sampled_from(READ), st.integers(0, 400), st.integers(1, 900), st.booleans()), max_size=8
)


@settings(max_examples=30, deadline=None)
@given(FACTS)
def test_what_is_not_open_is_counted_and_nothing_tells_of_it(drawn: list[tuple[str, int, int, bool]]) -> None:
    facts = [
        Fact(
            f"record-{n}-",
            item,
            DAY - timedelta(days=age),
            None,
            DAY + timedelta(days=term),
            Status.ACTIVE,
            said(item),
        )
        for n, (item, age, term, _) in enumerate(drawn)
    ]
    is_open = {f"record-{n}-" for n, (*_, opened) in enumerate(drawn) if opened}
    whole = told(facts)
    public = public_outlook(whole, is_open)
    shown = canonical(public.as_json()).decode()
    for fact in facts:
        if fact.record not in is_open:
            assert fact.record not in shown
            assert fact.record not in repr(public)
    pairs = [*zip(whole.time, public.time, strict=True), *zip(whole.repair, public.repair, strict=True)]
    pairs += [(whole.falls, public.falls)] if whole.falls and public.falls else []
    for before, after in pairs:
        hidden = [each for each in before.records if each.record not in is_open]
        assert after.closed == len(hidden)
        assert len(after.records) + after.closed == len(before.records)
        if hidden:
            assert (after.day, after.total) == (None, None)
            assert not before.day or before.day.isoformat() not in (after.sentence.en + after.sentence.in_("zh"))
        else:
            assert after == before
    assert public.closed + len(public.carriers) == len(whole.carriers)
    assert public_outlook(whole, {fact.record for fact in facts}) == whole


def test_the_day_that_a_closed_record_decides_is_withheld() -> None:
    crime = Fact(
        "closed",
        "crime.conviction",
        date(2022, 1, 1),
        None,
        date(2026, 12, 31),
        Status.ACTIVE,
        {"matter": "financing"},
    )
    whole = told([crime])
    public = public_outlook(whole, ())
    assert "2026" in whole.time[-1].sentence.en or whole.time[-1].day
    assert public.time[0].sentence.en == (
        "Time alone lifts the grade to B; on which day depends on a record that is not open to the public."
    )
    assert public.repair[0].sentence.en == (
        "Records whose repair lifts the grade to B: 1, not all of them open to the public."
    )


def test_a_history_names_only_statements_about_open_records() -> None:
    graded = Graded(1000, "A")
    moment = datetime(2023, 1, 1, tzinfo=UTC)
    later = [Later(f"s{n}", f"r{n}", "penalty.administrative", DAY, moment, Lateness.RECORD) for n in range(3)]
    points = (Point(DAY, graded, replace(graded, total=0), tuple(later), ()),)
    whole = History("card", DAY, DAY, points, complete=True)
    public = public_history(whole, {"r1"})
    assert [each.record for each in public.points[0].later] == ["r1"]
    assert public.points[0].closed_later == 2
    assert "r0" not in canonical(public.as_json()).decode()
