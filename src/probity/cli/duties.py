"""``probity duty``: what agencies owe while an entry is in force, their answers, the alarm, and who looked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from probity.cli.cases import read_document
from probity.cli.files import AsJson, Organisation
from probity.cli.output import OUT, print_json, print_pairs, print_table
from probity.service import duties as service
from probity.service import running, subject_of
from probity.service.check import lookups as looks_at

app = typer.Typer(help="Duties: what an entry asks of agencies, and their answers.", no_args_is_help=True)


@app.command(
    epilog="\b\nExamples:\n  probity duty answer confirm.yaml\n"
    "\b\nAn answer names its act (confirm, decline, lift) and what it is about:\n"
    "  act: lift\n  entry: the record's id, from probity duty show --json\n  memorandum: cn/wage-arrears\n"
    "  measure: cn/procurement-ban\n  by: {agency: cn-mof, officer: '31'}\n  reasons: The entry has ended."
)
def answer(
    file: Annotated[str, typer.Argument(help="The answer, as YAML or JSON; - reads it from standard input.")],
    as_json: AsJson = False,
) -> None:
    """Answer a duty, today: confirm or decline it after your own look, or lift what was confirmed."""
    document = read_document(file, "probity duty answer --help")
    with running() as house:
        source = f"duty answer: {Path(file).name if file != '-' else 'input'}"
        receipt = service.answer(document, house.law, source=source)
    answering = receipt.answering
    said = {
        "entry": answering.entry.record,
        "memorandum": answering.memorandum,
        "measure": answering.measure,
        "agency": answering.agency,
        "stands": answering.stand.value,
        "statement": receipt.statement,
    }
    if as_json:
        print_json(said)
    else:
        print_pairs(said)


@app.command(epilog="\b\nExamples:\n  probity duty show 91330100799655058B --json")
def show(organisation: Organisation, as_json: AsJson = False) -> None:
    """Show what every signatory owes for the entries of an organisation, and how it answered."""
    with running() as house:
        subject = subject_of(organisation, house.law)
        day, owed = house.day_for(subject), service.duties_about(subject, house.law)
    rows = [
        {
            "entry": each.entry.record,
            "list": each.entry.list,
            "agency": each.duty.agency,
            "measure": each.duty.measure.measure,
            "memorandum": each.duty.memorandum,
            "binding": "to be confirmed" if each.duty.informs is None else f"informs: {each.duty.informs}",
            "stands": each.stand.value,
        }
        for each in owed
    ]
    if as_json:
        print_json(rows)
    elif rows:
        columns = ("list", "agency", "measure", "binding", "stands")
        print_table(columns, [[row[name] for name in columns] for row in rows])
    else:
        OUT.print(f"no entry is in force from which a duty follows (as of {day})")


@app.command(epilog="\b\nExamples:\n  probity duty late --json")
def late(as_json: AsJson = False) -> None:
    """The alarm: measures that are over, and that their agency has not confirmed to have lifted in time."""
    with running() as house:
        found = service.late(house.law)
    rows = [
        {
            "agency": each.answering.agency,
            "measure": each.answering.measure,
            "organisation": each.answering.entry.subject,
            "over since": each.since.isoformat(),
            "due": str(each.due),
        }
        for each in found
    ]
    if as_json:
        print_json(rows)
    elif rows:
        print_table(list(rows[0]), [list(row.values()) for row in rows])
    else:
        OUT.print("nobody is late")


@app.command(epilog="\b\nExamples:\n  probity duty lookups 91330100799655058B")
def lookups(organisation: Organisation, as_json: AsJson = False) -> None:
    """Who looked at an organisation through probity check: the log that it can read itself."""
    with running() as house:
        found = looks_at(subject_of(organisation, house.law))
    rows = [
        {
            "number": each.number,
            "at": each.at.isoformat(timespec="seconds"),
            "agency": each.agency,
            "decision": each.decision.value,
            "purpose": each.purpose.value,
            "basis": each.basis,
        }
        for each in found
    ]
    if as_json:
        print_json(rows)
    elif rows:
        print_table(list(rows[0]), [list(row.values()) for row in rows])
    else:
        OUT.print("nobody has looked")
