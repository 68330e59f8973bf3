"""The scorecard language: how a card turns an organisation's records into points, a total and a grade.

Points are whole milli-points everywhere (1 point = 1,000), so that every evaluator gives the same bytes.
``scoring.reference`` is the meaning of each field; this file says what may be written.

In short::

    total = base + sum(awards) - sum(deductions), held within the scale, rounded
    indicator = min(cap, measure over the records it reads)
    a record's points = consumption x ageing(age) x treatment(status)
    grade = the first band whose ``from`` is at most the total, lowered by gates
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from probity.rulebook.model import Dated, Frozen, OrganisationKind, Period, Slug, Text

MILLI = 1000
"""Milli-points in a point."""

MOST = 1_000_000_000
"""The largest number of points that a card may hold."""

WHOLE = 1_000_000
"""Parts in the whole: ageing factors and treatments are counted in millionths."""


def _milli(value: object) -> object:
    """Read points written as ``4`` or ``2.5`` into milli-points; more than three decimals is an error."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"{value!r} is not a number of points")
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"{value!r} is not a number of points") from None
    if not exact.is_finite() or exact.copy_abs() > MOST:
        raise ValueError(f"{value} points is beyond what a card may hold ({MOST:,})")
    milli = exact * MILLI
    if milli != milli.to_integral_value():
        raise ValueError(f"{value} has more than three decimals")
    return int(milli)


Whole = Annotated[int, Field(ge=-(2**53) + 1, le=2**53 - 1)]
"""A whole number of an attribute's unit, within what canonical JSON can hold."""

Points = Annotated[int, BeforeValidator(_milli, json_schema_input_type=float)]
"""Written in points, held in milli-points."""


class Status(StrEnum):
    """How a record stands on a day, for a card. ``expired`` is computed from its term; the rest is stated."""

    ACTIVE = "active"
    CONTESTED = "contested"
    REPAIRED = "repaired"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Condition(Frozen):
    """A test of one attribute. All tests that are given must hold; a missing attribute fails every test."""

    attribute: str
    is_: tuple[str, ...] = Field(default=(), alias="is")
    """One of these values (text, choice; booleans as ``true`` / ``false``; a number is never one of them)."""
    at_least: Whole | None = None
    below: Whole | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_value(cls, value: object) -> object:
        if isinstance(value, dict) and "is" in value and not isinstance(value["is"], list | tuple):
            single = value["is"]
            text = str(single).lower() if isinstance(single, bool) else single
            return {**value, "is": [text]}
        return value

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.is_ and self.at_least is None and self.below is None:
            raise ValueError("a condition needs is, at_least or below")
        return self

    def holds(self, value: object) -> bool:
        """Whether an attribute of this value passes every part of it; a missing one (None) passes none."""
        text = str(value).lower() if isinstance(value, bool) else value
        if self.is_ and text not in self.is_:
            return False
        if self.at_least is None and self.below is None:
            return True
        if not isinstance(value, int) or isinstance(value, bool):
            return False
        return (self.at_least is None or value >= self.at_least) and (self.below is None or value < self.below)


CARD = "card:"
"""How the source begins that is another card's result; no item is named so."""


class Reads(Frozen):
    """Which records feed an indicator or a gate: one item, or another card's result, where every condition holds.

    The result of a card is read as one record of the day asked about, with the attributes ``grade`` and ``total``
    (whole points, rounded down); where the card gives no grade there is none.
    """

    item: Slug | None = None
    card: Slug | None = None
    where: tuple[Condition, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        return {"item": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.item is None) == (self.card is None):
            raise ValueError("say either item or card")
        return self

    @property
    def source(self) -> str:
        """What a record must be of: the item, or ``card:`` and the id of the card."""
        return self.item if self.item is not None else f"{CARD}{self.card}"


class Step(Frozen):
    """From this value (whole units of the attribute) on, so many points."""

    from_: Whole = Field(alias="from")
    points: Points


class Linear(Frozen):
    """``points`` for every full ``per`` units of the attribute."""

    per: Whole = Field(gt=0)
    points: Points


class Consumes(Frozen):
    """How much of an indicator's weight one record consumes (or one sum, where the measure is ``sum``).

    Exactly one of: ``each`` (the same for every record), ``table`` (by the value of the choice attribute
    ``of``; a value that is not in the table consumes nothing), ``steps`` (the last step whose ``from`` is at
    most the value of ``of``), ``linear`` (in proportion to ``of``, full units only; negative counts as 0).
    A record that lacks ``of`` consumes nothing.
    """

    each: Points | None = None
    of: str | None = None
    table: dict[str, Points] = {}
    steps: tuple[Step, ...] = ()
    linear: Linear | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        return {"each": value} if isinstance(value, int | float) else value

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = [self.each is not None, bool(self.table), bool(self.steps), self.linear is not None]
        if sum(ways) != 1:
            raise ValueError("say exactly one of each, table, steps, linear")
        if (self.each is None) != (self.of is not None):
            raise ValueError("table, steps and linear need of (the attribute they look at); each does not")
        if list(self.steps) != sorted(self.steps, key=lambda step: step.from_):
            raise ValueError("steps must rise")
        points = [self.each or 0, *self.table.values(), *(s.points for s in self.steps)]
        if min(points) < 0 or (self.linear and self.linear.points < 0):
            raise ValueError("a record cannot consume less than nothing")
        return self


class Ageing(Frozen):
    """How a record weighs less as it grows older.

    ``linear``: falls evenly to nothing over the period. ``half_life``: halves with every period.
    """

    linear: Period | None = None
    half_life: Period | None = None

    @model_validator(mode="before")
    @classmethod
    def _none(cls, value: object) -> object:
        return {} if value == "none" else value

    @model_validator(mode="after")
    def _at_most_one(self) -> Self:
        if self.linear and self.half_life:
            raise ValueError("say linear or half_life, not both")
        return self


def _share(value: object) -> object:
    """Read ``count``, ``ignore`` or a percentage into millionths."""
    if value == "count":
        return WHOLE
    if value == "ignore":
        return 0
    if isinstance(value, str) and value.endswith("%") and value[:-1].isdigit() and int(value[:-1]) <= 100:
        return int(value[:-1]) * WHOLE // 100
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= WHOLE:
        return value
    raise ValueError(f"{value!r} is not a treatment: write count, ignore or a percentage such as 50%")


Share = Annotated[
    int,
    BeforeValidator(
        _share,
        json_schema_input_type=Literal["count", "ignore"] | Annotated[str, Field(pattern=r"^\d{1,2}%$|^100%$")],
    ),
]


class Treatment(Frozen):
    """What a record that is not plainly active does: counts in full, in part, or not at all.

    A withdrawn record never counts. For an indicator that deducts, an expired one never counts and a
    repaired one never in full (charter 6); the checker refuses anything else.
    """

    contested: Share = WHOLE
    repaired: Share = 0
    expired: Share = 0

    def share(self, status: Status) -> int:
        """Millionths of its points that a record of this status keeps."""
        return {
            Status.ACTIVE: WHOLE,
            Status.CONTESTED: self.contested,
            Status.REPAIRED: self.repaired,
            Status.EXPIRED: self.expired,
            Status.WITHDRAWN: 0,
        }[status]


class Measure(StrEnum):
    """How the records of an indicator are put together."""

    COUNT = "count"
    """The sum of what each consumes."""
    PRESENCE = "presence"
    """What one consumes (``each``), once, however many there are; the one that keeps most of it counts."""
    SUM = "sum"
    """What the total of attribute ``of`` consumes: each amount first times ageing and share, then added. Negative
    amounts count as 0, and a total of 0 consumes nothing."""
    WORST = "worst"
    """The largest that any one consumes, after ageing and treatment."""

    @property
    def adds(self) -> bool:
        """Whether the records are added up; else only the strongest of them counts."""
        return self in (Measure.COUNT, Measure.SUM)


class Indicator(Frozen):
    """One line of a card."""

    indicator: Slug
    name: Text
    weight: Points
    """The most it can deduct or award."""
    direction: Literal["deduct", "award"]
    reads: tuple[Reads, ...] = Field(min_length=1)
    measure: Measure = Measure.COUNT
    consumes: Consumes
    window: Period | None = None
    """Only what happened less than this long ago counts (five years to the day do not); none: however long ago."""
    ageing: Ageing = Ageing()
    counts: Literal["occurred", "in-force"] = "occurred"
    """``occurred``: what happened stays counted after it ended. ``in-force``: only while it lasts."""
    treatment: Treatment = Treatment()
    source: Text | None = None
    choice: str | None = None
    """What the source leaves open and this card decided."""

    @model_validator(mode="after")
    def _measure_fits(self) -> Self:
        if self.measure is Measure.PRESENCE and self.consumes.each is None:
            raise ValueError("presence consumes the same however many there are: use each")
        if self.measure is Measure.SUM and not (self.consumes.steps or self.consumes.linear):
            raise ValueError("a sum is turned into points by steps or linear")
        if self.weight <= 0:
            raise ValueError("a weight must be more than nothing")
        return self


class Group(Frozen):
    """A heading of the card: indicators, or further groups, whose weights must add up to its own."""

    group: Slug
    name: Text
    weight: Points
    groups: tuple[Group, ...] = ()
    indicators: tuple[Indicator, ...] = ()

    @model_validator(mode="after")
    def _one_level(self) -> Self:
        if bool(self.groups) == bool(self.indicators):
            raise ValueError("a group holds either groups or indicators")
        return self

    def walk(self) -> Iterator[Indicator]:
        """Every indicator below it, in the order of the card."""
        yield from self.indicators
        for group in self.groups:
            yield from group.walk()


class Band(Frozen):
    """A grade and the lowest total (in points, included) that earns it.

    One that begins where the band above it begins is earned by no total: only a gate gives it.
    """

    grade: str
    name: Text
    from_: Points = Field(alias="from")


class Gate(Frozen):
    """While a record is there that counts (in force and neither repaired, expired nor withdrawn; contested ones
    do), the grade is capped."""

    name: Text
    reads: tuple[Reads, ...] = Field(min_length=1)
    at_most: str
    window: Period | None = None
    """Only what happened less than this long ago closes it, as for an indicator; none: however long ago."""


class Scale(Frozen):
    """The range of the total, and how it is rounded."""

    from_: Points = Field(alias="from")
    to: Points
    round: Literal["half-up", "down", "none"] = "half-up"
    to_nearest: Points = MILLI


class NotKnown(Frozen):
    """What counts as "not known" (charter 10).

    An indicator is not known when none of the items it reads has ever been delivered by its source. It
    then neither deducts nor awards, and is shown as not known. There is neither total nor grade when less
    than ``grade_needs`` per cent of the card's weight is known. Gates look at records whichever way.
    """

    grade_needs: int = Field(default=0, ge=0, le=100)


class Scorecard(Dated):
    """A published way to grade organisations."""

    card: Slug
    name: Text
    subjects: tuple[OrganisationKind, ...] = Field(min_length=1)
    schemes: tuple[Slug, ...] = ()
    """The identifier schemes whose organisations it grades; all, where none is named."""
    scale: Scale
    base: Points
    groups: tuple[Group, ...] = Field(min_length=1)
    gates: tuple[Gate, ...] = ()
    bands: tuple[Band, ...] = Field(min_length=1)
    """Best first."""
    occasion: Reads | None = None
    """Where given, the card judges one occasion: the latest record of this kind on or before the day asked
    about that is active or contested. Only records of that very day are read, aged from that day, by indicators
    and gates; without one there is neither total nor grade."""
    not_known: NotKnown = NotKnown()

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """Every indicator in the order of the card; its index is its number in tables and results."""
        return tuple(indicator for group in self.groups for indicator in group.walk())

    @property
    def feeds(self) -> frozenset[str]:
        """The sources that its indicators read: items, and ``card:`` with the id of a card."""
        return frozenset(reads.source for indicator in self.indicators for reads in indicator.reads)

    @property
    def inputs(self) -> tuple[str, ...]:
        """The cards whose results its indicators and gates read, in the order of first mention."""
        read = (*(i.reads for i in self.indicators), *(gate.reads for gate in self.gates))
        return tuple(dict.fromkeys(reads.card for some in read for reads in some if reads.card is not None))

    def band(self, grade: str) -> int:
        """The index of the band with that grade."""
        return next(n for n, band in enumerate(self.bands) if band.grade == grade)
