"""``probity intake`` and ``probity quarantine``: files in, and what could not be accepted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from probity.cli.output import ERR, OUT, print_json, print_pairs, print_table, progress
from probity.dossier import GENERATED
from probity.errors import IntakeError
from probity.intake import Progress, Reason, Receipt
from probity.service import house, running
from probity.service.intake import (
    correct_row,
    export_quarantine,
    quarantined,
    resubmit_file,
    take_file,
)
from probity.service.nightly import after_intake

SHOWN = 200
"""Rows that a list on the terminal shows; ``--json`` and the export give all."""


class Encoding(StrEnum):
    """What --encoding takes."""

    UTF8 = "utf-8"
    GB18030 = "gb18030"
    DETECT = "detect"


AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
OfBatch = Annotated[int | None, typer.Option("--batch", help="Only rows of the batch of this number.")]
ForReason = Annotated[Reason | None, typer.Option("--reason", help="Only rows with a fault of this kind.")]

quarantine = typer.Typer(
    help="Rows that could not be accepted: list, export, correct, re-submit.", no_args_is_help=True
)


def intake(
    files: Annotated[list[Path], typer.Argument(help="CSV, JSON Lines or Parquet files; each becomes one batch.")],
    mapping: Annotated[
        str, typer.Option("--mapping", help="How the columns become a record (rulebook, intake/).")
    ],
    encoding: Annotated[Encoding | None, typer.Option(help="The encoding; else as the mapping says.")] = None,
    generated: Annotated[bool, typer.Option("--generated", help="Mark the data as made up.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take files in. Rows that cannot be accepted go to quarantine; then the command ends with 1."""
    receipts: list[Receipt] = []
    try:
        with running():
            for file in files:
                with _bar(file.name, quiet=as_json) as told:
                    receipts.append(
                        take_file(file, mapping, encoding=encoding, generated=generated, progress=told)
                    )
                if not as_json:
                    _show(receipts[-1])
            _grade_anew(quiet=as_json)
    finally:
        if as_json:
            print_json([receipt.as_dict() for receipt in receipts])
    _end(receipts)


@quarantine.command("list")
def list_command(batch: OfBatch = None, reason: ForReason = None, as_json: AsJson = False) -> None:
    """List the rows in quarantine: where they came from, and every fault."""
    with running():
        rows = quarantined(batch=batch, reason=reason)
        if as_json:
            print_json([row.as_dict() for row in rows])
            return
        shown = list(islice(rows, SHOWN))
        more = sum(1 for _ in rows)
    if not shown:
        OUT.print("Quarantine is empty.")
        return
    if any(row.generated for row in shown):
        OUT.print(GENERATED, style="bold yellow")
    print_table(
        ["batch", "row", "file", "field", "reason", "what is wrong"],
        [(row.batch, row.row, row.source, f.field, f.reason, f.message) for row in shown for f in row.faults],
    )
    if more:
        OUT.print(f"and {more:,} more rows; export them to see all")


@quarantine.command("export")
def export_command(
    out: Annotated[Path, typer.Option("--out", help="The CSV file to write.")],
    batch: OfBatch = None,
    reason: ForReason = None,
) -> None:
    """Write the rows in quarantine to a CSV file, to be corrected and re-submitted."""
    with running():
        count = export_quarantine(out, batch=batch, reason=reason)
    OUT.print(f"{count:,} rows written to {out}", markup=False)


@quarantine.command("resubmit")
def resubmit_command(
    file: Annotated[Path, typer.Argument(help="A corrected export.")], as_json: AsJson = False
) -> None:
    """Take a corrected export in. Rows still at fault stay in quarantine; then the command ends with 1."""
    with running():
        receipts = resubmit_file(file)
        _grade_anew(quiet=as_json)
    _report(receipts, as_json)


@quarantine.command("correct")
def correct_command(
    batch: Annotated[int, typer.Argument(help="The number of the batch.")],
    row: Annotated[int, typer.Argument(help="The number of the row in it.")],
    changes: Annotated[list[str], typer.Option("--set", help="A field and its new value: field=value.")],
    as_json: AsJson = False,
) -> None:
    """Correct one row and take it in."""
    fields: dict[str, str] = {}
    for change in changes:
        field, equals, value = change.partition("=")
        if not equals:
            raise IntakeError(f"{change!r} is no change", where="--set", remedy="Write --set field=value.")
        fields[field] = value
    with running():
        receipt = correct_row(batch, row, fields)
        _grade_anew(quiet=as_json)
    _report([receipt], as_json)


def _report(receipts: Sequence[Receipt], as_json: bool) -> None:
    if as_json:
        print_json([receipt.as_dict() for receipt in receipts])
    else:
        for receipt in receipts:
            _show(receipt)
    _end(receipts)


def _grade_anew(*, quiet: bool) -> None:
    """Of those whom the files speak of. Stopped, it leaves them to the next nightly run."""
    with progress("organisations graded", quiet=quiet) as update:
        after_intake(house().law, update)


def _end(receipts: Sequence[Receipt]) -> None:
    if any(receipt.refused for receipt in receipts):
        raise typer.Exit(1)


def _show(receipt: Receipt) -> None:
    if receipt.again:
        OUT.print(f"{receipt.file} was taken in before; nothing was changed.", style="yellow", markup=False)
    print_pairs(
        {
            "file": receipt.file,
            "batch": f"{receipt.number} ({receipt.batch[:12]})"
            if receipt.recorded_at
            else "none: nothing accepted",
            "rows": f"{receipt.rows:,}",
            "accepted": f"{receipt.accepted:,}",
            **({"taken from quarantine": f"{receipt.resolved:,}"} if receipt.resolved else {}),
            **{f"refused: {reason}": f"{count:,}" for reason, count in receipt.quarantined.items()},
            **({"columns not used": ", ".join(receipt.unused_columns)} if receipt.unused_columns else {}),
            "encoding": receipt.encoding,
            "seconds": receipt.seconds,
        }
    )
    for row in receipt.remaining:
        for fault in row["faults"]:
            where = f"batch {row['batch']}, row {row['row']}  {fault['field']}"
            OUT.print(f"{where}: {fault['message']} [{fault['reason']}]", style="red", markup=False)


@contextmanager
def _bar(name: str, *, quiet: bool) -> Iterator[Progress | None]:
    """A bar with rows a second and the time left; only on a terminal."""
    if quiet or not ERR.is_terminal:
        yield None
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=ERR, transient=True) as bar:
        task = bar.add_task(name, total=None, rate="")

        def told(done: int, total: int, rows: int) -> None:
            elapsed = bar.tasks[0].elapsed or 0
            rate = f"{rows / elapsed:,.0f} rows/s" if elapsed else ""
            bar.update(task, completed=done, total=total, rate=rate)

        yield told
