"""Cards over other cards' results: which are evaluated first, and what each of them says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from probity.errors import NotFoundError
from probity.rulebook import CARD, Law, OrganisationKind, Scorecard
from probity.scoring.model import Evaluation, Fact
from probity.scoring.reference import applies, evaluate


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A card's result, and beside it the results of every card behind it, each after those that it reads."""

    evaluation: Evaluation
    inputs: tuple[Evaluation, ...]


def order(card: Scorecard, law: Law, as_of: date) -> tuple[Scorecard, ...]:
    """The card and every card behind it, as in force on ``as_of``, each after those that it reads; itself last.

    A card that is not in force that day is left out: it says nothing of that day.
    """
    found: dict[str, Scorecard] = {}
    _visit(card, law, as_of, found, frozenset())
    return tuple(found.values())


def _visit(card: Scorecard, law: Law, as_of: date, found: dict[str, Scorecard], readers: frozenset[str]) -> None:
    readers |= {card.card}
    for name in card.inputs:
        if name in found or name in readers:  # the checker lets no card read itself
            continue
        try:
            read = law.card(name, as_of)
        except NotFoundError:
            continue
        _visit(read, law, as_of, found, readers)
    found[card.card] = card


def sources(cards: Iterable[Scorecard]) -> frozenset[str]:
    """The items whose delivery decides what these cards know."""
    return frozenset(source for card in cards for source in card.feeds if not source.startswith(CARD))


def evaluate_with_inputs(
    card: Scorecard,
    law: Law,
    facts: Sequence[Fact],
    as_of: date,
    delivered: Collection[str] | None,
    kind: OrganisationKind,
    scheme: str,
) -> Evaluated:
    """What ``card`` says on ``as_of`` of an organisation of this kind and scheme, after the cards that it reads.

    Cards that do not apply to such an organisation, or are not in force that day, give nothing. ``delivered``
    names the items (see :func:`sources`) whose source has delivered; None: all of them.
    """
    done: dict[str, Evaluation] = {}
    for each in order(card, law, as_of)[:-1]:
        if applies(each, kind, scheme):
            done[each.card] = evaluate(each, facts, as_of, delivered, read_by(each, done.values()))
    return Evaluated(evaluate(card, facts, as_of, delivered, read_by(card, done.values())), tuple(done.values()))


def read_by(card: Scorecard, evaluations: Iterable[Evaluation]) -> tuple[Evaluation, ...]:
    """Those of the evaluations that ``card`` itself reads, in the order in which it names their cards."""
    by_card = {each.card: each for each in evaluations}
    return tuple(by_card[name] for name in card.inputs if name in by_card)
