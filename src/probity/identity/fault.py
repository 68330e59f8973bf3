"""What can be wrong with a code: one verdict for a column, one full sentence for a person.

A code is never quoted in full. Somebody may have typed a citizen number into a column of organisations, and
messages travel into logs, receipts and pages; so they show the first four characters and the length.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import IntEnum

from probity.errors import IdentifierError, NaturalPersonError


class Verdict(IntEnum):
    """The outcome for one code; the values are stored in columns and receipts and do not change."""

    OK = 0
    MISSING = 1
    LENGTH = 2
    CHARACTER = 3
    CHECK_CHARACTER = 4
    ORGANISATION_CHECK = 5
    """The check digit of the organisation code inside a USCC (GB 11714) is wrong."""
    PERSON = 6
    """The code belongs to a natural person or an individual trader (charter 1)."""
    LEGACY = 7
    """A registration number from before the USCC: kept as information (R1.5), never the key of a file."""
    PATTERN = 8
    """Not of the form that the rulebook gives for its local scheme."""
    COMPONENT = 9
    """A part of the code cannot exist, such as a prefix never issued or a 31st of February."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a code is refused. ``position`` is 1-based and counts in the normalised code."""

    verdict: Verdict
    what: str
    remedy: str
    position: int | None = None
    expected: str | None = None

    def error(self) -> IdentifierError:
        """The fault as an error of the tree; a person's code has a class of its own."""
        kind = NaturalPersonError if self.verdict is Verdict.PERSON else IdentifierError
        return kind(self.what, position=self.position, expected=self.expected, remedy=self.remedy)


def tidy(code: str) -> str:
    """``code`` as the schemes write it: full-width forms made plain (NFKC), trimmed, in capitals."""
    if code.isascii():
        return code.strip().upper()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", code).strip().upper()).strip()


def masked(code: str) -> str:
    """How a code appears in a message: its first four characters and its length."""
    head = "".join(c if c.isprintable() else "?" for c in code[:4])
    return f"{head}… ({len(code)} characters)"


MISSING = Fault(Verdict.MISSING, "the code is missing", "Give the organisation's code.")
