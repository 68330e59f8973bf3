"""Whatever is tried, in whatever order: the charter holds of every case that can come about.

The machine is driven at random, and what came about is judged from its events alone, by rules written here anew.
"""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.procedures.playing import (
    ANN,
    BEN,
    BLACK,
    CALENDAR,
    CAT,
    CITY,
    ENTER,
    HEAD_OFFICE,
    ITSELF,
    LAW,
    PROVINCE,
    RED,
    Play,
    deliver,
    verdict,
)
from tests.procedures.test_procedures_deadlines import walked
from tests.procedures.test_procedures_listing_codec import told

from probity.clock import NotAnnounced
from probity.errors import ProcedureError
from probity.procedures import Means, Officer, Pause
from probity.procedures.listing import TRANSITIONS, Phase, acts, cases_of, document, due_now, tick_on, window_ends
from probity.procedures.listing.acts import Ground, Role
from probity.procedures.listing.deadlines import window_of
from probity.procedures.listing.phases import IN_FORCE
from probity.rulebook import ListKind, ListRule, Period, Steps

officers = st.sampled_from([ANN, BEN, CAT, ANN, BEN, CITY, PROVINCE])
mine = st.sampled_from(["ann", "ben", "cat", "ben", "zoe"])
words = st.sampled_from(["it is so"] * 9 + [" "])
texts = st.sampled_from(["no"] * 4 + [None, " "])
means = st.sampled_from([Means.POST, Means.PORTAL, Means.POST, Means.ANNOUNCEMENT])
names = st.sampled_from([ITSELF.name, HEAD_OFFICE.name])
grounds = st.sampled_from([*Ground, Ground.REVOKED, Ground.REVOKED])
TERMS = [Period.model_validate(term) for term in ("3m", "1y", "2m", "4y")]
terms = st.sampled_from([TERMS[0], *TERMS])


def commands(today: date) -> dict[type[acts.Event], st.SearchStrategy[acts.Command]]:
    """What can be tried on a day, by what it would bring about; mostly well-formed, so that it comes far."""
    received = st.sampled_from([today, today, today - timedelta(days=1), today - timedelta(days=30)])
    return {
        acts.Warned: st.builds(acts.Warn, officers, words),
        acts.Proposed: st.builds(acts.Propose, officers, words, words),
        acts.Consented: st.builds(acts.Consent, st.sampled_from([CITY, CITY, PROVINCE, BEN]), words),
        acts.Refused: st.builds(acts.Refuse, st.sampled_from([CITY, PROVINCE]), words),
        acts.Notified: st.builds(acts.Notify, officers),
        acts.Delivered: st.builds(acts.ProveDelivery, officers, names, means, received, words),
        acts.Undelivered: st.builds(acts.ReportUndelivered, officers, names, means, words),
        acts.Announced: st.builds(acts.Announce, officers, words),
        acts.Replied: st.builds(acts.Reply, words, st.booleans(), texts),
        acts.Admitted: st.builds(acts.AdmitLate, officers, st.booleans(), words),
        acts.Heard: st.builds(acts.Hear, officers, words),
        acts.Entered: st.builds(acts.Enter, officers, words, words, terms, texts),
        acts.Dismissed: st.builds(acts.Dismiss, officers, words),
        acts.Withdrawn: st.builds(acts.Withdraw, officers, words),
        acts.Assigned: st.builds(acts.Assign, officers, st.sampled_from(Role), mine),
        acts.Recused: st.builds(acts.Recuse, officers, mine, words),
        acts.Suspended: st.builds(acts.Suspend, officers, words),
        acts.Resumed: st.builds(acts.Resume, officers, words),
        acts.RemovalProposed: st.builds(acts.ProposeRemoval, officers, grounds, words, words),
        acts.Ended: st.builds(acts.Remove, officers, grounds, words, words, texts),
    }


OFTEN = {
    acts.Entered: 9,
    acts.Ended: 3,
    acts.Heard: 3,
    acts.Admitted: 3,
    acts.Proposed: 3,
    acts.Delivered: 3,
    acts.Notified: 3,
}
"""How often something is tried, among what fits the phase."""

STAGES = ("notified", "served", "after_window", "listed", "removal", "late", "province", "software")
stages = st.sampled_from(STAGES)
verdicts = st.sampled_from(
    [
        verdict(),
        verdict(records=("r1", "r2", "r3")),
        verdict(records=("r1",), amount=5_000),
        verdict(records=("r2", "r9")),
        verdict(met=None),
        verdict(met=False, near=True),
    ]
)


class Cases(RuleBasedStateMachine):
    """One case, tried in every way."""

    reached: ClassVar[set[object]] = set()

    @initialize(law=st.sampled_from([BLACK, RED]), stage=stages)
    def begins(self, law: dict[str, object], stage: str) -> None:
        self.rule = ListRule.model_validate(law)
        self.anew(stage)

    @precondition(lambda self: not self.play.case.live)
    @rule(stage=stages)
    def another_begins(self, stage: str) -> None:
        self.anew(stage)

    def anew(self, stage: str) -> None:
        """A case, from its finding on or further on its way."""
        self.gone: date | None = None
        self.play = Play(self.rule, authority="t-province" if stage == "province" else "t-county")
        if stage == "removal" and self.rule.kind is ListKind.RED:
            self.play.listed().do(acts.ProposeRemoval(ANN, Ground.REVOKED, "x", "y"))
            self.play.do(deliver("itself", self.play)).do(deliver("head office", self.play))
        elif stage == "late":
            self.play.after_window().do(acts.Reply("not us", hearing=True, late_because="our post was lost"))
        elif stage in STAGES[:4]:
            getattr(self.play, stage)()
        else:
            self.play.do(acts.Find("penalties", "two penalties"))

    @rule(data=st.data())
    def somebody_acts(self, data: st.DataObject) -> None:
        phase, every = self.play.case.phase, commands(self.play.now.today)
        fitting = [kind for kind in every for _ in range(OFTEN.get(kind, 1)) if phase in TRANSITIONS[kind]]
        self.tries(data.draw(every[data.draw(st.sampled_from(fitting or [acts.Entered]))]))

    @rule(data=st.data())
    def somebody_acts_out_of_order(self, data: st.DataObject) -> None:
        every = commands(self.play.now.today)
        self.tries(data.draw(every[data.draw(st.sampled_from(list(every)))]))

    @rule()
    def whatever_ends_it_now_is_as_the_charter_wants_it(self) -> None:
        """Every officer, term, ground and answer, at the edge of the window: each on a copy of the case."""
        case, days = self.play.case, {self.play.now.today}
        end = window_of(case.say, case, self.rule, CALENDAR)
        if isinstance(end, date):
            days |= {end, end + timedelta(days=1)} if end >= self.play.now.today else set()
        everybody = [ANN, BEN, CAT, Officer("t-county", "one"), CITY]
        for day, by, answers in product(sorted(days), everybody, [None, "no"]):
            if case.phase is Phase.OPEN:
                for term in TERMS:
                    self.on_a_copy(day, acts.Enter(by, "facts", "reasons", term, answers))
            elif case.phase in IN_FORCE:
                for ground in (Ground.CORRECTION, Ground.REVOKED, Ground.PERFORMED):
                    self.on_a_copy(day, acts.Remove(by, ground, "x", "y", answers))

    def on_a_copy(self, day: date, command: acts.Command) -> None:
        """Where it is done, what came about is judged; then it is as if nothing had been."""
        self.play, kept = copy(self.play).on(day), self.play
        if self.tries(command):
            self.days_rise_and_nothing_follows_the_end()
            self.nobody_excluded_acted()
            self.nothing_but_the_end_after_dissolution()
            self.an_entry_came_about_as_the_charter_wants_it()
            self.nobody_is_taken_off_a_redlist_unheard()
            if isinstance(command, acts.Enter) and self.play.case.proposed and self.play.case.entered:
                told, now = set(self.play.case.proposed.evidence), set(self.play.now.verdicts["penalties"].records)
                assert set(self.play.case.entered.evidence) <= told & now
                assert told <= now or now <= told
        self.play = kept

    @rule()
    def what_comes_next(self) -> None:
        """The next step on the way to an entry or out of it, by whom it takes."""
        for command in self.next_steps():
            self.tries(command)

    @rule(hearing=st.booleans())
    def the_organisation_speaks(self, hearing: bool) -> None:
        self.tries(acts.Reply("it was not us", hearing, "our post was lost"))

    @rule(days=st.sampled_from([1, 1, 2, 5, 16, 40]))
    def time_passes(self, days: int) -> None:
        self.play.later(days)

    @rule()
    def software_ticks(self) -> None:
        before = tick_on(self.play.case, self.rule, CALENDAR, self.gone)
        today, case = self.play.now.today, self.play.case
        self.tries(acts.Tick())
        if self.play.case is not case:
            assert before is not None
            assert before <= today
        elif before is not None and before <= today:
            ends = [due.due for due in due_now(case, self.rule, CALENDAR)]
            assert any(isinstance(end, NotAnnounced) for end in ends)

    @rule()
    def the_authority_sleeps(self) -> None:
        self.play.later(60)
        self.software_ticks()

    @rule(found=verdicts)
    def the_file_changes(self, found: object) -> None:
        self.play.given(verdicts={"penalties": found})

    @rule(ever=st.integers(0, 15))
    def the_organisation_is_dissolved(self, ever: int) -> None:
        if ever == 0 and self.gone is None:
            self.gone = self.play.now.today
            self.play.given(dissolved_on=self.gone)

    def tries(self, command: acts.Command) -> bool:
        """It is done, or refused with a rule; nothing else can happen. Whether it was done."""
        before = self.play.case
        refusal = None
        try:
            self.play.do(command)
        except ProcedureError as error:
            refusal = error
        if refusal is not None:
            assert refusal.rule
            assert refusal.remedy
            assert self.play.case is before
        return refusal is None

    def next_steps(self) -> list[acts.Command]:
        authority = self.play.authority
        one, two = Officer(authority, "one"), Officer(authority, "two")
        match self.play.case.phase:
            case Phase.FOUND:
                return [acts.Propose(one, "facts", "reasons")]
            case Phase.PROPOSED:
                return [acts.Consent(CITY, "sound"), acts.Notify(one)]
            case Phase.NOTIFIED | Phase.REMOVAL_NOTIFIED:
                waiting = self.play.case.say.waiting_for if self.play.case.say else ()
                return [replace(deliver(each.name, self.play), by=one) for each in waiting]
            case Phase.OPEN:
                heard = [acts.AdmitLate(two, True, "fair"), acts.Hear(two, "minutes")]
                return [*heard, replace(ENTER, by=two, answers="no")]
            case Phase.LISTED:
                return [acts.ProposeRemoval(one, Ground.REVOKED, "x", "y")]
            case Phase.REMOVAL_OPEN:
                return [acts.Hear(two, "m"), acts.Remove(two, Ground.REVOKED, "x", "y", "no")]
        return []

    # -- what holds of every case ----------------------------------------------------------------------------

    @invariant()
    def days_rise_and_nothing_follows_the_end(self) -> None:
        events = self.play.case.events
        self.reached.update(type(event) for event in events)
        assert [event.on for event in events] == sorted(event.on for event in events)
        last = [
            n for n, event in enumerate(events) if isinstance(event, acts.Dissolved | acts.Ended | acts.Refused)
        ]
        assert last in ([], [len(events) - 1])

    @invariant()
    def nobody_excluded_acted(self) -> None:
        excluded: set[Officer] = set()
        for event in self.play.case.events:
            assert event.by not in excluded
            if isinstance(event, acts.Recused) and event.by is not None:
                excluded.add(Officer(event.by.agency, event.whom))

    @invariant()
    def software_decides_nothing(self) -> None:
        noted = (acts.Found, acts.Delivered, acts.Opened, acts.Replied, acts.Lapsed, acts.Dissolved, acts.Ended)
        for event in self.play.case.events:
            assert event.by is not None or isinstance(event, noted)
            if isinstance(event, acts.Ended) and event.by is None:
                assert event.ground in (Ground.EXPIRY, Ground.DISSOLUTION)

    @invariant()
    def nothing_but_the_end_after_dissolution(self) -> None:
        if self.gone is not None:
            ends = (acts.Dissolved, acts.Ended, acts.Withdrawn, acts.Dismissed, acts.Refused)
            after = [event for event in self.play.case.events if event.on > self.gone]
            assert all(isinstance(event, ends) for event in after)

    @invariant()
    def an_entry_came_about_as_the_charter_wants_it(self) -> None:
        events = self.play.case.events
        place = next((n for n, event in enumerate(events) if isinstance(event, acts.Entered)), None)
        if place is None:
            assert self.play.case.entered is None
            return
        entered = events[place]
        assert isinstance(entered, acts.Entered)
        before = events[:place]
        # Each agency excludes its own officers; the same mark elsewhere is somebody else.
        recused = [event for event in before if isinstance(event, acts.Recused)]
        excluded = {Officer(event.by.agency, event.whom) for event in recused if event.by}
        (proposed,) = (event for event in before if isinstance(event, acts.Proposed))
        (notified,) = (event for event in before if isinstance(event, acts.Notified))
        assert entered.by is not None
        assert entered.by != proposed.by
        assert entered.by.agency == self.play.authority
        self.had_its_say(before, notified, entered.on, entered.answers, proposed.by)
        if self.rule.decides.consent_below and self.play.authority == "t-county":
            agreed = [event.by for event in before if isinstance(event, acts.Consented)]
            assert {by.agency for by in agreed if by} == {"t-city"}
            assert proposed.by not in agreed
            assert agreed[-1] not in excluded
        assert set(entered.evidence) <= set(proposed.evidence)
        assert proposed.by not in excluded
        assert entered.on + timedelta(days=80) < entered.until <= entered.on.replace(year=entered.on.year + 3)
        if entered.band == "middle":
            assert entered.until <= entered.on + timedelta(days=366)
        assert all((entered.facts.strip(), entered.reasons.strip(), entered.basis, entered.contest))

    @invariant()
    def nobody_is_taken_off_a_redlist_unheard(self) -> None:
        case = self.play.case
        if self.rule.kind.adverse or not isinstance(case.closed, acts.Ended):
            return
        if case.closed.ground in (Ground.EXPIRY, Ground.COURT, Ground.DISSOLUTION):
            return
        places = [n for n, event in enumerate(case.events) if isinstance(event, acts.RemovalProposed)]
        proposed = case.events[places[-1]]
        assert isinstance(proposed, acts.RemovalProposed)
        assert (proposed.ground, case.closed.by != proposed.by) == (case.closed.ground, True)
        since = case.events[places[-1] :]
        self.had_its_say(since, proposed, case.closed.on, case.closed.answers, proposed.by)

    def had_its_say(
        self,
        events: tuple[acts.Event, ...],
        notice: acts.Notified | acts.RemovalProposed,
        decided: date,
        answers: str | None,
        proposer: Officer | None,
    ) -> None:
        """The notice reached everybody, the window was over, every reply in time was answered, hearings were
        held."""
        reached = {event.contact for event in events if isinstance(event, acts.Delivered)}
        assert reached == {contact.name for contact in notice.contacts}
        assert any(contact.subject == self.play.case.subject for contact in notice.contacts)
        opened = [event.on for event in events if isinstance(event, acts.Opened)][-1]
        assert all(event.on <= opened for event in events if isinstance(event, acts.Delivered))
        assert walked(opened, self.steps.respond, CALENDAR, self.pauses()) < decided
        replies = [event for event in events if isinstance(event, acts.Replied)]
        admitted = [event for event in events if isinstance(event, acts.Admitted)]
        assert len({each.reply for each in admitted}) == sum(each.late_because is not None for each in replies)
        if any(each.late_because is None for each in replies):
            assert answers
        if any(each.hearing and each.late_because is None for each in replies):
            held = [event.by for event in events if isinstance(event, acts.Heard)]
            assert held
            assert proposer not in held

    @property
    def steps(self) -> Steps:
        assert self.rule.steps is not None
        return self.rule.steps

    def pauses(self) -> list[Pause]:
        found: list[Pause] = []
        for event in self.play.case.events:
            if isinstance(event, acts.Suspended):
                found.append(Pause(event.on))
            elif isinstance(event, acts.Resumed) or (
                found and found[-1].until is None and isinstance(event, acts.Withdrawn | acts.Dismissed)
            ):
                found[-1] = replace(found[-1], until=event.on)
        return found

    @invariant()
    def a_case_is_its_statements_and_its_documents_can_be_read(self) -> None:
        case = self.play.case
        assert cases_of(told(case), LAW) == (case,)
        window_ends(case, self.rule, CALENDAR)
        for event in case.events[-1:]:
            if hasattr(event, "document"):
                assert document(case, event.document, LAW, "zh")


def test_the_charter_holds_of_every_case_that_can_come_about() -> None:
    Cases.reached.clear()
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Cases,
        settings=settings(
            max_examples=200,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
    # It came far enough for that to mean something.
    assert {acts.Entered, acts.Ended, acts.RemovalProposed, acts.Lapsed} <= Cases.reached
