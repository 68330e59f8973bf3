"""The deadlines of a listing, each with the rule that sets it, and the day on which time brings something
about."""

from __future__ import annotations

from datetime import date, timedelta

from probity.clock import Calendar, NotAnnounced
from probity.procedures.deadlines import last_day
from probity.procedures.listing.case import Listing, Say
from probity.procedures.listing.phases import IN_FORCE, Phase
from probity.procedures.model import Deadline
from probity.rulebook import ListRule, Steps, Within

ONE = timedelta(days=1)


def window_ends(case: Listing, rule: ListRule, calendar: Calendar) -> date | NotAnnounced | None:
    """The last day on which the organisation may respond to the notice that an entry is intended; None before
    delivery is proven, and while the clock stands still in it (R4.7)."""
    return window_of(case.entry, case, rule, calendar)


def window_of(say: Say | None, case: Listing, rule: ListRule, calendar: Calendar) -> date | NotAnnounced | None:
    """The same for either notice: that of an entry, or of a removal from a redlist."""
    if say is None or say.open_since is None or rule.steps is None:
        return None
    return last_day(say.open_since, rule.steps.respond, calendar, case.pauses)


def announcement_ends(case: Listing, rule: ListRule, calendar: Calendar) -> date | NotAnnounced | None:
    """The last day of the public announcement that is under way; the day after, the notice counts as delivered."""
    announced = case.say.announced if case.say else None
    if announced is None or rule.steps is None:
        return None
    return last_day(announced.on, rule.steps.announcement, calendar, case.pauses)


def due_now(case: Listing, rule: ListRule, calendar: Calendar) -> tuple[Deadline, ...]:
    """What is due in the phase in which the case is, first what ends it when missed."""
    if rule.steps is None:
        return ()
    if case.phase is Phase.PROPOSED:
        found = _before_notice(case, rule.steps, calendar)
    elif case.phase in (Phase.OPEN, Phase.REMOVAL_OPEN) and case.say is not None:
        found = _after_notice(case, case.say, rule.steps, calendar)
    else:
        found = []
    return tuple(sorted(found, key=lambda each: not each.closes))


def missed(case: Listing, rule: ListRule, calendar: Calendar, day: date) -> Deadline | None:
    """The deadline that its authority has missed by ``day`` and that ends the case; None where there is none."""
    return next((due for due in due_now(case, rule, calendar) if due.closes and due.missed(day)), None)


def tick_on(case: Listing, rule: ListRule, calendar: Calendar, dissolved_on: date | None) -> date | None:
    """The first day on which time may bring something about; None where it cannot as things stand.

    Where holidays are not announced yet it is the earliest day that is possible: then it may bring nothing yet.
    """
    if not case.live:
        return None
    ends: list[date | NotAnnounced | None] = [due.due for due in due_now(case, rule, calendar) if due.closes]
    if case.phase in IN_FORCE and case.entered is not None:
        ends.append(case.entered.until)
    if case.phase in (Phase.NOTIFIED, Phase.REMOVAL_NOTIFIED):
        ends.append(announcement_ends(case, rule, calendar))
    days = [(end.earliest if isinstance(end, NotAnnounced) else end) + ONE for end in ends if end is not None]
    if dissolved_on is not None:
        days.append(dissolved_on)
    return max(min(days), case.last) if days else None


def _before_notice(case: Listing, steps: Steps, calendar: Calendar) -> list[Deadline]:
    """The agency above agrees, where it must; then the notice is issued."""
    proposed, agreed = case.proposed, case.consented
    if proposed is None:
        return []
    if proposed.consent_from is None or agreed is not None:
        start = agreed.on if agreed else proposed.on
        return [_due("notice", case.authority, start, steps.notify, case, calendar)]
    if steps.consent is None:
        return []
    return [_due("consent", proposed.consent_from, proposed.on, steps.consent, case, calendar)]


def _after_notice(case: Listing, say: Say, steps: Steps, calendar: Calendar) -> list[Deadline]:
    """The hearing that was asked for, and the decision.

    The decision is due so long after the window, after the hearing (while that is due: after its last day), or
    after the first late reply, whichever is last. A late reply so gives the authority its time anew, once.
    """
    window = last_day(say.open_since, steps.respond, calendar, case.pauses) if say.open_since else None
    starts: list[date | NotAnnounced | None] = [window, *(reply.on for reply in say.late[:1])]
    found = []
    if say.heard is not None:
        starts.append(say.heard.on)
    elif say.hearing_asked_on is not None:
        hearing = _due("hearing", case.authority, say.hearing_asked_on, steps.hear, case, calendar)
        found.append(hearing)
        starts.append(hearing.due)
    known = [start for start in starts if isinstance(start, date)]
    if len(known) == len(starts):
        found.append(_due("decision", case.authority, max(known), steps.decide, case, calendar))
    else:
        unknown = next(start for start in starts if not isinstance(start, date))
        found.append(Deadline("decision", case.authority, unknown, steps.decide.rule, _closes(steps.decide)))
    return found


def _due(what: str, whose: str, start: date, within: Within, case: Listing, calendar: Calendar) -> Deadline:
    end = last_day(start, within, calendar, case.pauses)
    return Deadline(what, whose, end, within.rule, _closes(within))


def _closes(within: Within) -> bool:
    return within.lapse == "closes"
