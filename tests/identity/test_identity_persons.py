"""Charter 1: no code of a person passes, under whatever scheme and however it is written."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric
from stdnum.mx import rfc

from probity.errors import NaturalPersonError
from probity.identity import Verdict, identify, identify_column, parse, region
from probity.identity.checks import (
    ALPHABET,
    citizen_check,
    organisation_check,
    registration_check,
    uscc_check,
)
from probity.identity.persons import person
from probity.identity.regions import _table

ANYTHING = r"[\s\S]*"
SCHEMES = [("cn-uscc", None), ("lei", None), ("mx-rfc", None), ("us-ein", None), ("local", ANYTHING)]

_CITIZEN_BODY = "33010219900307747"
CITIZEN = _CITIZEN_BODY + citizen_check(_CITIZEN_BODY)
_TRADER_BODY = "92330100MA2D1CD2" + organisation_check("MA2D1CD2")
TRADER = _TRADER_BODY + uscc_check(_TRADER_BODY)
OLD_CITIZEN = "330102900307742"
_OLD_TRADER_BODY = "33010260001234"
OLD_TRADER = _OLD_TRADER_BODY + registration_check(_OLD_TRADER_BODY)
_RFC_BODY = "GODE561231GR"
RFC_PERSON = _RFC_BODY + rfc.calc_check_digit(_RFC_BODY)


@pytest.mark.parametrize(("check", "pattern"), SCHEMES)
@pytest.mark.parametrize("code", [CITIZEN, TRADER, OLD_CITIZEN, OLD_TRADER, RFC_PERSON, "BOXW310820HNERXN09"])
def test_codes_of_persons_are_refused_under_every_scheme(check: str, pattern: str | None, code: str) -> None:
    with pytest.raises(NaturalPersonError) as caught:
        identify(check, code, pattern)
    message = str(caught.value)
    assert code[:4] in message
    assert code[4:] not in message
    assert code[:5] not in message
    assert "organisations only" in message
    column = identify_column(check, [code, None], pattern)
    assert column.verdicts.tolist() == [Verdict.PERSON, Verdict.MISSING]
    assert column.codes.to_pylist() == [None, None]


@pytest.mark.parametrize(
    "disguised",
    [
        "-".join([CITIZEN[:6], CITIZEN[6:14], CITIZEN[14:]]),
        " ".join(CITIZEN),
        "CN" + CITIZEN,
        "CN:" + CITIZEN[:6] + " " + CITIZEN[6:],
        "id/" + CITIZEN + "/shop",
        CITIZEN.translate({ord("0") + i: 0xFF10 + i for i in range(10)}),
        CITIZEN.translate({ord("0") + i: 0x0660 + i for i in range(10)}),
        TRADER.lower(),
        RFC_PERSON[:4] + "-" + RFC_PERSON[4:10] + "-" + RFC_PERSON[10:],
    ],
)
def test_a_local_pattern_is_no_back_door(disguised: str) -> None:
    with pytest.raises(NaturalPersonError):
        identify("local", disguised, ANYTHING)


@pytest.mark.parametrize("check", ["cn-uscc", "local"])
def test_a_small_x_at_the_end_does_not_hide_a_citizen_number(check: str) -> None:
    body = next(b for n in range(1000) if citizen_check(b := f"33010219900307{n:03}") == "X")
    with pytest.raises(NaturalPersonError):
        identify(check, body + "x", ANYTHING if check == "local" else None)


def test_a_trader_is_refused_even_with_a_wrong_check_character() -> None:
    with pytest.raises(NaturalPersonError, match="individual trader"):
        parse(TRADER[:-1] + ("0" if TRADER[-1] != "0" else "1"))


@pytest.mark.parametrize("code", ["GODE561231GR8", "GODE 561231 GR8", "GODE561231", "XAXX010101000"])
def test_the_mexican_number_of_a_person_needs_no_check_digit_to_be_refused(code: str) -> None:
    with pytest.raises(NaturalPersonError):
        identify("mx-rfc", code)


def test_a_number_written_as_a_social_security_number_is_refused() -> None:
    with pytest.raises(NaturalPersonError, match="social security"):
        identify("us-ein", "536-90-4399")


places = st.sampled_from(["110105", "330102", "440301", "510104", "520102", "542621", "650102", "810000"])


@given(places, st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.integers(0, 999))
def test_every_citizen_number_is_recognised(place: str, born: date, serial: int) -> None:
    body = f"{place}{born:%Y%m%d}{serial:03}"
    code = body + ric.calc_check_digit(body + "0")
    assert person(code)
    assert identify_column("cn-uscc", [code]).verdicts[0] == Verdict.PERSON


@given(st.sampled_from(["51", "52", "53"]), st.sampled_from(["310120", "110119"]), st.integers(0, 10**7 - 1))
def test_a_number_that_is_both_is_refused(head: str, place: str, rest: int) -> None:
    body = f"{head}{place}{rest:07}"
    for serial in range(100):
        whole = f"{body}{serial:02}"
        code = whole + citizen_check(whole)
        if person(code):
            assert identify_column("cn-uscc", [code]).verdicts[0] == Verdict.PERSON


def test_an_enterprise_that_happens_to_read_as_a_foreign_resident_is_an_enterprise() -> None:
    found = []
    for organisation in range(1_010_100, 1_012_831):
        body = f"91310120{organisation:08}"
        body += organisation_check(body[8:])
        if body.isdigit() and uscc_check(body) == citizen_check(body):
            found.append(body + uscc_check(body))
    born = [code for code in found if "0101" <= code[10:14] <= "1231"]
    assert born
    assert all(parse(code).kind == "enterprise" for code in born)
    assert identify_column("cn-uscc", born).verdicts.max() == Verdict.OK


def test_no_region_leaves_room_for_the_country_of_a_foreign_resident() -> None:
    """The exception for 91 and 93 stands on this: ISO 3166 has no country 001, 101, 201 or 307."""
    ambiguous = {code for code in _table() if code[4:] in {"19", "20"}}
    assert {code[1:4] for code in ambiguous} <= {"001", "101", "201", "307"}


@given(st.text(ALPHABET, min_size=16, max_size=16))
def test_nothing_that_begins_with_92_is_accepted(rest: str) -> None:
    with pytest.raises(NaturalPersonError):
        parse("92" + rest)


def test_regions_of_the_test_places_are_real() -> None:
    assert region("330102").name == "浙江省杭州市上城区"


def test_long_numbers_of_other_registers_are_left_alone() -> None:
    for code in ("000000000012345", "FOOD240115001", "990102900307742", "123456789012345678"):
        assert identify("local", code, ANYTHING).code == code
