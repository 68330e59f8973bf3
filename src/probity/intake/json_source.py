"""JSON Lines as blocks: one object to a line.

Values become text as they are written: a number with a fraction keeps its decimal digits, so that no amount
ever passes through a binary fraction; ``true`` and ``false`` become those words; ``null`` and an absent key
are empty. A line that is no object, repeats a key, nests or holds NaN goes to quarantine alone. A last line
that breaks off is a truncated file (IntakeError), and so is a first block in which a key or day column that
the mapping needs never occurs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from probity.errors import IntakeError
from probity.intake.block import CHUNK, Block
from probity.intake.csv_source import require
from probity.intake.encoding import LONGEST_LINE, Survey, too_long, utf8_blocks
from probity.intake.model import Fault, Reason, Refused

_SHOWN = 80


class _Bad(Exception):
    def __init__(self, reason: Reason, message: str, field: str = "") -> None:
        super().__init__(message)
        self.fault = Fault(field, reason, message)


class _Unparsable(_Bad):
    """The line is not JSON."""


def _no_constant(name: str) -> None:
    raise _Bad(Reason.NOT_A_NUMBER, f"{name} is not a number")


_DECODER = json.JSONDecoder(
    object_pairs_hook=lambda pairs: pairs, parse_float=str, parse_int=str, parse_constant=_no_constant
)


class JsonSource:
    """A JSON Lines file. ``needed`` are the columns to give; the first of them, ``required``, must occur."""

    def __init__(self, path: Path, found: Survey, needed: Sequence[str], required: Sequence[str]) -> None:
        """Nothing is read yet."""
        self._path = path
        self._found = found
        self._needed = tuple(needed)
        self._required = tuple(required)
        self._columns: dict[str, None] = {}

    @property
    def columns(self) -> tuple[str, ...]:
        """The keys met so far."""
        return tuple(self._columns)

    def blocks(self) -> Iterator[Block]:
        """The rows. See the module for what is refused."""
        lines = self._lines()
        row, first = 0, True
        while batch := list(islice(lines, CHUNK)):
            block = self._block([(row + n, *line) for n, line in enumerate(batch, 1)])
            row += len(batch)
            if first and len(block):
                require(self._path, self._required, self.columns)
                first = False
            yield block

    def _lines(self) -> Iterator[tuple[bytes, bool, int]]:
        """Lines that are not blank, whether each is complete, and the bytes read so far."""
        with self._path.open("rb") as file:
            rest, number = b"", 0
            done = self._found.mark
            for block, done in utf8_blocks(file, self._found, self._path):
                *lines, rest = (rest + block).split(b"\n")
                for line in lines:
                    number += 1
                    if line.strip():
                        yield line.rstrip(b"\r"), True, done
                if len(rest) > LONGEST_LINE:
                    raise too_long(self._path, f"line {number + 1:,}")
            if rest.strip():
                yield rest, False, done

    def _block(self, lines: Sequence[tuple[int, bytes, bool, int]]) -> Block:
        rows: list[int] = []
        good: list[tuple[bytes, dict[str, str]]] = []
        broken: list[Refused] = []
        for row, line, whole, _ in lines:
            try:
                cells = _cells(line)
            except _Bad as bad:
                if isinstance(bad, _Unparsable) and not whole:
                    raise IntakeError(
                        f"the file breaks off in its last line (row {row:,})",
                        where=str(self._path),
                        remedy="Nothing was taken in. Fetch or export the file again, whole.",
                    ) from None
                broken.append(Refused(row, (bad.fault,), line, None))
                continue
            self._columns.update(dict.fromkeys(cells))
            rows.append(row)
            good.append((line, cells))
        return Block(
            rows=np.array(rows, dtype=np.int64),
            columns={
                name: pa.array([cells.get(name, "") for _, cells in good], pa.string()) for name in self._needed
            },
            broken=broken,
            line=lambda n: good[n][0],
            cells=lambda n: good[n][1],
            done=lines[-1][3],
        )


def _cells(line: bytes) -> dict[str, str]:
    text = line.decode()
    if "\0" in text:
        raise _Bad(Reason.NUL, "the row holds a NUL byte; text never does")
    try:
        pairs, end = _DECODER.raw_decode(text.strip())
    except (ValueError, RecursionError) as error:
        raise _Unparsable(Reason.MALFORMED, f"the line is not JSON: {str(error)[:_SHOWN]}") from None
    if end != len(text.strip()) or not isinstance(pairs, list) or not text.lstrip().startswith("{"):
        raise _Bad(Reason.MALFORMED, "the line is not one JSON object")
    cells: dict[str, str] = {}
    for key, value in pairs:
        if key in cells:
            raise _Bad(Reason.REPEATED_KEY, f"the key {key[:_SHOWN]!r} is there twice", key)
        cells[key] = _text(key, value)
    if "\\u" in text:
        _no_surrogates(cells)
    return cells


def _text(key: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    message = f"the value of {key[:_SHOWN]!r} is a list or an object; a field holds one value"
    raise _Bad(Reason.NESTED, message, key)


def _no_surrogates(cells: dict[str, str]) -> None:
    for key, value in cells.items():
        if not (key + value).isprintable() and any("\ud800" <= c <= "\udfff" for c in key + value):
            raise _Bad(Reason.MALFORMED, "the line holds half of a character (a lone surrogate)")
        if "\0" in key + value:
            raise _Bad(Reason.NUL, "the row holds a NUL character; text never does")
