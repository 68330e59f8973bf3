"""Measures and memoranda as law: what an agency must or may do while an entry is in force.

What binds is the measure, not the list (R5.4): each has a legal basis of its own, one who may execute it, and a
link to the conduct; it binds the listed organisation and nobody else (charter 5).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from probity.rulebook.model import Dated, Frozen, Line, Period, Slug, Text


class MeasureCategory(StrEnum):
    """The categories of the national basic list (rulesheet 5.2), and rewards."""

    RIGHTS_REDUCING = "rights-reducing"
    """A: by public bodies; reduces rights or adds duties."""
    MANAGEMENT = "management"
    """B: by public bodies in performance of their duties; no derogation."""
    MARKET = "market"
    """C: by others, on their own decision; nobody may force them (R5.8)."""
    REWARD = "reward"
    """For those on a redlist."""


class Binding(StrEnum):
    """Whether the receiving authority must act after its own look, or is only informed (R5.3)."""

    MANDATORY = "mandatory"
    REFERENCE = "reference"


class MeasureRule(Dated):
    """A measure. ``executors``: agencies that may take it. ``decisions``: the decisions at hand for which it
    matters (``procurement``, ``licence``). ``conduct``: why it is related to what happened (R5.7). ``maximum``:
    the longest that it may last, never beyond the entry."""

    measure: Slug
    name: Text
    category: MeasureCategory
    binding: Binding
    binds: Literal["listed-organisation"]
    executors: tuple[Slug, ...] = Field(min_length=1)
    decisions: tuple[Slug, ...] = Field(min_length=1)
    conduct: Line
    maximum: Period | None = None
    number: int | None = Field(default=None, ge=1, le=14)
    """Its item on the national basic list of 2021, where it has one."""


class Agreed(Frozen):
    """A measure that a memorandum agrees: which of its signatories take it (all that may, where none is named)."""

    measure: Slug
    by: tuple[Slug, ...] = ()


class Memorandum(Dated):
    """What the signatories agreed to do about those on some lists (R5.1)."""

    memorandum: Slug
    name: Text
    lists: tuple[Slug, ...] = Field(min_length=1)
    signatories: tuple[Slug, ...] = Field(min_length=1)
    measures: tuple[Agreed, ...] = Field(min_length=1)


class MeasuresFile(Frozen):
    """``measures.yaml``."""

    measures: tuple[MeasureRule, ...]


class MemorandaFile(Frozen):
    """``memoranda.yaml``."""

    memoranda: tuple[Memorandum, ...]
