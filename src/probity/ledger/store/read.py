"""Reading statements from PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from django.db import connection, transaction

from probity.errors import NotFoundError, QuestionError
from probity.ledger.model import ACT_OF, Position, Statement
from probity.ledger.store.prepared import prepared

_SAID = (
    """s.id, s.act, s.subject, s.item, s.issuer, s.reference, s.valid_from, s.valid_to, s.attributes, s.target"""
)

SELECT = f"""
    SELECT {_SAID}, b.hash, s.row, s.position, b.recorded_at, b.generated
      FROM ledger_statement s JOIN ledger_batch b ON b.number = s.batch
"""

SELECT_UNSEALED = f"""
    SELECT {_SAID}, coalesce(b.hash, ''), s.row, s.position, coalesce(b.recorded_at, now()),
           coalesce(b.generated, {{generated}})
      FROM ledger_statement s LEFT JOIN ledger_batch b ON b.number = s.batch
"""
"""The same, with the rows of the batch that is being written (no one else can see them)."""

SEAL = 0x70726F6E
"""The advisory lock of sealing ("pron"): held by a writer before it stamps until its commit."""


def head() -> Position:
    """The end of the ledger as it is now."""
    return _position("SELECT last_position, recorded_at FROM ledger_batch ORDER BY number DESC LIMIT 1", [])


def resolve(known_at: datetime | None) -> Position:
    """The place in the ledger up to which everything was known at ``known_at`` (None: up to now).

    Raises QuestionError for a moment in the future: what will be known cannot be asked.
    """
    if known_at is None:
        return head()
    if known_at > datetime.now(UTC):
        raise QuestionError(
            f"known at {known_at.isoformat()} lies in the future",
            remedy="Ask for a moment that has passed, or leave it out to use everything known now.",
        )
    with transaction.atomic(), connection.cursor() as cursor:
        # Whoever is sealing a batch at this very moment may have stamped it before known_at: wait for the commit.
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [SEAL])
        found = _position(
            "SELECT last_position, recorded_at FROM ledger_batch WHERE recorded_at <= %s"
            " ORDER BY recorded_at DESC LIMIT 1",
            [known_at],
        )
    return Position(found.number, known_at)


# One look into the index for each item, however many batches there are.
DELIVERED = """
    SELECT item FROM unnest(%s::text[]) AS item,
           LATERAL (SELECT FROM ledger_batch b
                     WHERE b.item = item.item AND b.recorded_at <= %s
                       AND (b.last_position >= b.first_position OR coalesce((b.receipt->>'rows')::bigint, 0) = 0)
                     LIMIT 1) AS first
"""


def _position(sql: str, parameters: list[Any]) -> Position:
    row = prepared(sql, parameters).fetchone()
    return Position(*row) if row else Position.start()


def statements(
    subjects: Sequence[str],
    *,
    upto: int | None = None,
    items: Sequence[str] | None = None,
    unsealed: bool | None = None,
) -> list[Statement]:
    """Everything stated about ``subjects`` up to a position, oldest first; of certain items, if they are given.

    ``unsealed`` includes the batch that this transaction is writing, and says whether it is generated.
    """
    return list(statements_later(subjects, upto=upto, items=items, unsealed=unsealed))


def statements_later(
    subjects: Sequence[str],
    *,
    upto: int | None = None,
    items: Sequence[str] | None = None,
    unsealed: bool | None = None,
) -> Iterator[Statement]:
    """The same, of one organisation asked for now and to be read afterwards (see :func:`together`)."""
    alone = len(subjects) == 1
    where = ["s.subject = %s" if alone else "s.subject = ANY(%s)"]
    parameters: list[Any] = [subjects[0] if alone else list(subjects)]
    if upto is not None:
        where.append("s.position <= %s")
        parameters.append(upto)
    if items is not None:
        where.append("s.item = ANY(%s)")
        parameters.append(list(items))
    select = SELECT if unsealed is None else SELECT_UNSEALED.format(generated=unsealed)
    sql = f"{select} WHERE {' AND '.join(where)} ORDER BY s.position"
    # One organisation is what pages and new statements ask for.
    return map(_statement, prepared(sql, parameters)) if alone else iter(query(sql, parameters))


def by_subject(
    subjects: Collection[str], *, items: Sequence[str] | None = None, unsealed: bool | None = None
) -> dict[str, list[Statement]]:
    """The same for each of ``subjects``, in their order; also for those about whom nothing was stated."""
    found: dict[str, list[Statement]] = {subject: [] for subject in subjects}
    for each in statements(list(found), items=items, unsealed=unsealed):
        found[each.subject].append(each)
    return found


def statement(id_: str) -> Statement:
    """The statement with that id (64 hexadecimal digits). Raises NotFoundError."""
    found = query(f"{SELECT} WHERE s.id = %s", [bytes.fromhex(id_)]) if _is_id(id_) else []
    if not found:
        raise NotFoundError(
            f"no statement has the id {id_!r}", remedy="Compare its 64 digits with the file (probity file --json)."
        )
    return found[0]


def stream(*, after: int = 0, upto: int | None = None, size: int = 20_000) -> Iterator[list[Statement]]:
    """Every statement in the order of the ledger, in lists of ``size``."""
    while True:
        bound = "" if upto is None else f" AND s.position <= {int(upto)}"
        found = query(f"{SELECT} WHERE s.position > %s{bound} ORDER BY s.position LIMIT %s", [after, size])
        if found:
            yield found
        if len(found) < size:
            return
        after = found[-1].position


def delivered(position: Position, items: Collection[str]) -> frozenset[str]:
    """Those of ``items`` that some source had delivered by then; the others are "not known" (charter 10).

    A delivery without a single row counts: its sender says that there is nothing. One of which every row was
    refused does not: nobody could read what it says.
    """
    return frozenset(delivered_later(position.known_at, items))


def delivered_later(known_at: datetime, items: Collection[str]) -> Iterator[str]:
    """The same, asked for now and to be read afterwards (see :func:`together`)."""
    return (item for (item,) in prepared(DELIVERED, [sorted(items), known_at]))


def first_delivered(position: Position, items: Collection[str]) -> dict[str, datetime]:
    """When each of ``items`` was first delivered, of those that had been by then (see :func:`delivered`)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT item, (SELECT min(b.recorded_at) FROM ledger_batch b
                           WHERE b.item = item.item AND b.recorded_at <= %s
                             AND (b.last_position >= b.first_position
                                  OR coalesce((b.receipt->>'rows')::bigint, 0) = 0))
              FROM unnest(%s::text[]) AS item
            """,
            [position.known_at, sorted(items)],
        )
        return {item: first for item, first in cursor.fetchall() if first is not None}


def replaced_by(id_: str) -> str | None:
    """The statement that corrects or withdraws the one with that id, if there is one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM ledger_statement WHERE target = %s AND act <> 0 LIMIT 1", [bytes.fromhex(id_)]
        )
        row = cursor.fetchone()
    return bytes(row[0]).hex() if row else None


def count() -> int:
    """How many statements the ledger holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_statement")
        return int(cursor.fetchone()[0])


def holds_generated() -> bool:
    """Whether any batch was made up."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM ledger_batch WHERE generated)")
        return bool(cursor.fetchone()[0])


def query(sql: str, parameters: Sequence[Any]) -> list[Statement]:
    """The statements that a query beginning with SELECT gives."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [_statement(row) for row in cursor.fetchall()]


def _statement(row: tuple[Any, ...]) -> Statement:
    (
        id_,
        act,
        subject,
        item,
        issuer,
        reference,
        start,
        end,
        attributes,
        target,
        batch,
        n,
        position,
        at,
        generated,
    ) = row
    return Statement(
        id=bytes(id_).hex(),
        act=ACT_OF[act],
        subject=subject,
        item=item,
        issuer=issuer,
        reference=reference,
        valid_from=start,
        valid_to=end,
        attributes=orjson.loads(attributes),
        target=bytes(target).hex() if target else None,
        batch=bytes(batch).hex(),
        row=n,
        position=position,
        recorded_at=at,
        generated=generated,
    )


def _is_id(text: str) -> bool:
    return len(text) == 64 and all(c in "0123456789abcdef" for c in text)
