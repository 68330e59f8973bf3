"""The command that agencies ask all day: check."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from probity.canon import canonical
from probity.cli.files import AsJson
from probity.cli.output import ERR, OUT, plain, progress, say
from probity.dossier import GENERATED
from probity.errors import InputError
from probity.measures import Decision, Found, Measure, Purpose
from probity.procedures import Officer
from probity.service import running
from probity.service.check import MOST, Answer, Answers, Refused, as_json
from probity.service.check import check as ask

LARGEST = 4_000_000
"""Bytes of a file of codes: far more than 10,000 of them need."""
NOTHING = "nothing found that matters for this decision"
MOST_SOURCES = 8
"""Silent sources shown by name; the rest is in the JSON."""


def check(
    codes: Annotated[
        list[str] | None, typer.Argument(help="Codes of organisations, as scheme:code or a code alone.")
    ] = None,
    *,
    decision: Annotated[str, typer.Option(help=f"The decision at hand: {', '.join(Decision)}.")],
    purpose: Annotated[str, typer.Option(help=f"What the look is for: {', '.join(Purpose)}.")],
    basis: Annotated[str, typer.Option(help="The provision that lets you look; the organisation can read it.")],
    by: Annotated[str, typer.Option("--as", help="Who looks: AGENCY/OFFICER.")] = "registry/operator",
    file: Annotated[
        Path | None, typer.Option("--file", help=f"A file with a code on each line; at most {MOST:,} in all.")
    ] = None,
    as_json_: AsJson = False,
) -> None:
    """Whether anything about organisations matters for the decision at hand.

    Entries on lists and the measures that follow, with their basis and whether they are contested; and the sources
    that have not delivered. Every look is logged, and the organisation can read that log.
    """
    asked = [*(codes or []), *(_read(file) if file else [])]
    agency, _, officer = by.partition("/")
    with running() as house, progress("organisations", quiet=as_json_) as update:
        update(0, len(asked))
        found = ask(asked, decision, purpose, basis, Officer(agency.strip(), officer.strip()), house.law)
        update(len(asked), len(asked))
    if as_json_:
        say(canonical(as_json(found)).decode())
    elif found.answers or len(asked) > 1:
        _show(found)
    if found.refused:
        _end(found, asked)


def _read(file: Path) -> list[str]:
    """The codes of a file, one a line; empty lines and what follows a # are left out."""
    if file.stat().st_size > LARGEST:
        raise InputError(
            "this file is larger than any question",
            where=str(file),
            remedy=f"Give at most {MOST:,} codes, one a line.",
        )
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise InputError(
            f"this file is not UTF-8 text (byte {error.start})", where=str(file), remedy="Save it as UTF-8."
        ) from None
    return [code for line in lines if (code := line.partition("#")[0].strip())]


def _end(found: Answers, asked: list[str]) -> None:
    """Say what was refused, and end with the exit code of the first refusal; alone, as any command fails."""
    first = found.refused[0]
    if len(asked) == 1:
        first.error.where = None
        raise first.error
    for each in found.refused:
        ERR.print(escape(plain(_refused(each))), style="red")
    raise typer.Exit(first.error.exit_code)


def _refused(each: Refused) -> str:
    return f"{each.place}. {each.code}: {each.error.what}"


def _show(found: Answers) -> None:
    if any(answer.generated for answer in found.answers):
        OUT.print(GENERATED, style="bold yellow")
    quiet = [answer for answer in found.answers if not answer.entries]
    if len(found.answers) == 1:
        _organisation(found.answers[0])
    else:
        for answer in found.answers:
            if answer.entries:
                _organisation(answer)
        if quiet:
            OUT.print(f"{len(quiet):,} of {len(found.answers):,}: {NOTHING}.")
    if found.not_delivered:
        names = [plain(source.name.en) for source in found.not_delivered]
        more = f" and {len(names) - MOST_SOURCES} more" if len(names) > MOST_SOURCES else ""
        OUT.print(
            f"Not known, because nothing was ever delivered here: {', '.join(names[:MOST_SOURCES])}{more}.",
            style="yellow",
            markup=False,
        )
    OUT.print(
        plain(f"Logged as look-up {found.lookup} of {found.agency} ({found.purpose}; {found.basis})."),
        style="dim",
        markup=False,
    )


def _organisation(answer: Answer) -> None:
    OUT.print(plain(f"{answer.name}  {answer.subject}"), style="bold", markup=False)
    if not answer.entries:
        OUT.print(f"  {NOTHING} (as of {answer.as_of})")
    for entry in answer.entries:
        OUT.print(plain(f"  {entry.name.en} ({entry.kind}), {_term(entry)}"), markup=False)
        stated = [
            entry.authority,
            entry.document,
            entry.criterion,
            entry.band and f"band {entry.band}",
            entry.basis,
        ]
        OUT.print(plain("    " + "; ".join(part for part in stated if part)), markup=False)
        if entry.contested_since:
            OUT.print(f"    contested since {entry.contested_since}: read what it says", style="yellow")
        if entry.imported:
            OUT.print("    imported; notice not proven here", style="yellow")
        for measure in entry.measures:
            _measure(measure)


def _term(entry: Found) -> str:
    return f"from {entry.begins} to {entry.ends}" if entry.ends else f"from {entry.begins}"


def _measure(measure: Measure) -> None:
    if measure.must:
        duty, style = "TO CONFIRM OR DECLINE after your own look", "bold"
    elif measure.stands:
        duty, style = f"{measure.stands} by you on {measure.answered}", None
    else:
        duty, style = f"informs: {measure.informs}", None
    OUT.print(plain(f"    - {measure.name.en}: {duty}"), style=style, markup=False)
    until = f"; until {measure.until}" if measure.until else ""
    OUT.print(plain(f"      {measure.memorandum_name.en}; {measure.basis}{until}"), style="dim", markup=False)


COMMANDS = (check,)
