"""Columns of a snapshot as numpy arrays, and back: days as numbers, and a number that stands for none."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from probity.scoring.snapshot.layout import NUMBERS
from probity.scoring.tables import EPOCH

Column = NDArray[Any]
Columns = dict[str, Column]

MISSING = np.iinfo(np.int64).min
"""The number that stands for none."""

NEVER = np.iinfo(np.int64).max
"""The position at which what is not superseded will be."""

NO_END = date.max.toordinal() - EPOCH
"""The day that stands for no end."""

NONES = {"until": NO_END, "superseded": NEVER, "about": 0, **dict.fromkeys(NUMBERS, MISSING)}
"""What stands for none, in the columns that can lack a value."""


def plain(table: pa.Table, name: str) -> Column:
    """A column as it lies in memory, without a copy where it has all its values in one piece."""
    column = table[name]
    column = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    if pa.types.is_date(column.type):
        column = column.view(pa.int32())
    if name in NONES and column.null_count:
        column = column.fill_null(NONES[name])
    return np.asarray(column.to_numpy(zero_copy_only=False))


def plain_columns(table: pa.Table, names: list[str] | None = None) -> Columns:
    """Some columns, or all."""
    return {name: plain(table, name) for name in names or table.schema.names}


def table_of(columns: Columns, schema: pa.Schema) -> pa.Table:
    """Columns as a table of the schema."""
    return pa.table([_column(columns[field.name], field) for field in schema], schema=schema)


def _column(values: Column, field: pa.Field) -> pa.Array:
    none = NONES.get(field.name) if field.nullable else None
    column = pa.array(values, mask=None if none is None else values == none)
    if pa.types.is_date(field.type):
        column = column.cast(pa.int32())
    return column.cast(field.type)


def stacked(*tables: Columns) -> Columns:
    """The rows of several, one after the other; the columns of the first."""
    return {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}


def chosen(columns: Columns, rows: Column) -> Columns:
    """Some rows, by their numbers or by a mask."""
    return {name: column[rows] for name, column in columns.items()}
