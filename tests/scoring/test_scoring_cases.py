"""The worked cases of every rulebook: what a lawyer can dispute, held against the reference and the kernel."""

from pathlib import Path

import pytest

from probity.rulebook import Case, Scorecard, load
from probity.scoring import (
    NO_TOTAL,
    compared,
    compile_card,
    differences,
    encode,
    evaluate,
    explain,
    facts_of,
    inputs_of,
    score,
)

RULEBOOKS = Path(__file__).parents[2] / "rulebooks"
LAW = load(RULEBOOKS)
CASES = [(file.card, case) for _, file in LAW.cases for case in file.cases]


def by_kernel(card: Scorecard, case: Case):
    compiled = compile_card(card, case.as_of)
    records = encode(compiled, [facts_of(case, LAW)], [inputs_of(case, card)])
    found = score(compiled, records, case.delivered, points=True)
    names = [indicator.indicator for indicator in card.indicators]
    total, grade = int(found.totals[0]), int(found.grades[0])
    return (
        None if total == NO_TOTAL else total,
        None if grade < 0 else card.bands[grade].grade,
        dict(zip(names, found.points[0].tolist(), strict=True)),
    )


@pytest.mark.parametrize(("card_id", "case"), CASES, ids=[f"{card}: {case.case}" for card, case in CASES])
def test_worked_case(card_id, case):
    card, facts = LAW.card(card_id, case.as_of), facts_of(case, LAW)
    assert case.kind in card.subjects
    assert differences(case, card, LAW) == [], f"{card_id}, case {case.case!r} ({case.why})"
    inputs = inputs_of(case, card)
    meant = evaluate(card, facts, case.as_of, case.delivered, inputs)
    known = {line.indicator: line.known for line in meant.lines}
    assert list(compared(case, *by_kernel(card, case), known)) == [], f"{card_id}, {case.case!r}, by the kernel"
    told = explain(meant, card, facts, LAW, inputs)
    points = sum(line.points for line in meant.lines)
    assert told.base + sum(group.points for group in told.groups) == card.base + points


def test_there_are_worked_cases_of_every_version_of_every_card():
    judged = {(card, LAW.card(card, case.as_of).in_force.from_) for card, case in CASES}
    assert judged == {(card.card, card.in_force.from_) for card in LAW.cards}


def test_a_case_that_does_not_come_out_says_where():
    card_id, case = next((card, case) for card, case in CASES if case.expect.points)
    card = LAW.card(card_id, case.as_of)
    wrong = case.expect.model_copy(
        update={"grade": "Z", "score": 1, "points": dict.fromkeys(case.expect.points, 5), "not_known": ("x",)}
    )
    found = differences(case.model_copy(update={"expect": wrong}), card, LAW)
    assert len(found) == 3 + len(case.expect.points)
    assert found[0].endswith("expected Z")
