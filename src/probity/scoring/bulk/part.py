"""The work on one part of a snapshot: read it, grade everyone in it by every card, write the results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
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
from probity.scoring.kernel import NO_GRADE, NO_TOTAL, WHY, Results, score
from probity.scoring.reasons import Points, points_of
from probity.scoring.snapshot.fold import Files, fold
from probity.scoring.snapshot.layout import NUMBERS, write
from probity.scoring.snapshot.manifest import File, described
from probity.scoring.snapshot.read import Snapshot

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

    ``applies`` says by scheme and kind of organisation, as the manifest numbers them, whom it grades (its last
    column: nobody who is not registered). ``explained`` is the card once more, with the rules that give nothing.
    ``key`` tells it from the others: its id, with the version where another one of the same id is asked for.
    Without ``wanted`` nothing is written: its results are read by another card.
    """

    key: str
    bound: Bound
    explained: Bound | None
    applies: NDArray[np.bool_]
    wanted: bool


@dataclass(frozen=True)
class PartWork:
    """Does parts of the snapshot whose manifest has the hash ``snapshot``.

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

    @cached_property
    def _snapshot(self) -> Snapshot:
        opened = Snapshot.open(self.folder)
        if opened.manifest.hash != self.snapshot:
            raise SnapshotError("another one was made here meanwhile", where=str(self.folder), remedy=ANOTHER)
        return opened

    def __call__(self, part: int) -> Done:
        """Grade a part. Raises SnapshotError where it is not whole, StoreError where nothing can be written."""
        needed = {name for card in self.cards for name in _columns(card)}
        files = fold(self._snapshot, part, self.as_of, self.position, needed)
        _fix(files.kind, files.day, files.status)
        stands = standing(self.terms, files.kind, files.day, files.status)
        done: dict[str, tuple[Bound, Results, NDArray[np.bool_]]] = {}
        written: list[File] = []
        grades, no_grade = {}, {}
        for card in self.cards:
            applies = card.applies[files.scheme, files.registered]
            records = _records(card.bound, files, stands, done)
            results = score(card.bound.compiled, records, self.delivered)
            done[card.key] = (card.bound, results, applies)
            if not card.wanted:
                continue
            organisation, mine = _mine(files, results, applies)
            grades[card.key], no_grade[card.key] = _counted(card.bound, mine)
            table = _grades(card.bound, organisation, mine)
            written.append(self._write(table, file_name("grades", card.key, part)))
            if card.explained is not None:
                records = _records(card.explained, files, stands, done)
                points = points_of(card.explained.compiled, records, self.delivered)
                table = _points(card.bound, files, points, applies)
                written.append(self._write(table, file_name("points", card.key, part)))
        return Done(part, tuple(written), grades, no_grade)

    def _write(self, table: pa.Table, name: str) -> File:
        path = self.out / name
        # In a cluster a part that was thought lost may still be written while it is done again.
        temporary = path.with_name(f".{path.name}.{uuid4().hex}.new")
        with writing(self.out, RESULTS):
            try:
                write(table, temporary)
                file = described(temporary, table.num_rows)
                temporary.rename(path)
            finally:
                temporary.unlink(missing_ok=True)
        return File(name=path.name, rows=file.rows, bytes=file.bytes, sha256=file.sha256)


def _columns(card: CardWork) -> tuple[str, ...]:
    return (*card.bound.columns, *(("until",) if card.bound.needs_until else ()))


def _records(
    bound: Bound,
    files: Files,
    stands: NDArray[np.uint8],
    done: Mapping[str, tuple[Bound, Results, NDArray[np.bool_]]],
) -> Records:
    """The records of a part as this card reads them."""
    numbers = [files.numbers[NUMBERS.index(name)] for name in bound.columns]
    amounts = _stacked([number for number in numbers if number is not None], len(files.kind))
    everyone, cards = len(files.organisation), bound.compiled.card.inputs
    inputs = np.full((everyone, len(cards)), -1, np.int32)
    said = np.zeros((everyone, len(cards)), np.int64)
    for n, card in enumerate(cards):
        if card in done:
            read, results, applies = done[card]
            inputs[:, n], said[:, n] = input_codes(bound, read, results, applies)
    records = Records(
        offsets=files.offsets,
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


def _mine(files: Files, results: Results, applies: NDArray[np.bool_]) -> tuple[NDArray[np.int32], Results]:
    """The ordinals and results of those whom the card grades."""
    if applies.all():
        return files.organisation, results
    rows = np.flatnonzero(applies)
    return files.organisation[rows], Results(
        totals=results.totals[rows],
        grades=results.grades[rows],
        no_grade=results.no_grade[rows],
        contested=results.contested[rows],
        points=None,
    )


def _counted(bound: Bound, results: Results) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """How many have each grade; and of those without one, how many for each reason."""
    bands = bound.compiled.card.bands
    none, *grades = np.bincount(results.grades + 1, minlength=len(bands) + 1).tolist()
    why = np.bincount(results.no_grade, minlength=len(WHY)).tolist() if none else [0] * len(WHY)
    return (
        {band.grade: n for band, n in zip(bands, grades, strict=True)},
        {reason.value: n for reason, n in zip(WHY, why, strict=True) if reason},
    )


def _grades(bound: Bound, organisation: NDArray[np.int32], results: Results) -> pa.Table:
    return pa.table(
        [
            pa.array(organisation),
            pa.array(results.totals, mask=results.totals == NO_TOTAL),
            _dictionary(
                results.grades, results.grades == NO_GRADE, [band.grade for band in bound.compiled.card.bands]
            ),
            _dictionary(
                results.no_grade.view(np.int8),
                results.no_grade == 0,
                [reason.value if reason else "" for reason in WHY],
            ),
            pa.array(results.contested),
        ],
        schema=GRADES,
    )


def _points(bound: Bound, files: Files, points: Points, applies: NDArray[np.bool_]) -> pa.Table:
    rows = None if applies.all() else np.flatnonzero(applies[points.organisation])
    organisation, indicator, worth, records, reasons = (
        column if rows is None else column[rows]
        for column in (points.organisation, points.indicator, points.points, points.records, points.reasons)
    )
    return pa.table(
        [
            pa.array(files.organisation[organisation]),
            _dictionary(indicator, None, [i.indicator for i in bound.compiled.card.indicators]),
            pa.array(worth),
            pa.array(records),
            pa.array(reasons),
        ],
        schema=POINTS,
    )


def _dictionary(indices: NDArray[Any], null: NDArray[np.bool_] | None, names: list[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(indices, mask=null), names)
