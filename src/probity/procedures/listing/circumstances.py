"""Who may act in a listing and on what ground: the questions that every step of it asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from probity.clock import Calendar
from probity.errors import NotFoundError
from probity.procedures import refusals as no
from probity.procedures.listing import acts
from probity.procedures.listing.acts import Role
from probity.procedures.listing.case import Listing
from probity.procedures.model import Contact, Officer
from probity.procedures.refusals import require
from probity.procedures.verdict import Verdict
from probity.rulebook import Agency, Law, Level, ListRule


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the procedure must know and does not keep.

    ``rule`` is the list as it was in force on the day on which the case was opened, so that no later law
    shortens a window; whether the ground is still law is asked of ``law`` besides. ``calendar`` is that of its
    steps. ``verdicts``: how each criterion stands in the file today, given what is established: by the command
    where that proposes, else by the proposal. ``others``: all cases about the organisation on the same list, of
    every authority (entries imported from elsewhere are no case and hinder none: F23). ``contacts``: whom to
    serve, the organisation itself among them. ``dissolved_on``: since when it is no more.
    """

    today: date
    rule: ListRule
    law: Law
    calendar: Calendar
    verdicts: Mapping[str, Verdict]
    others: tuple[Listing, ...] = ()
    contacts: tuple[Contact, ...] = ()
    dissolved_on: date | None = None

    @property
    def gone(self) -> bool:
        """Whether the organisation is no more."""
        return self.dissolved_on is not None and self.dissolved_on <= self.today


def above(case: Listing, now: Circumstances) -> str | None:
    """The agency whose consent the case needs: the next one up, where the authority ranks below (R4.5).

    Once it is proposed, the one that the proposal names. Raises ProcedureError where the law asks for consent and
    the rulebook names nobody who could give it.
    """
    if case.proposed is not None:
        return case.proposed.consent_from
    agency, below = agency_of(case.authority, now), now.rule.decides.consent_below
    if below is None or Level(agency.level).rank >= below.rank:
        return None
    require(agency.part_of is not None, no.NobodyAbove(agency.agency))
    return agency.part_of


def agency_of(id_: str, now: Circumstances) -> Agency:
    """The agency of that id. Raises ProcedureError where there is none today."""
    try:
        return now.law.agency(id_, now.today)
    except NotFoundError as error:
        raise no.NotCompetent(id_, now.rule.list, ", ".join(now.rule.authorities)) from error


def competent(agency: Agency, now: Circumstances) -> None:
    """The controlling authority, or a branch of it, from the level that the list names (R4.2, R4.5)."""
    rule, chain = now.rule, [agency]
    while (upper := chain[-1].part_of) is not None and upper not in (each.agency for each in chain):
        try:
            chain.append(now.law.agency(upper, now.today))
        except NotFoundError:
            break
    belongs = any(each.agency in rule.authorities for each in chain)
    high_enough = Level(agency.level).rank >= rule.decides.level.rank
    who = f"{', '.join(rule.authorities)} or its branches from the level {rule.decides.level} up"
    require(belongs and high_enough, no.NotCompetent(agency.agency, rule.list, who))


def ground(criterion: str, now: Circumstances) -> Verdict:
    """How a ground stands in the file. It must be one under which the case began, and still be law today."""
    try:
        today = now.law.list(now.rule.list, now.today)
        known = [each.criterion for each in now.rule.criteria if today.criterion(each.criterion)]
    except NotFoundError:
        known = []
    require(criterion in known, no.NoSuchGround(criterion, now.rule.list, tuple(known)))
    verdict = now.verdicts.get(criterion)
    if verdict is None:
        raise no.GroundNotMet(criterion, "nobody has looked at the file")
    return verdict


def met(criterion: str, now: Circumstances) -> Verdict:
    """The same, where it must be met: what is not known is not met (charter 10)."""
    verdict = ground(criterion, now)
    require(verdict.met is True, no.GroundNotMet(criterion, "; ".join(verdict.why)))
    return verdict


def one_matter(case: Listing | None, now: Circumstances) -> None:
    """No second case about the same organisation and list, and none beside an entry in force (F2, F3)."""
    for other in now.others:
        if case is None or other.number != case.number:
            require(other.over_by(now.today), no.AlreadyOpen(other.number, other.authority))


def not_decided_before(grounds: set[str], case: Listing | None, now: Circumstances) -> None:
    """One act, one decision: what was decided on, or let lapse, is no ground a second time.

    A case that was withdrawn decided nothing. Redlists may be tried for again.
    """
    if not now.rule.kind.adverse or not grounds:
        return
    for other in now.others:
        if case is not None and other.number == case.number:
            continue
        ended = isinstance(other.closed, acts.Dismissed | acts.Lapsed | acts.Refused)
        if ended or other.entered is not None:
            require(not grounds <= _grounds(other), no.UsedBefore(other.number))


def _grounds(case: Listing) -> set[str]:
    if case.proposed is None:
        return set(case.found.evidence)
    return {*case.proposed.evidence, *case.proposed.documents}


def other_than_proposer(case: Listing, by: Officer, what: str) -> None:
    """Four eyes (charter 3)."""
    require(by != case.proposer, no.SelfDecision(by, what))


def untainted(case: Listing) -> None:
    """Nothing follows from the proposal of an officer who was excluded since (charter 3)."""
    if case.proposer in case.recused and case.proposer is not None:
        raise no.ProposalTainted(case.proposer)


def has_role(case: Listing, role: Role, by: Officer) -> None:
    """Where a role was given to an officer, nobody else has it."""
    holder = case.has(role)
    require(holder is None or holder == by, no.NotAssigned(by, holder or by, role))


def said(**texts: str) -> None:
    """Nothing is done without its words (charter 3)."""
    for name, text in texts.items():
        require(bool(text.strip()), no.NoReasons(name))


def reachable(subject: str, contacts: tuple[Contact, ...]) -> None:
    """The notice reaches the organisation itself, and whom it reached is told apart (F1)."""
    itself = any(each.subject == subject for each in contacts)
    require(itself, no.NobodyToServe("the notice is not addressed to the organisation itself"))
    names = [each.name for each in contacts]
    require(len(set(names)) == len(names), no.NobodyToServe("two contacts bear the same name"))
    plain = all(name and name == " ".join(name.split()) for name in names)
    require(plain, no.NobodyToServe("the name of a contact is empty or not one line"))
