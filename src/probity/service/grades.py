"""One organisation's grades: its file, evaluated and explained by every card that applies."""

from __future__ import annotations

from datetime import date

from probity import ledger
from probity.dossier import Dossier
from probity.errors import QuestionError
from probity.rulebook import Law, Scorecard
from probity.scoring import Explanation, applies, evaluate_with_inputs, explain, facts, order, sources


def applying(file: Dossier, law: Law) -> tuple[list[Scorecard], list[Scorecard]]:
    """The cards for an organisation like this one: those in force on the day of the file, and the others."""
    cards = [card for card in law.cards if applies(card, file.kind, file.scheme)]
    live = [card for card in cards if card.in_force.covers(file.as_of.true_on)]
    names = {card.card for card in live}
    newest = {card.card: card for card in cards if card.card not in names}
    return live, list(newest.values())


def graded(file: Dossier, card: Scorecard, law: Law) -> Explanation:
    """The grade of one organisation by one card, every point explained, with the results of the cards it reads."""
    read, day = facts(file), file.as_of.true_on
    known = ledger.delivered(file.position, sources(order(card, law, day)))
    found = evaluate_with_inputs(card, law, read, day, known, file.kind, file.scheme)
    return explain(found.evaluation, card, read, law, found.inputs)


def graded_by(file: Dossier, card_id: str, law: Law) -> Explanation:
    """The same by the id of the card; QuestionError if the card does not grade such organisations."""
    return graded(file, card_for(file, card_id, law), law)


def cards_for(file: Dossier, card_id: str | None, law: Law) -> list[Scorecard]:
    """The card of that id as :func:`card_for` gives it; None: every card in force that grades such organisations.

    QuestionError where none is in force on the day of the file.
    """
    if card_id is not None:
        return [card_for(file, card_id, law)]
    live, others = applying(file, law)
    if not live:
        names = ", ".join(f"{each.card} ({each.in_force.from_} to {each.in_force.to or 'now'})" for each in others)
        raise QuestionError(
            f"no card for organisations like {file.subject} is in force on {file.as_of.true_on}",
            remedy=f"Ask for another day with --as-of: {names}." if names else "No card grades its kind.",
        )
    return live


def card_for(file: Dossier, card_id: str, law: Law) -> Scorecard:
    """The card of that id on the day of the file. Raises NotFoundError, QuestionError if it grades others only."""
    day: date = file.as_of.true_on
    card = law.card(card_id, day)
    if not applies(card, file.kind, file.scheme):
        others = ", ".join(each.card for each in law.cards if applies(each, file.kind, file.scheme))
        raise QuestionError(
            f"{card_id} does not grade organisations like {file.subject} ({file.kind.value})",
            remedy=f"Cards that do: {others}." if others else "No card does.",
        )
    return card
