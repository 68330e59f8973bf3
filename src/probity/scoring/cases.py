"""Worked cases: given these records, on this day, a card is expected to say this."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from probity.rulebook import CARD, Case, Given, Law, Scorecard
from probity.scoring.model import Evaluation, Fact, NoGrade
from probity.scoring.reference import evaluate
from probity.scoring.sentences import shown


def differences(case: Case, card: Scorecard, law: Law) -> list[str]:
    """Where what the card says differs from what the case expects; empty where it comes out."""
    found = evaluate(card, facts_of(case, law), case.as_of, case.delivered, inputs_of(case, card))
    points = {line.indicator: line.points for line in found.lines}
    known = {line.indicator: line.known for line in found.lines}
    return list(compared(case, found.total, found.grade, points, known))


def facts_of(case: Case, law: Law) -> tuple[Fact, ...]:
    """The records given, each with the display term that the law gives it."""
    return tuple(
        _fact(f"record-{number}", given, given.item, given.on, law)
        for number, given in enumerate(case.given, 1)
        if given.item is not None and given.on is not None
    )


def _fact(record: str, given: Given, item: str, on: date, law: Law) -> Fact:
    return Fact(
        record=record,
        item=item,
        day=on,
        until=given.to,
        expires=law.display_until(law.item(item, on), on, given.attributes),
        status=given.status,
        attributes={k: v.isoformat() if isinstance(v, date) else v for k, v in given.attributes.items()},
    )


def inputs_of(case: Case, card: Scorecard) -> tuple[Evaluation, ...]:
    """The results given of the cards that ``card`` reads; those not delivered are results of which too little is
    known."""
    missing = [name for name in card.inputs if case.delivered is not None and CARD + name not in case.delivered]
    return (
        *(
            Evaluation(given.card, case.as_of, given.total, given.grade, (), (), None, 0)
            for given in case.given
            if given.card is not None and given.card not in missing
        ),
        *(Evaluation(name, case.as_of, None, None, (), (), None, 0, NoGrade.TOO_LITTLE_KNOWN) for name in missing),
    )


def compared(
    case: Case, total: int | None, grade: str | None, points: Mapping[str, int], known: Mapping[str, bool]
) -> Iterator[str]:
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
