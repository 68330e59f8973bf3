"""Law as typed data: what a rulebook may say.

Every value is dated (``in_force``), names its legal basis and where to read it, and has a name in English
and, where it has one, in Chinese. The models are frozen; a loaded rulebook never changes.
Scorecards have a file of their own: :mod:`probity.rulebook.scorecard`.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)


class Frozen(BaseModel):
    """Base of every model: immutable, and an unknown key is an error (most are typing mistakes)."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, str_strip_whitespace=True)


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([./-][a-z0-9]+)*$", max_length=100)]
"""An id: lower-case words joined by ``-``, ``.`` or ``/``."""

Line = Annotated[str, StringConstraints(min_length=1)]


class Text(Frozen):
    """A name in English and, where the thing has one, in Chinese."""

    en: Line
    zh: Line | None = None

    def in_(self, language: str) -> str:
        """The name in ``language`` (``en`` or ``zh``), English where there is no Chinese one."""
        return (self.zh or self.en) if language.startswith("zh") else self.en


class InForce(Frozen):
    """The days on which something is law: ``from`` and ``to``, both included; no ``to`` means until repealed."""

    from_: date = Field(alias="from")
    to: date | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.to is not None and self.to < self.from_:
            raise ValueError(f"ends on {self.to}, before it begins on {self.from_}")
        return self

    def covers(self, day: date) -> bool:
        """Whether ``day`` is one of them."""
        return self.from_ <= day and (self.to is None or day <= self.to)

    def overlaps(self, other: InForce) -> bool:
        """Whether some day belongs to both."""
        return (self.to is None or other.from_ <= self.to) and (other.to is None or self.from_ <= other.to)


class Period(Frozen):
    """A length of time: a whole number of years, months or days, written ``5y``, ``6m`` or ``90d``."""

    number: int = Field(gt=0, le=36500)
    unit: Literal["y", "m", "d"]

    @model_validator(mode="before")
    @classmethod
    def _parse(cls, value: object) -> object:
        if isinstance(value, str):
            match = re.fullmatch(r"(\d{1,5})([ymd])", value)
            if not match:
                raise ValueError(f"{value!r} is not a period: write 5y, 6m or 90d")
            return {"number": int(match[1]), "unit": match[2]}
        return value

    def __str__(self) -> str:
        return f"{self.number}{self.unit}"


class Dated(Frozen):
    """What every rule carries: since when, on what legal basis, and where to read it."""

    in_force: InForce
    basis: Line
    reference: Line
    """Ids of the rule sheet (R…, F…, O…) or a published source."""
    choice: Line | None = None
    """What the law leaves open and this rulebook decided, in a sentence."""


class RulebookInfo(Dated):
    """``rulebook.yaml``: what this folder is, and which rulebooks it builds on."""

    rulebook: Slug
    name: Text
    jurisdiction: Text
    uses: tuple[Slug, ...] = ()


# -- identifier schemes -----------------------------------------------------------------------------


class OrganisationKind(StrEnum):
    """Who can have a file (charter 1). There is no member for a natural person, and there will be none."""

    ENTERPRISE = "enterprise"
    SOCIAL_ORGANISATION = "social-organisation"
    PUBLIC_INSTITUTION = "public-institution"
    GOVERNMENT_BODY = "government-body"
    UNINCORPORATED = "unincorporated"


class Scheme(Dated):
    """A way to identify organisations. ``check`` names how a code is verified; ``local`` uses ``pattern``."""

    scheme: Slug
    name: Text
    check: Literal["cn-uscc", "lei", "mx-rfc", "us-ein", "local"]
    pattern: Line | None = None
    kind: OrganisationKind | None = None
    """The kind of every organisation under this scheme, where the code itself does not tell it."""

    @model_validator(mode="after")
    def _pattern_for_local(self) -> Self:
        if (self.check == "local") != (self.pattern is not None):
            raise ValueError("a local scheme needs a pattern, and only a local one has it")
        return self


# -- agencies ---------------------------------------------------------------------------------------


class Agency(Dated):
    """A public body and what it may state. ``competent_for`` lists item ids; ``penalty.*`` covers a family.

    ``part_of`` is the agency above it: the one whose branch it is, and whose consent it asks (R4.2, R4.5).
    """

    agency: Slug
    name: Text
    level: Literal["national", "province", "city", "county"]
    competent_for: tuple[str, ...]
    part_of: Slug | None = None

    def may_state(self, item: str) -> bool:
        """Whether this agency is the competent source of ``item`` (charter 2)."""
        return any(
            item == covered or (covered.endswith(".*") and item.startswith(covered[:-1]))
            for covered in self.competent_for
        )


# -- catalogue --------------------------------------------------------------------------------------


class Polarity(StrEnum):
    """What a record says of the organisation (R2.3)."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    NEUTRAL = "neutral"


class Disclosure(StrEnum):
    """Who may see an item (R2.4): everyone, every agency, or named agencies."""

    OPEN = "open"
    SHARED = "shared"
    RESTRICTED = "restricted"


class Category(Dated):
    """One of the nineteen categories of public credit information (rulesheet 2.1)."""

    category: Slug
    number: int = Field(ge=1, le=19)
    name: Text
    generated: Line
    contributor: Line
    growth: Literal["low", "high"]
    classes: tuple[Line, ...] = ()
    """The classes of the national basic catalogue that it corresponds to (O3), as ``2024/3``."""


class Choice(Frozen):
    """One value that a ``choice`` attribute may take."""

    value: Slug
    name: Text


class Attribute(Frozen):
    """One field of an item. Amounts and quantities are whole numbers of ``unit`` (fen, cents, days)."""

    attribute: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
    name: Text
    type: Literal["text", "choice", "integer", "amount", "date", "boolean", "organisation"]
    unit: Line | None = None
    choices: tuple[Choice, ...] = ()
    required: bool = False
    mask: Literal["none", "partial", "hidden"] = "none"
    """How the field looks in public: as it is, initials only (names of persons in a role), or not at all."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.type == "choice") != bool(self.choices):
            raise ValueError("choices belong to an attribute of type choice, and it needs them")
        if self.type == "amount" and not self.unit:
            raise ValueError("an amount needs its unit (for example CNY/100 for fen)")
        return self


class Term(Frozen):
    """How long a record may be shown and counted, from ``valid_from`` (R7.11).

    Either one period (``display: 3y``), or one by the value of a choice attribute (``by: severity``,
    ``periods: {minor: 3m, serious: 3y}``).
    """

    display: Period | None = None
    by: str | None = None
    periods: dict[str, Period] = {}

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.display is None) == (self.by is None) or bool(self.by) != bool(self.periods):
            raise ValueError("say either display, or by and periods")
        return self


class Effect(StrEnum):
    """What a statement of an item does to the file, besides standing in it."""

    NONE = "none"
    REGISTERS = "registers"
    """Gives the organisation's name, kind and register data."""
    RELATES = "relates"
    """Relates the organisation to another (attribute ``related``; attribute ``relation`` says how)."""
    CONTESTS = "contests"
    """Marks the target statement as contested from ``valid_from`` (charter 8)."""
    SETTLES = "settles"
    """Ends the contest of the target statement."""
    REPAIRS = "repairs"
    """Marks the target statement as repaired from ``valid_from`` (charter 6)."""
    STEP = "step"
    """Is a step of a procedure: only the procedure states it, nobody by hand and no file."""
    MANIFEST = "manifest"
    """Records what the system itself did (a scoring run); it belongs to no organisation."""


FORBIDDEN_SUBJECTS: dict[str, str] = {
    "religion": r"religio|worship|宗教信仰",
    "health": r"\bhealth status|mental health|disease|medical (history|condition|record|test)|\bhiv\b|\baids\b"
    r"|\bpatients?\b|disabilit|diagnos|疾病|病史|健康状况|患者|病人|病历|病情|残疾|艾滋|精神障碍",
    "genetics": r"\bgenetic(?!ally modified)|\bdna\b|blood (type|group)|fingerprint|biometric"
    r"|(?<!转)基因|血型|指纹",
    "political opinion": r"politic(al|ally) (opinion|view|affiliation|belief|conviction)|party membership"
    r"|政治(观点|面貌|倾向)",
    "petitioning": r"\bpetition|上访|信访",
    "speech": r"\bspeech\b|expression of opinion|criticism of|social media posts?|言论|网络发言|发帖",
    "family life": r"family (life|planning)|marriage|marital|childbirth|婚姻|生育|家庭生活",
}
"""Matters about which no item may exist (charter 2, R2.17), and the words that give one away."""


class Item(Dated):
    """A kind of record that may exist: without a live item there is no record (charter 2)."""

    item: Slug
    name: Text
    category: Slug
    polarity: Polarity
    disclosure: Disclosure
    origin: Literal["public", "market"] = "public"
    effect: Effect = Effect.NONE
    term: Term | None = None
    attributes: tuple[Attribute, ...] = ()

    def attribute(self, name: str) -> Attribute | None:
        """The attribute of that name, if the item has it."""
        return next((a for a in self.attributes if a.attribute == name), None)


# -- intake mappings --------------------------------------------------------------------------------


class DayColumn(Frozen):
    """A column that holds a day, and how it is written (strptime; ISO 8601 is always understood)."""

    column: Line
    format: str | None = None


class Source(Frozen):
    """Where a value comes from: a column (or a constant), and what is done to it on the way.

    In this order: ``extract`` keeps the first group of a regular expression (RE2; no match gives nothing),
    ``lookup`` replaces by a table of the rulebook (file ``lookups/NAME.csv``), ``values`` replaces by a
    table given here, ``format`` reads a date (strptime), ``scale`` multiplies a decimal number by a power of
    ten to make a whole number of minor units. ``days_after`` reads a date and gives the number of days from the
    day in another column to it (negative where it lies before); where one of the two is missing there is none.
    """

    column: str | None = None
    constant: str | int | bool | date | None = None
    extract: str | None = None
    lookup: Slug | None = None
    values: dict[str, str] = {}
    format: str | None = None
    scale: Literal[1, 10, 100, 1000, 10_000, 1_000_000] | None = None
    days_after: DayColumn | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        return {"column": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if (self.column is None) == (self.constant is None):
            raise ValueError("say either column or constant")
        return self


class SubjectSource(Frozen):
    """Which column identifies the organisation, under which scheme."""

    scheme: Slug
    column: Line


class Mapping(Dated):
    """How an agency's file becomes statements of one item."""

    mapping: Slug
    item: Slug
    agency: Slug
    subject: SubjectSource
    key: tuple[Line, ...] = Field(min_length=1)
    """The columns that together identify a record at its issuer; the same key twice is a duplicate."""
    valid_from: Source
    valid_to: Source | None = None
    attributes: dict[str, Source] = {}
    ignores: tuple[Line, ...] = ()
    """Columns that are known and left out; a column that is neither used nor ignored is reported."""
    encoding: Literal["utf-8", "gb18030", "detect"] = "detect"


# -- calendars --------------------------------------------------------------------------------------


def _days(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


class CalendarYear(Frozen):
    """One announced year: days off that would be worked, and weekend days that are worked."""

    year: int = Field(ge=1900, le=2200)
    off: Annotated[tuple[date, ...], BeforeValidator(_days)] = ()
    worked: Annotated[tuple[date, ...], BeforeValidator(_days)] = ()
    notice: Line
    """The announcement: its address or title."""

    @model_validator(mode="after")
    def _own_year(self) -> Self:
        for day in (*self.off, *self.worked):
            # An arrangement may reach a few days over the turn of the year.
            if abs((day - date(self.year, 7, 2)).days) > 200:
                raise ValueError(f"{day} does not belong to {self.year}")
        return self


class CalendarRule(Dated):
    """A working-day calendar, either written out (``years``) or taken from the holidays library."""

    calendar: Slug
    name: Text
    weekend: tuple[int, ...] = (5, 6)
    """Monday is 0."""
    years: tuple[CalendarYear, ...] = ()
    holidays: Line | None = None
    """Country, or country and subdivision as ``US-CA``, of the holidays library."""
    day_zero: Line
    """The rule that says whether the day of the event counts, and its source."""
    first_day_counts: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.years) == bool(self.holidays):
            raise ValueError("say either years or holidays")
        return self


# -- files ------------------------------------------------------------------------------------------


class SchemesFile(Frozen):
    """``schemes.yaml``."""

    schemes: tuple[Scheme, ...]


class AgenciesFile(Frozen):
    """``agencies.yaml``."""

    agencies: tuple[Agency, ...]


class CategoriesFile(Frozen):
    """``categories.yaml``."""

    categories: tuple[Category, ...]


class CatalogueFile(Frozen):
    """``catalogue.yaml``, or any file in ``catalogue/``."""

    items: tuple[Item, ...]
