"""Statements and register as Arrow columns, straight out of PostgreSQL (ADBC): no Python object is made of a row.

The SQL is generated from what is wanted of each item's attributes, so that a text becomes part of one key and a
whole number a column.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import adbc_driver_manager
import adbc_driver_postgresql
import pyarrow as pa
from psycopg.sql import Literal

from probity.errors import StoreError
from probity.ledger import REGISTER, Position

START = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which attributes are read, by item: ``texts`` into its key, ``numbers`` into a column each (at most
    ``width``), ``named`` as text into columns of their own names."""

    texts: Mapping[str, Sequence[str]]
    numbers: Mapping[str, Sequence[str]]
    named: Mapping[str, Sequence[str]]
    width: int

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns of ``named``, in alphabetical order."""
        return tuple(sorted({name for names in self.named.values() for name in names}))


@dataclass(frozen=True, slots=True)
class End:
    """The end of the ledger at some moment: the last batch, and how many organisations were in the register."""

    batch: int
    position: int
    known_at: datetime
    organisations: int
    generated: bool
    """Whether any batch so far was made up."""


class Columns:
    """A connection that answers in columns. Whatever fails in the database is a StoreError."""

    def __init__(self, connection: adbc_driver_manager.AdbcConnection) -> None:
        self._connection = connection

    def end(self) -> End:
        """The end of the ledger as it is now; of an empty one, too."""
        return self._end(
            "SELECT max(number) FROM ledger_batch", "SELECT max(ordinal) + 1 FROM dossier_organisation"
        )

    def end_at(self, position: Position, registering: Sequence[str]) -> End:
        """The end of the ledger as it was at a position; ``registering`` items give an organisation its place."""
        items = ", ".join(map(_literal, registering)) or "NULL"
        return self._end(
            f"SELECT max(number) FROM ledger_batch WHERE recorded_at <= {_literal(position.known_at)}",
            "SELECT count(DISTINCT subject) FROM ledger_statement"
            f" WHERE position <= {position.number:d} AND item IN ({items}) AND subject <> {_literal(REGISTER)}",
        )

    def _end(self, batch: str, organisations: str) -> End:
        table = self._table(
            f"""
            SELECT coalesce(b.number, 0) AS batch, coalesce(b.last_position, 0) AS position,
                   coalesce((extract(epoch FROM b.recorded_at) * 1000000)::bigint, 0) AS microseconds,
                   coalesce(({organisations}), 0)::bigint AS organisations,
                   EXISTS (SELECT FROM ledger_batch g WHERE g.generated AND g.number <= b.number) AS generated
              FROM (SELECT 1) AS one LEFT JOIN ledger_batch b ON b.number = ({batch})
            """
        )
        (found,) = table.to_pylist()
        moment = START + timedelta(microseconds=found.pop("microseconds"))
        return End(known_at=moment, **found)

    def batches(self, *, after: int, upto: int) -> pa.Table:
        """Batches by number: number, recorded_at, last_position, item, and whether they count as delivered (as
        :func:`probity.ledger.delivered` says)."""
        return self._table(
            f"""
            SELECT number, recorded_at, last_position, item,
                   last_position >= first_position OR coalesce((receipt->>'rows')::bigint, 0) = 0 AS delivered
              FROM ledger_batch WHERE number > {after:d} AND number <= {upto:d} ORDER BY number
            """
        )

    def organisations(self, first: int, end: int) -> pa.Table:
        """The register from ordinal ``first`` to ``end`` (excluded): ordinal, subject."""
        return self._table(
            "SELECT ordinal, subject FROM dossier_organisation"
            f" WHERE ordinal >= {first:d} AND ordinal < {end:d} ORDER BY ordinal"
        )

    def statements(self, wanted: Wanted, *, after: int, upto: int) -> pa.Table:
        """Statements from after one position up to another, in their order.

        Columns: ``ordinal`` (null: of nobody in the register), ``position``, ``act``, ``key`` (the item, and after
        it a JSON array of its texts unless the item is not among ``wanted.texts`` or the statement is a
        withdrawal), ``day``, ``until``, ``number_1`` and so on, ``about``, ``generated``, and ``wanted.names``.
        ``about``: the position of the record that a correction or withdrawal belongs to, or at which another
        statement aims (null: at none).
        """
        return self._table(_statements(wanted, f"s.position > {after:d} AND s.position <= {upto:d}"))

    def statements_of(self, wanted: Wanted, *, first: int, end: int, upto: int) -> pa.Table:
        """The same for the organisations from ordinal ``first`` to ``end`` (excluded), up to a position."""
        register = f"SELECT subject FROM dossier_organisation WHERE ordinal >= {first:d} AND ordinal < {end:d}"
        return self._table(_statements(wanted, f"s.subject IN ({register}) AND s.position <= {upto:d}"))

    def _table(self, sql: str) -> pa.Table:
        with _failures(), closing(adbc_driver_manager.AdbcStatement(self._connection)) as statement:
            statement.set_sql_query(sql)
            stream, _ = statement.execute_query()
            with pa.RecordBatchReader._import_from_c(stream.address) as reader:
                return reader.read_all()


@contextmanager
def columns(address: str) -> Iterator[Columns]:
    """A connection to the database at a libpq address. Raises StoreError."""
    with _failures():
        database = adbc_driver_postgresql.connect(address)
    with closing(database):
        with _failures():
            connection = adbc_driver_manager.AdbcConnection(database)
        with closing(connection):
            yield Columns(connection)


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except (adbc_driver_manager.Error, pa.ArrowException, OSError) as error:
        raise StoreError(
            f"the database failed: {' '.join(str(error).split())}",
            remedy="Check the server, then run the same command again; it goes on from where it was.",
        ) from error


def _statements(wanted: Wanted, where: str) -> str:
    """Statements with their place in the register. The walk goes from whatever a statement aims at back to the
    first statement of that record, and never from one organisation to another."""
    numbers = [_by_item(_numbers(wanted, n), "s.item") for n in range(wanted.width)]
    named = [_by_item(_named(wanted, name), "s.item") for name in wanted.names]
    extra = [f"{sql}::bigint AS number_{n}" for n, sql in enumerate(numbers, start=1)]
    extra += [f"{sql}::text AS {name}" for name, sql in zip(wanted.names, named, strict=True)]
    keys = {item: f"s.item || {_array(texts)}" for item, texts in wanted.texts.items()}
    return f"""
        WITH RECURSIVE walk AS (
            SELECT s.position AS said, t.position, t.act, t.target, t.subject
              FROM ledger_statement s JOIN ledger_statement t ON t.id = s.target AND t.subject = s.subject
             WHERE s.target IS NOT NULL AND {where}
            UNION ALL
            SELECT w.said, t.position, t.act, t.target, t.subject
              FROM walk w JOIN ledger_statement t ON t.id = w.target AND t.subject = w.subject
             WHERE w.act <> 0
        )
        SELECT o.ordinal, s.position, s.act,
               CASE WHEN s.act = 2 THEN s.item ELSE {_by_item(keys, "s.item", "s.item")} END AS key,
               s.valid_from AS day, s.valid_to AS until, {", ".join([*extra, "w.position AS about"])}, b.generated
          FROM ledger_statement s
               JOIN ledger_batch b ON b.number = s.batch
               LEFT JOIN dossier_organisation o ON o.subject = s.subject
               LEFT JOIN walk w ON w.said = s.position AND w.act = 0
         WHERE s.subject <> {_literal(REGISTER)} AND {where}
         ORDER BY s.position
    """


def _numbers(wanted: Wanted, place: int) -> dict[str, str]:
    return {
        item: f"(s.attributes->>{_literal(names[place])})::bigint"
        for item, names in wanted.numbers.items()
        if len(names) > place
    }


def _named(wanted: Wanted, name: str) -> dict[str, str]:
    return {item: f"s.attributes->>{_literal(name)}" for item, names in wanted.named.items() if name in names}


def _array(names: Sequence[str]) -> str:
    values = ", ".join(f"s.attributes->{_literal(name)}" for name in names)
    return f"jsonb_build_array({values})::text"


def _by_item(cases: Mapping[str, str], item: str, otherwise: str = "NULL") -> str:
    if not cases:
        return otherwise
    branches = " ".join(f"WHEN {_literal(name)} THEN {sql}" for name, sql in sorted(cases.items()))
    return f"CASE {item} {branches} ELSE {otherwise} END"


def _literal(value: str | datetime) -> str:
    return Literal(value).as_string()
