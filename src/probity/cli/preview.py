"""The command preview: what a draft rule would do, before it is law."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from probity import dossier
from probity.cli.files import AsJson, KnownAt, TrueOn, read_times
from probity.cli.output import OUT, plain, print_pairs, print_table, progress, say
from probity.cli.pages import write, write_pages
from probity.rulebook import WHOLE, Text
from probity.scoring import shown
from probity.scoring.preview import Moved, Report, Share, Standing
from probity.service import running, subject_of
from probity.service.preview import as_bytes, ask, check_name, keep, page
from probity.service.preview import preview as make

Card = Annotated[
    str,
    typer.Option("--card", help="The new card: its id, id@day for the version of a day, or a draft's YAML file."),
]
Against = Annotated[str, typer.Option("--against", help="The old card, in the same way.")]
Asked = Annotated[
    list[str] | None,
    typer.Option("--organisation", help="Explain this organisation's move, too; repeat for more."),
]
FromSnapshot = Annotated[
    Path | None, typer.Option("--snapshot", help="Count from the snapshot in this folder rather than the ledger.")
]
Out = Annotated[
    Path | None, typer.Option("--out", help="Write the page in both languages and the JSON into this folder.")
]
Html = Annotated[Path | None, typer.Option("--html", help="Write the page in English to this file.")]
Keep = Annotated[
    str | None, typer.Option("--keep", help="Keep it under this name, for the portal to show at /previews/NAME.")
]


def preview(
    card: Card,
    against: Against,
    as_of: TrueOn = None,
    known_at: KnownAt = None,
    organisation: Asked = None,
    snapshot: FromSnapshot = None,
    out: Out = None,
    html: Html = None,
    kept_as: Keep = None,
    as_json: AsJson = False,
) -> None:
    """Preview a draft: who moves from which grade to which.

    Both cards are applied to everyone in the register, on the same day, whatever their own days in force.
    Nobody is graded and nothing is recorded. Winners and losers are told by size, sector, region and ownership.
    """
    day, moment = read_times(as_of, known_at)
    if kept_as is not None:
        check_name(kept_as)
    with running() as opened:
        question = ask(card, against, opened, day)
        subjects = [subject_of(code, opened.law) for code in organisation or ()]
        everyone = dossier.count()
        with progress("organisations", quiet=as_json) as update:
            report = make(
                question,
                known_at=moment,
                snapshot=snapshot,
                organisations=subjects,
                progress=lambda done: update(done, everyone),
            )
        if kept_as:
            keep(report, question, kept_as)
        if out:
            write_pages(out, "preview", as_bytes(report), partial(page, report))
        if html:
            write(html, page(report, "en").encode())
    if as_json:
        say(as_bytes(report).decode())
    else:
        _show(report)


def _show(report: Report) -> None:
    if report.notice:
        OUT.print(report.notice, style="bold yellow")
    print_pairs(
        {
            "new card": _side(report.new.name, report.new.card, report.new.draft, str(report.new.in_force_from)),
            "old card": _side(report.old.name, report.old.card, report.old.draft, str(report.old.in_force_from)),
            "true on": report.as_of,
            "known at": report.known_at.isoformat(timespec="seconds"),
            "organisations": f"{report.organisations:,}, {report.outcomes.compared:,} with a grade by both cards",
            "better": _share(report.better),
            "worse": _share(report.worse),
            "the same": f"{report.outcomes.same:,}",
            "no grade by one": f"{report.outcomes.apart:,}",
        }
    )
    _transitions(report)
    _moves(report)
    for dimension in report.dimensions:
        _title(dimension.name)
        if not dimension.rows:
            OUT.print("too few to say anything, or all of one class", markup=False)
            continue
        print_table(
            ["class", "compared", "better", "worse", "mean move"],
            [
                (
                    _both(row.name),
                    f"{row.compared:,}",
                    _share(row.better),
                    _share(row.worse),
                    _move(row.mean_move, report),
                )
                for row in dimension.rows
            ],
        )
    _rules(report)
    if report.asked:
        _moved("Asked about", report.asked, 0, report)
    for title, moved, more in (
        ("Moved most: up", report.up, report.more_up),
        ("Moved most: down", report.down, report.more_down),
    ):
        _moved(title, moved, more, report)
    OUT.print()
    for note in report.notes:
        OUT.print(plain(f"{note.en} {note.zh}"), markup=False, style="dim")


def _title(name: Text) -> None:
    OUT.print(f"\n{_both(name)}", style="bold", markup=False)


def _both(text: Text) -> str:
    """In both languages, where they differ."""
    return plain(" ".join(dict.fromkeys((text.en, text.in_("zh")))))


def _side(name: Text, card: str, draft: str | None, since: str) -> str:
    return f"{_both(name)}  {card}  {f'draft {draft}' if draft else f'version of {since}'}"


def _share(share: Share) -> str:
    """The count, the share, its interval, and a mark where that excludes everyone's share (two: corrected,
    too).
    """
    mark = "*" * (share.differs + share.strongly)
    part, low, high = (f"{each * 100 / WHOLE:.1f}" for each in (share.share, share.low, share.high))
    return f"{share.count:,}  {part} % ({low}-{high}){mark}"


def _move(move: int, report: Report) -> str:
    sign = "+" if move > 0 else ""
    return f"{sign}{shown(move)}" if report.moves.unit == "points" else f"{sign}{move * 100 / WHOLE:.1f} %"


def _transitions(report: Report) -> None:
    rows = [*(grade.grade for grade in report.old.grades), "no grade", "not graded by it"]
    columns = [*(grade.grade for grade in report.new.grades), "no grade", "not graded by it"]
    _title(Text(en="From grade to grade: rows by the old card, columns by the new one", zh="等级变动"))
    print_table(
        ["", *columns, "all"],
        [
            (name, *(f"{count:,}" for count in counts), f"{sum(counts):,}")
            for name, counts in zip(rows, report.matrix, strict=True)
        ],
    )


def _moves(report: Report) -> None:
    moves = report.moves
    _title(Text(en="How far totals move", zh="总分变动"))
    print_pairs(
        {
            "up, down, not at all": f"{moves.up:,}, {moves.down:,}, {moves.none:,}",
            "mean": _move(moves.mean, report),
            **{f"{each.per_cent} % move at most": _move(each.move, report) for each in moves.quantiles},
        }
    )


def _rules(report: Report) -> None:
    _title(Text(en="What the new card says otherwise", zh="新指标的不同规定"))
    for change in report.changes:
        OUT.print(_both(change.what), markup=False)
        for mark, said in (("-", change.before), ("+", change.after)):
            if said:
                OUT.print(f"  {mark} {_both(said)}", markup=False, style="dim")


def _moved(title: str, moved: Sequence[Moved], more: int, report: Report) -> None:
    _title(Text(en=title))
    for each in moved:
        move = f"{_move(each.move, report)}  {_standing(each.before)} -> {_standing(each.after)}"
        contested = "  contested" if each.contested else ""
        OUT.print(plain(f"{each.name}  {each.subject}  {move}{contested}"), markup=False)
        for change in each.changes:
            OUT.print(f"    {shown(change.difference):>7}  {_both(change.name)}", markup=False)
            OUT.print(f"             {_both(change.why)}", markup=False, style="dim")
        for part, named in ((each.base, "what everyone begins with"), (each.rest, "rounding, ends of the scale")):
            if part:
                OUT.print(f"    {shown(part):>7}  {named}", markup=False)
        for card, standing in (("old", each.before), ("new", each.after)):
            for gate in standing.gates:
                OUT.print(f"             held down by the {card} card: {_both(gate)}", markup=False, style="dim")
    if more:
        OUT.print(f"and {more:,} others as far as the last one, or farther", markup=False)
    if not moved:
        OUT.print("nobody", markup=False)


def _standing(standing: Standing) -> str:
    total = "-" if standing.total is None else shown(standing.total)
    return f"{total} {standing.grade or 'no grade'}"


COMMANDS = (preview,)
