"""What kept grades rest on beside the statements about each organisation and the passing of its days."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from probity.canon import Plain, canonical, digest
from probity.rulebook import CARD, Law, Scorecard


@dataclass(frozen=True, slots=True)
class Days:
    """The day that is meant for each organisation: ``today``, or the one to which its scheme is fixed."""

    today: date
    fixed: Mapping[str, date] = field(default_factory=dict)

    def of(self, subject: str) -> date:
        """The day that is meant for ``subject``."""
        return self.fixed.get(subject.partition(":")[0]) or self.today

    def stands_still(self, subject: str) -> bool:
        """Whether that day is a fixed one."""
        return subject.partition(":")[0] in self.fixed


def basis(law: Law, days: Days, delivered: Collection[str]) -> str:
    """SHA-256 over the law, the days that are fixed, and what the items delivered make known to its cards.

    Where it is another, everyone's grades may be others; where it is the same, only theirs of whom something was
    stated, or whose day has come. A source that delivers for the first time is no reason unless a card now knows
    enough for a grade: of whomever it says nothing, the points stay what they are.
    """
    return _hash(law, frozenset(days.fixed.items()), frozenset(delivered))


@lru_cache(maxsize=64)
def _hash(law: Law, fixed: frozenset[tuple[str, date]], delivered: frozenset[str]) -> str:
    known: list[Plain] = [
        [card.card, card.in_force.from_.isoformat(), _known(card, delivered)] for card in law.cards
    ]
    days: dict[str, Plain] = {scheme: day.isoformat() for scheme, day in fixed}
    return digest(canonical({"law": law.hash, "fixed": days, "known": known}))


def _known(card: Scorecard, delivered: Collection[str]) -> Plain:
    """Whether enough is known for a grade; for a card that reads others' results, which indicators are known."""
    known = [any(read.source in delivered for read in each.reads) for each in card.indicators]
    if any(source.startswith(CARD) for source in card.feeds):
        return list(known)
    weights = [indicator.weight for indicator in card.indicators]
    weight = sum(weight for weight, is_known in zip(weights, known, strict=True) if is_known)
    return weight * 100 >= card.not_known.grade_needs * sum(weights)
