"""Commands about grades: score, explain."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated

import typer

from probity import dossier
from probity.canon import Plain, canonical
from probity.cli.files import AsJson, KnownAt, Organisation, TrueOn
from probity.cli.output import OUT, print_json, print_pairs, print_table, progress
from probity.clock import parse_day, parse_moment
from probity.dossier import GENERATED
from probity.errors import QuestionError
from probity.scoring import Explanation, GroupLine, shown
from probity.scoring import store as scoring
from probity.service import running, subject_of
from probity.service.grades import applying, graded, graded_by

Language = Annotated[str, typer.Option("--language", help="en, zh or both.")]


def score(
    card: Annotated[str, typer.Option("--card", help="The id of the scorecard.")],
    as_of: Annotated[str, typer.Option("--as-of", help="As true on this day (YYYY-MM-DD).")],
    known_at: KnownAt = None,
    out: Annotated[Path | None, typer.Option(help="Write every result to this CSV file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Grade everyone to whom a card applies, and record the run in the ledger."""
    day = parse_day(as_of)
    moment = parse_moment(known_at) if known_at else None
    with running() as opened:
        everyone = dossier.count()
        with progress("organisations") as update:
            run = scoring.run(
                card, opened.law, true_on=day, known_at=moment, progress=lambda done: update(done, everyone)
            )
        grades = scoring.distribution(run)
        if out:
            _write(out, run)
    report = {"run": run.number, "statement": run.statement, **run.manifest()}
    by_grade = {grade or "none": n for grade, n in sorted(grades.items(), key=lambda each: each[0] or "~")}
    if as_json:
        print_json({**report, "grades": by_grade})
    else:
        print_pairs(report)
        print_table(["grade", "organisations"], list(by_grade.items()))


def _write(out: Path, run: scoring.Run) -> None:
    try:
        with out.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["organisation", "total", "grade", "notice"])
            for each in scoring.results(run):
                total = None if each.total is None else shown(each.total)
                writer.writerow([each.subject, total, each.grade, GENERATED if each.generated else None])
    except OSError as error:
        raise QuestionError(f"{out} cannot be written: {error.strerror}", remedy="Name another file.") from error


def explain(
    organisation: Organisation,
    card: Annotated[
        str | None, typer.Option("--card", help="The id of the scorecard; all that apply if left out.")
    ] = None,
    as_of: TrueOn = None,
    known_at: KnownAt = None,
    language: Language = "both",
    as_json: AsJson = False,
) -> None:
    """Explain a grade: every point with its rule, its statements and their legal basis."""
    if language not in ("en", "zh", "both"):
        raise QuestionError(f"{language!r} is not a language of the explanations", remedy="Use en, zh or both.")
    day = parse_day(as_of) if as_of else None
    moment = parse_moment(known_at) if known_at else None
    with running() as opened:
        subject = subject_of(organisation, opened.law)
        file = dossier.open_file(subject, opened.law, true_on=day or opened.true_on, known_at=moment)
        if card:
            found = [graded_by(file, card, opened.law)]
        else:
            live, _ = applying(file, opened.law)
            found = [graded(file, each, opened.law) for each in live]
    if not found:
        raise QuestionError(
            f"no card for organisations like {subject} is in force on {file.as_of.true_on}",
            remedy="Ask for another day with --as-of, or name a card with --card.",
        )
    if as_json:
        answer: dict[str, Plain] = {
            **({"notice": GENERATED} if file.generated else {}),
            "subject": subject,
            "as_of": {"true_on": file.as_of.true_on.isoformat(), "known_at": file.as_of.known_at.isoformat()},
            "grades": [each.as_json() for each in found],
        }
        typer.echo(canonical(answer).decode())
        return
    if file.generated:
        OUT.print(GENERATED, style="bold yellow")
    OUT.print(f"{file.name}  {subject}", style="bold", markup=False)
    for each in found:
        _show(each, ["en", "zh"] if language == "both" else [language])


def _show(explanation: Explanation, languages: list[str]) -> None:
    total = "no total" if explanation.total is None else shown(explanation.total)
    OUT.print(f"\n{explanation.name.en}  {total}  {explanation.grade or 'no grade'}", style="bold", markup=False)
    for language in languages:
        OUT.print(explanation.why.in_(language), markup=False)
    OUT.print(
        f"{explanation.basis}; {explanation.reference}; version of {explanation.version}",
        markup=False,
        style="dim",
    )
    for group in explanation.groups:
        _show_group(group, languages, 0)


def _show_group(group: GroupLine, languages: list[str], depth: int) -> None:
    indent = "  " * depth
    title = " ".join(dict.fromkeys(group.name.in_(language) for language in languages))
    OUT.print(f"{indent}{title}  {shown(group.points)} of {shown(group.weight)}", style="bold", markup=False)
    for inner in group.groups:
        _show_group(inner, languages, depth + 1)
    for line in group.indicators:
        name = " ".join(dict.fromkeys(line.name.in_(language) for language in languages))
        OUT.print(f"{indent}  {shown(line.points):>7}  {name} (at most {shown(line.weight)})", markup=False)
        for language in languages:
            OUT.print(f"{indent}           {line.rule.in_(language)}", markup=False, style="dim")
            if line.points or not line.known or line.records:
                OUT.print(f"{indent}           {line.why.in_(language)}", markup=False, style="dim")
        for record in line.records:
            OUT.print(f"{indent}           {record.day} {record.name.en} [{record.record[:12]}]", markup=False)
            for language in languages:
                OUT.print(f"{indent}             {record.why.in_(language)}", markup=False)
            OUT.print(f"{indent}             {record.basis}; {record.reference}", markup=False, style="dim")


COMMANDS = (score, explain)
