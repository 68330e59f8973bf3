"""What can be asked for in a listing: commands, a closed type.

A command bears no day of its own: it is done on the day on which it is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from probity.procedures.listing.acts.events import Ground, Role
from probity.procedures.model import Means, Officer
from probity.rulebook import Period


@dataclass(frozen=True, slots=True)
class Find:
    """Something may be a ground. By software (no officer), which only drafts, or by an officer."""

    criterion: str
    facts: str
    by: Officer | None = None


@dataclass(frozen=True, slots=True)
class Warn:
    """Tell the organisation that it is at risk of being listed, and what would avert it. Nothing else follows."""

    by: Officer
    reasons: str


@dataclass(frozen=True, slots=True)
class Propose:
    """Propose an entry. ``established``: the facts of the criterion that no record says, with ``documents`` that
    prove them; ``able``: that the organisation could perform and does not (F5), where the list asks for it."""

    by: Officer
    facts: str
    reasons: str
    established: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    able: bool = False


@dataclass(frozen=True, slots=True)
class Consent:
    """The agency above agrees."""

    by: Officer
    reasons: str


@dataclass(frozen=True, slots=True)
class Refuse:
    """The agency above does not agree: the case is closed."""

    by: Officer
    reasons: str


@dataclass(frozen=True, slots=True)
class Notify:
    """Issue the notice to every contact."""

    by: Officer


@dataclass(frozen=True, slots=True)
class ProveDelivery:
    """Prove that the notice reached a contact: by which means, on which day, and what proves it."""

    by: Officer
    contact: str
    means: Means
    received: date
    proof: str


@dataclass(frozen=True, slots=True)
class ReportUndelivered:
    """Say that the notice could not be delivered to a contact, and why."""

    by: Officer
    contact: str
    means: Means
    why: str


@dataclass(frozen=True, slots=True)
class Announce:
    """Deliver by public announcement what could not be delivered otherwise."""

    by: Officer
    where: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What the organisation says; whether it asks to be heard. ``late_because``: why only after the deadline."""

    text: str
    hearing: bool = False
    late_because: str | None = None


@dataclass(frozen=True, slots=True)
class AdmitLate:
    """Whether a late reply is considered, and why: the oldest on which this was not decided."""

    by: Officer
    admitted: bool
    reasons: str


@dataclass(frozen=True, slots=True)
class Hear:
    """The hearing took place; ``record`` is where its record lies."""

    by: Officer
    record: str


@dataclass(frozen=True, slots=True)
class Enter:
    """Decide to list: facts, reasons, what is answered to the reply, and the term."""

    by: Officer
    facts: str
    reasons: str
    term: Period
    answers: str | None = None


@dataclass(frozen=True, slots=True)
class Dismiss:
    """Decide not to list; or, where removal from a redlist was proposed, not to remove."""

    by: Officer
    reasons: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The authority drops the case, or its proposal to remove from a redlist."""

    by: Officer
    reasons: str


@dataclass(frozen=True, slots=True)
class Assign:
    """Give a role in the case to an officer; nobody else then has it."""

    by: Officer
    role: Role
    whom: str


@dataclass(frozen=True, slots=True)
class Recuse:
    """Exclude an officer of the same agency, at his own or anybody's request: for an interest in the outcome."""

    by: Officer
    whom: str
    reasons: str


@dataclass(frozen=True, slots=True)
class Suspend:
    """Stop the clock: by order of a court, or because the organisation cannot act."""

    by: Officer
    reasons: str


@dataclass(frozen=True, slots=True)
class Resume:
    """Let the clock run on."""

    by: Officer
    reasons: str


@dataclass(frozen=True, slots=True)
class Tick:
    """What time alone brings about, by software: a window opens after an announcement, a case lapses, an entry
    ends with its term or with the organisation. None of it is ever adverse."""


@dataclass(frozen=True, slots=True)
class ProposeRemoval:
    """Propose to take an organisation off a redlist, and tell it: that too is adverse. ``document``: what it rests
    on."""

    by: Officer
    ground: Ground
    document: str
    reasons: str


@dataclass(frozen=True, slots=True)
class Remove:
    """End the entry. ``document``: the judgment, the proof of performance, or the finding of the mistake.
    ``answers``: what is answered to a reply, where removal was proposed first."""

    by: Officer
    ground: Ground
    document: str
    reasons: str
    answers: str | None = None


Command = (
    Find | Warn | Propose | Consent | Refuse | Notify | ProveDelivery | ReportUndelivered | Announce | Reply
    | AdmitLate | Hear | Enter | Dismiss | Withdraw | Assign | Recuse | Suspend | Resume | Tick | ProposeRemoval
    | Remove
)  # fmt: skip
