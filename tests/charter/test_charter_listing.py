"""Attacks on the charter through listings: each is tried at the doors of the service and of the database, and is
refused with its reason. Articles 1, 3 to 7."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from psycopg import errors
from tests.charter.doors import PERSONS
from tests.service.played import (
    AUTHORITY,
    CRITERION,
    DECIDER,
    DECISION,
    ENTER,
    LAW,
    LIST,
    PROPOSER,
    START,
    UPPER,
    act,
    deliver,
    found,
    listed,
    notified,
    opened,
    proposed,
    registered,
    violation,
)

from probity import ledger
from probity.canon import digest
from probity.errors import (
    CharterError,
    InputError,
    LedgerError,
    NaturalPersonError,
    ProbityError,
    ProcedureError,
)
from probity.ledger import Draft
from probity.procedures import store
from probity.rulebook import Disclosure
from probity.scoring import store as scoring
from probity.service import acts
from probity.service.duties import answer
from probity.service.findings import findings
from probity.service.fsck import fsck
from probity.service.wiring import today

FAR = date(2026, 1, 1)
MEASURE = "cn/procurement-ban"


@pytest.fixture
def who(database: str) -> str:
    name = registered()
    violation(name)
    return name


def refused(on: date | None, command: str, number: str, rule: str, **said: Any) -> None:
    """It is refused by that rule, says what to do, and leaves nothing behind."""
    before = ledger.head()
    with pytest.raises(ProcedureError) as error:
        act(on, command, number, **said)
    assert rule in error.value.rule, error.value.rule
    assert error.value.remedy
    assert ledger.head() == before


def nobody_is_listed(who: str) -> None:
    assert store.entries_of([who], FAR - timedelta(days=365)) == []
    assert store.entries_of([who], FAR) == []


def past_every_door(*said: Draft) -> None:
    """Through the ledger's own writer, and through nothing that looks at it."""
    with ledger.receive(
        digest(repr(said).encode()), item=said[0].item, issuer=said[0].issuer, source="force", rulebook=LAW.hash,
        generated=True,
    ) as writer:  # fmt: skip
        writer.append(said)
        writer.finish({})


# -- 1: a person as subject -----------------------------------------------------------------------------


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("code", PERSONS)
@pytest.mark.parametrize("scheme", ["cn-uscc", "mx-rfc", "lei"])
def test_article_1_nobody_can_open_a_case_about_a_person(scheme: str, code: str) -> None:
    with pytest.raises(ProbityError):
        found(f"{scheme}:{code}")
    assert ledger.count() == 0


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("subject", ["cn-uscc:11010519491231002X", "11010519491231002X"])
def test_article_1_a_person_is_refused_as_a_person_and_the_code_is_not_repeated(subject: str) -> None:
    with pytest.raises(NaturalPersonError) as error:
        found(subject)
    assert "19491231" not in str(error.value)


@pytest.mark.parametrize("code", PERSONS)
def test_article_1_no_document_of_a_case_carries_the_code_of_a_person(who: str, code: str) -> None:
    number = found(who)
    with pytest.raises(InputError):
        act(START, "propose", number, by=PROPOSER, facts=f"signed by {code}", reasons="r")
    assert store.kept_case(number).phase == "found"


def test_article_1_nobody_is_listed_with_the_organisation(who: str) -> None:
    """R4.14: no legal representative, no officer; the entry concerns one organisation and names nobody."""
    listed(who)
    said = [each.subject for block in ledger.stream() for each in block if "case" in each.attributes]
    assert set(said) == {who}


# -- 3: a person decides, another proposes --------------------------------------------------------------


def test_article_3_nobody_decides_on_his_own_proposal(who: str, database: str) -> None:
    number = opened(who)
    refused(DECISION, "enter", number, "charter 3", **{**ENTER, "by": PROPOSER})
    refused(DECISION, "dismiss", number, "charter 3", by=PROPOSER, reasons="r")
    act(DECISION, "enter", number, **ENTER)
    with psycopg.connect(database) as connection, pytest.raises(errors.CheckViolation):
        connection.execute("UPDATE procedures_entry SET decider = proposer")


def test_article_3_nobody_consents_to_his_own_proposal_or_from_beside(who: str) -> None:
    number = proposed(who)
    for by in (PROPOSER, DECIDER, {"agency": "zj-tax", "officer": "3"}):
        refused(START, "consent", number, "R4.5", by=by, reasons="r")
    refused(START, "notify", number, "R4.5", by=PROPOSER)


def test_article_3_software_decides_nothing_against_anybody(who: str) -> None:
    """Found by software, a case waits for ever; what software does brings nobody onto a list."""
    (noticed,) = findings(LIST, LAW, on=START)
    assert (noticed.subject, noticed.state) == (who, "met")
    number = found(who)
    software = {"act": "enter", **{k: v for k, v in ENTER.items() if k != "by"}}
    with pytest.raises(InputError):
        act(DECISION, case=number, act_=str(software.pop("act")), **software)
    nobody_is_listed(who)


def test_article_3_a_decision_has_facts_and_reasons(who: str) -> None:
    number = opened(who)
    for missing in ("facts", "reasons"):
        refused(DECISION, "enter", number, "charter 3", **{**ENTER, missing: "  "})
    receipt = act(DECISION, "enter", number, **ENTER)
    (entry,) = store.entries_of([who], DECISION)
    said = ledger.statement(entry.record).attributes
    assert all(said[name] for name in ("facts", "reason", "legal_basis", "contest", "evidence", "decision_number"))
    assert receipt.documents == (said["decision_number"],)


def test_article_3_a_grade_lists_nobody(who: str) -> None:
    """R4.21: however bad. No criterion of any list reads one, and none can be named as a ground."""
    scoring.run("cn-zhejiang-2020/enterprise", LAW, true_on=date(2023, 6, 30))
    for ground in ("grade", "score", "cn-zhejiang-2020/enterprise", "other"):
        with pytest.raises(ProcedureError, match=r"R4\.21"):
            found(who, criterion=ground)
    graded = {item.item for item in LAW.items if item.effect == "manifest"}
    graded |= {reads.source for card in LAW.cards for i in card.indicators for reads in i.reads if not reads.item}
    read = {
        item
        for rule in LAW.lists
        for criterion in rule.criteria
        for each in criterion.requires.records()
        for item in each.items
    }
    assert not read & graded


# -- 4: notice before effect ----------------------------------------------------------------------------


def test_article_4_nobody_is_listed_without_notice(who: str) -> None:
    for number in (found(who),):
        refused(DECISION, "enter", number, "order", **ENTER)
    act(START, "propose", number, by=PROPOSER, facts="f", reasons="r")
    refused(DECISION, "enter", number, "order", **ENTER)
    act(START, "consent", number, by=UPPER, reasons="r")
    act(START, "notify", number, by=PROPOSER)
    refused(DECISION, "enter", number, "order", **ENTER)
    nobody_is_listed(who)


def test_article_4_nobody_is_listed_before_the_window_ends(who: str) -> None:
    number = opened(who)
    for day in (DECISION - timedelta(days=n) for n in (1, 5, 14)):
        refused(day, "enter", number, "charter 4", **ENTER)
    act(DECISION, "enter", number, **ENTER)


def test_article_4_a_delivery_is_proven_and_cannot_lie_before_the_notice(who: str) -> None:
    number = notified(who)
    said = {"by": PROPOSER, "contact": "organisation", "means": "post"}
    for received, proof in (("2024-02-01", "p"), ("2024-12-01", "p"), (START.isoformat(), " ")):
        refused(START, "prove-delivery", number, "charter 4", received=received, proof=proof, **said)


def test_article_4_no_statement_shortens_the_window_by_its_date(database: str) -> None:
    who = registered(generated=False)
    violation(who, today() - timedelta(days=60), generated=False)
    for day in (today() - timedelta(days=30), today() + timedelta(days=30)):
        with pytest.raises(CharterError, match="charter 4"):
            found(who, day)
    number = notified(who, None)
    with pytest.raises(CharterError, match="charter 4"):
        deliver(number, today() - timedelta(days=20))
    back = today() - timedelta(days=25)
    said = {"case": number, "list": LIST, "officer": "1", "contact": "organisation", "means": "post",
            "received": back.isoformat(), "proof": "p"}  # fmt: skip
    step = Draft(who, "listing.delivered", AUTHORITY, f"{number}#5", back, attributes=said)
    with pytest.raises(CharterError, match="procedure"):
        acts.state([step], LAW, source="by hand")


def test_article_4_the_database_keeps_no_entry_without_notice(who: str) -> None:
    number = proposed(who)
    forced = Draft(who, "list.serious-violation", AUTHORITY, f"{number}#3", DECISION, date(2025, 3, 20),
                   {"list": LIST, "case": number, "criterion": CRITERION, "decision_number": "x", "reason": "r",
                    "legal_basis": "b", "facts": "f", "contest": "c", "officer": "9"})  # fmt: skip
    with pytest.raises(CharterError, match="procedure"):
        acts.state([forced], LAW, source="by hand", generated=True)
    past_every_door(forced)
    nobody_is_listed(who)
    assert any(number in fault for fault in fsck(LAW).faults)
    made_up = Draft(who, forced.item, AUTHORITY, "no case", DECISION, date(2025, 3, 20),
                    {**forced.attributes, "case": "no/such/case/1"})  # fmt: skip
    with pytest.raises((LedgerError, CharterError)):
        acts.record([made_up], LAW, source="force", generated=True)


# -- 5: only the one concerned --------------------------------------------------------------------------


def test_article_5_a_branch_brings_its_parent_on_no_list(who: str) -> None:
    parent = registered(1)
    for one, relation, other in ((who, "parent", parent), (parent, "branch", who)):
        acts.state(
            [Draft(one, "register.relation", "registry", relation, date(2017, 1, 1),
                   attributes={"relation": relation, "related": other})],
            LAW, source="test", generated=True,
        )  # fmt: skip
    with pytest.raises(ProcedureError, match=r"R4\.3"):
        found(parent)
    number = notified(who)
    for contact in ("organisation", "parent"):
        deliver(number, contact=contact)
    act(DECISION, "enter", number, **ENTER)
    assert [each.subject for each in store.entries_of([who, parent], DECISION)] == [who]
    nobody_is_listed(parent)


# -- 6: everything ends ---------------------------------------------------------------------------------


def test_article_6_no_term_beyond_the_maximum_and_none_is_extended(who: str, database: str) -> None:
    number = opened(who)
    for term in ("2y", "6y", "100y", "1d"):
        refused(DECISION, "enter", number, "R4.16", **{**ENTER, "term": term})
    act(DECISION, "enter", number, **ENTER)
    (entry,) = store.entries_of([who], DECISION)
    with pytest.raises(CharterError, match="procedure"):
        acts.correct(entry.record, LAW, reason="longer", valid_to=date(2027, 1, 1))
    refused(DECISION, "enter", number, "order", **ENTER)
    with pytest.raises(ProcedureError, match=number):
        found(who, DECISION)
    with psycopg.connect(database) as connection, pytest.raises(errors.CheckViolation, match="entry_ends"):
        connection.execute("UPDATE procedures_entry SET ends = ends + 3650")


def test_articles_5_and_6_a_measure_binds_the_listed_one_as_agreed_and_while_the_entry_lasts(
    database: str,
) -> None:
    who, parent = registered(), registered(1)
    violation(who, amount=600_000_000)
    listed(who)
    (entry,) = store.entries_of([who], DECISION)
    day, after = DECISION + timedelta(days=1), date(2025, 3, 21)
    sound = {"act": "confirm", "entry": entry.record, "memorandum": "cn/tax-violations", "measure": MEASURE,
             "by": {"agency": "cn-mof", "officer": "17"}, "subject": who, "decision": "procurement",
             "matter": "tender 7", "look": "the file was read", "reasons": "related to the tender",
             "contest": "reconsideration within 60 days"}  # fmt: skip
    before = ledger.head()
    for other, on in (
        ({"measure": "cn/tender-ban"}, day),
        ({"memorandum": "cn/wage-arrears"}, day),
        ({"by": {"agency": "cn-mohurd", "officer": "3"}}, day),
        ({"subject": parent}, day),
        ({"decision": "licence"}, day),
        ({}, DECISION - timedelta(days=1)),
        ({}, after),
    ):
        with pytest.raises(ProbityError) as error:
            answer({**sound, **other}, LAW, source="test", on=on)
        assert error.value.remedy
    assert ledger.head() == before
    answer(sound, LAW, source="test", on=day)
    step = Draft(who, "measure.confirmed", "cn-mof", "by hand", day, attributes={"entry": entry.record})
    with pytest.raises(CharterError, match="procedure"):
        acts.state([step], LAW, source="by hand", generated=True)


# -- 7: market information never suffices ---------------------------------------------------------------


MARKET = """\
items:
  - item: evil.complaint
    name: {en: Complaint of a customer}
    category: penalties
    polarity: neutral
    disclosure: shared
    origin: market
    in_force: {from: 2020-01-01}
    basis: Evil Act
    reference: R0
"""
ON_COMPLAINTS = """\
lists:
  - list: evil-list
    name: {en: Evil list}
    kind: serious-violation
    record: list.serious-violation
    authorities: [cn-samr]
    decides: {level: county}
    criteria:
      - criterion: complaints
        name: {en: Many complaints}
        basis: Evil Act, section 2
        reference: R0
        requires: {count: %s, at_least: 1}
    steps:
      calendar: cn
      respond: {number: 10, unit: working-days, rule: Evil Act}
      announcement: {number: 60, unit: days, rule: Evil Act}
      notify: {number: 5, unit: working-days, rule: Evil Act}
      hear: {number: 20, unit: working-days, rule: Evil Act}
      decide: {number: 15, unit: working-days, rule: Evil Act}
    lasts: {minimum: 3m, maximum: 3y}
    leaving: {basis: Evil Act, early: {en: none}}
    in_force: {from: 2022-01-01}
    basis: Evil Act
    reference: R0
"""


def test_article_7_complaints_list_nobody(evil: Callable[[dict[str, str]], list[str]], who: str) -> None:
    """They direct an inspection; what that finds can be a ground, and they are none."""
    said = evil({"catalogue.yaml": MARKET, "lists/evil.yaml": ON_COMPLAINTS % "evil.complaint"})
    assert any("charter 7" in error for error in said), said
    said = evil({"catalogue.yaml": MARKET, "lists/evil.yaml": ON_COMPLAINTS % "penalty.administrative"})
    assert not any("charter 7" in error for error in said), said
    with pytest.raises(ProcedureError, match=r"R4\.3"):
        found(who, criterion="complaints")


def test_what_is_shown_of_a_step_is_for_agencies() -> None:
    for item in LAW.items:
        if item.effect == "step":
            assert item.disclosure is Disclosure.RESTRICTED
            assert all(a.mask == "hidden" for a in item.attributes if a.attribute == "officer")
