"""From counts to the tables of a preview: shares with their uncertainty, small classes taken together.

What the tables are there to show: whether a draft treats kinds of organisations differently (F7: the larger has
more on record) without making much of a few, and which rule moves whom (F12). They do not show that its points
are right (R6.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from probity.rulebook import WHOLE, Scorecard, Text
from probity.scoring.preview import words
from probity.scoring.preview.model import (
    ClassRow,
    Dimension,
    GradeName,
    Moves,
    Outcomes,
    Quantile,
    Share,
    Side,
)
from probity.scoring.preview.shares import CONFIDENCE, corrected, wilson
from probity.scoring.preview.tally import APART, BETTER, SAME, WORSE, ClassCount, Tally
from probity.scoring.sentences import fill

LEAST = 10
"""Classes in which fewer are compared are taken together."""

QUANTILES = (5, 25, 50, 75, 95)

Names = Mapping[str, Mapping[str, Text]]
"""What the values of each dimension are called, in the order in which they are shown."""


def side(card: Scorecard, rulebook_hash: str, draft: str | None) -> Side:
    """What a preview says of one of its cards."""
    return Side(
        card=card.card,
        name=card.name,
        in_force_from=card.in_force.from_,
        in_force_to=card.in_force.to,
        basis=card.basis,
        reference=card.reference,
        choice=card.choice,
        draft=draft,
        rulebook_hash=rulebook_hash,
        base=card.base,
        scale_from=card.scale.from_,
        scale_to=card.scale.to,
        grades=tuple(GradeName(grade=band.grade, name=band.name, lowest=band.from_) for band in card.bands),
    )


def compared_by(tally: Tally) -> Literal["grade", "total"]:
    """What tells better from worse."""
    return "grade" if tally.by_grade else "total"


def matrix(tally: Tally) -> tuple[tuple[int, ...], ...]:
    """The transitions as plain numbers."""
    return tuple(tuple(row) for row in tally.matrix.tolist())


def outcomes(counts: Sequence[int]) -> Outcomes:
    """The outcomes as plain numbers."""
    return Outcomes(
        better=int(counts[BETTER]), worse=int(counts[WORSE]), same=int(counts[SAME]), apart=int(counts[APART])
    )


def overall(tally: Tally) -> tuple[Share, Share]:
    """The shares of everyone compared that do better and worse."""
    found = outcomes(tally.outcomes.tolist())
    return _share(found.better, found.compared), _share(found.worse, found.compared)


def moves(tally: Tally) -> Moves:
    """How far totals move."""
    compared = sum(tally.directions.values())
    found = tally.quantiles(QUANTILES) if compared else []
    return Moves(
        unit="points" if tally.same_scale else "scale",
        step=tally.step,
        up=tally.directions[1],
        down=tally.directions[-1],
        none=tally.directions[0],
        quantiles=tuple(Quantile(per_cent=part, move=move) for part, move in zip(QUANTILES, found, strict=False)),
        mean=_mean(tally.moves, compared),
    )


def dimensions(tally: Tally, names: Names) -> tuple[Dimension, ...]:
    """The classes of each dimension, with those flagged whose share differs from that of everyone."""
    everyone = outcomes(tally.outcomes.tolist())
    divided = {
        dimension: _rows(tally.classes[dimension], names.get(dimension, {}))
        for dimension in words.DIMENSIONS
        if dimension in tally.classes
    }
    confidence = corrected(intervals(divided.values()))
    return tuple(
        Dimension(
            dimension=dimension,
            name=words.DIMENSIONS[dimension],
            rows=tuple(_row(group, everyone, confidence) for group in groups),
        )
        for dimension, groups in divided.items()
    )


@dataclass(frozen=True, slots=True)
class _Group:
    value: str | None
    name: Text
    together: int
    outcomes: Outcomes
    moves: int


def intervals(divided: Iterable[Sequence[object]]) -> int:
    """How many intervals such tables hold: two in each row."""
    return 2 * sum(len(rows) for rows in divided)


def notes(tally: Tally, shown: Sequence[Dimension]) -> tuple[Text, ...]:
    """How the tables are to be read."""
    many = intervals(dimension.rows for dimension in shown)
    said = [words.NOTHING_IS_GRADED, words.BY_GRADE if tally.by_grade else words.BY_TOTAL]
    if many:
        chance = f"{many * (1 - CONFIDENCE):.1f}"
        said += [words.INTERVAL, fill(words.MANY, number=many, false=chance), fill(words.TOO_FEW, least=LEAST)]
    if any(dimension.dimension == "size" and dimension.rows for dimension in shown):
        said.append(words.SIZE_MATTERS)
    return (*said, words.NOT_WHY)


def _rows(counts: Mapping[str | None, ClassCount], names: Mapping[str, Text]) -> list[_Group]:
    """The classes in the order of their names; those too small for a row of their own together, at the end.

    What is taken together would be told by the difference from everyone, so that it must be large enough
    itself: where it is not, the smallest of the others joins it. Empty, where nothing is left to compare.
    """
    order = [*names, *sorted(value for value in counts if value is not None and value not in names), None]
    groups = [_group(value, counts[value], names) for value in order if value in counts]
    large = [group for group in groups if group.outcomes.compared >= LEAST]
    small = [group for group in groups if group.outcomes.compared < LEAST]
    while large and 0 < sum(group.outcomes.compared for group in small) < LEAST:
        smallest = min(large, key=lambda group: group.outcomes.compared)
        large.remove(smallest)
        small.append(smallest)
    if sum(group.outcomes.compared for group in small) >= LEAST:
        large.append(_together(small))
    return large if len(large) > 1 else []


def _group(value: str | None, count: ClassCount, names: Mapping[str, Text]) -> _Group:
    name = words.NOT_STATED if value is None else names.get(value, Text(en=value))
    return _Group(value, name, 0, outcomes(count.outcomes.tolist()), count.moves)


def _together(groups: Sequence[_Group]) -> _Group:
    whole = Outcomes(
        better=sum(group.outcomes.better for group in groups),
        worse=sum(group.outcomes.worse for group in groups),
        same=sum(group.outcomes.same for group in groups),
        apart=sum(group.outcomes.apart for group in groups),
    )
    name = fill(words.TOGETHER, number=len(groups))
    return _Group(None, name, len(groups), whole, sum(group.moves for group in groups))


def _row(group: _Group, everyone: Outcomes, confidence: float) -> ClassRow:
    found = group.outcomes
    return ClassRow(
        value=group.value,
        name=group.name,
        together=group.together,
        organisations=found.compared + found.apart,
        compared=found.compared,
        better=_flagged(found.better, found.compared, everyone.better, everyone.compared, confidence),
        worse=_flagged(found.worse, found.compared, everyone.worse, everyone.compared, confidence),
        mean_move=_mean(group.moves, found.compared),
    )


def _share(count: int, of: int) -> Share:
    low, high = wilson(count, of)
    return Share(count=count, share=count * WHOLE // of if of else 0, low=low, high=high)


def _flagged(count: int, of: int, all_counted: int, all_compared: int, confidence: float) -> Share:
    whole = all_counted * WHOLE // all_compared if all_compared else 0
    low, high = wilson(count, of, confidence)
    found = _share(count, of)
    return found.model_copy(
        update={"differs": not found.low <= whole <= found.high, "strongly": not low <= whole <= high}
    )


def _mean(whole: int, number: int) -> int:
    """Rounded towards zero, so that the sign says which way."""
    return (abs(whole) // number if whole >= 0 else -(abs(whole) // number)) if number else 0
