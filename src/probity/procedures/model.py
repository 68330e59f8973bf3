"""What every procedure has: who acts, how documents reach the organisation, what stops the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from probity.clock import NotAnnounced


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who acts for an agency. ``id`` is the agency's own mark for its officer: it tells one from another
    and is never shown outside (charter 1)."""

    agency: str
    id: str

    def __str__(self) -> str:
        return f"{self.agency}/{self.id}"


class Means(StrEnum):
    """How a document reaches somebody."""

    PORTAL = "portal"
    POST = "post"
    IN_PERSON = "in-person"
    ANNOUNCEMENT = "announcement"


@dataclass(frozen=True, slots=True)
class Contact:
    """Where documents for an organisation go (F1): the organisation itself, each contact that it registered, and
    the parent of a branch. ``name`` (one line, and its own in the case) tells it from the others; ``subject`` is
    the organisation that receives it there."""

    name: str
    subject: str
    means: Means

    def __str__(self) -> str:
        return f"{self.name} {self.subject} {self.means}"

    @classmethod
    def read(cls, text: str) -> Contact:
        """What :meth:`__str__` wrote."""
        name, subject, means = text.rsplit(" ", 2)
        return cls(name, subject, Means(means))


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stands still from ``since`` to ``until``, both included (None: it still does).

    The day on which it is resumed is not counted, as the day of no event is.
    """

    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """What is due, of whom, and by which rule.

    ``due`` is the last day on which it can be done: NotAnnounced where it depends on holidays not announced yet,
    None while the clock stands still. ``closes``: whether missing it ends the case.
    """

    what: str
    whose: str
    due: date | NotAnnounced | None
    rule: str
    closes: bool

    def missed(self, day: date) -> bool:
        """Whether it is over on ``day``. What is not known is not over."""
        return isinstance(self.due, date) and self.due < day
