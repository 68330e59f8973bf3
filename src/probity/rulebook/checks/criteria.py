"""The grounds of lists: closed, of the right matters, on records that exist and may be a ground."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from probity.rulebook.checks.charter import check_basis, check_forbidden, check_persons, texts_of
from probity.rulebook.checks.conditions import attribute_of, check_condition
from probity.rulebook.checks.inputs import Offered
from probity.rulebook.checks.refer import live, missing, twice
from probity.rulebook.checks.words import check_content, check_open_ended
from probity.rulebook.criteria import Amounts, Criterion, Records, Requirement
from probity.rulebook.finding import Finding
from probity.rulebook.lists import ListRule
from probity.rulebook.model import Effect, Item, Polarity
from probity.rulebook.reading import Loc
from probity.rulebook.shelf import Entry, Shelf

_GRADES = re.compile(
    r"\b(grades?|grading|scores?|scoring|ratings?|rated|evaluations?|scorecards?)\b|评级|评分|信用等级|信用评价|纳税信用",
    re.IGNORECASE,
)
"""What gives away that an item is the result of an evaluation."""

_IN_ROLE = re.compile(r"key[- ](personnel|roles?|persons?)|legal rep|主要人员|法定代表人", re.IGNORECASE)
"""What gives away that an item is about persons who hold a role."""

_NO_GROUND = {
    Effect.STEP: "is a step of a procedure",
    Effect.MANIFEST: "is what the system did itself",
    Effect.CONTESTS: "is an objection: who objects is never the worse for it",
}


class Asked(NamedTuple):
    """Records that a condition looks at, where, and whether they speak for what the list says when they count."""

    records: Records
    loc: Loc
    supports: bool


def check_criteria(shelf: Shelf) -> Iterator[Finding]:
    """Every fault of the grounds of every list."""
    for rule in shelf.lists:
        named = [(each.criterion, ("criteria", n, "criterion")) for n, each in enumerate(rule.model.criteria)]
        yield from twice(rule, "criterion", named)
        for number, criterion in enumerate(rule.model.criteria):
            yield from _criterion(shelf, rule, criterion, ("criteria", number))
        if rule.model.bands is not None:
            loc: Loc = ("bands", "measured_by")
            yield from _amounts(shelf, rule, rule.model.bands.measured_by, loc)
            yield from check_records(shelf, rule, Asked(rule.model.bands.measured_by.of, (*loc, "of"), True))


def _criterion(shelf: Shelf, rule: Entry[ListRule], criterion: Criterion, at: Loc) -> Iterator[Finding]:
    texts = list(texts_of(criterion.criterion, criterion.name, "criterion", at))
    for part, loc in _parts(criterion, at):
        if part.established is not None:
            texts += texts_of(part.established.fact, part.established.name, "fact", (*loc, "established"))
    yield from check_basis(rule, criterion, at)
    yield from check_forbidden(rule, texts)
    yield from check_persons(rule, texts)
    yield from check_content(rule, texts)
    yield from check_open_ended(rule, [*texts, (criterion.basis, (*at, "basis"))])
    yield from _counts(rule, criterion, at)
    if criterion.ends is not None and criterion.ends < rule.model.in_force.from_:
        yield rule.error(f"the ground ended on {criterion.ends}, before the list began", "Delete it.", *at, "ends")
    for part, loc in _parts(criterion, at):
        for asked in _asked(part, loc):
            yield from check_records(shelf, rule, asked)
        for amounts, place in _all_amounts(part, loc):
            yield from _amounts(shelf, rule, amounts, place)
        if part.years is not None:
            yield from _typed(shelf, rule, part.years.of, part.years.attribute, ("integer",), (*loc, "years"))


def _parts(criterion: Criterion, at: Loc) -> Iterator[tuple[Requirement, Loc]]:
    """Every condition of a criterion, the warning's as well, and its place."""
    yield from _walk(criterion.requires, (*at, "requires"))
    if criterion.warns is not None:
        yield from _walk(criterion.warns, (*at, "warns"))


def _walk(part: Requirement, at: Loc) -> Iterator[tuple[Requirement, Loc]]:
    yield part, at
    for key, inner in (("all", part.all_), ("any", part.any_)):
        for number, each in enumerate(inner):
            yield from _walk(each, (*at, key, number))


def _asked(part: Requirement, at: Loc) -> Iterator[Asked]:
    if part.count is not None:
        yield Asked(part.count, (*at, "count"), True)
    if part.none is not None:
        yield Asked(part.none, (*at, "none"), False)
    if part.sum is not None:
        yield Asked(part.sum.of, (*at, "sum", "of"), True)
    if part.rate is not None:
        yield Asked(part.rate.of, (*at, "rate", "of"), True)
        yield Asked(part.rate.per.of, (*at, "rate", "per", "of"), False)
    if part.years is not None:
        yield Asked(part.years.of, (*at, "years", "of"), True)


def _all_amounts(part: Requirement, at: Loc) -> Iterator[tuple[Amounts, Loc]]:
    if part.sum is not None:
        yield part.sum, (*at, "sum")
    if part.rate is not None:
        yield part.rate.per, (*at, "rate", "per")


def check_records(shelf: Shelf, rule: Entry[ListRule], asked: Asked) -> Iterator[Finding]:
    """Faults of the records that a condition of a list looks at."""
    for number, name in enumerate(asked.records.items):
        loc = (*asked.loc, "items", number) if len(asked.records.items) > 1 else (*asked.loc, "item")
        yield from missing(shelf, rule, shelf.items, name, *loc)
        for item in live(rule, shelf.items, name):
            offered = Offered(item.id, item.model.attributes)
            for place, condition in enumerate(asked.records.where):
                yield from check_condition(rule, condition, offered, (*asked.loc, "where", place))
            yield from _may_be_ground(rule, item.model, asked.supports, loc)


def _may_be_ground(rule: Entry[ListRule], item: Item, supports: bool, loc: Loc) -> Iterator[Finding]:
    """Grades, steps and market information are no ground; what is one must speak the way that the list does."""
    name, adverse = item.item, rule.model.kind.adverse
    if _GRADES.search(re.sub(r"[-_./]", " ", name)) or _GRADES.search(f"{item.name.en} {item.name.zh or ''}"):
        reason = f"{name} is a grade, which is no ground of any list"
        yield rule.error(reason, "Read the records behind it (R4.21, R6.2).", *loc)
    if fault := _NO_GROUND.get(item.effect):
        yield rule.error(f"{name} {fault}, and no ground", "Read the record that it is about.", *loc)
    if item.origin == "market" and supports == adverse:
        reason = f"{name} is market information, which can be the ground of nothing adverse"
        yield rule.error(reason, "Read what an agency has found instead (charter 7).", *loc)
    if _IN_ROLE.search(f"{name} {item.name.en} {item.name.zh or ''}") and supports == adverse:
        reason = f"{name} is about somebody with a role in the organisation, for whom nobody is listed"
        yield rule.error(reason, "Read what the organisation did (charter 5, R4.19).", *loc)
    wrong = Polarity.POSITIVE if adverse else Polarity.NEGATIVE
    if supports and item.polarity is wrong:
        reason = f"{name} is {item.polarity}, and speaks for an entry on a list that is not"
        yield rule.warning(reason, "Read another item, or put it under none.", *loc)


def _amounts(shelf: Shelf, rule: Entry[ListRule], amounts: Amounts, loc: Loc) -> Iterator[Finding]:
    """Faults of a sum: its attribute is a number of one and the same unit in every item."""
    types = ("integer", "amount")
    yield from _typed(shelf, rule, amounts.of, amounts.attribute, types, loc)
    found = [
        item.model.attribute(amounts.attribute)
        for name in amounts.of.items
        for item in live(rule, shelf.items, name)
    ]
    units = sorted({each.unit or "none" for each in found if each is not None and each.type in types})
    if len(units) > 1:
        reason = f"{amounts.attribute} has several units ({', '.join(units)}), which cannot be added"
        yield rule.error(reason, "Add what has one unit.", *loc, "attribute")


def _typed(
    shelf: Shelf, rule: Entry[ListRule], records: Records, name: str, types: tuple[str, ...], loc: Loc
) -> Iterator[Finding]:
    for id_ in records.items:
        for item in live(rule, shelf.items, id_):
            offered = Offered(item.id, item.model.attributes)
            attribute, faults = attribute_of(rule, offered, name, (*loc, "attribute"))
            yield from faults
            if attribute is not None and attribute.type not in types:
                reason = f"{name} of {item.id} is of type {attribute.type}"
                yield rule.error(reason, f"Name an attribute of type {' or '.join(types)}.", *loc, "attribute")


def _counts(rule: Entry[ListRule], criterion: Criterion, at: Loc) -> Iterator[Finding]:
    """Who is larger has more of everything: a count of several needs a rate beside it, or a reason (F7)."""
    parts = list(_walk(criterion.requires, (*at, "requires")))
    if not rule.model.kind.adverse or criterion.choice or any(part.rate for part, _ in parts):
        return
    for part, loc in parts:
        if part.count is not None and ((part.at_least or 0) > 1 or (part.more_than or 0) > 0):
            reason = f"{criterion.criterion} counts records, and large organisations have more of everything"
            yield rule.warning(reason, "Add a rate, or say under choice why it needs none (F7).", *loc, "count")
