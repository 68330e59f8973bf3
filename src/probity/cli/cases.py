"""Commands about cases: act, show, list, document, findings; and the outbox of their documents: dispatch."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
import yaml

from probity.cli.files import AsJson
from probity.cli.output import OUT, print_json, print_pairs, print_table, progress, say
from probity.dossier import GENERATED
from probity.errors import InputError, LedgerError
from probity.procedures import Deadline, KeptCase
from probity.procedures.store import Wanted, kept_cases
from probity.service import cases as service
from probity.service import running, subject_of
from probity.service import shown_case as shown
from probity.service.dispatch import dispatch as write_outbox
from probity.service.findings import findings as look_through
from probity.service.findings import keep
from probity.service.wiring import today

LONGEST = 1_000_000
"""Characters of a command document; more is a mistake."""

app = typer.Typer(help="Cases: conduct them, look at them, read their documents.", no_args_is_help=True)

Number = Annotated[str, typer.Argument(help="The number of the case: authority/list/year/n.")]


@app.command(
    epilog="\b\nExamples:\n  probity case act proposal.yaml\n"
    "  probity case act - --json < reply.json\n\b\nA command names its act and its case:\n"
    "  act: notify\n  case: zj-amr/cn-samr-serious-violation/2026/1\n  by: {agency: zj-amr, officer: '0417'}"
)
def act(
    file: Annotated[str, typer.Argument(help="The command, as YAML or JSON; - reads it from standard input.")],
    as_json: AsJson = False,
) -> None:
    """Carry out one act in a case, today.

    The procedure says whether it is allowed: what it refuses comes with the rule, and what can be done instead.
    """
    document = read_document(file)
    with running() as house:
        receipt = service.act(
            document, house.law, source=f"case act: {Path(file).name if file != '-' else 'input'}"
        )
    if as_json:
        print_json({**asdict(receipt), "due": [shown.due_as_json(each) for each in receipt.due]})
        return
    print_pairs(
        {
            "case": receipt.case,
            "phase": receipt.phase,
            "statements": len(receipt.statements),
            "documents": ", ".join(receipt.documents) or "none",
        }
    )
    _show_due(receipt.due)


def read_document(file: str, help_: str = "probity case act --help") -> Mapping[str, object]:
    """A command document from a file or, for ``-``, from standard input. Raises InputError; ``help_`` is where to
    read how one is written."""
    where = "standard input" if file == "-" else file
    try:
        raw = sys.stdin.buffer.read(LONGEST + 1) if file == "-" else Path(file).read_bytes()
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("the command is not UTF-8 text", where=where, remedy="Save it as UTF-8.") from None
    except OSError as error:
        raise InputError(
            f"it cannot be read: {error.strerror}", where=where, remedy="Name a file, or - for standard input."
        ) from None
    if len(raw) > LONGEST:
        raise InputError("the command is far too long", where=where, remedy="Put documents aside; name them only.")
    try:
        document = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        said = " ".join(str(error).split())
        raise InputError(f"neither YAML nor JSON: {said}", where=where, remedy=f"See {help_}.") from None
    if not isinstance(document, dict) or not all(isinstance(key, str) for key in document):
        raise InputError("the command is no mapping of names to values", where=where, remedy=f"See {help_}.")
    return document


@app.command(epilog="\b\nExamples:\n  probity case show zj-amr/cn-samr-serious-violation/2026/1 --json")
def show(number: Number, as_json: AsJson = False) -> None:
    """Show a case.

    Where it stands, what happened by which rule, what is due, and what can be done next by whom.
    """
    with running() as house:
        found = shown.case_page(number, house.law)
    if as_json:
        print_json(shown.as_json(found))
        return
    if found.kept.generated:
        OUT.print(GENERATED, style="bold yellow")
    print_pairs({name: value for name, value in _head(found.kept).items() if value is not None})
    OUT.print()
    print_table(
        ["day", "what", "by", "document", "rule"],
        [(each.on, each.what, each.by or "software", each.document, each.rule) for each in found.timeline],
    )
    _show_due(found.due)
    if found.next:
        OUT.print()
        print_table(["possible next", "by"], [(each.act, each.by) for each in found.next])


def _head(kept: KeptCase) -> dict[str, object]:
    return {
        "case": kept.number,
        "list": kept.list,
        "organisation": kept.subject,
        "authority": kept.authority,
        "criterion": kept.criterion,
        "band": kept.band,
        "phase": kept.phase,
        "outcome": kept.outcome,
        "window ends": kept.window_ends,
        "time acts on": kept.tick_on,
        "position": kept.position,
    }


@app.command(
    "list", epilog="\b\nExamples:\n  probity case list --due\n  probity case list --subject 91330100799655058B"
)
def list_(
    subject: Annotated[str | None, typer.Option("--subject", help="Only those about this organisation.")] = None,
    name: Annotated[str | None, typer.Option("--list", help="Only those on this list.")] = None,
    due: Annotated[bool, typer.Option("--due", help="Only those in which time acts today.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many at most.")] = 100,
    as_json: AsJson = False,
) -> None:
    """List cases, those that moved last first."""
    with running() as house:
        whose = subject_of(subject, house.law) if subject else None
        if name is not None:
            house.law.list(name)
        found = kept_cases(Wanted(whose, name, today() if due else None, limit))
    if as_json:
        print_json([shown.plain(each) for each in found])
        return
    print_table(
        ["case", "organisation", "phase", "outcome", "opened", "time acts on"],
        [(each.number, each.subject, each.phase, each.outcome, each.opened, each.tick_on) for each in found],
    )
    if any(each.generated for each in found):
        OUT.print(GENERATED, style="yellow")
    if len(found) == limit:
        OUT.print(f"There may be more than these {limit}; raise --limit.", style="dim")


@app.command(epilog="\b\nExamples:\n  probity case document zj-amr/cn-samr-serious-violation/2026/1 3 --lang zh")
def document(
    number: Number,
    doc: Annotated[
        str, typer.Argument(help="The document: its whole number, or what follows the number of the case.")
    ],
    lang: Annotated[str, typer.Option("--lang", help="en or zh.")] = "en",
) -> None:
    """Print a document that the case issued, with everything attached to it."""
    if lang not in ("en", "zh"):
        raise InputError(f"{lang!r} is no language of the documents", where="--lang", remedy="Write en or zh.")
    with running() as house:
        text = shown.case_document(number, doc, lang, house.law)
    say(text)


@app.command(epilog="\b\nExamples:\n  probity case findings cn-tax-serious-violation\n"
             "  probity case findings cn-tax-serious-violation --file --json")  # fmt: skip
def findings(
    name: Annotated[str, typer.Argument(metavar="LIST", help="The list.")],
    file: Annotated[
        bool, typer.Option("--file", help="Keep each as a case, for its authority to look at.")
    ] = False,
    authority: Annotated[str | None, typer.Option(help="The agency that conducts them; else the first.")] = None,
    as_json: AsJson = False,
) -> None:
    """Look through the records for organisations that may meet a criterion of a list.

    Software only drafts: nothing follows from a finding unless an officer looks, and proposes.
    """
    with running() as house, progress("organisations", quiet=as_json) as update:
        found = list(look_through(name, house.law, authority=authority, told=update))
        cases = [keep(each, house.law).case for each in found] if file else []
    if as_json:
        kept = cases or [""] * len(found)
        print_json([{**asdict(each), "case": case or None} for each, case in zip(found, kept, strict=True)])
        return
    print_table(
        ["organisation", "criterion", "state", "to establish", "records", "case"],
        [
            (each.subject, each.criterion, each.state, ", ".join(each.missing), len(each.evidence), case)
            for each, case in zip(found, cases or [""] * len(found), strict=True)
        ],
    )
    OUT.print(f"{len(found):,} found; a finding is no more than that.", style="dim")


def dispatch(
    out: Annotated[Path, typer.Option("--out", help="The outbox: a folder that channels take .txt files from.")],
    as_json: AsJson = False,
) -> None:
    """Write the documents that wait for somebody into the outbox, one file for each contact, and once.

    Made-up organisations have a folder of their own there. Stopped at any point, it goes on from there.
    """
    with running() as house, progress("documents", quiet=as_json) as update:
        done = write_outbox(house.law, out, update)
    if as_json:
        print_json(asdict(done))
    else:
        print_pairs({"outbox": done.folder, "files written": f"{done.files:,}"})
    if done.unsound:
        raise LedgerError(
            f"cases that cannot have happened as they were stated, whose documents wait: {len(done.unsound):,}",
            where=", ".join(done.unsound[:5]),
            remedy="Everything else was written. probity fsck names the step and why it cannot be; where the rule"
            " is wrong, mend the rule. What was stated stays, and such a case does not go on.",
        )


def _show_due(deadlines: tuple[Deadline, ...]) -> None:
    if not deadlines:
        return
    OUT.print()
    print_table(
        ["due", "of", "until", "if missed", "rule"],
        [
            (
                each.what,
                each.whose,
                "the clock stands still" if each.due is None else each.due,
                "the case is closed" if each.closes else "a reminder",
                each.rule,
            )
            for each in deadlines
        ],
    )


COMMANDS = (dispatch,)
