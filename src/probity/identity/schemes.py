"""One door to every identifier scheme: a single code, a whole column, and why a code was refused.

``check`` is one of ``cn-uscc``, ``lei``, ``mx-rfc``, ``us-ein`` and ``local``; a local scheme brings the regular
expression (``pattern``) that the whole code must match. Codes of persons are refused under all of them.

What no code can tell: an LEI or EIN may have been given to a person who trades alone. Nine digits without a dash
are taken for an EIN; written as 123-45-6789 they are a social security number and refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from stdnum import exceptions, lei
from stdnum.mx import rfc
from stdnum.us import ein

from probity.errors import IdentifierError
from probity.identity import uscc
from probity.identity.column import Codes, Column, by_value, check_column
from probity.identity.fault import MISSING, Fault, Verdict, masked, tidy
from probity.identity.persons import EMPLOYEE, MEXICAN, person, refusal


@dataclass(frozen=True, slots=True)
class Identifier:
    """A sound code in normal form; ``kind`` where the code itself tells it (only a USCC does)."""

    code: str
    kind: str | None = None
    warnings: tuple[str, ...] = ()


Examination = tuple[str, Fault | None]


def identify(check: str, code: str | None, pattern: str | None = None) -> Identifier:
    """``code`` verified and normalised under the scheme; IdentifierError or NaturalPersonError otherwise."""
    text, fault = _examiner(check, pattern)(code or "")
    if fault:
        raise fault.error()
    if check == "cn-uscc":
        return Identifier(text, uscc.organisation_kind(text), uscc.warnings(text))
    if check == "mx-rfc" and not rfc.is_valid(text, validate_check_digits=True):
        return Identifier(text, None, ("the check digit is wrong, as it is in about 1.5 % of those in use",))
    return Identifier(text)


def identify_column(check: str, codes: Codes, pattern: str | None = None) -> Column:
    """A whole column at once; row by row the outcome of :func:`identify`, refused codes null."""
    examiner = _examiner(check, pattern)
    return check_column(codes) if check == "cn-uscc" else by_value(codes, examiner)


def why(check: str, code: str | None, pattern: str | None = None) -> IdentifierError:
    """The full error for a code that was refused; asking it about a sound code is a mistake (ValueError)."""
    _, fault = _examiner(check, pattern)(code or "")
    if not fault:
        raise ValueError("this code was not refused")
    return fault.error()


def _examiner(check: str, pattern: str | None) -> Callable[[str], Examination]:
    if (check == "local") != (pattern is not None):
        raise IdentifierError(
            f"scheme check {check!r} {'needs a pattern' if check == 'local' else 'takes no pattern'}",
            remedy="Give a pattern to a local scheme, and only to a local one.",
        )
    if pattern is not None:
        return _local(pattern)
    if check not in _EXAMINERS:
        raise IdentifierError(
            f"no scheme check is called {check!r}", remedy=f"Use one of {', '.join(_EXAMINERS)}, local."
        )
    return _EXAMINERS[check]


def _uscc(code: str) -> Examination:
    text = tidy(code)
    return text, uscc.examine(text)


def _lei(code: str) -> Examination:
    return _by_stdnum(lei, code, "legal entity identifier", "[0-9A-Z]{18}[0-9]{2}", 20)


def _rfc(code: str) -> Examination:
    text = tidy(code)
    bare = rfc.compact(text)
    if len(bare) == 13 or re.fullmatch(r"[A-Z&Ñ]{4}[0-9]{6}", bare):
        return text, refusal(text, MEXICAN)
    return _by_stdnum(rfc, code, "Mexican tax number of an organisation", "[A-Z&Ñ]{3}[0-9]{6}[0-9A-Z]{3}", 12)


def _ein(code: str) -> Examination:
    text = tidy(code)
    if re.fullmatch(r"[0-9]{3}[- ][0-9]{2}[- ][0-9]{4}", text):
        return text, refusal(text, EMPLOYEE)
    return _by_stdnum(ein, code, "US employer identification number", "[0-9]{9}", 9)


def _by_stdnum(scheme: Any, code: str, name: str, form: str, length: int) -> Examination:
    """Check by a module of python-stdnum; ``form`` is stricter than some of them about digits and length."""
    text = tidy(code)
    if not text:
        return text, MISSING
    if whose := person(text):
        return text, refusal(text, whose)
    bare = scheme.compact(text)
    remedy = f"A {name} has {length} characters; compare the code with the register."
    if len(bare) != length:
        return text, Fault(Verdict.LENGTH, f"{masked(text)} is not as long as a {name}", remedy)
    if not re.fullmatch(form, bare):
        return text, Fault(Verdict.CHARACTER, f"{masked(text)} does not have the form of a {name}", remedy)
    try:
        return str(scheme.validate(text)), None
    except exceptions.InvalidChecksum:
        what = f"the check digits of {masked(text)} are wrong for a {name}"
        return text, Fault(Verdict.CHECK_CHARACTER, what, remedy)
    except exceptions.InvalidComponent:
        what = f"{masked(text)} has a part (a date or a prefix) that no {name} has"
        return text, Fault(Verdict.COMPONENT, what, remedy)
    except exceptions.ValidationError:
        return text, Fault(Verdict.CHARACTER, f"{masked(text)} does not have the form of a {name}", remedy)


def _local(pattern: str) -> Callable[[str], Examination]:
    """Local codes keep their capitals: only width and surrounding space are normalised."""
    try:
        form = re.compile(pattern)
    except re.error as error:
        raise IdentifierError(
            f"the pattern {pattern!r} of the local scheme is no regular expression: {error}",
            remedy="Correct it in schemes.yaml of the rulebook.",
        ) from error

    def examine(code: str) -> Examination:
        text = (code if code.isascii() else unicodedata.normalize("NFKC", code)).strip()
        if not text:
            return text, MISSING
        if whose := person(text.upper()):
            return text, refusal(text, whose)
        if not text.isprintable():
            remedy = "Remove the control characters from the code."
            return text, Fault(Verdict.CHARACTER, f"{masked(text)} has characters that do not print", remedy)
        if not form.fullmatch(text):
            what = f"{masked(text)} does not have the form of the scheme, {pattern}"
            return text, Fault(Verdict.PATTERN, what, "Compare the code with the register that issued it.")
        return text, None

    return examine


_EXAMINERS: dict[str, Callable[[str], Examination]] = {
    "cn-uscc": _uscc,
    "lei": _lei,
    "mx-rfc": _rfc,
    "us-ein": _ein,
}
