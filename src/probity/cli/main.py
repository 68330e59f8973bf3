"""The application: its commands, and what happens when one of them fails."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from django.db import Error as DatabaseError

from probity import __version__
from probity.cli import (
    cases,
    check,
    duties,
    files,
    intake,
    lists,
    nightly,
    outlook,
    oversight,
    preview,
    rulebook,
    scores,
    snapshot,
    system,
)
from probity.cli.output import ERR, print_error
from probity.errors import InputError, ProbityError, StoreError

INTERRUPTED = 130
OWN_FAULT = 70
"""The exit code for a fault of the program itself (EX_SOFTWARE of sysexits.h)."""

EXAMPLES = {
    "intake": ("probity intake penalties-2024-03.csv --mapping cn-zhejiang-2020/penalties",),
    "file": (
        "probity file us-sf-business:19",
        "probity file us-sf-business:19 --as-of 2017-01-31",
        "probity file 91330100799655058B --known-at 2024-03-01T08:00Z --json",
    ),
    "search": ("probity search cafe", "probity search 阿里 --limit 10 --json"),
    "identify": ("probity identify 91330100799655058B", "probity identify 91-1144442 --scheme us-ein"),
    "score": (
        "probity score --card us-sf-food/lives --as-of 2018-02-16",
        "probity score --card us-sf-food/lives --as-of 2018-02-16 --out grades.csv",
    ),
    "explain": (
        "probity explain us-sf-business:19 --as-of 2018-02-16",
        "probity explain us-sf-business:19 --card us-sf-food/lives --as-of 2018-02-16 --language zh",
    ),
    "outlook": (
        "probity outlook us-sf-business:19 --as-of 2018-02-16",
        "probity outlook 91330100799655058B --card cn-zhejiang-2020/enterprise --as-of 2023-06-30 --language zh",
    ),
    "history": (
        "probity history us-sf-business:19 --card us-sf-food/lives",
        "probity history us-sf-business:19 --card us-sf-food/lives --from 2016-01-01 --to 2018-02-16 --json",
    ),
    "preview": (
        "probity preview --card docs/drafts/enterprise-2024.yaml --against cn-zhejiang-2020/enterprise",
        "probity preview --card draft.yaml --against cn-zhejiang-2020/enterprise@2021-01-01 --as-of 2023-06-30",
        "probity preview --card draft.yaml --against cn-zhejiang-2020/enterprise --keep draft-2024 --out preview",
    ),
    "check": (
        "probity check 91330100799655058B --decision procurement --purpose deciding --basis '政府采购法 art. 22'",
        "probity check --file codes.txt --decision inspection-plan --purpose planning-supervision"
        " --basis '国办发〔2019〕35号' --as zj-amr/0417 --json",
    ),
    "oversight": ("probity oversight", "probity oversight --day 2024-01-31 --out oversight --json"),
    "dispatch": ("probity dispatch --out outbox", "probity dispatch --out /srv/outbox --json"),
    "correct": ("probity correct STATEMENT --reason 'wrong amount' --set amount=2000000",),
    "withdraw": ("probity withdraw STATEMENT --reason 'stated of the wrong organisation'",),
    "demo": ("probity demo", "probity demo --port 9000", "probity demo --no-serve --json"),
    "serve": ("probity serve --port 9000",),
    "fsck": ("probity fsck --json", "probity fsck --snapshot /srv/snapshot"),
    "nightly": ("probity nightly", "probity nightly --day 2024-01-31 --json"),
    "grades": ("probity grades 91330100799655058B", "probity grades us-sf-business:19 --json"),
    "snapshot": ("probity snapshot", "probity snapshot --out /srv/snapshot --json"),
}
"""What the help of a command ends with; a test reads each of them."""

app = typer.Typer(
    help="Probity: the public compliance file of every organisation.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
)
for command in (
    intake.intake,
    *files.COMMANDS,
    *scores.COMMANDS,
    *outlook.COMMANDS,
    *preview.COMMANDS,
    *nightly.COMMANDS,
    *oversight.COMMANDS,
    *check.COMMANDS,
    *cases.COMMANDS,
    *snapshot.COMMANDS,
    *system.COMMANDS,
):
    shown = "\n".join(f"  {example}" for example in EXAMPLES[command.__name__])
    app.command(epilog=f"\b\nExamples:\n{shown}")(command)
app.add_typer(intake.quarantine, name="quarantine")
app.add_typer(cases.app, name="case")
app.add_typer(duties.app, name="duty")
app.add_typer(lists.app, name="lists")
app.add_typer(rulebook.app, name="rulebook")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback(
    epilog="\b\nBegin with:\n"
    "  probity demo                     real and generated data, ready to look at\n"
    "  probity search NAME              then: probity file CODE, probity explain CODE\n"
    "\b\nEnvironment:\n"
    "  PROBITY_HOME       the data folder\n"
    "  DATABASE_URL       another PostgreSQL than the embedded one: postgresql://...\n"
    "  PROBITY_RULEBOOKS  other rulebooks than those that come with Probity\n"
)
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="The version.")
    ] = False,
) -> None:
    """Probity: the public compliance file of every organisation."""


def main() -> None:
    """Run the command of this process's arguments, and end with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run a command; its exit code. Whatever fails is said in words, never with a traceback."""
    try:
        _as_text(arguments)
        app(list(arguments), prog_name="probity")
    except SystemExit as end:
        if end.code == INTERRUPTED:
            ERR.print("stopped")
        return end.code if isinstance(end.code, int) else 0
    except (KeyboardInterrupt, typer.Abort):
        ERR.print("stopped")
        return INTERRUPTED
    except typer.Exit as end:
        return end.exit_code
    except ProbityError as error:
        return _failed(error)
    except DatabaseError as error:
        remedy = "Nothing was half-written. Check the server, then run the same command again."
        return _failed(StoreError(f"the database failed: {error}".strip(), remedy=remedy))
    except OSError as error:
        remedy = "Check space and rights, then run the same command again."
        where = str(error.filename) if error.filename else None
        return _failed(StoreError(f"{error.strerror or error}", where=where, remedy=remedy))
    except Exception as error:
        if os.environ.get("PROBITY_TRACEBACK"):
            raise
        remedy = "Please report it, with what PROBITY_TRACEBACK=1 shows when the same command is run again."
        _failed(ProbityError(f"a fault in Probity itself: {type(error).__name__}: {error}", remedy=remedy))
        return OWN_FAULT
    return 0


def _failed(error: ProbityError) -> int:
    print_error(error)
    return error.exit_code


def _as_text(arguments: Sequence[str]) -> None:
    for number, argument in enumerate(arguments, start=1):
        try:
            argument.encode()
        except UnicodeEncodeError:
            raise InputError(
                f"argument {number} is not UTF-8 text: {argument!r}",
                remedy="Set the terminal to UTF-8; rename a file whose name is not.",
            ) from None
