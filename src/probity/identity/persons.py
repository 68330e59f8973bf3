"""Codes that belong to a person: recognised whatever column or scheme they come in under (charter 1).

Refused are individual traders (USCC beginning with 92; registration numbers of 15 digits whose seventh is 6
to 9), citizen numbers (GB 11643) of 18 and 15 digits, residence cards of foreigners in the same form, and the
Mexican tax number of 13 characters and CURP. Separators between the characters, the digits of another script
and text around a citizen number do not hide it.

Some numbers can be read two ways. What was decided, and why:

* A citizen number of 18 digits must have its check digit, a birth date of 1900 to 2099 and a place that
  Chinese places can have. Such a number is refused even if it happens to be a sound USCC too, with one
  exception: USCC 91 and 93. No citizen number begins so, only the card of a foreign resident (9, province,
  country); it is taken for the USCC if both its check characters are right and its region is in today's
  table. No such region leaves room for an existing country number, so no card can slip through.
* Fifteen digits are a registration number if the check digit (ISO 7064 MOD 11,10) is right, else an old citizen
  number if the birth date is possible; either only where the first four digits are a city of today's table, so
  that the long numbers of other registers are left alone. Under ``cn-uscc`` neither gets a file, so a citizen
  number taken for a registration number is still refused and still masked.
* Under other schemes a Mexican tax number needs its check digit, because a serial number with a date in it
  can look like one. About 1.5 % of those in use have a wrong one and are only refused under ``mx-rfc``.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from stdnum.mx import curp, rfc

from probity.identity.checks import ALPHABET, citizen_check, organisation_check, registration_check, uscc_check
from probity.identity.fault import Fault, Verdict, masked
from probity.identity.regions import region

INDIVIDUAL_TRADER = "the code of an individual trader (个体工商户)"
CITIZEN = "the number of a citizen (公民身份号码)"
MEXICAN = "the tax or population number of a person in Mexico"
EMPLOYEE = "a social security number of the United States"

_PROVINCE = "1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]"
_PLACE = rf"(?:(?:11|12|31|50)0[0-9]|(?!11|12|31|50)(?:{_PROVINCE}|71)[0-9][0-9]|8[123]00)[0-9][0-9]"
_CITIZEN = re.compile(rf"(?:{_PLACE}|9(?:{_PROVINCE})[0-9]{{3}})(?:19|20)[0-9]{{9}}[0-9X]", re.ASCII)
_CITIZEN_INSIDE = re.compile(r"(?<![0-9])[0-9]{17}[0-9X](?![0-9])", re.ASCII)
_USCC = re.compile(rf"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}", re.ASCII)
_RFC_PERSON = re.compile(r"[A-Z&Ñ]{4}[0-9]{6}[1-9A-V][1-9A-Z][0-9A]", re.ASCII)
_SEPARATORS = re.compile(r"[^0-9A-ZÑ&]+", re.ASCII)


def person(code: str) -> str | None:
    """Whose code this is (a phrase for the message) if it is a person's; ``code`` is tidied already."""
    if len(code) < 13:
        return None
    if not code.isascii():
        code = "".join(str(unicodedata.decimal(c, c)) for c in code)
    bare = _SEPARATORS.sub("", code)
    runs = (*_CITIZEN_INSIDE.findall(code), *_CITIZEN_INSIDE.findall(bare)) if len(code) > 18 else ()
    if any(_is_citizen(run) for run in runs):
        return CITIZEN
    if len(bare) == 18:
        return _of_eighteen(bare)
    if len(bare) == 15:
        return _of_fifteen(bare)
    if len(bare) == 13 and _RFC_PERSON.fullmatch(bare) and rfc.is_valid(bare, validate_check_digits=True):
        return MEXICAN
    return None


def refusal(code: str, whose: str) -> Fault:
    """The fault of a code that belongs to a person."""
    return Fault(
        Verdict.PERSON,
        f"{masked(code)} is {whose}; this file is of organisations only, and a person can have none",
        "Leave it out. Persons appear only in the role they hold for an organisation (charter 1).",
    )


def _of_eighteen(code: str) -> str | None:
    if _is_citizen(code):
        return CITIZEN
    if code.startswith("92") and _USCC.fullmatch(code) and uscc_check(code[:17]) == code[17]:
        return INDIVIDUAL_TRADER
    if code[:4].isalpha() and curp.is_valid(code):
        return MEXICAN
    return None


def _is_citizen(code: str) -> bool:
    if not _CITIZEN.fullmatch(code) or citizen_check(code[:17]) != code[17]:
        return False
    return _is_day(code[6:14]) and not _is_enterprise(code)


def _is_enterprise(code: str) -> bool:
    return (
        code[:2] in {"91", "93"}
        and code[17] in ALPHABET
        and uscc_check(code[:17]) == code[17]
        and organisation_check(code[8:16]) == code[16]
        and region(code[2:8]).exact
    )


def _of_fifteen(code: str) -> str | None:
    if not (code.isascii() and code.isdigit() and region(f"{code[:4]}00").exact):
        return None
    if registration_check(code[:14]) == code[14]:
        return INDIVIDUAL_TRADER if code[6] in "6789" else None
    return CITIZEN if _is_day("19" + code[6:12]) else None


def _is_day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True
