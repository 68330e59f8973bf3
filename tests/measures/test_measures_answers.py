"""What an agency may answer: each refusal with its reason, and every state that can be reached."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.measures.entries import (
    BEGINS,
    DAY,
    ENDS,
    LAW,
    LISTED,
    OTHER,
    TENDER,
    WAGES,
    answering,
    confirm,
    entry,
    redlisted,
)

from probity.errors import InputError, LedgerError, ProcedureError
from probity.measures import (
    Answering,
    Confirm,
    Confirmed,
    Decision,
    Decline,
    Entry,
    Lift,
    Lifted,
    Stand,
    command_of,
    decide,
    draft,
    evolve,
    late,
    to_lift,
    with_branches,
)
from probity.measures import refusals as no
from probity.measures.codec import read_event
from probity.procedures import Officer
from probity.rulebook import Binding, ListKind, MeasureCategory

NDRC = Officer("cn-ndrc", "17")


def confirmed(about: Entry | None = None, on: date = DAY) -> Answering:
    begun = answering(about)
    return evolve(begun, decide(begun, confirm(), LAW, on))


def test_a_measure_is_taken_after_the_agencys_own_look_and_lifted_again() -> None:
    taken = confirmed()
    assert taken.stand is Stand.CONFIRMED
    over = evolve(taken, decide(taken, Lift(NDRC, "the wages were paid"), LAW, DAY + timedelta(days=9)))
    assert over.stand is Stand.LIFTED


def test_an_agency_may_decline_and_then_is_done() -> None:
    begun = answering()
    declined = evolve(begun, decide(begun, Decline(NDRC, "another unit of the group owed them"), LAW, DAY))
    assert declined.stand is Stand.DECLINED
    for command in (confirm(), Decline(NDRC, "again"), Lift(NDRC, "again")):
        with pytest.raises(no.NotNow):
            decide(declined, command, LAW, DAY)


@pytest.mark.parametrize("reward", ["cn/fast-track", "cn/tolerant-acceptance"])
def test_a_reward_takes_the_same_care(reward: str) -> None:
    begun = answering(redlisted(), reward, "cn-ndrc", "cn/red-taxpayers")
    asked = confirm(decision=Decision.LICENCE)
    assert isinstance(decide(begun, asked, LAW, DAY), Confirmed)
    with pytest.raises(no.NoOwnLook):
        decide(begun, replace(asked, look=" "), LAW, DAY)


ATTACKS: dict[str, tuple[Answering, Any, date, type[ProcedureError]]] = {
    "a measure that the memorandum does not agree": (
        answering(measure="cn/bond-issue"), confirm(), DAY, no.OutsideMemorandum),
    "a measure that nobody agreed": (
        answering(measure="cn/no-such-thing"), confirm(), DAY, no.OutsideMemorandum),
    "a memorandum of another list": (
        answering(memorandum="cn/agricultural-materials", measure="cn/procurement-ban", agency="cn-mof"),
        confirm(by=Officer("cn-mof", "1")), DAY, no.OutsideMemorandum),
    "an agency that did not sign": (
        answering(agency="cn-mee"), confirm(by=Officer("cn-mee", "1")), DAY, no.NotASignatory),
    "a signatory that may not execute it": (
        answering(agency="cn-samr"), confirm(by=Officer("cn-samr", "1")), DAY, no.NotASignatory),
    "before the entry": (answering(), confirm(), BEGINS - timedelta(days=1), no.NotInForce),
    "after its expiry": (answering(), confirm(), ENDS + timedelta(days=1), no.NotInForce),
    "after its removal": (answering(entry(ended=DAY)), confirm(), DAY, no.NotInForce),
    "declined after its expiry": (
        answering(), Decline(NDRC, "no need"), ENDS + timedelta(days=1), no.NotInForce),
    "against a supplier": (answering(), confirm(subject=OTHER), DAY, no.NotTheListed),
    "without an own look": (answering(), confirm(look="  "), DAY, no.NoOwnLook),
    "without reasons": (answering(), confirm(reasons=""), DAY, no.NoOwnLook),
    "without the decision it affects": (answering(), confirm(matter=" "), DAY, no.NoOwnLook),
    "for a decision that it has nothing to do with": (
        answering(), confirm(decision=Decision.HONOUR), DAY, no.NotThisDecision),
    "beyond its longest time": (
        answering(entry(ends=date(2030, 1, 1))), confirm(), date(2026, 5, 8), no.TooLong),
    "that only informs": (
        answering(measure="cn/subsidies-consulted"), confirm(decision=Decision.SUBSIDY), DAY, no.OnlyInforms),
    "on an imported entry": (
        answering(entry(imported=True, case=None)), confirm(), DAY, no.OnlyInforms),
    "on a warning": (answering(entry(kind=ListKind.WATCH)), confirm(), DAY, no.NotOfThisList),
    "as a reward for an offender": (
        answering(redlisted(kind=ListKind.SERIOUS_VIOLATION), "cn/fast-track", "cn-ndrc", "cn/red-taxpayers"),
        confirm(decision=Decision.LICENCE), DAY, no.NotOfThisList),
    "by the officer who proposed the entry": (
        answering(entry(proposer="cn-ndrc/17")), confirm(), DAY, no.OwnEntry),
    "by the officer who decided the entry": (
        answering(entry(decider="cn-ndrc/17")), confirm(), DAY, no.OwnEntry),
    "contested, and not read": (
        answering(entry(contested_since=DAY)), confirm(), DAY, no.ContestNotRead),
    "answered for another agency": (
        answering(agency="cn-mot"), confirm(), DAY, no.NotYours),
    "lifted before it was taken": (answering(), Lift(NDRC, "over"), DAY, no.NotNow),
    "lifted without reasons": (confirmed(), Lift(NDRC, " "), DAY, no.NoOwnLook),
    "lifted before the day on which it was taken": (
        confirmed(), Lift(NDRC, "over"), DAY - timedelta(days=1), no.Earlier),
    "taken twice": (confirmed(), confirm(), DAY, no.NotNow),
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_each_attack_is_refused_with_its_rule_and_a_way_out(attack: str) -> None:
    begun, command, day, refusal = ATTACKS[attack]
    with pytest.raises(refusal) as refused:
        decide(begun, command, LAW, day)
    assert refused.value.rule
    assert refused.value.remedy


def test_a_contest_is_visible_and_does_not_suspend() -> None:
    begun = answering(entry(contested_since=DAY))
    event = decide(begun, confirm(contest="the objection is about another site"), LAW, DAY)
    assert isinstance(event, Confirmed)
    assert event.contest == "the objection is about another site"


def test_a_branch_answers_for_itself() -> None:
    housing = next(
        each.agency
        for each in LAW.agencies
        if "cn-mohurd" in with_branches(each.agency, LAW, DAY) and each.part_of
    )
    begun = answering(agency=housing)
    assert decide(begun, confirm(by=Officer(housing, "3")), LAW, DAY).by.agency == housing


def test_what_cannot_follow_is_tampering() -> None:
    taken = confirmed()
    assert taken.last is not None
    with pytest.raises(LedgerError):
        evolve(taken, taken.last)
    with pytest.raises(LedgerError):
        evolve(taken, Lifted(on=DAY - timedelta(days=1), by=NDRC, reasons="x"))


def test_an_answer_reads_back_from_its_statement() -> None:
    for contest in (None, "read and answered"):
        begun = answering()
        event = decide(begun, confirm(contest=contest), LAW, DAY)
        said = draft(begun, event)
        assert (said.issuer, said.subject, said.valid_from) == ("cn-ndrc", LISTED, DAY)
        assert read_event(said.item, said.valid_from, said.issuer, dict(said.attributes)) == event


# -- lifting ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ended", "due"),
    [
        (date(2024, 3, 5), date(2024, 3, 6)),  # Tuesday: Wednesday
        (date(2024, 3, 8), date(2024, 3, 11)),  # Friday: Monday
        (date(2024, 2, 9), date(2024, 2, 18)),  # Spring Festival from the 10th; Sunday the 18th is worked
    ],
)
def test_a_measure_is_lifted_by_the_next_working_day(ended: date, due: date) -> None:
    taken = confirmed(on=date(2024, 1, 10))
    over = replace(taken, entry=entry(ended=ended))
    (lifting,) = to_lift([over], LAW, ended)
    assert (lifting.since, lifting.due) == (ended, due)
    assert late([over], LAW, due) == ()
    assert late([over], LAW, due + timedelta(days=1)) == (lifting,)


def test_nobody_is_late_before_the_end_or_after_lifting() -> None:
    taken = confirmed()
    assert to_lift([taken], LAW, ENDS) == ()
    assert late([taken], LAW, ENDS + timedelta(days=10))
    lifted = evolve(taken, decide(taken, Lift(NDRC, "over"), LAW, ENDS + timedelta(days=1)))
    assert late([lifted], LAW, ENDS + timedelta(days=30)) == ()


def test_a_measure_ends_with_its_longest_time_and_with_its_law() -> None:
    long = replace(confirmed(), entry=entry(ends=date(2030, 1, 1)))
    (lifting,) = to_lift([long], LAW, date(2026, 5, 8))
    assert lifting.since == date(2026, 5, 8)
    gone = replace(LAW, memoranda=tuple(each for each in LAW.memoranda if each.memorandum != WAGES))
    assert to_lift([confirmed()], gone, DAY) == ()  # nothing says since when
    repealed = replace(
        LAW,
        memoranda=tuple(
            each.model_copy(update={"in_force": each.in_force.model_copy(update={"to": DAY})})
            if each.memorandum == WAGES
            else each
            for each in LAW.memoranda
        ),
    )
    (ended,) = to_lift([confirmed()], repealed, DAY + timedelta(days=1))
    assert ended.since == DAY + timedelta(days=1)


# -- documents ----------------------------------------------------------------------------------------------

DOCUMENT = {
    "act": "confirm",
    "entry": "ab" * 32,
    "memorandum": WAGES,
    "measure": TENDER,
    "by": {"agency": "cn-ndrc", "officer": "17"},
    "subject": LISTED,
    "decision": "procurement",
    "matter": "tender 2024-55 for a school",
    "look": "wage records of two sites, read on 28 February 2024",
    "reasons": "wages of 31 workers are still not paid",
}


def test_a_document_is_read_into_a_command() -> None:
    assert command_of(DOCUMENT) == (("ab" * 32, WAGES, TENDER), confirm())
    less = {name: DOCUMENT[name] for name in ("entry", "memorandum", "measure", "by", "reasons")}
    assert command_of({**less, "act": "lift"})[1] == Lift(NDRC, str(DOCUMENT["reasons"]))


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"act": "punish"}, "act"),
        ({"by": "cn-ndrc"}, "by"),
        ({"by": {"agency": "cn-ndrc", "officer": 17}}, "officer"),
        ({"decision": "marriage"}, "decision"),
        ({"look": None}, "look"),
        ({"against": "everyone"}, "against"),
    ],
)
def test_a_faulty_document_says_where(change: dict[str, object], where: str) -> None:
    with pytest.raises(InputError) as refused:
        command_of({**DOCUMENT, **change})
    assert refused.value.where == where


# -- every state that can be reached ------------------------------------------------------------------------

AGENCIES = ["cn-ndrc", "cn-mof", "cn-mohurd", "cn-mot", "cn-samr", "cn-mee", "cn-sta", "zj-housing", "zj-tax"]
MEASURES = ["cn/tender-ban", "cn/procurement-ban", "cn/subsidies-consulted", "cn/bond-issue", "cn/fast-track"]
ANSWERS = st.tuples(
    st.sampled_from([WAGES, "cn/red-taxpayers", "cn/court-defaulters"]),
    st.sampled_from(MEASURES),
    st.sampled_from(AGENCIES),
)


class Reachable(RuleBasedStateMachine):
    """Agencies answer in any order, on any day, rightly and wrongly. What is taken is exactly what is lawful."""

    answered = Bundle("answered")

    @initialize(
        kind=st.sampled_from([ListKind.SERIOUS_VIOLATION] * 3 + [ListKind.WATCH, ListKind.RED]),
        imported=st.sampled_from([False, False, False, True]),
        days=st.integers(10, 1400),
        contested=st.booleans(),
    )
    def begin(self, kind: ListKind, imported: bool, days: int, contested: bool) -> None:
        self.entry = entry(
            list="cn-red-taxpayers" if kind is ListKind.RED else "cn-wage-arrears",
            kind=kind,
            imported=imported,
            ends=BEGINS + timedelta(days=days),
            contested_since=BEGINS if contested else None,
            proposer="cn-mof/1",
        )
        self.today = BEGINS
        self.known: dict[tuple[str, str, str], Answering] = {}

    @rule(days=st.integers(1, 200))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)

    @precondition(lambda self: self.entry.ended is None)
    @rule()
    def the_entry_is_removed(self) -> None:
        self.entry = replace(self.entry, ended=self.today)
        self.known = {key: replace(each, entry=self.entry) for key, each in self.known.items()}

    @rule(
        key=ANSWERS,
        officer=st.sampled_from(["1", "2", "3"]),
        decision=st.sampled_from([Decision.PROCUREMENT, Decision.LICENCE, Decision.LAND]),
        subject=st.sampled_from([LISTED, LISTED, LISTED, OTHER]),
        look=st.sampled_from(["read the file", "went there", ""]),
        contest=st.sampled_from([None, "answered"]),
    )
    def confirm(self, key: tuple[str, str, str], officer: str, decision: Decision, subject: str, look: str,
                contest: str | None) -> None:  # fmt: skip
        command = confirm(
            by=Officer(key[2], officer), subject=subject, decision=decision, look=look, contest=contest
        )
        lawful = (
            self._may(key)
            and subject == LISTED
            and look != ""
            and decision in LAW.measure(key[1]).decisions
            and str(command.by) not in (self.entry.proposer, self.entry.decider)
            and (contest is not None or self.entry.contested_since is None)
        )
        self._try(key, command, lawful)

    @rule(key=ANSWERS)
    def decline(self, key: tuple[str, str, str]) -> None:
        self._try(key, Decline(Officer(key[2], "1"), "looked, and found no ground"), self._may(key))

    @rule(key=ANSWERS)
    def lift(self, key: tuple[str, str, str]) -> None:
        taken = key in self.known and self.known[key].stand is Stand.CONFIRMED
        self._try(key, Lift(Officer(key[2], "1"), "over"), taken)

    def _may(self, key: tuple[str, str, str]) -> bool:
        """Whether the agency may answer at all, by the rule sheet and not by the code."""
        memorandum, measure, agency = LAW.memorandum(key[0]), LAW.measure(key[1]), LAW.agency(key[2])
        agreed = next((each for each in memorandum.measures if each.measure == key[1]), None)
        if key in self.known or agreed is None or self.entry.list not in memorandum.lists:
            return False
        mine = {agency.agency, agency.part_of}
        party = mine & set(agreed.by or memorandum.signatories) & set(measure.executors)
        over = self.entry.ended is not None and self.today >= self.entry.ended
        last = BEGINS + timedelta(days=3 * 365)  # 8 May 2023 to 7 May 2026, 2024 being a leap year
        return (
            bool(party)
            and not over
            and self.today <= (self.entry.ends or self.today)
            and (measure.maximum is None or self.today <= last)
            and measure.binding is Binding.MANDATORY
            and not self.entry.imported
            and self.entry.kind is not ListKind.WATCH
            and (measure.category is MeasureCategory.REWARD) == (self.entry.kind is ListKind.RED)
        )

    def _try(self, key: tuple[str, str, str], command: Any, lawful: bool) -> None:
        begun = self.known.get(key) or Answering(self.entry, *key)
        if lawful:
            self.known[key] = evolve(begun, decide(begun, command, LAW, self.today))
            return
        with pytest.raises(ProcedureError) as refused:
            decide(begun, command, LAW, self.today)
        assert refused.value.rule
        assert refused.value.remedy

    @invariant()
    def nothing_stays_when_nothing_carries_it(self) -> None:
        if not hasattr(self, "entry"):
            return
        alarmed = {each.answering.agency for each in late(self.known.values(), LAW, self.today)}
        since = self.entry.over_since
        for each in self.known.values():
            open_ = each.stand is Stand.CONFIRMED
            if since is None or self.today <= since:
                continue
            if open_ and (self.today - since).days > 12:
                assert each.agency in alarmed


Reachable.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestReachable = Reachable.TestCase


def test_confirm_is_frozen() -> None:
    with pytest.raises(AttributeError):
        confirm().look = "another"  # type: ignore[misc]
    assert isinstance(confirm(), Confirm)
