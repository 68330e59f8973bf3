"""A listing from the finding to the delivery of its notice: what each step needs, and what is refused with its
rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.procedures.playing import (
    ANN,
    BEN,
    BLACK,
    CALENDAR,
    CITY,
    DISMISS,
    ENTER,
    HEAD_OFFICE,
    ITSELF,
    LAW,
    MONDAY,
    NOTIFY,
    PROPOSE,
    PROVINCE,
    RULE,
    WITHDRAW,
    Play,
    deliver,
    verdict,
)

from probity.procedures import Contact, Means, Officer, refusals
from probity.procedures.listing import Phase, above, acts, replay, tick_on, window_ends
from probity.procedures.listing.acts import Ground
from probity.rulebook import ListRule


def test_the_whole_way() -> None:
    play = Play().listed()
    case = play.case
    assert case.phase is Phase.LISTED
    assert [type(event).__name__ for event in case.events] == [
        "Found", "Proposed", "Consented", "Notified", "Delivered", "Delivered", "Opened", "Entered",
    ]  # fmt: skip
    assert case.entered is not None
    assert case.entered.until == date(2024, 6, 22)  # three months from 23 March, less a day
    assert (case.entered.basis, case.entered.band) == ("Test law, article 1", "large")
    assert case.issued == 4
    assert case.entered.document == "t-county/t-black/2024/1-4"
    play.on(case.entered.until).refuses(acts.Tick(), refusals.NothingDue, "clock")
    play.later().do(acts.Tick())
    assert isinstance(play.case.closed, acts.Ended)
    assert play.case.closed.ground is Ground.EXPIRY
    assert replay(case.number, case.list, case.subject, play.case.events) == play.case


# -- finding -----------------------------------------------------------------------------------------------


def test_software_only_drafts() -> None:
    play = Play().do(acts.Find("penalties", "noticed"))
    assert play.case.found.by is None
    assert play.case.phase is Phase.FOUND
    play.refuses(acts.Tick(), refusals.NothingDue, "clock")


@pytest.mark.parametrize("criterion", ["grade-d", "other-circumstances", "complaint"])
def test_a_grade_a_complaint_or_an_open_clause_is_no_ground(criterion: str) -> None:
    Play().refuses(acts.Find(criterion, "x", ANN), refusals.NoSuchGround, "R4.21")


def test_a_ground_that_was_repealed_is_none() -> None:
    later = ListRule.model_validate(
        {**BLACK, "criteria": BLACK["criteria"][1:], "in_force": {"from": "2024-03-10"}}
    )
    earlier = ListRule.model_validate({**BLACK, "in_force": {"from": "2020-01-01", "to": "2024-03-09"}})
    play = Play(earlier, law=replace(LAW, lists=(earlier, later))).proposed()
    play.on(date(2024, 3, 8)).do(acts.Consent(CITY, "sound")).do(NOTIFY).do(deliver("itself", play))
    play.do(deliver("head office", play)).on(date(2024, 3, 25))
    play.refuses(ENTER, refusals.NoSuchGround, "R4.3")


def test_a_list_that_was_repealed_takes_nobody() -> None:
    ended = ListRule.model_validate({**BLACK, "in_force": {"from": "2020-01-01", "to": "2024-03-03"}})
    Play(ended, law=replace(LAW, lists=(ended,))).refuses(
        acts.Find("penalties", "x", ANN), refusals.NoSuchGround, "R4.3"
    )


@pytest.mark.parametrize("met", [False, None])
def test_what_is_not_met_or_not_known_is_no_finding(met: bool | None) -> None:
    play = Play().given(verdicts={"penalties": verdict(met=met)})
    play.refuses(acts.Find("penalties", "x", ANN), refusals.GroundNotMet, "R4.3")
    play.given(verdicts={}).refuses(acts.Find("penalties", "x", ANN), refusals.GroundNotMet, "R4.3")


def test_a_finding_needs_its_facts_an_authority_and_an_organisation() -> None:
    play = Play()
    play.refuses(acts.Find("penalties", " ", ANN), refusals.NoReasons, "charter 3")
    play.refuses(acts.Find("penalties", "x", CITY), refusals.NotTheAuthority, "R4.2")
    play.given(dissolved_on=MONDAY).refuses(acts.Find("penalties", "x", ANN), refusals.Gone, "charter 5")
    play.given(dissolved_on=MONDAY + timedelta(days=1)).found()


@pytest.mark.parametrize("agency", ["t-stranger", "t-nowhere"])
def test_only_the_controlling_authority_and_its_branches(agency: str) -> None:
    Play(authority=agency).refuses(
        acts.Find("penalties", "x", Officer(agency, "x")), refusals.NotCompetent, "R4.2"
    )


def test_not_below_the_level_that_the_list_names() -> None:
    rule = ListRule.model_validate({**BLACK, "decides": {"level": "city"}})
    play = Play(rule, law=replace(LAW, lists=(rule,)))
    play.refuses(acts.Find("penalties", "x", ANN), refusals.NotCompetent, "R4.5")


# -- one matter, one case ----------------------------------------------------------------------------------


def test_two_authorities_at_once() -> None:
    county = Play().found().case
    city = Play(authority="t-city").given(others=(county,))
    city.refuses(acts.Find("penalties", "x", CITY), refusals.AlreadyOpen, "F2")


def test_an_entry_in_force_hinders_and_one_that_is_over_does_not() -> None:
    first = Play().listed().case
    assert first.entered is not None
    play = Play().given(others=(first,), verdicts={"penalties": verdict(records=("r8", "r9"))})
    play.on(first.entered.until).refuses(acts.Find("penalties", "x", ANN), refusals.AlreadyOpen, "F2")
    play.later().found()  # over, though software has not ticked yet


def test_two_cases_that_began_at_once_make_one_entry() -> None:
    listed = replace(Play().listed().case, number="other")
    play = Play().after_window().given(others=(listed,))
    play.refuses(ENTER, refusals.AlreadyOpen, "F2")


@pytest.mark.parametrize("end", [DISMISS, acts.Tick()])
def test_what_was_decided_or_lapsed_is_no_ground_again(end: acts.Command) -> None:
    first = Play().after_window().later(0 if end == DISMISS else 60).do(end).case
    play = Play().on(first.last).given(others=(first,))
    play.refuses(acts.Find("penalties", "x", ANN), refusals.UsedBefore, "one act")
    play.given(verdicts={"penalties": verdict(records=("r1", "r2", "r3"))}).found()


def test_what_was_withdrawn_can_be_found_anew() -> None:
    first = Play().found().do(WITHDRAW).case
    Play().given(others=(first,)).found()


def test_the_same_documents_do_not_establish_twice() -> None:
    met = {"refusal": verdict("refusal", records=("r1",))}
    possible = {"refusal": verdict("refusal", met=False, records=("r1",), possible=True)}
    propose = acts.Propose(ANN, "facts", "reasons", ("refuses",), ("letter 3",))
    first = Play().given(verdicts=possible).found("refusal").given(verdicts=met).do(propose)
    decided = replace(first.do(acts.Refuse(CITY, "no")).case, number="a")
    again = Play().given(others=(decided,), verdicts=possible).found("refusal").given(verdicts=met)
    again.refuses(propose, refusals.UsedBefore, "one act")
    again.do(acts.Propose(ANN, "facts", "reasons", ("refuses",), ("letter 4",)))


# -- proposal ----------------------------------------------------------------------------------------------


def test_a_proposal_needs_a_ground_that_is_met_and_words() -> None:
    play = Play().found()
    play.refuses(replace(PROPOSE, facts=" "), refusals.NoReasons, "charter 3")
    play.refuses(replace(PROPOSE, reasons=""), refusals.NoReasons, "charter 3")
    play.refuses(replace(PROPOSE, established=("refuses",)), refusals.NoReasons, "charter 3")
    play.given(verdicts={"penalties": verdict(met=None)}).refuses(PROPOSE, refusals.GroundNotMet, "R4.3")


def test_a_small_case_is_not_listed() -> None:
    play = Play().found().given(verdicts={"penalties": verdict(amount=999)})
    play.refuses(PROPOSE, refusals.BelowEveryBand, "F4")
    play.given(verdicts={"penalties": verdict(amount=None)}).refuses(PROPOSE, refusals.BelowEveryBand, "F4")


def test_who_cannot_perform_is_not_listed() -> None:
    rule = ListRule.model_validate({**BLACK, "ability": True})
    play = Play(rule).found()
    play.refuses(PROPOSE, refusals.AbilityNotShown, "F5")
    play.refuses(replace(PROPOSE, able=True), refusals.AbilityNotShown, "F5")
    play.do(replace(PROPOSE, able=True, documents=("  accounts \n of 2023 ", " ")))
    assert play.case.proposed is not None
    assert play.case.proposed.documents == ("accounts of 2023",)


def test_a_warning_needs_no_window_and_leads_nowhere() -> None:
    near = {"penalties": verdict(met=False, near=True)}
    play = Play().given(verdicts=near).found().do(acts.Warn(ANN, "one more would do"))
    assert play.case.found.near
    assert play.case.phase is Phase.FOUND
    play.refuses(PROPOSE, refusals.GroundNotMet, "R4.3")
    play.refuses(acts.Warn(ANN, ""), refusals.NoReasons, "charter 3")


# -- consent -----------------------------------------------------------------------------------------------


def test_the_next_level_up_agrees_and_nobody_else() -> None:
    play = Play().proposed()
    assert above(play.case, play.now) == "t-city"
    play.refuses(NOTIFY, refusals.ConsentMissing, "R4.5")
    play.refuses(acts.Consent(BEN, "x"), refusals.NotAbove, "R4.5")
    play.refuses(acts.Consent(PROVINCE, "x"), refusals.NotAbove, "R4.5")
    play.refuses(acts.Refuse(PROVINCE, "x"), refusals.NotAbove, "R4.5")
    play.refuses(acts.Consent(CITY, " "), refusals.NoReasons, "charter 3")
    play.do(acts.Consent(CITY, "sound")).refuses(acts.Consent(CITY, "again"), refusals.AlreadyDone, "order")


def test_a_province_asks_nobody() -> None:
    play = Play(authority="t-province").do(acts.Find("penalties", "x", PROVINCE))
    play.do(replace(PROPOSE, by=PROVINCE))
    assert above(play.case, play.now) is None
    play.refuses(acts.Consent(CITY, "x"), refusals.NotAbove, "R4.5")
    play.do(acts.Notify(PROVINCE))


def test_where_nobody_can_agree_nobody_can_propose() -> None:
    rule = ListRule.model_validate({**BLACK, "authorities": ["t-orphan"]})
    orphan = Officer("t-orphan", "o")
    play = Play(rule, authority="t-orphan", law=replace(LAW, lists=(rule,))).do(
        acts.Find("penalties", "x", orphan)
    )
    play.refuses(replace(PROPOSE, by=orphan), refusals.NobodyAbove, "R4.5")


def test_refusal_closes_even_after_the_time_to_agree() -> None:
    play = Play().proposed().later(60).do(acts.Refuse(CITY, "not grave enough"))
    assert play.case.phase is Phase.CLOSED


# -- notice and delivery -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "contacts",
    [
        (),
        (HEAD_OFFICE,),
        (ITSELF, replace(HEAD_OFFICE, name="itself")),
        (ITSELF, replace(HEAD_OFFICE, name="a\nb")),
    ],
)
def test_the_notice_must_reach_the_organisation_itself(contacts: tuple[Contact, ...]) -> None:
    Play().consented().given(contacts=contacts).refuses(NOTIFY, refusals.NobodyToServe, "F1")


def test_the_window_opens_with_the_last_delivery() -> None:
    play = Play().notified().later()
    play.do(deliver("itself", play))
    assert play.case.phase is Phase.NOTIFIED
    assert window_ends(play.case, RULE, CALENDAR) is None
    play.do(acts.Reply("before the other one has it"))
    assert play.case.considered
    play.later().do(deliver("head office", play))
    assert play.case.phase is Phase.OPEN
    assert play.case.open_since == play.now.today


def test_proof_of_delivery_is_what_it_is() -> None:
    play = Play().notified().later()
    proof = deliver("itself", play)
    play.refuses(replace(proof, contact="nobody"), refusals.NoSuchContact, "F1")
    play.refuses(replace(proof, proof=" "), refusals.BadProof, "F1")
    play.refuses(replace(proof, received=play.now.today + timedelta(days=1)), refusals.BadProof, "F1")
    assert play.case.notified is not None
    play.refuses(replace(proof, received=play.case.notified.on - timedelta(days=1)), refusals.BadProof, "F1")
    play.refuses(replace(proof, means=Means.ANNOUNCEMENT), refusals.BadProof, "F1")
    play.do(proof).refuses(proof, refusals.NoSuchContact, "F1")


def test_the_window_runs_from_proof_not_from_what_is_claimed() -> None:
    play = Play().notified()
    first = play.now.today
    play.later(20).do(replace(deliver("itself", play), received=first))
    play.do(replace(deliver("head office", play), received=first))
    assert play.case.open_since == play.now.today


def test_announcement_only_after_delivery_was_tried() -> None:
    play = Play().notified()
    play.do(deliver("itself", play))
    announce = acts.Announce(ANN, "the gazette")
    play.refuses(announce, refusals.NotTriedYet, "F1")
    failed = acts.ReportUndelivered(ANN, "head office", Means.POST, "unknown at the address")
    play.refuses(replace(failed, means=Means.ANNOUNCEMENT), refusals.BadProof, "F1")
    play.refuses(replace(failed, why=""), refusals.NoReasons, "charter 3")
    play.do(failed).refuses(replace(announce, where=""), refusals.NoReasons, "charter 3")
    play.do(announce).refuses(announce, refusals.AlreadyDone, "order")
    started = play.now.today
    assert tick_on(play.case, RULE, CALENDAR, None) == started + timedelta(days=31)
    play.later(30).refuses(acts.Tick(), refusals.NothingDue, "clock")
    play.later().do(acts.Tick())
    assert play.case.phase is Phase.OPEN
    assert [each.means for each in play.case.delivered] == [Means.POST, Means.ANNOUNCEMENT]


def test_an_announcement_stands_still_with_the_clock() -> None:
    play = Play().notified()
    for name in ("itself", "head office"):
        play.do(acts.ReportUndelivered(ANN, name, Means.POST, "unknown"))
    play.do(acts.Announce(ANN, "the gazette")).later(10).do(acts.Suspend(ANN, "flood"))
    play.later(40).refuses(acts.Tick(), refusals.NothingDue, "clock")
    play.do(acts.Resume(ANN, "the water is gone")).refuses(acts.Tick(), refusals.NothingDue, "clock")
    play.later(20).refuses(acts.Tick(), refusals.NothingDue, "clock")
    play.later(2).do(acts.Tick())
    assert play.case.phase is Phase.OPEN
