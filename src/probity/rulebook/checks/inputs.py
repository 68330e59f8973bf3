"""Cards over other cards' results: what a result offers, and who may read whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from probity.rulebook.checks.cards import all_reads, indicators
from probity.rulebook.checks.refer import live, missing
from probity.rulebook.finding import Finding
from probity.rulebook.model import Attribute, Choice, Text
from probity.rulebook.reading import Loc
from probity.rulebook.scorecard import Reads, Scorecard
from probity.rulebook.shelf import Entry, Shelf


@dataclass(frozen=True, slots=True)
class Offered:
    """What may be read of one version of an item, or of the result of a card."""

    id: str
    attributes: tuple[Attribute, ...]

    def attribute(self, name: str) -> Attribute | None:
        """The attribute of that name, if there is one."""
        return next((each for each in self.attributes if each.attribute == name), None)


def offered(shelf: Shelf, by: Entry[Scorecard], reads: Reads) -> list[Offered]:
    """What may be read together with the card ``by``: each version of the item, or the result of the card."""
    if reads.item is not None:
        return [Offered(entry.id, entry.model.attributes) for entry in live(by, shelf.items, reads.item)]
    versions = live(by, shelf.cards, reads.card or "")
    return [Offered(f"the result of {reads.card}", _result(versions))] if versions else []


def _result(versions: list[Entry[Scorecard]]) -> tuple[Attribute, ...]:
    """The two attributes of a card's result, with the grades of all its versions; they need not be slugs, so that
    nothing is validated here."""
    names = {band.grade: band.name for entry in versions for band in entry.model.bands}
    grades = tuple(Choice.model_construct(value=grade, name=name) for grade, name in names.items())
    return (
        Attribute.model_construct(attribute="grade", name=Text(en="grade"), type="choice", choices=grades),
        Attribute.model_construct(attribute="total", name=Text(en="total"), type="integer"),
    )


def check_inputs(shelf: Shelf) -> Iterator[Finding]:
    """Faults of cards that read cards: unknown ones, circles, occasions, and what can never be read."""
    for card in shelf.cards:
        for reads, loc in all_reads(card.model):
            if reads.card is not None:
                yield from _read(shelf, card, reads.card, loc)
        for number, gate in enumerate(card.model.gates):
            yield from _window(card, all(r.card for r in gate.reads), bool(gate.window), ("gates", number))
        for indicator, loc in indicators(card.model):
            timed = bool(indicator.window or indicator.ageing.linear or indicator.ageing.half_life)
            yield from _window(card, all(r.card for r in indicator.reads), timed, loc)


def _read(shelf: Shelf, card: Entry[Scorecard], name: str, loc: Loc) -> Iterator[Finding]:
    yield from missing(shelf, card, shelf.cards, name, *loc, "card")
    if card.model.occasion is not None:
        reason = f"{card.id} judges one occasion and reads the result of {name}, which is of no occasion"
        yield card.error(reason, "Judge no occasion, or read the records that the other card reads.", *loc, "card")
    read = live(card, shelf.cards, name)
    if card.id in {name, *(behind.id for entry in read for behind in cards_behind(shelf, entry))}:
        reason = f"{card.id} reads its own result, through {name}" if name != card.id else f"{name} reads itself"
        yield card.error(reason, "Read the records instead, or leave one of the cards out.", *loc, "card")
    elif read and not any(set(entry.model.subjects) & set(card.model.subjects) for entry in read):
        reason = f"{name} grades none of the organisations that {card.id} grades"
        yield card.error(reason, "Compare the subjects of the two cards.", *loc, "card")


def cards_behind(shelf: Shelf, card: Entry[Scorecard]) -> list[Entry[Scorecard]]:
    """Every version of a card that this one reads, directly or not."""
    found: list[Entry[Scorecard]] = []
    ahead = [card]
    while ahead:
        reader = ahead.pop()
        for name in reader.model.inputs:
            fresh = [entry for entry in live(reader, shelf.cards, name) if all(entry is not f for f in found)]
            found.extend(fresh)
            ahead.extend(fresh)
    return found


def _window(card: Entry[Scorecard], only_cards: bool, timed: bool, loc: Loc) -> Iterator[Finding]:
    if timed and (only_cards or card.model.occasion is not None):
        what = "a card's result is of the day asked about" if only_cards else "only one day's records are read"
        yield card.warning(f"{what}, so that window and ageing change nothing", "Leave them out.", *loc)
