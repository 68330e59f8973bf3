"""Canonical bytes: RFC 8785, without fractions."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probity.canon import canonical, canonical_ascii_keys, digest, digests
from probity.errors import InputError

ascii_keys = st.text(st.characters(max_codepoint=127), max_size=8)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ascii_keys, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(ascii_keys, plain, max_size=5))
def test_the_fast_canonical_form_is_the_canonical_form(value: dict[str, object]) -> None:
    try:
        expected = canonical(value)  # type: ignore[arg-type]
    except InputError:
        return
    assert canonical_ascii_keys(value) == expected  # type: ignore[arg-type]


@given(plain)
def test_canonical_bytes_are_json_that_means_the_same(value: object) -> None:
    try:
        encoded = canonical(value)  # type: ignore[arg-type]
    except InputError:
        return
    assert json.loads(encoded) == value


def test_the_example_of_the_standard_that_holds_no_fraction() -> None:
    value = {"€": "Euro Sign", "\r": "Carriage Return", "1": "One", "\u0080": "Control", "ö": "o", "😂": "Smiley"}
    expected = '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"o","€":"Euro Sign","😂":"Smiley"}'
    assert canonical(value) == expected.encode()


@pytest.mark.parametrize("value", [0.5, {"a": [1.0]}, [{"b": float("nan")}], 2**60, "\ud800"])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(InputError):
        canonical(value)  # type: ignore[arg-type]


def test_digest_is_sha256() -> None:
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert digest(b"") == empty
    assert digests([b"", b"a"])[0] == empty
