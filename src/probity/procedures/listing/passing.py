"""What time alone brings about: windows open, cases lapse, entries end. By software, and never to anybody's
disadvantage (charter 3)."""

from __future__ import annotations

from datetime import date

from probity.procedures import refusals as no
from probity.procedures.listing import acts
from probity.procedures.listing.acts import Event, Ground
from probity.procedures.listing.case import Listing, Say
from probity.procedures.listing.circumstances import Circumstances
from probity.procedures.listing.deadlines import announcement_ends, missed
from probity.procedures.listing.phases import IN_FORCE
from probity.procedures.model import Means

REASONS = {
    Ground.EXPIRY: "the term of the entry is over",
    Ground.DISSOLUTION: "the organisation is no more; nothing passes to a successor",
}


def time(case: Listing, now: Circumstances) -> tuple[Event, ...]:
    """What is due today, the end of the organisation or of the entry first. Raises ProcedureError where nothing
    is."""
    if case.live and (now.gone or case.over_by(now.today)):
        return (_over(case, now),)
    end = announcement_ends(case, now.rule, now.calendar)
    if case.say is not None and case.say.open_since is None and isinstance(end, date) and now.today > end:
        return _served(case.say, end, now)
    late = missed(case, now.rule, now.calendar, now.today) if case.live else None
    if late is None or not isinstance(late.due, date):
        raise no.NothingDue(now.today)
    lapsed = acts.Lapsed(
        on=now.today, by=None, document=_document(case), what=late.what, due=late.due, rule=late.rule
    )
    return (lapsed,)


def _over(case: Listing, now: Circumstances) -> Event:
    """The organisation is no more, or the term of its entry is over."""
    if case.phase not in IN_FORCE:
        return acts.Dissolved(on=now.today, by=None, reasons=REASONS[Ground.DISSOLUTION])
    ground = Ground.DISSOLUTION if now.gone else Ground.EXPIRY
    return acts.Ended(
        on=now.today,
        by=None,
        document=_document(case),
        ground=ground,
        by_order_of=None,
        answers=None,
        reasons=REASONS[ground],
    )


def _served(say: Say, end: date, now: Circumstances) -> tuple[Event, ...]:
    """The announcement has stood its time: the notice counts as delivered to everyone whom it had not reached."""
    assert say.announced is not None
    served = (
        acts.Delivered(
            on=now.today,
            by=None,
            contact=each.name,
            means=Means.ANNOUNCEMENT,
            received=end,
            proof=say.announced.where,
        )
        for each in say.waiting_for
    )
    return (*served, acts.Opened(on=now.today, by=None))


def _document(case: Listing) -> str:
    return f"{case.number}-{case.issued + 1}"
