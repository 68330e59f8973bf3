"""Scorecards as such: scale, bands, weights, gates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from probity.rulebook.checks.refer import twice
from probity.rulebook.finding import Finding, suggestion
from probity.rulebook.reading import Loc
from probity.rulebook.scorecard import MILLI, Group, Indicator, Reads, Scorecard
from probity.rulebook.shelf import Entry, Shelf


def check_cards(shelf: Shelf) -> Iterator[Finding]:
    """Every fault that a card shows by itself."""
    judged = {entry.id for entry in shelf.cases}
    for card in shelf.cards:
        yield from _scale(card)
        yield from _bands(card)
        yield from _weights(card)
        yield from _reach(card)
        for number, gate in enumerate(card.model.gates):
            grades = [band.grade for band in card.model.bands]
            if gate.at_most not in grades:
                remedy = suggestion(gate.at_most, grades, f"The grades are {', '.join(grades)}.")
                yield card.error(f"there is no grade {gate.at_most}", remedy, "gates", number, "at_most")
        if card.id not in judged and card.id not in shelf.cases.written:
            yield card.warning(f"{card.id} has no worked cases", "Write them beside it, in a file *.cases.yaml.")


def groups(parts: Sequence[Group], at: Loc = ()) -> Iterator[tuple[Group, Loc]]:
    """Every group of a card and its place, from the top."""
    for number, group in enumerate(parts):
        loc = (*at, "groups", number)
        yield group, loc
        yield from groups(group.groups, loc)


def indicators(card: Scorecard) -> Iterator[tuple[Indicator, Loc]]:
    """Every indicator of a card and its place, in the order of the card."""
    for group, loc in groups(card.groups):
        for number, indicator in enumerate(group.indicators):
            yield indicator, (*loc, "indicators", number)


def all_reads(card: Scorecard) -> Iterator[tuple[Reads, Loc]]:
    """Everything that a card reads, and its place: by its indicators, its gates and its occasion."""
    for indicator, loc in indicators(card):
        yield from ((reads, (*loc, "reads", number)) for number, reads in enumerate(indicator.reads))
    for place, gate in enumerate(card.gates):
        yield from ((reads, ("gates", place, "reads", number)) for number, reads in enumerate(gate.reads))
    if card.occasion is not None:
        yield card.occasion, ("occasion",)


def points(milli: int) -> str:
    """Milli-points as they are written in a card."""
    whole, rest = divmod(abs(milli), MILLI)
    sign = "-" if milli < 0 else ""
    return f"{sign}{whole}.{rest:03}".rstrip("0") if rest else f"{sign}{whole}"


def _scale(card: Entry[Scorecard]) -> Iterator[Finding]:
    scale, base = card.model.scale, card.model.base
    if scale.to <= scale.from_:
        reason = f"the scale ends at {points(scale.to)}, not above its beginning {points(scale.from_)}"
        yield card.error(reason, "Write the lowest total under from, the highest under to.", "scale", "to")
    elif not scale.from_ <= base <= scale.to:
        reason = f"the base {points(base)} lies outside the scale ({points(scale.from_)} to {points(scale.to)})"
        yield card.error(reason, "Correct the base or the scale.", "base")
    if scale.to_nearest <= 0:
        yield card.error("totals cannot be rounded to nothing", "Write 1 for whole points.", "scale", "to_nearest")


def _bands(card: Entry[Scorecard]) -> Iterator[Finding]:
    bands, scale = card.model.bands, card.model.scale
    yield from twice(card, "grade", [(band.grade, ("bands", n, "grade")) for n, band in enumerate(bands)])
    gated = {gate.at_most for gate in card.model.gates}
    for number, (upper, lower) in enumerate(pairwise(bands), start=1):
        by_gate_alone = lower.from_ == upper.from_ and lower.grade in gated
        if lower.from_ >= upper.from_ and not by_gate_alone:
            reason = f"the band {lower.grade} begins at {points(lower.from_)}, not below {upper.grade}"
            yield card.error(reason, "Write the bands best first, each beginning lower.", "bands", number, "from")
    if bands[0].from_ > scale.to:
        reason = f"no total reaches {bands[0].grade}: the scale ends at {points(scale.to)}"
        yield card.error(reason, "Correct the band or the scale.", "bands", 0, "from")
    if bands[-1].from_ != scale.from_:
        reason = (
            f"the lowest band begins at {points(bands[-1].from_)}, the scale at {points(scale.from_)}: "
            "every total needs a grade, and only a total"
        )
        yield card.error(reason, f"Begin it at {points(scale.from_)}.", "bands", len(bands) - 1, "from")


def _weights(card: Entry[Scorecard]) -> Iterator[Finding]:
    named = [(group.group, (*loc, "group")) for group, loc in groups(card.model.groups)]
    yield from twice(card, "group", named)
    lines = [(indicator.indicator, (*loc, "indicator")) for indicator, loc in indicators(card.model)]
    yield from twice(card, "indicator", lines)
    for group, loc in groups(card.model.groups):
        total = sum(part.weight for part in group.groups) + sum(part.weight for part in group.indicators)
        if total != group.weight:
            noun = "groups" if group.groups else "indicators"
            reason = f"the {noun} of {group.group} add up to {points(total)}, its weight is {points(group.weight)}"
            yield card.error(reason, "Correct one of the weights.", *loc, "weight")
    for indicator, loc in indicators(card.model):
        consumes = indicator.consumes
        largest = max(consumes.each or 0, *consumes.table.values(), *(step.points for step in consumes.steps), 0)
        if largest > indicator.weight:
            reason = f"one record consumes {points(largest)}, more than the weight {points(indicator.weight)}"
            yield card.warning(reason, "Only the weight will count; write no more than that.", *loc, "consumes")


def _reach(card: Entry[Scorecard]) -> Iterator[Finding]:
    """A scale of which a part can never be reached is mostly a weight that was mistyped."""
    scale, base = card.model.scale, card.model.base
    deducting = sum(i.weight for i in card.model.indicators if i.direction == "deduct")
    awarding = sum(i.weight for i in card.model.indicators if i.direction == "award")
    if deducting and base - deducting > scale.from_:
        reason = f"no total falls below {points(base - deducting)}, the base less all deductions"
        yield card.warning(reason, "Compare base and weights with the source.", "base")
    if base + awarding < scale.to:
        reason = f"no total rises above {points(base + awarding)}, the base and all awards"
        yield card.warning(reason, "Compare base and weights with the source.", "base")
