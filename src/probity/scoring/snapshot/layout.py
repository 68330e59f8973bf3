"""The columns of a snapshot, and how they are written (docs/snapshot.md says what each one means).

A snapshot is a folder of Parquet files in parts, each part a range of organisations, and a manifest that is
written last. Whatever a scorecard can see of a statement is a whole number: an organisation its ordinal in the
register, a day days since 1970-01-01, a kind of record its place in the manifest's dictionary.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

FORMAT = "probity-snapshot"
VERSION = 1
"""Of the format: a snapshot of another version is made anew."""

SPAN = 1 << 18
"""How many ordinals a part covers."""

NUMBERS = ("number_1", "number_2")
"""The whole numbers of a record (amounts, years), in the order in which the manifest's plan names them."""

_OWN = [pa.field("organisation", pa.int32(), nullable=False)]
_ORIGIN = [
    pa.field("record", pa.int64(), nullable=False),
    pa.field("known", pa.int64(), nullable=False),
]
_SAID = [
    pa.field("kind", pa.int32(), nullable=False),
    pa.field("day", pa.date32(), nullable=False),
    pa.field("until", pa.date32(), nullable=False),
    *(pa.field(name, pa.int64(), nullable=False) for name in NUMBERS),
    pa.field("marks", pa.int32(), nullable=False),
]

RECORDS = pa.schema([*_OWN, *_SAID])
"""Every record as it speaks at the snapshot's position, by organisation and position.

What is missing is said by a value of its own, which is read faster than a gap: ``until`` is 9999-12-31 where there
is no end, a number -2**63 where there is none. ``marks`` is 0, or the number under which MARKS says what became of
the record.
"""

ORIGINS = pa.schema(_ORIGIN)
"""Row by row beside RECORDS: ``record`` is the position of a record's first statement, ``known`` that of the
statement that speaks. Grading by what is known now reads neither."""

PAST = pa.schema([*_OWN, *_ORIGIN, *_SAID, pa.field("superseded", pa.int64(), nullable=False)])
"""What records said before they were corrected, from position ``known`` until ``superseded``."""

MARKS = pa.schema(
    [
        pa.field("marks", pa.int32(), nullable=False),
        pa.field("act", pa.int8(), nullable=False),
        pa.field("day", pa.date32(), nullable=False),
        pa.field("first", pa.int64(), nullable=False),
        pa.field("known", pa.int64(), nullable=False),
        pa.field("superseded", pa.int64()),
    ]
)
"""What later statements say of a record, by ``marks``: an act of ACTS on a day, known from a position until
``superseded`` (none: still). ``first`` is the position of the first statement of that objection or repair."""

ACTS = ("withdraws", "contests", "settles", "repairs")
"""The acts of MARKS, by their number there."""

CLASSES = ("region", "sector", "size", "ownership")
"""What a register may say of an organisation that results are compared by."""

REGISTRATIONS = pa.schema(
    [
        *_OWN,
        *_ORIGIN,
        pa.field("superseded", pa.int64()),
        pa.field("day", pa.date32(), nullable=False),
        pa.field("kind", pa.int8(), nullable=False),
        *(pa.field(name, pa.dictionary(pa.int32(), pa.string())) for name in CLASSES),
    ]
)
"""Every registration in every version, by organisation, day and ``known``; ``kind`` as in the manifest's
``organisation_kinds``. Corrected or withdrawn, it is superseded."""

ORGANISATIONS = pa.schema(
    [
        *_OWN,
        pa.field("scheme", pa.int8(), nullable=False),
        pa.field("kind", pa.int8(), nullable=False),
        pa.field("registered", pa.date32(), nullable=False),
        pa.field("since", pa.date32(), nullable=False),
        pa.field("generated", pa.bool_(), nullable=False),
        pa.field("records", pa.int32(), nullable=False),
    ]
)
"""Everyone in the register, by ordinal: the scheme as in the manifest's ``schemes``, the ``kind`` by the newest
registration that stands at the snapshot's position and its day (``registered``), the day of the first one
(``since``; none: -1, 9999-12-31), whether anything stated of it was made up, how many rows of RECORDS are its own.
"""

NAMES = pa.schema(
    [
        *_OWN,
        pa.field("subject", pa.string(), nullable=False),
        *(pa.field(name, pa.dictionary(pa.int32(), pa.string())) for name in CLASSES),
    ]
)
"""Row by row beside ORGANISATIONS: the subject key, and what the newest registration says of the classes."""

BATCHES = pa.schema(
    [
        pa.field("number", pa.int32(), nullable=False),
        pa.field("recorded_at", pa.timestamp("us", "UTC"), nullable=False),
        pa.field("last_position", pa.int64(), nullable=False),
        pa.field("item", pa.string(), nullable=False),
        pa.field("delivered", pa.bool_(), nullable=False),
    ]
)
"""Every batch of the ledger: what was known when, and which sources had delivered."""

TABLES = {
    "records": RECORDS,
    "origins": ORIGINS,
    "past": PAST,
    "marks": MARKS,
    "registrations": REGISTRATIONS,
    "organisations": ORGANISATIONS,
    "names": NAMES,
}
"""The files of a part. An empty table has no file."""

_DIFFERENCES = {"organisation", "record", "known", "first", "records", "points", "reasons"}
"""Columns that are written as differences: those that rise, and those of points, written fastest so."""
_ROWS = 1 << 23
"""Rows of a row group: nearly always the whole part, which is then read into one piece of memory."""


def write(table: pa.Table, path: Path) -> None:
    """Write a table of a snapshot, encoded as ``written``."""
    _write(table, path)


def written(table: pa.Table) -> pa.Buffer:
    """The file of a table of a snapshot or of results: some columns as differences, the others by dictionary,
    without compression (the encodings leave little to squeeze, and reading is what counts)."""
    sink = pa.BufferOutputStream()
    _write(table, sink)
    return sink.getvalue()


def _write(table: pa.Table, sink: Path | pa.NativeFile) -> None:
    by_difference = [name for name in table.schema.names if name in _DIFFERENCES]
    options: dict[str, object] = {
        "version": "2.6",
        "compression": "none",
        "use_dictionary": [name for name in table.schema.names if name not in by_difference],
        "column_encoding": dict.fromkeys(by_difference, "DELTA_BINARY_PACKED"),
        "write_statistics": False,
        "store_schema": True,
    }
    with pq.ParquetWriter(sink, table.schema, **options) as writer:
        writer.write_table(table, row_group_size=_ROWS)
