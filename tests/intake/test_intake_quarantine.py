"""Out of quarantine and back in: exported, corrected, re-submitted; nothing lost, nothing twice."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.db import ProgrammingError, connection
from hypothesis import given
from hypothesis import strategies as st

from probity.errors import IntakeError, NotFoundError
from probity.intake import Reason, Receipt, correct, export, listed, quarantine, resubmit
from probity.ledger import statements
from probity.rulebook import Law

USCC = "91330100799655058B"
OTHER = "91440101327598294H"
HEAD = "number,code,on,until,severity,fine,days,paid,facts,place,victim\n"
ROW = "{},{},2020/05/01,,严重,{},,,{},,\n"
TODAY = date(2024, 6, 30)

Take = Callable[..., Receipt]


def edit(path: Path, **changes: dict[str, str]) -> None:
    """Change cells of an exported file: by row number, column to text."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for each in rows:
        each.update(changes.get(f"row{each['quarantine_row']}", {}))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def three(registered: Take) -> Receipt:
    """A batch with one good row and three in quarantine, one of which cannot be divided into fields."""
    content = HEAD + ROW.format(1, USCC, 1, "ok") + ROW.format(2, USCC, "x", '"=danger, ""so"""') + "3,broken\n"
    return registered("p.csv", content + ROW.format(4, OTHER, 2, "stranger"))


def test_lists_by_batch_and_reason(three: Receipt) -> None:
    assert [each.row for each in listed()] == [2, 3, 4]
    assert [each.row for each in listed(reason=Reason.NOT_A_NUMBER)] == [2]
    assert [each.row for each in listed(batch=three.number)] == [2, 3, 4]
    assert not list(listed(batch=three.number + 1))


def test_exported_corrected_and_taken_in(three: Receipt, law: Law, tmp_path: Path) -> None:
    path = tmp_path / "open.csv"
    assert export(path) == 3
    content = path.read_text("utf-8-sig")
    assert "'=danger" in content  # no spreadsheet runs it
    assert "3,broken" in content
    edit(
        path,
        row2={"fine": "7"},
        row3={"number": "3", "code": USCC, "on": "2020/05/02", "severity": "轻微"},
    )
    (receipt,) = resubmit(path, law, today=TODAY)
    assert (receipt.rows, receipt.accepted, receipt.resolved, receipt.quarantined) == (
        3,
        2,
        2,
        {"unknown-organisation": 1},
    )
    assert [(each["batch"], each["row"]) for each in receipt.remaining] == [(three.number, 4)]
    assert [each.row for each in listed()] == [4]
    found = {each.reference: each for each in statements([f"cn-uscc:{USCC}"]) if each.item == "penalty"}
    assert found["2"].attributes["facts"] == '=danger, "so"'
    assert found["2"].attributes["fine"] == 700
    assert set(found) == {"1", "2", "3"}

    (again,) = resubmit(path, law, today=TODAY)
    assert again.again
    assert (again.batch, again.remaining) == (receipt.batch, receipt.remaining)


def test_unchanged_rows_come_in_once_the_reason_is_gone(
    three: Receipt, registered: Take, law: Law, tmp_path: Path
) -> None:
    path = tmp_path / "open.csv"
    export(path, reason=Reason.UNKNOWN_ORGANISATION)
    (refused,) = resubmit(path, law, today=TODAY)
    assert (refused.accepted, refused.recorded_at) == (0, "")
    registered("o.csv", f"code,name\n{OTHER},Other\n", "organisations")
    (taken,) = resubmit(path, law, today=TODAY)
    assert (taken.accepted, taken.again) == (1, False)
    assert statements([f"cn-uscc:{OTHER}"])


def test_one_row_is_corrected(three: Receipt, law: Law) -> None:
    still = correct(three.number, 2, {"fine": "much"}, law, today=TODAY)
    assert (still.accepted, still.remaining[0]["faults"][0]["reason"]) == (0, "not-a-number")
    done = correct(three.number, 2, {"fine": "3"}, law, today=TODAY)
    assert (done.accepted, done.resolved) == (1, 1)
    assert correct(three.number, 2, {"fine": "3"}, law, today=TODAY).again
    with pytest.raises(IntakeError, match="taken in already"):
        correct(three.number, 2, {"fine": "4"}, law, today=TODAY)


def test_a_correction_cannot_smuggle_in_a_duplicate(three: Receipt, law: Law) -> None:
    receipt = correct(three.number, 2, {"fine": "1", "number": "1", "facts": "ok"}, law, today=TODAY)
    assert receipt.quarantined == {"duplicate": 1}


def test_what_is_no_correction_is_refused(three: Receipt, law: Law, tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="no field 'colour'"):
        correct(three.number, 2, {"colour": "red"}, law, today=TODAY)
    with pytest.raises(NotFoundError, match="never in quarantine"):
        correct(three.number, 1, {"fine": "1"}, law, today=TODAY)
    path = tmp_path / "x.csv"
    for content, says in [
        ("a,b\n1,2\n", "quarantine_batch"),
        ("quarantine_batch,quarantine_row\n=1,2\n", "no number"),
        (f"quarantine_batch,quarantine_row\n{three.number},2\n{three.number},2\n", "there twice"),
        ("quarantine_batch,quarantine_row\n1\n", "1 fields"),
    ]:
        path.write_text(content)
        with pytest.raises(IntakeError, match=says):
            resubmit(path, law, today=TODAY)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE intake_quarantine SET row = 9",
        "DELETE FROM intake_quarantine",
        "TRUNCATE intake_quarantine CASCADE",
        "DELETE FROM intake_resolution",
    ],
)
def test_quarantine_is_append_only(three: Receipt, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="refused"), connection.cursor() as cursor:
        cursor.execute(statement)


@given(st.text(st.sampled_from("'=+-@\t\rab"), max_size=6))
def test_a_quieted_cell_comes_back_as_it_was(cell: str) -> None:
    quiet = quarantine._quiet(cell)
    assert quarantine._loud(quiet) == cell
    assert not quiet.startswith(("=", "+", "-", "@", "\t", "\r"))
