"""The check arithmetic of the Chinese numbers, each on a string that is already known to be legal.

Sources: GB 32100-2015 and GB/T 17710 (credit code), GB 11714 (organisation code), both as in rulesheet O1;
GB 11643 (citizen number) and ISO 7064 MOD 11,10 (registration number of 15 digits) from python-stdnum.
"""

from __future__ import annotations

from stdnum.cn import ric
from stdnum.iso7064 import mod_11_10

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of a USCC: I, O, S, V and Z are not among them."""

USCC_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))

ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ORGANISATION_CHECKS = "0X987654321"
"""The check digit of an organisation code, by the weighted sum modulo 11."""


def uscc_check(body: str) -> str:
    """Character 18 for the first 17 characters of a USCC."""
    total = sum(ALPHABET.index(c) * w for c, w in zip(body, USCC_WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def organisation_check(body: str) -> str:
    """Character 9 for the first 8 characters of an organisation code."""
    total = sum(ORGANISATION_ALPHABET.index(c) * w for c, w in zip(body, ORGANISATION_WEIGHTS, strict=True))
    return ORGANISATION_CHECKS[total % 11]


def citizen_check(body: str) -> str:
    """Character 18 for the first 17 digits of a citizen number."""
    return str(ric.calc_check_digit(body + "0"))


def registration_check(body: str) -> str:
    """Digit 15 for the first 14 digits of a registration number from before the USCC."""
    return str(mod_11_10.calc_check_digit(body))


def missing_character(code: str, position: int) -> str | None:
    """The only character that makes ``code`` pass at ``position`` (1-based), if one does.

    Every weight has an inverse modulo 31, so one unreadable character among 18 can be solved for. Nothing is
    returned where another character is illegal too, or the result fails the check of the organisation code.
    """
    others = [(i, c) for i, c in enumerate(code) if i != position - 1]
    if any(c not in ALPHABET for _, c in others):
        return None
    weights = (*USCC_WEIGHTS, 1)
    total = sum(ALPHABET.index(c) * weights[i] for i, c in others)
    solved = ALPHABET[-total * pow(weights[position - 1], -1, 31) % 31]
    whole = code[: position - 1] + solved + code[position:]
    good = whole[2:8].isdigit() and organisation_check(whole[8:16]) == whole[16]
    return solved if good else None
