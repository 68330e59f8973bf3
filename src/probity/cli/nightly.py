"""Commands about everyone's grade as it is kept: nightly, grades."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from probity.cli.files import AsJson, Organisation
from probity.cli.output import OUT, print_json, print_pairs, print_table, progress
from probity.clock import parse_day
from probity.dossier import GENERATED, is_generated
from probity.scoring import shown
from probity.scoring.store import Reason
from probity.service import running, subject_of
from probity.service.nightly import current_grades
from probity.service.nightly import nightly as run_nightly

WHY = {
    Reason.BASIS: "law or sources are others",
    Reason.STATED: "something was stated",
    Reason.TIME: "their day has come",
}


def nightly(
    day: Annotated[str | None, typer.Option("--day", help="The day that it is (YYYY-MM-DD); else today.")] = None,
    as_json: AsJson = False,
) -> None:
    """Let time do its work in cases, and bring everyone's kept grade up to date.

    Windows open, cases lapse, entries end; none of it to anybody's harm. Only those are graded anew whose grade
    can have changed: by a statement, by time, or all of them under another law. Stopped at any point, it goes on
    from there when started again.
    """
    wanted = None if day is None else parse_day(day, where="--day")
    with running() as house, progress("organisations", quiet=as_json) as update:
        night = run_nightly(
            house.law,
            day=wanted,
            told=update,
            told_of_cases=lambda done, total: update(done, total, "cases"),
        )
    if as_json:
        print_json({**asdict(night), "day": night.day.isoformat()})
        return
    print_pairs(
        {
            "day": night.day,
            "graded anew": f"{night.organisations:,}",
            **{f"  {WHY[reason]}": f"{n:,}" for reason, n in night.reasons.items()},
            "grades changed": f"{night.changed:,}",
            "cases": f"{sum(night.cases.values()):,}",
            **{f"  {what}": f"{n:,}" for what, n in night.cases.items()},
            "seconds": night.seconds,
        }
    )


def grades(organisation: Organisation, as_json: AsJson = False) -> None:
    """Show the grades that an organisation has now, and when they can change by time alone."""
    with running() as house:
        found = current_grades(subject_of(organisation, house.law), house.law)
        generated = is_generated(found.subject)
    if as_json:
        print_json(
            {
                **({"notice": GENERATED} if generated else {}),
                "subject": found.subject,
                "as_of": found.as_of.isoformat(),
                "position": found.position,
                "changes_on": found.changes_on.isoformat() if found.changes_on else None,
                "grades": [{**asdict(each), "version": each.version.isoformat()} for each in found.grades],
            }
        )
        return
    if generated:
        OUT.print(GENERATED, style="bold yellow")
    print_pairs(
        {
            "organisation": found.subject,
            "as of": found.as_of,
            "can change by time on": found.changes_on or "never",
        }
    )
    OUT.print()
    print_table(
        ["card", "version", "total", "grade"],
        [
            (each.card, each.version, None if each.total is None else shown(each.total), each.grade or "none")
            for each in found.grades
        ],
    )


COMMANDS = (nightly, grades)
