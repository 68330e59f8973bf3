"""``probity rulebook``: check rulebooks, try their worked cases, export their schemas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from probity.cli.output import OUT, print_error, print_json
from probity.errors import RulebookError
from probity.procedures import list_differences, untried
from probity.rulebook import Case, Finding, Law, ListCase, Severity, check, export_schemas, load
from probity.scoring import differences

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
        print_error(error)
        raise typer.Exit(error.exit_code) from error
    counts = Counter(finding.severity for finding in findings)
    errors, warnings = counts[Severity.ERROR], counts[Severity.WARNING]
    if as_json:
        print_json({"errors": errors, "warnings": warnings, "findings": [asdict(each) for each in findings]})
    else:
        _show(findings, errors, warnings)
    if errors:
        raise typer.Exit(1)


@app.command("cases")
def cases_command(
    path: Annotated[Path, typer.Argument(help="A folder of rulebooks.")],
    card: Annotated[str | None, typer.Option(help="Only the cases of this card.")] = None,
    list_: Annotated[str | None, typer.Option("--list", help="Only the cases of this list.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Try the worked cases: what each card and each list says, against what its cases expect.

    Says also what no case of a list tries. Ends with 0 when every case comes out, 1 when one does not, 2 when the
    rulebooks cannot be loaded.
    """
    try:
        law = load(path)
    except RulebookError as error:
        print_error(error)
        raise typer.Exit(error.exit_code) from error
    everything = card is None and list_ is None
    tried = [
        *(_of_card(law, file.card, case) for _, file in law.cases for case in file.cases
          if everything or card == file.card),
        *(_of_list(law, file.list, case) for _, file in law.list_cases for case in file.cases
          if everything or list_ == file.list),
    ]  # fmt: skip
    wrong = [each for each in tried if each["differences"]]
    open_ = untried(law, list_) if everything or list_ is not None else []
    if as_json:
        print_json({"cases": len(tried), "wrong": wrong, "untried": open_})
    else:
        _show_cases(wrong, len(tried), open_)
    if wrong:
        raise typer.Exit(1)


@app.command("schema")
def schema_command(
    out: Annotated[Path, typer.Option(help="The folder to write to.")] = Path("rulebooks/schemas"),
) -> None:
    """Export JSON Schemas, one for each kind of rulebook file, for editors that complete and check YAML."""
    for written in export_schemas(out):
        typer.echo(str(written))


def _of_card(law: Law, card: str, case: Case) -> dict[str, object]:
    found = differences(case, law.card(card, case.as_of), law)
    return {"card": card, "case": case.case, "differences": found, "why": case.why}


def _of_list(law: Law, list_: str, case: ListCase) -> dict[str, object]:
    found = list_differences(case, law.list(list_, case.as_of), law)
    return {"list": list_, "case": case.case, "differences": found, "why": case.why}


def _show_cases(wrong: Sequence[Mapping[str, object]], tried: int, open_: Sequence[str]) -> None:
    for each in wrong:
        about = each.get("card") or each.get("list")
        OUT.print(f"{about}, case {each['case']!r}: {each['why']}", markup=False)
        OUT.print(f"    {each['differences']}", style="bold red", markup=False)
    for gap in open_:
        OUT.print(gap, style="yellow", markup=False)
    if wrong:
        OUT.print(f"{len(wrong)} of {tried} cases do not come out.", style="bold red")
    else:
        OUT.print(f"{tried} case{'s' * (tried != 1)}: all come out.", style="green")


def _show(findings: list[Finding], errors: int, warnings: int) -> None:
    for finding in findings:
        colour = _COLOURS[finding.severity]
        where = escape(f"{finding.file}:{finding.line}")
        OUT.print(f"[bold]{where}[/]: [{colour}]{finding.severity}[/]: {escape(finding.reason)}")
        OUT.print(f"    [dim]{escape(finding.remedy)}[/]")
    if findings:
        summary = f"{errors} error{'s' * (errors != 1)}, {warnings} warning{'s' * (warnings != 1)}"
        OUT.print(summary, style=_COLOURS[Severity.ERROR if errors else Severity.WARNING])
    else:
        OUT.print("[green]No fault found.[/]")
