"""Commands about what would change a grade and how it went: outlook, history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Annotated

import typer

from probity import dossier
from probity.canon import canonical
from probity.cli.files import AsJson, KnownAt, Organisation, TrueOn, read_times
from probity.cli.output import OUT, plain, print_table, say
from probity.cli.scores import InLanguage, Language, OneCard, languages_of, print_heading, say_of
from probity.clock import parse_day
from probity.dossier import GENERATED
from probity.rulebook import Text
from probity.scoring import shown
from probity.scoring.outlook import Graded, Outlook, Point, Told, said_later
from probity.service import grade_history, outlook_of, running, subject_of
from probity.service.grades import cards_for

MOST_REASONS = 3
"""Later statements shown for one day; the rest is in the JSON."""
MOST_RECORDS = 12
"""Records shown below one piece of advice; the rest is in the JSON."""


def outlook(
    organisation: Organisation,
    card: OneCard = None,
    as_of: TrueOn = None,
    known_at: KnownAt = None,
    language: InLanguage = Language.BOTH,
    as_json: AsJson = False,
) -> None:
    """What would change a grade: time alone, repair, good conduct.

    The smallest sets of records for each, how far it is to every other grade, and what the grade rests on.
    """
    day, moment = read_times(as_of, known_at)
    with running() as opened:
        subject = subject_of(organisation, opened.law)
        file = dossier.open_file(subject, opened.law, true_on=day or opened.day_for(subject), known_at=moment)
        found = [outlook_of(file, each, opened.law) for each in cards_for(file, card, opened.law)]
    if as_json:
        say_of(file, outlooks=[each.as_json() for each in found])
        return
    print_heading(file)
    for each in found:
        _show(each, languages_of(language))


def _show(found: Outlook, languages: Sequence[str]) -> None:
    total = "no total" if found.total is None else shown(found.total)
    OUT.print(f"\n{found.name.en}  {total}  {found.grade or 'no grade'}", style="bold", markup=False)
    if found.silent:
        _say(found.silent, languages, "")
        return
    if found.firmness:
        _say(found.firmness, languages, "")
    falls = (found.falls,) if found.falls else ()
    _part("Time alone", (*found.time, *falls), languages)
    _part("Repair", found.repair, languages)
    _part("Good conduct", found.conduct, languages)
    if found.carriers:
        OUT.print("What the total rests on", style="bold")
        for each in found.carriers[:MOST_RECORDS]:
            named = each.named
            title = (
                f"  {shown(each.effect):>7}  {named.day} {_called(named.name, languages)} [{named.record[:12]}]"
            )
            OUT.print(plain(title), markup=False)
            if named.why:
                _say(named.why, languages, "           ")
        _rest(len(found.carriers) - MOST_RECORDS)
    if found.edges:
        edges = ", ".join(f"{grade} {'+' if points > 0 else ''}{shown(points)}" for grade, points in found.edges)
        OUT.print(f"To the edge of every other grade: {edges}", markup=False)
    for remark in found.remarks:
        _say(remark, languages, "", style="dim")


def _part(title: str, told: Iterable[Told], languages: Sequence[str]) -> None:
    for n, each in enumerate(told):
        if n == 0:
            OUT.print(title, style="bold")
        _say(each.sentence, languages, "  ")
        for record in each.records[:MOST_RECORDS]:
            name = _called(record.name, languages)
            OUT.print(plain(f"    {record.day} {name} [{record.record[:12]}]"), markup=False)
            if record.why:
                _say(record.why, languages, "      ", style="dim")
        _rest(len(each.records) - MOST_RECORDS)


def _rest(more: int) -> None:
    if more > 0:
        OUT.print(f"    and {more:,} more, in the JSON", style="dim")


def _say(text: Text, languages: Sequence[str], indent: str, style: str | None = None) -> None:
    for language in languages:
        OUT.print(plain(indent + text.in_(language)), markup=False, style=style)


def _called(name: Text, languages: Sequence[str]) -> str:
    return " ".join(dict.fromkeys(name.in_(language) for language in languages))


def history(
    organisation: Organisation,
    card: Annotated[str, typer.Option("--card", help="The id of the scorecard.")],
    first: Annotated[
        str | None, typer.Option("--from", help="The first day (YYYY-MM-DD); five years before, if left out.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", help="The last day; today if left out.")] = None,
    known_at: KnownAt = None,
    language: Annotated[Language, typer.Option(help="The language of what was stated later.")] = Language.EN,
    as_json: AsJson = False,
) -> None:
    """How a grade went: as known on each day, and with what is known now.

    A row for every day on which either changes, and the later statements that make the difference.
    """
    begins = None if first is None else parse_day(first, where="--from")
    ends, moment = read_times(last, known_at)
    with running() as opened:
        subject = subject_of(organisation, opened.law)
        found = grade_history(
            subject, card, opened.law, first=begins, last=ends or opened.day_for(subject), known_at=moment
        )
    if as_json:
        say(canonical({"subject": subject, **found.as_json()}).decode())
        return
    if found.generated:
        OUT.print(GENERATED, style="bold yellow")
    OUT.print(plain(f"{subject}  {found.card}  {found.first} to {found.last}"), style="bold", markup=False)
    languages = languages_of(language)
    rows = [(each.day, _graded(each.then), _graded(each.now), _why(each, languages)) for each in found.points]
    print_table(["from", "as known then", "as known now", "what was stated later"], rows)
    if not found.complete:
        OUT.print("There is more than can be told: it begins later, or days between are left out.", style="dim")


def _graded(graded: Graded) -> str:
    if graded.total is None:
        return str(graded.why)
    return f"{graded.grade or graded.why}  {shown(graded.total)}"


def _why(point: Point, languages: Sequence[str]) -> str:
    counted = Counter(_called(said_later(each), languages) for each in point.later)
    said = [f"{text} ({number})" if number > 1 else text for text, number in counted.most_common(MOST_REASONS)]
    if len(counted) > MOST_REASONS:
        said.append("And more, in the JSON.")
    if point.delivered_later:
        said.append(f"First delivered later: {_some(point.delivered_later)}.")
    return " ".join(said)


def _some(items: Sequence[str]) -> str:
    more = len(items) - MOST_REASONS
    return ", ".join(items[:MOST_REASONS]) + (f" and {more} more" if more > 0 else "")


COMMANDS = (outlook, history)
