"""One tree of errors; every message says what is wrong, where, and what to do.

ProbityError
├── InputError               what somebody handed in is wrong
│   ├── IdentifierError      a code is malformed, fails its check, or its scheme is unknown
│   │   └── NaturalPersonError   the code belongs to a person or an individual trader (charter 1)
│   ├── RulebookError        a rulebook cannot be used; carries its findings
│   ├── IntakeError          a file as a whole cannot be taken in (a bad row is quarantined instead)
│   └── QuestionError        a question cannot be answered as put (unknown card, date in the future)
├── NotFoundError            nothing is known under that name or code
│   └── NotRegisteredError   the register did not know the organisation at the two times asked about
├── CharterError             the act asked for is one that this software refuses
├── ProcedureError           a procedure does not allow the act as things stand: by whom, when, on what ground
├── LedgerError              the ledger refuses a statement, or what it holds does not verify
├── SnapshotError            a snapshot, or the results made of it, is not whole, altered, or of another version
└── StoreError               the database, or a cluster, cannot be reached, started or written
"""

from __future__ import annotations


class ProbityError(Exception):
    """Root of the tree. ``exit_code`` is what the command line ends with, ``http_status`` what a page does."""

    exit_code = 1
    http_status = 500

    def __init__(self, what: str, *, where: str | None = None, remedy: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        """The message as a person reads it: where, what, and on a second line what to do."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}\n    {self.remedy}" if self.remedy else head


class InputError(ProbityError):
    """What somebody handed in is wrong."""

    exit_code = 2
    http_status = 400


class IdentifierError(InputError):
    """A code is malformed, fails its check character, or belongs to no known scheme.

    ``position`` (1-based) and ``expected`` name the character at fault where one can be named.
    """

    def __init__(
        self,
        what: str,
        *,
        position: int | None = None,
        expected: str | None = None,
        where: str | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.position = position
        self.expected = expected


class NaturalPersonError(IdentifierError):
    """The code belongs to a natural person or an individual trader; they can have no file (charter 1)."""

    exit_code = 4
    http_status = 403


class RulebookError(InputError):
    """A rulebook cannot be used as it stands."""


class IntakeError(InputError):
    """A file as a whole cannot be taken in: wrong encoding, truncated, columns missing."""


class QuestionError(InputError):
    """A question cannot be answered as it was put."""


class NotFoundError(ProbityError):
    """Nothing is known under that name, code or number."""

    exit_code = 3
    http_status = 404


class NotRegisteredError(NotFoundError):
    """The register did not know the organisation, as true on that day and known at that moment."""


class CharterError(ProbityError):
    """The act asked for is one that this software refuses; the message names the article of the charter."""

    exit_code = 4
    http_status = 403


class ProcedureError(ProbityError):
    """A procedure does not allow the act as things stand; ``rule`` is the one that says so."""

    exit_code = 4
    http_status = 409

    def __init__(self, what: str, *, rule: str, where: str | None = None, remedy: str | None = None) -> None:
        super().__init__(f"{what} ({rule})", where=where, remedy=remedy)
        self.rule = rule


class LedgerError(ProbityError):
    """The ledger refuses a statement, or what it holds does not verify."""

    exit_code = 5
    http_status = 409


class SnapshotError(ProbityError):
    """A snapshot, its results or a kept preview is not whole, was altered, or is of another version."""

    exit_code = 5
    http_status = 409


class StoreError(ProbityError):
    """The database, or a cluster that work is given to, cannot be reached, started or written to."""

    exit_code = 6
    http_status = 503
