"""Rows of a source as text: what every reader gives, whatever the format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from probity.intake.model import Refused

CHUNK = 50_000
"""The most rows in a block."""


@dataclass(frozen=True, slots=True)
class Block:
    """Up to 50,000 rows. ``rows`` are their numbers in the source (from 1).

    ``columns`` maps names to text of that length (pyarrow strings; nulls count as empty); a column that the
    source lacks is not in it. ``broken`` are rows of the same stretch that could not be read; their numbers
    are not in ``rows``. ``line`` and ``cells``
    give the original of the n-th row here. ``done`` is how many bytes of the source were read by now.
    """

    rows: NDArray[np.int64]
    columns: Mapping[str, Any]
    broken: Sequence[Refused]
    line: Callable[[int], bytes]
    cells: Callable[[int], dict[str, str]]
    done: int

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> Any:
        """The column as text; all empty if the source lacks it."""
        if name in self.columns:
            return self.columns[name]
        return pa.repeat(pa.scalar(""), len(self))

    def take(self, at: NDArray[np.int64]) -> Block:
        """The rows at these places, without the broken ones."""
        indices = pa.array(at)
        return Block(
            rows=self.rows[at],
            columns={name: column.take(indices) for name, column in self.columns.items()},
            broken=(),
            line=lambda n: self.line(int(at[n])),
            cells=lambda n: self.cells(int(at[n])),
            done=self.done,
        )


class Source(Protocol):
    """A file that is read as blocks. ``columns`` are those it is known to have before it is read."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns met so far, in order."""

    def blocks(self) -> Iterator[Block]:
        """The rows, in order. Raises IntakeError where the file as a whole cannot be read on."""
