"""The unified social credit code (统一社会信用代码) of GB 32100: parse, compose, explain.

Eighteen characters: registering department, type of organisation, region of the registrar (six digits),
organisation code (nine characters, the last its check digit by GB 11714), check character.

Wrong length, illegal character and either wrong check character are errors. An unknown department, type or
region is only a warning: the text of the standard could not be read, its tables come from public code, and
regions are historical while the table at hand is today's (rulesheet O1, O2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from probity.errors import IdentifierError
from probity.identity.checks import (
    ALPHABET,
    missing_character,
    organisation_check,
    registration_check,
    uscc_check,
)
from probity.identity.fault import MISSING, Fault, Verdict, masked, tidy
from probity.identity.persons import INDIVIDUAL_TRADER, person, refusal
from probity.identity.regions import region
from probity.identity.tables import DEPARTMENTS, KINDS, TYPES, Label

_LEGACY = re.compile(r"[0-9]{15}|[0-9]{6}N[AB][0-9]{6}[0-9X]")
"""Registration numbers before October 2015; those with NA or NB belong to farmers' cooperatives."""

_LOOKALIKES = "The letters I, O, S, V and Z are never used; 1, 0, 5, U and 2 are often misread as them."


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a code: its characters ``first`` to ``last`` (1-based, both included) and what they say."""

    first: int
    last: int
    value: str
    title: Label
    meaning: Label | None


@dataclass(frozen=True, slots=True)
class Uscc:
    """A sound code and what it says. ``kind`` is a value of the rulebook's ``OrganisationKind``.

    Names and kind are ``None`` where the tables do not know the characters; ``warnings`` then says so.
    """

    code: str
    department: str
    department_name: Label | None
    type: str
    type_name: Label | None
    region: str
    region_name: str | None
    organisation_code: str
    kind: str | None
    warnings: tuple[str, ...]

    def explain(self) -> tuple[Part, ...]:
        """The code part by part, in English and Chinese."""
        place = Label(self.region_name, self.region_name) if self.region_name else None
        good = Label("right", "正确")
        return (
            Part(1, 1, self.department, Label("Registering department", "登记管理部门"), self.department_name),
            Part(2, 2, self.type, Label("Type of organisation", "机构类别"), self.type_name),
            Part(3, 8, self.region, Label("Region of the registrar", "登记管理机关行政区划"), place),
            Part(9, 17, self.organisation_code, Label("Organisation code", "主体标识码"), None),
            Part(18, 18, self.code[17], Label("Check character", "校验码"), good),
        )


def parse(code: str | None) -> Uscc:
    """The organisation code ``code``, taken apart.

    Raises IdentifierError (with position and expected character) for a code that is wrong, and
    NaturalPersonError for a code that belongs to a person or an individual trader.
    """
    text = tidy(code or "")
    if fault := examine(text):
        raise fault.error()
    place = region(text[2:8])
    return Uscc(
        code=text,
        department=text[0],
        department_name=DEPARTMENTS.get(text[0]),
        type=text[1],
        type_name=TYPES.get(text[:2]),
        region=text[2:8],
        region_name=place.name,
        organisation_code=text[8:17],
        kind=organisation_kind(text),
        warnings=warnings(text),
    )


def organisation_kind(code: str) -> str | None:
    """The kind of organisation by the first two characters of a USCC; ``None`` where they are unknown."""
    return KINDS.get(code[:2])


def warnings(code: str) -> tuple[str, ...]:
    """What is unusual about a sound code: parts that the tables do not know."""
    found = []
    if code[0] not in DEPARTMENTS:
        found.append(f"department {code[0]!r} (character 1) is not in the known table")
    elif code[:2] not in TYPES:
        found.append(f"type {code[1]!r} (character 2) is not known for department {code[0]!r}")
    place = region(code[2:8])
    if not place.exact:
        part_of = f"; it lies in {place.name}" if place.name else ""
        found.append(f"region {place.code} (characters 3 to 8) is not among today's regions{part_of}")
    return tuple(found)


def compose(department: str, type_: str, region_code: str, organisation: str) -> str:
    """The code of those parts, both check characters computed.

    ``organisation`` is the first eight characters of the organisation code. Raises IdentifierError for an
    illegal part, NaturalPersonError for one that makes the code of a person.
    """
    body = tidy(department + type_ + region_code + organisation)
    if (len(department), len(type_), len(region_code), len(organisation)) != (1, 1, 6, 8) or len(body) != 16:
        raise IdentifierError(
            f"parts of {len(department)}, {len(type_)}, {len(region_code)} and {len(organisation)} characters",
            remedy="Give 1 for the department, 1 for the type, 6 for the region, 8 for the organisation.",
        )
    if position := illegal_position(body):
        raise _illegal(body, position).error()
    body += organisation_check(body[8:16])
    return parse(body + uscc_check(body)).code


def illegal_position(code: str) -> int:
    """Where the first character stands that no USCC has there (1-based), or 0."""
    for position, character in enumerate(code, start=1):
        allowed = "0123456789" if 3 <= position <= 8 else ALPHABET
        if character not in allowed:
            return position
    return 0


def examine(code: str) -> Fault | None:
    """What is wrong with a tidied code, if anything; the first of the reasons in this order."""
    if not code:
        return MISSING
    if whose := person(code):
        return refusal(code, whose)
    if _LEGACY.fullmatch(code):
        return _legacy(code)
    if len(code) != 18:
        return Fault(
            Verdict.LENGTH,
            f"{masked(code)} is not as long as a unified social credit code, which has 18 characters",
            "Give the whole code, without spaces, as printed on the licence.",
        )
    if code.startswith("92"):
        return refusal(code, INDIVIDUAL_TRADER)
    if position := illegal_position(code):
        return _illegal(code, position)
    if (expected := uscc_check(code[:17])) != code[17]:
        return _wrong_check(code, 18, expected, Verdict.CHECK_CHARACTER, "check character (GB 32100)")
    if (expected := organisation_check(code[8:16])) != code[16]:
        what = "check digit of the organisation code (GB 11714)"
        return _wrong_check(code, 17, expected, Verdict.ORGANISATION_CHECK, what)
    return None


def _illegal(code: str, position: int) -> Fault:
    solved = missing_character(code, position) if len(code) == 18 else None
    allowed = "a digit" if 3 <= position <= 8 else "a digit or a capital letter but I, O, S, V, Z"
    expected = repr(solved) if solved else allowed
    return Fault(
        Verdict.CHARACTER,
        f"{masked(code)} has {code[position - 1]!a} at position {position}; expected {expected}",
        f"Compare the code with the licence. {_LOOKALIKES}",
        position,
        solved or allowed,
    )


def _wrong_check(code: str, position: int, expected: str, verdict: Verdict, what: str) -> Fault:
    return Fault(
        verdict,
        f"{masked(code)} has {code[position - 1]!r} at position {position}, the {what}; expected {expected!r}",
        "Compare the code with the licence: this character, or one that it is computed from, is wrong.",
        position,
        expected,
    )


def _legacy(code: str) -> Fault:
    what = f"{masked(code)} is a registration number from before October 2015, not a unified social credit code"
    position = expected = None
    if code.isdigit() and (digit := registration_check(code[:14])) != code[14]:
        position, expected = 15, digit
        what += f"; its check digit at position 15 is wrong too, expected {expected!r}"
    return Fault(
        Verdict.LEGACY,
        what,
        "Look up the code that replaced it; the old number can be kept as information of category 7.",
        position,
        expected,
    )
