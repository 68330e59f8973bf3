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

INDICATOR_ROW = np.dtype(
    [
        ("weight", np.int64),
        ("sign", np.int64),
        ("measure", np.int64),
        ("per", np.int64),  # linear; 0: not
        ("each_per", np.int64),
        ("curve", np.int64),
        ("first_step", np.int64),  # of a sum
        ("end_step", np.int64),
        ("in_force", np.bool_),
        ("share", np.int64, (len(STATUSES),)),
    ]
)
CURVE_ROW = np.dtype([("start", np.int64), ("length", np.int64), ("tail", np.int64)])
RULE_ROW = np.dtype([("indicator", np.int64), ("points", np.int64), ("column", np.int64)])
CODE_ROW = np.dtype(
    [("first_rule", np.int64), ("end_rule", np.int64), ("gate", np.int64), ("is_occasion", np.bool_)]
)
STEP_ROW = np.dtype([("start", np.int64), ("points", np.int64)])
SCALE_ROW = np.dtype(
    [(name, np.int64) for name in ("base", "lowest", "highest", "rounding", "nearest")],
)

Table = NDArray[np.void]
"""Rows with named fields."""


class Tables(NamedTuple):
    """A card as the kernel reads it. Points are milli-points, ``as_of`` days since 1970-01-01.

    A code has rules (``first_rule`` to ``end_rule``, excluded), may be the occasion, and may close a gate above a
    band (``gate``; -1: none). A rule adds ``points``, or what is made of the amount in ``column`` (-1: none), to
    an indicator. An indicator's curve has a factor for each of ``length`` ages from ``start`` in ``factors``, and
    ``tail`` beyond. ``scale`` has one row.
    """

    as_of: int
    one_occasion: bool
    scale: Table
    bands: NDArray[np.int64]
    indicators: Table
    steps: Table
    curves: Table
    factors: NDArray[np.int32]
    codes: Table
    rules: Table


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

    ``plans`` by item, ``columns`` the attributes that are kept as amounts, ``reads`` the items of each
    indicator, ``needed`` the weight that must be known for a grade, times 100.
    """

    card: Scorecard
    as_of: date
    tables: Tables
    plans: Mapping[str, Plan]
    columns: tuple[str, ...]
    reads: tuple[frozenset[str], ...]
    needed: int
