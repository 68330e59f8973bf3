"""One bad row of each kind, and the good ones beside it; the same batch twice; whole files refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from probity.errors import IntakeError, RulebookError
from probity.intake import Reason, Receipt, listed, take_in
from probity.intake.model import Refused
from probity.ledger import statements
from probity.rulebook import Law, Mapping

USCC = "91330100799655058B"
OTHER = "91440101327598294H"
TRADER = "92330106MA2B0K8Y3T"
HEAD = "number,code,on,until,severity,fine,days,paid,facts,place,victim\n"
GOOD = f"1,{USCC},2020/05/01,,严重,12.50,3,true,sold; decided on 2020-04-30,杭州,\n"

Take = Callable[..., Receipt]
Judge = Callable[..., tuple[list[int], list[Refused]]]


def row(**changes: str) -> str:
    fields = dict(zip(HEAD.strip().split(","), GOOD.strip().split(","), strict=True)) | {"number": "2"} | changes
    return ",".join(fields.values()) + "\n"


BAD: list[tuple[dict[str, str], str, Reason]] = [
    ({"code": "91330100799655058C"}, "code", Reason.IDENTIFIER),
    ({"code": "junk"}, "code", Reason.IDENTIFIER),
    ({"code": ""}, "code", Reason.MISSING),
    ({"number": " "}, "number", Reason.MISSING),
    ({"number": "n" * 501}, "number", Reason.TOO_LONG),
    ({"number": "a\u202eb"}, "number", Reason.CONTROL),
    ({"on": ""}, "on", Reason.MISSING),
    ({"on": "2020/02/30"}, "on", Reason.NOT_A_DATE),
    ({"on": "yesterday"}, "on", Reason.NOT_A_DATE),
    ({"on": "2024/07/01"}, "on", Reason.FUTURE),
    ({"on": "2014/05/01"}, "on", Reason.ITEM_NOT_IN_FORCE),
    ({"on": "2017/05/01"}, "on", Reason.AGENCY_NOT_IN_FORCE),
    ({"on": "2016/05/01"}, "on", Reason.NOT_COMPETENT),
    ({"until": "2020-04-30"}, "until", Reason.ENDS_BEFORE),
    ({"until": "2023-05-01"}, "until", Reason.BEYOND_TERM),
    ({"until": "soon"}, "until", Reason.NOT_A_DATE),
    ({"severity": ""}, "severity", Reason.MISSING),
    ({"severity": "极重"}, "severity", Reason.UNKNOWN_VALUE),
    ({"severity": "一般", "on": "2018/05/01"}, "severity", Reason.UNKNOWN_CHOICE),
    ({"place": "伦敦"}, "place", Reason.UNKNOWN_VALUE),
    ({"fine": "a lot"}, "fine", Reason.NOT_A_NUMBER),
    ({"fine": "1.005"}, "fine", Reason.NOT_A_NUMBER),
    ({"fine": "1e3"}, "fine", Reason.NOT_A_NUMBER),
    ({"fine": "900000000000000"}, "fine", Reason.NOT_A_NUMBER),
    ({"days": "1.5"}, "days", Reason.NOT_A_NUMBER),
    ({"paid": "perhaps"}, "paid", Reason.NOT_A_BOOLEAN),
    ({"facts": "bell\u0007"}, "facts", Reason.CONTROL),
    ({"facts": "decided on 2020-13-01"}, "facts", Reason.NOT_A_DATE),
    ({"facts": "x" * 10_001}, "facts", Reason.TOO_LONG),
    ({"victim": "91330100799655058C"}, "victim", Reason.IDENTIFIER),
]
"""What is changed in a good row, and the fault that follows: field and reason."""


def test_a_good_row_becomes_a_statement(registered: Take) -> None:
    receipt = registered("p.csv", HEAD + GOOD)
    assert (receipt.rows, receipt.accepted, receipt.quarantined, receipt.unused_columns) == (1, 1, {}, ())
    (found,) = [each for each in statements([f"cn-uscc:{USCC}"]) if each.item == "penalty"]
    assert found.verified()
    assert dict(found.attributes) == {
        "severity": "serious",
        "fine": 1250,
        "days": 3,
        "paid": True,
        "decided_on": "2020-04-30",
        "facts": "sold; decided on 2020-04-30",
        "region": "330100",
    }
    assert (found.reference, found.valid_from.isoformat(), found.valid_to) == ("1", "2020-05-01", None)
    assert (found.row, found.batch) == (1, receipt.batch)
    assert receipt.first_position == receipt.last_position == found.position


@pytest.mark.parametrize(("changes", "field", "reason"), BAD)
def test_a_bad_row_is_refused_alone(judge: Judge, changes: dict[str, str], field: str, reason: Reason) -> None:
    sound, (bad,) = judge("p.csv", HEAD + GOOD + row(**changes))
    assert sound == [1]
    assert [(fault.field, fault.reason) for fault in bad.faults] == [(field, reason)]
    assert bad.faults[0].message
    assert bad.row == 2
    assert bad.line.decode() == row(**changes).strip("\n")
    assert bad.cells is not None
    assert bad.cells["facts"] == changes.get("facts", "sold; decided on 2020-04-30")


def test_bad_rows_are_quarantined_and_good_ones_stated(registered: Take) -> None:
    bad = [row(number=str(n), **changes) for n, (changes, _, _) in enumerate(BAD, 2) if "number" not in changes]
    stranger = row(number="1000", code=OTHER)
    receipt = registered("p.csv", HEAD + GOOD + "".join(bad) + stranger)
    assert (receipt.rows, receipt.accepted) == (len(bad) + 2, 1)
    assert sum(receipt.quarantined.values()) == len(bad) + 1
    assert receipt.quarantined["unknown-organisation"] == 1
    found = list(listed())
    assert [each.row for each in found] == list(range(2, len(bad) + 3))
    assert [each.line.decode() + "\n" for each in found] == [*bad, stranger]
    assert {each.batch for each in found} == {receipt.number}
    assert [dict(each.cells or {})["number"] for each in found[-1:]] == ["1000"]


def test_the_last_day_of_the_term_is_within_it(registered: Take) -> None:
    assert registered("p.csv", HEAD + row(until="2023-04-30")).accepted == 1


def test_every_field_at_fault_is_named(registered: Take) -> None:
    registered("p.csv", HEAD + row(code="junk", on="2024/07/01", fine="x", severity=""))
    (found,) = listed()
    assert {fault.field: fault.reason for fault in found.faults} == {
        "code": Reason.IDENTIFIER,
        "on": Reason.FUTURE,
        "fine": Reason.NOT_A_NUMBER,
        "severity": Reason.MISSING,
    }


@pytest.mark.parametrize("code", [TRADER, "11010519491231002X", "330106 19900101 0016"])
def test_the_code_of_a_person_is_not_kept(registered: Take, code: str) -> None:
    receipt = registered("p.csv", HEAD + row(code=code, facts=f"again {code}") + GOOD)
    with connection.cursor() as cursor:
        cursor.execute("SELECT q::text FROM intake_quarantine q")
        (stored,) = [text for (text,) in cursor.fetchall()]
    (found,) = listed()
    assert found.faults[0].reason in (Reason.PERSON, Reason.IDENTIFIER)
    if found.faults[0].reason is Reason.PERSON:
        assert code not in stored
        assert code.encode() not in found.line
        assert b"2020/05/01" in found.line
    assert receipt.accepted == 1


@pytest.mark.parametrize(
    "code", ["92330106MA2B0K8Y3P", "11010519491231002X", "110105 19491231 002X", "GODE561231GR8"]
)
def test_the_code_of_a_person_in_running_text_is_refused(registered: Take, code: str) -> None:
    """What is once stated stays, so it must not come in; the rest of the text is kept for whoever mends it."""
    receipt = registered("p.csv", HEAD + GOOD + row(number="2", facts=f"signed by {code} himself"))
    assert (receipt.accepted, receipt.quarantined) == (1, {"person": 1})
    (found,) = listed()
    assert found.faults[0].field == "facts"
    assert code not in str(found)
    assert b"signed by" in found.line
    assert b"himself" in found.line


def test_a_person_anywhere_in_a_refused_line_is_blotted_out(registered: Take) -> None:
    registered("p.csv", HEAD + row(fine="x", facts="seller 11010519491231002X paid") + "1,11010519491231002X\n")
    for found in listed():
        assert b"19491231" not in found.line
        assert "19491231" not in str(found)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("=cmd|'/C calc'!A0", Reason.FORMULA),
        ("=1+1", Reason.FORMULA),
        ("@SUM(A1)", Reason.FORMULA),
        ("Evil\u202egnp.exe", Reason.CONTROL),
        ("Zero\u200bWidth", Reason.CONTROL),
        ("Bell\u0007", Reason.CONTROL),
        ("Bad\ufffd", Reason.CONTROL),
        ("", Reason.MISSING),
        ("n" * 501, Reason.TOO_LONG),
        ("N\0UL", Reason.NUL),
    ],
)
def test_names_that_deceive_are_refused(judge: Judge, name: str, reason: Reason) -> None:
    sound, (bad,) = judge("o.csv", f'code,name\n{USCC},"{name}"\n{OTHER},Sound\n', "organisations")
    assert (sound, bad.row, bad.faults[0].reason) == ([2], 1, reason)


@pytest.mark.parametrize("name", ["@Home Café", "-196 Lounge", "杭州（中国）公司", "O'Neill & Söhne", "+Plus"])
def test_names_that_only_look_odd_are_taken(judge: Judge, name: str) -> None:
    assert judge("o.csv", f'code,name\n{USCC},"{name}"\n', "organisations") == ([1], [])


def test_duplicates_within_a_file_and_across_files(registered: Take) -> None:
    first = registered("p.csv", HEAD + GOOD + GOOD + GOOD.replace("12.50", "13"))
    assert (first.accepted, first.quarantined) == (1, {"conflicting-duplicate": 1, "duplicate": 1})
    second = registered("q.csv", HEAD + GOOD + GOOD.replace("12.50", "14") + row(number="7"))
    assert (second.accepted, second.quarantined) == (1, {"conflicting-duplicate": 1, "duplicate": 1})


def test_duplicates_are_found_across_chunks(registered: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("probity.intake.csv_source.CHUNK", 3)
    rows = [row(number=str(n % 7)) for n in range(20)]
    receipt = registered("p.csv", HEAD + "".join(rows))
    assert (receipt.rows, receipt.accepted, receipt.quarantined) == (20, 7, {"duplicate": 13})


def test_rows_are_judged_by_the_law_of_their_day(registered: Take) -> None:
    content = HEAD + "".join(
        row(number=str(n), on=day, severity="一般")
        for n, day in enumerate(["2018/05/01", "2020/05/01", "2021/05/01"])
    )
    receipt = registered("p.csv", content)
    assert (receipt.accepted, receipt.quarantined) == (2, {"unknown-choice": 1})
    assert [found.row for found in listed()] == [1]


def test_the_same_batch_twice_changes_nothing(registered: Take) -> None:
    content = HEAD + GOOD + row(fine="x")
    first = registered("p.csv", content)
    second = registered("renamed.csv", content)
    assert second == replace(first, again=True)
    assert len(list(listed())) == 1


def test_columns_nobody_knows_are_named(take: Take) -> None:
    receipt = take("o.csv", f"code,name,note,surprise\n{USCC},Name,x,y\n", "organisations")
    assert receipt.unused_columns == ("surprise",)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("p.xls", b"x", "files ending in .xls"),
        ("p.csv", b"", "empty"),
        ("p.csv", HEAD.replace("fine", "money").encode() + GOOD.encode(), "lacks the column 'fine'"),
        ("p.csv", HEAD.encode() + GOOD.encode() + b'2,"cut', "ends inside quotation marks"),
        ("p.csv", HEAD.encode() + "1,Müller".encode("latin-1"), "neither UTF-8 nor GB18030"),
    ],
)
def test_a_refused_file_leaves_nothing(registered: Take, name: str, content: bytes, says: str) -> None:
    with pytest.raises(IntakeError, match=says):
        registered(name, content)
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM ledger_batch), (SELECT count(*) FROM intake_quarantine)")
        assert cursor.fetchone() == (1, 0)


def test_no_such_file(law: Law, tmp_path: Path) -> None:
    from_nowhere = tmp_path / "none.csv"
    with pytest.raises(IntakeError, match="cannot be read"):
        take_from(from_nowhere, law, {})


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"item": "penalti"}, "has a item|has an item|no rulebook"),
        ({"agency": "inspector"}, "no rulebook"),
        ({"agency": "registrar"}, "not competent"),
        ({"attributes": {"severity": "severity", "colour": "facts"}}, "no attribute 'colour'"),
        ({"attributes": {"fine": "fine"}}, "required attribute 'severity'"),
        ({"attributes": {"severity": {"column": "severity", "lookup": "none"}}}, "lookup table"),
        ({"attributes": {"severity": {"column": "severity", "extract": "a(?=b)"}}}, "regular expression"),
        ({"item": "system.run"}, "not competent"),
    ],
)
def test_a_mapping_that_cannot_be_carried_out_refuses_the_batch(
    law: Law, tmp_path: Path, changes: dict[str, Any], says: str
) -> None:
    path = tmp_path / "p.csv"
    path.write_text(HEAD + GOOD)
    with pytest.raises(RulebookError, match=says) as caught:
        take_from(path, law, changes)
    assert caught.value.remedy


def take_from(path: Path, law: Law, changes: dict[str, Any]) -> Receipt:
    from_law = law.mapping("penalties").model_dump(by_alias=True, exclude_none=True)
    return take_in(path, Mapping.model_validate(from_law | changes), law, today=date(2024, 6, 30))


def test_progress_is_told(registered: Take) -> None:
    told: list[tuple[int, int, int]] = []
    content = HEAD + GOOD
    registered("p.csv", content, progress=lambda *where: told.append(where))
    assert told[-1] == (len(content.encode()), len(content.encode()), 1)
