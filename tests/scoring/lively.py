"""Cards and records to draw among which grades do change: with time, with repair and with good conduct."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from probity.rulebook import Scorecard, Status
from probity.scoring import Evaluation, Fact

ITEMS = ("fine", "order", "praise", "visit")
KINDS = ("minor", "serious")
quick = settings(deadline=None, suppress_health_check=list(HealthCheck))
points = st.integers(4, 40)
shares = st.sampled_from(("count", "ignore", "50%"))


@st.composite
def reads(draw):
    item = draw(st.sampled_from(ITEMS))
    test = draw(
        st.sampled_from((None, None, {"attribute": "kind", "is": "serious"}, {"attribute": "n", "below": 60}))
    )
    return {"item": item, "where": [test] if test else []}


@st.composite
def indicators(draw, name):
    measure = draw(st.sampled_from(("count", "count", "presence", "sum", "sum", "worst")))
    few, many = sorted((draw(points), draw(points)))
    consumes = {
        "each": many,
        "table": {"of": "kind", "table": {"minor": few, "serious": many}},
        "steps": {"of": "n", "steps": [{"from": 1, "points": few}, {"from": 50, "points": many}]},
        "linear": {"of": "n", "linear": {"per": 7, "points": 2}},
    }
    ways = {"presence": ("each",), "sum": ("steps", "linear")}.get(measure, tuple(consumes))
    periods = st.sampled_from(("20d", "1m", "30d"))
    ageing = draw(st.one_of(st.just("none"), st.just("none"), st.builds(lambda p: {"linear": p}, periods)))
    return {
        "indicator": name,
        "name": {"en": name},
        "weight": draw(st.integers(10, 90)),
        "direction": draw(st.sampled_from(("deduct", "award"))),
        "reads": draw(st.lists(reads(), min_size=1, max_size=2)),
        "measure": measure,
        "consumes": consumes[draw(st.sampled_from(ways))],
        "window": draw(st.sampled_from((None, "30d", "1m", "2m"))),
        "ageing": draw(st.sampled_from((ageing, {"half_life": "10d"}, "none"))),
        "counts": draw(st.sampled_from(("occurred", "in-force"))),
        "treatment": {"contested": draw(shares), "repaired": draw(st.sampled_from(("ignore", "ignore", "50%")))},
    }


@st.composite
def cards(draw, occasions=True):
    lines = [draw(indicators(f"i{n}")) for n in range(draw(st.integers(2, 4)))]
    gate = st.builds(
        lambda read, window, grade: {"name": {"en": "gate"}, "reads": [read], "at_most": grade, "window": window},
        reads(),
        st.sampled_from((None, "1m")),
        st.sampled_from("BCD"),
    )
    bands = [("A", draw(st.integers(100, 125))), ("B", 90), ("C", 60), ("D", draw(st.sampled_from((0, 20))))]
    return Scorecard.model_validate(
        {
            "card": "lively",
            "name": {"en": "Lively"},
            "in_force": {"from": "2020-01-01"},
            "basis": "none",
            "reference": "none",
            "subjects": ["enterprise"],
            "scale": {"from": 0, "to": 200, "round": draw(st.sampled_from(("half-up", "down", "none")))},
            "base": draw(st.sampled_from((80, 100, "110.5"))),
            "groups": [{"group": "all", "name": {"en": "All"}, "weight": 1, "indicators": lines}],
            "gates": draw(st.lists(gate, max_size=2)),
            "bands": [{"grade": grade, "name": {"en": grade}, "from": start} for grade, start in bands],
            "occasion": draw(st.sampled_from((None, None, None, {"item": "visit"}))) if occasions else None,
            "not_known": {"grade_needs": draw(st.sampled_from((0, 0, 50)))},
        }
    )


records = st.tuples(
    st.sampled_from(ITEMS),
    st.one_of(st.sampled_from((0, 0, 5)), st.integers(-3, 62)),
    st.sampled_from((None, None, -1, 5, 30)),
    st.sampled_from((None, None, -1, 0, 9, 40)),
    st.sampled_from((*(Status.ACTIVE,) * 4, Status.CONTESTED, Status.REPAIRED, Status.WITHDRAWN)),
    st.sampled_from(KINDS),
    st.integers(0, 100),
)
"""Item, age, days until it ends and until it expires, status, kind, number."""

files = st.lists(records, max_size=7)
deliveries = st.one_of(st.none(), st.none(), st.sets(st.sampled_from(ITEMS), min_size=2))


def placed(file: Sequence[tuple], day: date) -> list[Fact]:
    """The records around that day."""
    return [
        Fact(
            record=str(n),
            item=item,
            day=day - timedelta(days=age),
            until=None if until is None else day + timedelta(days=until),
            expires=None if expires is None else day + timedelta(days=expires),
            status=status,
            attributes={"kind": kind, "n": number},
        )
        for n, (item, age, until, expires, status, kind, number) in enumerate(file)
    ]


def rank(card: Scorecard, found: Evaluation) -> int:
    """The place of the grade: the best is 0, below every band comes after all, and last where nothing is said."""
    if found.total is None:
        return len(card.bands) + 1
    return len(card.bands) if found.grade is None else card.band(found.grade)
