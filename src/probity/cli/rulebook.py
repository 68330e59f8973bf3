"""``probity rulebook``: check rulebooks, export their schemas."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from probity.errors import RulebookError
from probity.rulebook import Finding, Severity, check, export_schemas

app = typer.Typer(help="Law as typed data: check it, and give editors its schemas.", no_args_is_help=True)

_COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "yellow"}


@app.command("check")
def check_command(
    path: Annotated[Path, typer.Argument(help="A folder of rulebooks, one rulebook, or a file in one.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Check rulebooks: every fault with file, line, reason and remedy.

    Ends with 0 when there is no error (warnings are allowed), 1 when there is, 2 when there is no rulebook.
    """
    try:
        findings = check(path)
    except RulebookError as error:
        Console(stderr=True, soft_wrap=True).print(escape(str(error)), style="bold red")
        raise typer.Exit(error.exit_code) from error
    counts = Counter(finding.severity for finding in findings)
    errors, warnings = counts[Severity.ERROR], counts[Severity.WARNING]
    if as_json:
        result = {"errors": errors, "warnings": warnings, "findings": [asdict(finding) for finding in findings]}
        typer.echo(json.dumps(result, ensure_ascii=False, indent=2))
    else:
        _show(findings, errors, warnings)
    if errors:
        raise typer.Exit(1)


@app.command("schema")
def schema_command(
    out: Annotated[Path, typer.Option(help="The folder to write to.")] = Path("rulebooks/schemas"),
) -> None:
    """Export JSON Schemas, one for each kind of rulebook file, for editors that complete and check YAML."""
    for written in export_schemas(out):
        typer.echo(str(written))


def _show(findings: list[Finding], errors: int, warnings: int) -> None:
    console = Console(soft_wrap=True, highlight=False)
    for finding in findings:
        colour = _COLOURS[finding.severity]
        where = escape(f"{finding.file}:{finding.line}")
        console.print(f"[bold]{where}[/]: [{colour}]{finding.severity}[/]: {escape(finding.reason)}")
        console.print(f"    [dim]{escape(finding.remedy)}[/]")
    if errors:
        console.print(
            f"[bold red]{errors} error{'s' * (errors != 1)}[/], {warnings} warning{'s' * (warnings != 1)}"
        )
    elif warnings:
        console.print(f"[yellow]{warnings} warning{'s' * (warnings != 1)}[/], no error")
    else:
        console.print("[green]No fault found.[/]")
