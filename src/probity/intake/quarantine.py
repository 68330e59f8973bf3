"""Rows in quarantine: list, export to be corrected, take in again.

Nothing leaves quarantine but by being taken in: a row that was corrected becomes a statement of a new batch,
and a resolution ties the two together. What is still at fault stays where it is.

In an export, a cell that a spreadsheet would run as a formula is preceded by an apostrophe; re-submission
takes it off again, so that every cell comes back as it was.
"""

from __future__ import annotations

import csv
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from probity.canon import canonical, digest
from probity.errors import IntakeError, NotFoundError
from probity.intake import store
from probity.intake.block import Block
from probity.intake.csv_source import CsvSource
from probity.intake.findings import quoted
from probity.intake.model import Quarantined, Reason, Receipt, Refused
from probity.intake.plan import Plan
from probity.intake.source import look_at
from probity.intake.take import Tally, batch_hash, examined_blocks, seal, without_duplicates
from probity.ledger import AlreadyReceived, receive
from probity.rulebook import Law

BATCH, ROW, REASONS, LINE = "quarantine_batch", "quarantine_row", "quarantine_reasons", "quarantine_line"
_LINK = (BATCH, ROW, REASONS, LINE)
_RUNS = re.compile(r"'*[=+\-@\t\r]")
"""What a spreadsheet would run, with the apostrophes that may precede it already."""


class _Corrected(NamedTuple):
    """A row that is handed in again: its number in the re-submission, what it was, what it is now."""

    number: int
    original: Quarantined
    cells: Mapping[str, str]


def listed(*, batch: int | None = None, reason: Reason | None = None) -> Iterator[Quarantined]:
    """The rows in quarantine that are still open, by batch and row."""
    return store.open_rows(batch=batch, reason=reason)


def export(path: Path, *, batch: int | None = None, reason: Reason | None = None) -> int:
    """Write the open rows to a CSV file (UTF-8), ready to be corrected and re-submitted; gives how many.

    The first columns link each row to quarantine and say why it is there; ``quarantine_line`` holds the
    original line where it could not be divided into fields. The others are the columns of the source.
    """
    columns: dict[str, None] = {}
    count = 0
    for each in listed(batch=batch, reason=reason):
        columns.update(dict.fromkeys(each.cells or ()))
        count += 1
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*_LINK, *columns])
            for each in listed(batch=batch, reason=reason):
                reasons = "; ".join(f"{f.field}: {f.message} [{f.reason}]".lstrip(": ") for f in each.faults)
                line = (
                    "" if each.cells is not None else each.line.decode("utf-8", "replace").replace("\0", "\u2400")
                )
                cells = [(each.cells or {}).get(name, "") for name in columns]
                writer.writerow([each.batch, each.row, *map(_quiet, [reasons, line, *cells])])
        part.replace(path)
    except OSError as error:
        raise IntakeError(
            f"the export cannot be written: {error.strerror}", where=str(path), remedy="Name another file."
        ) from error
    return count


def resubmit(path: Path, law: Law, *, today: date) -> list[Receipt]:
    """Take a corrected export in: one batch for each mapping in it.

    Rows that are sound now become statements and leave quarantine; the others stay, and the receipt names
    them (``remaining``). The same file again changes nothing. Raises IntakeError where the file is no export,
    names rows that are not in quarantine, or rows that were taken in meanwhile.
    """
    begun = time.monotonic()
    found = look_at(path, "detect")
    source = CsvSource(path, found, (BATCH, ROW))
    handed_in: list[tuple[int, int, int, dict[str, str]]] = []
    for block in source.blocks():
        if block.broken:
            bad = block.broken[0]
            raise IntakeError(bad.faults[0].message, where=f"{path}, row {bad.row:,}", remedy="Correct it there.")
        for n, row in enumerate(block.rows.tolist()):
            cells = {name: _loud(cell) for name, cell in block.cells(n).items()}
            number, original = (_number(path, row, cells.pop(name)) for name in (BATCH, ROW))
            handed_in.append((row, number, original, cells))
    groups: dict[tuple[str, bool], list[_Corrected]] = {}
    for row in _with_originals(handed_in, str(path)):
        groups.setdefault((row.original.mapping, row.original.generated), []).append(row)
    return [
        _retake(rows, law, today, file=path.name, sha256=found.sha256, begun=begun)
        for _, rows in sorted(groups.items())
    ]


def correct(batch: int, row: int, changes: Mapping[str, str], law: Law, *, today: date) -> Receipt:
    """Take one row in with some of its fields changed; as :func:`resubmit`."""
    begun = time.monotonic()
    where = f"batch {batch}, row {row}"
    (found,) = _with_originals([(1, batch, row, dict(changes))], where)
    known = found.original.cells
    if known is not None and (strange := [name for name in changes if name not in known]):
        raise IntakeError(
            f"the row has no field {strange[0]!r}", where=where, remedy=f"It has {', '.join(map(repr, known))}."
        )
    sha256 = digest(canonical([batch, row, dict(changes)]))
    return _retake([found], law, today, file=f"correction of {where}", sha256=sha256, begun=begun)


def _with_originals(
    handed_in: Iterable[tuple[int, int, int, Mapping[str, str]]], where: str
) -> Iterator[_Corrected]:
    handed_in = list(handed_in)
    wanted: dict[int, list[int]] = {}
    for _, batch, row, _ in handed_in:
        wanted.setdefault(batch, []).append(row)
    originals = {
        (each.batch, each.row): each for batch, rows in wanted.items() for each in store.rows(batch, rows)
    }
    met: set[tuple[int, int]] = set()
    for number, batch, row, cells in handed_in:
        original = originals.get((batch, row))
        if original is None:
            raise NotFoundError(
                f"row {row:,} of batch {batch} was never in quarantine",
                where=where,
                remedy="Keep the columns quarantine_batch and quarantine_row of the export as they are.",
            )
        if (batch, row) in met:
            raise IntakeError(f"row {row:,} of batch {batch} is there twice", where=where, remedy="Keep one.")
        met.add((batch, row))
        yield _Corrected(number, original, _own(original, cells))


def _own(original: Quarantined, cells: Mapping[str, str]) -> dict[str, str]:
    """The fields of the source: of an export's many columns those that this row had."""
    if original.cells is None:
        return {name: cell for name, cell in cells.items() if name not in _LINK}
    return {name: cells.get(name, cell) for name, cell in original.cells.items()}


def _retake(rows: Sequence[_Corrected], law: Law, today: date, *, file: str, sha256: str, begun: float) -> Receipt:
    original = rows[0].original
    plan = Plan(law.mapping(original.mapping, today), law, today)
    content = digest(canonical([[each.original.batch, each.original.row, dict(each.cells)] for each in rows]))
    try:
        with receive(
            batch_hash(plan.mapping, content),
            item=plan.mapping.item,
            issuer=plan.mapping.agency,
            source=file,
            rulebook=law.hash,
            generated=original.generated,
        ) as writer:
            _still_open(rows, file)
            tally = Tally(writer, plan, file, original.generated)
            remaining: list[Refused] = []
            for examined, refused in examined_blocks(iter([_block(rows, plan)]), plan, store.Register()):
                sound, repeated = without_duplicates(examined, writer)
                tally.accept(sound)
                remaining += [*refused, *repeated]
            tally.count(remaining)
            taken = _taken(rows, remaining)
            writer.settle()
            resolved = store.resolve(taken, batch=writer.number)
            receipt = tally.receipt(
                file=file,
                sha256=sha256,
                encoding="utf-8",
                unused=(),
                begun=begun,
                resolved=resolved,
                remaining=_remaining(rows, remaining),
            )
            # Nothing accepted: nothing is sealed, so that the same rows can come again when the reason is gone.
            return seal(writer, receipt, law) if taken else receipt
    except AlreadyReceived as again:
        return Receipt.of(again.receipt, again=True)


def _still_open(rows: Sequence[_Corrected], where: str) -> None:
    gone = store.resolved([each.original.id for each in rows])
    for each in rows:
        if each.original.id in gone:
            raise IntakeError(
                f"row {each.original.row:,} of batch {each.original.batch} has been taken in already",
                where=where,
                remedy="Export what is still in quarantine, and correct that.",
            )


def _taken(rows: Sequence[_Corrected], remaining: Sequence[Refused]) -> list[tuple[int, int]]:
    left = {each.row for each in remaining}
    return [(each.original.id, each.number) for each in rows if each.number not in left]


def _remaining(rows: Sequence[_Corrected], remaining: Sequence[Refused]) -> tuple[dict[str, object], ...]:
    origin = {each.number: each.original for each in rows}
    return tuple(
        {
            "batch": origin[each.row].batch,
            "row": origin[each.row].row,
            "faults": [{"field": f.field, "reason": f.reason.value, "message": f.message} for f in each.faults],
        }
        for each in remaining
    )


def _block(rows: Sequence[_Corrected], plan: Plan) -> Block:
    return Block(
        rows=np.array([each.number for each in rows], dtype=np.int64),
        columns={name: pa.array([each.cells.get(name, "") for each in rows], pa.string()) for name in plan.needed},
        broken=(),
        line=lambda n: rows[n].original.line,
        cells=lambda n: dict(rows[n].cells),
        done=0,
    )


def _number(path: Path, row: int, text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text.strip(), re.ASCII):
        raise IntakeError(
            f"{quoted(text)} is no number of a batch or row",
            where=f"{path}, row {row:,}",
            remedy="Keep the columns quarantine_batch and quarantine_row of the export as they are.",
        )
    return int(text)


def _quiet(cell: str) -> str:
    return f"'{cell}" if _RUNS.match(cell) else cell


def _loud(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _RUNS.match(cell) else cell
