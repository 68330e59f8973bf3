"""Commands about the house itself: demo, serve, fsck."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from probity.cli.files import AsJson
from probity.cli.output import ERR, OUT, plain, print_json, print_pairs, print_table, progress
from probity.service import running
from probity.service.demo import DAYS, NOTICE, Figures, prepare
from probity.service.fsck import fsck as check_house
from probity.service.serve import require_free
from probity.service.serve import serve as serve_pages


def _named(host: str) -> str:
    if not host.strip():
        raise typer.BadParameter("give an address, such as 127.0.0.1")
    return host


Host = Annotated[str, typer.Option(help="The address to listen on.", callback=_named)]
Port = Annotated[int, typer.Option(help="The port to listen on.", min=0, max=65535)]


def demo(
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the pages when all is ready.")] = True,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    as_json: AsJson = False,
) -> None:
    """Show all of it on real and generated data.

    Takes in San Francisco's food inspections and a generated province, grades everyone, compares with the
    official scores, and serves the pages. Stopped at any point, it goes on from there when started again.
    """
    begun, quiet = time.monotonic(), as_json or not ERR.is_terminal
    if serve:
        require_free(host, port)
    with running(fixed_days=DAYS) as house:
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TextColumn("left"))
        with Progress(*columns, TimeRemainingColumn(), console=ERR, transient=True, disable=quiet) as bar:
            task = bar.add_task("", total=None)
            figures = prepare(
                house, lambda what, done, total: bar.update(task, description=what, completed=done, total=total)
            )
        figures.seconds["ready"] = round(time.monotonic() - begun, 2)
        if as_json:
            print_json(figures.as_json())
        else:
            _show(figures)
        if serve:
            serve_pages(
                host, port, lambda address: ERR.print(f"Open [bold]{address}[/]   (Ctrl-C stops everything)")
            )


def _show(figures: Figures) -> None:
    official = figures.official
    OUT.print(NOTICE, style="bold yellow")
    print_pairs(
        {
            "organisations": f"{figures.organisations:,}",
            "statements": f"{figures.statements:,}",
            "in quarantine": ", ".join(f"{n} {reason}" for reason, n in sorted(figures.quarantined.items())),
            "official scores": f"{official['exact']:,} of {official['compared']:,} reproduced exactly"
            f" ({official['share']}); the rest are faults of the source",
            "ready after": f"{figures.seconds['ready']} s",
        }
    )
    for card, grades in figures.grades.items():
        OUT.print(f"\n{card}", style="bold")
        print_table(["grade", "organisations"], sorted(grades.items()))


def serve(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Serve the pages of what was taken in, until Ctrl-C."""
    with running():
        serve_pages(host, port, lambda address: ERR.print(f"Open [bold]{address}[/]   (Ctrl-C stops)"))


def fsck(
    snapshot: Annotated[
        Path | None,
        typer.Option("--snapshot", help="The snapshot to check too; the one of the data folder if left out."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check everything against the ledger.

    Every statement against its hash; register, kept grades, scoring runs and snapshot made anew and compared. Ends
    with 1 if anything differs.
    """
    with running() as house, progress("statements", quiet=as_json) as update:
        report = check_house(house.law, update, snapshot)
    if as_json:
        print_json(asdict(report))
    else:
        print_pairs(
            {
                "statements": f"{report.statements:,}",
                "batches": report.batches,
                "organisations": f"{report.organisations:,}",
                "scoring runs": report.runs,
                "snapshot": report.snapshot or "none",
                "faults": len(report.faults),
            }
        )
        for fault in report.faults:
            OUT.print(plain(fault), markup=False, style="red")
    if report.faults:
        raise typer.Exit(1)


COMMANDS = (demo, serve, fsck)
