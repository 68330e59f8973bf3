"""Commands about grades: score, explain."""

from __future__ import annotations

import csv
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from probity import dossier
from probity.canon import Plain, canonical
from probity.cli.files import AsJson, KnownAt, Organisation, TrueOn, read_times
from probity.cli.output import OUT, plain, print_json, print_pairs, print_table, progress, say
from probity.clock import parse_day
from probity.dossier import GENERATED
from probity.errors import QuestionError
from probity.scoring import Explanation, GroupLine, shown
from probity.scoring import store as scoring
from probity.service import House, running, subject_of, today
from probity.service.grades import applying, graded, graded_by


class Language(StrEnum):
    """What --language takes."""

    EN = "en"
    ZH = "zh"
    BOTH = "both"


def score(
    card: Annotated[str, typer.Option("--card", help="The id of the scorecard.")],
    as_of: Annotated[str, typer.Option("--as-of", help="As true on this day (YYYY-MM-DD).")],
    known_at: KnownAt = None,
    out: Annotated[Path | None, typer.Option(help="Write every result to this CSV file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Grade everyone to whom a card applies.

    The run is recorded in the ledger with the hashes of what went in and came out, so that it can be replayed.
    """
    day = parse_day(as_of, where="--as-of")
    if day > today():
        raise QuestionError(
            f"{day} has not come: nobody can be graded as of it",
            where="--as-of",
            remedy="A run is kept for ever; name a day that has passed, or today.",
        )
    _, moment = read_times(None, known_at)
    if out:
        _writable(out)
    with running() as opened:
        everyone = dossier.count()
        with progress("organisations", quiet=as_json) as update:
            run = scoring.run(
                card, opened.law, true_on=day, known_at=moment, progress=lambda done: update(done, everyone)
            )
        grades, notice = scoring.distribution(run), scoring.notice(run)
        if out:
            _write(out, run)
    said = {"notice": notice} if notice else {}
    report = {**said, "run": run.number, "statement": run.statement, **run.manifest()}
    by_grade = {grade or "none": n for grade, n in sorted(grades.items(), key=lambda each: each[0] or "~")}
    if as_json:
        print_json({**report, "grades": by_grade})
    else:
        print_pairs({name.replace("_", " "): value for name, value in report.items()})
        OUT.print()
        print_table(["grade", "organisations"], list(by_grade.items()))


def _writable(out: Path) -> None:
    """Before anything is done: whether the file can be written. What stands in it stays until then."""
    try:
        out.open("a").close()
    except OSError as error:
        raise _cannot_be_written(out, error) from error


def _cannot_be_written(out: Path, error: OSError) -> QuestionError:
    return QuestionError(
        f"the results cannot be written: {error.strerror}", where=str(out), remedy="Name another file with --out."
    )


def _write(out: Path, run: scoring.Run) -> None:
    try:
        with out.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["organisation", "total", "grade", "notice"])
            for each in scoring.results(run):
                total = None if each.total is None else shown(each.total)
                writer.writerow([each.subject, total, each.grade, GENERATED if each.generated else None])
    except OSError as error:
        raise _cannot_be_written(out, error) from error


def explain(
    organisation: Organisation,
    card: Annotated[
        str | None, typer.Option("--card", help="The id of the scorecard; all that apply if left out.")
    ] = None,
    as_of: TrueOn = None,
    known_at: KnownAt = None,
    language: Annotated[Language, typer.Option(help="The language of the sentences.")] = Language.BOTH,
    as_json: AsJson = False,
) -> None:
    """Explain a grade, point by point.

    Each with its rule, the statements that it was made of, and their legal basis, in English and Chinese.
    """
    day, moment = read_times(as_of, known_at)
    with running() as opened:
        subject = subject_of(organisation, opened.law)
        true_on = day or opened.day_for(subject)
        file = dossier.open_file(subject, opened.law, true_on=true_on, known_at=moment)
        found = _explanations(file, card, opened)
    if as_json:
        answer: dict[str, Plain] = {
            **({"notice": GENERATED} if file.generated else {}),
            "subject": subject,
            "as_of": {"true_on": file.as_of.true_on.isoformat(), "known_at": file.as_of.known_at.isoformat()},
            "grades": [each.as_json() for each in found],
        }
        say(canonical(answer).decode())
        return
    if file.generated:
        OUT.print(GENERATED, style="bold yellow")
    OUT.print(plain(f"{file.name}  {subject}  as true on {file.as_of.true_on}"), style="bold", markup=False)
    for each in found:
        _show(each, ["en", "zh"] if language is Language.BOTH else [language.value])


def _explanations(file: dossier.Dossier, card: str | None, house: House) -> list[Explanation]:
    if card is not None:
        return [graded_by(file, card, house.law)]
    live, others = applying(file, house.law)
    if not live:
        periods = ", ".join(f"{c.card} from {c.in_force.from_} to {c.in_force.to or 'now'}" for c in others)
        raise QuestionError(
            f"no card for organisations like {file.subject} is in force on {file.as_of.true_on}",
            remedy=f"Ask for another day with --as-of: {periods}." if periods else "No card grades its kind.",
        )
    return [graded(file, each, house.law) for each in live]


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
        if not (line.points or line.records) and line.known:
            continue
        for language in languages:
            OUT.print(f"{indent}           {line.rule.in_(language)}", markup=False, style="dim")
            OUT.print(f"{indent}           {line.why.in_(language)}", markup=False, style="dim")
        for record in line.records:
            title = " ".join(dict.fromkeys(record.name.in_(language) for language in languages))
            OUT.print(f"{indent}           {record.day} {title} [{record.record[:12]}]", markup=False)
            for language in languages:
                OUT.print(f"{indent}             {record.why.in_(language)}", markup=False)
            OUT.print(f"{indent}             {record.basis}; {record.reference}", markup=False, style="dim")


COMMANDS = (score, explain)
