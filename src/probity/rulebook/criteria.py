"""When an organisation may be put on a list: criteria as typed conditions over its records.

A condition is met, not met, or not known (a source has not delivered: charter 10). What no record can say, a
person must establish; software alone never finds such a criterion met.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from probity.rulebook.model import Frozen, Line, Period, Slug, Text
from probity.rulebook.scorecard import Condition, Whole


class Records(Frozen):
    """Which records a condition looks at: those of ``items`` where every condition holds.

    ``within``: stated true from a day less than that long before the day asked about. ``year``: from a day of
    that calendar year. ``in_force``: those only that are still true. Records that were withdrawn or repaired, are
    past their term or contested never support anything adverse.
    """

    items: tuple[Slug, ...] = Field(min_length=1)
    where: tuple[Condition, ...] = ()
    within: Period | None = None
    year: Literal["this", "previous"] | None = None
    in_force: bool = False

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        if isinstance(value, str):
            return {"items": [value]}
        if isinstance(value, dict) and "item" in value:
            rest = {key: what for key, what in value.items() if key != "item"}
            return {**rest, "items": [value["item"]]}
        return value

    @model_validator(mode="after")
    def _one_window(self) -> Self:
        if self.within is not None and self.year is not None:
            raise ValueError("say either within or year")
        return self


class Share(Frozen):
    """A part of a whole, written ``1/1000``."""

    numerator: int = Field(ge=0, le=1_000_000)
    denominator: int = Field(ge=1, le=1_000_000)

    @model_validator(mode="before")
    @classmethod
    def _parse(cls, value: object) -> object:
        if isinstance(value, str):
            match = re.fullmatch(r"(\d{1,7})/(\d{1,7})", value)
            if not match:
                raise ValueError(f"{value!r} is not a share: write 1/1000")
            return {"numerator": match[1], "denominator": match[2]}
        return value

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"


class Amounts(Frozen):
    """The sum of an attribute over records."""

    of: Records
    attribute: str


class Rate(Frozen):
    """How many records there are for each unit that other records count (``attribute``; their sum).

    No count decides without its rate (F7): a large organisation has more of everything.
    """

    of: Records
    per: Amounts
    more_than: Share


class Years(Frozen):
    """So many calendar years in a row, up to the one before the day asked about, of which records speak.

    ``attribute`` holds the year that a record is about.
    """

    of: Records
    attribute: str
    consecutive: int = Field(ge=1, le=20)


class Elsewhere(Frozen):
    """On no other list of these kinds in force, whoever keeps it (R4.12, R4.13)."""

    kinds: tuple[Literal["serious-violation", "abnormal-operation", "watch", "red"], ...] = Field(min_length=1)


class Established(Frozen):
    """What a person must establish, with evidence: no record says it (``refuses``, ``conceals-property``)."""

    fact: Slug
    name: Text


class Requirement(Frozen):
    """One condition: exactly one of the kinds below; ``count`` and ``sum`` with ``at_least`` or ``more_than``.

    No threshold lies so low that a file without records reaches it.
    """

    all_: tuple[Requirement, ...] = Field(default=(), alias="all")
    any_: tuple[Requirement, ...] = Field(default=(), alias="any")
    count: Records | None = None
    sum: Amounts | None = None
    rate: Rate | None = None
    years: Years | None = None
    none: Records | None = None
    not_listed: Elsewhere | None = None
    established: Established | None = None
    at_least: Whole | None = Field(default=None, ge=1)
    more_than: Whole | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = [name for name in _KINDS if getattr(self, name)]
        if len(kinds) != 1:
            said = ", ".join(name.rstrip("_") for name in kinds) or "nothing"
            raise ValueError(f"a condition says one thing; this says {said}")
        limits = [limit for limit in (self.at_least, self.more_than) if limit is not None]
        if len(limits) != (kinds[0] in ("count", "sum")):
            raise ValueError("count and sum need either at_least or more_than, and nothing else has it")
        return self

    @property
    def parts(self) -> tuple[Requirement, ...]:
        """The conditions that this one is made of."""
        return self.all_ or self.any_

    def walk(self) -> tuple[Requirement, ...]:
        """This condition and every one in it."""
        return (self, *(inner for part in self.parts for inner in part.walk()))

    def facts(self) -> tuple[Established, ...]:
        """What a person must establish for it."""
        return tuple(each.established for each in self.walk() if each.established)

    def records(self) -> tuple[Records, ...]:
        """All records that it looks at."""
        found: list[Records] = []
        for each in self.walk():
            asked: list[Any] = [each.count, each.none]
            asked += [each.sum.of] if each.sum else []
            asked += [each.rate.of, each.rate.per.of] if each.rate else []
            asked += [each.years.of] if each.years else []
            found += [records for records in asked if records is not None]
        return tuple(found)


_KINDS = ("all_", "any_", "count", "sum", "rate", "years", "none", "not_listed", "established")


class Criterion(Frozen):
    """One ground for an entry. ``basis``: the provision that makes it one. ``warns``: when an organisation is told
    that it is at risk, before it is met. ``ends``: the last day on which this ground can be used, where it was
    repealed before the list."""

    criterion: Slug
    name: Text
    basis: Line
    reference: Line
    requires: Requirement
    warns: Requirement | None = None
    ends: date | None = None
    choice: Line | None = None
