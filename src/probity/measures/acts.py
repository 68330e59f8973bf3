"""What an agency can answer to a duty (commands), and what it answered (events). Both are closed.

An event is stated in the ledger under the item that ``ITEMS`` names: the agency is the issuer, the day is
``valid_from``, and its other fields are attributes by the same names.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from probity.measures.model import Decision
from probity.procedures import Officer

# -- commands ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Confirm:
    """Take the measure. ``subject``: whom it is to bind; ``decision`` and ``matter``: which decision at hand it
    affects; ``look``: what the agency itself looked at (F23); ``contest``: what it makes of a pending contest."""

    by: Officer
    subject: str
    decision: Decision
    matter: str
    look: str
    reasons: str
    contest: str | None = None


@dataclass(frozen=True, slots=True)
class Decline:
    """Not take it: the agency's own look speaks against it."""

    by: Officer
    reasons: str


@dataclass(frozen=True, slots=True)
class Lift:
    """End it: at the latest on the next working day after the entry ended, at any time before."""

    by: Officer
    reasons: str


Command = Confirm | Decline | Lift


# -- events ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What an agency answered on a day."""

    on: date
    by: Officer
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed(Event):
    """The measure was taken."""

    decision: Decision
    matter: str
    look: str
    contest: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined(Event):
    """The measure was not taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifted(Event):
    """The measure ended."""


ITEMS = MappingProxyType({Confirmed: "measure.confirmed", Declined: "measure.declined", Lifted: "measure.lifted"})
"""The catalogue item of each event."""
