"""Every engine says the same: totals, grades, why there is none, points, reasons, and what is known."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scoring import cluster as clusters
from tests.scoring import conformance, drawn_cases
from tests.scoring import shipped_cases as shipped
from tests.scoring import small_snapshot as small
from tests.scoring import test_scoring_agreement as agreement
from tests.scoring.conformance import Ability, Case

from probity.rulebook import OrganisationKind, Scorecard, Status, load
from probity.scoring import Fact, sources
from probity.scoring.bulk.bind import bind
from probity.scoring.bulk.terms import standing, terms
from probity.scoring.compile import compile_card
from probity.scoring.engines import spark
from probity.scoring.snapshot import Snapshot
from probity.scoring.snapshot.manifest import Kind
from probity.scoring.tables import EPOCH, STATUSES

LAW = load(Path(__file__).parents[2] / "rulebooks")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A Spark of this process, which every run here uses: starting one takes as long as all of them."""
    if lacking := clusters.missing():
        assert "PROBITY_REQUIRE_SPARK" not in os.environ, lacking
        pytest.skip(lacking)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in clusters.ENVIRONMENT.items():
            patch.setenv(name, value)
        with spark._session(conformance.SPARK.engine.master):
            yield


@pytest.fixture(params=conformance.ENGINES, ids=lambda engine: engine.name)
def engine(request: pytest.FixtureRequest):
    if request.param is conformance.SPARK:
        request.getfixturevalue("cluster")
    return request.param


# -- the shipped cards ---------------------------------------------------------------------------------


def days_of(card: Scorecard) -> tuple[date, ...]:
    """The first day in force, and the last one or a day on which months end."""
    last = card.in_force.to or date(2026, 5, 31)
    return card.in_force.from_, last


def in_force(day: date) -> tuple[Scorecard, ...]:
    return tuple(card for card in LAW.cards if card.in_force.covers(day))


def drawn(cards: Sequence[Scorecard], day: date, many: int) -> list:
    chance = random.Random(f"{day} {[card.card for card in cards]}")
    found = []
    for _ in range(many):
        kind, scheme = shipped.kinds(cards, LAW, chance)
        found.append(small.Organisation(kind, scheme, shipped.file(LAW, cards, day, chance)))
    return found


def delivered(cards: Sequence[Scorecard], n: int) -> frozenset[str] | None:
    """In turn: everything, nothing but one source, everything but that one."""
    names = sorted(sources(cards))
    return (None, frozenset(names[:1]), frozenset(names[1:]))[n % 3]


ALONE = [
    Case(LAW, (card,), drawn((card,), day, 30), day, delivered((card,), n), span=8)
    for n, (day, card) in enumerate((day, card) for card in LAW.cards for day in days_of(card))
]
TOGETHER = [
    Case(LAW, in_force(day), drawn(in_force(day), day, 40), day, delivered(in_force(day), n + 1), span=16)
    for n, day in enumerate((date(2020, 8, 4), date(2023, 12, 4), date(2026, 5, 31)))
]


def named(case) -> str:
    return f"{'+'.join(card.card for card in case.cards)}@{case.as_of}"


def test_every_shipped_card_is_here() -> None:
    assert all(any(card in case.cards for case in ALONE) for card in LAW.cards)
    assert any(card.inputs for case in TOGETHER for card in case.cards)


@pytest.mark.parametrize("case", ALONE, ids=named)
def test_a_shipped_card(engine, case, tmp_path: Path) -> None:
    assert engine.outcome(case, tmp_path) == conformance.meant(case, tmp_path)


@pytest.mark.parametrize("case", TOGETHER, ids=named)
def test_all_shipped_cards_in_one_pass(engine, case, tmp_path: Path) -> None:
    same(engine, case, tmp_path)


def same(engine, case, folder: Path) -> None:
    """It says what the reference says, or has told why it cannot; then it must fail as told."""
    asked = {Ability.SEVERAL} if len(case.cards) > 1 else set()
    asked |= {Ability.BEYOND} if any(beyond(each) for each in case.organisations) else set()
    for ability in asked & engine.lacks.keys():
        with pytest.raises(engine.lacks[ability].raises):
            engine.outcome(case, folder)
        return
    assert engine.outcome(case, folder) == conformance.meant(case, folder)


def beyond(organisation) -> bool:
    numbers = (value for fact in organisation.facts for value in fact.attributes.values())
    return any(isinstance(value, int) and abs(value) >= 2**63 for value in numbers)


# -- any cards -----------------------------------------------------------------------------------------

EXAMPLES = {"reference": 1, "kernel": 60, "local": 60, "local, two threads": 10, "spark": 4}


def test_any_cards(engine) -> None:
    several = Ability.SEVERAL not in engine.lacks

    @settings(agreement.quick, max_examples=EXAMPLES[engine.name])
    @given(drawn_cases.cases(several))
    def check(case) -> None:
        with tempfile.TemporaryDirectory() as folder:
            same(engine, case, Path(folder))

    check()


# -- terms ---------------------------------------------------------------------------------------------

KINDS = [
    Kind(item=item, attributes={"severity": severity} if severity else {})
    for item in drawn_cases.TYPES
    for severity in (None, "minor", "serious", "5")
]
CHANGES = [date.fromisoformat(day) for _, *days, _ in drawn_cases.VERSIONS for day in days if day]
around = st.one_of(
    st.dates(), st.builds(lambda day, n: agreement.near(day, n), st.sampled_from(CHANGES), st.integers(-800, 800))
)


@given(around, st.lists(around, min_size=1, max_size=40))
def test_a_record_is_past_its_term_when_the_law_of_its_day_says_so(as_of: date, days: list[date]) -> None:
    law = drawn_cases.LAW
    records = [(n, kind, day) for n, kind in enumerate(KINDS) for day in days]
    found = standing(
        terms(KINDS, law, min(days), as_of),
        np.array([n for n, _, _ in records], np.int32),
        np.array([day.toordinal() - EPOCH for _, _, day in records], np.int32),
        np.zeros(len(records), np.uint8),
    )
    until = [law.display_until(law.item(k.item, day), day, k.attributes) for _, k, day in records]
    expired = STATUSES.index(Status.EXPIRED)
    assert found.tolist() == [expired if end and end < as_of else 0 for end in until]


# -- what not every engine can do ----------------------------------------------------------------------

JUNE = date(2021, 6, 30)
BILLION = 1_000_000_000
LARGE = drawn_cases.card(
    reads=["fine", "praise"],
    measure="sum",
    consumes={"of": "amount", "linear": {"per": 1, "points": BILLION}},
    weight=BILLION,
)


def with_amounts(*amounts: int):
    facts = [
        Fact(str(n), "fine" if n % 2 else "praise", JUNE, None, None, Status.ACTIVE, {"amount": amount})
        for n, amount in enumerate(amounts)
    ]
    return small.Organisation(OrganisationKind.ENTERPRISE, "here", facts)


ASKED_FOR = {
    Ability.SEVERAL: TOGETHER[0],
    Ability.BEYOND: Case(drawn_cases.LAW, (LARGE,), [with_amounts(10**30)], JUNE),
}


@pytest.mark.parametrize("ability", Ability)
def test_what_an_engine_lacks_it_cannot_do(engine, ability, tmp_path: Path) -> None:
    case = ASKED_FOR[ability]
    if lack := engine.lacks.get(ability):
        assert lack.reason
        with pytest.raises(lack.raises):
            engine.outcome(case, tmp_path)
    else:
        assert engine.outcome(case, tmp_path) == conformance.meant(case, tmp_path)


# -- numbers at their bounds ---------------------------------------------------------------------------


def many(*lines: dict) -> Scorecard:
    """A card of several indicators, each of a billion points."""
    plain = {"weight": BILLION, "reads": ["fine", "praise"]}
    each = [drawn_cases.card(**plain | line).indicators[0] for line in lines]
    own = tuple(i.model_copy(update={"indicator": f"i{n}"}) for n, i in enumerate(each))
    card = drawn_cases.card(**plain)
    return card.model_copy(update={"groups": (card.groups[0].model_copy(update={"indicators": own}),)})


BOUNDS = many(
    {"consumes": BILLION},
    {"consumes": BILLION, "direction": "award", "ageing": {"half_life": "1m"}},
    {"measure": "worst", "consumes": {"of": "amount", "linear": {"per": 1, "points": BILLION}}},
    {"measure": "sum", "consumes": {"of": "amount", "linear": {"per": 2**53 - 1, "points": "0.001"}}},
    {"measure": "sum", "consumes": {"of": "amount", "steps": [{"from": 2**53 - 1, "points": BILLION}]}},
    {"measure": "count", "consumes": {"of": "amount", "linear": {"per": 7, "points": 1}}, "direction": "award"},
    {"measure": "sum", "consumes": {"of": "amount", "linear": {"per": 10**9, "points": "0.001"}},
     "treatment": {"contested": "33%"}, "ageing": {"linear": "5y"}},
)  # fmt: skip


def test_nothing_overflows(engine, tmp_path: Path) -> None:
    most = (10**18, 10**18 - 1, 10**18 + 1, 2**63 - 1, -(2**63) + 1)
    organisations = [with_amounts(*([amount] * n)) for amount in (*most, 2**53, 1, 0) for n in (1, 2, 13)]
    case = Case(drawn_cases.LAW, (BOUNDS,), [*organisations, with_amounts(*most)], JUNE)
    outcome = engine.outcome(case, tmp_path)
    assert outcome == conformance.meant(case, tmp_path)
    assert min(said.total for said in outcome.said["plain"].values()) < -2 * BILLION


# -- the same bytes ------------------------------------------------------------------------------------

BYTES = [TOGETHER[1], ALONE[0]]


RUNS = [engine for engine in conformance.ENGINES if isinstance(engine, conformance.Bulk)]


@pytest.mark.parametrize("engine", RUNS, ids=lambda engine: engine.name, indirect=True)
@pytest.mark.parametrize("case", BYTES, ids=named)
def test_every_engine_writes_the_same_bytes(engine, case, tmp_path: Path) -> None:
    engine.run(case, tmp_path, "own")
    conformance.LOCAL.run(case, tmp_path, "local")
    found = conformance.contents(tmp_path / "own")
    assert found == conformance.contents(tmp_path / "local")
    assert len(found) == 2 + 2 * len(case.cards) * -(-len(case.organisations) // case.span)


def test_cards_whose_tables_do_not_fit_together_are_graded_apart(tmp_path: Path, monkeypatch) -> None:
    steps = [[{"from": 3 * n + card, "points": n} for n in range(20)] for card in range(3)]
    cards = tuple(
        drawn_cases.card(reads=["fine"], weight=99, consumes={"of": "amount", "steps": own}).model_copy(
            update={"card": f"card-{n}"}
        )
        for n, own in enumerate(steps)
    )
    case = Case(drawn_cases.LAW, cards, [with_amounts(*range(n, 70, 9)) for n in range(9)], JUNE)
    assert conformance.LOCAL.outcome(case, tmp_path) == conformance.meant(case, tmp_path)
    compiled = [compile_card(card, JUNE) for card in cards]
    manifest = Snapshot.open(tmp_path / "snapshot").manifest
    assert [len(bound.cards) for bound in bind(compiled, manifest)] == [3]
    monkeypatch.setattr("probity.scoring.bulk.bind.CODES_MOST", 60)
    assert [len(bound.cards) for bound in bind(compiled, manifest)] == [1, 2]
    conformance.LOCAL.run(case, tmp_path, "apart")
    assert conformance.contents(tmp_path / "apart") == conformance.contents(tmp_path / "out")


@pytest.mark.parametrize("case", BYTES, ids=named)
def test_the_division_into_parts_does_not_matter(case, tmp_path: Path) -> None:
    spans = [conformance.LOCAL.outcome(replace(case, span=span), tmp_path / str(span)) for span in (1, 4, 64)]
    assert spans[0] == spans[1] == spans[2] == conformance.meant(case, tmp_path)
