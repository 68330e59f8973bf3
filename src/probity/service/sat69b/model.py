"""One edition of the authority's list as data: procedures, rows without a name, and what could not be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

LIST = "mx-sat-69b"
SCHEME = "mx-rfc"
AUTHORITY = "mx-sat"
PROCEDURE = "mx-69b.procedure"
ENTRY = "list.mx-69b"
REGISTRATION = "register.organisation"


class Stage(StrEnum):
    """Where a procedure stands, and what that is in a listing of our own."""

    PRESUMED = "presumed"
    """The notice was served; nothing follows from it (charter 4)."""
    REBUTTED = "rebutted"
    """Dismissed."""
    DEFINITIVE = "definitive"
    """Decided; an entry, once the gazette has it."""
    FAVOURABLE = "favourable"
    """Ended by a final ruling."""


STEPS = {
    Stage.PRESUMED: "presumption",
    Stage.REBUTTED: "rebuttal",
    Stage.DEFINITIVE: "decision",
    Stage.FAVOURABLE: "ruling",
}
"""The step that leads to a stage: the first word of its attributes in the catalogue."""

FIELDS = ("document", "dated", "page", "gazette_document", "gazette", "again")
"""What is known of a step, the second word of its attributes. Days are the first of several."""

DAYS = ("dated", "page", "gazette")

CELLS = tuple(f"{step}_{name}" for step in STEPS.values() for name in FIELDS)


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure against one organisation: a row of the file.

    ``code`` is its tax number in normal form, ``number`` the document of the presumption; the two name it.
    ``said`` holds the attributes of its steps as text, days as ISO 8601; what the file leaves empty is not there.
    ``held`` says why a decision is no entry here.
    """

    code: str
    number: str
    stage: Stage
    name: str
    said: Mapping[str, str]
    held: str | None = None

    @property
    def key(self) -> str:
        """The reference of its records."""
        return f"{self.code}|{self.number}"

    def day(self, stage: Stage, what: str) -> date | None:
        """The first day of a step: ``dated``, ``page`` or ``gazette``."""
        text = self.said.get(f"{STEPS[stage]}_{what}")
        return date.fromisoformat(text) if text else None

    def documents(self, stage: Stage) -> frozenset[str]:
        """The documents of a step, each its number and day."""
        text = self.said.get(f"{STEPS[stage]}_document", "")
        return frozenset(text.split(" // ")) if text else frozenset()

    def numbers(self, stage: Stage) -> frozenset[str]:
        """The numbers of those documents."""
        return frozenset(each.partition(" of ")[0] for each in self.documents(stage))

    def hold(self, why: str | None) -> Procedure:
        """The same, with no entry following from it for that reason."""
        return replace(self, held=why)

    @property
    def enters(self) -> bool:
        """Whether it is an entry: decided, in the gazette, and nothing holds it back (charter 4)."""
        return (
            self.stage is Stage.DEFINITIVE
            and self.held is None
            and self.day(Stage.DEFINITIVE, "gazette") is not None
        )


@dataclass(frozen=True, slots=True)
class Unread:
    """A row that cannot be used as it stands: its cells as far as they were read, the others as they are written.

    ``entry``: the procedure was read, and what is missing is the decision that its stage claims.
    """

    cells: Mapping[str, str]
    entry: bool

    @property
    def key(self) -> str:
        """The reference that its record would have."""
        return f"{self.cells['rfc']}|{self.cells['number']}"


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A row whose name and number were blotted out by order. ``order`` is what stands in their place."""

    order: str
    stage: str
    said: Mapping[str, str]

    @property
    def mark(self) -> tuple[str, ...]:
        """What makes it the same row in two editions, whatever quotes and spaces are around its words."""
        words = "".join(c for c in self.order.casefold() if c.isalnum())
        return (words, self.stage, *sorted(f"{name}={text}" for name, text in self.said.items()))

    @property
    def by_court(self) -> bool:
        """Whether the order names a court; otherwise the authority itself took its decision back."""
        words = self.order.casefold()
        return any(court in words for court in ("sala", "tribunal", "juzgado", "juicio", "amparo"))


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of the list. ``persons``: rows about natural persons, of which nothing is kept (charter 1).

    ``oddities`` counts what is strange and yet readable.
    """

    rows: int
    procedures: Mapping[str, Procedure]
    unread: tuple[Unread, ...]
    suppressed: tuple[Suppressed, ...]
    persons: int
    oddities: Mapping[str, int]

    @property
    def newest(self) -> date:
        """The latest first publication in it."""
        published = (
            each.day(stage, where)
            for each in self.procedures.values()
            for stage in Stage
            for where in ("page", "gazette")
        )
        return max((day for day in published if day), default=date.min)

    def stages(self) -> dict[str, int]:
        """How many procedures stand where."""
        counts = Counter(each.stage.value for each in self.procedures.values())
        return {stage.value: counts[stage.value] for stage in Stage}


def first_day(procedure: Procedure) -> date:
    """The day on which the gazette had the presumption: every procedure that was read has one."""
    day = procedure.day(Stage.PRESUMED, "gazette")
    assert day is not None
    return day
