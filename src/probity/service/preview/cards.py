"""The two cards of a preview: cards of the law in any of their versions, and drafts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from probity.clock import parse_day
from probity.errors import NotFoundError, QuestionError
from probity.rulebook import Law, Scorecard, load_with_draft
from probity.service.wiring import House, rulebooks

DRAFTS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A card, the law that it belongs to (with the draft in it), and the name of the draft's file, if it is
    one.
    """

    card: Scorecard
    law: Law
    draft: Path | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Two cards and the day on which both are to be applied, whatever their own days in force."""

    old: Chosen
    new: Chosen
    as_of: date


def ask(new: str, old: str, house: House, as_of: date | None) -> Question:
    """The question that was written: each card as its id, ``id@day`` for the version of a day, or a draft's file.

    An id alone means the version in force on ``as_of``, or else the newest one. Without ``as_of`` the day is
    the one that the house means for such organisations. Raises NotFoundError (no such card), RulebookError (a
    draft with faults), QuestionError (one card twice; cards that grade no organisation both).
    """
    first, second = _choose(old, house, as_of, "--against"), _choose(new, house, as_of, "--card")
    day = as_of or _day_for((first.card, second.card), house)
    question = Question(_choose(old, house, day, "--against"), _choose(new, house, day, "--card"), day)
    _refuse_incomparable(question)
    return question


def _choose(text: str, house: House, day: date | None, where: str) -> Chosen:
    if text.endswith(DRAFTS):
        law, card = load_with_draft(rulebooks(), Path(text))
        return Chosen(card, law, Path(text))
    card_id, at, version = text.partition("@")
    if at:
        return Chosen(house.law.card(card_id, parse_day(version, where=where)), house.law)
    try:
        return Chosen(house.law.card(card_id, day), house.law)
    except NotFoundError:
        return Chosen(house.law.card(card_id), house.law)


def _day_for(cards: tuple[Scorecard, ...], house: House) -> date:
    schemes = (scheme for card in cards for scheme in card.schemes)
    return next((house.fixed_days[scheme] for scheme in schemes if scheme in house.fixed_days), house.true_on)


def _refuse_incomparable(question: Question) -> None:
    old, new = question.old.card, question.new.card
    if old == new:
        raise QuestionError(
            f"this is {old.card} in the version of {old.in_force.from_} twice",
            where="--against",
            remedy="Name another version as ID@DAY, another card, or the file of a draft.",
        )
    kinds = set(old.subjects) & set(new.subjects)
    schemes = not old.schemes or not new.schemes or set(old.schemes) & set(new.schemes)
    if not kinds or not schemes:
        raise QuestionError(
            f"{new.card} and {old.card} grade no organisation both",
            where="--against",
            remedy=f"They apply to {_applies(new)}, and to {_applies(old)}: name two cards for the same ones.",
        )


def _applies(card: Scorecard) -> str:
    return " ".join([", ".join(card.subjects), *(["under", ", ".join(card.schemes)] if card.schemes else [])])
