"""Columns: the same verdict as the scalar function, whatever stands in the rows."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from probity.errors import IdentifierError
from probity.identity import Verdict, check_column, identify, identify_column, parse, why
from probity.identity.checks import ALPHABET
from probity.identity.fault import tidy
from probity.identity.uscc import examine

ONE = "91330100799655058B"

near_codes = st.builds(
    lambda code, at, put: code[:at] + put + code[at + 1 :],
    st.sampled_from([ONE, "911100007109207250", "91330501MA2D1CD2XH", "92330100799655058B", "320811000028207"]),
    st.integers(0, 17),
    st.sampled_from([*ALPHABET, "i", "Ｂ", " ", "", "é", "\x00", "X"]),
)
digits = st.from_regex(r"\A[1-9][0-9]{5}(19|20)[0-9]{9}[0-9X]\Z")
texts = st.none() | st.text(max_size=20) | near_codes | digits | st.text(ALPHABET, min_size=18, max_size=18)


def expected(code: str | None) -> tuple[int, str | None]:
    text = tidy(code or "")
    fault = examine(text)
    return (int(fault.verdict), None) if fault else (int(Verdict.OK), text)


@given(st.lists(texts, max_size=30))
def test_a_column_is_judged_as_its_rows_are(codes: list[str | None]) -> None:
    column = check_column(codes)
    assert list(zip(column.verdicts.tolist(), column.codes.to_pylist(), strict=True)) == list(map(expected, codes))
    for code, verdict in zip(codes, column.verdicts, strict=True):
        if verdict == Verdict.OK:
            assert code is not None
            assert parse(code).code
        else:
            with pytest.raises(IdentifierError):
                parse(code)


def test_every_form_of_column_is_taken() -> None:
    codes = [ONE, None, ONE.lower(), f" {ONE} ", "bad"]
    array = pa.array(codes)
    forms = [
        codes,
        np.array(codes, dtype=object),
        array,
        array.cast(pa.large_string()),
        array.dictionary_encode(),
        pa.chunked_array([array[:2], array[2:]]),
        pa.array(["x", *codes, "y"])[1:-1],
    ]
    for form in forms:
        column = check_column(form)
        assert column.codes.to_pylist() == [ONE, None, ONE, ONE, None]
        assert column.verdicts.tolist() == [Verdict.OK, Verdict.MISSING, Verdict.OK, Verdict.OK, Verdict.LENGTH]
        assert column.verdicts.dtype == np.uint8


def test_columns_longer_than_a_block_and_empty_ones() -> None:
    many = check_column([ONE] * 40_000 + [ONE[:-1] + "C"])
    assert many.verdicts.sum() == Verdict.CHECK_CHARACTER
    assert many.codes.null_count == 1
    assert len(check_column([]).codes) == len(check_column(pa.array([], pa.string())).verdicts) == 0


def test_the_real_vectors_get_the_same_verdict_both_ways() -> None:
    shared = os.environ.get("PROBITY_SHARED")
    folder = (Path(shared) if shared else Path(__file__).parents[3] / "shared") / "data" / "uscc-vectors"
    if not folder.is_dir():
        pytest.skip(f"the real codes are not licensed for copying and are absent at {folder}")
    codes = []
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8") as lines:
            codes += [
                next(v for k, v in row.items() if k in {"uscc", "reg_no_15"}) for row in csv.DictReader(lines)
            ]
    column = check_column(codes)
    assert list(zip(column.verdicts.tolist(), column.codes.to_pylist(), strict=True)) == list(map(expected, codes))
    assert (column.verdicts == Verdict.OK).sum() > 700


GOOD = {
    "lei": ("213800KUD8LAJWSQ9D15", None),
    "mx-rfc": ("MAB-930714-8T4", None),
    "us-ein": ("91-1144442", None),
    "local": ("B-0042", r"B-\d{4}"),
    "cn-uscc": (ONE, None),
}


@pytest.mark.parametrize("check", GOOD)
def test_each_scheme_takes_its_own(check: str) -> None:
    code, pattern = GOOD[check]
    found = identify(check, f" {code}", pattern)
    assert found.code == (code if check == "local" else code.replace("-", ""))
    assert identify(check, found.code, pattern) == found
    assert found.kind == ("enterprise" if check == "cn-uscc" else None)
    with pytest.raises(ValueError, match="not refused"):
        why(check, code, pattern)


@pytest.mark.parametrize(
    ("check", "code", "pattern", "verdict"),
    [
        ("lei", "213800KUD8LXJWSQ9D15", None, Verdict.CHECK_CHARACTER),
        ("lei", "213800KUD8LAJWSQ9D1", None, Verdict.LENGTH),
        ("lei", "213800KUD8LAJWSQ9D1٥", None, Verdict.CHARACTER),
        ("mx-rfc", "MAB9307148T", None, Verdict.LENGTH),
        ("mx-rfc", "MAB9313148T4", None, Verdict.COMPONENT),
        ("mx-rfc", "1AB9307148T4", None, Verdict.CHARACTER),
        ("us-ein", "07-1144442", None, Verdict.COMPONENT),
        ("us-ein", "9111-44442", None, Verdict.CHARACTER),
        ("us-ein", "", None, Verdict.MISSING),
        ("local", "B-42", r"B-\d{4}", Verdict.PATTERN),
        ("local", "B-0042 or more", r"B-\d{4}", Verdict.PATTERN),
        ("local", "B\x0042", r".*", Verdict.CHARACTER),
        ("local", "  ", r".*", Verdict.MISSING),
    ],
)
def test_each_scheme_refuses_with_a_reason(check: str, code: str, pattern: str | None, verdict: Verdict) -> None:
    column = identify_column(check, [code, None, code], pattern)
    assert column.verdicts.tolist() == [verdict, Verdict.MISSING, verdict]
    assert column.codes.null_count == 3
    error = why(check, code, pattern)
    assert error.remedy
    assert len(code) <= 4 or code not in str(error)


@given(st.sampled_from([(c, p) for c, (_, p) in GOOD.items()]), st.lists(texts, max_size=8))
def test_every_scheme_judges_columns_as_it_judges_rows(scheme: tuple[str, str | None], codes: list[str]) -> None:
    check, pattern = scheme
    column = identify_column(check, codes, pattern)
    for code, verdict, text in zip(codes, column.verdicts, column.codes.to_pylist(), strict=True):
        if verdict == Verdict.OK:
            assert identify(check, code, pattern).code == text
        else:
            with pytest.raises(IdentifierError):
                identify(check, code, pattern)


def test_a_mexican_number_with_a_wrong_check_digit_is_taken_with_a_warning() -> None:
    assert identify("mx-rfc", "MAB9307148T4").warnings == ()
    assert "check digit" in identify("mx-rfc", "MAB9307148T5").warnings[0]


@pytest.mark.parametrize(
    ("check", "pattern", "said"),
    [
        ("vat", None, "called 'vat'"),
        ("local", None, "needs a pattern"),
        ("lei", "x", "takes no pattern"),
        ("local", "(", "no regular expression"),
    ],
)
def test_a_scheme_that_cannot_be_used_says_so(check: str, pattern: str | None, said: str) -> None:
    with pytest.raises(IdentifierError, match=said):
        identify(check, "1", pattern)
