"""Worked cases: what they name must exist. Whether they come out as expected is for the scoring room."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from probity.rulebook.cases import Case, CasesFile, Given
from probity.rulebook.checks.intake import unfit
from probity.rulebook.checks.refer import span, twice
from probity.rulebook.finding import Finding, suggestion
from probity.rulebook.reading import Loc
from probity.rulebook.scorecard import CARD, Scorecard
from probity.rulebook.shelf import Entry, Kind, Shelf


def check_cases(shelf: Shelf) -> Iterator[Finding]:
    """Faults of worked cases: unknown cards, items, attributes, indicators and grades."""
    for file in shelf.cases:
        yield from check_each(shelf, file, shelf.cards, "card", _case)


def check_each(
    shelf: Shelf,
    file: Entry[Any],
    kind: Kind[Any],
    noun: str,
    check: Callable[[Shelf, Entry[Any], Any, Any, Loc], Iterator[Finding]],
) -> Iterator[Finding]:
    """Faults of a file of worked cases of something of a ``kind``, which it names under the key ``noun``.

    Whether there is such a thing, in force on the day of each case, and what ``check`` finds in the case under it.
    """
    versions, cases = kind.versions(file.id), file.model.cases
    if not versions:
        if file.id not in kind.written:
            remedy = suggestion(file.id, kind.written, f"Name the {noun} that these cases are about.")
            yield file.error(f"there is no {noun} {file.id}", remedy, noun)
        return
    yield from twice(file, "case", [(case.case, ("cases", n, "case")) for n, case in enumerate(cases)])
    for number, case in enumerate(cases):
        rule = next((entry.model for entry in versions if entry.model.in_force.covers(case.as_of)), None)
        if rule is None:
            days = "; ".join(span(entry.model.in_force) for entry in versions)
            reason = f"the {noun} is not in force on {case.as_of}"
            yield file.error(reason, f"It is in force {days}.", "cases", number, "as_of")
        else:
            yield from check(shelf, file, rule, case, ("cases", number))


def _case(shelf: Shelf, file: Entry[CasesFile], card: Scorecard, case: Case, at: Loc) -> Iterator[Finding]:
    for number, given in enumerate(case.given):
        loc = (*at, "given", number)
        if given.card is not None:
            yield from _result(shelf, file, card, case, given, loc)
        else:
            yield from check_given(shelf, file, given, case.as_of, loc)
    cards = [f"{CARD}{name}" for name in card.inputs]
    for number, source in enumerate(case.delivered or ()):
        yield from check_among(file, "item", source, {*shelf.items.written, *cards}, (*at, "delivered", number))
    expect = (*at, "expect")
    names = [indicator.indicator for indicator in card.indicators]
    for name in case.expect.points:
        yield from check_among(file, "indicator", name, names, (*expect, "points", name))
    for number, name in enumerate(case.expect.not_known):
        yield from check_among(file, "indicator", name, names, (*expect, "not_known", number))
    if case.expect.grade is not None:
        yield from check_among(
            file, "grade", case.expect.grade, [band.grade for band in card.bands], (*expect, "grade")
        )
    if case.kind not in card.subjects:
        reason = f"the card does not grade organisations of the kind {case.kind}"
        yield file.error(reason, f"It grades {', '.join(card.subjects)}.", *at, "kind")


def check_among(file: Entry[Any], noun: str, name: str, names: Iterable[str], loc: Loc) -> Iterator[Finding]:
    """The finding where ``name`` is none of ``names``."""
    if name not in names:
        yield file.error(f"there is no {noun} {name}", suggestion(name, names, "Correct the name."), *loc)


def _result(
    shelf: Shelf, file: Entry[CasesFile], card: Scorecard, case: Case, given: Given, at: Loc
) -> Iterator[Finding]:
    """Faults of another card's result: the card reads it, is in force that day and has that grade."""
    name = given.card or ""
    if name not in card.inputs:
        remedy = suggestion(name, card.inputs, f"It reads {', '.join(card.inputs) or 'none'}.")
        yield file.error(f"{card.card} does not read the result of {name}", remedy, *at, "card")
        return
    on = next((c.model for c in shelf.cards.versions(name) if c.model.in_force.covers(case.as_of)), None)
    if on is None:
        reason = f"{name} is not in force on {case.as_of} and gives no result"
        yield file.error(reason, "Correct the day, or leave the result out.", *at, "card")
    elif given.grade not in (grades := [band.grade for band in on.bands]):
        remedy = suggestion(given.grade or "", grades, f"The grades are {', '.join(grades)}.")
        yield file.error(f"{name} gives no grade {given.grade}", remedy, *at, "grade")


def check_given(shelf: Shelf, file: Entry[Any], given: Given, as_of: date, at: Loc) -> Iterator[Finding]:
    """Faults of a record that a worked case starts from: its item, its days, its attributes."""
    name, on = given.item or "", given.on or as_of
    items = shelf.items.versions(name)
    if not items:
        yield from check_among(file, "item", name, shelf.items.written, (*at, "item"))
        return
    item = next((i.model for i in items if i.model.in_force.covers(on)), None)
    if item is None:
        days = "; ".join(span(i.model.in_force) for i in items)
        yield file.error(f"the item {name} is not in force on {on}", f"It is in force {days}.", *at, "on")
        return
    if given.to is not None and given.to < on:
        yield file.error(f"the record ends on {given.to}, before it begins", "Correct the days.", *at, "to")
    for name, value in given.attributes.items():
        attribute = item.attribute(name)
        if attribute is None:
            names = [known.attribute for known in item.attributes]
            remedy = suggestion(name, names, f"It has {', '.join(names) or 'none'}.")
            yield file.error(f"{item.item} has no attribute {name}", remedy, *at, "attributes", name)
        elif fault := unfit(value, attribute):
            yield file.error(fault, "Write a value that fits.", *at, "attributes", name)
