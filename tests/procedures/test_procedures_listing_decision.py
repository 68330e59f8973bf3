"""Who may act, the decision, and the end of an entry: what each needs, and what is refused with its rule."""

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
    LAW,
    MONDAY,
    NOTIFY,
    PROPOSE,
    PROVINCE,
    REPLY,
    RULE,
    WITHDRAW,
    Play,
    verdict,
)

from probity.errors import LedgerError
from probity.procedures import Officer, refusals
from probity.procedures.listing import Phase, acts, evolve, replay, tick_on
from probity.procedures.listing.acts import Ground, Role
from probity.rulebook import ListRule, Period

LATE = acts.Reply("we have paid", late_because="the letter lay with the caretaker")


# -- who may ------------------------------------------------------------------------------------------------


def test_assigned_roles_are_kept() -> None:
    play = Play().served().do(acts.Assign(BEN, Role.DECIDES, "cat")).on(date(2024, 3, 23))
    play.refuses(ENTER, refusals.NotAssigned, "assignment")
    play.refuses(DISMISS, refusals.NotAssigned, "assignment")
    play.do(replace(ENTER, by=CAT))


def test_the_proposer_has_no_other_role_and_gives_none() -> None:
    play = Play().proposed()
    play.refuses(acts.Assign(BEN, Role.DECIDES, "ann"), refusals.SelfDecision, "charter 3")
    play.refuses(acts.Assign(ANN, Role.DECIDES, "ben"), refusals.SelfDecision, "charter 3")
    play.refuses(acts.Recuse(ANN, "ben", "too strict"), refusals.SelfDecision, "charter 3")
    play.refuses(acts.Assign(BEN, Role.HEARS, " "), refusals.NoReasons, "charter 3")
    play.do(acts.Assign(ANN, Role.PROPOSES, "ann"))


def test_an_excluded_officer_does_nothing() -> None:
    play = Play().served().do(acts.Recuse(CAT, "ben", "his brother's firm")).on(date(2024, 3, 23))
    play.refuses(ENTER, refusals.Excluded, "charter 3")
    play.refuses(acts.Withdraw(BEN, "x"), refusals.Excluded, "charter 3")
    play.refuses(acts.Assign(CAT, Role.DECIDES, "ben"), refusals.Excluded, "charter 3")
    play.refuses(acts.Recuse(CAT, "ben", "again"), refusals.Excluded, "charter 3")
    play.do(replace(ENTER, by=CAT))


def test_from_the_proposal_of_an_excluded_officer_nothing_follows() -> None:
    tainted = acts.Recuse(ANN, "ann", "I hold shares in it")
    Play().consented().do(tainted).refuses(acts.Notify(BEN), refusals.ProposalTainted, "charter 3")
    Play().proposed().do(tainted).refuses(acts.Consent(CITY, "x"), refusals.ProposalTainted, "charter 3")
    play = Play().after_window().do(tainted)
    play.refuses(ENTER, refusals.ProposalTainted, "charter 3")
    play.do(acts.Withdraw(BEN, "begin anew"))


def test_the_consent_of_an_excluded_officer_is_given_anew() -> None:
    play = Play().consented().do(acts.Recuse(CITY, "zoe", "a friend"))
    play.refuses(NOTIFY, refusals.ConsentMissing, "R4.5")
    play.do(acts.Consent(Officer("t-city", "yan"), "sound")).do(NOTIFY)


def test_the_hearing_of_an_excluded_officer_is_held_anew() -> None:
    play = Play().served().do(acts.Reply("hear us", hearing=True)).do(acts.Hear(CAT, "minutes"))
    play.do(acts.Recuse(BEN, "cat", "a rival")).on(date(2024, 3, 23))
    play.refuses(replace(ENTER, answers="no"), refusals.HearingMissing, "R8.8")
    play.do(acts.Hear(Officer("t-county", "dan"), "minutes 2")).do(replace(ENTER, answers="no"))


def test_what_an_excluded_officer_said_of_a_late_reply_is_open_again() -> None:
    play = (
        Play().after_window().do(LATE).do(acts.AdmitLate(CAT, False, "no")).do(acts.Recuse(BEN, "cat", "a rival"))
    )
    play.refuses(ENTER, refusals.ReplyUnanswered, "R4.6")


def test_other_agencies_do_not_act_in_the_case() -> None:
    play = Play().after_window()
    for by in (CITY, PROVINCE, Officer("t-orphan", "x")):
        play.refuses(replace(ENTER, by=by), refusals.NotTheAuthority, "R4.2")
    play.refuses(acts.Recuse(PROVINCE, "pat", "x"), refusals.NotTheAuthority, "R4.2")


# -- the decision ------------------------------------------------------------------------------------------


def test_evidence_that_left_the_file_carries_nothing() -> None:
    play = Play().after_window()
    play.given(verdicts={"penalties": verdict(met=False)}).refuses(ENTER, refusals.GroundNotMet, "R4.3")
    play.given(verdicts={"penalties": verdict(records=("r2", "r3"))}).refuses(
        ENTER, refusals.EvidenceChanged, "R4.6"
    )
    play.given(verdicts={"penalties": verdict(records=("r1", "r2", "r3"))}).do(ENTER)
    assert play.case.entered is not None
    assert play.case.entered.evidence == ("r1", "r2")


def test_severity_can_only_fall() -> None:
    play = Play().after_window().given(verdicts={"penalties": verdict(amount=5_000)})
    play.refuses(replace(ENTER, term=Period(number=2, unit="y")), refusals.TermOutside, "R4.16")
    play.given(verdicts={"penalties": verdict(amount=500)}).refuses(ENTER, refusals.BelowEveryBand, "F4")
    risen = Play().given(verdicts={"penalties": verdict(amount=5_000)}).after_window()
    risen.given(verdicts={"penalties": verdict(amount=500_000)}).do(ENTER)
    assert risen.case.entered is not None
    assert risen.case.entered.band == "middle"


@pytest.mark.parametrize("term", ["2m", "89d", "37m", "4y", "36500y"])
def test_a_term_outside_the_law_is_refused(term: str) -> None:
    play = Play().after_window()
    kind = refusals.Unknowable if term == "36500y" else refusals.TermOutside
    play.refuses(replace(ENTER, term=Period.model_validate(term)), kind, "")


def test_the_record_bounds_the_term_too() -> None:
    rule = ListRule.model_validate({**BLACK, "lasts": {"minimum": "3m", "maximum": "5y"}})
    play = Play(rule, law=replace(LAW, lists=(rule,))).after_window()
    play.refuses(replace(ENTER, term=Period(number=4, unit="y")), refusals.TermOutside, "charter 6")
    play.do(replace(ENTER, term=Period(number=3, unit="y")))


def test_a_decision_needs_facts_and_reasons() -> None:
    play = Play().after_window()
    for lacking in (replace(ENTER, facts=""), replace(ENTER, reasons=" "), replace(DISMISS, reasons="")):
        play.refuses(lacking, refusals.NoReasons, "charter 3")
    play.refuses(replace(DISMISS, by=ANN), refusals.SelfDecision, "charter 3")
    play.refuses(replace(WITHDRAW, reasons=""), refusals.NoReasons, "charter 3")


def test_steps_come_in_their_order() -> None:
    Play().found().refuses(NOTIFY, refusals.NotNow, "order")
    Play().listed().refuses(PROPOSE, refusals.NotNow, "order")
    Play().found().do(WITHDRAW).refuses(PROPOSE, refusals.NotNow, "order")


def test_no_act_before_the_last_one() -> None:
    Play().served().later(-1).refuses(REPLY, refusals.BackDated, "charter 4")


# -- the end -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ground", [Ground.PERFORMED, Ground.CORRECTION, Ground.COURT])
def test_an_entry_ends_before_its_term(ground: Ground) -> None:
    play = Play().listed().later().do(acts.Remove(ANN, ground, "file 9", "it is so"))
    assert play.case.phase is Phase.ENDED
    play.refuses(acts.Remove(ANN, ground, "file 9", "it is so"), refusals.NotNow, "order")


@pytest.mark.parametrize("ground", [Ground.EXPIRY, Ground.DISSOLUTION, Ground.REVOKED])
def test_not_by_hand(ground: Ground) -> None:
    Play().listed().refuses(acts.Remove(ANN, ground, "file 9", "x"), refusals.NotPerformable, "R4.15")


def test_removal_needs_what_it_rests_on() -> None:
    play = Play().listed()
    play.refuses(acts.Remove(ANN, Ground.COURT, "", "x"), refusals.NoReasons, "charter 3")
    play.refuses(acts.Remove(ANN, Ground.COURT, "x", ""), refusals.NoReasons, "charter 3")
    no_leaving = ListRule.model_validate({**BLACK, "leaving": {"basis": "x"}})
    play.given(rule=no_leaving).refuses(
        acts.Remove(ANN, Ground.PERFORMED, "x", "y"), refusals.NotPerformable, "R4.15"
    )


def test_what_is_over_is_not_ended_by_performance_again() -> None:
    play = Play().listed().on(date(2024, 6, 23))
    play.refuses(acts.Remove(ANN, Ground.PERFORMED, "x", "y"), refusals.OverByItself, "charter 6")
    play.do(acts.Remove(ANN, Ground.COURT, "x", "y"))


def test_with_the_organisation_everything_ends() -> None:
    for play in (Play().found(), Play().proposed(), Play().notified(), Play().served()):
        gone = play.given(dissolved_on=play.now.today)
        for act in (PROPOSE, NOTIFY, REPLY, ENTER):
            with pytest.raises((refusals.Gone, refusals.NotNow)):
                gone.do(act)
        assert tick_on(gone.case, RULE, CALENDAR, gone.now.today) == gone.now.today
        assert isinstance(gone.do(acts.Tick()).case.closed, acts.Dissolved)
    listed = Play().listed()
    listed.given(dissolved_on=listed.now.today).do(acts.Tick())
    assert isinstance(listed.case.closed, acts.Ended)
    assert listed.case.closed.ground is Ground.DISSOLUTION


def test_relisting_counts_what_stood() -> None:
    stood = replace(Play().listed().on(date(2024, 6, 23)).do(acts.Tick()).case, number="a")
    annulled = replace(Play().listed().do(acts.Remove(ANN, Ground.COURT, "x", "y")).case, number="b")
    play = (
        Play()
        .on(date(2024, 7, 1))
        .given(others=(stood, annulled), verdicts={"penalties": verdict(records=("r9",))})
    )
    assert play.notified().case.notified is not None
    assert play.case.notified is not None
    assert play.case.notified.relisting == 1


# -- what is read back -------------------------------------------------------------------------------------


def test_a_case_does_not_fold_what_cannot_follow() -> None:
    served, window = Play().served().case, Play().after_window()
    entered = Play().listed().case.entered
    assert entered is not None
    with pytest.raises(LedgerError, match="cannot follow"):
        evolve(Play().notified().case, acts.Opened(on=MONDAY + timedelta(days=9), by=None))
    with pytest.raises(LedgerError, match="cannot follow"):
        evolve(window.case, replace(entered, by=ANN))
    with pytest.raises(LedgerError, match="cannot follow"):
        evolve(window.case, replace(entered, by=None))
    with pytest.raises(LedgerError, match="cannot follow"):
        evolve(served, replace(entered, on=MONDAY))
    with pytest.raises(LedgerError, match="begins with"):
        replay("n", "t-black", "x", served.events[1:])
    with pytest.raises(LedgerError, match="begins with"):
        replay("n", "t-black", "x", ())
