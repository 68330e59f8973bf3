"""Which documents were written to the outbox, so that nobody is served anything twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection

from probity.procedures.served import Served


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case in which documents may wait: its number, the organisation, and its place in the ledger."""

    number: str
    subject: str
    position: int
    generated: bool


def dispatched_upto() -> int:
    """The place in the ledger up to which all documents of cases are dispatched."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(dispatched), 0) FROM procedures_progress")
        ((position,),) = cursor.fetchall()
        return int(position)


def to_dispatch(after: int, limit: int) -> list[Waiting]:
    """The next cases that have moved since a place in the ledger, in its order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, subject, position, generated FROM procedures_case"
            " WHERE position > %s ORDER BY position LIMIT %s",
            [after, limit],
        )
        return [Waiting(*row) for row in cursor.fetchall()]


def dispatched(numbers: Sequence[str]) -> set[tuple[str, str]]:
    """What was written of these cases: document and contact."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT document, contact FROM procedures_dispatch WHERE case_number = ANY(%s)", [list(numbers)]
        )
        return {(document, contact) for document, contact in cursor.fetchall()}


def mark_dispatched(served: Served, file: str, sha256: str) -> None:
    """Remember that a document was written for a contact."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procedures_dispatch"
            " (document, contact, subject, case_number, means, file, sha256, written_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [
                served.document,
                served.contact.name,
                served.contact.subject,
                served.case,
                served.contact.means.value,
                file,
                bytes.fromhex(sha256),
                datetime.now(UTC),
            ],
        )


def move_on(position: int) -> None:
    """Remember that all documents of cases up to a place in the ledger are dispatched."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procedures_progress SET dispatched = greatest(dispatched, %s)", [position])
