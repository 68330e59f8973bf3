"""Worked cases of a scorecard: given these records, on this day, this result is expected."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from probity.rulebook.model import Frozen, OrganisationKind, Slug
from probity.rulebook.scorecard import Points, Status

Named = Annotated[str, StringConstraints(pattern=r"^(card:)?[a-z0-9]+([./-][a-z0-9]+)*$", max_length=105)]
"""The name of a source: an item, or ``card:`` and the id of a card."""


class Given(Frozen):
    """What a worked case starts from: a record (``item``, ``on``), or the result of another card on the day asked
    about (``card``, ``grade``, ``total`` in points)."""

    item: Slug | None = None
    on: date | None = None
    to: date | None = None
    status: Status = Status.ACTIVE
    attributes: dict[str, str | int | bool | date] = {}
    card: Slug | None = None
    grade: str | None = None
    total: Points | None = None

    @model_validator(mode="after")
    def _record_or_result(self) -> Self:
        said = self.model_fields_set
        if self.item is not None and self.on is not None and not said & {"card", "grade", "total"}:
            return self
        if self.card is not None and None not in (self.grade, self.total) and said == {"card", "grade", "total"}:
            return self
        raise ValueError("give a record (item, on, and what else it says) or a result (card, grade, total)")


class Expected(Frozen):
    """What a worked case expects: the total in points, the grade (``null``: none), points by indicator."""

    score: Points | None = None
    grade: str | None
    points: dict[Slug, Points] = {}
    not_known: tuple[Slug, ...] = ()


class Case(Frozen):
    """One worked case: given these records, on this day, expect this."""

    case: str
    given: tuple[Given, ...]
    kind: OrganisationKind = OrganisationKind.ENTERPRISE
    as_of: date
    delivered: tuple[Named, ...] | None = None
    """The items whose source has delivered, and the cards of whose inputs enough is known (``card:`` and the id);
    everything, where it is left out."""
    expect: Expected
    why: str


class CasesFile(Frozen):
    """``*.cases.yaml``: worked cases of one card, beside it."""

    card: Slug
    cases: tuple[Case, ...] = Field(min_length=1)
