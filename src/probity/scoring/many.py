"""Several cards over many organisations at once: what ``evaluate_with_inputs`` says of each, by the kernel."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from probity.rulebook import OrganisationKind, Scorecard
from probity.scoring.compile import compile_card
from probity.scoring.encode import encode
from probity.scoring.kernel import NO_GRADE, NO_TOTAL, WHY, score
from probity.scoring.model import Evaluation, Fact
from probity.scoring.reference import applies
from probity.scoring.tables import CompiledCard


@dataclass(frozen=True, slots=True)
class File:
    """What cards need of one organisation."""

    kind: OrganisationKind
    scheme: str
    facts: Sequence[Fact]


@dataclass(frozen=True, slots=True)
class Result:
    """A card's result for one organisation, without its lines, gates and occasion: total, grade, and why there is
    none. ``points``: of each indicator, signed and capped."""

    evaluation: Evaluation
    points: Sequence[int]


def compiled(cards: Sequence[Scorecard], as_of: date) -> tuple[CompiledCard, ...]:
    """The cards as tables for that day. Each must come after those that it reads."""
    return tuple(compile_card(card, as_of) for card in cards)


def grade(
    cards: Sequence[CompiledCard], files: Sequence[File], delivered: Collection[str] | None = None
) -> list[Mapping[str, Result]]:
    """For each file the results of the cards that apply to it, by the card's id, each after those that it reads.

    ``delivered`` names the items whose source has delivered (None: all).
    """
    found: list[dict[str, Result]] = [{} for _ in files]
    for each in cards:
        mine = [n for n, file in enumerate(files) if applies(each.card, file.kind, file.scheme)]
        reads = each.card.inputs
        inputs = (
            [[found[n][card].evaluation for card in reads if card in found[n]] for n in mine] if reads else None
        )
        results = score(each, encode(each, [files[n].facts for n in mine], inputs), delivered, points=True)
        totals, bands, why = results.totals.tolist(), results.grades.tolist(), results.no_grade.tolist()
        for place, n in enumerate(mine):
            evaluation = Evaluation(
                card=each.card.card,
                as_of=each.as_of,
                total=None if totals[place] == NO_TOTAL else totals[place],
                grade=None if bands[place] == NO_GRADE else each.card.bands[bands[place]].grade,
                lines=(),
                gated_by=(),
                occasion=None,
                known_weight=0,
                no_grade=WHY[why[place]],
            )
            points = () if results.points is None else results.points[place]
            found[n][each.card.card] = Result(evaluation, points)
    return list(found)
