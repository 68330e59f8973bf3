"""The worked cases of every rulebook: what a lawyer can dispute, held against the reference and the kernel."""

from datetime import date
from pathlib import Path

import pytest

from probity.rulebook import Case, Law, Scorecard, load
from probity.scoring import NO_TOTAL, Fact, compile_card, encode, evaluate, explain, score, shown

RULEBOOKS = Path(__file__).parents[2] / "rulebooks"
LAW = load(RULEBOOKS)
CASES = [(file.card, case) for _, file in LAW.cases for case in file.cases]


def facts_of(case: Case, law: Law) -> list[Fact]:
    """The given records, each with the display term that the law gives it."""
    return [
        Fact(
            record=f"record-{n}",
            item=given.item,
            day=given.on,
            until=given.to,
            expires=law.display_until(law.item(given.item, given.on), given.on, dict(given.attributes)),
            status=given.status,
            attributes={k: v.isoformat() if isinstance(v, date) else v for k, v in given.attributes.items()},
        )
        for n, given in enumerate(case.given, 1)
    ]


def faults(case: Case, total: int | None, grade: str | None, points: dict[str, int], known: dict[str, bool]):
    """Where a result differs from what the case expects."""
    expect = case.expect
    if grade != expect.grade:
        yield f"grade {grade}, expected {expect.grade}"
    if total != expect.score and (expect.score is not None or expect.grade is None):
        yield f"score {total and shown(total)}, expected {expect.score and shown(expect.score)}"
    for indicator, expected in expect.points.items():
        if points[indicator] != expected:
            yield f"{indicator} gives {shown(points[indicator])}, expected {shown(expected)}"
    unknown = {indicator for indicator, is_known in known.items() if not is_known}
    if set(expect.not_known) != unknown:
        yield f"not known: {sorted(unknown)}, expected {sorted(expect.not_known)}"


def by_kernel(card: Scorecard, case: Case, facts: list[Fact]):
    compiled = compile_card(card, case.as_of)
    found = score(compiled, encode(compiled, [facts]), case.delivered, points=True)
    names = [indicator.indicator for indicator in card.indicators]
    total, grade = int(found.totals[0]), int(found.grades[0])
    return (
        None if total == NO_TOTAL else total,
        None if grade < 0 else card.bands[grade].grade,
        dict(zip(names, found.points[0].tolist(), strict=True)),
        dict(zip(names, found.known.tolist(), strict=True)),
    )


@pytest.mark.parametrize(("card_id", "case"), CASES, ids=[f"{card}: {case.case}" for card, case in CASES])
def test_worked_case(card_id, case):
    card, facts = LAW.card(card_id, case.as_of), facts_of(case, LAW)
    assert case.kind in card.subjects
    meant = evaluate(card, facts, case.as_of, case.delivered)
    points = {line.indicator: line.points for line in meant.lines}
    known = {line.indicator: line.known for line in meant.lines}
    for evaluator, result in (
        ("reference", (meant.total, meant.grade, points, known)),
        ("kernel", by_kernel(card, case, facts)),
    ):
        wrong = list(faults(case, *result))
        assert not wrong, f"{card_id}, case {case.case!r} ({case.why}), {evaluator}:\n  " + "\n  ".join(wrong)
    told = explain(meant, card, facts, LAW)
    assert told.base + sum(group.points for group in told.groups) == card.base + sum(points.values())


def test_there_are_worked_cases_of_every_card():
    assert {card for card, _ in CASES} == {card.card for card in LAW.cards}
