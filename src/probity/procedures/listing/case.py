"""One listing as it stands: a fold of its events, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from probity.errors import LedgerError
from probity.procedures.listing import acts
from probity.procedures.listing.acts import Event, Role
from probity.procedures.listing.phases import OVER, REMOVAL, TRANSITIONS, Phase
from probity.procedures.model import Contact, Officer, Pause


@dataclass(frozen=True, slots=True)
class Say:
    """One notice, its way to everybody whom it must reach, and what the organisation says to it.

    What an officer did who was excluded later (a hearing, a word on a late reply) does not stand here any more.
    """

    notice: acts.Notified | acts.RemovalProposed
    delivered: tuple[acts.Delivered, ...] = ()
    undelivered: tuple[acts.Undelivered, ...] = ()
    announced: acts.Announced | None = None
    open_since: date | None = None
    replies: tuple[acts.Replied, ...] = ()
    admissions: tuple[acts.Admitted, ...] = ()
    heard: acts.Heard | None = None

    @property
    def waiting_for(self) -> tuple[Contact, ...]:
        """The contacts that the notice is not proven to have reached."""
        reached = {each.contact for each in self.delivered}
        return tuple(each for each in self.notice.contacts if each.name not in reached)

    @property
    def late(self) -> tuple[acts.Replied, ...]:
        """The replies that came after the window."""
        return tuple(reply for reply in self.replies if reply.late_because is not None)

    @property
    def undecided(self) -> int | None:
        """The number of the oldest late reply of which it is open whether it is considered."""
        done = {each.reply for each in self.admissions}
        late = (n for n, reply in enumerate(self.replies, 1) if reply.late_because is not None)
        return next((number for number in late if number not in done), None)

    @property
    def considered(self) -> tuple[acts.Replied, ...]:
        """The replies that the decision must answer."""
        admitted = {each.reply for each in self.admissions if each.admitted}
        return tuple(
            reply for n, reply in enumerate(self.replies, 1) if reply.late_because is None or n in admitted
        )

    @property
    def hearing_asked(self) -> bool:
        """Whether a reply that is considered asks for a hearing."""
        return any(reply.hearing for reply in self.considered)

    @property
    def hearing_asked_on(self) -> date | None:
        """Since when a hearing has to be held: the reply that asks for it, or the admission of a late one."""
        admitted = {each.reply: each.on for each in self.admissions if each.admitted}
        days = [
            admitted[n] if reply.late_because is not None else reply.on
            for n, reply in enumerate(self.replies, 1)
            if reply.hearing and (reply.late_because is None or n in admitted)
        ]
        return min(days, default=None)

    def without(self, officer: Officer) -> Say:
        """The same, where what the officer did in it counts for nothing."""
        admissions = tuple(each for each in self.admissions if each.by != officer)
        heard = None if self.heard is not None and self.heard.by == officer else self.heard
        return replace(self, admissions=admissions, heard=heard)


@dataclass(frozen=True, slots=True)
class Listing:
    """A listing. ``number`` is that of the case, ``last`` the day of its latest event, ``entry`` what was said
    about entering, ``removal`` about being taken off a redlist, while that is open."""

    number: str
    list: str
    subject: str
    phase: Phase
    opened: date
    last: date
    found: acts.Found
    events: tuple[Event, ...]
    warned: acts.Warned | None = None
    proposed: acts.Proposed | None = None
    consented: acts.Consented | None = None
    entry: Say | None = None
    entered: acts.Entered | None = None
    removal: Say | None = None
    closed: Event | None = None
    """The event that closed or ended it."""
    pauses: tuple[Pause, ...] = ()
    roles: tuple[acts.Assigned, ...] = ()
    recused: frozenset[Officer] = frozenset()

    @property
    def authority(self) -> str:
        """The agency that conducts it."""
        return self.found.authority

    @property
    def issued(self) -> int:
        """How many documents it has issued."""
        return sum(hasattr(event, "document") for event in self.events)

    @property
    def live(self) -> bool:
        """Whether it is neither closed nor ended."""
        return self.phase not in OVER

    @property
    def paused(self) -> bool:
        """Whether the clock stands still."""
        return bool(self.pauses) and self.pauses[-1].until is None

    @property
    def say(self) -> Say | None:
        """What is said about the matter in hand: the removal, where one is proposed, or else the entry."""
        return self.removal or self.entry

    @property
    def proposer(self) -> Officer | None:
        """Who proposed what is in hand: the removal, where one is proposed, or else the entry."""
        if self.removal is not None:
            return self.removal.notice.by
        return self.proposed.by if self.proposed else None

    def has(self, role: Role) -> Officer | None:
        """The officer to whom a role was given and who was not excluded since."""
        given = next((each for each in reversed(self.roles) if each.role is role), None)
        holder = Officer(self.authority, given.whom) if given else None
        return None if holder in self.recused else holder

    def over_by(self, day: date) -> bool:
        """Whether it is over on ``day``, be it that only the term of its entry has ended."""
        return not self.live or (self.entered is not None and self.entered.until < day)

    # What was said about entering, step by step.

    @property
    def notified(self) -> acts.Notified | None:
        """The notice that an entry is intended."""
        return self.entry.notice if self.entry and isinstance(self.entry.notice, acts.Notified) else None

    @property
    def delivered(self) -> tuple[acts.Delivered, ...]:
        """Whom that notice is proven to have reached."""
        return self.entry.delivered if self.entry else ()

    @property
    def undelivered(self) -> tuple[acts.Undelivered, ...]:
        """The attempts to deliver it that failed."""
        return self.entry.undelivered if self.entry else ()

    @property
    def announced(self) -> acts.Announced | None:
        """Its public announcement."""
        return self.entry.announced if self.entry else None

    @property
    def open_since(self) -> date | None:
        """The day since which it has reached everyone."""
        return self.entry.open_since if self.entry else None

    @property
    def replies(self) -> tuple[acts.Replied, ...]:
        """What the organisation replied to it."""
        return self.entry.replies if self.entry else ()

    @property
    def late_reply(self) -> acts.Replied | None:
        """The first reply that came after the window, if there is one."""
        return self.entry.late[0] if self.entry and self.entry.late else None

    @property
    def considered(self) -> tuple[acts.Replied, ...]:
        """The replies that the decision to list must answer."""
        return self.entry.considered if self.entry else ()

    @property
    def hearing_asked(self) -> bool:
        """Whether a reply that is considered asks for a hearing about the entry."""
        return self.entry is not None and self.entry.hearing_asked

    @property
    def heard(self) -> acts.Heard | None:
        """The hearing about the entry."""
        return self.entry.heard if self.entry else None


def begin(number: str, list_: str, subject: str, found: acts.Found) -> Listing:
    """A case as its first event begins it."""
    return Listing(number, list_, subject, Phase.FOUND, found.on, found.on, found, (found,))


def evolve(case: Listing, event: Event) -> Listing:
    """The case after one more event. Raises LedgerError for one that cannot follow: the ledger was tampered
    with."""
    after = TRANSITIONS[type(event)].get(case.phase)
    if after is None or event.on < case.last or not _fits(case, event):
        raise LedgerError(
            f"{type(event).__name__} on {event.on} cannot follow in phase {case.phase} since {case.last}",
            where=case.number,
            remedy="Nobody but the procedure states such a thing; run probity fsck.",
        )
    moved = _with(case, event)
    if after is Phase.LISTED and case.phase in REMOVAL:
        moved = replace(moved, removal=None, pauses=_resumed(case, event.on))
    closed = event if after in OVER else None
    return replace(moved, phase=after, last=event.on, events=(*case.events, event), closed=closed)


def replay(number: str, list_: str, subject: str, events: Iterable[Event]) -> Listing:
    """The case that these events make. Raises LedgerError where they cannot follow one another."""
    each = iter(events)
    first = next(each, None)
    if not isinstance(first, acts.Found):
        raise LedgerError(
            f"begins with {type(first).__name__}", where=number, remedy="A case begins with a finding; run fsck."
        )
    case = begin(number, list_, subject, first)
    for event in each:
        case = evolve(case, event)
    return case


def _fits(case: Listing, event: Event) -> bool:
    """What holds whoever wrote it down: delivery to all before the window, four eyes at the decision (charter 3,
    4)."""
    if isinstance(event, acts.Opened):
        return case.say is not None and not case.say.waiting_for
    if isinstance(event, acts.Entered):
        return event.by is not None and event.by != case.proposer
    if isinstance(event, acts.Resumed):
        return case.paused
    return True


def _with(case: Listing, event: Event) -> Listing:
    match event:
        case acts.Warned():
            return replace(case, warned=event)
        case acts.Proposed():
            return replace(case, proposed=event)
        case acts.Consented():
            return replace(case, consented=event)
        case acts.Notified():
            return replace(case, entry=Say(event))
        case acts.Entered():
            return replace(case, entered=event)
        case acts.RemovalProposed():
            return replace(case, removal=Say(event))
        case acts.Assigned():
            return replace(case, roles=(*case.roles, event))
        case acts.Recused():
            return _without(case, Officer(event.by.agency if event.by else case.authority, event.whom))
        case acts.Suspended():
            return replace(case, pauses=(*case.pauses, Pause(event.on)))
        case acts.Resumed():
            return replace(case, pauses=_resumed(case, event.on))
    say = _said(case.say, event) if case.say else None
    return replace(case, removal=say) if case.removal else replace(case, entry=say)


def _said(say: Say, event: Event) -> Say:
    match event:
        case acts.Delivered():
            return replace(say, delivered=(*say.delivered, event))
        case acts.Undelivered():
            return replace(say, undelivered=(*say.undelivered, event))
        case acts.Announced():
            return replace(say, announced=event)
        case acts.Opened():
            return replace(say, open_since=event.on)
        case acts.Replied():
            return replace(say, replies=(*say.replies, event))
        case acts.Admitted():
            return replace(say, admissions=(*say.admissions, event))
        case acts.Heard():
            return replace(say, heard=event)
    return say


def _without(case: Listing, officer: Officer) -> Listing:
    """The case without what an excluded officer did in it; his proposal stays, and nothing can follow from it."""
    agreed = case.consented
    return replace(
        case,
        recused=case.recused | {officer},
        consented=None if agreed is not None and agreed.by == officer else agreed,
        entry=case.entry.without(officer) if case.entry and not case.removal else case.entry,
        removal=case.removal.without(officer) if case.removal else None,
    )


def _resumed(case: Listing, day: date) -> tuple[Pause, ...]:
    return (*case.pauses[:-1], replace(case.pauses[-1], until=day)) if case.paused else case.pauses
