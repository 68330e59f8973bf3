"""Redlists: the same care on the way in, and a say of one's own before one is taken off."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.procedures.playing import ANN, BEN, CALENDAR, ENTER, RED_RULE, REPLY, Play, deliver

from probity.procedures import refusals, served
from probity.procedures.listing import Phase, acts, tick_on, window_ends
from probity.procedures.listing.acts import Ground

PROPOSAL = acts.ProposeRemoval(ANN, Ground.REVOKED, "inspection 12", "it no longer meets the criterion")
REMOVE = acts.Remove(BEN, Ground.REVOKED, "inspection 12", "it no longer meets the criterion")


def listed() -> Play:
    return Play(RED_RULE).listed()


def told() -> Play:
    """On the list, told that it is to be taken off, and everybody has the notice."""
    play = listed().later().do(PROPOSAL).later()
    return play.do(deliver("itself", play)).do(deliver("head office", play))


def test_an_entry_is_made_with_the_same_care() -> None:
    play = Play(RED_RULE).served()
    play.refuses(ENTER, refusals.WindowOpen, "R4.7")
    play.later(30).refuses(replace(ENTER, by=ANN), refusals.TooLate, "decision rule")


def test_nobody_is_taken_off_unheard() -> None:
    play = listed()
    for ground in (Ground.REVOKED, Ground.CORRECTION, Ground.PERFORMED):
        play.refuses(replace(REMOVE, ground=ground), refusals.NoticeFirst, "charter 4")
    play.do(PROPOSAL).refuses(REMOVE, refusals.WindowOpen, "charter 4")
    on_its_way = told()
    on_its_way.refuses(REMOVE, refusals.WindowOpen, "charter 4")
    on_its_way.later(20).refuses(replace(REMOVE, ground=Ground.CORRECTION), refusals.NoticeFirst, "charter 4")
    on_its_way.refuses(replace(REMOVE, by=ANN), refusals.SelfDecision, "charter 3")
    on_its_way.do(REMOVE)
    assert on_its_way.case.phase is Phase.ENDED


def test_a_court_is_obeyed_at_once() -> None:
    for play in (listed(), told()):
        play.do(replace(REMOVE, by=ANN, ground=Ground.COURT))
        assert play.case.phase is Phase.ENDED


def test_what_it_says_is_heard_and_answered() -> None:
    play = told().do(acts.Reply("the inspection was next door", hearing=True)).later(16)
    play.refuses(replace(REMOVE, answers="no"), refusals.HearingMissing, "R8.8")
    play.do(acts.Hear(BEN, "minutes")).refuses(REMOVE, refusals.ReplyUnanswered, "R4.6")
    play.do(replace(REMOVE, answers="it was here"))
    assert isinstance(play.case.closed, acts.Ended)
    assert play.case.closed.answers == "it was here"


@pytest.mark.parametrize("act", [acts.Withdraw(ANN, "x"), acts.Dismiss(BEN, "x"), acts.Tick()])
def test_where_it_comes_to_nothing_the_entry_stands(act: acts.Command) -> None:
    before = listed().case
    play = told().later(40 if isinstance(act, acts.Tick) else 0).do(act)
    case = play.case
    assert (case.phase, case.removal, case.closed) == (Phase.LISTED, None, None)
    assert case.entry == before.entry
    assert window_ends(case, RED_RULE, CALENDAR) == window_ends(before, RED_RULE, CALENDAR)
    play.do(PROPOSAL)


def test_a_suspended_removal_that_is_dropped_leaves_no_trace_on_the_clock() -> None:
    play = told().do(acts.Suspend(BEN, "flood"))
    assert window_ends(play.case, RED_RULE, CALENDAR) is not None
    play.refuses(REMOVE, refusals.StandsStill, "suspension")
    play.later(50).do(acts.Withdraw(BEN, "x"))
    assert not play.case.paused
    play.do(PROPOSAL)


def test_too_late_to_remove() -> None:
    play = told()
    lapses = tick_on(play.case, RED_RULE, CALENDAR, None)
    assert lapses is not None
    play.on(lapses).refuses(REMOVE, refusals.TooLate, "decision rule")


def test_the_proposer_of_a_removal_is_another_than_that_of_the_entry() -> None:
    play = listed().do(replace(PROPOSAL, by=BEN)).later()
    play.do(deliver("itself", play)).do(deliver("head office", play)).later(20)
    play.refuses(REMOVE, refusals.SelfDecision, "charter 3")
    play.do(replace(REMOVE, by=ANN))


def test_a_removal_proposed_by_an_excluded_officer_comes_to_nothing() -> None:
    play = told().do(acts.Recuse(ANN, "ann", "a rival")).later(20)
    play.refuses(REMOVE, refusals.ProposalTainted, "charter 3")
    play.do(acts.Withdraw(BEN, "begin anew"))


def test_what_cannot_be_proposed() -> None:
    Play().listed().refuses(PROPOSAL, refusals.NotPerformable, "R4.15")
    play = listed()
    play.refuses(replace(PROPOSAL, ground=Ground.EXPIRY), refusals.NotPerformable, "R4.15")
    play.refuses(replace(PROPOSAL, document=" "), refusals.NoReasons, "charter 3")
    play.given(contacts=()).refuses(PROPOSAL, refusals.NobodyToServe, "F1")


def test_the_term_ends_meanwhile() -> None:
    play = listed()
    assert play.case.entered is not None
    end = play.case.entered.until
    play.on(end).do(PROPOSAL).later().refuses(REPLY, refusals.OverByItself, "charter 6")
    assert tick_on(play.case, RED_RULE, CALENDAR, None) == end + timedelta(days=1)
    play.do(acts.Tick())
    assert isinstance(play.case.closed, acts.Ended)
    assert play.case.closed.ground is Ground.EXPIRY


def test_a_redlist_may_be_tried_for_again_on_the_same_facts() -> None:
    dismissed = Play(RED_RULE).after_window().do(acts.Dismiss(BEN, "not yet")).case
    Play(RED_RULE).given(others=(replace(dismissed, number="a"),)).found()


def test_everything_that_was_announced_is_served_to_those_who_were_told() -> None:
    play = told()
    play.later(20).do(replace(REMOVE, answers="none was given"))
    sent = [(each.document.rpartition("-")[2], each.contact.name) for each in served(play.case)]
    contacts = [each.name for each in play.case.notified.contacts] if play.case.notified else []
    issued = [event.document.rpartition("-")[2] for event in play.case.events if hasattr(event, "document")]
    within = {
        event.document.rpartition("-")[2]
        for event in play.case.events
        if isinstance(event, acts.Proposed | acts.Consented)
    }
    assert sent == [(number, name) for number in issued if number not in within for name in contacts]
    assert len(sent) > 2 * len(contacts)
