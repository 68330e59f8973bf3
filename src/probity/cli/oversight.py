"""The command oversight: what the lists did, in figures."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from probity import dossier
from probity.cli.files import AsJson
from probity.cli.output import OUT, print_pairs, print_table, progress, say
from probity.cli.pages import write_pages
from probity.clock import parse_day
from probity.errors import QuestionError
from probity.service import running
from probity.service.oversight import Oversight, as_bytes, keep, page
from probity.service.oversight import oversight as draw_up
from probity.service.wiring import today

COLUMNS = (
    "list",
    "cases",
    "notices",
    "failed",
    "replies",
    "not listed",
    "lapsed",
    "listed",
    "undone",
    "in force",
    "",
)


def oversight(
    day: Annotated[
        str | None, typer.Option("--day", help="As of this day (YYYY-MM-DD); today if left out.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the page in both languages and the JSON into this folder.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Draw up what the lists did: entries, notices, replies, reversals, days at each step, and whom they met.

    Counts only; no organisation is named. The portal shows the latest report at /oversight.
    """
    wanted = today() if day is None else parse_day(day, where="--day")
    if wanted > today():
        raise QuestionError(f"{wanted} has not come", where="--day", remedy="Name today or a day that has passed.")
    with running() as house:
        everyone = dossier.count()
        with progress("organisations", quiet=as_json) as update:
            found = draw_up(house.law, wanted, lambda done: update(done, everyone))
        keep(found)
        if out:
            write_pages(out, "oversight", as_bytes(found), partial(page, found))
    if as_json:
        say(as_bytes(found).decode())
    else:
        _show(found)


def _show(found: Oversight) -> None:
    if found.notice:
        OUT.print(found.notice, style="bold yellow")
    living = [each for each in found.lists if each.counts.cases or each.counts.imported]
    print_pairs({"as of": found.day, "organisations": f"{found.organisations:,}", "lists": f"{len(found.lists)}"})
    rows = [
        (
            each.list,
            *(
                f"{count:,}"
                for count in (
                    each.counts.cases,
                    each.counts.notices,
                    each.counts.undelivered,
                    each.counts.replies,
                    each.counts.kept_off,
                    each.counts.lapsed,
                    each.counts.entries,
                    each.counts.reversals,
                    each.counts.in_force,
                )
            ),
            each.dead or "",
        )
        for each in living
    ]
    print_table(COLUMNS, rows)
    for each in living:
        for step in each.steps:
            late = f", {step.late:,} late" if step.late else ""
            OUT.print(
                f"{each.list}  {step.step}: median {step.median}, longest {step.longest}, limit {step.limit} "
                f"{step.unit} ({step.rule}){late}",
                markup=False,
            )
    quiet = len(found.lists) - len(living)
    OUT.print(f"nothing ever happened on {quiet:,} lists; --json names them", markup=False)


COMMANDS = (oversight,)
