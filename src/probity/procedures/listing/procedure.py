"""The listing procedure: what an act brings about, or why it is refused. Nothing is done here.

It reads like the statute: the general rules in this file, then ``entering`` (proposal, consent, notice, window,
reply, hearing, decision), ``leaving`` (removal) and ``passing`` (what time alone brings about).

Every list has the same steps. An entry on a *watch list* has consequences too (R4.20), so it has its window; the
warning that needs none is ``Warn``, from which nothing follows. An entry on a *redlist* is no burden, but it is
made with the same care (F29): notice, a window (as short as the rulebook says), another officer, a decision with
reasons. Taking an organisation off a redlist *is* a burden; so that is proposed to it first, with a window of
its own, and decided by another officer.

Rules: rulesheet 4.3 (R4.2-R4.7, R4.16, R4.21), F1, F4, F5; charter 3 to 6.
"""

from __future__ import annotations

from probity.errors import ProcedureError, QuestionError
from probity.procedures import refusals as no
from probity.procedures.listing import acts, entering, leaving, passing
from probity.procedures.listing.acts import Command, Event
from probity.procedures.listing.case import Listing
from probity.procedures.listing.circumstances import (
    Circumstances,
    agency_of,
    competent,
    ground,
    not_decided_before,
    one_matter,
    said,
)
from probity.procedures.listing.deadlines import missed
from probity.procedures.listing.phases import BRINGS, IN_FORCE, TRANSITIONS
from probity.procedures.model import Officer
from probity.procedures.refusals import require


def find(command: acts.Find, authority: str, now: Circumstances) -> acts.Found:
    """The event that begins a case. Software only drafts: nothing follows from a finding (charter 3).

    Raises ProcedureError, naming the rule, where it is refused.
    """
    by = command.by
    require(by is None or by.agency == authority, no.NotTheAuthority(by.agency if by else "", authority))
    agency = agency_of(authority, now)
    competent(agency, now)
    verdict = ground(command.criterion, now)
    require(not now.gone, no.Gone(now.dissolved_on or now.today))
    said(facts=command.facts)
    # What a person must establish is no obstacle to a finding; what the records say must hold.
    holds = verdict.met is True or verdict.possible or verdict.near
    require(holds, no.GroundNotMet(command.criterion, "; ".join(verdict.why)))
    one_matter(None, now)
    if verdict.met is True:  # where facts are to be established, the proposal is looked at, with its documents
        not_decided_before(set(verdict.records), None, now)
    return acts.Found(
        on=now.today,
        by=by,
        authority=agency.agency,
        criterion=command.criterion,
        evidence=verdict.records,
        facts=command.facts.strip(),
        near=verdict.met is not True and not verdict.possible,
    )


def decide(case: Listing, command: Command, now: Circumstances) -> tuple[Event, ...]:
    """What ``command`` brings about, in the order in which it happens.

    Raises ProcedureError, naming the case and the rule, where it is refused.
    """
    try:
        require(now.today >= case.last, no.BackDated(now.today, case.last))
        if isinstance(command, acts.Tick):
            return passing.time(case, now)
        _in_time(case, command, now)
        _by_whom(case, command)
        return _step(case, command, now)
    except ProcedureError as refusal:
        refusal.where = case.number
        raise
    except QuestionError as error:
        raise no.Unknowable(error.what) from error


_RUNS_ON = (acts.Resume, acts.Assign, acts.Recuse, acts.ProveDelivery, acts.ReportUndelivered, acts.Reply)
"""What can be done while the clock stands still: nothing of it brings an entry nearer."""


def _in_time(case: Listing, command: Command, now: Circumstances) -> None:
    """An act fits the phase, comes before the authority's deadline, and waits while the clock stands still.

    What frees the organisation waits for nothing.
    """
    phases = tuple(TRANSITIONS[BRINGS[type(command)][0]])
    if isinstance(command, acts.Reply) and case.phase not in phases and case.say is not None:
        raise no.Decided(case.phase, case.last)
    require(case.phase in phases, no.NotNow(type(command).__name__, case.phase, phases))
    if _frees(command, now):
        return
    require(not now.gone, no.Gone(now.dissolved_on or now.today))
    if case.phase in IN_FORCE and case.entered is not None:
        require(not case.over_by(now.today), no.OverByItself(case.entered.until))
    late = missed(case, now.rule, now.calendar, now.today)
    if late is not None:
        raise no.TooLate(late)
    require(not case.paused or isinstance(command, _RUNS_ON), no.StandsStill(True))


def _frees(command: Command, now: Circumstances) -> bool:
    """Whether the act can only end a burden: removal is one itself where the list is a redlist."""
    if isinstance(command, acts.Remove):
        return now.rule.kind.adverse or command.ground is acts.Ground.COURT
    return isinstance(command, acts.Refuse | acts.Dismiss | acts.Withdraw)


def _by_whom(case: Listing, command: Command) -> None:
    """Officers act for the authority of the case, and for nobody once excluded; the agency above only agrees."""
    by = getattr(command, "by", None)
    if not isinstance(by, Officer):
        return
    require(by not in case.recused, no.Excluded(by))
    if isinstance(command, acts.Consent | acts.Refuse):
        return
    upper = case.proposed.consent_from if case.proposed else None
    if isinstance(command, acts.Recuse) and by.agency == upper:
        return
    require(by.agency == case.authority, no.NotTheAuthority(by.agency, case.authority))


def _step(case: Listing, command: Command, now: Circumstances) -> tuple[Event, ...]:
    document = f"{case.number}-{case.issued + 1}"
    match command:
        case acts.Warn():
            return (entering.warned(case, command, document, now),)
        case acts.Propose():
            return (entering.proposed(case, command, document, now),)
        case acts.Consent():
            return (entering.consented(case, command, document, now),)
        case acts.Refuse():
            return (entering.refused(case, command, document, now),)
        case acts.Notify():
            return (entering.notified(case, command, document, now),)
        case acts.ProveDelivery():
            return entering.delivered(case, command, now)
        case acts.ReportUndelivered():
            return (entering.undelivered(case, command, now),)
        case acts.Announce():
            return (entering.announced(case, command, now),)
        case acts.Reply():
            return (entering.replied(case, command, now),)
        case acts.AdmitLate():
            return (entering.admitted(case, command, now),)
        case acts.Hear():
            return (entering.heard(case, command, now),)
        case acts.Enter():
            return (entering.entered(case, command, document, now),)
        case acts.Dismiss():
            return (leaving.dismissed(case, command, document, now),)
        case acts.Withdraw():
            return (leaving.withdrawn(command, document, now),)
        case acts.ProposeRemoval():
            return (leaving.removal_proposed(case, command, document, now),)
        case acts.Remove():
            return (leaving.ended(case, command, document, now),)
        case acts.Assign() | acts.Recuse():
            return (_staffed(case, command, now),)
        case acts.Suspend() | acts.Resume():
            return (_clocked(case, command, now),)
    raise no.NotNow(type(command).__name__, case.phase, ())


def _staffed(case: Listing, command: acts.Assign | acts.Recuse, now: Circumstances) -> Event:
    """Who proposed does not choose who hears and decides, nor excludes anybody but himself (charter 3)."""
    officer = Officer(command.by.agency, command.whom.strip())
    said(whom=officer.id)
    if isinstance(command, acts.Recuse):
        said(reasons=command.reasons)
        require(
            command.by in (officer, None) or command.by != case.proposer,
            no.SelfDecision(command.by, "exclude others"),
        )
        require(officer not in case.recused, no.Excluded(officer))
        return acts.Recused(on=now.today, by=command.by, whom=officer.id, reasons=command.reasons.strip())
    if command.role is not acts.Role.PROPOSES:
        require(command.by != case.proposer, no.SelfDecision(command.by, "choose who hears or decides"))
        require(officer != case.proposer, no.SelfDecision(officer, "hear or decide"))
    require(officer not in case.recused, no.Excluded(officer))
    return acts.Assigned(on=now.today, by=command.by, role=command.role, whom=officer.id)


def _clocked(case: Listing, command: acts.Suspend | acts.Resume, now: Circumstances) -> Event:
    """The clock stops and runs on, for a reason; while it stands still nothing comes nearer."""
    said(reasons=command.reasons)
    if isinstance(command, acts.Suspend):
        return acts.Suspended(on=now.today, by=command.by, reasons=command.reasons.strip())
    require(case.paused, no.StandsStill(False))
    return acts.Resumed(on=now.today, by=command.by, reasons=command.reasons.strip())
