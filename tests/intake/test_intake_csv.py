"""Reading CSV: any table comes back exactly, with the original lines; bad records stay alone."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from probity.errors import IntakeError
from probity.intake import block, csv_source, encoding
from probity.intake.csv_source import CsvSource
from probity.intake.model import Reason

CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12) | st.text(
    '",;\r\n\t a', max_size=8
)


def read(
    path: Path, *needed: str
) -> tuple[list[dict[str, str]], list[bytes], list[tuple[int, Reason]], list[int]]:
    source = CsvSource(path, encoding.survey(path, "detect"), needed)
    values, lines, broken, rows = [], [], [], []
    for each in source.blocks():
        for n in range(len(each)):
            values.append({name: each.column(name)[n].as_py() for name in needed})
            assert {name: each.cells(n)[name] for name in needed} == values[-1]
            lines.append(each.line(n))
        rows += each.rows.tolist()
        broken += [(bad.row, bad.faults[0].reason) for bad in each.broken]
    return values, lines, broken, rows


def written(rows: list[list[str]], quoting: int, terminator: str) -> tuple[bytes, list[bytes]]:
    lines = []
    for row in rows:
        out = StringIO()
        csv.writer(out, quoting=quoting, lineterminator=terminator).writerow(row)
        lines.append(out.getvalue().encode())
    return b"".join(lines), [line.removesuffix(terminator.encode()) for line in lines]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=20),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    terminator=st.sampled_from(["\n", "\r\n"]),
    size=st.integers(1, 60),
    chunk=st.integers(1, 5),
    last=st.booleans(),
)
def test_any_table_is_read_back_with_its_lines(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    rows: list[list[str]],
    quoting: int,
    terminator: str,
    size: int,
    chunk: int,
    last: bool,
) -> None:
    if terminator == "\n" and quoting == csv.QUOTE_MINIMAL:
        # The csv module does not quote a lone CR then, though every reader takes it for a line break.
        rows = [[cell.replace("\r", "") for cell in row] for row in rows]
    with monkeypatch.context() as patch:
        patch.setattr(encoding, "BLOCK", size)
        patch.setattr(csv_source, "CHUNK", chunk)
        body, lines = written([["a", "b", "ç"], *rows], quoting, terminator)
        path = tmp_path / "t.csv"
        path.write_bytes(body if last else body.removesuffix(terminator.encode()))
        values, read_lines, broken, numbers = read(path, "a", "b", "ç")
    assert [list(each.values()) for each in values] == rows
    assert read_lines == lines[1:]
    assert not broken
    assert numbers == list(range(1, len(rows) + 1))


def test_bad_records_stay_alone(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(
        b'a,b\n1,2\n1\n1,2,3\n\n3,"x\ny"\n4,"stray,x\n5,"ok",\n6,"ok"\n7,5" pipe\n8,n\0l\n9,"a"b\n10,"a""b"\n'
    )
    values, lines, broken, rows = read(path, "a", "b")
    assert dict(zip(rows, [each["b"] for each in values], strict=True)) == {
        1: "2",
        4: "x\ny",
        7: "ok",
        8: '5" pipe',
        11: 'a"b',
    }
    assert lines[1] == b'3,"x\ny"'
    assert broken == [
        (2, Reason.FIELD_COUNT),
        (3, Reason.FIELD_COUNT),
        (5, Reason.MALFORMED),
        (6, Reason.FIELD_COUNT),
        (9, Reason.NUL),
        (10, Reason.MALFORMED),
    ]


def test_semicolons_and_tabs_are_known(tmp_path: Path) -> None:
    for mark in ";\t":
        path = tmp_path / "t.csv"
        path.write_text(f"a{mark}b\n1{mark}2,3\n")
        assert read(path, "a", "b")[0] == [{"a": "1", "b": "2,3"}]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\n\n", "no header"),
        (b"a,c\n1,2\n", "lacks the column 'b'"),
        (b"a,b,b\n1,2,3\n", "'b' is there twice"),
        (b'a,b\n1,2\n3,"cut of', "ends inside quotation marks: row 2"),
        (b'a,b\n1,"' + b"x\n" * (9 << 20), "row 1 is longer than 16 MB"),
        (b"a,\0b\n1,2\n", "NUL"),
        ("a,b\n".encode("utf-16"), "UTF-16"),
    ],
)
def test_a_file_that_is_wrong_as_a_whole_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(IntakeError, match=says) as caught:
        read(path, "a", "b")
    assert caught.value.remedy
    assert str(path) in str(caught.value)


def test_a_block_keeps_to_its_size(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n" + "1,2\n" * 120_000)
    source = CsvSource(path, encoding.survey(path, "detect"), ["a"])
    sizes = [len(each) for each in source.blocks()]
    assert sum(sizes) == 120_000
    assert max(sizes) <= block.CHUNK
