"""Commands about grades: score, explain."""

from __future__ import annotations

import csv
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from probity import dossier
from probity.canon import Plain, canonical
from probity.cli.bulk import EngineName, Where, grade_snapshot
from probity.cli.files import AsJson, KnownAt, Organisation, TrueOn, read_times
from probity.cli.output import OUT, plain, print_json, print_pairs, print_table, progress, say
from probity.clock import parse_day
from probity.dossier import GENERATED
from probity.errors import QuestionError
from probity.scoring import Explanation, GroupLine, shown
from probity.scoring import store as scoring
from probity.scoring.bulk import Asked
from probity.service import running, subject_of, today
from probity.service.grades import cards_for, graded


class Language(StrEnum):
    """What --language takes."""

    EN = "en"
    ZH = "zh"
    BOTH = "both"


OneCard = Annotated[
    str | None, typer.Option("--card", help="The id of the scorecard; all that apply if left out.")
]
InLanguage = Annotated[Language, typer.Option("--language", help="The language of the sentences.")]


def score(
    card: Annotated[list[str], typer.Option("--card", help="The id of the scorecard; with --snapshot, several.")],
    as_of: Annotated[str, typer.Option("--as-of", help="As true on this day (YYYY-MM-DD).")],
    known_at: KnownAt = None,
    out: Annotated[
        Path | None, typer.Option(help="Write every result to this CSV file; with --snapshot, into this folder.")
    ] = None,
    snapshot: Annotated[
        Path | None, typer.Option(help="Grade everyone in this snapshot (probity snapshot), without a database.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="With --snapshot: also every indicator's points, and why.")
    ] = False,
    engine: Annotated[
        EngineName, typer.Option(help="With --snapshot: where the work is done.")
    ] = EngineName.LOCAL,
    threads: Annotated[int | None, typer.Option(help="Of the local engine; all cores if left out.")] = None,
    master: Annotated[str | None, typer.Option(help="Spark's master, as spark://host:7077.")] = None,
    as_json: AsJson = False,
) -> None:
    """Grade everyone to whom a card applies.

    The run is recorded in the ledger with the hashes of what went in and came out, so that it can be replayed.
    With --snapshot the results are Parquet files with a manifest; interrupted, the same command goes on.
    """
    day = parse_day(as_of, where="--as-of")
    if day > today():
        raise QuestionError(
            f"{day} has not come: nobody can be graded as of it",
            where="--as-of",
            remedy="A run is kept for ever; name a day that has passed, or today.",
        )
    _, moment = read_times(None, known_at)
    if snapshot is not None:
        asked = Asked(tuple(card), day, moment, explain)
        grade_snapshot(asked, snapshot, out, Where(engine, threads, master), as_json=as_json)
    else:
        _without_snapshot(explain, engine, threads, master, card)
        _recorded(card[0], day, moment, out, as_json=as_json)


def _without_snapshot(
    explain: bool, engine: EngineName, threads: int | None, master: str | None, cards: list[str]
) -> None:
    """What has a meaning only for a snapshot is refused without one, rather than passed over."""
    given = {
        "--explain": explain,
        "--engine": engine is not EngineName.LOCAL,
        "--threads": threads is not None,
        "--master": master is not None,
        "--card": len(cards) > 1,
    }
    for option in (name for name, is_given in given.items() if is_given):
        raise QuestionError(
            "is for grading a snapshot" if option != "--card" else "several cards are graded from a snapshot",
            where=option,
            remedy="Make one with probity snapshot, and name it with --snapshot.",
        )


def _recorded(card: str, day: date, moment: datetime | None, out: Path | None, *, as_json: bool) -> None:
    """A run over the register, kept in the ledger."""
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
    card: OneCard = None,
    as_of: TrueOn = None,
    known_at: KnownAt = None,
    language: InLanguage = Language.BOTH,
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
        found = [graded(file, each, opened.law) for each in cards_for(file, card, opened.law)]
    if as_json:
        say_of(file, grades=[each.as_json() for each in found])
        return
    print_heading(file)
    for each in found:
        _show(each, languages_of(language))


def languages_of(language: Language) -> list[str]:
    """The languages that are shown."""
    return ["en", "zh"] if language is Language.BOTH else [language.value]


def say_of(file: dossier.Dossier, **said: Plain) -> None:
    """What is said of an organisation as JSON, with its two times and a notice where it was made up."""
    times = {"true_on": file.as_of.true_on.isoformat(), "known_at": file.as_of.known_at.isoformat()}
    notice = {"notice": GENERATED} if file.generated else {}
    say(canonical({**notice, "subject": file.subject, "as_of": times, **said}).decode())


def print_heading(file: dossier.Dossier) -> None:
    """Who is spoken of, as true on which day, with a notice where it was made up."""
    if file.generated:
        OUT.print(GENERATED, style="bold yellow")
    OUT.print(plain(f"{file.name}  {file.subject}  as true on {file.as_of.true_on}"), style="bold", markup=False)


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
