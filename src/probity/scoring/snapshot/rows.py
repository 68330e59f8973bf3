"""Statements as they come out of the ledger, made into rows of whole numbers and laid out by part."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc as ipc

from probity.dossier import Wanted
from probity.errors import SnapshotError
from probity.rulebook import Effect
from probity.scoring.snapshot.layout import CLASSES, NUMBERS
from probity.scoring.snapshot.manifest import Kind
from probity.scoring.snapshot.plan import ORGANISATION_KINDS, STATED_KIND, Reading

STATE, CORRECT, WITHDRAW = 0, 1, 2
"""The acts of a statement, by their number in the ledger."""

EFFECTS = tuple(Effect)
"""The effect of a statement is stored as its index here."""

ROWS = pa.schema(
    [
        pa.field("organisation", pa.int32(), nullable=False),
        pa.field("position", pa.int64(), nullable=False),
        pa.field("act", pa.int8(), nullable=False),
        pa.field("effect", pa.int8(), nullable=False),
        pa.field("kept", pa.bool_(), nullable=False),
        pa.field("kind", pa.int32(), nullable=False),
        pa.field("day", pa.date32(), nullable=False),
        pa.field("until", pa.date32()),
        *(pa.field(name, pa.int64()) for name in NUMBERS),
        pa.field("about", pa.int64()),
        pa.field("generated", pa.bool_(), nullable=False),
        pa.field("stated", pa.int8()),
        *(pa.field(name, pa.string()) for name in CLASSES),
    ]
)
"""A statement: ``kept`` whether its item is in the plan, ``kind`` its number among the kinds (-1: it is a
withdrawal, or not kept), ``about`` as :meth:`probity.dossier.Columns.statements` gives it, ``stated`` the kind of
organisation that a registration states."""


def wanted(reading: Reading) -> Wanted:
    """What is read of the attributes of each item."""
    return Wanted(
        texts={item: plan.texts for item, plan in reading.plan.items()},
        numbers={item: plan.numbers for item, plan in reading.plan.items()},
        named=reading.registers,
        width=len(NUMBERS),
    )


@dataclass(slots=True)
class Kinds:
    """The kinds of record met so far, each under its number: in the order of the ledger."""

    reading: Reading
    found: list[Kind] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)

    def take(self, kinds: Sequence[Kind]) -> None:
        """Go on from these."""
        for kind in kinds:
            texts = self.reading.plan[kind.item].texts
            self._add(_key(kind.item, [kind.attributes.get(name) for name in texts]), kind)

    def number(self, key: str) -> tuple[int, str]:
        """The number of a key as the ledger's columns give it (-1: it is no record of the plan), and its item."""
        item, bracket, _ = key.partition("[")
        plan = self.reading.plan.get(item)
        if plan is None or not bracket:
            return -1, item
        said = [None if value is None else _text(value) for value in orjson.loads(key[len(item) :])]
        key = _key(item, said)
        if key not in self._numbers:
            values = dict(zip(plan.texts, said, strict=True))
            attributes = {name: value for name, value in values.items() if value is not None}
            self._add(key, Kind(item=item, attributes=attributes))
        return self._numbers[key], item

    def _add(self, key: str, kind: Kind) -> None:
        self._numbers[key] = len(self.found)
        self.found.append(kind)


def _key(item: str, texts: Sequence[str | None]) -> str:
    return item + json.dumps(texts)


def _text(value: object) -> str:
    """A value as a kind names it: booleans as cards do."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def rows(statements: pa.Table, kinds: Kinds, organisations: int) -> pa.Table:
    """Statements as rows; those about nobody in the register (or a later one than ``organisations``) are left out.

    Their kinds are numbered all the same, so that the numbers follow from the ledger alone. Raises SnapshotError
    where the law knows no such item.
    """
    keys = statements["key"].combine_chunks().dictionary_encode()
    index = {effect: number for number, effect in enumerate(EFFECTS)}
    kind, effect, kept = [], [], []
    for key in keys.dictionary.to_pylist():
        number, item = kinds.number(key)
        kind.append(number)
        effect.append(index[_effect(item, kinds.reading)])
        kept.append(item in kinds.reading.plan)
    at = keys.indices.to_numpy()
    columns = {
        **{name: pa.nulls(len(statements), pa.string()) for name in CLASSES},
        **{name: statements[name] for name in statements.schema.names},
        "organisation": statements["ordinal"].cast(pa.int32()),
        "kind": pa.array(np.array(kind, np.int32)[at]),
        "effect": pa.array(np.array(effect, np.int8)[at]),
        "kept": pa.array(np.array(kept, np.bool_)[at]),
        "stated": _stated(statements),
    }
    here = pc.less(columns["organisation"], organisations)
    found = pa.table([columns[name].cast(ROWS.field(name).type) for name in ROWS.names], names=ROWS.names)
    return found.filter(here).cast(ROWS)


def _effect(item: str, reading: Reading) -> Effect:
    try:
        return reading.effects[item]
    except KeyError:
        raise SnapshotError(
            f"the ledger holds statements of {item!r}, an item that no rulebook has",
            remedy="Put the rulebook of that item back, then run the same command again.",
        ) from None


def _stated(statements: pa.Table) -> pa.Array:
    if STATED_KIND not in statements.schema.names:
        return pa.nulls(len(statements), pa.int8())
    return pc.index_in(statements[STATED_KIND].combine_chunks(), pa.array(ORGANISATION_KINDS)).cast(pa.int8())


# -- slices -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Slice:
    """A stretch of the ledger in a file: its rows by part. ``kinds``: those that are new in it; ``statements``:
    how many were read, whoever they are about."""

    path: Path
    parts: tuple[int, ...]
    kinds: tuple[Kind, ...]
    statements: int

    def of(self, part: int) -> pa.Table:
        """Its rows of a part, in the order of the ledger."""
        if part not in self.parts:
            return ROWS.empty_table()
        with pa.memory_map(str(self.path)) as file:
            batch = ipc.open_file(file).get_batch(self.parts.index(part))
            return pa.Table.from_batches([batch.replace_schema_metadata(None)])


def write_slice(path: Path, found: pa.Table, kinds: Sequence[Kind], statements: int, span: int) -> None:
    """Write rows by part."""
    part = found["organisation"].to_numpy() // span
    order = np.argsort(part, kind="stable")
    parts, starts = np.unique(part[order], return_index=True)
    bounds = [*starts.tolist(), len(order)]
    said = {
        "parts": parts.tolist(),
        "kinds": [kind.model_dump(mode="json") for kind in kinds],
        "statements": statements,
    }
    by_part = found.take(pa.array(order)).combine_chunks()
    options = ipc.IpcWriteOptions(compression="lz4")
    with ipc.new_file(path, ROWS.with_metadata({"slice": json.dumps(said)}), options=options) as writer:
        for start, end in pairwise(bounds):
            for batch in by_part.slice(start, end - start).to_batches():
                writer.write_batch(batch)


def read_slice(path: Path) -> Slice:
    """A slice that was written whole."""
    with pa.memory_map(str(path)) as file:
        said: Mapping[str, Any] = json.loads(ipc.open_file(file).schema.metadata[b"slice"])
    kinds = tuple(Kind.model_validate(kind) for kind in said["kinds"])
    return Slice(path, tuple(said["parts"]), kinds, said["statements"])


def of_part(slices: Sequence[Slice], part: int) -> pa.Table:
    """The rows of a part in all slices, in their order."""
    found: Iterator[pa.Table] = (each.of(part) for each in slices)
    return pa.concat_tables([ROWS.empty_table(), *found]).combine_chunks()
