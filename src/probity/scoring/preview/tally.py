"""Counting a population under two cards, some at a time: memory does not grow with the number of organisations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from probity.rulebook import WHOLE, Scale, Scorecard
from probity.scoring.kernel import NO_GRADE

NOT_GRADED = -2
"""In the place of a grade: the card does not apply to the organisation."""

BETTER, WORSE, SAME, APART = range(4)
"""What becomes of an organisation; apart: it has no grade by one of the cards, or by both."""

NAMED = 20
"""How many of those moved most are named, up and down."""

BINS = 1 << 21
"""The most bins in which moves are counted."""

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Coded:
    """A class of each organisation: ``codes`` are places in ``values`` (None: not stated)."""

    codes: NDArray[np.integer]
    values: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """What a card gives each organisation: ``totals`` in milli-points (anything where there is no grade),
    ``grades`` the index of the band, NO_GRADE, or NOT_GRADED.
    """

    totals: Whole
    grades: NDArray[np.integer]


@dataclass(slots=True)
class ClassCount:
    """How many of a class by outcome, and the sum of their moves."""

    outcomes: Whole
    moves: int = 0


class Tally:
    """Counts of a population under an old and a new card; the same whatever the parts and their order."""

    def __init__(self, old: Scorecard, new: Scorecard) -> None:
        self._scales = (old.scale, new.scale)
        self.same_scale = same_scale(old.scale, new.scale)
        self.by_grade = [band.grade for band in old.bands] == [band.grade for band in new.bands]
        """Whether better and worse are told by the grade; where the grades are not the same ones, by the total."""
        self._states = (len(old.bands) + 2, len(new.bands) + 2)
        self._span = new.scale.to - new.scale.from_ if self.same_scale else WHOLE
        self.step = -(-(2 * self._span + 1) // BINS)
        self._bins = np.zeros(2 * self._span // self.step + 1, np.int64)
        self._most: dict[int, tuple[Whole, Whole]] = {sign: _none() for sign in (1, -1)}
        self.matrix = np.zeros(self._states, np.int64)
        self.outcomes = np.zeros(4, np.int64)
        self.moves = 0
        self.directions: dict[int, int] = {1: 0, -1: 0, 0: 0}
        """How many of those compared moved up, down, and not at all."""
        self.classes: dict[str, dict[str | None, ClassCount]] = {}

    def add(self, ordinals: Whole, old: Results, new: Results, classes: Mapping[str, Coded]) -> None:
        """Count some organisations. Nobody is counted whom neither card grades."""
        concerned = (old.grades != NOT_GRADED) | (new.grades != NOT_GRADED)
        places = [_places(side.grades, states) for side, states in zip((old, new), self._states, strict=True)]
        pairs = (places[0] * self._states[1] + places[1])[concerned]
        self.matrix += np.bincount(pairs, minlength=self.matrix.size).reshape(self._states)
        compared = (old.grades >= 0) & (new.grades >= 0)
        moves = np.where(compared, self._moves(old.totals, new.totals, compared), 0)
        gain = old.grades.astype(np.int64) - new.grades if self.by_grade else moves
        outcomes = np.select([~compared, gain > 0, gain < 0], [APART, BETTER, WORSE], SAME)
        self.outcomes += np.bincount(outcomes[concerned], minlength=4)
        self.moves += int(moves.sum())
        np.add.at(self._bins, (moves[compared] + self._span) // self.step, 1)
        for sign in self.directions:
            self.directions[sign] += int(np.count_nonzero(np.sign(moves[compared]) == sign))
        for sign in (1, -1):
            self._keep(sign, moves, ordinals)
        for dimension, coded in classes.items():
            self._class(dimension, coded, outcomes, moves, concerned)

    def _moves(self, old: Whole, new: Whole, compared: NDArray[np.bool_]) -> Whole:
        before, after = np.where(compared, old, 0), np.where(compared, new, 0)
        moves: Whole = move(*self._scales, before, after)
        return moves

    def _keep(self, sign: int, moves: Whole, ordinals: Whole) -> None:
        """Those that moved most in one direction; of equals the first in the register."""
        far = moves * sign > 0
        if len(self._most[sign][0]) == NAMED:
            far &= moves * sign >= self._most[sign][0][-1] * sign
        all_moves = np.concatenate([self._most[sign][0], moves[far]])
        all_ordinals = np.concatenate([self._most[sign][1], ordinals[far]])
        first = np.lexsort((all_ordinals, -sign * all_moves))[:NAMED]
        self._most[sign] = (all_moves[first], all_ordinals[first])

    def _class(
        self, dimension: str, coded: Coded, outcomes: Whole, moves: Whole, concerned: NDArray[np.bool_]
    ) -> None:
        codes, many = coded.codes.astype(np.int64)[concerned], len(coded.values)
        counts = np.bincount(codes * 4 + outcomes[concerned], minlength=many * 4).reshape(-1, 4)
        sums = np.zeros(many, np.int64)
        np.add.at(sums, codes, moves[concerned])
        known = self.classes.setdefault(dimension, {})
        for code in np.flatnonzero(counts.any(axis=1)).tolist():
            count = known.setdefault(coded.values[code], ClassCount(np.zeros(4, np.int64)))
            count.outcomes += counts[code]
            count.moves += int(sums[code])

    @property
    def organisations(self) -> int:
        """How many are graded by one of the cards at least."""
        return int(self.matrix.sum())

    def most(self, sign: int) -> list[tuple[int, int]]:
        """Ordinal and move of those that moved most up (1) or down (-1), the farthest first."""
        moves, ordinals = self._most[sign]
        return list(zip(ordinals.tolist(), moves.tolist(), strict=True))

    def beyond(self, sign: int) -> int:
        """How many others moved at least as far as the last one named, as far as ``step`` can tell."""
        moves, _ = self._most[sign]
        if len(moves) < NAMED:
            return 0
        bin_ = (int(moves[-1]) + self._span) // self.step
        far = self._bins[bin_:] if sign > 0 else self._bins[: bin_ + 1]
        return int(far.sum()) - NAMED

    def quantiles(self, per_cents: Sequence[int]) -> list[int]:
        """For each, the smallest move that at least so many per cent of those compared do not exceed."""
        filled = np.flatnonzero(self._bins)
        rising = np.cumsum(self._bins[filled])
        wanted = [max(1, -(-int(rising[-1]) * per_cent // 100)) for per_cent in per_cents]
        return [int(place) * self.step - self._span for place in filled[np.searchsorted(rising, wanted)]]


def same_scale(old: Scale, new: Scale) -> bool:
    """Whether points mean the same stretch of both scales."""
    return (old.from_, old.to) == (new.from_, new.to)


def move(old: Scale, new: Scale, before: Any, after: Any) -> Any:
    """How far a total moves (or each of an array): in milli-points, or in millionths of scales that differ."""
    if same_scale(old, new):
        return after - before
    places = [
        (total - scale.from_) * WHOLE // (scale.to - scale.from_) for total, scale in ((before, old), (after, new))
    ]
    return places[1] - places[0]


def _none() -> tuple[Whole, Whole]:
    return np.zeros(0, np.int64), np.zeros(0, np.int64)


def _places(grades: NDArray[np.integer], states: int) -> Whole:
    """The row or column of the matrix of each: grades, then no grade, then not graded."""
    whole = grades.astype(np.int64)
    return np.where(whole == NO_GRADE, states - 2, np.where(whole == NOT_GRADED, states - 1, whole))
