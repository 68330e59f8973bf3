"""The kernel gives what the reference means, and both keep the promises of a card, whatever card and records."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from probity.rulebook import Gate, Reads, Scale, Scorecard, Status
from probity.scoring import (
    NO_TOTAL,
    WHY,
    Evaluation,
    Fact,
    Ignored,
    NoGrade,
    Results,
    compile_card,
    encode,
    evaluate,
    score,
)
from probity.scoring.model import Line
from probity.scoring.reasons import REASONS, Points, points_of
from probity.scoring.reference import halved, in_force, matches, rounded, standing, within

ITEMS = ("fine", "order", "praise", "visit")
TEXTS = ("minor", "serious", "true", "5", "")
NUMBERS = (-(2**53) + 1, -1, 0, 1, 5, 99, 100, 101, 10**6, 2**53 - 1)
BEYOND = (2**53, 10**18, 10**30, -(10**30))
STATUSES = (Status.ACTIVE, Status.ACTIVE, Status.ACTIVE, Status.CONTESTED, Status.REPAIRED, Status.WITHDRAWN)
DAYS = tuple(
    date.fromisoformat(day)
    for day in ("2021-06-30", "2024-02-29", "2023-03-31", "1970-01-01", "1969-12-31", "0001-01-01", "9999-12-31")
)
AGES = (
    0,
    1,
    2,
    6,
    7,
    8,
    28,
    29,
    30,
    31,
    32,
    181,
    182,
    183,
    184,
    185,
    364,
    365,
    366,
    367,
    1825,
    1826,
    1827,
    9999,
    -1,
)

few = st.integers(0, 120)
points = st.one_of(few, few.map(lambda n: f"{n}.5"), st.sampled_from(("0.001", "0.333", "17.999", "1000000000")))
weights = st.one_of(st.integers(1, 120), st.sampled_from(("0.001", "17.999", "1000000000")))
shares = st.sampled_from(("count", "ignore", "50%", "33%", "1%"))
numbers = st.one_of(st.sampled_from(NUMBERS), st.integers(-20, 300))
values = st.one_of(st.none(), st.booleans(), st.sampled_from(TEXTS), numbers, st.sampled_from(BEYOND))
windows = st.sampled_from((None, None, "1d", "7d", "30d", "1m", "6m", "1y", "5y", "36500y"))
attributes = st.sampled_from(("severity", "amount"))


@st.composite
def conditions(draw):
    wanted = draw(st.sampled_from(("is", "at_least", "below", "between")))
    test = {"attribute": draw(attributes)}
    if wanted == "is":
        return test | {"is": draw(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=2))}
    if wanted in ("at_least", "between"):
        test["at_least"] = draw(numbers)
    if wanted in ("below", "between"):
        test["below"] = draw(numbers)
    return test


reads = st.one_of(
    st.sampled_from(ITEMS),
    st.builds(
        lambda item, where: {"item": item, "where": where},
        st.sampled_from(ITEMS),
        st.lists(conditions(), min_size=1, max_size=2),
    ),
)
many_reads = st.lists(reads, min_size=1, max_size=2)


@st.composite
def consumptions(draw, measure, rising):
    ways = {"presence": ("each",), "sum": ("steps", "linear")}.get(measure, ("each", "table", "steps", "linear"))
    way = draw(st.sampled_from(ways))
    if way == "each":
        return {"each": draw(points)}
    if way == "table":
        return {"of": draw(attributes), "table": draw(st.dictionaries(st.sampled_from(TEXTS), points, min_size=1))}
    if way == "linear":
        per = draw(st.sampled_from((1, 7, 100, 10**6, 2**53 - 1)))
        return {"of": draw(attributes), "linear": {"per": per, "points": draw(points)}}
    starts = sorted(draw(st.lists(numbers, min_size=1, max_size=3)))
    worth = [draw(few if rising else points) for _ in starts]
    worth = sorted(worth) if rising else worth
    steps = [{"from": start, "points": much} for start, much in zip(starts, worth, strict=True)]
    return {"of": draw(attributes), "steps": steps}


@st.composite
def indicators(draw, name, directions, rising, lawful):
    measure = draw(st.sampled_from(("count", "presence", "sum", "worst")))
    ageing = draw(
        st.one_of(
            st.just("none"),
            st.builds(lambda p: {"linear": p}, st.sampled_from(("1d", "30d", "6m", "5y"))),
            st.builds(lambda p: {"half_life": p}, st.sampled_from(("1d", "7d", "1m"))),
        )
    )
    return {
        "indicator": name,
        "name": {"en": name},
        "weight": draw(weights),
        "direction": draw(st.sampled_from(directions)),
        "reads": draw(many_reads),
        "measure": measure,
        "consumes": draw(consumptions(measure, rising)),
        "window": draw(windows),
        "ageing": ageing,
        "counts": draw(st.sampled_from(("occurred", "in-force"))),
        "treatment": {
            "contested": draw(shares),
            "repaired": draw(shares),
            "expired": "ignore" if lawful else draw(shares),
        },
    }


scales = st.sampled_from(
    (
        {"from": 0, "to": 1000},
        {"from": 0, "to": 100, "round": "down", "to_nearest": 5},
        {"from": -50, "to": 150, "round": "half-up", "to_nearest": "0.5"},
        {"from": -50, "to": 150, "round": "down", "to_nearest": 7},
        {"from": "-1000000000", "to": "1000000000", "round": "none"},
        {"from": "0.5", "to": "99.5", "round": "half-up", "to_nearest": 10},
    )
)


@st.composite
def cards(draw, directions=("deduct", "award"), gated=True, occasions=True, rising=False, lawful=False):
    lines = [draw(indicators(f"i{n}", directions, rising, lawful)) for n in range(draw(st.integers(1, 4)))]
    starts = sorted(draw(st.lists(st.integers(-60, 1000), min_size=1, max_size=4, unique=True)), reverse=True)
    bands = [{"grade": "ABCD"[n], "name": {"en": "ABCD"[n]}, "from": start} for n, start in enumerate(starts)]
    grades = st.sampled_from([band["grade"] for band in bands])
    gates = st.builds(
        lambda r, g, w: {"name": {"en": "gate"}, "reads": r, "at_most": g, "window": w},
        many_reads,
        grades,
        windows,
    )
    return Scorecard.model_validate(
        {
            "card": "generated",
            "name": {"en": "Generated"},
            "in_force": {"from": "2020-01-01"},
            "basis": "none",
            "reference": "none",
            "subjects": ["enterprise"],
            "scale": draw(scales),
            "base": draw(st.sampled_from((0, 100, "99.75", 815, -20))),
            "groups": [{"group": "all", "name": {"en": "All"}, "weight": 1, "indicators": lines}],
            "gates": draw(st.lists(gates, max_size=2)) if gated else [],
            "bands": bands,
            "occasion": draw(st.one_of(st.none(), st.none(), reads)) if occasions else None,
            "not_known": {"grade_needs": draw(st.sampled_from((0, 0, 50, 100)))},
        }
    )


def near(day: date, days: int) -> date:
    """``days`` before ``day``, within the calendar."""
    return date.fromordinal(min(max(day.toordinal() - days, 1), date.max.toordinal()))


ends = st.sampled_from((None, None, -400, -1, 0, 1, 30))
records = st.tuples(
    st.sampled_from(ITEMS), st.sampled_from(AGES), ends, ends, st.sampled_from(STATUSES), values, values
)
"""Records by their age and by how many days their end and their term lie ahead."""

files = st.lists(st.lists(records, max_size=7), min_size=1, max_size=5)


def placed(file: Sequence[tuple], day: date) -> list[Fact]:
    """The records around that day."""
    return [
        Fact(
            record=str(n),
            item=item,
            day=near(day, age),
            until=None if until is None else near(day, -until),
            expires=None if expires is None else near(day, -expires),
            status=status,
            attributes={"severity": severity, "amount": amount},
        )
        for n, (item, age, until, expires, status, severity, amount) in enumerate(file)
    ]


days = st.lists(st.sampled_from(DAYS), min_size=1, max_size=3, unique=True)
deliveries = st.one_of(st.none(), st.none(), st.sets(st.sampled_from(ITEMS)))
quick = settings(deadline=None, suppress_health_check=list(HealthCheck))


def plain(results: Results, card: Scorecard) -> list[tuple[int | None, str | None, list[int]]]:
    """Results as the reference says them: total, grade, points by indicator."""
    assert results.points is not None
    return [
        (
            None if total == NO_TOTAL else int(total),
            None if grade < 0 else card.bands[grade].grade,
            line.tolist(),
        )
        for total, grade, line in zip(results.totals, results.grades, results.points, strict=True)
    ]


@settings(quick, max_examples=600)
@given(cards(), files, days, deliveries)
def test_the_kernel_gives_what_the_reference_means(card, drawn, on, delivered):
    for day in on:
        compiled = compile_card(card, day)
        given_files = [placed(file, day) for file in drawn]
        results = score(compiled, encode(compiled, given_files), delivered, points=True)
        meant = [evaluate(card, facts, day, delivered) for facts in given_files]
        assert plain(results, card) == [(m.total, m.grade, [line.points for line in m.lines]) for m in meant]
        assert [WHY[why] for why in results.no_grade] == [m.no_grade for m in meant]
        disputed = [contested(card, facts, m) for facts, m in zip(given_files, meant, strict=True)]
        assert results.contested.tolist() == disputed


def contested(card: Scorecard, facts: Sequence[Fact], meant: Evaluation) -> bool:
    """Whether a contested record adds to an indicator, outdone by a stronger one or not, or closes a gate."""
    disputed = {f.record for f in facts if standing(f, meant.as_of) is Status.CONTESTED}
    adds = any(
        c.record in disputed and c.ignored in (None, Ignored.NOT_THE_STRONGEST)
        for m in meant.lines
        for c in m.contributions
    )
    return adds or any(closes(card, gate, f, meant) for gate in card.gates for f in facts if f.record in disputed)


def closes(card: Scorecard, gate: Gate, fact: Fact, meant: Evaluation) -> bool:
    """Whether a record that stands closes the gate."""
    day = meant.occasion if card.occasion else meant.as_of
    return (
        day is not None
        and (fact.day == day if card.occasion else fact.day <= day)
        and matches(gate.reads, fact.item, fact.attributes)
        and in_force(fact, meant.as_of)
        and within(gate.window, fact.day, day)
    )


@st.composite
def inputs(draw):
    """Results of another card: graded or not, and why."""
    total = draw(st.one_of(st.none(), st.integers(-60_000, 1_000_000)))
    grade = None if total is None else draw(st.sampled_from((None, *"ABCD")))
    why = NoGrade.BELOW_EVERY_BAND if total is not None else draw(st.sampled_from(tuple(NoGrade)[:2]))
    return Evaluation("other", DAYS[0], total, grade, (), (), None, 0, None if grade else why)


other = st.builds(
    lambda where: {"card": "other", "where": where},
    st.lists(
        st.one_of(
            st.builds(lambda g: {"attribute": "grade", "is": g}, st.lists(st.sampled_from("ABCD"), min_size=1)),
            st.builds(lambda n: {"attribute": "total", "at_least": n}, st.integers(-60, 1000)),
        ),
        max_size=2,
    ),
)


@settings(quick, max_examples=150)
@given(cards(occasions=False), files, st.lists(other, min_size=1, max_size=3), deliveries, st.data())
def test_results_of_another_card_are_read_alike(card, drawn, read, delivered, data):
    own = card.indicators
    reading = [
        i.model_copy(
            update={
                "reads": (*i.reads[: n % 2], *map(Reads.model_validate, read[n : n + 1])),
                "consumes": i.consumes.model_copy(update={"of": i.consumes.of and "total"}),
            }
        )
        for n, i in enumerate(own)
    ]
    reading = [r if r.reads else i for r, i in zip(reading, own, strict=True)]
    card = card.model_copy(update={"groups": (card.groups[0].model_copy(update={"indicators": tuple(reading)}),)})
    given_files = [placed(file, DAYS[0]) for file in drawn]
    said = [[data.draw(inputs())] if data.draw(st.booleans()) else [] for _ in given_files]
    compiled = compile_card(card, DAYS[0])
    results = score(compiled, encode(compiled, given_files, said), delivered, points=True)
    meant = [evaluate(card, facts, DAYS[0], delivered, one) for facts, one in zip(given_files, said, strict=True)]
    assert plain(results, card) == [(m.total, m.grade, [line.points for line in m.lines]) for m in meant]
    assert [WHY[why] for why in results.no_grade] == [m.no_grade for m in meant]


@settings(quick, max_examples=200)
@given(cards(), files, st.sampled_from(DAYS), deliveries)
def test_where_points_come_from_is_what_the_reference_means(card, drawn, day, delivered):
    compiled = compile_card(card, day, explained=True)
    given_files = [[f for f in placed(file, day) if f.day <= day] for file in drawn]
    found = points_of(compiled, encode(compiled, given_files), delivered)
    assert list(zip(*(column.tolist() for column in vars_of(found)), strict=True)) == [
        (n, i, line.points, len(line.contributions), reasons(line, facts, day))
        for n, facts in enumerate(given_files)
        for i, line in enumerate(evaluate(card, facts, day, delivered).lines)
        if line.contributions
    ]


def vars_of(found: Points) -> tuple:
    return found.organisation, found.indicator, found.points, found.records, found.reasons


def reasons(line: Line, facts: Sequence[Fact], day: date) -> int:
    """The bits that the reference's contributions come to."""
    disputed = {f.record for f in facts if standing(f, day) is Status.CONTESTED}
    said = {c.ignored.value for c in line.contributions if c.ignored}
    if abs(line.uncapped) > abs(line.points):
        said.add("capped")
    if any(c.record in disputed and c.ignored in (None, Ignored.NOT_THE_STRONGEST) for c in line.contributions):
        said.add("contested-counts")
    return sum(1 << n for n, name in enumerate(REASONS) if name in said)


@settings(quick, max_examples=50)
@given(cards(), files, st.sampled_from(DAYS), st.randoms())
def test_the_order_of_records_and_the_division_into_parts_never_matter(card, drawn, day, random):
    given_files = [placed(file, day) for file in drawn]
    compiled = compile_card(card, day)
    records = encode(compiled, given_files)
    whole = plain(score(compiled, records, points=True), card)
    cuts = sorted({0, len(drawn), random.randint(0, len(drawn)), random.randint(0, len(drawn))})
    parts = [score(compiled, records.part(first, last), points=True) for first, last in pairwise(cuts)]
    assert [line for part in parts for line in plain(part, card)] == whole
    for facts in given_files:
        random.shuffle(facts)
    assert plain(score(compiled, encode(compiled, given_files), points=True), card) == whole
    again = [evaluate(card, facts, day) for facts in given_files]
    assert [(m.total, m.grade, [line.points for line in m.lines]) for m in again] == whole


@settings(quick, max_examples=80)
@given(cards(), files, st.sampled_from(DAYS))
def test_an_evaluation_accounts_for_every_record_and_stays_within_its_bounds(card, drawn, day):
    for file in drawn:
        facts = placed(file, day)
        result = evaluate(card, facts, day)
        assert result.total is None or card.scale.from_ <= result.total <= card.scale.to
        assert (result.grade is None) == (result.no_grade is not None)
        for indicator, line in zip(card.indicators, result.lines, strict=True):
            own = [f.record for f in facts if matches(indicator.reads, f.item, f.attributes)]
            assert [c.record for c in line.contributions] == own
            assert all((c.ignored is None) == (c.amount > 0) for c in line.contributions)
            assert abs(line.points) <= indicator.weight
            assert (line.points <= 0) if indicator.direction == "deduct" else (line.points >= 0)
            assert abs(line.points) == min(abs(line.uncapped), indicator.weight)


@settings(quick, max_examples=100)
@given(cards(occasions=False, lawful=True), files, records, st.sampled_from(DAYS[:-2]))
def test_what_is_withdrawn_or_past_its_term_never_changes_anything(card, drawn, extra, day):
    item, age, until, _, status, *said = extra
    withdrawn = (item, age, until, None, Status.WITHDRAWN, *said)
    expired = (item, age, until, -1, status, *said)
    for file in drawn:
        without, with_them = (evaluate(card, placed(f, day), day) for f in (file, [withdrawn, *file, expired]))
        assert (without.total, without.grade) == (with_them.total, with_them.grade)


@settings(quick, max_examples=60)
@given(
    cards(directions=("deduct",), gated=False, occasions=False, rising=True), files, records, st.sampled_from(DAYS)
)
def test_one_more_penalty_never_raises_the_total(card, drawn, extra, day):
    for file in drawn:
        without, with_it = (evaluate(card, placed(f, day), day) for f in (file, [*file, extra]))
        assert without.total is None or with_it.total <= without.total


@settings(quick, max_examples=60)
@given(st.integers(0, 5000), st.integers(1, 800))
def test_a_half_life_halves_and_only_falls(age, days):
    assert halved(age + days, days) == halved(age, days) // 2
    assert halved(age + 1, days) <= halved(age, days) <= 1_000_000
    assert abs(halved(age, days) - 1_000_000 * 0.5 ** (age / days)) < 1.001


@settings(quick, max_examples=200)
@given(scales, st.integers(-(10**12), 10**12))
def test_rounding_stays_within_the_scale_and_half_a_step(drawn, points):
    scale = Scale.model_validate(drawn)
    total = rounded(scale, points)
    assert scale.from_ <= total <= scale.to
    within = min(max(points, scale.from_), scale.to)
    if scale.round == "none":
        assert total == within
    elif scale.from_ < total < scale.to:
        assert total % scale.to_nearest == 0
        below, above = (0, scale.to_nearest) if scale.round == "down" else (scale.to_nearest / 2,) * 2
        assert -above < total - within <= below
