"""What intake says of a file: faults of rows, rows refused, and the receipt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Reason(StrEnum):
    """Why a row is in quarantine. The set is closed: whoever handles quarantine can rely on it."""

    # the row is no row
    MALFORMED = "malformed-row"
    FIELD_COUNT = "wrong-field-count"
    NUL = "nul-byte"
    REPEATED_KEY = "repeated-key"
    NESTED = "nested-value"
    BINARY_FRACTION = "binary-fraction"
    # a field is missing or unsafe
    MISSING = "missing-value"
    TOO_LONG = "too-long"
    CONTROL = "control-character"
    FORMULA = "formula"
    # whom it is about
    IDENTIFIER = "wrong-identifier"
    PERSON = "person"
    UNKNOWN_ORGANISATION = "unknown-organisation"
    # what it says
    UNKNOWN_VALUE = "unknown-value"
    UNKNOWN_CHOICE = "unknown-choice"
    NOT_A_NUMBER = "not-a-number"
    NOT_A_BOOLEAN = "not-a-boolean"
    NOT_A_DATE = "not-a-date"
    FUTURE = "date-in-future"
    ENDS_BEFORE = "ends-before-it-begins"
    BEYOND_TERM = "beyond-term"
    # the law on that day
    ITEM_NOT_IN_FORCE = "item-not-in-force"
    AGENCY_NOT_IN_FORCE = "agency-not-in-force"
    NOT_COMPETENT = "agency-not-competent"
    # the issuer said it before
    DUPLICATE = "duplicate"
    CONFLICT = "conflicting-duplicate"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a row: the column at fault (empty: the row as a whole), why, and the value met there."""

    field: str
    reason: Reason
    message: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is not taken in: its number (from 1, the header not counted), why, and what it was.

    ``line`` is the original line in UTF-8; ``cells`` its fields by column, None where the line could not be
    divided into fields. Codes of persons are blotted out in both (charter 1).
    """

    row: int
    faults: tuple[Fault, ...]
    line: bytes
    cells: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A row in quarantine: a refused row, and where it came from. ``batch`` is the batch's number."""

    id: int
    batch: int
    row: int
    mapping: str
    source: str
    generated: bool
    faults: tuple[Fault, ...]
    line: bytes
    cells: Mapping[str, str] | None

    def as_dict(self) -> dict[str, Any]:
        """The row as plain data."""
        return {
            "batch": self.batch,
            "row": self.row,
            "source": self.source,
            "mapping": self.mapping,
            "generated": self.generated,
            "faults": [asdict(fault) for fault in self.faults],
            "line": self.line.decode("utf-8", "replace"),
        }


Progress = Callable[[int, int, int], None]
"""Told now and then: bytes done, bytes in all, rows done."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one batch. ``again``: it had been received before, and nothing was changed.

    ``number`` is the batch's number in the ledger. Hashes are SHA-256 in hexadecimal; ``seconds`` is the time
    the intake took; positions are places in the ledger, None where no row was accepted; ``recorded_at`` is
    UTC, ISO 8601. ``rows`` counts the rows of the file (of the re-submission), accepted or not, and
    ``quarantined`` those refused, each under the first of its reasons. ``resolved``: how many rows of
    quarantine it closed.
    """

    file: str
    sha256: str
    batch: str
    number: int
    mapping: str
    mapping_version: str
    item: str
    agency: str
    rulebook: str
    encoding: str
    generated: bool
    rows: int
    accepted: int
    quarantined: Mapping[str, int]
    unused_columns: tuple[str, ...]
    seconds: float
    resolved: int = 0
    first_position: int | None = None
    last_position: int | None = None
    recorded_at: str = ""
    again: bool = False
    remaining: tuple[Mapping[str, Any], ...] = field(default=())
    """Re-submission only: rows still at fault, each with batch, row and faults."""

    @property
    def refused(self) -> int:
        """How many rows were not accepted."""
        return self.rows - self.accepted

    def as_dict(self) -> dict[str, Any]:
        """The receipt as plain data."""
        return asdict(self)

    @staticmethod
    def of(stored: Mapping[str, Any], *, again: bool) -> Receipt:
        """The receipt that the ledger keeps."""
        known = {name: stored[name] for name in Receipt.__dataclass_fields__ if name in stored}
        known["unused_columns"] = tuple(known["unused_columns"])
        known["remaining"] = tuple(known["remaining"])
        return Receipt(**{**known, "again": again})
