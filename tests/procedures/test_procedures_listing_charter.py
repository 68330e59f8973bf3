"""Attacks on the charter at the level of the machine, each refused with its reason."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.procedures.playing import (
    ANN,
    BEN,
    CALENDAR,
    DISMISS,
    ENTER,
    HEAD_OFFICE,
    ITSELF,
    LAW,
    NOTIFY,
    PARENT,
    PROPOSE,
    RULE,
    SUBJECT,
    Play,
    deliver,
    verdict,
)
from tests.procedures.test_procedures_listing_codec import told

from probity.errors import NaturalPersonError
from probity.ledger import admit
from probity.procedures import Contact, Means, refusals
from probity.procedures.listing import acts, cases_of, decide, drafts, window_ends
from probity.rulebook import Period


def test_list_without_notice() -> None:
    for play in (Play().found(), Play().proposed(), Play().consented()):
        play.refuses(ENTER, refusals.NotNow, "order")
    Play().notified().later(90).refuses(ENTER, refusals.NotNow, "order")


def test_list_with_notice_to_one_of_two() -> None:
    play = Play().notified().later()
    play.do(deliver("head office", play)).later(60).refuses(ENTER, refusals.NotNow, "order")


def test_decide_before_the_window_ends() -> None:
    play = Play().served()
    end = window_ends(play.case, RULE, CALENDAR)
    while play.now.today != end:
        play.refuses(ENTER, refusals.WindowOpen, "charter 4")
        play.later()
    play.refuses(ENTER, refusals.WindowOpen, "charter 4")


def test_decide_on_ones_own_proposal() -> None:
    play = Play().after_window()
    play.refuses(replace(ENTER, by=ANN), refusals.SelfDecision, "charter 3")
    play.refuses(replace(DISMISS, by=ANN), refusals.SelfDecision, "charter 3")
    city = (
        Play(authority="t-city")
        .do(acts.Find("penalties", "x"))
        .do(replace(PROPOSE, by=replace(ANN, agency="t-city")))
    )
    city.refuses(acts.Consent(replace(ANN, agency="t-city"), "x"), refusals.NotAbove, "R4.5")


def test_list_a_branchs_parent() -> None:
    """The parent is told; it is nobody whom an act could name, and its own file says nothing."""
    case = Play().listed().case
    assert HEAD_OFFICE.subject == PARENT
    assert not [field for kind in get_args(acts.Command) for field in fields(kind) if field.name == "subject"]
    assert {draft.subject for draft in drafts(case, case.events[-1], rule=RULE)} == {SUBJECT}
    parent = Play().given(verdicts={"penalties": verdict(met=False, records=())})
    parent.refuses(acts.Find("penalties", "its branch was fined", ANN), refusals.GroundNotMet, "charter 2")
    only_parent = Play().consented().given(contacts=(HEAD_OFFICE,))
    only_parent.refuses(NOTIFY, refusals.NobodyToServe, "charter 4")


@pytest.mark.parametrize("term", ["37m", "4y", "10y"])
def test_extend_a_term_beyond_its_maximum(term: str) -> None:
    play = Play().after_window()
    play.refuses(replace(ENTER, term=Period.model_validate(term)), refusals.TermOutside, "charter 6")


def test_prolong_an_entry() -> None:
    play = Play().listed()
    play.refuses(ENTER, refusals.NotNow, "order")
    again = Play().given(others=(play.case,))
    again.refuses(acts.Find("penalties", "still so", ANN), refusals.AlreadyOpen, "F2")
    over = replace(play.later(92).do(acts.Tick()).case, number="a")
    again.on(play.now.today).given(others=(over,))
    again.refuses(acts.Find("penalties", "still so", ANN), refusals.UsedBefore, "one act")


def test_list_because_of_a_grade() -> None:
    refusal = Play().refuses(acts.Find("grade-d", "graded D", None), refusals.NoSuchGround, "R4.21")
    assert "a grade is none" in str(refusal.remedy)


def test_list_on_a_complaint_alone() -> None:
    """A complaint is no ground; and a ground that only it would support is not met by the file."""
    Play().refuses(acts.Find("complaint", "a neighbour says so", ANN), refusals.NoSuchGround, "R4.3")
    play = Play().given(verdicts={"penalties": verdict(met=False, records=())})
    play.refuses(acts.Find("penalties", "a neighbour says so", ANN), refusals.GroundNotMet, "charter 2")


def test_a_person_as_subject() -> None:
    """The machine knows no names; what it would state about a person's code the ledger does not take."""
    case = Play().found().case
    (said,) = drafts(case, case.found, rule=RULE)
    sole_trader = replace(said, subject="cn-uscc:92330106MA2CFLTL8W")
    with pytest.raises(NaturalPersonError):
        admit(sole_trader, LAW, None, today=said.valid_from)


@given(st.integers(0, 60), st.integers(0, 60))
def test_back_dated_delivery_shortens_no_window(claimed: int, proven: int) -> None:
    """Whatever day is claimed for the delivery, the window runs from the day of its proof."""
    play = Play().notified()
    issued = play.now.today
    play.later(proven)
    for name in ("itself", "head office"):
        proof = replace(deliver(name, play), received=issued + timedelta(days=claimed))
        if claimed > proven:
            play.refuses(proof, refusals.BadProof, "charter 4")
            return
        play.do(proof)
    assert play.case.open_since == issued + timedelta(days=proven)


def test_back_dated_statements_shorten_no_window() -> None:
    """All of it is put on record on one day, with days that make the window look over."""
    play = Play().after_window()
    said = told(play.case)
    recorded = datetime(2024, 6, 3, 9, tzinfo=UTC)
    (case,) = cases_of([replace(each, recorded_at=recorded) for each in said], LAW)
    assert case.open_since == recorded.date()
    with pytest.raises(refusals.BackDated):
        decide(case, ENTER, play.now)
    with pytest.raises(refusals.WindowOpen):
        decide(case, ENTER, replace(play.now, today=recorded.date()))


def test_an_act_bears_no_day() -> None:
    dated = {field.name for kind in get_args(acts.Command) for field in fields(kind) if field.type == "date"}
    assert dated == {"received"}


def test_silence_never_lists() -> None:
    for play in (Play().found(), Play().proposed(), Play().notified(), Play().served()):
        for _ in range(400):
            play.later(5)
            try:
                play.do(acts.Tick())
            except refusals.NothingDue:
                continue
        assert play.case.entered is None


def test_nobody_else_is_told_instead() -> None:
    stranger = Contact("itself", PARENT, Means.POST)
    Play().consented().given(contacts=(stranger,)).refuses(NOTIFY, refusals.NobodyToServe, "F1")
    assert ITSELF.subject == SUBJECT


def test_from_the_listed_one_nothing_passes_to_its_successor() -> None:
    play = Play().listed()
    play.given(dissolved_on=play.now.today).do(acts.Tick())
    assert isinstance(play.case.closed, acts.Ended)
    assert play.case.closed.ground is acts.Ground.DISSOLUTION
    successor = Play().given(verdicts={"penalties": verdict(met=False, records=())})
    successor.refuses(acts.Find("penalties", "its predecessor", BEN), refusals.GroundNotMet, "charter 2")
