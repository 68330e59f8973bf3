"""The question agencies ask all day, its log, and the answers to duties, on a real database."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from tests.measures.entries import LAW
from tests.measures.rows import BEGINS, list_entry, register

from probity import ledger
from probity.errors import (
    CharterError,
    IdentifierError,
    NaturalPersonError,
    NotFoundError,
    QuestionError,
    StoreError,
)
from probity.identity import compose
from probity.measures import Decision, Purpose
from probity.measures import store as measures
from probity.measures.sight import _seen
from probity.procedures import Officer
from probity.service import acts
from probity.service.check import Answers, as_json, check, lookups

ALIBABA = "cn-uscc:91330100799655058B"
TENCENT = "cn-uscc:91440101327598294H"
FEDEX = "cn-uscc:911100007109207250"
BY = Officer("cn-ndrc", "0417")
BASIS = "招标投标法实施条例 art. 68"
TRADER = "92330106MA2B0K8Y3T"
CITIZEN = "11010519491231002X"


@pytest.fixture
def three(database: str) -> str:
    register(ALIBABA, "阿里巴巴(中国)有限公司")
    register(TENCENT, "Guangzhou Tencent Technology Co., Ltd.")
    register(FEDEX, "FedEx (China) Co., Ltd.")
    return list_entry(ALIBABA)


def ask(*codes: str, **changes: Any) -> Answers:
    said = {"decision": "procurement", "purpose": "deciding", "basis": BASIS, "by": BY, **changes}
    return check(codes or (ALIBABA,), law=LAW, **said)


def logged() -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT agency, officer, purpose, basis, decision, organisations FROM measures_lookup")
        return cursor.fetchall()


@pytest.mark.usefixtures("three")
def test_the_answer_says_what_matters_and_on_what_it_rests() -> None:
    (answer,) = ask().answers
    (entry,) = answer.entries
    assert (answer.subject, answer.name, entry.list) == (ALIBABA, "阿里巴巴(中国)有限公司", "cn-wage-arrears")
    assert (entry.basis, entry.begins, entry.criterion) == (
        "保障农民工工资支付条例 art. 48",
        BEGINS,
        "refuses",
    )
    must = {measure.measure: measure for measure in entry.measures if measure.must}
    assert set(must) == {"cn/tender-ban"}
    assert "招标投标法" in must["cn/tender-ban"].basis
    assert must["cn/tender-ban"].memorandum == "cn/wage-arrears"
    others = {measure.measure: measure.informs for measure in entry.measures if not measure.must}
    assert "agreed among others: cn-mof" in str(others["cn/procurement-ban"])


@pytest.mark.usefixtures("three")
def test_nothing_is_found_where_nothing_matters_for_this_decision() -> None:
    assert [answer.entries for answer in ask(TENCENT).answers] == [()]
    customs = ask(decision="customs-clearance")
    assert [[m.measure for m in e.measures] for e in customs.answers[0].entries] == [["cn/consulted-by-agencies"]]
    assert ask(decision="bond-issue", by=Officer("cn-csrc", "1")).answers[0].entries[0].measures[0].must is False


@pytest.mark.usefixtures("database")
def test_nobody_is_said_to_be_clean_while_sources_are_silent() -> None:
    register(TENCENT, "Tencent")
    (answer,) = ask(TENCENT).answers
    silent = {source.list for source in ask(TENCENT).not_delivered}
    assert answer.entries == ()
    assert {"cn-wage-arrears", "cn-court-defaulters", "cn-tax-violations"} <= silent
    list_entry(ALIBABA)
    assert "cn-wage-arrears" not in {source.list for source in ask(TENCENT).not_delivered}
    honest = json.dumps(as_json(ask(TENCENT)), ensure_ascii=False).lower()
    assert "clean" not in honest
    assert "not_delivered" in honest


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("item", "issuer", "receipt", "list_", "heard"),
    [
        ("list.abnormal-operation", "zj-amr", {"rows": 0}, "cn-abnormal-operations", True),
        ("list.abnormal-operation", "zj-amr", {"rows": 7}, "cn-abnormal-operations", False),  # all of it refused
        ("list.abnormal-operation", "zj-tax", {"rows": 0}, "cn-abnormal-operations", False),  # not whose it is
        ("list.serious-violation", "cn-samr", {"rows": 0}, "cn-serious-violations", False),  # of which list?
    ],
)
def test_an_empty_delivery_speaks_where_it_can_only_mean_this_list(
    item: str, issuer: str, receipt: dict[str, Any], list_: str, heard: bool
) -> None:
    hash_ = "ab" * 32
    with ledger.receive(hash_, item=item, issuer=issuer, source="x", rulebook=LAW.hash, generated=False) as writer:
        writer.finish(receipt)
    found = ask(decision="inspection-plan", purpose="planning-supervision")
    assert (list_ in {source.list for source in found.not_delivered}) is not heard


@pytest.mark.usefixtures("three")
def test_contested_imported_and_ended_entries_are_told_apart() -> None:
    list_entry(TENCENT, contested_since=BEGINS + timedelta(days=3))
    list_entry(FEDEX, imported=True)
    ended = list_entry(FEDEX, list="cn-court-defaulters", issuer="cn-spc", ended=BEGINS)
    contested, imported = ask(TENCENT, FEDEX).answers
    assert contested.entries[0].contested_since == BEGINS + timedelta(days=3)
    assert any(measure.must for measure in contested.entries[0].measures)  # visible, and not suspended (R8.7)
    assert imported.entries[0].imported
    assert {m.informs for m in imported.entries[0].measures} == {"imported; notice not proven here (R4.23, F23)"}
    assert ended not in {entry.record for entry in imported.entries}


@pytest.mark.usefixtures("three")
def test_an_internal_list_is_seen_by_those_whose_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    internal = LAW.list("cn-wage-arrears", BEGINS).model_copy(update={"public": False})
    monkeypatch.setattr("probity.measures.sight._rule", lambda law, entry: internal)
    _seen.cache_clear()
    assert ask(by=Officer("cn-mohrss", "1")).answers[0].entries
    assert ask(by=Officer("cn-ndrc", "1")).answers[0].entries
    assert ask(by=Officer("cn-mee", "1")).answers[0].entries == ()
    _seen.cache_clear()


# -- purpose, basis and log ---------------------------------------------------------------------------------

WRONG: dict[str, tuple[dict[str, Any], type[Exception]]] = {
    "no purpose": ({"purpose": " "}, QuestionError),
    "any purpose": ({"purpose": "curiosity"}, QuestionError),
    "a purpose that does not fit": ({"purpose": "planning-supervision"}, QuestionError),
    "no basis": ({"basis": "  "}, QuestionError),
    "a basis that says nothing": ({"basis": "- 1 -"}, QuestionError),
    "an endless basis": ({"basis": "x" * 501}, QuestionError),
    "a person in the basis": ({"basis": f"file of {CITIZEN}"}, NaturalPersonError),
    "an unknown decision": ({"decision": "marriage"}, QuestionError),
    "an unknown agency": ({"by": Officer("cn-nobody", "1")}, NotFoundError),
    "no officer": ({"by": Officer("cn-ndrc", " ")}, QuestionError),
    "a person as officer": ({"by": Officer("cn-ndrc", CITIZEN)}, NaturalPersonError),
}


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("wrong", WRONG)
def test_without_purpose_and_basis_nothing_is_answered(wrong: str) -> None:
    changes, error = WRONG[wrong]
    with pytest.raises(error) as refused:
        ask(**changes)
    assert refused.value.remedy  # type: ignore[attr-defined]
    assert logged() == []


@pytest.mark.usefixtures("three")
def test_every_look_is_logged_and_the_organisation_reads_its_own() -> None:
    first = ask(ALIBABA, TENCENT)
    second = ask(ALIBABA, decision="honour", purpose="reviewing", basis="audit of 2024")
    assert logged() == [
        ("cn-ndrc", "0417", "deciding", BASIS, "procurement", 2),
        ("cn-ndrc", "0417", "reviewing", "audit of 2024", "honour", 1),
    ]
    mine = lookups(ALIBABA)
    assert [each.number for each in mine] == [second.lookup, first.lookup]
    assert (mine[0].agency, mine[0].purpose, mine[0].basis, mine[0].decision) == (
        "cn-ndrc",
        Purpose.REVIEWING,
        "audit of 2024",
        Decision.HONOUR,
    )
    assert not hasattr(mine[0], "officer")
    assert [each.number for each in lookups(TENCENT)] == [first.lookup]
    assert lookups(FEDEX) == ()
    assert "0417" not in json.dumps(as_json(first))


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("table", ["measures_lookup", "measures_looked_up"])
@pytest.mark.parametrize("attempt", ["UPDATE {} SET {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_nobody_changes_the_log(table: str, attempt: str) -> None:
    ask()
    column = "basis = 'other'" if table == "measures_lookup" else "subject = 'x:y'"
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="what was written stays"):
        cursor.execute(attempt.format(table, column))


@pytest.mark.usefixtures("three")
def test_what_cannot_be_logged_is_not_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr("probity.measures.store.log", fails)
    with pytest.raises(Exception, match="disk full"):
        ask()
    assert logged() == []


@pytest.mark.usefixtures("three")
def test_a_look_cannot_be_undone_by_whoever_asks() -> None:
    with pytest.raises(StoreError), transaction.atomic():
        ask()
    assert logged() == []


# -- whom it is about ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("three")
def test_bad_codes_are_refused_one_by_one_and_good_ones_answered() -> None:
    codes = (
        TENCENT,
        TRADER,
        "91330100799655058X",
        "911101080000000008",
        ALIBABA.partition(":")[2],
        ALIBABA,
        "",
        CITIZEN,
    )
    found = ask(*codes)
    assert [answer.subject for answer in found.answers] == [TENCENT, ALIBABA]
    kinds = {each.place: type(each.error) for each in found.refused}
    assert kinds[2] is NaturalPersonError
    assert kinds[8] is NaturalPersonError
    assert kinds[3] is IdentifierError
    assert kinds[6] is QuestionError  # asked about twice
    assert issubclass(kinds[4], (NotFoundError, IdentifierError))
    assert set(kinds) == {2, 3, 4, 6, 7, 8}
    for each in found.refused:
        assert each.error.remedy
        assert TRADER not in f"{each.code} {each.error}"
        assert CITIZEN not in f"{each.code} {each.error}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject FROM measures_looked_up ORDER BY 1")
        assert [subject for (subject,) in cursor.fetchall()] == sorted([TENCENT, ALIBABA])


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    "persons", [f"cn-uscc:{TRADER}", f"us-sf-business:{CITIZEN}", "mx-rfc:GODE561231GR8", "GODE561231GR8"]
)
def test_a_person_is_refused_whatever_the_scheme(persons: str) -> None:
    found = ask(persons)
    assert found.answers == ()
    assert isinstance(found.refused[0].error, NaturalPersonError)
    assert lookups(persons) == ()


@pytest.mark.usefixtures("three")
def test_whose_registration_was_withdrawn_is_not_known() -> None:
    (registration,) = ledger.statements([FEDEX])
    acts.withdraw(registration.id, LAW, reason="it was another company")
    assert isinstance(ask(FEDEX).refused[0].error, NotFoundError)
    assert lookups(FEDEX) == ()


@pytest.mark.usefixtures("three")
def test_the_database_itself_logs_no_person() -> None:
    with pytest.raises(CharterError), ledger.failures():
        measures.log(BY, Purpose.DECIDING, BASIS, Decision.LAND, [f"cn-uscc:{TRADER}"])


@pytest.mark.usefixtures("three")
def test_more_than_ten_thousand_or_none_are_refused_as_a_whole() -> None:
    for codes in ([], [ALIBABA] * 10_001):
        with pytest.raises(QuestionError, match="organisation"):
            check(codes, "procurement", "deciding", BASIS, BY, LAW)
    assert logged() == []


@pytest.mark.usefixtures("three")
def test_ten_thousand_are_answered_at_once() -> None:
    codes = [compose("9", "1", "999999", f"{n:08d}") for n in range(9_999)]
    found = check([ALIBABA, *codes], "procurement", "deciding", BASIS, BY, LAW)
    assert [answer.subject for answer in found.answers] == [ALIBABA]
    assert len(found.refused) == 9_999
    assert {type(each.error) for each in found.refused} == {NotFoundError}
