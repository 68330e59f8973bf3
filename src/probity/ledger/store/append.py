"""Appending statements to PostgreSQL.

Appending is serial: one writer at a time holds the ledger's lock until its transaction ends. So positions,
batch numbers and ``recorded_at`` all rise in the order in which batches become visible, and a question
"as known at K" has one answer for ever (docs/adr/0003).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.csv
from django.db import connection, transaction
from psycopg import Cursor

from probity.canon import canonical_ascii_keys, digests
from probity.errors import LedgerError
from probity.ledger.model import ACTS, Act, Chunk, Draft, Statement, Value, content
from probity.ledger.store.failures import failures
from probity.ledger.store.pipe import Pipe
from probity.ledger.store.prepared import prepared, together
from probity.ledger.store.read import SEAL, SELECT_UNSEALED, query
from probity.ledger.store.seen import Seen

LOCK = 0x70726F62
"""The advisory lock of the ledger's only writer ("prob")."""

PATIENCE = "30min"
"""How long a batch waits for those before it."""

ONE_BY_ONE = 20
"""So many statements are written sooner one by one; where they are more, they are sent in one go."""

RESOLUTION = timedelta(microseconds=1)
"""The finest step of PostgreSQL's clock: the least by which one batch is later than the one before."""

COLUMNS = "id, batch, row, act, subject, item, issuer, reference, key, valid_from, valid_to, attributes, target"

INSERT = f"INSERT INTO ledger_statement ({COLUMNS}) VALUES ({', '.join(['%s'] * 13)})"
INSERT_BATCH = """
    INSERT INTO ledger_batch (number, hash, item, issuer, source, rulebook, generated, first_position,
                              last_position, recorded_at, receipt)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""

TAKE_LOCK = "SELECT set_config('lock_timeout', %s, true), pg_advisory_xact_lock(%s)"
TAKE_SEAL = "SELECT pg_advisory_xact_lock(%s)"
BEFORE = """
    SELECT (SELECT receipt FROM ledger_batch WHERE hash = %s),
           (SELECT coalesce(max(number), 0) + 1 FROM ledger_batch), (SELECT max(recorded_at) FROM ledger_batch),
           (SELECT last_value + is_called::int FROM ledger_statement_position_seq),
           EXISTS (SELECT FROM ledger_batch WHERE item = %s AND issuer = %s)
"""
"""What a batch must know of those before it: its own receipt if it was one of them, the next number, the last
moment, the first free position, and whether its issuer has delivered such records. Asked after the lock was taken,
by a command of its own, which sees what was committed meanwhile."""

Row = tuple[Act, str, str, str, str, str, str | None, Mapping[str, Value], str | None, int]
"""act, subject, item, issuer, reference, valid_from, valid_to, attributes, target, row number."""


class AlreadyReceived(LedgerError):
    """The batch is in the ledger; ``receipt`` is the one it got then."""

    def __init__(self, batch: str, receipt: dict[str, Any]) -> None:
        super().__init__(f"batch {batch[:12]} is in the ledger already")
        self.receipt = receipt


def key_of(issuer: str, item: str, reference: str) -> int:
    """A 64-bit hash under which a record is found again by its issuer's own key."""
    name = f"{issuer}\n{item}\n{reference}".encode()
    return int.from_bytes(blake2b(name, digest_size=8).digest(), "big", signed=True)


@contextmanager
def receive(
    batch: str, *, item: str, issuer: str, source: str, rulebook: str, generated: bool
) -> Iterator[Writer]:
    """One batch, all or nothing: what is written in the block is in the ledger once ``finish`` was called.

    Leaving the block without it, by an error or a kill, leaves no trace. Raises AlreadyReceived if a batch
    with this hash is there, and StoreError when the database fails.
    """
    said = {"item": item, "issuer": issuer, "source": source, "rulebook": rulebook}
    with one_transaction(), part(batch, **said, generated=generated) as writer:
        yield writer


@contextmanager
def one_transaction() -> Iterator[None]:
    """One transaction of several batches (:func:`part`): all of them are in the ledger at its end, or none."""
    with failures(), transaction.atomic(durable=True):
        yield


@contextmanager
def writing() -> Iterator[None]:
    """The same, in which nobody else writes from its beginning: what is read in the block is what its batches will
    follow."""
    with one_transaction():
        with together():  # with the beginning of the transaction
            prepared(TAKE_LOCK, [PATIENCE, LOCK])
        yield


@contextmanager
def part(batch: str, *, item: str, issuer: str, source: str, rulebook: str, generated: bool) -> Iterator[Writer]:
    """One batch of the transaction that :func:`one_transaction` began, in which nobody else writes from here on;
    where it is not finished, nothing of the transaction stays."""
    writer = Writer(batch, item=item, issuer=issuer, source=source, rulebook=rulebook, generated=generated)
    try:
        yield writer
    finally:
        writer.close()
    if not writer.sealed:
        transaction.set_rollback(True)


class Writer:
    """Writes the statements of one batch, under the lock. Comes from :func:`receive` or :func:`part`."""

    def __init__(self, batch: str, *, item: str, issuer: str, source: str, rulebook: str, generated: bool) -> None:
        self.batch = batch
        self.item = item
        self.issuer = issuer
        self.sealed = False
        self._seal: Cursor[tuple[Any, ...]] | None = None
        self.written = 0
        self._source = source
        self._rulebook = rulebook
        self.generated = generated
        self._seen = Seen()
        self._keys: dict[str, int] = {}
        self.number: int
        self.first: int
        with together():
            prepared(TAKE_LOCK, [PATIENCE, LOCK])
            before = prepared(BEFORE, [bytes.fromhex(batch), item, issuer])
        [(earlier, self.number, self._last, self.first, self._delivered_before)] = before
        if earlier is not None:
            raise AlreadyReceived(batch, orjson.loads(earlier))
        self._pipe = Pipe(connection.connection, COLUMNS)

    def existing(self, references: Sequence[str]) -> dict[str, Statement]:
        """What the ledger says now under these references (of this item and issuer), this batch included."""
        keys = self._keys = self._keys_of(references)
        wanted = np.unique(np.fromiter(keys.values(), np.int64, len(keys)))
        if not self._delivered_before:
            wanted = wanted[self._seen.contains(wanted)]
        if not len(wanted):
            return {}
        self._pipe.wait()
        found: dict[str, Statement] = {}
        select = SELECT_UNSEALED.format(generated=self.generated)
        for each in query(f"{select} WHERE s.key = ANY(%s) ORDER BY s.position", [wanted.tolist()]):
            if each.act is Act.WITHDRAW:
                found.pop(each.reference, None)
            elif each.item == self.item and each.issuer == self.issuer:
                found[each.reference] = each
        return {reference: found[reference] for reference in references if reference in found}

    def _keys_of(self, references: Sequence[str]) -> dict[str, int]:
        return {reference: key_of(self.issuer, self.item, reference) for reference in references}

    def write(self, chunk: Chunk) -> None:
        """State the rows of ``chunk``. Returns while the server is still taking them in."""
        known = self._keys if self._keys.keys() >= set(chunk.references) else self._keys_of(chunk.references)
        keys = [known[reference] for reference in chunk.references]
        self._seen.add(np.array(keys, dtype=np.int64))
        drafts = (
            (Act.STATE, subject, self.item, self.issuer, reference, start, end, attributes, None, row)
            for row, subject, reference, start, end, attributes in zip(
                chunk.rows,
                chunk.subjects,
                chunk.references,
                chunk.valid_from,
                chunk.valid_to,
                chunk.attributes,
                strict=True,
            )
        )
        self._copy(list(drafts), keys)

    def append(self, drafts: Sequence[Draft]) -> list[str]:
        """State, correct and withdraw one by one: what officers and procedures do. Rows count from 1.

        Returns the ids of the statements.
        """
        rows: list[Row] = [
            (
                draft.act,
                draft.subject,
                draft.item,
                draft.issuer,
                draft.reference,
                draft.valid_from.isoformat(),
                draft.valid_to.isoformat() if draft.valid_to else None,
                dict(draft.attributes),
                draft.target,
                row,
            )
            for row, draft in enumerate(drafts, 1)
        ]
        if len(rows) > ONE_BY_ONE:
            return self._copy(rows, [key_of(each.issuer, each.item, each.reference) for each in drafts])
        ids = digests(canonical_ascii_keys(_content(row, self.batch)) for row in rows)
        self._pipe.wait()
        for row, id_ in zip(rows, ids, strict=True):
            prepared(INSERT, self._values(row, id_))
        self.written += len(rows)
        return ids

    def _values(self, row: Row, id_: str) -> tuple[Any, ...]:
        """One statement in the order of ``COLUMNS``."""
        act, subject, item, issuer, reference, start, end, attributes, target, number = row
        said = (subject, item, issuer, reference, key_of(issuer, item, reference), start, end)
        body = orjson.dumps(attributes, option=orjson.OPT_SORT_KEYS).decode()
        about = bytes.fromhex(target) if target else None
        return (bytes.fromhex(id_), self.number, number, ACTS[act], *said, body, about)

    def ready(self) -> Cursor[tuple[Any, ...]]:
        """Ask for the lock of sealing now, together with what is sent next: the batch is all but finished. Whoever
        asks what was known at a moment waits from here on."""
        self._seal = prepared(TAKE_SEAL, [SEAL])
        return self._seal

    def finish(self, receipt: dict[str, Any]) -> dict[str, Any]:
        """Seal the batch: it becomes visible as a whole, known from this moment. Returns the whole receipt.

        The last act of its transaction: what follows the statements (projections, results) is written before.
        """
        self._pipe.wait()
        seal = self._seal or self.ready()
        seal.fetchone()
        now = datetime.now(UTC)
        recorded_at = max(now, self._last + RESOLUTION) if self._last else now
        last = self.last
        whole = receipt | {
            "batch": self.batch,
            "first_position": self.first if self.written else None,
            "last_position": last if self.written else None,
            "recorded_at": recorded_at.isoformat(),
        }
        said = (self.item, self.issuer, self._source, bytes.fromhex(self._rulebook), self.generated)
        where = (self.first, last, recorded_at, orjson.dumps(whole).decode())
        prepared(INSERT_BATCH, [self.number, bytes.fromhex(self.batch), *said, *where])
        self.sealed = True
        return whole

    def settle(self) -> None:
        """Wait until what was written has arrived; the connection is then free for other tables of the batch."""
        self._pipe.wait()

    @property
    def last(self) -> int:
        """The position of its last statement so far; one before ``first`` while there is none."""
        return self.first + self.written - 1

    def close(self) -> None:
        """Wait for what is under way."""
        self._pipe.close()

    def _copy(self, rows: list[Row], keys: list[int]) -> list[str]:
        bodies = [orjson.dumps(row[7], option=orjson.OPT_SORT_KEYS).decode() for row in rows]
        ids = digests(canonical_ascii_keys(_content(row, self.batch)) for row in rows)
        acts, subjects, items, issuers, references, starts, ends, _, targets, numbers = zip(*rows, strict=True)
        count = len(rows)
        table = pa.table(
            {
                "id": [f"\\x{id_}" for id_ in ids],
                "batch": pa.repeat(pa.scalar(self.number), count),
                "row": pa.array(numbers, pa.int32()),
                "act": pa.array([ACTS[act] for act in acts], pa.int8()),
                "subject": pa.array(subjects, pa.string()),
                "item": pa.array(items, pa.string()),
                "issuer": pa.array(issuers, pa.string()),
                "reference": pa.array(references, pa.string()),
                "key": pa.array(keys, pa.int64()),
                "valid_from": pa.array(starts, pa.string()),
                "valid_to": pa.array(ends, pa.string()),
                "attributes": pa.array(bodies, pa.string()),
                "target": pa.array([target and f"\\x{target}" for target in targets], pa.string()),
            }
        )
        buffer = pa.BufferOutputStream()
        pa.csv.write_csv(table, buffer, pa.csv.WriteOptions(include_header=False))
        self._pipe.send(buffer.getvalue().to_pybytes())
        self.written += count
        return ids


def _content(row: Row, batch: str) -> dict[str, Any]:
    act, subject, item, issuer, reference, valid_from, valid_to, attributes, target, number = row
    return content(
        act=act,
        subject=subject,
        item=item,
        issuer=issuer,
        reference=reference,
        valid_from=valid_from,
        valid_to=valid_to,
        attributes=attributes,
        target=target,
        batch=batch,
        row=number,
    )
