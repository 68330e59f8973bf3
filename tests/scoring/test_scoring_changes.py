"""Until the day that is given, a grade stays what it is; and each reason why it changes is found on its day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from probity.clock import shift
from probity.rulebook import InForce, Period, Scorecard, Status
from probity.scoring import Evaluation, Fact, evaluate
from probity.scoring.changes import HORIZON, changes_on, comes, leaves, readers_of
from probity.scoring.reference import within

DAY = date(2023, 6, 30)
LOOKED_AHEAD = 430
"""Days that the law is tried for: more than a leap year, a window of a year and a few horizons."""

quick = settings(deadline=None, suppress_health_check=list(HealthCheck))


def card(**changed: object) -> Scorecard:
    """A card with one indicator that deducts ten points for each fine; ``changed`` changes the indicator."""
    whole = {key: changed.pop(key) for key in ("gates", "occasion", "scale") if key in changed}
    indicator = {
        "indicator": "fines",
        "name": {"en": "Fines"},
        "weight": 100,
        "direction": "deduct",
        "reads": ["fine"],
        "consumes": 10,
        **changed,
    }
    return Scorecard.model_validate(
        {
            "card": "test/card",
            "name": {"en": "Card"},
            "in_force": {"from": "2020-01-01"},
            "basis": "none",
            "reference": "none",
            "subjects": ["enterprise"],
            "scale": {"from": 0, "to": 100},
            "base": 100,
            "groups": [{"group": "all", "name": {"en": "All"}, "weight": 100, "indicators": [indicator]}],
            "bands": [
                {"grade": "A", "name": {"en": "A"}, "from": 95},
                {"grade": "B", "name": {"en": "B"}, "from": 50},
            ],
            **whole,
        }
    )


def fine(day: str, item: str = "fine", **more: object) -> Fact:
    said = {"until": None, "expires": None, "status": Status.ACTIVE, "attributes": {}, **more}
    return Fact(record=day, item=item, day=date.fromisoformat(day), **said)  # type: ignore[arg-type]


def says(result: Evaluation) -> tuple[int | None, str | None]:
    return result.total, result.grade


def first_other(of: Scorecard, facts: list[Fact], as_of: date = DAY, days: int = 3000) -> date | None:
    """The first day on which it is different, found by trying each."""
    said = says(evaluate(of, facts, as_of))
    ahead = (as_of + timedelta(days=n) for n in range(1, days))
    return next((day for day in ahead if says(evaluate(of, facts, day)) != said), None)


GATE = {"name": {"en": "Gate"}, "reads": ["ban"], "at_most": "B"}

EXACT = {
    "nothing": (card(), [], None),
    "no window, no term": (card(), [fine("2020-01-01")], None),
    "term": (card(), [fine("2023-01-01", expires=date(2023, 12, 31))], "2024-01-01"),
    "term that does not matter": (card(), [fine("2023-01-01", status=Status.REPAIRED, expires=DAY)], None),
    "term after which an award counts half": (
        card(direction="award", treatment={"expired": "50%"}, scale={"from": 0, "to": 200}),
        [fine("2023-01-01", status=Status.REPAIRED, expires=DAY)],
        "2023-07-01",
    ),
    "window": (card(window="1y"), [fine("2022-08-01")], "2023-08-01"),
    "window of a month that is shorter": (card(window="1m"), [fine("2023-05-31")], "2023-07-01"),
    "window from a leap day": (card(window="4y"), [fine("2020-02-29")], "2024-02-29"),
    "window, left long ago": (card(window="1y"), [fine("2021-08-01", expires=date(2030, 1, 1))], None),
    "in force": (card(counts="in-force"), [fine("2023-01-01", until=date(2023, 7, 9))], "2023-07-10"),
    "occurred": (card(), [fine("2023-01-01", until=date(2023, 7, 9))], None),
    "the first of several": (card(window="1y"), [fine("2022-08-01"), fine("2022-07-15")], "2023-07-15"),
    "not yet": (card(), [fine("2023-07-03")], "2023-07-03"),
    "another kind": (card(), [fine("2023-07-03", item="praise")], None),
    "consumes nothing": (
        card(consumes={"of": "level", "table": {"high": 10}}, window="1y"),
        [fine("2023-01-01", attributes={"level": "low"})],
        None,
    ),
    "gate": (card(gates=[GATE]), [fine("2023-01-01", "ban", until=date(2023, 9, 30))], "2023-10-01"),
    "gate that a repair opened": (
        card(gates=[GATE]),
        [fine("2023-01-01", "ban", until=date(2023, 9, 30), status=Status.REPAIRED)],
        None,
    ),
    "gate with a window": (card(gates=[{**GATE, "window": "3m"}]), [fine("2023-05-31", "ban")], "2023-08-31"),
    "linear": (card(ageing={"linear": "1y"}), [fine("2023-06-30")], "2023-07-19"),
    "half-life": (card(ageing={"half_life": "1m"}), [fine("2023-06-01")], "2023-07-06"),
    "faded": (card(ageing={"linear": "1y"}), [fine("2022-06-30")], None),
    "occasion": (
        card(occasion="visit", window="1y", ageing={"linear": "1y"}),
        [fine("2022-01-01"), fine("2022-01-01", "visit", expires=date(2024, 12, 31))],
        "2025-01-01",
    ),
    "records of an earlier occasion": (
        card(occasion="visit"),
        [fine("2022-01-01", expires=date(2023, 12, 31)), fine("2022-02-02", "visit")],
        None,
    ),
    "no occasion": (card(occasion="visit"), [fine("2022-01-01", expires=date(2023, 12, 31))], None),
}


@pytest.mark.parametrize(("of", "facts", "expected"), EXACT.values(), ids=EXACT)
def test_each_reason_is_found_on_its_day(of: Scorecard, facts: list[Fact], expected: str | None) -> None:
    found = changes_on(readers_of(of), facts, DAY)
    assert found == (None if expected is None else date.fromisoformat(expected))
    if found is not None:
        assert first_other(of, facts) == found


def test_where_age_does_nothing_the_day_after_the_horizon_is_given() -> None:
    slow = card(ageing={"linear": "1000y"})
    assert changes_on(readers_of(slow), [fine("2023-06-30")], DAY) == DAY + timedelta(days=HORIZON + 1)


def test_another_card_counts_only_on_its_own_days() -> None:
    cards = [
        card().model_copy(update={"in_force": InForce.model_validate(days)})
        for days in ({"from": "2020-01-01", "to": "2023-12-04"}, {"from": "2024-01-01"})
    ]
    assert comes(cards, DAY) == date(2023, 12, 5)
    assert comes(cards, date(2023, 12, 5)) == date(2024, 1, 1)
    assert comes(cards, date(2024, 1, 1)) is None


periods = st.builds(
    lambda number, unit: Period(number=number, unit=unit), st.integers(1, 40), st.sampled_from("ymd")
)


@settings(quick, max_examples=400)
@given(st.dates(date(1, 1, 1), date(2400, 1, 1)), periods, st.integers(0, 500))
def test_a_window_is_left_on_the_very_day(day: date, window: Period, later: int) -> None:
    as_of = day + timedelta(days=later)
    if not within(window, day, as_of):
        return
    left = leaves(window, day, as_of)
    assert left is not None
    assert left > as_of
    assert not within(window, day, left)
    assert within(window, day, left - timedelta(days=1))
    assert day == date.min or left >= shift(day, window.number, window.unit)


# -- the law: whatever card and records ----------------------------------------------------------------

sources = st.sampled_from(("fine", "ban", "praise"))
shares = st.sampled_from(("count", "ignore", "50%"))
spans = st.sampled_from(("1d", "20d", "1m", "3m", "1y"))
levels = st.sampled_from((None, "low", "high"))
amounts = st.sampled_from((None, 0, 3, 40, 900))


@st.composite
def indicators(draw, number):
    measure = draw(st.sampled_from(("count", "presence", "worst", "sum")))
    ways = [{"of": "amount", "linear": {"per": 10, "points": 1}},
            {"of": "amount", "steps": [{"from": 1, "points": 30}, {"from": 30, "points": 5}]}]  # fmt: skip
    if measure != "sum":
        ways = [20] if measure == "presence" else [20, {"of": "level", "table": {"low": 5, "high": 30}}, *ways]
    return {
        "indicator": f"i{number}",
        "name": {"en": "i"},
        "weight": draw(st.sampled_from((10, 40, 100))),
        "direction": draw(st.sampled_from(("deduct", "award"))),
        "reads": [draw(sources)],
        "measure": measure,
        "consumes": draw(st.sampled_from(ways)),
        "window": draw(st.one_of(st.none(), spans)),
        "ageing": draw(
            st.one_of(
                st.just("none"), st.builds(lambda k, p: {k: p}, st.sampled_from(("linear", "half_life")), spans)
            )
        ),
        "counts": draw(st.sampled_from(("occurred", "in-force"))),
        "treatment": {"contested": draw(shares), "repaired": draw(shares), "expired": draw(shares)},
    }


@st.composite
def cards(draw):
    lines = [draw(indicators(n)) for n in range(draw(st.integers(1, 3)))]
    gates = st.builds(
        lambda source, window: {**GATE, "reads": [source], "window": window}, sources, st.none() | spans
    )
    return card().model_copy(
        update={
            "groups": Scorecard.model_validate(
                {
                    **card().model_dump(by_alias=True, exclude={"groups", "scale", "base", "bands"}, mode="json"),
                    "scale": {"from": 0, "to": 200, "to_nearest": draw(st.sampled_from((1, 5)))},
                    "base": 100,
                    "bands": [{"grade": "A", "name": {"en": "A"}, "from": 0}],
                    "groups": [{"group": "g", "name": {"en": "g"}, "weight": 1, "indicators": lines}],
                }
            ).groups,
            "gates": card(gates=draw(st.lists(gates, max_size=1))).gates,
            "occasion": card(occasion=draw(st.sampled_from((None, None, "praise")))).occasion,
        }
    )  # fmt: skip


some_days = st.integers(-20, 420)
files = st.lists(
    st.builds(
        lambda n, source, age, until, expires, status, level, amount: Fact(
            record=str(n),
            item=source,
            day=DAY - timedelta(days=age),
            until=None if until is None else DAY + timedelta(days=until),
            expires=None if expires is None else DAY + timedelta(days=expires),
            status=status,
            attributes={"level": level, "amount": amount},
        ),
        st.integers(),
        sources,
        some_days,
        st.none() | some_days,
        st.none() | some_days,
        st.sampled_from((Status.ACTIVE, Status.ACTIVE, Status.CONTESTED, Status.REPAIRED, Status.WITHDRAWN)),
        levels,
        amounts,
    ),
    max_size=5,
)


@settings(quick, max_examples=120)
@given(cards(), files, st.sampled_from((None, {"fine"})))
def test_until_that_day_the_grade_stays_what_it_is(of, facts, delivered) -> None:
    found = changes_on(readers_of(of), facts, DAY, delivered)
    said = says(evaluate(of, facts, DAY, delivered))
    last = DAY + timedelta(days=LOOKED_AHEAD) if found is None else found - timedelta(days=1)
    assert found is None or found > DAY
    day = DAY
    while day < last:
        day += timedelta(days=1)
        assert says(evaluate(of, facts, day, delivered)) == said, day


@settings(quick, max_examples=30)
@given(cards(), files)
def test_following_the_days_given_meets_every_change(of, facts) -> None:
    readers, day = readers_of(of), DAY
    kept = says(evaluate(of, facts, DAY))
    for ahead in range(1, 200):
        today = DAY + timedelta(days=ahead)
        due = changes_on(readers, facts, day)
        if due is not None and due <= today:
            day, kept = today, says(evaluate(of, facts, today))
        assert says(evaluate(of, facts, today)) == kept


@settings(quick, max_examples=30)
@given(cards(), files)
def test_points_at_hand_give_the_same_day(of, facts) -> None:
    points = [line.points for line in evaluate(of, facts, DAY).lines]
    assert changes_on(readers_of(of), facts, DAY, points=points) == changes_on(readers_of(of), facts, DAY)
