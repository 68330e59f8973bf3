"""CSV as blocks: records are found by :mod:`split`, their fields by pyarrow's parser.

The file as a whole is refused (IntakeError) when it ends inside quotes (truncated), has a record beyond 16 MB,
no header, a column twice, or lacks a column that the mapping needs. A record with the wrong number of fields,
misplaced quotes or a NUL byte goes to quarantine alone. Comma, semicolon and tab are known as delimiters.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv

from probity.errors import IntakeError
from probity.intake.block import CHUNK, Block
from probity.intake.encoding import LONGEST_LINE, Survey, too_long, utf8_blocks
from probity.intake.model import Fault, Reason, Refused
from probity.intake.split import MALFORMED, NUL, WRONG_COUNT, Records, split

DELIMITERS = ",;\t"


class CsvSource:
    """A CSV file. ``needed`` are the columns to give; every one of them must be there."""

    def __init__(self, path: Path, found: Survey, needed: Sequence[str]) -> None:
        """Read the header. Raises IntakeError."""
        self._path = path
        self._found = found
        self._needed = tuple(needed)
        header = self._header()
        self._delimiter = max(DELIMITERS, key=lambda mark: len(set(needed) & set(_fields(header, mark))))
        self.columns = tuple(_fields(header, self._delimiter))
        self._check()

    def blocks(self) -> Iterator[Block]:
        """The rows. See the module for what is refused."""
        row, records = 0, 0
        for text, found, done in self._stretches():
            start = 0
            if not records and len(found.starts):
                start = 1  # the header
            records += len(found.starts)
            if len(found.starts) > start:
                yield self._block(text, found, start, row, done)
                row += len(found.starts) - start

    def _stretches(self) -> Iterator[tuple[bytes, Records, int]]:
        with self._path.open("rb") as file:
            rest, done, records = b"", self._found.mark, 0
            for block, done in utf8_blocks(file, self._found, self._path):
                rest += block
                while True:
                    found = self._split(rest, final=False)
                    if not found.consumed:
                        break
                    records += len(found.starts)
                    yield rest, found, done
                    rest = rest[found.consumed :]
                if len(rest) > LONGEST_LINE:
                    raise too_long(self._path, f"row {records:,}")
            while rest:
                found = self._split(rest, final=True)
                records += len(found.starts)
                if found.inside_quotes and not len(found.starts):
                    raise IntakeError(
                        f"the file ends inside quotation marks: row {records:,} is cut off or a quote left open",
                        where=str(self._path),
                        remedy="Nothing was taken in. Fetch or export the file again, whole.",
                    )
                yield rest, found, done
                rest = rest[found.consumed :]

    def _split(self, text: bytes, *, final: bool) -> Records:
        return split(text, ord(self._delimiter), len(self.columns), final=final, limit=CHUNK)

    def _block(self, text: bytes, found: Records, start: int, row: int, done: int) -> Block:
        starts, ends, flags = found.starts[start:], found.ends[start:], found.flags[start:]
        good = np.flatnonzero(flags == 0)
        rows = np.arange(row + 1, row + 1 + len(starts))
        view = memoryview(text)
        if len(good) == len(starts):
            body: Any = view[starts[0] : ends[-1]] if len(starts) else b""
        else:
            body = b"\n".join(view[starts[n] : ends[n]] for n in good)
        line = _slices(text, starts[good], ends[good])
        return Block(
            rows=rows[good],
            columns=self._parse(body) if len(good) else {name: pa.array([], pa.string()) for name in self._needed},
            broken=[
                self._broken(int(rows[n]), int(flags[n]), text[starts[n] : ends[n]]) for n in np.flatnonzero(flags)
            ],
            line=line,
            cells=lambda n: dict(zip(self.columns, _fields(line(n).decode(), self._delimiter), strict=True)),
            done=done,
        )

    def _parse(self, body: Any) -> dict[str, Any]:
        table = pa.csv.read_csv(
            pa.BufferReader(body),
            pa.csv.ReadOptions(column_names=self.columns, block_size=len(body) + 1, use_threads=False),
            pa.csv.ParseOptions(delimiter=self._delimiter, newlines_in_values=True),
            pa.csv.ConvertOptions(
                column_types=dict.fromkeys(self.columns, pa.string()),
                include_columns=self._needed,
                strings_can_be_null=False,
                check_utf8=False,
            ),
        )
        return {name: table[name].combine_chunks() for name in self._needed}

    def _broken(self, row: int, flags: int, line: bytes) -> Refused:
        if flags & NUL:
            fault = Fault("", Reason.NUL, "the row holds a NUL byte; text never does")
        elif flags & MALFORMED:
            fault = Fault("", Reason.MALFORMED, "a quoted field goes on after its closing quotation mark")
        else:
            assert flags & WRONG_COUNT
            met = len(_fields(line.decode(), self._delimiter))
            fault = Fault("", Reason.FIELD_COUNT, f"the row has {met} fields; the header has {len(self.columns)}")
        return Refused(row, (fault,), line, None)

    def _header(self) -> str:
        with self._path.open("rb") as file:
            rest = b""
            for block, _ in utf8_blocks(file, self._found, self._path):
                rest += block
                found = split(rest, 0, 0, final=False, limit=1)
                if len(found.starts):
                    break
            else:
                found = split(rest, 0, 0, final=True, limit=1)
        if not len(found.starts):
            raise IntakeError("the file has no header", where=str(self._path), remedy="Check the export.")
        header = rest[found.starts[0] : found.ends[0]]
        if b"\0" in header:
            raise IntakeError(
                "the header holds NUL bytes: this is UTF-16 or no text at all",
                where=str(self._path),
                remedy="Save the file as CSV in UTF-8.",
            )
        return header.decode()

    def _check(self) -> None:
        twice = [name for n, name in enumerate(self.columns) if name in self.columns[:n]]
        if twice:
            raise IntakeError(
                f"the column {twice[0]!r} is there twice", where=str(self._path), remedy="Rename one of the two."
            )
        require(self._path, self._needed, self.columns)


def require(path: Path, needed: Sequence[str], columns: Sequence[str]) -> None:
    """Raise IntakeError if a needed column is not among ``columns``."""
    if missing := [name for name in needed if name not in columns]:
        raise IntakeError(
            f"the file lacks {'columns' if len(missing) > 1 else 'the column'} {', '.join(map(repr, missing))}",
            where=str(path),
            remedy=f"It has {', '.join(map(repr, columns))}. Check the mapping, or the export.",
        )


def _fields(line: str, delimiter: str) -> list[str]:
    csv.field_size_limit(LONGEST_LINE)
    return next(csv.reader(StringIO(line, newline=""), delimiter=delimiter), [])


def _slices(text: bytes, starts: Any, ends: Any) -> Callable[[int], bytes]:
    return lambda n: text[starts[n] : ends[n]]
