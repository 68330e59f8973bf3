"""What would lift a grade: time alone, repair, good conduct; and what holds it down whatever is done.

Everything is computed with the card's own rules: a repaired record counts what the card's treatment leaves of it.
Nothing here says that a record is right; contesting one is another way, open whatever is said here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from probity.clock import shift
from probity.errors import QuestionError
from probity.rulebook import Scorecard
from probity.scoring.model import Evaluation, Fact
from probity.scoring.outlook.ahead import Ahead, ahead
from probity.scoring.outlook.conduct import Conduct, conduct
from probity.scoring.outlook.reading import Reading, Sheet, reached_by_points, read
from probity.scoring.outlook.repair import Repair, repair
from probity.scoring.reference import evaluate

HORIZON = 10
"""Years that are looked ahead where nothing else is asked."""


@dataclass(frozen=True, slots=True)
class Held:
    """A gate that lowers the grade or keeps it from rising, the records (ids) that close it, and the ``inputs``
    (cards) that do."""

    gate: int
    records: tuple[str, ...]
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """What would change the grade that ``evaluation`` gives.

    ``repair`` and ``conduct`` hold an entry for each better grade asked about, the next better one first; both are
    empty for the best grade. Where nothing can be said (no occasion, too little known), ``time`` is None too.
    ``inputs`` names the cards whose results the card reads: they are held as they are.
    """

    evaluation: Evaluation
    time: Ahead | None
    repair: tuple[Repair, ...]
    conduct: tuple[Conduct, ...]
    gates: tuple[Held, ...]
    inputs: tuple[str, ...]


def counterfactual(
    card: Scorecard,
    facts: Sequence[Fact],
    as_of: date,
    delivered: Collection[str] | None = None,
    inputs: Sequence[Evaluation] = (),
    *,
    until: date | None = None,
    repairable: Collection[str] | None = None,
    every_grade: bool = False,
) -> Counterfactual:
    """What would lift the grade of ``evaluate(card, facts, as_of, delivered, inputs)``.

    ``until`` is the last day that time alone is given (ten years, where it is left out); ``repairable`` names the
    records that the law lets be repaired (None: all); ``every_grade`` asks about every better grade, not the next
    alone.
    """
    now = evaluate(card, facts, as_of, delivered, inputs)
    reading = read(card, facts, delivered, inputs)
    sheet = Sheet(reading, as_of)
    if now.total is None:
        return Counterfactual(now, None, (), (), (), card.inputs)
    rank = sheet.outcome().rank
    targets = [band for band in reversed(range(rank)) if _can_be(sheet, band)][: None if every_grade else 1]
    return Counterfactual(
        evaluation=now,
        time=ahead(reading, facts, now, delivered, inputs, until or _horizon(as_of)),
        repair=tuple(repair(sheet, target, repairable) for target in targets),
        conduct=tuple(conduct(sheet, target) for target in targets),
        gates=tuple(
            _held(reading, sheet, gate) for gate in range(len(card.gates)) if _holds(sheet, gate, now, rank)
        ),
        inputs=card.inputs,
    )


def _can_be(sheet: Sheet, band: int) -> bool:
    """Whether points earn the band, or a gate that is closed gives it."""
    card = sheet.reading.card
    given = (card.band(gate.at_most) for gate, closing in zip(card.gates, sheet.closed, strict=True) if closing)
    return reached_by_points(card, band) or band in given


def _holds(sheet: Sheet, gate: int, now: Evaluation, rank: int) -> bool:
    card = sheet.reading.card
    return gate in now.gated_by or (bool(sheet.closed[gate]) and card.band(card.gates[gate].at_most) == rank)


def _held(reading: Reading, sheet: Sheet, gate: int) -> Held:
    places = sorted(sheet.closed[gate])
    return Held(
        gate,
        tuple(reading.facts[place].record for place in places if place < reading.own),
        tuple(reading.facts[place].item for place in places if place >= reading.own),
    )


def _horizon(as_of: date) -> date:
    try:
        return shift(as_of, HORIZON, "y")
    except QuestionError:
        return date.max
