"""Parquet as blocks. Every column becomes text: dates as ISO 8601, whole and decimal numbers as written.

The file as a whole is refused (IntakeError) when it is cut or damaged, lacks a needed column, or holds lists,
structures or bytes in one. A binary fraction that is no whole number, and a moment that is no whole day, go
to quarantine (the row alone): what such a value means cannot be known exactly. The original line of a row is
its JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from probity.errors import IntakeError
from probity.intake.block import CHUNK, Block
from probity.intake.csv_source import require
from probity.intake.encoding import Survey
from probity.intake.model import Fault, Reason, Refused

WHOLE = 2.0**53
"""Below it a binary fraction that is a whole number is exact."""
LARGEST_GROUP = 2 << 30
"""Bytes, uncompressed: a row group is read in pieces, yet beyond this memory would not stay flat."""


class ParquetSource:
    """A Parquet file; ``needed`` are the columns that it must have."""

    def __init__(self, path: Path, found: Survey, needed: Sequence[str]) -> None:
        """Read the schema. Raises IntakeError."""
        self._path = path
        self._found = found
        self._needed = tuple(needed)
        try:
            self._file = pq.ParquetFile(path)
        except (pa.ArrowException, OSError) as error:
            raise self._damaged(error) from error
        schema = self._file.schema_arrow
        self.columns = tuple(schema.names)
        require(path, needed, self.columns)
        for name in needed:
            kind = schema.field(name).type
            if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
                raise IntakeError(
                    f"the column {name!r} holds {kind}", where=str(path), remedy="Write text, numbers or dates."
                )
        meta = self._file.metadata
        if any(meta.row_group(n).total_byte_size > LARGEST_GROUP for n in range(meta.num_row_groups)):
            raise IntakeError(
                f"a row group is larger than {LARGEST_GROUP >> 30} GB",
                where=str(path),
                remedy="Write the file with row groups of a million rows or fewer.",
            )

    def blocks(self) -> Iterator[Block]:
        """The rows. See the module for what is refused."""
        row, total = 0, max(self._file.metadata.num_rows, 1)
        try:
            for batch in self._file.iter_batches(batch_size=CHUNK):
                row += batch.num_rows
                yield self._block(batch, row - batch.num_rows, self._found.size * row // total)
        except (pa.ArrowException, OSError) as error:
            raise self._damaged(error) from error

    def _block(self, batch: Any, before: int, done: int) -> Block:
        rows = np.arange(before + 1, before + 1 + batch.num_rows)
        columns: dict[str, Any] = {}
        faults: dict[int, list[Fault]] = {}
        for name in self._needed:
            columns[name], bad, is_day = _as_text(batch.column(name))
            for n in np.flatnonzero(bad):
                value = str(batch.column(name)[int(n)].as_py())
                faults.setdefault(int(n), []).append(_inexact(name, value, is_day))
        whole = Block(
            rows=rows,
            columns=columns,
            broken=(),
            line=lambda n: json.dumps(_cells(batch, n), ensure_ascii=False).encode("utf-8", "replace"),
            cells=lambda n: _cells(batch, n),
            done=done,
        )
        if not faults:
            return whole
        broken = [
            Refused(int(rows[n]), tuple(f), whole.line(n), whole.cells(n)) for n, f in sorted(faults.items())
        ]
        kept = whole.take(np.array([n for n in range(len(rows)) if n not in faults], dtype=np.int64))
        return Block(kept.rows, kept.columns, broken, kept.line, kept.cells, done)

    def _damaged(self, error: Exception) -> IntakeError:
        return IntakeError(
            f"the file is no whole Parquet file: {str(error).splitlines()[0]}",
            where=str(self._path),
            remedy="Nothing was taken in. Fetch or export the file again.",
        )


def _as_text(column: Any) -> tuple[Any, NDArray[np.bool_], bool]:
    """The column as text, where that is not exact, and whether it holds days."""
    kind = column.type
    none = np.zeros(len(column), dtype=bool)
    if pa.types.is_floating(kind):
        values = column.cast(pa.float64()).fill_null(0.0).to_numpy(zero_copy_only=False)
        bad = ~((np.abs(values) < WHOLE) & (values == np.floor(values)))
        whole = pa.array(np.where(bad, 0.0, values).astype(np.int64), mask=column.is_null().to_numpy(False))
        return _plain(whole), bad, False
    if pa.types.is_timestamp(kind):
        local = pc.local_timestamp(column) if kind.tz else column
        day = pc.floor_temporal(local, unit="day")
        bad = pc.not_equal(local, day).fill_null(False).to_numpy(zero_copy_only=False)
        return _plain(day.cast(pa.date32())), bad, True
    return _plain(column), none, pa.types.is_date(kind)


def _plain(column: Any) -> Any:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return column.cast(pa.string()).fill_null("")


def _cells(batch: Any, n: int) -> dict[str, str]:
    return {name: _written(batch.column(name)[n].as_py()) for name in batch.schema.names}


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _inexact(name: str, value: str, is_day: bool) -> Fault:
    if is_day:
        return Fault(name, Reason.NOT_A_DATE, f"{value} is a moment and not a whole day; write a date", value)
    message = f"{value} is a binary fraction, whose exact value is unclear; write a decimal number or text"
    return Fault(name, Reason.BINARY_FRACTION, message, value)
