"""What a compiled card is: integer tables for the kernel, and how a record finds its place in them.

A record's *code* says all that a card can see of it besides dates, status and amounts. To find it, each attribute
that the card looks at is cut into the outcomes that the card can tell apart (values it names; intervals between
the numbers it names; everything else), and the combination of outcomes is looked up.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from probity.rulebook import Scorecard, Status
from probity.scoring.model import Value

STATUSES = tuple(Status)
"""A status is stored as its index here."""

EPOCH = date(1970, 1, 1).toordinal()
FOREVER = np.iinfo(np.int32).max
"""The day that stands for no end."""

COUNT, SUM, STRONGEST = 0, 1, 2
"""How an indicator puts its records together."""

STEP_ROW = np.dtype([("start", np.int64), ("points", np.int64)])
SCALE_ROW = np.dtype(
    [(name, np.int64) for name in ("base", "lowest", "highest", "rounding", "nearest")],
)
IS_OCCASION, CLOSES_A_GATE = 1, 2
"""What a code may be, besides having rules: flags."""
TOTAL = -2
"""The column of a rule that takes the total of another card's result."""

Table = NDArray[np.void]
"""Rows with named fields."""
Ints = NDArray[np.int32]
Places = NDArray[np.uint32]
Longs = NDArray[np.int64]


class Indicators(NamedTuple):
    """By indicator: its card, its weight, the sign of its points, its measure, ``each_per`` milli-points for every
    full ``per`` (0: not so), and the ``steps`` of a sum from ``first_step`` to ``end_step`` (excluded). ``shares``
    are the millionths that it leaves a record of each status."""

    card: Places
    weight: Longs
    sign: Longs
    measure: NDArray[np.int8]
    per: Longs
    each_per: Longs
    first_step: Ints
    end_step: Ints
    in_force: NDArray[np.bool_]
    shares: Longs


class Codes(NamedTuple):
    """What each code does: its rules are those from ``first_rule[code]`` to ``first_rule[code + 1]`` (excluded),
    its gates likewise. ``flags``: IS_OCCASION, CLOSES_A_GATE. ``lasts`` is the age in days from which a record of
    the code does nothing."""

    flags: NDArray[np.uint8]
    lasts: Ints
    first_rule: Places
    first_gate: Places


class Rules(NamedTuple):
    """A rule adds ``points``, or what is made of the amount in ``column`` (-1: none; TOTAL), to ``indicator``,
    aged by ``curve``. A ``plain`` one adds the same to a count, however old the record's end."""

    indicator: Places
    curve: Places
    column: Ints
    plain: NDArray[np.bool_]
    points: Longs


class Gates(NamedTuple):
    """A gate lets no grade of ``card`` above ``band`` through, where ``curve`` leaves anything of the record."""

    card: Places
    band: Ints
    curve: Places


class Curves(NamedTuple):
    """A curve's factor at an age is ``factors[first + min(age, length)]``, in millionths."""

    first: Places
    length: Places
    factors: Ints


class Tables(NamedTuple):
    """Cards as the kernel reads them, one or several that are graded together. Points are milli-points, ``as_of``
    days since 1970-01-01.

    ``scales`` and ``steps`` are rows, ``scales`` one for each card; the bands of a card are those from
    ``first_band[card]`` to ``first_band[card + 1]`` (excluded). With ``one_occasion`` there is one card.
    """

    as_of: int
    one_occasion: bool
    scales: Table
    first_band: Places
    bands: Longs
    indicators: Indicators
    steps: Table
    curves: Curves
    codes: Codes
    rules: Rules
    gates: Gates


class Rule(NamedTuple):
    """What a record does for an indicator (its number): points, or an amount's column (-1: none; TOTAL)."""

    indicator: int
    points: int
    column: int


class Behaviour(NamedTuple):
    """What a card does with a kind of record. ``gates`` are those it closes (their numbers)."""

    rules: tuple[Rule, ...]
    gates: tuple[int, ...]
    is_occasion: bool


@dataclass(frozen=True, slots=True)
class Look:
    """An attribute that the card looks at, cut into outcomes: 0 is everything the card does not tell apart,
    then each of ``texts``, then each interval between ``cuts`` (a cut begins an interval)."""

    attribute: str
    texts: Mapping[str, int]
    cuts: tuple[int, ...]

    @property
    def outcomes(self) -> int:
        """How many there are."""
        return 1 + len(self.texts) + (len(self.cuts) + 1 if self.cuts else 0)

    def outcome(self, value: Value) -> int:
        """The outcome of a value."""
        if value.__class__ is str:
            return self.texts.get(value, 0)
        if value is None:
            return 0
        if isinstance(value, bool):
            return self.texts.get("true" if value else "false", 0)
        return 1 + len(self.texts) + bisect_right(self.cuts, value) if self.cuts else 0

    def examples(self) -> Iterator[Value]:
        """One value for each outcome, in their order."""
        yield None
        yield from self.texts
        if self.cuts:
            yield self.cuts[0] - 1
            yield from self.cuts


@dataclass(frozen=True, slots=True)
class Plan:
    """How a record of one item gets its code: ``codes`` at the mixed-radix number of its outcomes (-1: the card
    does not look at such a record). ``columns`` are the amounts to keep: (row, attribute)."""

    looks: tuple[Look, ...]
    codes: tuple[int, ...]
    columns: tuple[tuple[int, str], ...]

    def code(self, attributes: Mapping[str, Value]) -> int:
        """The code of a record with these attributes."""
        place = 0
        for look in self.looks:
            place = place * look.outcomes + look.outcome(attributes.get(look.attribute))
        return self.codes[place]


@dataclass(frozen=True, slots=True)
class CompiledCard:
    """A card on a day, ready for :func:`encode` and :func:`~probity.scoring.score`.

    ``plans`` by source (an item, or the result of another card), ``columns`` the attributes that are kept as
    amounts, ``reads`` the sources of each indicator, ``needed`` the weight that must be known for a grade, times
    100. ``behaviours`` says of each code what ``tables`` say, for whoever puts codes together anew.
    """

    card: Scorecard
    as_of: date
    tables: Tables
    plans: Mapping[str, Plan]
    columns: tuple[str, ...]
    reads: tuple[frozenset[str], ...]
    needed: int
    behaviours: tuple[Behaviour, ...]
