"""Worked cases of a list: given this file, on this day, each criterion is met, not met or not known."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from probity.rulebook.cases import Given
from probity.rulebook.model import Frozen, Slug

Outcome = Literal["met", "not met", "not known", "possible"]
"""What a case expects. ``possible``: not met, and only for facts that a person has yet to establish."""


class ListExpected(Frozen):
    """What a worked case expects. A criterion that is not named is expected not to be met.

    ``near``: exactly these criteria are at risk of being met. ``band``: the band of the case, where the list has
    bands; only looked at where it is given.
    """

    criteria: dict[Slug, Outcome] = {}
    near: tuple[Slug, ...] = ()
    band: Slug | None = None


class ListCase(Frozen):
    """One worked case. ``established``: the facts that a person has established. ``held``: the lists on which the
    organisation is otherwise. ``delivered``: the items whose source has delivered; all, where it is left out."""

    case: str
    given: tuple[Given, ...]
    established: tuple[Slug, ...] = ()
    held: tuple[Slug, ...] = ()
    delivered: tuple[Slug, ...] | None = None
    as_of: date
    expect: ListExpected
    why: str


class ListCasesFile(Frozen):
    """``lists/*.cases.yaml``: worked cases of one list, beside it."""

    list: Slug
    cases: tuple[ListCase, ...] = Field(min_length=1)
