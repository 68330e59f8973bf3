"""One organisation's file as data: what was true on a day, as far as was known at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from probity.clock import AsOf
from probity.ledger import Position, Value
from probity.rulebook import OrganisationKind, Status


@dataclass(frozen=True, slots=True)
class Record:
    """A record of the file, as it stands at the two times of its dossier.

    ``id`` is the id of the first statement of the record, which stays its address; ``statement`` is the
    one that speaks now (a correction, where there was one) and ``corrections`` are all in between.
    ``expires`` is the last day of its display term, ``contested_since`` and ``repaired_on`` are days.
    ``ended`` says that it was true once and is no more (``valid_to`` has passed).
    """

    id: str
    statement: str
    item: str
    issuer: str
    reference: str
    valid_from: date
    valid_to: date | None
    attributes: Mapping[str, Value]
    status: Status
    expires: date | None
    contested_since: date | None
    repaired_on: date | None
    recorded_at: datetime
    corrections: tuple[str, ...]
    batch: str
    row: int
    generated: bool
    about: str | None = None
    """The record that it speaks of, where it contests, settles or repairs one."""

    def ended(self, day: date) -> bool:
        """Whether it was true once and is no more on ``day``."""
        return self.valid_to is not None and self.valid_to < day

    def past_term(self, day: date) -> bool:
        """Whether its term is over on ``day``: it is then neither shown, shared nor counted (charter 6)."""
        return self.expires is not None and self.expires < day


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation to another organisation, as ``parent``/``branch``; ``inverse`` if the other one stated it.

    ``item`` and ``since`` are those of its record.
    """

    relation: str
    subject: str
    name: str | None
    record: str
    inverse: bool
    item: str
    since: date


@dataclass(frozen=True, slots=True)
class Name:
    """A name, and since when it is borne."""

    name: str
    since: date


@dataclass(frozen=True, slots=True)
class Dossier:
    """The whole file of one organisation at two times. ``names``: newest first."""

    subject: str
    as_of: AsOf
    position: Position
    kind: OrganisationKind
    names: tuple[Name, ...]
    identifiers: tuple[str, ...]
    register: Mapping[str, Value]
    relations: tuple[Relation, ...]
    records: tuple[Record, ...]
    """Newest first; the registration that gives name and kind is among them."""
    generated: bool

    @property
    def scheme(self) -> str:
        """The identifier scheme of its subject key."""
        return self.subject.partition(":")[0]

    @property
    def name(self) -> str:
        """The current name, or the code where no name is known yet."""
        return self.names[0].name if self.names else self.subject.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Match:
    """An organisation that a search found."""

    ordinal: int
    subject: str
    name: str
    kind: str
    generated: bool
