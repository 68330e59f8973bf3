"""Names: comparable without losing what makes them different, and honest about what was hidden in them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probity.identity import NameFinding, clean, normalise

FORMS = (
    "有限公司",
    "有限责任公司",
    "股份有限公司",
    "集团",
    "co",
    "Co.",
    "LTD",
    "L.L.C.",
    "S",
    "a",
    "L",
    "de",
    "C.V.",
)
pieces = st.lists(st.sampled_from([*FORMS, *"（）[] .,&é\u3000ﬁ\u202e7", "阿里巴巴", "and"]), max_size=8).map(
    "".join
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("阿里巴巴（中国）有限公司", "阿里巴巴(中国)有限责任公司"),
        ("中国石油（集团）有限责任公司", "中国石油集团"),
        ("Acme Co., Ltd.", "ＡＣＭＥ company limited"),
        ("A&B Foods, L.L.C.", "a and b foods llc"),
        ("Avalúos y Activos, S.A. de C.V.", "AVALUOS Y ACTIVOS S. A. DE C. V."),
        ("Lupita S. de R.L. de C.V.", "LUPITA"),
        ("NORMAN'S ICE CREAM", "Norman’s  Ice-Cream, Inc."),
        ("上海 ABC 商贸有限公司", "上海ABC商贸 有限公司"),
        ("Straße GmbH", "STRASSE"),
    ],
)
def test_spellings_of_one_name_compare_equal(one: str, other: str) -> None:
    assert normalise(one) == normalise(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("杭州贸易有限公司", "杭州贸易有限公司第三分店"),
        ("Costco", "Cost Inc"),
        ("Cafe 1", "Cafe 2"),
        ("!!!", "???"),
    ],
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@pytest.mark.parametrize("name", ["有限公司", "Co., Ltd.", "S.A. de C.V.", "集团有限公司", "LLC"])
def test_a_name_of_legal_form_words_keeps_them(name: str) -> None:
    assert normalise(name) == normalise(name.upper())
    assert sum(map(str.isalpha, normalise(name))) == sum(map(str.isalpha, name))


@given(st.text() | pieces)
def test_normalising_twice_changes_nothing_and_letters_never_vanish(name: str) -> None:
    once = normalise(name)
    assert normalise(once) == once
    assert once == once.strip()
    assert once or not any(unicodedata.category(c)[0] in "LN" for c in name)
    assert not any(unicodedata.category(c) in {"Cc", "Cf"} for c in once)


@pytest.mark.parametrize("unit", [" co", " sa de cv", "有限公司", " l", " . ", "\u202e"])
def test_a_hostile_name_takes_no_longer_than_its_length_is_worth(unit: str) -> None:
    name = f"a{unit * 100_000} x"
    assert normalise(normalise(name)) == normalise(name)
    assert 0 < len(normalise(name)) <= 1000


@given(pieces, st.sampled_from(["\u202e", "\x00", "\u200b", "\ufeff", "  "]), st.integers(0, 30))
def test_unseen_characters_do_not_make_another_name(name: str, hidden: str, at: int) -> None:
    if hidden.isspace():
        at = len(name)
    assert normalise(name[:at] + hidden + name[at:]) == normalise(name)


@pytest.mark.parametrize(
    ("name", "shown", "findings"),
    [
        ("Acme  Ltd ", "Acme Ltd", ()),
        ("Ac\x00me", "Acme", (NameFinding.NUL,)),
        ("Ac\u202eme\x07", "Acme", (NameFinding.CONTROL, NameFinding.BIDI)),
        ("Ac\u200bme", "Acme", (NameFinding.INVISIBLE,)),
        ("Acme\tLtd\r\n", "Acme Ltd", (NameFinding.CONTROL,)),
        ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0", (NameFinding.FORMULA,)),
        ("+1+1", "+1+1", (NameFinding.FORMULA,)),
        ("\u200b@SUM(A1)", "@SUM(A1)", (NameFinding.INVISIBLE, NameFinding.FORMULA)),
        ("-", "-", ()),
        ("李禧记辉\ue002食品", "李禧记辉\ue002食品", (NameFinding.PRIVATE,)),
        ("Caf\ufffd", "Caf\ufffd", (NameFinding.REPLACEMENT,)),
        ("阿里巴巴（中国）有限公司", "阿里巴巴（中国）有限公司", ()),
    ],
)
def test_what_is_hidden_in_a_name_is_removed_and_reported(
    name: str, shown: str, findings: tuple[NameFinding, ...]
) -> None:
    assert clean(name) == (shown, findings)


@given(st.text())
def test_a_clean_name_is_clean(name: str) -> None:
    shown, _ = clean(name)
    again, findings = clean(shown)
    assert again == shown
    assert set(findings) <= {NameFinding.FORMULA, NameFinding.PRIVATE, NameFinding.REPLACEMENT}
