"""Conditions on attributes: whether what they look at exists, and can have the value that they ask for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from probity.rulebook.checks.inputs import Offered
from probity.rulebook.finding import Finding, suggestion
from probity.rulebook.model import Attribute
from probity.rulebook.reading import Loc
from probity.rulebook.scorecard import Condition
from probity.rulebook.shelf import Entry


def attribute_of(by: Entry[Any], source: Offered, name: str, loc: Loc) -> tuple[Attribute | None, list[Finding]]:
    """The attribute that is looked at, or the finding that the item lacks it."""
    attribute = source.attribute(name)
    if attribute is not None:
        return attribute, []
    names = [known.attribute for known in source.attributes]
    remedy = suggestion(name, names, f"It has {', '.join(names) or 'no attribute'}.")
    return None, [by.error(f"{source.id} has no attribute {name}", remedy, *loc)]


def check_condition(by: Entry[Any], condition: Condition, source: Offered, loc: Loc) -> Iterator[Finding]:
    """Faults of a condition on what ``source`` offers."""
    attribute, faults = attribute_of(by, source, condition.attribute, (*loc, "attribute"))
    yield from faults
    if attribute is None:
        return
    counts = attribute.type in ("integer", "amount")
    if not counts and (condition.at_least is not None or condition.below is not None):
        reason = f"{attribute.attribute} is of type {attribute.type}: at_least and below compare whole numbers"
        yield by.error(reason, "Use is.", *loc, "at_least" if condition.at_least is not None else "below")
    if counts and condition.is_:
        reason = f"{attribute.attribute} is of type {attribute.type}: is compares words"
        yield by.error(reason, "Use at_least and below.", *loc, "is")
    allowed = _words(attribute)
    for number, value in enumerate(condition.is_):
        if allowed is not None and value not in allowed:
            remedy = suggestion(value, allowed, f"Write one of {', '.join(allowed)}.")
            yield by.error(f"{value} is not a value of {attribute.attribute}", remedy, *loc, "is", number)


def _words(attribute: Attribute) -> list[str] | None:
    """The words that an attribute may hold; None if any."""
    if attribute.type == "choice":
        return [choice.value for choice in attribute.choices]
    return ["true", "false"] if attribute.type == "boolean" else None
