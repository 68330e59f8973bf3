"""Lists as law: who decides, on which grounds, by which steps, for how long, and how one leaves again.

Lists decide where grades only indicate (R6.2). So a list says everything beforehand: there is no open-ended ground
(R4.3), no entry without notice (R4.6), none without end (charter 6), and silence of an authority never lists.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from probity.rulebook.criteria import Amounts, Criterion
from probity.rulebook.model import Dated, Frozen, Line, Period, Slug, Text
from probity.rulebook.scorecard import Whole

CASE = "case"
"""The attribute of a list's record that names the case which decided it; an imported entry has none."""


ENTRY = (
    "list",
    "decision_number",
    "reason",
    CASE,
    "criterion",
    "band",
    "legal_basis",
    "facts",
    "answers",
    "evidence",
    "contest",
    "officer",
)
"""The attributes by which the record of a list says what was decided, why, by whom and how to contest it."""


class ListKind(StrEnum):
    """What an entry means."""

    SERIOUS_VIOLATION = "serious-violation"
    ABNORMAL_OPERATION = "abnormal-operation"
    WATCH = "watch"
    RED = "red"

    @property
    def adverse(self) -> bool:
        """Whether an entry speaks against the organisation."""
        return self is not ListKind.RED


class Level(StrEnum):
    """The level of an agency, from the lowest."""

    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"
    NATIONAL = "national"

    @property
    def rank(self) -> int:
        """0 is the lowest."""
        return list(Level).index(self)


class Decides(Frozen):
    """Who may decide: the controlling authority or its branches, from ``level`` up (R4.2, R4.5).

    ``consent``: below which level the next agency up must agree first (``province``: county and city ask). None:
    nobody is asked.
    """

    level: Level
    consent_below: Level | None = None


class Within(Frozen):
    """A statutory period, and the rule that sets it. ``lapse``: what happens when an authority misses it.

    An authority's silence can only end a case or call for a reminder; it never lists anyone.
    """

    number: int = Field(ge=1, le=400)
    unit: Literal["working-days", "days"]
    rule: Line
    lapse: Literal["closes", "reminds"] = "closes"


class Steps(Frozen):
    """How an entry comes about. ``respond`` runs from proven delivery (F1); ``announcement`` is how long after a
    public announcement a document counts as delivered that could not be delivered otherwise."""

    calendar: Slug
    respond: Within
    announcement: Within
    consent: Within | None = None
    notify: Within
    hear: Within
    decide: Within


class Lasts(Frozen):
    """How long an entry lasts: the decision sets a term between ``minimum`` and ``maximum`` (R4.16)."""

    minimum: Period
    maximum: Period
    stay: Period | None = None
    """The minimum stay before early removal may be sought, however quickly all was put right."""
    display: Period | None = None
    """How long it is shown, where that is shorter than the term."""


class SeverityBand(Frozen):
    """Small and large cases differ (F4): from ``start`` (an amount, see ``Bands.measured_by``) this band holds.

    ``lists``: whether such a case may be listed at all. ``maximum``: the longest term. ``measures``: which
    categories of measure may follow.
    """

    band: Slug
    name: Text
    start: Whole = Field(alias="from")
    lists: bool = True
    maximum: Period | None = None
    measures: tuple[Literal["rights-reducing", "management", "market", "reward"], ...] = (
        "rights-reducing",
        "management",
        "market",
    )


class Bands(Frozen):
    """The bands of a list, the lowest first (from 0), and by what a case is measured."""

    measured_by: Amounts
    bands: tuple[SeverityBand, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _rising(self) -> Self:
        starts = [band.start for band in self.bands]
        if starts[0] != 0 or sorted(set(starts)) != starts:
            raise ValueError("bands begin at 0 and rise")
        return self

    def of(self, amount: int) -> SeverityBand:
        """The band of an amount."""
        return next(band for band in reversed(self.bands) if band.start <= amount)


class Leaving(Frozen):
    """How one leaves: ``early`` says what must be done for removal before the term ends (it stands in the notice,
    so that nobody must search for it: F18). ``barred_after``: so many listings, and there is none (R4.7).
    ``performed``: within how many days full performance ends the entry (R4.15)."""

    early: Text | None = None
    barred_after: int | None = Field(default=None, ge=1)
    performed: Within | None = None
    basis: Line


class ListRule(Dated):
    """A list. ``record``: the catalogue item under which an entry stands in the file. ``ability``: an entry needs
    it established that the organisation is able to perform and does not (F5). ``public``: whether entries are
    published (R4.20). ``warns_of``: the list before which a watch list warns."""

    list: Slug
    name: Text
    kind: ListKind
    schemes: tuple[Slug, ...] = ()
    """Whose organisations can be on it, by the scheme of their code; of every scheme, where none is named."""
    record: Slug
    authorities: tuple[Slug, ...] = Field(min_length=1)
    decides: Decides
    criteria: tuple[Criterion, ...] = ()
    not_given: Line | None = None
    """Why there are no criteria here: without one nobody can be listed; entries can only come from elsewhere."""
    steps: Steps | None = None
    lasts: Lasts | None = None
    bands: Bands | None = None
    ability: bool = False
    leaving: Leaving | None = None
    public: bool = True
    warns_of: Slug | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if bool(self.criteria) == bool(self.not_given):
            raise ValueError("say either criteria, or not_given (why there are none)")
        if self.criteria and (self.steps is None or self.leaving is None):
            raise ValueError("a list with criteria needs steps and leaving: nobody is listed without both")
        if self.criteria and self.lasts is None:
            raise ValueError("a list with criteria needs lasts: everything ends (charter 6)")
        if (self.kind is ListKind.WATCH) != (self.warns_of is not None):
            raise ValueError("a watch list names the list before which it warns, and only that does")
        return self

    def concerns(self, schemes: Collection[str]) -> bool:
        """Whether organisations of one of these schemes can be on it (none named: of whatever scheme)."""
        return not self.schemes or not schemes or not set(schemes).isdisjoint(self.schemes)

    def criterion(self, id_: str) -> Criterion | None:
        """The criterion of that id, if the list has it."""
        return next((each for each in self.criteria if each.criterion == id_), None)


class LeftOut(Frozen):
    """A list or criterion of the sources that is not encoded, and why."""

    row: Line
    target: Text
    why: Line


class ListsFile(Frozen):
    """A file in ``lists/``."""

    lists: tuple[ListRule, ...]


class LeftOutFile(Frozen):
    """``lists/left-out.yaml``: what of the sources is not encoded."""

    left_out: tuple[LeftOut, ...]
