"""Which duties an entry brings about, for whom and until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.measures.entries import BEGINS, DAY, ENDS, LAW, TENDER, WAGES, entry, redlisted

from probity.measures import Decision, Entry, applied, duties, with_branches
from probity.rulebook import Binding, InForce, Law, ListKind, MeasureCategory

KINDS = {rule.list: rule.kind for rule in LAW.lists}


def test_every_signatory_that_may_execute_a_measure_has_a_duty_while_the_entry_is_in_force() -> None:
    found = duties(entry(), LAW, DAY)
    tender = {each.agency for each in found if each.measure.measure == TENDER}
    assert tender == {"cn-ndrc", "cn-mohurd", "cn-mot"}
    must = {each.measure.measure for each in found if each.informs is None}
    assert must == {TENDER, "cn/procurement-ban"}
    assert all(each.memorandum == WAGES and each.subject == entry().subject for each in found)


def test_a_duty_begins_and_ends_with_the_entry_to_the_day() -> None:
    about = entry()
    assert duties(about, LAW, BEGINS - timedelta(days=1)) == ()
    assert duties(about, LAW, BEGINS)
    assert duties(about, LAW, ENDS)
    assert duties(about, LAW, ENDS + timedelta(days=1)) == ()
    removed = entry(ended=DAY)
    assert duties(removed, LAW, DAY - timedelta(days=1))
    assert duties(removed, LAW, DAY) == ()


def test_reference_measures_inform_and_say_why() -> None:
    informs = {each.measure.measure: each.informs for each in duties(entry(), LAW, DAY) if each.informs}
    assert "R5.3" in str(informs["cn/subsidies-consulted"])
    assert "R5.8" in str(informs["cn/consulted-by-market"])


def test_an_imported_entry_only_informs() -> None:
    found = duties(entry(case=None, imported=True), LAW, DAY)
    assert found
    assert {each.informs for each in found} == {"imported; notice not proven here (R4.23, F23)"}


def test_only_serious_untrustworthiness_binds_other_agencies() -> None:
    about = entry(list="cn-abnormal-operations", kind=ListKind.ABNORMAL_OPERATION, issuer="cn-samr")
    found = duties(about, LAW, DAY)
    assert found
    assert all(each.informs is not None for each in found)
    assert {each.measure.category for each in found} == {MeasureCategory.MANAGEMENT}
    for kind in (ListKind.ABNORMAL_OPERATION, ListKind.WATCH):
        mild = applied(entry(list="cn-serious-violations", kind=kind), LAW, DAY, Decision.HONOUR)
        assert [each.informs for each in mild if each.measure.measure == "cn/honours"] == [
            "only serious untrustworthiness binds other agencies (R4.19)"
        ]


def test_nothing_that_reduces_rights_follows_from_a_warning_whatever_a_memorandum_says() -> None:
    warned = entry(list="cn-wage-arrears", kind=ListKind.WATCH)
    assert {each.measure.category for each in applied(warned, LAW, DAY)} == {MeasureCategory.MANAGEMENT}


def test_rewards_follow_from_redlists_alone_and_are_confirmed_with_the_same_care() -> None:
    found = applied(redlisted(), LAW, DAY)
    assert {each.measure.category for each in found} == {MeasureCategory.REWARD}
    assert {each.measure.measure for each in found if each.informs is None} == {
        "cn/fast-track",
        "cn/tolerant-acceptance",
        "cn/fewer-inspections",
    }
    (loans,) = (each for each in found if each.measure.measure == "cn/loans")
    assert "financial history is sound" in loans.measure.conduct
    assert loans.informs
    assert applied(entry(kind=ListKind.RED), LAW, DAY) == ()
    assert applied(redlisted(kind=ListKind.SERIOUS_VIOLATION), LAW, DAY) == ()


def test_the_band_of_a_case_limits_what_may_follow() -> None:
    rule = LAW.list("cn-wage-arrears", BEGINS)
    assert rule.bands is not None
    for band in rule.bands.bands:
        found = {each.measure.category.value for each in applied(entry(band=band.band), LAW, DAY)}
        assert found <= set(band.measures), band.band
    assert applied(entry(band="no-such-band"), LAW, DAY) == ()


def test_the_longest_time_of_a_measure_runs_from_the_entry_and_not_from_an_answer() -> None:
    long = entry(ends=date(2030, 1, 1))
    (tender,) = (each for each in applied(long, LAW, DAY) if each.measure.measure == TENDER)
    assert tender.until == date(2026, 5, 7)  # three years from 8 May 2023
    after = {each.measure.measure for each in applied(long, LAW, date(2026, 5, 8))}
    assert TENDER not in after
    assert "cn/procurement-ban" in after


def changed(**lists: object) -> Law:
    return replace(LAW, **lists)  # type: ignore[arg-type]


def test_what_was_agreed_after_the_decision_binds_nobody() -> None:
    later = InForce.model_validate({"from": BEGINS + timedelta(days=1)})
    law = changed(
        memoranda=tuple(
            each.model_copy(update={"in_force": later}) if each.memorandum == WAGES else each
            for each in LAW.memoranda
        )
    )
    found = duties(entry(), law, DAY)
    assert found
    assert all(each.informs for each in found)
    assert any("charter 4" in str(each.informs) for each in found if each.measure.measure == TENDER)


def test_who_signs_later_is_informed_and_not_bound() -> None:
    (wages,) = (each for each in LAW.memoranda if each.memorandum == WAGES)
    old = wages.model_copy(
        update={
            "signatories": tuple(each for each in wages.signatories if each != "cn-mot"),
            "in_force": InForce.model_validate({"from": date(2018, 1, 1), "to": DAY}),
        }
    )
    new = wages.model_copy(update={"in_force": InForce.model_validate({"from": DAY + timedelta(days=1)})})
    rest = [each for each in LAW.memoranda if each.memorandum != WAGES]
    law = changed(memoranda=(*rest, old, new))
    found = {
        each.agency: each.informs
        for each in duties(entry(), law, DAY + timedelta(days=1))
        if each.measure.measure == TENDER
    }
    assert found["cn-ndrc"] is None
    assert "charter 4" in str(found["cn-mot"])


def test_without_a_legal_basis_in_force_there_is_no_measure() -> None:
    ended = InForce.model_validate({"from": date(2012, 2, 1), "to": DAY - timedelta(days=1)})
    law = changed(
        measures=tuple(
            each.model_copy(update={"in_force": ended}) if each.measure == TENDER else each
            for each in LAW.measures
        )
    )
    assert TENDER in {each.measure.measure for each in applied(entry(), law, DAY - timedelta(days=1))}
    assert TENDER not in {each.measure.measure for each in applied(entry(), law, DAY)}


def test_a_branch_takes_part_in_what_those_above_it_signed() -> None:
    assert "cn-samr" in with_branches("zj-amr", LAW, DAY)
    assert "zj-amr" not in with_branches("cn-samr", LAW, DAY)


entries = st.builds(
    lambda list_, begins, days, ended, imported, band: entry(
        list=list_,
        kind=KINDS[list_],
        begins=begins,
        ends=begins + timedelta(days=days),
        ended=None if ended is None else begins + timedelta(days=ended),
        imported=imported,
        case=None if imported else "x/1",
        band=band,
    ),
    st.sampled_from(sorted(KINDS)),
    st.dates(date(2017, 1, 1), date(2025, 12, 31)),
    st.integers(30, 1500),
    st.none() | st.integers(0, 1500),
    st.booleans(),
    st.none() | st.sampled_from(["small", "large", "general", "serious"]),
)


@given(entries, st.dates(date(2017, 1, 1), date(2027, 12, 31)))
def test_every_duty_rests_on_an_entry_in_force_a_memorandum_a_statute_and_a_party(about: Entry, day: date) -> None:
    for duty in duties(about, LAW, day):
        memorandum, measure = LAW.memorandum(duty.memorandum, day), LAW.measure(duty.measure.measure, day)
        assert about.begins <= day <= (duty.until or day)
        assert about.ended is None or day < about.ended
        assert about.list in memorandum.lists
        assert duty.agency in memorandum.signatories
        assert duty.agency in measure.executors
        assert duty.subject == about.subject
        assert (measure.category is MeasureCategory.REWARD) == (about.kind is ListKind.RED)
        if duty.informs is None:
            assert not about.imported
            assert measure.binding is Binding.MANDATORY
            assert measure.category is not MeasureCategory.MARKET
            assert about.kind in (ListKind.SERIOUS_VIOLATION, ListKind.RED)


@given(entries, st.dates(date(2017, 1, 1), date(2027, 12, 31)), st.sampled_from(sorted(Decision)))
def test_asking_for_a_decision_only_leaves_out_what_does_not_matter_for_it(
    about: Entry, day: date, decision: Decision
) -> None:
    everything = applied(about, LAW, day)
    assert applied(about, LAW, day, decision) == tuple(
        each for each in everything if decision in each.measure.decisions
    )
