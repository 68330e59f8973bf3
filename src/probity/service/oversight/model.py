"""What oversight is told of each list: what was decided, how long it took, and whom it met."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from probity.rulebook import ListKind, Text


class Frozen(BaseModel):
    """Base of every part."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Share(Frozen):
    """``count`` of ``of``, with its Wilson interval of 95 per cent in millionths. ``differs``: the interval,
    corrected for the number of intervals in the table, excludes the share of everyone."""

    count: int
    of: int
    low: int
    high: int
    differs: bool


class Counts(Frozen):
    """Cases and entries.

    ``notices``: issued; ``served``: of these, proven to have reached everyone; ``undelivered``: failed at some
    contact; ``replies``, ``hearings``: cases with one; ``kept_off``: dismissed, refused or withdrawn;
    ``lapsed``: the authority was late; ``entries``: ever made in a case; ``reversals``: of these, undone by
    correction or a court; ``imported``: entries that came from elsewhere; ``in_force``: entries of either kind.
    """

    cases: int
    notices: int
    served: int
    undelivered: int
    replies: int
    hearings: int
    kept_off: int
    lapsed: int
    entries: int
    reversals: int
    imported: int
    in_force: int


class Step(Frozen):
    """How long a step took, in the unit of its statutory limit; ``late``: longer than the limit."""

    step: Literal["consent", "notice", "decision"]
    limit: int
    unit: Literal["working-days", "days"]
    rule: str
    cases: int
    median: int
    longest: int
    late: int


class AuthorityRow(Frozen):
    """What one authority did on a list."""

    authority: str
    name: Text
    counts: Counts
    steps: tuple[Step, ...]


class ClassRow(Frozen):
    """A class of organisations: how many the register holds, and how many of them were put on the list."""

    value: str | None
    name: Text
    share: Share


class Dimension(Frozen):
    """A way to tell organisations apart (F7): by region, size or ownership."""

    dimension: Literal["region", "size", "ownership"]
    rows: tuple[ClassRow, ...]


class ListReport(Frozen):
    """One list. ``dead``: it does not live (F30): nobody, or a single organisation, was ever on it, or nobody has
    been put on it for two years."""

    list: str
    name: Text
    kind: ListKind
    counts: Counts
    authorities: tuple[AuthorityRow, ...]
    steps: tuple[Step, ...]
    dimensions: tuple[Dimension, ...]
    dead: Literal["never", "single", "asleep"] | None


class Oversight(Frozen):
    """All lists on a day. ``notice`` where some of the data were generated."""

    day: date
    organisations: int
    notice: str | None
    lists: tuple[ListReport, ...]
