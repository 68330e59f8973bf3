"""Answers to duties in the ledger: from an entry that went through its case to the lifting of what it brought."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from tests.service import played
from tests.service.played import CRITERION, LAW, act, listed, registered, violation

from probity import ledger
from probity.errors import CharterError, LedgerError, NotFoundError, ProcedureError
from probity.ledger import Draft
from probity.measures import Confirmed, Stand
from probity.measures import store as measures
from probity.procedures import Officer
from probity.scoring import Days
from probity.service import acts, duties
from probity.service.check import check

DAY = date(2024, 4, 1)
"""A Monday, eleven days after the decision; the 4th to the 6th are free (Qingming), Sunday the 7th is worked."""
MOF = {"agency": "cn-mof", "officer": "0417"}
BAN = "cn/procurement-ban"

Answer = Callable[..., duties.Receipt]


@pytest.fixture
def who(database: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("probity.service.check.days", lambda: Days(DAY))
    subject = registered()
    large = {"decision_number": "浙税稽2", "conduct": CRITERION, "amount": 9_000_000_000}
    draft = Draft(subject, "tax.violation", "zj-tax", "large", date(2024, 1, 15), attributes=large)
    acts.state([draft], LAW, source="test", generated=True)
    listed(subject)
    return subject


@pytest.fixture
def answer(who: str) -> Answer:
    (entry,) = measures.entries_of([who])

    def give(act_: str = "confirm", on: date = DAY, **changes: Any) -> duties.Receipt:
        said: dict[str, Any] = {
            "act": act_,
            "entry": entry.record,
            "memorandum": "cn/tax-violations",
            "measure": BAN,
            "by": MOF,
            "reasons": "invoices for goods that never moved; the tender is for such goods",
        }
        if act_ == "confirm":
            said |= {
                "subject": who,
                "decision": "procurement",
                "matter": "tender 2024-55",
                "look": "read the decision",
            }
        return duties.answer({**said, **changes}, LAW, source="test", on=on)

    return give


def stand(who: str, day: date = DAY) -> Stand:
    (owed,) = (each for each in duties.duties_about(who, LAW, day) if each.duty.measure.measure == BAN)
    return owed.stand


def test_an_answer_is_a_statement_of_the_agency_and_shown_to_it(who: str, answer: Answer) -> None:
    assert stand(who) is Stand.OPEN
    receipt = answer()
    said = ledger.statement(receipt.statement)
    assert (said.item, said.issuer, said.subject, said.valid_from) == ("measure.confirmed", "cn-mof", who, DAY)
    assert said.generated
    assert said.attributes["officer"] == "0417"
    assert stand(who) is Stand.CONFIRMED
    found = check([who], "procurement", "deciding", "政府采购法 art. 22", Officer("cn-mof", "2"), LAW)
    (ban,) = (each for each in found.answers[0].entries[0].measures if each.measure == BAN)
    assert (ban.must, ban.stands, ban.answered) == (False, "confirmed", DAY)
    other = check([who], "procurement", "deciding", "政府采购法 art. 22", Officer("cn-sta", "2"), LAW)
    (theirs,) = (each for each in other.answers[0].entries[0].measures if each.measure == BAN)
    assert theirs.stands is None
    assert measures.differences() == []


def test_what_is_refused_leaves_no_trace(answer: Answer) -> None:
    before = ledger.count()
    for wrong in (
        {"look": " "},
        {"subject": played.subject(9)},
        {"measure": "cn/tender-ban"},
        {"decision": "honour"},
        {"by": {"agency": "cn-sta", "officer": "1"}},
        {"on": date(2024, 3, 20)},
        {"on": date(2025, 3, 21)},
    ):
        with pytest.raises(ProcedureError):
            answer(**wrong)
    answer()
    with pytest.raises(ProcedureError):
        answer()
    assert ledger.count() == before + 1


def test_nobody_states_or_takes_back_an_answer_by_hand(answer: Answer) -> None:
    receipt = answer()
    said = ledger.statement(receipt.statement)
    draft = Draft(said.subject, said.item, said.issuer, "again", said.valid_from, None, dict(said.attributes))
    with pytest.raises(CharterError):
        acts.state([draft], LAW, source="test", generated=True)
    with pytest.raises((CharterError, LedgerError)):
        acts.withdraw(receipt.statement, LAW, reason="never was")


def test_the_database_takes_each_answer_once(answer: Answer) -> None:
    answer()
    with connection.cursor() as cursor, pytest.raises(IntegrityError):
        cursor.execute(
            f"INSERT INTO measures_answer ({measures.COLUMNS}) SELECT"
            f" position + 1, {measures.COLUMNS.partition(', ')[2]} FROM measures_answer"
        )


def test_the_alarm_rings_until_the_agency_has_lifted(who: str, answer: Answer) -> None:
    answer()
    end = date(2025, 3, 20)
    assert duties.late(LAW, end) == ()
    assert duties.late(LAW, date(2025, 3, 24)) == ()  # over on Friday the 21st: until Monday
    (late,) = duties.late(LAW, date(2025, 3, 25))
    assert (late.answering.agency, late.since, late.due) == ("cn-mof", date(2025, 3, 21), date(2025, 3, 24))
    with pytest.raises(ProcedureError):
        answer(on=date(2025, 3, 21), memorandum="cn/tax-violations")
    answer("lift", on=date(2025, 3, 25))
    assert duties.late(LAW, date(2025, 4, 25)) == ()
    assert duties.duties_about(who, LAW, date(2025, 3, 25)) == ()
    assert measures.differences() == []


@pytest.mark.parametrize("ground", ["correction", "court"])
def test_a_withdrawn_entry_leaves_every_view_and_the_alarm_remains(who: str, answer: Answer, ground: str) -> None:
    answer()
    (entry,) = measures.entries_of([who])
    assert entry.case is not None
    day = date(2024, 4, 3)  # the next working day is Sunday the 7th
    act(day, "remove", entry.case, by=played.DECIDER, ground=ground, document="judgment 3", reasons="not so")
    assert measures.entries_of([who]) == []
    found = check([who], "procurement", "deciding", "政府采购法 art. 22", Officer("cn-mof", "2"), LAW)
    assert found.answers[0].entries == ()
    (late,) = duties.late(LAW, date(2024, 4, 8))
    assert (late.since, late.due) == (day, date(2024, 4, 7))
    answer("lift", on=date(2024, 4, 8))
    assert duties.late(LAW, date(2024, 4, 30)) == ()


def test_an_answer_that_the_ledger_does_not_hold_is_found(answer: Answer) -> None:
    receipt = answer()
    assert isinstance(receipt.answering.last, Confirmed)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE measures_answer SET reasons = 'because'")
    (difference,) = measures.differences()
    assert "not what the ledger says" in difference
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM measures_answer")
    (difference,) = measures.differences()
    assert "missing" in difference


def test_an_unknown_entry_is_not_found(answer: Answer) -> None:
    for record in ("f" * 64, "Z", "12"):
        with pytest.raises(NotFoundError):
            answer(entry=record)


@pytest.mark.usefixtures("database")
def test_only_made_up_organisations_are_answered_on_another_day(monkeypatch: pytest.MonkeyPatch) -> None:
    subject = registered()
    violation(subject)
    listed(subject)
    (entry,) = measures.entries_of([subject])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procedures_entry SET generated = false")
    said = {"act": "decline", "entry": entry.record, "memorandum": "cn/tax-violations", "measure": BAN, "by": MOF,
            "reasons": "no"}  # fmt: skip
    with pytest.raises(CharterError):
        duties.answer(said, LAW, source="test", on=DAY + timedelta(days=1))
