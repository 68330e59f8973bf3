"""The application: its commands, and what happens when one of them fails."""

from __future__ import annotations

import sys
from typing import Annotated

import click
import typer

from probity import __version__
from probity.cli import files, intake, rulebook, scores, system
from probity.cli.output import ERR, print_error
from probity.errors import ProbityError

app = typer.Typer(
    help="Probity: the public compliance file of every organisation.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
)
app.add_typer(rulebook.app, name="rulebook")
app.add_typer(intake.quarantine, name="quarantine")
for command in (
    *(intake.intake,),
    *files.COMMANDS,
    *scores.COMMANDS,
    *system.COMMANDS,
):
    app.command()(command)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="The version.")
    ] = False,
) -> None:
    """Probity: the public compliance file of every organisation."""


def main() -> None:
    """Run a command; an error of ours ends it with its message and its exit code, never with a traceback."""
    try:
        result = app(standalone_mode=False)
    except ProbityError as error:
        print_error(error)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        ERR.print("stopped")
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    sys.exit(result if isinstance(result, int) else 0)
