"""How an entry comes about, step by step in the order of the statute; each step says what must hold."""

from __future__ import annotations

from datetime import date, timedelta

from probity.clock import NotAnnounced, shift
from probity.procedures import refusals as no
from probity.procedures.deadlines import last_day
from probity.procedures.listing import acts
from probity.procedures.listing.acts import Event, Role
from probity.procedures.listing.case import Listing, Say
from probity.procedures.listing.circumstances import (
    Circumstances,
    above,
    agency_of,
    competent,
    has_role,
    met,
    not_decided_before,
    one_matter,
    other_than_proposer,
    reachable,
    said,
    untainted,
)
from probity.procedures.listing.deadlines import window_of
from probity.procedures.model import Means, Officer
from probity.procedures.refusals import require
from probity.rulebook import SeverityBand, Steps

CONTEST = "objection to the register; administrative reconsideration; action before a court"
"""How a decision can be contested (R8.3, R8.6)."""


# -- before the notice -------------------------------------------------------------------------------------


def warned(case: Listing, command: acts.Warn, document: str, now: Circumstances) -> acts.Warned:
    """The organisation is told that it is at risk; nothing follows from that."""
    said(reasons=command.reasons)
    reachable(case.subject, now.contacts)
    return acts.Warned(
        on=now.today, by=command.by, document=document, reasons=command.reasons.strip(), contacts=now.contacts
    )


def proposed(case: Listing, command: acts.Propose, document: str, now: Circumstances) -> acts.Proposed:
    """An officer proposes: the criterion is met by the file and by what is established with documents (R4.3)."""
    competent(agency_of(case.authority, now), now)
    has_role(case, Role.PROPOSES, command.by)
    said(facts=command.facts, reasons=command.reasons)
    verdict = met(case.found.criterion, now)
    documents = tuple(" ".join(each.split()) for each in command.documents if each.strip())
    require(not command.established or bool(documents), no.NoReasons("documents that prove the facts"))
    if now.rule.ability:
        require(command.able and bool(documents), no.AbilityNotShown())
    not_decided_before({*verdict.records, *documents}, case, now)
    band = _band(verdict.amount, now)
    return acts.Proposed(
        on=now.today,
        by=command.by,
        document=document,
        consent_from=above(case, now),
        evidence=verdict.records,
        established=command.established,
        documents=documents,
        able=command.able,
        amount=verdict.amount,
        band=band.band if band else None,
        facts=command.facts.strip(),
        reasons=command.reasons.strip(),
    )


def _band(amount: int | None, now: Circumstances) -> SeverityBand | None:
    """The band of a case, which must be one that is listed at all (F4)."""
    if now.rule.bands is None:
        return None
    band = now.rule.bands.of(amount or 0)
    require(band.lists, no.BelowEveryBand(band.band, amount or 0))
    return band


def consented(case: Listing, command: acts.Consent, document: str, now: Circumstances) -> acts.Consented:
    """The agency above agrees, where it must (R4.5)."""
    _agrees(case, command.by, now)
    said(reasons=command.reasons)
    if case.consented is not None:
        raise no.AlreadyDone("the agency above agreed", case.consented.on)
    untainted(case)
    return acts.Consented(on=now.today, by=command.by, document=document, reasons=command.reasons.strip())


def refused(case: Listing, command: acts.Refuse, document: str, now: Circumstances) -> acts.Refused:
    """The agency above does not agree, at latest before the notice."""
    _agrees(case, command.by, now)
    said(reasons=command.reasons)
    return acts.Refused(on=now.today, by=command.by, document=document, reasons=command.reasons.strip())


def _agrees(case: Listing, by: Officer, now: Circumstances) -> None:
    upper = above(case, now)
    require(by.agency == upper, no.NotAbove(by.agency, upper or "nobody: no consent is needed"))
    other_than_proposer(case, by, "agree to it")


# -- the notice --------------------------------------------------------------------------------------------


def notified(case: Listing, command: acts.Notify, document: str, now: Circumstances) -> acts.Notified:
    """The notice goes to every contact, and to the parent of a branch (F1). Entries that were annulled or
    corrected are no earlier listings."""
    untainted(case)
    _agreed(case, now)
    reachable(case.subject, now.contacts)
    annulled = (acts.Ground.CORRECTION, acts.Ground.COURT)
    earlier = [
        other
        for other in now.others
        if other.number != case.number
        and other.entered is not None
        and not (isinstance(other.closed, acts.Ended) and other.closed.ground in annulled)
    ]
    return acts.Notified(
        on=now.today, by=command.by, document=document, contacts=now.contacts, relisting=len(earlier)
    )


def _agreed(case: Listing, now: Circumstances) -> None:
    upper = above(case, now)
    require(upper is None or case.consented is not None, no.ConsentMissing(upper or ""))


def delivered(case: Listing, command: acts.ProveDelivery, now: Circumstances) -> tuple[Event, ...]:
    """Delivery to one contact is proven; with the last one the window opens, on the day of the proof (R4.7)."""
    say = _awaited(case, command.contact)
    by_hand = command.means is not Means.ANNOUNCEMENT
    require(by_hand, no.BadProof("an announcement delivers only after delivery was tried, and by its own step"))
    require(bool(command.proof.strip()), no.BadProof("nothing proves the delivery"))
    issued, day = say.notice.on, command.received
    require(
        issued <= day <= now.today,
        no.BadProof(f"it cannot have been received on {day}: issued on {issued}, today is {now.today}"),
    )
    reached = acts.Delivered(
        on=now.today,
        by=command.by,
        contact=command.contact,
        means=command.means,
        received=day,
        proof=command.proof.strip(),
    )
    left = [each for each in say.waiting_for if each.name != command.contact]
    return (reached,) if left else (reached, acts.Opened(on=now.today, by=None))


def undelivered(case: Listing, command: acts.ReportUndelivered, now: Circumstances) -> acts.Undelivered:
    """An attempt to deliver failed: by a means that goes to somebody, and for a reason."""
    _awaited(case, command.contact)
    said(reasons=command.why)
    require(command.means is not Means.ANNOUNCEMENT, no.BadProof("an announcement is no attempt to deliver"))
    return acts.Undelivered(
        on=now.today, by=command.by, contact=command.contact, means=command.means, why=command.why.strip()
    )


def announced(case: Listing, command: acts.Announce, now: Circumstances) -> acts.Announced:
    """Announcement replaces delivery only where that was tried in vain with everyone still waiting."""
    say, steps = _say(case), _steps(now)
    if say.announced is not None:
        raise no.AlreadyDone("the notice was announced", say.announced.on)
    failed = {each.contact for each in say.undelivered}
    untried = tuple(each.name for each in say.waiting_for if each.name not in failed)
    require(not untried, no.NotTriedYet(untried))
    said(place=command.where)
    end = last_day(now.today, steps.announcement, now.calendar, ())
    earliest = end.earliest if isinstance(end, NotAnnounced) else end or now.today
    return acts.Announced(
        on=now.today, by=command.by, where=command.where.strip(), effective=earliest + timedelta(days=1)
    )


def _awaited(case: Listing, contact: str) -> Say:
    say = _say(case)
    waiting = tuple(each.name for each in say.waiting_for)
    require(contact in waiting, no.NoSuchContact(contact, waiting))
    return say


# -- the say of the organisation ---------------------------------------------------------------------------


def replied(case: Listing, command: acts.Reply, now: Circumstances) -> acts.Replied:
    """The organisation has its say from the first delivery on; after the deadline with its reason.

    Where the last day is not known yet, or the clock stands still, no reply is late.
    """
    said(reply=command.text)
    ends = window_of(_say(case), case, now.rule, now.calendar)
    late = None
    if isinstance(ends, date) and now.today > ends:
        late = (command.late_because or "").strip()
        require(bool(late), no.WindowOver(ends))
    return acts.Replied(
        on=now.today, by=None, text=command.text.strip(), hearing=command.hearing, late_because=late
    )


def admitted(case: Listing, command: acts.AdmitLate, now: Circumstances) -> acts.Admitted:
    """Who may decide says whether the reason of a late reply is good; never who proposed."""
    number = _say(case).undecided
    if number is None:
        raise no.NotNow("AdmitLate", "without a late reply", ("after one",))
    other_than_proposer(case, command.by, "decide on a late reply")
    has_role(case, Role.DECIDES, command.by)
    said(reasons=command.reasons)
    return acts.Admitted(
        on=now.today, by=command.by, reply=number, admitted=command.admitted, reasons=command.reasons.strip()
    )


def heard(case: Listing, command: acts.Hear, now: Circumstances) -> acts.Heard:
    """The hearing, on request, before somebody who did not propose (R8.8)."""
    require(_say(case).hearing_asked, no.NotNow("Hear", "without a request for a hearing", ("on request",)))
    other_than_proposer(case, command.by, "preside over the hearing")
    has_role(case, Role.HEARS, command.by)
    said(record=command.record)
    return acts.Heard(on=now.today, by=command.by, record=command.record.strip())


def has_had_its_say(case: Listing, answers: str | None, now: Circumstances) -> str | None:
    """The answers of a decision: it comes after the window, after the hearing that was asked for, and answers
    every reply that is considered."""
    say = _say(case)
    ends = window_of(say, case, now.rule, now.calendar)
    require(isinstance(ends, date) and now.today > ends, no.WindowOpen(ends))
    require(say.undecided is None, no.ReplyUnanswered(True))
    require(not say.hearing_asked or say.heard is not None, no.HearingMissing())
    written = (answers or "").strip() or None
    require(not say.considered or written is not None, no.ReplyUnanswered(False))
    return written


# -- the decision ------------------------------------------------------------------------------------------


def entered(case: Listing, command: acts.Enter, document: str, now: Circumstances) -> acts.Entered:
    """The decision: after the window, by another officer, on what was put to the organisation, with an end."""
    competent(agency_of(case.authority, now), now)
    other_than_proposer(case, command.by, "decide on it")
    has_role(case, Role.DECIDES, command.by)
    untainted(case)
    _agreed(case, now)
    answers = has_had_its_say(case, command.answers, now)
    said(facts=command.facts, reasons=command.reasons)
    one_matter(case, now)
    evidence, band = _still_holds(case, now)
    criterion = now.rule.criterion(case.found.criterion)
    assert criterion is not None  # _still_holds looked for it
    return acts.Entered(
        on=now.today,
        by=command.by,
        document=document,
        criterion=criterion.criterion,
        band=band.band if band else None,
        basis=criterion.basis,
        facts=command.facts.strip(),
        reasons=command.reasons.strip(),
        answers=answers,
        evidence=evidence,
        contest=CONTEST,
        until=_until(command, band, now),
    )


def _still_holds(case: Listing, now: Circumstances) -> tuple[tuple[str, ...], SeverityBand | None]:
    """The ground still holds, on records that were put to the organisation, and no more severely than was said.

    What came to the file since the proposal does not count; what left it does (withdrawn, repaired, contested).
    Where some left and others came, it is not the ground that was put to the organisation any more.
    """
    assert case.proposed is not None
    verdict = met(case.found.criterion, now)
    before, today = case.proposed.evidence, set(verdict.records)
    lost, new = set(before) - today, today - set(before)
    require(not (lost and new), no.EvidenceChanged(len(lost)))
    amounts = [amount for amount in (case.proposed.amount, verdict.amount) if amount is not None]
    return tuple(each for each in before if each in today), _band(min(amounts, default=None), now)


def _until(command: acts.Enter, band: SeverityBand | None, now: Circumstances) -> date:
    """The last day of the term, within what the law, the band and the record's own term allow (R4.16)."""
    lasts, item = now.rule.lasts, now.law.item(now.rule.record, now.today)
    assert lasts is not None  # a list with criteria says how long an entry lasts
    longest = [lasts.maximum, *([band.maximum] if band and band.maximum else [])]
    least, until, *most = (
        shift(now.today, period.number, period.unit) - timedelta(days=1)
        for period in (lasts.minimum, command.term, *longest)
    )
    shown = now.law.display_until(item, now.today, {"list": now.rule.list, "band": band.band if band else None})
    last = min([*most, *([shown] if shown else [])])
    require(least <= until <= last, no.TermOutside(until, least, last))
    return until


def _say(case: Listing) -> Say:
    assert case.say is not None  # the phase has made sure of it
    return case.say


def _steps(now: Circumstances) -> Steps:
    assert now.rule.steps is not None  # a list with criteria has steps
    return now.rule.steps
