"""What can happen in a listing: events, a closed type.

An event is stated in the ledger under the item that ``ITEMS`` names: its agency is the issuer, its day is
``valid_from``, and its other fields are the attributes of the item, by the same names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from probity.procedures.model import Contact, Means, Officer


class Role(StrEnum):
    """What an officer does in a case."""

    PROPOSES = "proposes"
    HEARS = "hears"
    DECIDES = "decides"


class Ground(StrEnum):
    """Why an entry ends."""

    EXPIRY = "expiry"
    PERFORMED = "performed"
    CORRECTION = "correction"
    """It should not have been made."""
    COURT = "court"
    """A court or a reviewing authority annulled it."""
    DISSOLUTION = "dissolution"
    REVOKED = "revoked"
    """What earned it holds no longer: redlists only, after notice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened on a day; ``by`` is None where software noted it."""

    on: date
    by: Officer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Event):
    """The case begins. ``near``: the criterion is not met, only close (the organisation can be warned)."""

    authority: str
    criterion: str
    evidence: tuple[str, ...]
    facts: str
    near: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned(Event):
    """The organisation was told that it is at risk."""

    document: str
    reasons: str
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed(Event):
    """An entry was proposed. ``amount``: by which the case is measured; ``band``: its severity;
    ``consent_from``: the agency above that must agree first, where one must."""

    document: str
    consent_from: str | None
    evidence: tuple[str, ...]
    established: tuple[str, ...]
    documents: tuple[str, ...]
    able: bool
    amount: int | None
    band: str | None
    facts: str
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consented(Event):
    """The agency above agreed."""

    document: str
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(Event):
    """The agency above did not agree."""

    document: str
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notified(Event):
    """The notice was issued. ``relisting``: how often the organisation was on this list before."""

    document: str
    contacts: tuple[Contact, ...]
    relisting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered(Event):
    """Delivery to a contact is proven (``on``); it happened on ``received``."""

    contact: str
    means: Means
    received: date
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered(Event):
    """An attempt failed."""

    contact: str
    means: Means
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced(Event):
    """The notice was announced publicly; it counts as delivered from ``effective`` on, and later where the clock
    stood still meanwhile or the holidays on the way were not announced yet."""

    where: str
    effective: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(Event):
    """The notice has reached everyone: the window runs from this day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied(Event):
    """The organisation replied."""

    text: str
    hearing: bool
    late_because: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted(Event):
    """It was decided whether a late reply (the ``reply``-th of all, from 1) is considered."""

    reply: int
    admitted: bool
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard(Event):
    """The hearing took place."""

    record: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered(Event):
    """The decision to list, which is the entry itself: it stands until ``until`` (the last day)."""

    document: str
    criterion: str
    band: str | None
    basis: str
    facts: str
    reasons: str
    answers: str | None
    evidence: tuple[str, ...]
    contest: str
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismissed(Event):
    """The decision not to list."""

    document: str
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn(Event):
    """The authority dropped the case."""

    document: str
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapsed(Event):
    """The authority missed a deadline (``what``): the case is closed, and the organisation is told."""

    document: str
    what: str
    due: date
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dissolved(Event):
    """The organisation is no more; nothing passes to anybody else (charter 5)."""

    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned(Event):
    """An officer was given a role."""

    role: Role
    whom: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recused(Event):
    """An officer was excluded."""

    whom: str
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspended(Event):
    """The clock stands still."""

    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Event):
    """The clock runs on."""

    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalProposed(Event):
    """Removal from a redlist was proposed; ``document`` is the notice of it."""

    document: str
    contacts: tuple[Contact, ...]
    ground: Ground
    by_order_of: str
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(Event):
    """The entry is over from this day. ``document``: the one that says so to the organisation; ``by_order_of``:
    what the removal rests on; ``answers``: to a reply, where removal was proposed first."""

    document: str
    ground: Ground
    by_order_of: str | None
    answers: str | None
    reasons: str


ITEMS: Mapping[type[Event], str] = MappingProxyType(
    {
        Found: "listing.found",
        Warned: "listing.warned",
        Proposed: "listing.proposed",
        Consented: "listing.consented",
        Refused: "listing.refused",
        Notified: "listing.notified",
        Delivered: "listing.delivered",
        Undelivered: "listing.undelivered",
        Announced: "listing.announced",
        Opened: "listing.opened",
        Replied: "listing.replied",
        Admitted: "listing.admitted",
        Heard: "listing.heard",
        Dismissed: "listing.dismissed",
        Withdrawn: "listing.withdrawn",
        Lapsed: "listing.lapsed",
        Dissolved: "listing.dissolved",
        Assigned: "listing.assigned",
        Recused: "listing.recused",
        Suspended: "listing.suspended",
        Resumed: "listing.resumed",
        RemovalProposed: "listing.removal-proposed",
        Ended: "listing.ended",
    }
)
"""The catalogue item of each event; :class:`Entered` is stated under the list's own record."""
