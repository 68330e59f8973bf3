"""What a preview says, as plain data that can be kept and shown again.

Points are milli-points, shares whole millionths. Only what may be public stands in it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from probity.rulebook import Text


class _Frozen(BaseModel):
    """Immutable; an unknown key means that another version wrote it."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class GradeName(_Frozen):
    """A grade of a card; ``lowest`` is the lowest total that earns it."""

    grade: str
    name: Text
    lowest: int


class Side(_Frozen):
    """One of the two cards. ``draft`` is the name of the file of a draft; None for a card of the law.

    ``rulebook_hash`` is that of the law as it would be with the draft.
    """

    card: str
    name: Text
    in_force_from: date
    in_force_to: date | None
    basis: str
    reference: str
    choice: str | None
    draft: str | None
    rulebook_hash: str
    base: int
    scale_from: int
    scale_to: int
    grades: tuple[GradeName, ...]


class Outcomes(_Frozen):
    """How many do better, worse and the same under the new card; ``apart``: no grade by one of the cards, or
    both.
    """

    better: int
    worse: int
    same: int
    apart: int

    @property
    def compared(self) -> int:
        """How many have a grade by both cards."""
        return self.better + self.worse + self.same


class Share(_Frozen):
    """``count`` of those compared, as a share with its Wilson interval of 95 per cent, in millionths.

    ``differs``: the interval excludes the share of everyone. ``strongly``: so does the interval that is
    corrected for the number of intervals (Bonferroni).
    """

    count: int
    share: int
    low: int
    high: int
    differs: bool = False
    strongly: bool = False


class ClassRow(_Frozen):
    """One class of organisations, or (``together`` more than 0) as many small ones taken together.

    ``mean_move`` is rounded towards zero, in the unit of the moves.
    """

    value: str | None
    name: Text
    together: int
    organisations: int
    compared: int
    better: Share
    worse: Share
    mean_move: int


class Dimension(_Frozen):
    """One way to divide the organisations. ``rows`` is empty where there are too few to say anything."""

    dimension: str
    name: Text
    rows: tuple[ClassRow, ...]


class Quantile(_Frozen):
    """The smallest move that at least ``per_cent`` of those compared do not exceed."""

    per_cent: int
    move: int


class Moves(_Frozen):
    """How far totals move, over those compared. ``unit``: milli-points, or millionths of the scale where the cards
    have different scales; numbers are exact to ``step``. There are no
    ``quantiles`` where nobody is compared.
    """

    unit: Literal["points", "scale"]
    step: int
    up: int
    down: int
    none: int
    quantiles: tuple[Quantile, ...]
    mean: int


class RuleChange(_Frozen):
    """One thing that the new card says otherwise; None where a card says nothing of it.

    ``choice`` is what the new card itself calls its choice.
    """

    what: Text
    before: Text | None
    after: Text | None
    choice: str | None


class PointChange(_Frozen):
    """What an indicator gives by each card (None: the card does not have it), and why, in words."""

    indicator: str
    name: Text
    before: int | None
    after: int | None
    why: Text

    @property
    def difference(self) -> int:
        """After less before."""
        return (self.after or 0) - (self.before or 0)


class Standing(_Frozen):
    """What one card says of an organisation. ``gates``: the names of those that lower the grade."""

    total: int | None
    grade: str | None
    gates: tuple[Text, ...]


class Moved(_Frozen):
    """One organisation's move, explained: the changes, the base's difference and ``rest`` (what rounding and the
    ends of the scale took) add up to the difference of the totals. ``contested``: a public record behind it is.
    """

    subject: str
    name: str
    generated: bool
    contested: bool
    before: Standing
    after: Standing
    move: int
    changes: tuple[PointChange, ...]
    base: int
    rest: int


class Report(_Frozen):
    """Everything that a preview says.

    ``matrix`` has a row for each state by the old card and a column for each by the new one: its grades, then
    no grade, then not graded by that card. ``more_up`` and ``more_down``: how many others moved as far as the
    last one named. ``asked``: those asked about. ``notice``: some of the organisations or records were made up.
    """

    format: Literal["probity-preview"] = "probity-preview"
    version: Literal[1] = 1
    notice: str | None
    as_of: date
    known_at: datetime
    position: int
    old: Side
    new: Side
    organisations: int
    compared_by: Literal["grade", "total"]
    matrix: tuple[tuple[int, ...], ...]
    outcomes: Outcomes
    better: Share
    worse: Share
    moves: Moves
    dimensions: tuple[Dimension, ...]
    changes: tuple[RuleChange, ...]
    up: tuple[Moved, ...]
    down: tuple[Moved, ...]
    more_up: int
    more_down: int
    asked: tuple[Moved, ...]
    notes: tuple[Text, ...]
