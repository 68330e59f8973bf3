"""Faults found in a block, column by column; the first of each field counts, and every field is looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from probity.identity import without_persons
from probity.intake.model import Fault, Reason, Refused

Where = NDArray[np.bool_]
SHOWN = 80
"""The most characters of a value that a message quotes."""


class Findings:
    """The faults of the rows of one block. ``bad`` says which rows have one."""

    def __init__(self, size: int) -> None:
        self.bad: Where = np.zeros(size, dtype=bool)
        self._fields: dict[str, Where] = {}
        self._found: dict[int, list[Fault]] = {}

    def add(self, field: str, where: Where, reason: Reason, message: Callable[[int], tuple[str, str]]) -> None:
        """Rows ``where`` have this fault in ``field``; ``message`` gives text and value of the n-th row."""
        if not where.any():
            return
        earlier = self._fields.setdefault(field, np.zeros(len(self.bad), dtype=bool))
        for n in np.flatnonzero(where & ~earlier):
            text, value = message(int(n))
            self._found.setdefault(int(n), []).append(Fault(field, reason, text, value))
        earlier |= where
        self.bad |= where

    def of(self, n: int) -> tuple[Fault, ...]:
        """The faults of the n-th row."""
        return tuple(self._found.get(n, ()))


def quoted(value: str) -> str:
    """A value as a message quotes it: shortened, unseen characters written out."""
    return repr(value if len(value) <= SHOWN else f"{value[:SHOWN]}…")


def refused(row: int, faults: tuple[Fault, ...], line: bytes, cells: Mapping[str, str] | None) -> Refused:
    """The row for quarantine, with every code of a person in it blotted out (charter 1).

    Whatever is recognised as the code of a person goes; a cell that was refused for holding one which cannot be
    told from the rest goes as a whole.
    """
    text = line.decode("utf-8", "replace")
    whole = [cells[fault.field] for fault in faults if fault.reason is Reason.PERSON and cells is not None]
    unseen = {cell for cell in whole if cell.strip() and without_persons(cell) == cell}
    secrets = sorted(unseen, key=len, reverse=True)
    clean = without_persons(_blot(text, secrets))
    shown = cells and {name: without_persons(_blot(cell, secrets)) for name, cell in cells.items()}
    hidden = cells is not None and shown is not None and any(cells[n] != shown[n] for n in cells)
    if hidden and clean == text:
        clean = "(withheld: the line holds the code of a person)"
    if not hidden and clean == text:
        return Refused(row, faults, line, cells)
    return Refused(
        row,
        tuple(
            Fault(f.field, f.reason, *(without_persons(_blot(said, secrets)) for said in (f.message, f.value)))
            for f in faults
        ),
        clean.encode(),
        shown,
    )


def _blot(text: str, secrets: list[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, "*" * len(secret))
    return text
