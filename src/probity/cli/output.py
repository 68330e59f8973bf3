"""How answers, errors and progress look on a terminal.

Text from outside can carry what a terminal obeys (colours, the bell, right-to-left overrides); it is shown, never
sent. Answers are complete or the command fails: a full disk is an error, a reader who left ends the command.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import typer
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from probity.errors import ProbityError

READER_LEFT = 141
"""The exit code when the other end of a pipe was closed: 128 and the number of SIGPIPE, as in a shell."""
LONGEST_WORD = 200
"""Characters of one word that an error repeats."""

_OBEYED = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_OVERLONG = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")


class _Terminal(Console):
    def on_broken_pipe(self) -> None:
        raise typer.Exit(READER_LEFT)


OUT = _Terminal(highlight=False, soft_wrap=True)
ERR = _Terminal(stderr=True, highlight=False, soft_wrap=True)


def plain(value: object) -> str:
    """``value`` as text that a terminal only shows: what it would obey is written out, as ``\\x1b``."""
    return _OBEYED.sub(lambda found: found[0].encode("unicode_escape").decode(), str(value))


def say(text: str) -> None:
    """One answer for machines, as it is, on standard output."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise typer.Exit(READER_LEFT) from None


def print_json(value: Any) -> None:
    """JSON for machines: UTF-8, indented, in the order given."""
    say(json.dumps(value, ensure_ascii=False, indent=2))


def print_error(error: ProbityError) -> None:
    """What is wrong, where, and what to do; no word of it longer than ``LONGEST_WORD``."""
    text = _OVERLONG.sub(lambda found: f"{found[0][:40]}… ({len(found[0]):,} characters)", str(error))
    ERR.print(escape(plain(text)), style="red")


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A plain table; where the terminal is too narrow for it, each row as names and values."""
    cells = [["" if cell is None else plain(cell).replace("\n", " ") for cell in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(columns, *cells, strict=True)]
    if OUT.is_terminal and sum(widths) + 2 * (len(widths) - 1) > OUT.width:
        for row in cells:
            OUT.print()
            print_pairs({name: cell for name, cell in zip(columns, row, strict=True) if cell})
        return
    OUT.print(_line(columns, widths), style="bold", markup=False)
    for row in cells:
        OUT.print(_line(row, widths), markup=False)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (width - cell_len(cell)) for cell, width in zip(cells, widths, strict=True))
    return "  ".join(padded).rstrip()


def print_pairs(pairs: Mapping[str, object]) -> None:
    """Names and values, one a line."""
    width = max(map(cell_len, pairs), default=0)
    for name, value in pairs.items():
        padding = " " * (width - cell_len(name))
        OUT.print(f"[bold]{escape(plain(name))}{padding}[/]  {escape(plain(value))}")


@contextmanager
def progress(what: str, *, quiet: bool = False) -> Iterator[Any]:
    """A progress bar with rate and time left; yields ``update(done, total)``. Only on a terminal.

    ``update(done, total, what)`` begins anew when it is about something else than before.
    """
    if quiet or not ERR.is_terminal:
        yield lambda done, total, what="": None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=ERR, transient=True) as bar:
        task = bar.add_task(what, total=None, rate="")

        def update(done: int, total: int | None, about: str = what) -> None:
            if about != bar.tasks[0].description:
                bar.reset(task, description=about)
            elapsed = bar.tasks[0].elapsed or 0
            rate = f"{done / elapsed:,.0f}/s" if elapsed else ""
            bar.update(task, completed=done, total=total, rate=rate)

        yield update
