"""The window, replies, hearings, deadlines and the clock: what each needs, and what is refused with its rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.procedures.playing import (
    ANN,
    BEN,
    BLACK,
    CALENDAR,
    CAT,
    CITY,
    DISMISS,
    ENTER,
    NOTIFY,
    REPLY,
    RULE,
    WITHDRAW,
    Play,
)

from probity.clock import NotAnnounced
from probity.procedures import refusals
from probity.procedures.listing import Phase, acts, tick_on, window_ends
from probity.procedures.listing.acts import Role
from probity.rulebook import ListRule

LATE = acts.Reply("we have paid", late_because="the letter lay with the caretaker")


# -- window, reply, hearing --------------------------------------------------------------------------------


def test_nothing_is_decided_while_the_window_is_open() -> None:
    play = Play().served()
    end = window_ends(play.case, RULE, CALENDAR)
    assert isinstance(end, date)
    play.on(end).refuses(ENTER, refusals.WindowOpen, "R4.7")
    play.on(end + timedelta(days=1)).do(ENTER)


def test_a_window_into_a_year_that_is_not_announced_does_not_end() -> None:
    play = Play().on(date(2025, 12, 15)).served()
    assert isinstance(window_ends(play.case, RULE, CALENDAR), NotAnnounced)
    play.on(date(2026, 2, 1)).refuses(ENTER, refusals.WindowOpen, "R4.7")
    play.do(REPLY)
    assert play.case.late_reply is None
    play.refuses(acts.Tick(), refusals.NothingDue, "clock")


def test_a_case_before_the_calendar_begins_is_not_guessed() -> None:
    play = Play().on(date(2023, 12, 1)).proposed()
    play.refuses(acts.Consent(CITY, "x"), refusals.Unknowable, "calendar")


def test_a_reply_is_answered() -> None:
    play = Play().served().do(REPLY).on(date(2024, 3, 23))
    play.refuses(ENTER, refusals.ReplyUnanswered, "R4.6")
    play.refuses(replace(ENTER, answers=" "), refusals.ReplyUnanswered, "R4.6")
    play.do(replace(ENTER, answers="the payment was another one"))
    assert play.case.entered is not None
    assert play.case.entered.answers == "the payment was another one"


def test_a_hearing_that_was_asked_for_takes_place_first() -> None:
    play = Play().served()
    hear = acts.Hear(CAT, "minutes 4")
    play.refuses(hear, refusals.NotNow, "order")
    play.do(acts.Reply("hear us", hearing=True)).on(date(2024, 3, 23))
    answered = replace(ENTER, answers="no")
    play.refuses(answered, refusals.HearingMissing, "R8.8")
    play.refuses(replace(hear, by=ANN), refusals.SelfDecision, "charter 3")
    play.refuses(replace(hear, record=""), refusals.NoReasons, "charter 3")
    play.do(hear).do(answered)


def test_a_late_reply_gives_its_reason_and_waits_for_admission() -> None:
    play = Play().after_window()
    play.refuses(REPLY, refusals.WindowOver, "R4.7")
    play.refuses(acts.AdmitLate(BEN, True, "x"), refusals.NotNow, "order")
    play.do(LATE).refuses(ENTER, refusals.ReplyUnanswered, "R4.6")
    play.refuses(acts.AdmitLate(ANN, False, "x"), refusals.SelfDecision, "charter 3")
    play.refuses(acts.AdmitLate(BEN, True, ""), refusals.NoReasons, "charter 3")
    play.do(acts.AdmitLate(BEN, False, "the caretaker is theirs")).do(ENTER)


def test_an_admitted_late_reply_is_answered_and_heard() -> None:
    play = Play().after_window().do(replace(LATE, hearing=True)).do(acts.AdmitLate(BEN, True, "not their fault"))
    play.refuses(replace(ENTER, answers="no"), refusals.HearingMissing, "R8.8")
    play.do(acts.Hear(CAT, "minutes")).refuses(ENTER, refusals.ReplyUnanswered, "R4.6")
    play.do(replace(ENTER, answers="no"))


def test_each_late_reply_is_decided_upon() -> None:
    play = Play().after_window().do(LATE).do(acts.AdmitLate(BEN, False, "no")).do(replace(LATE, text="and this"))
    play.refuses(ENTER, refusals.ReplyUnanswered, "R4.6")
    play.do(acts.AdmitLate(BEN, True, "yes"))
    assert [reply.text for reply in play.case.considered] == ["and this"]


def test_only_who_may_decide_admits_a_late_reply() -> None:
    play = Play().served().do(acts.Assign(BEN, Role.DECIDES, "cat")).on(date(2024, 3, 25)).do(LATE)
    play.refuses(acts.AdmitLate(BEN, True, "x"), refusals.NotAssigned, "assignment")
    play.do(acts.AdmitLate(CAT, True, "x"))


def test_a_reply_after_the_decision_is_a_remedy() -> None:
    refusal = Play().listed().refuses(LATE, refusals.Decided, "R8.3")
    assert "Contest" in str(refusal.remedy)


# -- the authority's deadlines -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("play", "act", "rule"),
    [
        (Play().proposed(), acts.Consent(CITY, "x"), "consent rule"),
        (Play().consented(), NOTIFY, "notify rule"),
        (Play().served(), ENTER, "decision rule"),
        (Play().served().do(acts.Reply("hear us", hearing=True)), acts.Hear(CAT, "x"), "hearing rule"),
    ],
    ids=["consent", "notice", "decision", "hearing"],
)
def test_an_act_after_the_deadline_is_refused_before_software_has_ticked(
    play: Play, act: acts.Command, rule: str
) -> None:
    lapses = tick_on(play.case, RULE, CALENDAR, None)
    assert lapses is not None
    play.on(lapses - timedelta(days=1)).refuses(acts.Tick(), refusals.NothingDue, "clock")
    play.on(lapses).refuses(act, refusals.TooLate, rule)
    play.refuses(acts.Suspend(BEN, "to win time"), refusals.TooLate, rule)
    play.do(acts.Tick())
    assert isinstance(play.case.closed, acts.Lapsed)
    assert play.case.closed.rule == rule
    assert play.case.closed.document


def test_what_frees_the_organisation_is_never_too_late() -> None:
    for act in (DISMISS, WITHDRAW):
        assert Play().served().later(200).do(act).case.phase is Phase.CLOSED


def test_a_deadline_that_only_reminds_ends_nothing() -> None:
    steps = {**BLACK["steps"], "decide": {**BLACK["steps"]["decide"], "lapse": "reminds"}}
    rule = ListRule.model_validate({**BLACK, "steps": steps})
    play = Play(rule).served().later(100)
    play.refuses(acts.Tick(), refusals.NothingDue, "clock")
    play.do(ENTER)


def test_a_late_reply_gives_the_authority_its_time_anew_once() -> None:
    play = Play().after_window()
    before = tick_on(play.case, RULE, CALENDAR, None)
    after = tick_on(play.later(3).do(LATE).case, RULE, CALENDAR, None)
    again = tick_on(play.later(3).do(LATE).case, RULE, CALENDAR, None)
    assert before is not None
    assert after is not None
    assert before < after == again


def test_the_decision_waits_for_the_hearing() -> None:
    play = Play().served()
    before = tick_on(play.case, RULE, CALENDAR, None)
    play.on(date(2024, 3, 22)).do(acts.Reply("hear us", hearing=True)).later(18).do(acts.Hear(CAT, "minutes"))
    after = tick_on(play.case, RULE, CALENDAR, None)
    assert before is not None
    assert after is not None
    assert after > before


# -- the clock stands still --------------------------------------------------------------------------------


def test_while_the_clock_stands_still_nothing_comes_nearer() -> None:
    play = Play().served().do(acts.Suspend(BEN, "flood")).later(60)
    assert window_ends(play.case, RULE, CALENDAR) is None
    for act in (ENTER, acts.Suspend(BEN, "again"), acts.Announce(ANN, "x")):
        with pytest.raises((refusals.StandsStill, refusals.NotNow)):
            play.do(act)
    play.refuses(acts.Tick(), refusals.NothingDue, "clock")
    play.do(REPLY).do(acts.Resume(BEN, "dry"))
    assert play.case.late_reply is None
    play.refuses(replace(ENTER, answers="x"), refusals.WindowOpen, "R4.7")
    play.refuses(acts.Resume(BEN, "again"), refusals.StandsStill, "suspension")
    play.refuses(acts.Suspend(BEN, ""), refusals.NoReasons, "charter 3")


def test_a_suspended_case_can_be_dropped() -> None:
    assert Play().served().do(acts.Suspend(BEN, "flood")).do(DISMISS).case.phase is Phase.CLOSED
