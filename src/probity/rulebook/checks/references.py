"""What rulebooks, items, agencies and mappings refer to, and the inside of items and schemes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from probity.rulebook.checks.refer import live, missing, twice
from probity.rulebook.finding import Finding, suggestion
from probity.rulebook.lists import Level
from probity.rulebook.model import Agency, Effect, Item, OrganisationKind, RulebookInfo, Scheme
from probity.rulebook.shapes import FIRST
from probity.rulebook.shelf import Entry, Shelf

_KINDS = [kind.value for kind in OrganisationKind]
_NEEDS: dict[Effect, dict[str, tuple[str, ...]]] = {
    Effect.REGISTERS: {"name": ("text",)},
    Effect.RELATES: {"related": ("organisation",), "relation": ("text", "choice")},
}


def check_references(shelf: Shelf) -> Iterator[Finding]:
    """References of rulebooks, agencies and items; schemes whose pattern does not compile."""
    for info in shelf.rulebooks:
        yield from _uses(shelf, info)
    for scheme in shelf.schemes:
        yield from _pattern(scheme)
    for agency in shelf.agencies:
        yield from _competence(shelf, agency)
        yield from _above(shelf, agency)
    for item in shelf.items:
        yield from missing(shelf, item, shelf.categories, item.model.category, "category")
        yield from _attributes(item)
        yield from _term(item)
        yield from _effect(item)


def _uses(shelf: Shelf, info: Entry[RulebookInfo]) -> Iterator[Finding]:
    folder = info.file.removesuffix(f"/{FIRST}")
    if folder != info.id:
        yield info.warning(f"the rulebook {info.id} is in a folder named {folder}", "Name both alike.", "rulebook")
    for number, used in enumerate(info.model.uses):
        if not shelf.rulebooks.versions(used) and used not in shelf.rulebooks.written:
            remedy = suggestion(
                used, shelf.rulebooks.written, "Put that rulebook beside this one, or delete the line."
            )
            yield info.error(f"there is no rulebook {used}", remedy, "uses", number)
        elif info.id in shelf.uses(used):
            reason = (
                f"{info.id} uses {used}, which uses {info.id}: rulebooks must not build on each other in a circle"
            )
            yield info.error(reason, "Move what both need into a third rulebook.", "uses", number)


def _pattern(scheme: Entry[Scheme]) -> Iterator[Finding]:
    if scheme.model.pattern is not None and (fault := compile_fault(scheme.model.pattern)):
        yield scheme.error(f"the pattern does not compile: {fault}", "Correct the regular expression.", "pattern")


def _competence(shelf: Shelf, agency: Entry[Agency]) -> Iterator[Finding]:
    for number, covered in enumerate(agency.model.competent_for):
        family = covered[:-1] if covered.endswith(".*") else None
        if not any(item == covered or (family and item.startswith(family)) for item in shelf.items.written):
            remedy = suggestion(covered, shelf.items.written, "Correct it, or delete it if the item is gone.")
            yield agency.warning(f"no item is covered by {covered}", remedy, "competent_for", number)


def _above(shelf: Shelf, agency: Entry[Agency]) -> Iterator[Finding]:
    """The agency above stands on a higher level, so that nobody is above himself in the end."""
    above = agency.model.part_of
    if above is None:
        return
    yield from missing(shelf, agency, shelf.agencies, above, "part_of")
    for other in live(agency, shelf.agencies, above):
        if Level(other.model.level).rank <= Level(agency.model.level).rank:
            reason = f"{agency.id} ({agency.model.level}) cannot be part of {above} ({other.model.level})"
            yield agency.error(reason, "Name an agency of a higher level (R4.2, R4.5).", "part_of")


def _attributes(item: Entry[Item]) -> Iterator[Finding]:
    attributes = item.model.attributes
    yield from twice(
        item, "attribute", [(a.attribute, ("attributes", n, "attribute")) for n, a in enumerate(attributes)]
    )
    for number, attribute in enumerate(attributes):
        choices = [
            (choice.value, ("attributes", number, "choices", place, "value"))
            for place, choice in enumerate(attribute.choices)
        ]
        yield from twice(item, "choice", choices)


def _term(item: Entry[Item]) -> Iterator[Finding]:
    term = item.model.term
    if term is None or term.by is None:
        return
    attribute = item.model.attribute(term.by)
    if attribute is None or attribute.type != "choice":
        fault = "which it does not have" if attribute is None else f"which is of type {attribute.type}"
        remedy = suggestion(
            term.by,
            [a.attribute for a in item.model.attributes if a.type == "choice"],
            "Name an attribute of type choice.",
        )
        yield item.error(f"the term of {item.id} depends on {term.by}, {fault}", remedy, "term", "by")
        return
    values = [choice.value for choice in attribute.choices]
    for key in term.periods:
        if key not in values:
            remedy = suggestion(key, values, f"The choices are {', '.join(values)}.")
            yield item.error(f"{key} is not a choice of {term.by}", remedy, "term", "periods", key)
    if left := [value for value in values if value not in term.periods]:
        reason = f"the term says nothing for {', '.join(left)}: the shortest period will hold"
        yield item.warning(reason, "Give every choice its period.", "term", "periods")


def _effect(item: Entry[Item]) -> Iterator[Finding]:
    """An item that gives the file its name or its relations must have the attributes that say them."""
    for name, types in _NEEDS.get(item.model.effect, {}).items():
        attribute = item.model.attribute(name)
        if attribute is None or attribute.type not in types or not attribute.required:
            reason = (
                f"{item.id} {item.model.effect}, and has no required attribute {name} of type {' or '.join(types)}"
            )
            yield item.error(reason, "Add it, with required: true.", "effect")
    for number, attribute in enumerate(item.model.attributes):
        if item.model.effect is Effect.REGISTERS and attribute.attribute == "kind":
            if attribute.type != "choice":
                remedy = f"Make it a choice of {', '.join(_KINDS)}."
                yield item.error("the kind of an organisation is not free text", remedy, "attributes", number)
            for place, choice in enumerate(attribute.choices):
                if choice.value not in _KINDS:
                    remedy = suggestion(choice.value, _KINDS, f"The kinds are {', '.join(_KINDS)} (charter 1).")
                    at = ("attributes", number, "choices", place, "value")
                    yield item.error(f"{choice.value} is not a kind of organisation", remedy, *at)


def compile_fault(pattern: str) -> str | None:
    """Why ``pattern`` is no regular expression; None if it is one."""
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return str(error)
    return None
