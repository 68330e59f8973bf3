"""What would change an organisation's grades, and how they went."""

from __future__ import annotations

from datetime import date, datetime

from probity import ledger
from probity.clock import shift
from probity.dossier import Dossier
from probity.errors import NotRegisteredError, QuestionError
from probity.rulebook import Law, Polarity, Scorecard
from probity.scoring import evaluate_with_inputs, facts, order, sources
from probity.scoring.outlook import History, Outlook, advise, counterfactual, history, needed, sensitivity

YEARS = 5
"""How far a history goes back where nobody says since when."""
MOST_YEARS = 50
"""How long a history can be."""


def outlook_of(file: Dossier, card: Scorecard, law: Law) -> Outlook:
    """What would change the grade of one organisation by one card, and how firmly it stands."""
    read, day = facts(file), file.as_of.true_on
    known = ledger.delivered(file.position, sources(order(card, law, day)))
    inputs = evaluate_with_inputs(card, law, read, day, known, file.kind, file.scheme).inputs
    repairable = {
        record.id
        for record in file.records
        if law.item(record.item, record.valid_from).polarity is Polarity.NEGATIVE
    }
    found = counterfactual(card, read, day, known, inputs, repairable=repairable)
    return advise(found, sensitivity(card, read, day, known, inputs), card, read, law)


def grade_history(
    subject: str,
    card: str,
    law: Law,
    *,
    last: date,
    first: date | None = None,
    known_at: datetime | None = None,
) -> History:
    """How the grade of ``subject`` by ``card`` went from ``first`` (five years before, where it is left out) to
    ``last``.

    It begins on the first day of which anything is stated, at the earliest. Raises NotRegisteredError,
    NotFoundError for an unknown card, QuestionError.
    """
    if first is not None and first > last:
        raise QuestionError(
            f"the history would begin on {first}, after it ends on {last}", remedy="Name an earlier first day."
        )
    if first is not None and (last.year - first.year) > MOST_YEARS:
        raise QuestionError(
            f"a history of more than {MOST_YEARS} years is asked for",
            remedy="Name a later first day, or an earlier last.",
        )
    position = ledger.resolve(known_at)
    stated = ledger.statements([subject], upto=position.number)
    if not stated:
        raise NotRegisteredError(
            f"no organisation is registered as {subject!r}",
            remedy="Search by name or by another code; a code is written scheme:code, such as cn-uscc:9133....",
        )
    earliest = min(each.valid_from for each in stated)
    begins = max(_before(last) if first is None else first, min(earliest, last))
    delivered = ledger.first_delivered(position, needed(law, card))
    return history(subject, stated, delivered, law, card, first=begins, last=last, known_at=position.known_at)


def _before(last: date) -> date:
    try:
        return shift(last, -YEARS, "y")
    except QuestionError:
        return date.min
