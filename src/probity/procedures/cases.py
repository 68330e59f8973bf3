"""Worked cases of lists: given this file, on this day, a list is expected to say this; and what no case tries."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, time

from probity.dossier import Record
from probity.procedures.criteria import evaluate, margins
from probity.procedures.verdict import Verdict
from probity.rulebook import Criterion, Given, Law, ListCase, ListKind, ListRule, Requirement, Status


def list_differences(case: ListCase, rule: ListRule, law: Law) -> list[str]:
    """Where what the list says differs from what the case expects; empty where it comes out."""
    verdicts = evaluate(
        rule,
        records_of(case, law),
        law,
        case.as_of,
        delivered=_delivered(case, law),
        held=_held(case, law),
        established=case.established,
    )
    return list(_compared(case, rule, verdicts))


def records_of(case: ListCase, law: Law) -> tuple[Record, ...]:
    """The records given, each with the display term that the law gives it."""
    return tuple(
        _record(f"record-{number}", given, given.item, given.on, law)
        for number, given in enumerate(case.given, 1)
        if given.item is not None and given.on is not None
    )


def untried(law: Law, list_: str | None = None) -> list[str]:
    """What the worked cases of the lists (or of that one) leave open, a sentence each.

    That is a criterion that no case finds met, or not met; a threshold that no case lies at, above or below; a
    warning or a band that no case brings about.
    """
    return [gap for rule in law.lists if rule.criteria and list_ in (None, rule.list) for gap in _gaps(rule, law)]


def _record(id_: str, given: Given, item: str, on: date, law: Law) -> Record:
    attributes = {k: v.isoformat() if isinstance(v, date) else v for k, v in given.attributes.items()}
    return Record(
        id=id_,
        statement=id_,
        item=item,
        issuer="",
        reference=id_,
        valid_from=on,
        valid_to=given.to,
        attributes=attributes,
        status=given.status,
        expires=law.display_until(law.item(item, on), on, attributes),
        contested_since=on if given.status is Status.CONTESTED else None,
        repaired_on=on if given.status is Status.REPAIRED else None,
        recorded_at=datetime.combine(on, time(), UTC),
        corrections=(),
        batch="",
        row=0,
        generated=False,
    )


def _delivered(case: ListCase, law: Law) -> Collection[str]:
    return {item.item for item in law.items} if case.delivered is None else case.delivered


def _held(case: ListCase, law: Law) -> list[tuple[str, ListKind]]:
    return [(name, law.list(name, case.as_of).kind) for name in case.held]


def _compared(case: ListCase, rule: ListRule, verdicts: dict[str, Verdict]) -> Iterator[str]:
    for name, verdict in verdicts.items():
        expected = case.expect.criteria.get(name, "not met")
        found = "met" if verdict.met else "not known" if verdict.met is None else "not met"
        if expected != found and not (expected == "possible" and verdict.possible):
            yield f"{name} is {found}, expected {expected} ({'; '.join(verdict.why)})"
    near = {name for name, verdict in verdicts.items() if verdict.near}
    if near != set(case.expect.near):
        yield f"near: {sorted(near)}, expected {sorted(case.expect.near)}"
    band = _band(rule, verdicts)
    if case.expect.band is not None and case.expect.band != band:
        yield f"band {band}, expected {case.expect.band}"


def _band(rule: ListRule, verdicts: dict[str, Verdict]) -> str | None:
    amounts = [verdict.amount for verdict in verdicts.values() if verdict.amount is not None]
    return rule.bands.of(amounts[0]).band if rule.bands is not None and amounts else None


# -- what no case tries ----------------------------------------------------------------------------------------


def _gaps(rule: ListRule, law: Law) -> Iterator[str]:
    version = f"{rule.list} (from {rule.in_force.from_})"
    cases = [
        case
        for _, file in law.list_cases
        if file.list == rule.list
        for case in file.cases
        if rule.in_force.covers(case.as_of)
    ]
    for criterion in rule.criteria:
        for gap in (*_outcomes(criterion, cases), *_thresholds(criterion, rule, cases, law)):
            yield f"{version}, {criterion.criterion}: no case {gap}"
    bands = {case.expect.band for case in cases}
    for band in rule.bands.bands if rule.bands is not None else ():
        if band.band not in bands:
            yield f"{version}: no case lies in the band {band.band}"


def _outcomes(criterion: Criterion, cases: Sequence[ListCase]) -> Iterator[str]:
    name = criterion.criterion
    expected = [case.expect.criteria.get(name, "not met") for case in cases]
    if "met" not in expected:
        yield "where it is met"
    if not {"not met", "possible"} & set(expected):
        yield "where it is not met"
    if criterion.warns is not None and not any(name in case.expect.near for case in cases):
        yield "where it is near"


def _thresholds(criterion: Criterion, rule: ListRule, cases: Sequence[ListCase], law: Law) -> Iterator[str]:
    parts = criterion.requires.walk()
    seen: list[set[int]] = [set() for _ in parts]
    for case in cases:
        found = margins(rule, records_of(case, law), law, case.as_of, delivered=_delivered(case, law))
        for place, margin in zip(seen, found[criterion.criterion], strict=True):
            if margin is not None:
                place.add((margin > 0) - (margin < 0))
    for part, place in zip(parts, seen, strict=True):
        for side, word in ((-1, "below"), (0, "at"), (1, "above")):
            if side not in place and _has(part, side):
                yield f"{word} the threshold of {_said(part)}"


def _has(part: Requirement, side: int) -> bool:
    """Whether a case on that side of the threshold says more than a case that has a record or none."""
    if part.count is not None:
        return (part.at_least or 0) > 1 or (part.more_than or 0) > 0
    return part.sum is not None or part.rate is not None or (part.years is not None and side < 1)


def _said(part: Requirement) -> str:
    kind = next(name for name in ("count", "sum", "rate", "years") if getattr(part, name) is not None)
    (first, *_) = part.records()
    return f"its {kind} of {' or '.join(first.items)}"
