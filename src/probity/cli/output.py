"""How answers, errors and progress look on a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

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
from rich.table import Table

from probity.errors import ProbityError

OUT = Console(highlight=False, soft_wrap=True)
ERR = Console(stderr=True, highlight=False, soft_wrap=True)


def print_json(value: Any) -> None:
    """JSON for machines: UTF-8, indented, in the order given."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def print_error(error: ProbityError) -> None:
    """What is wrong, where, and what to do."""
    ERR.print(escape(str(error)), style="red")


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A plain table; text from outside is never taken for markup."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else escape(str(cell)) for cell in row))
    OUT.print(table)


def print_pairs(pairs: Mapping[str, object]) -> None:
    """Names and values, one a line."""
    width = max(map(len, pairs), default=0)
    for name, value in pairs.items():
        OUT.print(f"[bold]{escape(name):<{width}}[/]  {escape(str(value))}")


@contextmanager
def progress(what: str, *, quiet: bool = False) -> Iterator[Any]:
    """A progress bar with rate and time left; yields ``update(done, total)``. Only on a terminal."""
    if quiet or not ERR.is_terminal:
        yield lambda done, total: None
        return
    columns = (
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=ERR, transient=True) as bar:
        task = bar.add_task(what, total=None, rate="")

        def update(done: int, total: int | None) -> None:
            elapsed = bar.tasks[0].elapsed or 0
            rate = f"{done / elapsed:,.0f}/s" if elapsed else ""
            bar.update(task, completed=done, total=total, rate=rate)

        yield update
