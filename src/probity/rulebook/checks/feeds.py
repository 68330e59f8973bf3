"""What feeds a card: the items and attributes that its indicators, gates and occasion read."""

from __future__ import annotations

from collections.abc import Iterator

from probity.rulebook.checks.cards import all_reads, indicators
from probity.rulebook.checks.conditions import attribute_of, check_condition
from probity.rulebook.checks.inputs import cards_behind, offered
from probity.rulebook.checks.refer import live, missing
from probity.rulebook.finding import Finding, suggestion
from probity.rulebook.model import Disclosure, Polarity
from probity.rulebook.reading import Loc
from probity.rulebook.scorecard import CARD, WHOLE, Indicator, Reads, Scorecard
from probity.rulebook.shelf import Entry, Shelf


def check_feeds(shelf: Shelf) -> Iterator[Finding]:
    """Faults of what cards read, and of how adverse records end (charter 6) and suffice (charter 7)."""
    for card in shelf.cards:
        for number, scheme in enumerate(card.model.schemes):
            yield from missing(shelf, card, shelf.schemes, scheme, "schemes", number)
        for reads, loc in all_reads(card.model):
            if reads.item is not None:
                yield from missing(shelf, card, shelf.items, reads.item, *loc, "item")
            for source in offered(shelf, card, reads):
                for number, condition in enumerate(reads.where):
                    yield from check_condition(card, condition, source, (*loc, "where", number))
        for indicator, loc in indicators(card.model):
            yield from _of(shelf, card, indicator, loc)
            if indicator.direction == "deduct":
                yield from _adverse(shelf, card, indicator, loc)
        if card.model.occasion is not None:
            yield from _open_occasion(shelf, card, card.model.occasion)
        for number, gate in enumerate(card.model.gates):
            yield from _public(shelf, card, gate.reads, ("gates", number))


def _of(shelf: Shelf, card: Entry[Scorecard], indicator: Indicator, loc: Loc) -> Iterator[Finding]:
    """Whether every item read has the attribute that the consumption looks at, of the right type."""
    consumes = indicator.consumes
    if consumes.of is None:
        return
    at = (*loc, "consumes")
    wanted = ("choice",) if consumes.table else ("integer", "amount")
    told: set[str] = set()
    for reads in indicator.reads:
        for item in offered(shelf, card, reads):
            attribute, faults = attribute_of(card, item, consumes.of, (*at, "of"))
            yield from faults
            if attribute is None:
                continue
            if attribute.type not in wanted:
                way = "a table looks at a choice" if consumes.table else "steps and linear look at whole numbers"
                reason = f"{attribute.attribute} of {item.id} is of type {attribute.type}: {way}"
                yield card.error(reason, f"Name an attribute of type {' or '.join(wanted)}.", *at, "of")
                continue
            if attribute.mask != "none":
                reason = f"{attribute.attribute} of {item.id} is masked, and the explanation would show it"
                yield card.error(reason, "Read an attribute that is not masked.", *at, "of")
            choices = [choice.value for choice in attribute.choices]
            for key in consumes.table:
                if key not in choices and key not in told:
                    told.add(key)
                    remedy = suggestion(key, choices, f"The choices are {', '.join(choices)}.")
                    reason = f"{key} is not a choice of {attribute.attribute} of {item.id}"
                    yield card.error(reason, remedy, *at, "table", key)


def _adverse(shelf: Shelf, card: Entry[Scorecard], indicator: Indicator, loc: Loc) -> Iterator[Finding]:
    treatment = indicator.treatment
    if treatment.expired:
        reason = f"{indicator.indicator} deducts for records past their term"
        yield card.error(reason, "Write expired: ignore (charter 6, R7.11).", *loc, "treatment", "expired")
    if treatment.repaired >= WHOLE:
        reason = f"{indicator.indicator} deducts for repaired records as if nothing had been repaired"
        remedy = "Write repaired: ignore, or a part such as 50% (charter 6)."
        yield card.error(reason, remedy, *loc, "treatment", "repaired")
    yield from _public(shelf, card, indicator.reads, loc)
    for number, reads in enumerate(indicator.reads):
        items = live(card, shelf.items, reads.item) if reads.item else ()
        if any(item.model.polarity is Polarity.POSITIVE for item in items):
            reason = f"{indicator.indicator} deducts for {reads.item}, which is positive"
            yield card.warning(reason, "Award it, or read another item.", *loc, "reads", number)


def _open_occasion(shelf: Shelf, card: Entry[Scorecard], occasion: Reads) -> Iterator[Finding]:
    """The day of the occasion is shown with the grade, so that records of it must be open."""
    if occasion.card is not None:
        reason = "the occasion is another card's result, which is of no occasion"
        yield card.error(reason, "Name an item.", "occasion")
    elif any(item.model.disclosure is not Disclosure.OPEN for item in live(card, shelf.items, occasion.source)):
        reason = f"the occasion is a record of {occasion.item}, which is not open; the grade would show its day"
        yield card.error(reason, "Judge an occasion that is open to the public.", "occasion")


def _public(shelf: Shelf, card: Entry[Scorecard], feeds: tuple[Reads, ...], loc: Loc) -> Iterator[Finding]:
    """Market information never suffices: no deduction and no gate may rest on it."""
    for number, reads in enumerate(feeds):
        for name in sorted(_items_behind(shelf, card, reads)):
            if any(item.model.origin == "market" for item in live(card, shelf.items, name)):
                reason = f"{name} is market information, which can be the ground of nothing adverse"
                remedy = "Read what an agency has found instead (charter 7)."
                yield card.error(reason, remedy, *loc, "reads", number)


def _items_behind(shelf: Shelf, card: Entry[Scorecard], reads: Reads) -> set[str]:
    """The item that is read, or every item behind the card that is read."""
    if reads.item is not None:
        return {reads.item}
    read = live(card, shelf.cards, reads.source.removeprefix(CARD))
    behind = [entry for first in read for entry in (first, *cards_behind(shelf, first))]
    return {each.item for entry in behind for each, _ in all_reads(entry.model) if each.item is not None}
