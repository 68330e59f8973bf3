"""The statement: the only thing that is ever written.

*Issuer states, at a time, something about a subject, under a rulebook item.* A statement is true for a
period (``valid_from`` to ``valid_to``) and known from the moment at which its batch was sealed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum

from probity.canon import Plain, canonical, digest

Value = str | int | bool | None
"""What an attribute holds: text (dates as ISO 8601), whole numbers, booleans."""

REGISTER = "register"
"""The subject of statements about the system's own acts, such as scoring runs."""


class Act(StrEnum):
    """What a statement does in the ledger."""

    STATE = "state"
    CORRECT = "correct"
    """Replaces what ``target`` said, from now on known; what was known before stays askable."""
    WITHDRAW = "withdraw"
    """Takes back ``target``, from now on known."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement as the ledger holds it.

    ``subject`` is ``scheme:code``; ``reference`` is the issuer's own key of the record; ``target`` is the
    id of the statement that this one corrects, withdraws, contests, settles or repairs; ``batch`` is the
    content hash of the batch and ``row`` its row there (from 1). ``position`` is its place in the ledger.
    """

    id: str
    act: Act
    subject: str
    item: str
    issuer: str
    reference: str
    valid_from: date
    valid_to: date | None
    attributes: Mapping[str, Value]
    target: str | None
    batch: str
    row: int
    position: int
    recorded_at: datetime
    generated: bool

    def content(self) -> dict[str, Plain]:
        """What its id is the hash of."""
        return content(
            act=self.act,
            subject=self.subject,
            item=self.item,
            issuer=self.issuer,
            reference=self.reference,
            valid_from=self.valid_from.isoformat(),
            valid_to=self.valid_to.isoformat() if self.valid_to else None,
            attributes=dict(self.attributes),
            target=self.target,
            batch=self.batch,
            row=self.row,
        )

    def verified(self) -> bool:
        """Whether the id is the hash of the content."""
        return self.id == digest(canonical(self.content()))


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement before the ledger has taken it: what its issuer says, and nothing that the ledger adds."""

    subject: str
    item: str
    issuer: str
    reference: str
    valid_from: date
    valid_to: date | None = None
    attributes: Mapping[str, Value] = field(default_factory=dict)
    act: Act = Act.STATE
    target: str | None = None


def content(
    *,
    act: str,
    subject: str,
    item: str,
    issuer: str,
    reference: str,
    valid_from: str,
    valid_to: str | None,
    attributes: Mapping[str, Value],
    target: str | None,
    batch: str,
    row: int,
) -> dict[str, Plain]:
    """The canonical content of a statement; its SHA-256 is the statement's id.

    Batch and row belong to it, so that the same words stated twice are two statements and the same file
    taken in twice is one.
    """
    return {
        "act": act,
        "attributes": dict(attributes),
        "batch": batch,
        "issuer": issuer,
        "item": item,
        "reference": reference,
        "row": row,
        "subject": subject,
        "target": target,
        "valid_from": valid_from,
        "valid_to": valid_to,
    }


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the ledger: everything up to ``number`` was known at ``known_at``."""

    number: int
    known_at: datetime

    @staticmethod
    def start() -> Position:
        """The empty ledger."""
        return Position(0, datetime(1970, 1, 1, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows of one batch, ready to be stated: columns of equal length.

    ``rows`` are row numbers in the source (from 1), dates are ISO 8601 text. Item and issuer belong to the
    whole batch.
    """

    rows: Sequence[int]
    subjects: Sequence[str]
    references: Sequence[str]
    valid_from: Sequence[str]
    valid_to: Sequence[str | None]
    attributes: Sequence[Mapping[str, Value]]


ACTS = {Act.STATE: 0, Act.CORRECT: 1, Act.WITHDRAW: 2}
"""The number under which the database keeps an act."""

ACT_OF = {number: act for act, number in ACTS.items()}
