"""Cases through the door of officers: a whole one, what is refused, who is served, and what keeps in step."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from tests.service.played import (
    ABOVE,
    AUTHORITY,
    CRITERION,
    DECIDER,
    DECISION,
    ENTER,
    LAW,
    LIST,
    OPEN,
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
    subject,
    violation,
)

from probity import dossier, ledger
from probity.errors import CharterError, InputError, LedgerError, NotFoundError, ProcedureError
from probity.ledger import Act, Draft
from probity.procedures import store
from probity.rulebook import ListKind, Status
from probity.service import acts, cases
from probity.service.fsck import fsck
from probity.service.wiring import today

ENTRY_DAY = DECISION + timedelta(days=30)


@pytest.fixture
def who(database: str) -> str:
    """An organisation in the register, with a decision of the tax authority that meets the criterion."""
    name = registered()
    violation(name)
    return name


def entries(who: str, day: date = ENTRY_DAY) -> list[str]:
    return [each.list for each in store.entries_of([who], day)]


def test_a_case_from_finding_to_entry(who: str) -> None:
    number = found(who)
    assert number == f"{AUTHORITY}/{LIST}/2024/1"
    receipt = act(START, "propose", number, by=PROPOSER, facts="false invoices", reasons="serious")
    assert (receipt.phase, receipt.documents) == ("proposed", (f"{number}-1",))
    assert [(due.what, due.whose) for due in receipt.due] == [("consent", ABOVE)]
    assert [due.what for due in act(START, "consent", number, by=UPPER, reasons="agreed").due] == ["notice"]
    assert act(START, "notify", number, by=PROPOSER).phase == "notified"
    assert deliver(number).phase == "open"
    assert store.kept_case(number).window_ends == DECISION - timedelta(days=1)
    receipt = act(DECISION, "enter", number, **ENTER)
    assert (receipt.phase, receipt.due) == ("listed", ())
    (entry,) = store.entries_of([who], DECISION)
    assert (entry.list, entry.kind, entry.case_number) == (LIST, ListKind.SERIOUS_VIOLATION, number)
    assert (entry.begins, entry.ends) == (DECISION, date(2025, 3, 20))
    assert (entry.imported, entry.issuer, entry.document) == (False, AUTHORITY, receipt.documents[0])
    assert entry.notified == START
    record = next(
        each for each in dossier.open_file(who, LAW, true_on=DECISION).records if each.id == entry.record
    )
    assert record.attributes["case"] == number
    assert entries(who, DECISION - timedelta(days=1)) == []
    assert entries(who, date(2025, 3, 21)) == []
    assert fsck(LAW).faults == ()


def test_numbers_are_given_in_order_and_by_year(who: str) -> None:
    other = registered(1)
    violation(other)
    assert found(who) == f"{AUTHORITY}/{LIST}/2024/1"
    assert found(other) == f"{AUTHORITY}/{LIST}/2024/2"
    third = registered(2)
    violation(third, date(2025, 1, 3))
    assert found(third, date(2025, 1, 6)) == f"{AUTHORITY}/{LIST}/2025/1"


def test_one_matter_is_one_case(who: str) -> None:
    number = found(who)
    with pytest.raises(ProcedureError, match=number):
        found(who)
    with pytest.raises(ProcedureError, match=number):
        found(who, authority="hz-tax")
    with pytest.raises(ProcedureError, match=r"R4\.2"):
        found(who, authority="tonglu-amr")


# -- who is served -----------------------------------------------------------------------------------------


def test_the_parent_of_a_branch_is_served_too_and_not_the_other_way_round(who: str) -> None:
    """F1: headquarters learned of a branch's listing when it was too late."""
    parent = registered(1)
    acts.state(
        [Draft(who, "register.relation", "registry", "r", date(2017, 1, 1),
               attributes={"relation": "parent", "related": parent})],
        LAW, source="test", generated=True,
    )  # fmt: skip
    for n, means in enumerate(("post", "in-person"), 1):
        acts.state(
            [Draft(who, "register.contact", "registry", f"c{n}", date(2018, 1, n),
                   attributes={"role": "compliance office", "means": means})],
            LAW, source="test", generated=True,
        )  # fmt: skip
    number = notified(who)
    case = store.case(number, LAW)
    assert case.notified is not None
    assert [(each.name, each.subject, each.means) for each in case.notified.contacts] == [
        ("organisation", who, "portal"),
        ("contact-1", who, "post"),
        ("contact-2", who, "in-person"),
        ("parent", parent, "portal"),
    ]
    for contact in ("organisation", "parent", "contact-2"):
        assert deliver(number, contact=contact).phase == "notified"
    assert deliver(number, contact="contact-1").phase == "open"
    violation(parent)
    above = notified(parent)
    assert [each.subject for each in store.case(above, LAW).notified.contacts] == [parent]  # type: ignore[union-attr]


# -- what is refused ---------------------------------------------------------------------------------------


def test_what_is_refused_leaves_no_trace(who: str) -> None:
    number = opened(who)
    before = ledger.head()
    for on, command, said in (
        (DECISION - timedelta(days=1), "enter", ENTER),
        (DECISION, "enter", {**ENTER, "by": PROPOSER}),
        (DECISION, "enter", {**ENTER, "by": UPPER}),
        (DECISION, "enter", {**ENTER, "term": "4y"}),
        (DECISION, "enter", {**ENTER, "term": "1d"}),
        (DECISION, "enter", {**ENTER, "facts": " "}),
        (START, "reply", {"text": "before the last act"}),
    ):
        with pytest.raises(ProcedureError):
            act(on, command, number, **said)
    assert ledger.head() == before
    assert store.kept_case(number).phase == "open"


@pytest.mark.usefixtures("who")
def test_bad_commands_are_explained() -> None:
    number = found(subject())
    for document, where in (
        ({}, "act"),
        ({"act": "list-them"}, "act"),
        ({"act": "enter"}, None),
        ({"act": "find", "criterion": CRITERION, "facts": "x"}, "list"),
        ({"act": "notify", "by": PROPOSER}, "case"),
        ({"act": "notify", "case": number, "by": PROPOSER, "seen": "now"}, "seen"),
        ({"act": "notify", "case": number, "by": PROPOSER, "on": "2024-01-01"}, "notify.on"),
        ({"act": "notify", "case": 7, "by": PROPOSER}, "case"),
    ):
        with pytest.raises(InputError) as refused:
            cases.act(document, LAW, source="test", on=START)
        assert refused.value.remedy
        assert where in (None, refused.value.where)
    with pytest.raises(NotFoundError):
        act(START, "notify", "no/such/case/1", by=PROPOSER)
    with pytest.raises(NotFoundError):
        found(subject(9), None)
    with pytest.raises(NotFoundError):
        found(subject(), list="no-such-list")


def test_who_looked_at_another_state_is_told(who: str) -> None:
    number = proposed(who)
    seen = store.kept_case(number).position
    act(START, "consent", number, by=UPPER, reasons="agreed", seen=seen)
    with pytest.raises(ProcedureError, match="moved on"):
        act(START, "notify", number, by=PROPOSER, seen=seen)


def test_two_officers_at_once_take_turns(who: str) -> None:
    """Both want to notify; one does, and the other is told that it was done."""
    number = proposed(who)
    act(START, "consent", number, by=UPPER, reasons="agreed")
    start, said = Barrier(2), []

    def notify() -> None:
        start.wait()
        try:
            said.append(act(START, "notify", number, by=PROPOSER).phase)
        except ProcedureError as refused:
            said.append(type(refused).__name__)
        finally:
            connection.close()

    threads = [Thread(target=notify) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["NotNow", "notified"]
    assert fsck(LAW).faults == ()


# -- by hand and by file -----------------------------------------------------------------------------------


def test_nobody_states_a_step_or_an_entry_of_a_case_by_hand(who: str) -> None:
    number = listed(who)
    mine = ledger.statements([who])
    entry = next(each for each in mine if each.item == "list.serious-violation")
    step = next(each for each in mine if each.item == "listing.delivered")
    for said in (
        Draft(who, "listing.opened", "registry", f"{number}#99", DECISION,
              attributes={"case": number, "list": LIST}),
        Draft(who, entry.item, AUTHORITY, "x", DECISION, DECISION, dict(entry.attributes)),
        Draft(who, entry.item, AUTHORITY, entry.reference, entry.valid_from, DECISION, dict(entry.attributes),
              Act.CORRECT, entry.id),
        Draft(who, entry.item, AUTHORITY, entry.reference, entry.valid_from, act=Act.WITHDRAW, target=entry.id),
        Draft(who, step.item, step.issuer, step.reference, START, attributes=dict(step.attributes),
              act=Act.CORRECT, target=step.id),
        Draft(who, step.item, step.issuer, step.reference, START, act=Act.WITHDRAW, target=step.id),
    ):  # fmt: skip
        with pytest.raises(CharterError, match="procedure"):
            acts.state([said], LAW, source="test", generated=True)
    for id_ in (entry.id, step.id):
        with pytest.raises(CharterError, match="procedure"):
            acts.withdraw(id_, LAW, reason="by hand")
    assert fsck(LAW).faults == ()


def test_an_imported_entry_is_kept_as_such_and_follows_its_corrections(who: str) -> None:
    said = {"list": LIST, "decision_number": "D1", "reason": "elsewhere"}
    state = {"law": LAW, "source": "test", "generated": True}
    draft = Draft(who, "list.serious-violation", "zj-tax", "elsewhere 1", START, attributes=said)
    with pytest.raises(CharterError, match="by notice, reply and decision"):
        acts.state([draft], **state)  # type: ignore[arg-type]
    # As a file brings it.
    (id_,) = acts.record([draft], **state)["statements"]  # type: ignore[arg-type]
    (entry,) = store.entries_of([who], ENTRY_DAY)
    assert (entry.imported, entry.case_number, entry.notified) == (True, None, None)
    assert entry.ends == date(2027, 2, 28)
    objection = Draft(
        who, "objection.lodged", "registry", "o1", DECISION, attributes={"ground": "error"}, target=id_
    )
    acts.state([objection], **state)  # type: ignore[arg-type]
    assert store.entries_of([who], ENTRY_DAY)[0].contested_since == DECISION
    closed = Draft(who, "objection.closed", "registry", "o2", DECISION,
                   attributes={"outcome": "rejected", "reasons": "r"}, target=id_)  # fmt: skip
    acts.state([closed], **state)  # type: ignore[arg-type]
    assert store.entries_of([who], ENTRY_DAY)[0].contested_since is None
    acts.correct(id_, LAW, reason="wrong day", valid_to=date(2024, 6, 30))
    assert store.entries_of([who], ENTRY_DAY)[0].ends == date(2024, 6, 30)
    repair = Draft(
        who, "repair.granted", "registry", "r1", date(2024, 5, 1), attributes={"reasons": "r"}, target=id_
    )
    acts.state([repair], **state)  # type: ignore[arg-type]
    assert entries(who, date(2024, 4, 30)) == [LIST]
    assert entries(who, date(2024, 5, 1)) == []
    acts.withdraw(id_, LAW, reason="never was")
    assert entries(who) == []
    assert fsck(LAW).faults == ()


# -- removal -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ground", ["correction", "court"])
def test_what_should_not_have_been_made_leaves_every_view(who: str, ground: str) -> None:
    number = listed(who)
    (entry,) = store.entries_of([who], DECISION)
    receipt = act(ENTRY_DAY, "remove", number, by=DECIDER, ground=ground, document="judgment 7", reasons="wrong")
    assert (receipt.phase, len(receipt.statements)) == ("ended", 2)
    assert receipt.position == store.kept_case(number).position
    for day in (DECISION, ENTRY_DAY):
        assert entries(who, day) == []
        records = {each.id: each for each in dossier.open_file(who, LAW, true_on=day).records}
        assert records[entry.record].status is Status.WITHDRAWN
    assert store.kept_case(number).outcome == ground
    assert fsck(LAW).faults == ()


def test_an_entry_that_was_removed_can_only_come_again_with_new_facts(who: str) -> None:
    number = listed(who)
    act(ENTRY_DAY, "remove", number, by=DECIDER, ground="court", document="judgment 7", reasons="wrong")
    with pytest.raises(ProcedureError, match=number):
        found(who, ENTRY_DAY)
    violation(who, ENTRY_DAY, number="2")
    assert found(who, ENTRY_DAY).endswith("/2")


# -- the clock ---------------------------------------------------------------------------------------------


def test_real_organisations_have_today_and_no_other_day(database: str) -> None:
    who = registered(generated=False)
    violation(who, today() - timedelta(days=30), generated=False)
    for other in (today() - timedelta(days=20), today() + timedelta(days=1)):
        with pytest.raises(CharterError, match="charter 4"):
            found(who, other)
    number = found(who, None)
    assert store.kept_case(number).opened == today()


def test_a_statement_recorded_later_than_its_day_counts_from_then_and_is_found(database: str) -> None:
    """Somebody writes past every door: a notice delivered long ago. The window does not get shorter by it."""
    who = registered(generated=False)
    violation(who, today() - timedelta(days=30), generated=False)
    number = notified(who, None)
    case = store.case(number, LAW)
    back = today() - timedelta(days=25)
    step = Draft(who, "listing.delivered", AUTHORITY, f"{number}#5", back,
                 attributes={"case": number, "list": LIST, "officer": "0417", "contact": "organisation",
                             "means": "post", "received": back.isoformat(), "proof": "p"})  # fmt: skip
    opening = replace(step, item="listing.opened", issuer="registry", reference=f"{number}#6",
                      attributes={"case": number, "list": LIST})  # fmt: skip
    acts.record([step, opening], LAW, source="past every door", generated=False)
    assert case.phase == "notified"
    again = store.case(number, LAW)
    assert again.open_since == today()
    faults = fsck(LAW).faults
    assert len([fault for fault in faults if "a procedure states on the day" in fault]) == 2, faults


def test_fsck_finds_what_was_tampered_with(who: str) -> None:
    number = listed(who)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procedures_entry SET ends = ends + 30, decider = 'somebody'")
        cursor.execute("UPDATE procedures_case SET tick_on = NULL")
    faults = fsck(LAW).faults
    assert any("entry" in fault and "ends" in fault and "decider" in fault for fault in faults)
    assert any(number in fault and "tick_on" in fault for fault in faults)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procedures_entry")
    assert any("entry" in fault and "missing" in fault for fault in fsck(LAW).faults)


def test_fsck_names_a_case_that_cannot_have_happened(who: str) -> None:
    """An entry forced into the ledger without notice: the case cannot be replayed, and no row is kept."""
    number = proposed(who)
    forced = Draft(who, "list.serious-violation", AUTHORITY, f"{number}#3", START, date(2024, 12, 31),
                   {"list": LIST, "case": number, "decision_number": f"{number}-2", "reason": "r", "officer": "1",
                    "criterion": CRITERION, "legal_basis": "b", "facts": "f", "contest": "c"})  # fmt: skip
    with pytest.raises(LedgerError, match=r"Entered.*phase proposed"):
        acts.record([forced], LAW, source="force", generated=True)
    with ledger.receive(
        "ab" * 32, item=forced.item, issuer=forced.issuer, source="force", rulebook=LAW.hash, generated=True
    ) as writer:
        writer.append([forced])
        writer.finish({})
    assert any("cannot have happened" in fault and number in fault for fault in fsck(LAW).faults)
    assert entries(who) == []
    # Whoever is concerned is not refused for it: what is said about it otherwise is stated, and the rows stay.
    registered(on="2024-06-01", status="active")
    assert store.kept_case(number).phase == "proposed"
    with pytest.raises(LedgerError):
        act(START, "consent", number, by=UPPER, reasons="agreed")


@pytest.mark.usefixtures("who")
def test_day_of_opening() -> None:
    assert OPEN > START


def test_a_list_takes_only_organisations_of_its_own_jurisdiction(database: str) -> None:
    draft = Draft("lei:5493001KJTIIGC8Y1R12", "register.organisation", "registry", "elsewhere", date(2016, 1, 1),
                  attributes={"name": "Elsewhere"})  # fmt: skip
    acts.state([draft], LAW, source="test", generated=True)
    with pytest.raises(ProcedureError, match="a code of cn-uscc"):
        found(draft.subject)
