"""``probity lists``: lists that another authority keeps, compared edition by edition and taken in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

import typer

from probity.cli.output import OUT, print_json, print_pairs, print_table, progress
from probity.errors import NotFoundError
from probity.service import House, law, running, sat69b
from probity.service.nightly import after_intake
from probity.service.wiring import today

app = typer.Typer(
    help="Lists: which there are; those that another authority keeps, compared edition by edition and taken in.",
    no_args_is_help=True,
)

KNOWN = MappingProxyType({sat69b.LIST: sat69b})
"""The lists that can be read, each with the room that does."""

TheList = Annotated[str, typer.Argument(help=f"The list: {', '.join(KNOWN)}.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("all", epilog="\b\nExample:\n  probity lists all --json")
def all_command(as_json: AsJson = False) -> None:
    """Every list of the law today: what it means, who keeps it, and on which grounds one comes onto it."""
    rows = [
        {
            "list": rule.list,
            "kind": rule.kind.value,
            "name": rule.name.en,
            "authorities": list(rule.authorities),
            "grounds": [each.criterion for each in rule.criteria],
        }
        for rule in law().lists
        if rule.in_force.covers(today())
    ]
    if as_json:
        print_json(rows)
    else:
        cells = [
            (row["list"], row["kind"], row["name"], ", ".join(row["authorities"]), len(row["grounds"]) or "")
            for row in rows
        ]
        print_table(["list", "kind", "name", "authorities", "grounds"], cells)


@app.command(
    "compare",
    epilog="\b\nExample:\n  probity lists compare mx-sat-69b --before 2021.csv --after 2023.csv --each --json",
)
def compare_command(
    list_: TheList,
    before: Annotated[list[Path], typer.Option("--before", help="A file of the earlier edition; all its parts.")],
    after: Annotated[list[Path], typer.Option("--after", help="A file of the later edition; all its parts.")],
    each: Annotated[bool, typer.Option("--each", help="With --json: also every move that is not lawful.")] = False,
    as_json: AsJson = False,
) -> None:
    """What became of every procedure from one edition to the next, and whether the law allows it."""
    known, rules = _known(list_), law()
    rule, calendar = sat69b.law_of(rules)
    earlier, later = known.read(before, calendar), known.read(after, calendar)
    found = known.as_json(known.compare(earlier, later, rule, calendar), moves=each)
    editions = {"before": known.edition_as_json(earlier), "after": known.edition_as_json(later)}
    if as_json:
        print_json({**editions, "comparison": found})
        return
    for name, edition in editions.items():
        _show_edition(name, edition)
    _show_moves(found)


@app.command(
    "import",
    epilog="\b\nExample:\n  probity lists import mx-sat-69b 69b.csv 69b-suppressed.csv",
)
def import_command(
    list_: TheList,
    files: Annotated[list[Path], typer.Argument(help="The edition: one file, or all its parts.")],
    as_json: AsJson = False,
) -> None:
    """Take an edition in: state what is new, correct and withdraw what changed. Again, it changes nothing.

    Stopped in the middle, run it again. Rows that cannot be read go to quarantine; then the command ends with 1.
    """
    known = _known(list_)
    with running() as house:
        edition = known.read(files, sat69b.law_of(house.law)[1])
        taken = _take(known, edition, house, files[0].stem, quiet=as_json)
    found = known.taken_as_json(taken)
    if as_json:
        print_json({"edition": known.edition_as_json(edition), **found})
    else:
        _show_edition("edition", known.edition_as_json(edition))
        _show_moves(found["comparison"])
        _show_taken(found)
    if edition.unread:
        raise typer.Exit(1)


def _take(known: Any, edition: sat69b.Edition, house: House, source: str, *, quiet: bool) -> sat69b.Taken:
    with progress("list", quiet=quiet) as update:
        taken: sat69b.Taken = known.take(edition, house.law, source=source, told=update)
        after_intake(house.law, update)
    return taken


def _known(name: str) -> Any:
    if name not in KNOWN:
        raise NotFoundError(f"no list {name!r} can be read", remedy=f"There is {', '.join(KNOWN)}.")
    return KNOWN[name]


def _show_edition(name: str, edition: Mapping[str, Any]) -> None:
    OUT.print(f"\n{name}", style="bold", markup=False)
    for key, value in edition.items():
        if isinstance(value, Mapping):
            print_pairs({f"{key.replace('_', ' ')}: {inner}": f"{count:,}" for inner, count in value.items()})
        else:
            print_pairs({key.replace("_", " "): value})


def _show_moves(comparison: Mapping[str, Any]) -> None:
    OUT.print()
    rows = [
        (move, f"{count:,}", "lawful" if why == "lawful" else f"not lawful: {why}")
        for move, counts in comparison["moves"].items()
        for why, count in counts.items()
    ]
    print_table(("move", "procedures", "by the law"), rows)
    OUT.print()
    print_pairs(
        {
            "lawful": f"{comparison['lawful']:,}",
            "not lawful": f"{comparison['not_lawful']:,}",
            "decisions held back": f"{comparison['held_back']:,}",
            "unreadable, left as they stood": f"{comparison['unreadable']:,}",
            **{f"blotted out: {name.replace('_', ' ')}": n for name, n in comparison["suppressed"].items()},
        }
    )


def _show_taken(found: Mapping[str, Any]) -> None:
    OUT.print()
    rows = [
        (name, f"{part['accepted']:,}", ", ".join(f"{count:,} {why}" for why, count in part["refused"].items()))
        for name, part in found["taken_in"].items()
    ]
    rows += [(f"{item}: corrected", f"{count:,}", "") for item, count in found["corrected"].items()]
    rows += [(f"{item}: withdrawn", f"{count:,}", "") for item, count in found["withdrawn"].items()]
    print_table(("statements", "number", "to quarantine"), rows)
