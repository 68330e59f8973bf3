"""The phases of a listing, which event leads from which to which, and what brings it about.

The diagram in the docs is drawn from these tables, and ``decide`` and ``evolve`` go by them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from probity.procedures.listing import acts


class Phase(StrEnum):
    """Where a listing stands."""

    FOUND = "found"
    """Something was found that may be a ground; nothing follows from that alone."""
    PROPOSED = "proposed"
    """An officer proposes an entry, with reasons."""
    NOTIFIED = "notified"
    """The notice was issued and is on its way."""
    OPEN = "open"
    """Delivery to everyone is proven: the organisation has its say."""
    LISTED = "listed"
    """The entry is in force."""
    REMOVAL_NOTIFIED = "removal-notified"
    """Redlists: it is proposed to take the organisation off, and the notice of that is on its way."""
    REMOVAL_OPEN = "removal-open"
    """Redlists: the organisation has its say about being taken off; the entry is still in force."""
    CLOSED = "closed"
    """Over without an entry."""
    ENDED = "ended"
    """The entry is over."""


BEFORE_ENTRY = (Phase.FOUND, Phase.PROPOSED, Phase.NOTIFIED, Phase.OPEN)
IN_FORCE = (Phase.LISTED, Phase.REMOVAL_NOTIFIED, Phase.REMOVAL_OPEN)
REMOVAL = (Phase.REMOVAL_NOTIFIED, Phase.REMOVAL_OPEN)
OVER = (Phase.CLOSED, Phase.ENDED)

_ON_ITS_WAY = (Phase.NOTIFIED, Phase.REMOVAL_NOTIFIED)
_HAS_ITS_SAY = (Phase.OPEN, Phase.REMOVAL_OPEN)


def _same(phases: Iterable[Phase]) -> dict[Phase, Phase]:
    return {phase: phase for phase in phases}


def _to(after: Phase, phases: Iterable[Phase]) -> dict[Phase, Phase]:
    return dict.fromkeys(phases, after)


TRANSITIONS: Mapping[type[acts.Event], Mapping[Phase, Phase]] = MappingProxyType(
    {
        acts.Found: {},
        acts.Warned: _same([Phase.FOUND]),
        acts.Proposed: {Phase.FOUND: Phase.PROPOSED},
        acts.Consented: _same([Phase.PROPOSED]),
        acts.Refused: {Phase.PROPOSED: Phase.CLOSED},
        acts.Notified: {Phase.PROPOSED: Phase.NOTIFIED},
        acts.Delivered: _same(_ON_ITS_WAY),
        acts.Undelivered: _same(_ON_ITS_WAY),
        acts.Announced: _same(_ON_ITS_WAY),
        acts.Opened: {Phase.NOTIFIED: Phase.OPEN, Phase.REMOVAL_NOTIFIED: Phase.REMOVAL_OPEN},
        acts.Replied: _same([*_ON_ITS_WAY, *_HAS_ITS_SAY]),
        acts.Admitted: _same(_HAS_ITS_SAY),
        acts.Heard: _same(_HAS_ITS_SAY),
        acts.Entered: {Phase.OPEN: Phase.LISTED},
        acts.Dismissed: {Phase.OPEN: Phase.CLOSED, Phase.REMOVAL_OPEN: Phase.LISTED},
        acts.Withdrawn: _to(Phase.CLOSED, BEFORE_ENTRY) | _to(Phase.LISTED, REMOVAL),
        acts.Lapsed: {
            Phase.PROPOSED: Phase.CLOSED,
            Phase.OPEN: Phase.CLOSED,
            Phase.REMOVAL_OPEN: Phase.LISTED,
        },
        acts.Dissolved: _to(Phase.CLOSED, BEFORE_ENTRY),
        acts.Assigned: _same([*BEFORE_ENTRY, *REMOVAL]),
        acts.Recused: _same([*BEFORE_ENTRY, *REMOVAL]),
        acts.Suspended: _same([*BEFORE_ENTRY, *REMOVAL]),
        acts.Resumed: _same([*BEFORE_ENTRY, *REMOVAL]),
        acts.RemovalProposed: {Phase.LISTED: Phase.REMOVAL_NOTIFIED},
        acts.Ended: _to(Phase.ENDED, IN_FORCE),
    }
)
"""By event: the phases in which it may happen, each with the phase after it. Found begins a case."""


BRINGS: Mapping[type[acts.Command], tuple[type[acts.Event], ...]] = MappingProxyType(
    {
        acts.Find: (acts.Found,),
        acts.Warn: (acts.Warned,),
        acts.Propose: (acts.Proposed,),
        acts.Consent: (acts.Consented,),
        acts.Refuse: (acts.Refused,),
        acts.Notify: (acts.Notified,),
        acts.ProveDelivery: (acts.Delivered, acts.Opened),
        acts.ReportUndelivered: (acts.Undelivered,),
        acts.Announce: (acts.Announced,),
        acts.Reply: (acts.Replied,),
        acts.AdmitLate: (acts.Admitted,),
        acts.Hear: (acts.Heard,),
        acts.Enter: (acts.Entered,),
        acts.Dismiss: (acts.Dismissed,),
        acts.Withdraw: (acts.Withdrawn,),
        acts.Assign: (acts.Assigned,),
        acts.Recuse: (acts.Recused,),
        acts.Suspend: (acts.Suspended,),
        acts.Resume: (acts.Resumed,),
        acts.ProposeRemoval: (acts.RemovalProposed,),
        acts.Remove: (acts.Ended,),
        acts.Tick: (acts.Delivered, acts.Opened, acts.Lapsed, acts.Dissolved, acts.Ended),
    }
)
"""What each command brings about; the first is what it is always about. ``Tick`` brings whatever is due."""
