"""The work on one part of a snapshot: read it, grade everyone in it by every card, write the results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from probity.errors import SnapshotError
from probity.ledger import Position
from probity.scoring.bulk.bind import Bound, codes, input_codes
from probity.scoring.bulk.question import ANOTHER, RESULTS
from probity.scoring.bulk.terms import Terms, standing
from probity.scoring.encode import Records
from probity.scoring.engines.model import Done
from probity.scoring.folder import writing
from probity.scoring.kernel import NO_GRADE, NO_TOTAL, WHY, Results, score_together
from probity.scoring.reasons import Points, points_of
from probity.scoring.snapshot.fold import Files, fold
from probity.scoring.snapshot.layout import NUMBERS, written
from probity.scoring.snapshot.manifest import File
from probity.scoring.snapshot.read import Snapshot
from probity.scoring.tables import CompiledCard

GRADES = pa.schema(
    [
        pa.field("organisation", pa.int32(), nullable=False),
        pa.field("total", pa.int64()),
        pa.field("grade", pa.dictionary(pa.int8(), pa.string())),
        pa.field("no_grade", pa.dictionary(pa.int8(), pa.string())),
        pa.field("contested", pa.bool_(), nullable=False),
    ]
)
"""One row for everyone whom the card grades, by ordinal: the total in milli-points and the grade, or why there is
none; whether a contested record counts."""

COMPLETE = pa.schema([field.with_nullable(field.name == "no_grade") for field in GRADES])
"""The same where nobody can be without a grade: what cannot be missing is written faster."""

POINTS = pa.schema(
    [
        pa.field("organisation", pa.int32(), nullable=False),
        pa.field("indicator", pa.dictionary(pa.int16(), pa.string()), nullable=False),
        pa.field("points", pa.int64(), nullable=False),
        pa.field("records", pa.int32(), nullable=False),
        pa.field("reasons", pa.int32(), nullable=False),
    ]
)
"""One row for every organisation and indicator that read a record: signed milli-points after the cap, how many
records it read, and why records gave nothing (bits of ``scoring.reasons.REASONS``)."""


def file_name(table: str, card: str, part: int) -> str:
    """The file of a card's ``grades`` or ``points`` of a part; ``card`` by its ``CardWork.key``."""
    return f"{table}-{card.replace('/', '.')}-{part:06}.parquet"


@dataclass(frozen=True, slots=True)
class CardWork:
    """A card as it is worked with.

    ``explained`` is the card once more, with the rules that give nothing. ``key`` tells it from the others: its
    id, with the version where another one of the same id is asked for. Without ``wanted`` nothing is written: its
    results are read by another card. ``reads`` are the cards whose results it reads; any other result that it
    asks for there is none. With ``complete`` there is nobody whom it leaves without a grade.
    """

    key: str
    compiled: CompiledCard
    explained: Bound | None
    wanted: bool
    reads: frozenset[str]
    complete: bool


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass over a part: the cards that it grades by, which grade the same organisations.

    ``applies`` says by scheme and kind of organisation, as the manifest numbers them, whom they grade (its last
    column: nobody who is not registered).
    """

    bound: Bound
    cards: tuple[CardWork, ...]
    applies: NDArray[np.bool_]


@dataclass(frozen=True)
class PartWork:
    """Does parts of the snapshot whose manifest has the hash ``snapshot``, one pass after the other: a card that
    reads another one's results comes after it.

    It can be sent to another process that sees the same folders.
    """

    folder: Path
    snapshot: str
    out: Path
    as_of: date
    position: Position
    delivered: frozenset[str]
    terms: Terms
    cards: tuple[CardWork, ...]
    passes: tuple[Pass, ...]

    @cached_property
    def _snapshot(self) -> Snapshot:
        opened = Snapshot.open(self.folder)
        if opened.manifest.hash != self.snapshot:
            raise SnapshotError("another one was made here meanwhile", where=str(self.folder), remedy=ANOTHER)
        return opened

    def __call__(self, part: int) -> Done:
        """Grade a part. Raises SnapshotError where it is not whole, StoreError where nothing can be written."""
        needed = {name for each in self.passes for name in _columns(each.bound)}
        files = fold(self._snapshot, part, self.as_of, self.position, needed)
        _fix(files.kind, files.day, files.status)
        stands = standing(self.terms, files.kind, files.day, files.status)
        graded: dict[str, Graded] = {}
        for each in self.passes:
            rows = np.flatnonzero(each.applies[files.scheme, files.registered])
            read = {key: graded[key] for card in each.cards for key in card.reads}
            records = _records(each.bound, files, rows, stands, read)
            results = score_together(each.bound.cards, each.bound.tables, records, self.delivered)
            organisation = files.organisation[rows]
            graded |= {
                card.key: Graded(card.compiled, rows, organisation, own)
                for card, own in zip(each.cards, results, strict=True)
            }
        wanted = [card for card in self.cards if card.wanted]
        made: list[File] = []
        for card in wanted:
            own = graded[card.key]
            grades = _grades(own, COMPLETE if card.complete else GRADES)
            made.append(self._write(grades, file_name("grades", card.key, part)))
            if card.explained is not None:
                read = {key: graded[key] for key in card.reads}
                records = _records(card.explained, files, own.rows, stands, read)
                explained = replace(own.compiled, tables=card.explained.tables)
                table = _points(own, points_of(explained, records, self.delivered))
                made.append(self._write(table, file_name("points", card.key, part)))
        return Done(
            part,
            tuple(made),
            grades={card.key: _with_grade(graded[card.key]) for card in wanted},
            no_grade={card.key: _without(graded[card.key]) for card in wanted},
            generated=any(bool(files.generated[graded[card.key].rows].any()) for card in wanted),
        )

    def _write(self, table: pa.Table, name: str) -> File:
        path = self.out / name
        # In a cluster a part that was thought lost may still be written while it is done again.
        temporary = path.with_name(f".{path.name}.{uuid4().hex}.new")
        content = written(table)
        with writing(self.out, RESULTS):
            try:
                temporary.write_bytes(content)
                temporary.rename(path)
            finally:
                temporary.unlink(missing_ok=True)
        return File(name=name, rows=table.num_rows, bytes=content.size, sha256=sha256(content).hexdigest())


@dataclass(frozen=True, slots=True)
class Graded:
    """The results of a card, one for each of the organisations that it grades: their places in the part, and their
    ordinals."""

    compiled: CompiledCard
    rows: NDArray[np.intp]
    organisation: NDArray[np.int32]
    results: Results


def _columns(bound: Bound) -> tuple[str, ...]:
    return (*bound.columns, *(("until",) if bound.needs_until else ()))


def _records(
    bound: Bound, files: Files, rows: NDArray[np.intp], stands: NDArray[np.uint8], read: Mapping[str, Graded]
) -> Records:
    """The records of some organisations of a part, and the results that they ``read``, as these cards see them."""
    numbers = [files.numbers[NUMBERS.index(name)] for name in bound.columns]
    amounts = _stacked([number for number in numbers if number is not None], len(files.kind))
    everyone, cards = len(files.organisation), tuple(bound.inputs)
    inputs = np.full((len(rows), len(cards)), -1, np.int32)
    said = np.zeros((len(rows), len(cards)), np.int64)
    for n, card in enumerate(cards):
        if card in read:
            own = read[card]
            code, total = np.full(everyone, -1, np.int32), np.zeros(everyone, np.int64)
            code[own.rows], total[own.rows] = input_codes(bound, own.compiled, own.results)
            inputs[:, n], said[:, n] = code[rows], total[rows]
    records = Records(
        first=files.offsets[rows],
        last=files.offsets[rows + 1],
        code=codes(bound, files.kind, amounts),
        day=files.day,
        until=np.empty(0, np.int32) if files.until is None else files.until,
        standing=stands,
        amounts=amounts,
        inputs=inputs,
        said=said,
    )
    _fix(*records)
    return records


def _fix(*columns: NDArray[Any]) -> None:
    """Read-only, as what lies in a file already is: numba compiles anew for every mixture of the two."""
    for column in columns:
        column.flags.writeable = False


def _stacked(columns: list[NDArray[np.int64]], rows: int) -> NDArray[np.int64]:
    """The columns as rows of one array; a single one as it lies."""
    if len(columns) == 1:
        return columns[0].reshape(1, -1)
    return np.stack(columns) if columns else np.empty((0, rows), np.int64)


def _with_grade(graded: Graded) -> Mapping[str, int]:
    """How many have each grade."""
    bands = graded.compiled.card.bands
    return {band.grade: int(np.count_nonzero(graded.results.grades == n)) for n, band in enumerate(bands)}


def _without(graded: Graded) -> Mapping[str, int]:
    """How many have no grade, for each reason."""
    why = graded.results.no_grade
    return {reason.value: int(np.count_nonzero(why == n)) for n, reason in enumerate(WHY) if reason}


def _grades(graded: Graded, schema: pa.Schema) -> pa.Table:
    results, complete = graded.results, not graded.results.no_grade.any()
    bands = [band.grade for band in graded.compiled.card.bands]
    reasons = [reason.value if reason else "" for reason in WHY]
    no_grade = (
        pa.nulls(len(results.no_grade), pa.int8())
        if complete
        else pa.array(results.no_grade.view(np.int8), mask=results.no_grade == 0)
    )
    return pa.table(
        [
            pa.array(graded.organisation),
            pa.array(results.totals, mask=None if complete else results.totals == NO_TOTAL),
            _dictionary(pa.array(results.grades, mask=None if complete else results.grades == NO_GRADE), bands),
            _dictionary(no_grade, reasons),
            pa.array(results.contested),
        ],
        schema=schema,
    )


def _points(graded: Graded, points: Points) -> pa.Table:
    return pa.table(
        [
            pa.array(graded.organisation[points.organisation]),
            _dictionary(pa.array(points.indicator), [i.indicator for i in graded.compiled.card.indicators]),
            pa.array(points.points),
            pa.array(points.records),
            pa.array(points.reasons),
        ],
        schema=POINTS,
    )


def _dictionary(indices: pa.Array, names: list[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(indices, names)
