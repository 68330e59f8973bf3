"""Intake mappings: what they fill, from what, and whether their agency may say it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from probity.rulebook.checks.refer import live, missing
from probity.rulebook.checks.references import compile_fault
from probity.rulebook.finding import Finding, suggestion
from probity.rulebook.lists import CASE
from probity.rulebook.model import Attribute, Effect, Item, Mapping, Source
from probity.rulebook.reading import Loc
from probity.rulebook.shelf import Entry, Shelf

_NOT_RE2 = re.compile(r"\(\?(?:<?[=!]|>|\()|(?<!\\)(?:\\\\)*\\[1-9]|[*+?}]\+")


def check_intake(shelf: Shelf) -> Iterator[Finding]:
    """Every fault of the intake mappings."""
    for mapping in shelf.mappings:
        model = mapping.model
        yield from missing(shelf, mapping, shelf.items, model.item, "item")
        yield from missing(shelf, mapping, shelf.agencies, model.agency, "agency")
        yield from missing(shelf, mapping, shelf.schemes, model.subject.scheme, "subject", "scheme")
        yield from _competent(shelf, mapping)
        yield from _columns(mapping)
        yield from _days(shelf, mapping)
        yield from _procedural(shelf, mapping)
        for item in live(mapping, shelf.items, model.item):
            yield from _fills(shelf, mapping, item.model)


def _competent(shelf: Shelf, mapping: Entry[Mapping]) -> Iterator[Finding]:
    item = mapping.model.item
    for agency in live(mapping, shelf.agencies, mapping.model.agency):
        if not agency.model.may_state(item):
            reason = f"{agency.id} is not competent for {item}"
            remedy = f"Name the competent agency, or add {item} to competent_for ({agency.file}:{agency.line()})."
            yield mapping.error(reason, f"{remedy} (charter 2)", "agency")


def _procedural(shelf: Shelf, mapping: Entry[Mapping]) -> Iterator[Finding]:
    """A file states no step of a procedure, and no entry that a case of ours would have made."""
    item = mapping.model.item
    if any(entry.model.effect is Effect.STEP for entry in live(mapping, shelf.items, item)):
        reason = f"{item} is a step of a procedure, which only the procedure states"
        yield mapping.error(reason, "Import what was decided elsewhere as an entry (charter 4).", "item")
    records = {entry.model.record for entry in shelf.lists}
    if item in records and CASE in mapping.model.attributes:
        reason = f"{item} is the record of a list, and {CASE} is the number of a case conducted here"
        remedy = "Leave it out: an entry from elsewhere has no case, and its notice is not proven here (R4.23)."
        yield mapping.error(reason, remedy, "attributes", CASE)


def _sources(mapping: Mapping) -> Iterator[tuple[Source, Loc]]:
    yield mapping.valid_from, ("valid_from",)
    if mapping.valid_to is not None:
        yield mapping.valid_to, ("valid_to",)
    for name, source in mapping.attributes.items():
        yield source, ("attributes", name)


def _columns(mapping: Entry[Mapping]) -> Iterator[Finding]:
    model = mapping.model
    for number, column in enumerate(model.key):
        if column in model.key[:number]:
            yield mapping.error(
                f"the key names the column {column!r} twice", "Keep one of the two.", "key", number
            )
    sources = [source for source, _ in _sources(model)]
    used = {model.subject.column, *model.key, *(source.column for source in sources if source.column)}
    used |= {source.days_after.column for source in sources if source.days_after}
    for number, column in enumerate(model.ignores):
        if column in used:
            reason = f"the column {column!r} is both used and ignored"
            yield mapping.error(reason, "Delete it from ignores, or use it nowhere.", "ignores", number)
        elif column in model.ignores[:number]:
            yield mapping.error(f"the column {column!r} is ignored twice", "Delete one.", "ignores", number)


def _days(shelf: Shelf, mapping: Entry[Mapping]) -> Iterator[Finding]:
    day = Attribute.model_validate({"attribute": "day", "name": {"en": "day"}, "type": "date"})
    for source, loc in _sources(mapping.model):
        if loc[0] != "attributes":
            yield from _source(shelf, mapping, source, day, loc)


def _fills(shelf: Shelf, mapping: Entry[Mapping], item: Item) -> Iterator[Finding]:
    given = mapping.model.attributes
    names = [attribute.attribute for attribute in item.attributes]
    for name, source in given.items():
        attribute = item.attribute(name)
        if attribute is None:
            remedy = suggestion(name, names, f"It has {', '.join(names) or 'none'}.")
            yield mapping.error(f"{item.item} has no attribute {name}", remedy, "attributes", name)
        else:
            yield from _source(shelf, mapping, source, attribute, ("attributes", name))
    for attribute in item.attributes:
        if attribute.required and attribute.attribute not in given:
            reason = f"{item.item} requires {attribute.attribute}, and the mapping does not fill it"
            yield mapping.error(reason, "Say from which column it comes, or give a constant.", "attributes")


def _source(
    shelf: Shelf, mapping: Entry[Mapping], source: Source, attribute: Attribute, loc: Loc
) -> Iterator[Finding]:
    """Faults of one source of a value for ``attribute``."""
    yield from _lookup(shelf, mapping, source, loc)
    yield from _extract(mapping, source, loc)
    if source.format is not None and attribute.type != "date" and source.days_after is None:
        reason = f"a format reads dates, and {attribute.attribute} is of type {attribute.type}"
        yield mapping.error(reason, "Delete format.", *loc, "format")
    if source.days_after is not None and attribute.type != "integer":
        reason = f"days_after counts days, and {attribute.attribute} is of type {attribute.type}"
        yield mapping.error(reason, "Fill an attribute of type integer.", *loc, "days_after")
    if source.days_after is not None and (source.scale is not None or source.constant is not None):
        reason = "days_after counts the days between two columns"
        yield mapping.error(reason, "Name a column, without scale.", *loc, "days_after")
    if source.scale is not None and attribute.type not in ("amount", "integer"):
        reason = f"a scale makes whole numbers, and {attribute.attribute} is of type {attribute.type}"
        yield mapping.error(reason, "Delete scale.", *loc, "scale")
    if source.constant is not None and (fault := unfit(source.constant, attribute)):
        yield mapping.error(f"the constant {fault}", "Write one that fits.", *loc, "constant")
    for key, value in source.values.items():
        if attribute.type == "choice" and (fault := unfit(value, attribute)):
            choices = [choice.value for choice in attribute.choices]
            yield mapping.error(fault, suggestion(value, choices, "Write one of them."), *loc, "values", key)


def _lookup(shelf: Shelf, mapping: Entry[Mapping], source: Source, loc: Loc) -> Iterator[Finding]:
    if source.lookup is not None and (mapping.book, source.lookup) not in shelf.lookups:
        tables = [name for book, name in shelf.lookups if book == mapping.book]
        remedy = suggestion(source.lookup, tables, f"Write lookups/{source.lookup}.csv (columns from,to).")
        yield mapping.error(f"there is no lookup table {source.lookup}", remedy, *loc, "lookup")


def _extract(mapping: Entry[Mapping], source: Source, loc: Loc) -> Iterator[Finding]:
    if source.extract is None:
        return
    if fault := compile_fault(source.extract):
        yield mapping.error(f"extract does not compile: {fault}", "Correct the expression.", *loc, "extract")
    elif _NOT_RE2.search(source.extract):
        reason = "extract uses what RE2 lacks: looking ahead or back, back-references, possessive repeats"
        yield mapping.error(reason, "Write it with plain groups.", *loc, "extract")
    elif re.compile(source.extract).groups < 1:
        yield mapping.error("extract has no group to keep", "Put what shall be kept in (...).", *loc, "extract")


def unfit(value: object, attribute: Attribute) -> str | None:
    """Why ``value`` cannot be a value of ``attribute``; None if it can."""
    wanted = {"integer": "a whole number", "amount": "a whole number", "boolean": "true or false", "date": "a day"}
    choices = [choice.value for choice in attribute.choices]
    fits = {
        "text": lambda: isinstance(value, str),
        "organisation": lambda: isinstance(value, str),
        "choice": lambda: value in choices,
        "integer": lambda: isinstance(value, int) and not isinstance(value, bool),
        "amount": lambda: isinstance(value, int) and not isinstance(value, bool),
        "boolean": lambda: isinstance(value, bool),
        "date": lambda: type(value).__name__ == "date",
    }
    if fits[attribute.type]():
        return None
    if attribute.type == "choice":
        return f"{value} is not a choice of {attribute.attribute} ({', '.join(choices)})"
    return f"{value} is not {wanted.get(attribute.type, 'text')}, as {attribute.attribute} must be"
