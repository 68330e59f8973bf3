"""Worked cases of lists: what they name must exist. Whether they come out as expected is for the procedures."""

from __future__ import annotations

from collections.abc import Iterator

from probity.rulebook.checks.cases import check_among, check_each, check_given
from probity.rulebook.checks.refer import span
from probity.rulebook.finding import Finding
from probity.rulebook.list_cases import ListCase, ListCasesFile
from probity.rulebook.lists import ListRule
from probity.rulebook.reading import Loc
from probity.rulebook.shelf import Entry, Shelf


def check_list_cases(shelf: Shelf) -> Iterator[Finding]:
    """Faults of worked cases: unknown lists, items, attributes, facts, criteria and bands."""
    for file in shelf.list_cases:
        yield from check_each(shelf, file, shelf.lists, "list", _case)


def _case(shelf: Shelf, file: Entry[ListCasesFile], rule: ListRule, case: ListCase, at: Loc) -> Iterator[Finding]:
    for number, given in enumerate(case.given):
        loc = (*at, "given", number)
        if given.card is not None:
            yield file.error("a grade is no ground of a list", "Give the records (R4.21).", *loc, "card")
        else:
            yield from check_given(shelf, file, given, case.as_of, loc)
    facts = [fact.fact for criterion in rule.criteria for fact in criterion.requires.facts()]
    for number, fact in enumerate(case.established):
        yield from check_among(file, "fact", fact, facts, (*at, "established", number))
    for number, name in enumerate(case.held):
        yield from _held(shelf, file, name, case, (*at, "held", number))
    for number, item in enumerate(case.delivered or ()):
        yield from check_among(file, "item", item, shelf.items.written, (*at, "delivered", number))
    yield from _expected(file, rule, case, (*at, "expect"))


def _held(shelf: Shelf, file: Entry[ListCasesFile], name: str, case: ListCase, loc: Loc) -> Iterator[Finding]:
    yield from check_among(file, "list", name, shelf.lists.written, loc)
    versions = shelf.lists.versions(name)
    if versions and not any(entry.model.in_force.covers(case.as_of) for entry in versions):
        days = "; ".join(span(entry.model.in_force) for entry in versions)
        yield file.error(f"the list {name} is not in force on {case.as_of}", f"It is in force {days}.", *loc)


def _expected(file: Entry[ListCasesFile], rule: ListRule, case: ListCase, at: Loc) -> Iterator[Finding]:
    names = [criterion.criterion for criterion in rule.criteria]
    for name, outcome in case.expect.criteria.items():
        yield from check_among(file, "criterion", name, names, (*at, "criteria", name))
        criterion = rule.criterion(name)
        if outcome == "possible" and criterion is not None and not criterion.requires.facts():
            reason = f"{name} is never possible: it asks for no fact that a person must establish"
            yield file.error(reason, "Write met, not met or not known.", *at, "criteria", name)
    for number, name in enumerate(case.expect.near):
        yield from check_among(file, "criterion", name, names, (*at, "near", number))
        criterion = rule.criterion(name)
        if criterion is not None and criterion.warns is None:
            reason = f"{name} warns of nothing, so that nobody is near it"
            yield file.error(reason, "Leave it out, or add warns to the criterion.", *at, "near", number)
    if case.expect.band is not None:
        bands = [band.band for band in rule.bands.bands] if rule.bands is not None else []
        yield from check_among(file, "band", case.expect.band, bands, (*at, "band"))
