"""Files for the shipped cards: whatever the law lets be stated, on the days that a card tells apart."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from probity.clock import shift
from probity.errors import NotFoundError
from probity.rulebook import CARD, Effect, Item, Law, OrganisationKind, Scorecard, Status
from probity.scoring import Fact, order

HUGE = (2**53 - 1, 10**18, 2**63 - 1)
NEAR = (-1, 0, 1)
STATUSES = (*(Status.ACTIVE,) * 5, Status.CONTESTED, Status.REPAIRED, Status.WITHDRAWN)


def file(law: Law, cards: Sequence[Scorecard], day: date, chance: random.Random, most: int = 14) -> list[Fact]:
    """Up to so many records, most of them such as some of the cards read."""
    behind = [each for card in cards for each in order(card, law, day)]
    read = sorted({read.source for card in behind for read in _reads(card) if not read.source.startswith(CARD)})
    others = [item.item for item in law.items if item.effect is Effect.NONE]
    days = [shift(day, -p.number, p.unit) for card in behind for p in _periods(card)]
    found: list[Fact] = []
    for n in range(chance.randrange(most)):
        item = chance.choice(read if read and chance.random() < 0.95 else others)
        around = chance.choice((*days, day, day, day.replace(day=1), day - timedelta(days=chance.randrange(2500))))
        on = around + timedelta(days=chance.choice(NEAR))
        try:
            version = law.item(item, on)
        except NotFoundError:
            continue
        found.append(_fact(str(n), law, version, on, day, behind, chance))
    return found


def _fact(
    record: str, law: Law, item: Item, on: date, day: date, cards: Sequence[Scorecard], chance: random.Random
) -> Fact:
    said = {a.attribute: _value(item, a, cards, chance) for a in item.attributes}
    attributes = {name: value for name, value in said.items() if value is not None}
    until = chance.choice((None, None, None, on, day - timedelta(days=1), day, day + timedelta(days=1)))
    return Fact(
        record=record,
        item=item.item,
        day=on,
        until=max(until, on) if until else None,
        expires=law.display_until(item, on, attributes),
        status=chance.choice(STATUSES),
        attributes=attributes,
    )


def _value(item: Item, attribute: Any, cards: Sequence[Scorecard], chance: random.Random) -> Any:
    """A value of the attribute's type: one that a card names, or one beside it; now and then none."""
    if chance.random() < 0.15 and not attribute.required:
        return None
    name = attribute.attribute
    if attribute.type == "choice":
        return chance.choice(attribute.choices).value
    if attribute.type == "boolean":
        return chance.random() < 0.5
    texts, cuts = _named(item.item, name, cards)
    if attribute.type in ("integer", "amount"):
        near = [cut + chance.choice(NEAR) for cut in cuts]
        return chance.choice((*near, *near, 0, 1, -1, chance.randrange(100), chance.choice(HUGE)))
    return chance.choice((*texts, "something else"))


def _named(item: str, attribute: str, cards: Sequence[Scorecard]) -> tuple[list[str], list[int]]:
    """The texts and the numbers of that attribute that the cards tell apart."""
    texts, cuts = [], []
    for card in cards:
        for read in (read for read in _reads(card) if read.source == item):
            for test in (test for test in read.where if test.attribute == attribute):
                texts += test.is_
                cuts += [n for n in (test.at_least, test.below) if n is not None]
        for consumes in (i.consumes for i in card.indicators if i.consumes.of == attribute):
            texts += consumes.table
            cuts += [step.from_ for step in consumes.steps] + ([consumes.linear.per] if consumes.linear else [])
    return texts, cuts


def _reads(card: Scorecard) -> Iterator[Any]:
    for reader in (*card.indicators, *card.gates):
        yield from reader.reads
    if card.occasion:
        yield card.occasion


def _periods(card: Scorecard) -> list[Any]:
    ageing = [period for i in card.indicators for period in (i.ageing.linear, i.ageing.half_life)]
    windows = [each.window for each in (*card.indicators, *card.gates)]
    return [period for period in dict.fromkeys((*ageing, *windows)) if period]


def kinds(cards: Sequence[Scorecard], law: Law, chance: random.Random) -> tuple[OrganisationKind | None, str]:
    """Mostly somebody whom a card grades."""
    if chance.random() < 0.1:
        return chance.choice((None, *OrganisationKind)), chance.choice(law.schemes).scheme
    card = chance.choice(cards)
    return chance.choice(card.subjects), chance.choice(card.schemes or [each.scheme for each in law.schemes])
