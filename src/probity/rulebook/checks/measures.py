"""Measures and memoranda: each measure has a statute, binds nobody else, and is taken by those who may."""

from __future__ import annotations

import re
from collections.abc import Iterator

from probity.rulebook.checks.charter import check_forbidden, says_nothing, texts_of
from probity.rulebook.checks.lists import days
from probity.rulebook.checks.refer import live, missing, twice
from probity.rulebook.checks.words import check_bound_persons
from probity.rulebook.finding import Finding, suggestion
from probity.rulebook.lists import ListKind, ListRule
from probity.rulebook.measures import Agreed, Binding, MeasureCategory, MeasureRule, Memorandum
from probity.rulebook.reading import Loc
from probity.rulebook.shelf import Entry, Shelf

_STATUTE = re.compile(
    r"《[^》]+》|\b\d{4}\b|\b(arts?|articles?|sections?|s|no|para|§)\b\.? ?\d|§"
    r"|\b(law|act|code|statute|regulations?|ordinance|decree|order|rules?|measures|provisions|directive|c\.?f\.?f\.?)\b"
    r"|法|条例|规定|办法|决定|第.{1,6}条",
    re.IGNORECASE,
)
"""What a text has that names a statute."""

_OF_PERSONS = (4, 5)
_CATEGORY = {
    **dict.fromkeys(range(1, 7), MeasureCategory.RIGHTS_REDUCING),
    **dict.fromkeys(range(7, 14), MeasureCategory.MANAGEMENT),
    14: MeasureCategory.MARKET,
}
"""The categories of the national basic list (rulesheet 5.2)."""


def check_measures(shelf: Shelf) -> Iterator[Finding]:
    """Every fault of the measures and the memoranda."""
    for measure in shelf.measures:
        yield from _measure(shelf, measure)
    for memorandum in shelf.memoranda:
        yield from _memorandum(shelf, memorandum)
        for number, agreed in enumerate(memorandum.model.measures):
            yield from _agreed(shelf, memorandum, agreed, ("measures", number))


def _measure(shelf: Shelf, measure: Entry[MeasureRule]) -> Iterator[Finding]:
    model = measure.model
    texts = [*texts_of(measure.id.rpartition("/")[2], model.name, "measure"), (model.conduct, ("conduct",))]
    yield from check_forbidden(measure, texts)
    yield from check_bound_persons(measure, texts)
    executors: list[tuple[str, Loc]] = [(id_, ("executors", n)) for n, id_ in enumerate(model.executors)]
    yield from twice(measure, "executor", executors)
    for id_, loc in executors:
        yield from missing(shelf, measure, shelf.agencies, id_, *loc)
    if not says_nothing(model.basis) and not _STATUTE.search(model.basis):
        reason = f"{model.basis!r} names no statute"
        yield measure.error(reason, "Name the law and its article: what binds needs one (R5.5, F31).", "basis")
    if says_nothing(model.conduct):
        reason = f"{model.conduct!r} does not say how the measure is related to what happened"
        yield measure.error(reason, "Say it, or leave the measure out (R5.7).", "conduct")
    if model.category is MeasureCategory.MARKET and model.binding is Binding.MANDATORY:
        reason = f"{measure.id} is for others to decide, and nobody may force them"
        yield measure.error(reason, "Write binding: reference (R5.8).", "binding")
    yield from _number(measure)


def _number(measure: Entry[MeasureRule]) -> Iterator[Finding]:
    number, category = measure.model.number, measure.model.category
    if number in _OF_PERSONS:
        reason = f"item {number} of the national basic list binds persons"
        yield measure.error(reason, "Leave the measure out (charter 1 and 5, rulesheet 5.2).", "number")
    elif number is not None and _CATEGORY[number] is not category:
        reason = f"item {number} of the national basic list is {_CATEGORY[number]}, not {category}"
        yield measure.error(reason, "Correct one of the two (rulesheet 5.2).", "category")


def _memorandum(shelf: Shelf, memorandum: Entry[Memorandum]) -> Iterator[Finding]:
    model = memorandum.model
    yield from twice(memorandum, "list", [(id_, ("lists", n)) for n, id_ in enumerate(model.lists)])
    yield from twice(
        memorandum, "signatory", [(id_, ("signatories", n)) for n, id_ in enumerate(model.signatories)]
    )
    agreed = [(each.measure, ("measures", n, "measure")) for n, each in enumerate(model.measures)]
    yield from twice(memorandum, "measure", agreed)
    for number, id_ in enumerate(model.lists):
        yield from missing(shelf, memorandum, shelf.lists, id_, "lists", number)
    for number, id_ in enumerate(model.signatories):
        yield from missing(shelf, memorandum, shelf.agencies, id_, "signatories", number)
    if len({rule.kind.adverse for rule in _lists(shelf, memorandum)}) > 1:
        reason = "this covers lists that speak for organisations and lists that speak against them"
        yield memorandum.error(reason, "Make two memoranda of it.", "lists")


def _agreed(shelf: Shelf, memorandum: Entry[Memorandum], agreed: Agreed, at: Loc) -> Iterator[Finding]:
    model = memorandum.model
    yield from missing(shelf, memorandum, shelf.measures, agreed.measure, *at, "measure")
    for number, id_ in enumerate(agreed.by):
        if id_ not in model.signatories:
            remedy = suggestion(id_, model.signatories, "Let it sign, or leave it out.")
            yield memorandum.error(f"{id_} has not signed {memorandum.id}", remedy, *at, "by", number)
    for measure in live(memorandum, shelf.measures, agreed.measure):
        for number, id_ in enumerate(agreed.by):
            if id_ not in measure.model.executors:
                known = ", ".join(measure.model.executors)
                reason = f"{id_} may not take {measure.id}"
                yield memorandum.error(reason, f"Only {known} may (R5.5).", *at, "by", number)
        if not set(model.signatories) & set(measure.model.executors):
            reason = f"none of the signatories may take {measure.id}"
            yield memorandum.error(reason, "Let one of its executors sign, or leave it out.", *at, "measure")
        yield from _fits(shelf, memorandum, measure.model, (*at, "measure"))


def _fits(shelf: Shelf, memorandum: Entry[Memorandum], measure: MeasureRule, loc: Loc) -> Iterator[Finding]:
    """Whether a measure may follow from an entry on the lists of a memorandum, and for so long."""
    lists = _lists(shelf, memorandum)
    for rule in lists:
        if (measure.category is MeasureCategory.REWARD) == rule.kind.adverse:
            reason = f"{measure.measure} is {measure.category}, and {rule.list} is a {rule.kind} list"
            yield memorandum.error(reason, "Rewards follow from redlists alone, and nothing else does.", *loc)
        elif rule.kind is ListKind.WATCH and measure.category is MeasureCategory.RIGHTS_REDUCING:
            reason = f"{measure.measure} reduces rights, and {rule.list} only warns"
            yield memorandum.error(reason, "Leave it out: on a watch list nothing was decided yet (R4.20).", *loc)
    terms = [days(rule.lasts.maximum) for rule in lists if rule.lasts is not None]
    if measure.maximum is not None and terms and days(measure.maximum) > max(terms):
        reason = f"{measure.measure} may last {measure.maximum}, longer than any entry that brings it"
        yield memorandum.error(reason, "Shorten it: no measure outlasts its entry (charter 6, R5.10).", *loc)


def _lists(shelf: Shelf, memorandum: Entry[Memorandum]) -> list[ListRule]:
    ids = memorandum.model.lists
    return [entry.model for id_ in ids for entry in live(memorandum, shelf.lists, id_)]
