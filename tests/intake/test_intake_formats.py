"""JSON Lines and Parquet say the same as CSV; what they can do wrong besides, they do not get away with."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from probity.errors import IntakeError
from probity.intake import Receipt, listed
from probity.intake.model import Refused
from probity.ledger import statements

USCC = "91330100799655058B"
BASE = {"number": "1", "code": USCC, "on": "2020/05/01", "severity": "严重", "fine": 12.5, "days": 3, "paid": True}

Take = Callable[..., Receipt]
Judge = Callable[..., tuple[list[int], list[Refused]]]


def line(**changes: object) -> str:
    return json.dumps(BASE | changes, ensure_ascii=False) + "\n"


def attributes() -> dict[str, object]:
    (found,) = [each for each in statements([f"cn-uscc:{USCC}"]) if each.item == "penalty"]
    return dict(found.attributes)


def test_json_lines(registered: Take) -> None:
    receipt = registered("p.jsonl", line(facts=None, place="杭州", extra=1) + "\n" + line(number=2, fine="x"))
    assert (receipt.rows, receipt.accepted, receipt.unused_columns) == (2, 1, ("extra",))
    assert attributes() == {"severity": "serious", "fine": 1250, "days": 3, "paid": True, "region": "330100"}
    (bad,) = listed()
    assert bad.line.decode() == line(number=2, fine="x").strip()


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ('{"number": "2", "number": "3"}', "repeated-key"),
        (line(fine=[1]).strip(), "nested-value"),
        (line(facts={"a": 1}).strip(), "nested-value"),
        (line(days=1.5).strip(), "not-a-number"),
        (line(number=2).strip().replace("12.5", "NaN"), "not-a-number"),
        (line(number=2).strip().replace("12.5", "1e400"), "not-a-number"),
        ('["number", "2"]', "malformed-row"),
        ('{"number": ', "malformed-row"),
        ("[" * 100_000, "malformed-row"),
        ('{"number": "\\ud800"}', "malformed-row"),
        ('{"number": "a\\u0000"}', "nul-byte"),
        ("{}", "missing-value"),
        (line(number="9" * 5000).strip().replace('"999', "999").replace('999"', "999"), "too-long"),
    ],
)
def test_a_bad_line_is_refused_alone(judge: Judge, bad: str, reason: str) -> None:
    sound, (refused,) = judge("p.ndjson", line() + bad + "\n" + line(number="3"))
    assert (sound, refused.row, refused.faults[0].reason) == ([1, 3], 2, reason)
    assert refused.line.decode() == bad


def test_json_lines_refused_as_a_whole(judge: Judge) -> None:
    with pytest.raises(IntakeError, match=r"breaks off in its last line \(row 2\)"):
        judge("p.jsonl", line() + line(number=2)[:-20])
    with pytest.raises(IntakeError, match="lacks columns 'number', 'on'"):
        judge("q.jsonl", '{"code": "1"}\n')
    with pytest.raises(IntakeError, match="longer than 16 MB"):
        judge("r.jsonl", line() + '{"a": "' + "x" * (17 << 20))


def moments(*texts: str) -> pa.Array:
    return pa.array(texts).cast(pa.timestamp("us"))


def table(**columns: object) -> pa.Table:
    base = {
        "number": pa.array([1, 2], pa.int64()),
        "code": pa.array([USCC, USCC]).dictionary_encode(),
        "on": moments("2020-05-01", "2020-05-02"),
        "until": pa.array([date(2021, 1, 1), None], pa.date32()),
        "severity": ["严重", "严重"],
        "fine": pa.array([Decimal("12.50"), None], pa.decimal128(10, 2)),
        "days": pa.array([3.0, None], pa.float64()),
        "paid": [True, None],
        "facts": pa.array([None, None], pa.string()),
        "place": ["杭州", ""],
        "victim": pa.array([None, None], pa.null()),
    }
    return pa.table(base | columns)


def written(tmp_path: Path, content: pa.Table) -> bytes:
    pq.write_table(content, tmp_path / "t.parquet")
    return (tmp_path / "t.parquet").read_bytes()


def test_parquet(registered: Take, tmp_path: Path) -> None:
    receipt = registered("p.parquet", written(tmp_path, table()))
    assert (receipt.rows, receipt.accepted, receipt.quarantined) == (2, 2, {})
    first = next(each for each in statements([f"cn-uscc:{USCC}"]) if each.reference == "1")
    assert dict(first.attributes) == {
        "severity": "serious",
        "fine": 1250,
        "days": 3,
        "paid": True,
        "region": "330100",
    }
    assert (first.valid_from, first.valid_to) == (date(2020, 5, 1), date(2021, 1, 1))


def test_parquet_values_without_an_exact_meaning(registered: Take, tmp_path: Path) -> None:
    content = table(
        days=pa.array([1.5, 2.0], pa.float64()),
        on=moments("2020-05-01", "2020-05-01T12:00:00"),
    )
    receipt = registered("p.parquet", written(tmp_path, content))
    assert (receipt.rows, receipt.accepted) == (2, 0)
    assert receipt.quarantined == {"binary-fraction": 1, "not-a-date": 1}
    assert json.loads(next(iter(listed())).line)["days"] == "1.5"


@pytest.mark.parametrize("cut", [slice(0, -20), slice(0, 40), slice(20, None)])
def test_a_damaged_parquet_file_is_refused(judge: Judge, tmp_path: Path, cut: slice) -> None:
    with pytest.raises(IntakeError, match="no whole Parquet file"):
        judge("p.parquet", written(tmp_path, table())[cut])


def test_parquet_columns_that_hold_no_values(judge: Judge, tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="'facts' holds list"):
        judge("p.parquet", written(tmp_path, table(facts=[["a"], ["b"]])))
    with pytest.raises(IntakeError, match="lacks the column 'victim'"):
        judge("p.parquet", written(tmp_path, table().drop(["victim"])))
