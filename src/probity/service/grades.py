"""One organisation's grades: its file, evaluated and explained by every card that applies."""

from __future__ import annotations

from datetime import date

from probity import ledger
from probity.dossier import Dossier
from probity.errors import QuestionError
from probity.rulebook import Law, Scorecard
from probity.scoring import Explanation, applies, evaluate, explain, facts


def applying(file: Dossier, law: Law) -> tuple[list[Scorecard], list[Scorecard]]:
    """The cards for an organisation like this one: those in force on the day of the file, and the others."""
    cards = [card for card in law.cards if applies(card, file.kind, file.scheme)]
    live = [card for card in cards if card.in_force.covers(file.as_of.true_on)]
    names = {card.card for card in live}
    newest = {card.card: card for card in cards if card.card not in names}
    return live, list(newest.values())


def graded(file: Dossier, card: Scorecard, law: Law) -> Explanation:
    """The grade of one organisation by one card, every point explained."""
    read = facts(file)
    known = ledger.delivered(file.position, card.feeds)
    return explain(evaluate(card, read, file.as_of.true_on, known), card, read, law)


def graded_by(file: Dossier, card_id: str, law: Law) -> Explanation:
    """The same by the id of the card; QuestionError if the card does not grade such organisations."""
    day: date = file.as_of.true_on
    card = law.card(card_id, day)
    if not applies(card, file.kind, file.scheme):
        others = ", ".join(each.card for each in law.cards if applies(each, file.kind, file.scheme))
        raise QuestionError(
            f"{card_id} does not grade organisations like {file.subject} ({file.kind.value})",
            remedy=f"Cards that do: {others}." if others else "No card does.",
        )
    return graded(file, card, law)
