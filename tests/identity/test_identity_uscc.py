"""The unified social credit code: parts, checks, and what the messages say."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.cn import uscc as oracle

from probity.errors import IdentifierError, NaturalPersonError
from probity.identity import compose, organisation_kind, parse, region, why
from probity.identity.checks import ALPHABET
from probity.identity.tables import KINDS, TYPES
from probity.rulebook.model import OrganisationKind

SOURCE_CODES = {
    "91440101327598294H": "广东省广州市",
    "915001145922900208": "重庆市黔江区",
    "91410185712676009N": "河南省郑州市登封市",
    "91330100799655058B": "浙江省杭州市",
    "91330481785659568L": "浙江省嘉兴市海宁市",
    "91330501MA2D1CD2XH": "浙江省湖州市",
    "911100007109207250": "北京市",
}
"""The codes printed in the sources (rulesheet section 1), and the region that each lies in."""

ONE = "91330100799655058B"

bodies = st.tuples(
    st.sampled_from(["11", "12", "51", "52", "91", "93", "A1", "N2", "Y1"]),
    st.sampled_from(["330100", "440101", "110000", "999999", "320583"]),
    st.text(ALPHABET, min_size=8, max_size=8),
)


@pytest.fixture(scope="module")
def vectors() -> Path:
    shared = os.environ.get("PROBITY_SHARED")
    folder = (Path(shared) if shared else Path(__file__).parents[3] / "shared") / "data" / "uscc-vectors"
    if not folder.is_dir():
        pytest.skip(f"the real codes are not licensed for copying and are absent at {folder}")
    return folder


def column(path: Path, name: str) -> Iterator[str]:
    with path.open(encoding="utf-8") as lines:
        yield from (row[name] for row in csv.DictReader(lines))


@pytest.mark.parametrize(("code", "place"), SOURCE_CODES.items())
def test_codes_printed_in_the_sources_pass(code: str, place: str) -> None:
    parsed = parse(code)
    assert (parsed.code, parsed.kind, parsed.region_name) == (code, "enterprise", place)
    assert parsed.organisation_code == code[8:17]
    assert "".join(part.value for part in parsed.explain()) == code


def test_a_code_explains_itself_in_two_languages() -> None:
    parsed = parse(ONE)
    assert parsed.department_name is not None
    assert parsed.type_name is not None
    assert (parsed.department_name.zh, parsed.type_name.en) == ("工商", "Enterprise")
    assert [(p.first, p.last) for p in parsed.explain()] == [(1, 1), (2, 2), (3, 8), (9, 17), (18, 18)]
    assert parsed.warnings == ()


@pytest.mark.parametrize(
    "written", [" 91330100799655058b\n", "９１３３０１００７９９６５５０５８Ｂ", "91330100799655058ｂ"]
)
def test_case_width_and_surrounding_space_do_not_matter(written: str) -> None:
    assert parse(written).code == ONE


@pytest.mark.parametrize(
    ("code", "position", "expected"),
    [
        ("91330100799655058H", 18, "B"),
        ("91330100799655O58B", 15, "0"),
        ("9133O100799655058B", 5, "0"),
        ("91330100 99655058B", 9, "7"),
        ("91330100IO9655058B", 9, "a digit or a capital letter but I, O, S, V, Z"),
        ("9A3301O07996550580", 7, "a digit"),
    ],
)
def test_a_wrong_character_is_named_with_the_expected_one(code: str, position: int, expected: str) -> None:
    with pytest.raises(IdentifierError) as caught:
        parse(code)
    assert (caught.value.position, caught.value.expected) == (position, expected)
    assert f"position {position}" in str(caught.value)
    assert expected in str(caught.value)
    assert code not in str(caught.value)


def test_a_wrong_organisation_code_is_found_behind_a_right_check_character() -> None:
    body = ONE[:16] + "7"
    code = body + oracle.calc_check_digit(body)
    assert oracle.is_valid(code)
    with pytest.raises(IdentifierError, match="GB 11714") as caught:
        parse(code)
    assert (caught.value.position, caught.value.expected) == (17, "8")


def test_unknown_department_type_and_region_are_warnings() -> None:
    code = compose("9", "9", "991234", "12345678")
    parsed = parse(code)
    assert parsed.kind is None
    assert [w.split()[0] for w in parsed.warnings] == ["type", "region"]
    assert parse(compose("B", "1", "330100", "12345678")).warnings[0].startswith("department 'B'")


def test_an_older_region_is_named_as_far_as_it_is_known() -> None:
    assert "浙江省杭州市" in parse(compose("9", "1", "330103", "12345678")).warnings[0]
    assert region("330103").exact is False
    assert region("990000").name is None


@pytest.mark.parametrize("code", ["9133010079965505", ONE + "0", "", None, "\u200b" + ONE, "91\x00" + ONE[3:]])
def test_other_lengths_and_unseen_characters_are_refused(code: str | None) -> None:
    with pytest.raises(IdentifierError):
        parse(code)


@pytest.mark.parametrize("code", ["320811000028207", "320722NA000082X", "320305NB000001X"])
def test_numbers_from_before_the_code_are_recognised(code: str) -> None:
    error = why("cn-uscc", code)
    assert "before October 2015" in str(error)
    assert "category 7" in str(error)
    assert not isinstance(error, NaturalPersonError)


def test_the_check_digit_of_an_older_number_is_told() -> None:
    error = why("cn-uscc", "320811000028208")
    assert (error.position, error.expected) == (15, "7")


def test_every_kind_is_one_of_the_rulebook_and_every_type_but_the_trader_has_one() -> None:
    assert set(KINDS.values()) <= {kind.value for kind in OrganisationKind}
    assert set(TYPES) - set(KINDS) == {"92"}
    assert [organisation_kind(c) for c in ("91", "93", "51", "11", "12", "zz")] == [
        "enterprise", "enterprise", "social-organisation", "government-body", "public-institution", None,
    ]  # fmt: skip


@given(bodies)
def test_composed_codes_parse_to_their_parts(parts: tuple[str, str, str]) -> None:
    head, place, organisation = parts
    try:
        code = compose(head[0], head[1], place, organisation)
    except NaturalPersonError:
        assume(False)
    parsed = parse(code)
    assert (parsed.department + parsed.type, parsed.region, parsed.organisation_code[:8]) == parts
    if head[0].isdigit():
        assert oracle.is_valid(code)


def test_parts_that_make_no_code_are_refused() -> None:
    with pytest.raises(NaturalPersonError):
        compose("9", "2", "330100", "MA2D1CD2")
    with pytest.raises(IdentifierError, match="position 9"):
        compose("9", "1", "330100", "OA2D1CD2")
    with pytest.raises(IdentifierError, match="Give 1 for the department"):
        compose("91", "", "330100", "MA2D1CD2")


@given(bodies, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_any_single_wrong_character_is_detected(parts: tuple[str, str, str], at: int, other: str) -> None:
    try:
        code = compose(parts[0][0], parts[0][1], parts[1], parts[2])
    except NaturalPersonError:
        assume(False)
    assume(code[at] != other)
    with pytest.raises(IdentifierError):
        parse(code[:at] + other + code[at + 1 :])


@given(st.text(ALPHABET + "IOSVZ", min_size=17, max_size=19))
def test_whatever_is_accepted_the_oracle_accepts(code: str) -> None:
    try:
        parse(code)
    except IdentifierError:
        return
    assert oracle.is_valid(code) or code[0].isalpha()


def test_real_codes_pass(vectors: Path) -> None:
    codes = list(column(vectors / "real_valid_by_prefix.csv", "uscc"))
    assert len(codes) > 500
    assert [parse(code).code for code in codes] == codes
    assert all(map(oracle.is_valid, codes))


def test_real_faulty_codes_fail_and_for_the_reason_of_the_oracle(vectors: Path) -> None:
    codes = list(column(vectors / "real_invalid_checkdigit.csv", "uscc"))
    assert len(codes) > 90
    for code in codes:
        assert why("cn-uscc", code).position is not None
        assert not oracle.is_valid(code)


def test_real_older_numbers_are_all_recognised(vectors: Path) -> None:
    for code in column(vectors / "legacy_15digit_regno.csv", "reg_no_15"):
        error = why("cn-uscc", code)
        assert "before October 2015" in str(error)
        assert error.position is None
