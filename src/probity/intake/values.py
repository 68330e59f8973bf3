"""Columns of text into values: extract, look up, replace, read as date, number, choice or truth.

Everything that needs Python is done once for each distinct value of a block, and remembered; what differs
from row to row is done by pyarrow. A value that cannot be read becomes null, and a finding.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from probity.identity import NameFinding, clean, without_persons
from probity.intake.findings import Findings, quoted
from probity.intake.model import Reason

LARGEST = 2**53 - 1
"""The largest whole number that canonical JSON holds."""
LONGEST_TEXT = 10_000
LONGEST_NAME = 500
"""Characters."""

_REMEMBERED = 1 << 16
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,18}(\.\d{1,18})?", re.ASCII)
_BIDI = r"\x{200e}\x{200f}\x{061c}\x{202a}-\x{202e}\x{2066}-\x{2069}"
_UNSAFE = rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x{{9f}}{_BIDI}\x{{fffd}}]"
_SUSPECT = r"^[\s\p{Z}]*[=+@-]|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\x{fffd}]"
_CLASS_BEGINS = re.compile(r"\[\^?\]?")
_CALL = re.compile(r"\s*=|.*[(|!]", re.DOTALL)


class Bad(NamedTuple):
    """A value that cannot be read, and why."""

    reason: Reason
    message: str


Judge = Callable[[str], Any]
"""What a value means, or Bad."""


def trimmed(column: Any) -> Any:
    """The column without surrounding space; empty becomes null."""
    text = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.equal(pc.binary_length(text), 0), pa.scalar(None, pa.string()), text)


def judged(field: str, column: Any, judge: Judge, found: Findings, kind: Any) -> Any:
    """Each value of ``column`` as ``judge`` reads it, as a pyarrow column of type ``kind``."""
    coded = pc.dictionary_encode(column)
    words = coded.dictionary.to_pylist()
    outcomes = [judge(word) for word in words]
    bad = np.array([isinstance(outcome, Bad) for outcome in outcomes], dtype=bool)
    values = pa.array([None if isinstance(outcome, Bad) else outcome for outcome in outcomes], kind)
    if bad.any():
        at = coded.indices.fill_null(0).to_numpy(zero_copy_only=False)
        present = column.is_valid().to_numpy(zero_copy_only=False)
        for reason in {outcome.reason for outcome in outcomes if isinstance(outcome, Bad)}:
            mine = np.array([isinstance(o, Bad) and o.reason is reason for o in outcomes], dtype=bool)
            found.add(field, mine[at] & present, reason, lambda n: (outcomes[at[n]].message, words[at[n]]))
    return values.take(coded.indices)


def remembered(judge: Judge) -> Judge:
    """``judge``, asked once for each of the last values."""
    return lru_cache(maxsize=_REMEMBERED)(judge)


def as_day(format_: str | None) -> Judge:
    """Reads a date written in ``format_`` (strptime); ISO 8601 (2024-02-29) is understood too."""

    def judge(text: str) -> Any:
        why = f"it is not written as {format_}" if format_ else "write it as 2024-02-29"
        try:
            if format_ is not None:
                return datetime.strptime(text, format_).date()  # noqa: DTZ007 -- a day has no zone
        except ValueError as error:
            why = str(error) if "day" in str(error) else why
        try:
            if _ISO.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError as error:
            why = str(error)
        return Bad(Reason.NOT_A_DATE, f"{quoted(text)} is no date: {why}")

    return remembered(judge)


def as_number(scale: int) -> Judge:
    """Reads a decimal number and multiplies it by ``scale``; what comes out must be whole."""

    def judge(text: str) -> Any:
        if not _NUMBER.fullmatch(text):
            return Bad(Reason.NOT_A_NUMBER, f"{quoted(text)} is no number written as 1234.56, without separators")
        number = Decimal(text) * scale
        if number != int(number):
            return Bad(Reason.NOT_A_NUMBER, f"{quoted(text)} has more decimals than its unit")
        if abs(number) > LARGEST:
            return Bad(Reason.NOT_A_NUMBER, f"{quoted(text)} is too large to be kept exactly")
        return int(number)

    return remembered(judge)


def as_choice(choices: frozenset[str]) -> Judge:
    """Lets through the values of a choice attribute."""
    known = ", ".join(sorted(choices)[:12])
    return remembered(
        lambda text: (
            text
            if text in choices
            else Bad(Reason.UNKNOWN_CHOICE, f"{quoted(text)} is none of the choices: {known}")
        )
    )


def as_table(table: Mapping[str, str], name: str) -> Judge:
    """Replaces by a table, in which every value must be."""
    return remembered(
        lambda text: (
            table[text]
            if text in table
            else Bad(Reason.UNKNOWN_VALUE, f"{quoted(text)} is not in the table {name}")
        )
    )


def as_boolean(text: str) -> Any:
    """Reads true and false, 1 and 0."""
    known = {"true": True, "1": True, "false": False, "0": False}
    message = f"{quoted(text)} is neither true nor false (1, 0); other words need a table in the mapping"
    return known.get(text.lower(), Bad(Reason.NOT_A_BOOLEAN, message))


def extracted(column: Any, pattern: str) -> Any:
    """The first group of a regular expression (RE2); null where it does not match. Raises ArrowInvalid."""
    return pc.extract_regex(column, pattern=pattern).field(0)


def one_group(pattern: str) -> str:
    """``pattern`` with its first group named and the others not kept, as pyarrow wants it."""
    parts: list[str] = []
    at, named, inside = 0, False, False
    while at < len(pattern):
        step = pattern[at]
        if step == "\\":
            parts.append(pattern[at : at + 2])
            at += 2
            continue
        if inside:
            inside = step != "]"
        elif step == "[":
            inside = True
            step = _CLASS_BEGINS.match(pattern, at)[0]  # type: ignore[index]
            at += len(step) - 1
        elif step == "(" and pattern[at + 1 : at + 2] != "?":
            step = "(?:" if named else "(?P<first>"
            named = True
        parts.append(step)
        at += 1
    return "".join(parts)


def check_text(field: str, column: Any, found: Findings) -> None:
    """Note text that is too long, or holds control or direction-turning characters."""
    _too_long(field, column, LONGEST_TEXT, found)
    unsafe = _matches(column, _UNSAFE)
    found.add(field, unsafe, Reason.CONTROL, lambda n: (_HIDDEN, column[n].as_py()))
    _persons(field, column, found)


def check_name(field: str, column: Any, found: Findings) -> None:
    """Note names that hide characters, turn direction or are formulas of a spreadsheet (``=cmd|…``).

    A name that merely begins with @, + or - is let through: there are such names. Exports quote it.
    """
    _too_long(field, column, LONGEST_NAME, found)
    suspects = _matches(column, _SUSPECT)
    hidden, formula = np.zeros_like(suspects), np.zeros_like(suspects)
    for n in np.flatnonzero(suspects):
        name = column[int(n)].as_py()
        seen = set(clean(name)[1]) - {NameFinding.PRIVATE}
        formula[n] = NameFinding.FORMULA in seen and _CALL.match(name) is not None
        hidden[n] = bool(seen - {NameFinding.FORMULA})
    found.add(field, hidden, Reason.CONTROL, lambda n: (_HIDDEN, column[n].as_py()))
    found.add(field, formula, Reason.FORMULA, lambda n: (_FORMULA, column[n].as_py()))
    _persons(field, column, found)


def _persons(field: str, column: Any, found: Findings) -> None:
    """Note text that holds the code of a person: what is once stated stays, so it must not come in (charter 1)."""
    held = _matches(column, _LONG_CODE)
    for n in np.flatnonzero(held):
        text = column[int(n)].as_py()
        held[n] = without_persons(text) != text
    found.add(field, held, Reason.PERSON, lambda n: (_PERSON, without_persons(column[n].as_py())))


_LONG_CODE = r"[0-9A-Za-zÑñ&０-９Ａ-Ｚａ-ｚ]{13}|[0-9]{6}[ -][0-9]{8}"
"""What a text must hold to hold the code of a person."""

_PERSON = "it holds the code of a person; persons appear only in the role they hold (charter 1)"
_HIDDEN = "it holds characters that cannot be seen or that turn the direction of the text"
_FORMULA = "it is a formula that a spreadsheet would run; a name does not begin so"


def _too_long(field: str, column: Any, limit: int, found: Findings) -> None:
    long = _flags(pc.greater(pc.utf8_length(column), limit))
    message = f"it is longer than {limit:,} characters"
    found.add(field, long, Reason.TOO_LONG, lambda n: (message, column[n].as_py()[:LONGEST_NAME]))


def _matches(column: Any, pattern: str) -> NDArray[np.bool_]:
    return _flags(pc.match_substring_regex(column, pattern))


def _flags(column: Any) -> NDArray[np.bool_]:
    flags: NDArray[np.bool_] = column.fill_null(False).to_numpy(zero_copy_only=False)
    return flags
