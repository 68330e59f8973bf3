"""How an agency answers a duty: a pure pair of ``decide`` and ``evolve``.

Nothing happens by the entry alone. The receiving authority looks itself, decides with reasons whether it takes the
measure, and ends it when the entry ends (F23, R5.10).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from probity.errors import LedgerError, ProcedureError
from probity.measures import refusals as no
from probity.measures.acts import Command, Confirm, Confirmed, Decline, Declined, Event, Lift, Lifted
from probity.measures.apply import Agreement, agreed, applied, refusal, with_branches
from probity.measures.model import Entry
from probity.rulebook import Law


class Stand(StrEnum):
    """Where a measure stands with one agency."""

    OPEN = "not answered"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    LIFTED = "lifted"


@dataclass(frozen=True, slots=True)
class Answering:
    """A measure of a memorandum with one agency, about one entry: a fold of its answers."""

    entry: Entry
    memorandum: str
    measure: str
    agency: str
    stand: Stand = Stand.OPEN
    last: Event | None = None

    @property
    def name(self) -> str:
        """How messages call it."""
        return f"{self.agency}: {self.measure} of {self.memorandum} for {self.entry.subject}"


NEXT = {
    Confirmed: (Stand.OPEN, Stand.CONFIRMED),
    Declined: (Stand.OPEN, Stand.DECLINED),
    Lifted: (Stand.CONFIRMED, Stand.LIFTED),
}
"""By event: where the measure must stand before it, and where it stands after it."""


def decide(answering: Answering, command: Command, law: Law, today: date) -> Event:
    """What ``command`` brings about today. Raises ProcedureError, with the rule, where it is not allowed."""
    by = command.by
    _require(by.agency == answering.agency, no.NotYours(by.agency, answering.agency))
    last = answering.last
    _require(last is None or today >= last.on, no.Earlier(today, last.on if last else today))
    _require(bool(command.reasons.strip()), no.NoOwnLook("the reasoning (reasons)"))
    match command:
        case Confirm():
            _stands(answering, Stand.OPEN, "Confirm")
            _may_follow(answering, law, today)
            return _confirmed(answering, command, law, today)
        case Decline():
            _stands(answering, Stand.OPEN, "Decline")
            _may_follow(answering, law, today)
            return Declined(on=today, by=by, reasons=command.reasons.strip())
        case Lift():
            _stands(answering, Stand.CONFIRMED, "Lift")
            return Lifted(on=today, by=by, reasons=command.reasons.strip())


def evolve(answering: Answering, event: Event) -> Answering:
    """The measure after an answer. Raises LedgerError for one that cannot follow: the ledger was tampered with."""
    before, after = NEXT[type(event)]
    if answering.stand is not before or (answering.last is not None and event.on < answering.last.on):
        raise LedgerError(
            f"{type(event).__name__} on {event.on} cannot follow: it is {answering.stand}",
            where=answering.name,
            remedy="Nobody but the agency's own answer states such a thing; run probity fsck.",
        )
    return replace(answering, stand=after, last=event)


def replay(answering: Answering, events: Iterable[Event]) -> Answering:
    """The measure after these answers, in their order."""
    for event in events:
        answering = evolve(answering, event)
    return answering


# -- what is required --------------------------------------------------------------------------------------


def _may_follow(answering: Answering, law: Law, today: date) -> None:
    """Entry in force, measure agreed by the memorandum, agency one of its parties, and bound by it."""
    entry = answering.entry
    _, measure, agencies = _agreement(answering, law, today)
    mine = with_branches(answering.agency, law, today) & agencies
    _require(bool(mine), no.NotASignatory(answering.agency, answering.measure, agencies))
    if refused := refusal(entry, measure, law, today):
        raise refused
    about = (answering.memorandum, answering.measure)
    informs = [
        each.informs
        for each in applied(entry, law, today)
        if (each.memorandum.memorandum, each.measure.measure) == about and mine & each.agencies
    ]
    if None not in informs:
        raise no.OnlyInforms(answering.measure, "; ".join(filter(None, informs)))


def _agreement(answering: Answering, law: Law, today: date) -> Agreement:
    entry = answering.entry
    found = agreed(law, entry.list, today).get((answering.memorandum, answering.measure))
    if found is None:
        raise no.OutsideMemorandum(answering.measure, answering.memorandum, entry.list, today)
    return found


def _confirmed(answering: Answering, command: Confirm, law: Law, today: date) -> Confirmed:
    """After its own look, by another officer than those of the entry, for a decision that the measure is about."""
    entry, measure = answering.entry, _agreement(answering, law, today)[1]
    _require(command.subject == entry.subject, no.NotTheListed(command.subject, entry.subject))
    _require(str(command.by) not in (entry.proposer, entry.decider), no.OwnEntry(str(command.by)))
    allowed = measure.decisions
    _require(command.decision in allowed, no.NotThisDecision(command.decision, measure.measure, allowed))
    _require(bool(command.look.strip()), no.NoOwnLook("what the agency itself looked at (look)"))
    _require(bool(command.matter.strip()), no.NoOwnLook("the decision that it affects (matter)"))
    said = (command.contest or "").strip()
    contested = entry.contested_since
    _require(contested is None or bool(said), no.ContestNotRead(contested or today))
    return Confirmed(
        on=today,
        by=command.by,
        reasons=command.reasons.strip(),
        decision=command.decision,
        matter=command.matter.strip(),
        look=command.look.strip(),
        contest=said or None,
    )


def _stands(answering: Answering, stand: Stand, act: str) -> None:
    _require(answering.stand is stand, no.NotNow(act, answering.stand))


def _require(holds: bool, refusal_: ProcedureError) -> None:
    if not holds:
        raise refusal_
