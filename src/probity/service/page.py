"""What the pages show: the public file with its grades, the search, and the start page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from probity import dossier, ledger
from probity.canon import Plain
from probity.dossier import Match
from probity.errors import NotFoundError
from probity.identity import without_persons
from probity.publication import (
    PublicFile,
    PublicGrade,
    as_json,
    public_file,
    public_grade,
    public_history,
    public_outlook,
)
from probity.rulebook import Law, Scorecard
from probity.scoring import store as scoring
from probity.scoring.outlook import History, Outlook
from probity.service.grades import applying, graded
from probity.service.outlook import grade_history, outlook_of
from probity.service.wiring import house

EXAMPLES = 4


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """One organisation in public. ``not_in_force``: cards for the likes of it that are no law on that day."""

    file: PublicFile
    grades: tuple[PublicGrade, ...]
    not_in_force: tuple[Scorecard, ...]


@dataclass(frozen=True, slots=True)
class CardSummary:
    """A card with its latest run, and how many organisations got each grade (None: no grade)."""

    card: Scorecard
    run: scoring.Run | None
    distribution: Mapping[str | None, int]


@dataclass(frozen=True, slots=True)
class HomePage:
    """The start page. ``generated``: some of what the register holds was made up."""

    organisations: int
    cards: tuple[CardSummary, ...]
    examples: tuple[Match, ...]
    generated: bool


def organisation_page(subject: str, law: Law, *, true_on: date, known_at: datetime | None) -> OrganisationPage:
    """The public file of ``subject`` and its grades at the two times, cards that give none last.

    Raises NotFoundError, QuestionError.
    """
    file = dossier.open_file(subject, law, true_on=true_on, known_at=known_at)
    public = public_file(file, law)
    open_records = {record.id for record in public.records}
    live, others = applying(file, law)
    grades = [public_grade(card, graded(file, card, law), open_records) for card in live]
    grades.sort(key=lambda each: each.explanation.grade is None)
    return OrganisationPage(file=public, grades=tuple(grades), not_in_force=tuple(others))


def page_outlooks(page: OrganisationPage, law: Law) -> tuple[Outlook, ...]:
    """What would change each of the grades on the page, in their order, in public."""
    times, open_records = page.file.dossier.as_of, {record.id for record in page.file.records}
    subject = page.file.dossier.subject
    file = dossier.open_file(subject, law, true_on=times.true_on, known_at=times.known_at)
    return tuple(public_outlook(outlook_of(file, each.card, law), open_records) for each in page.grades)


def page_histories(page: OrganisationPage, law: Law) -> tuple[History, ...]:
    """How each of the grades on the page went, in their order, in public."""
    times, open_records = page.file.dossier.as_of, {record.id for record in page.file.records}
    subject = page.file.dossier.subject
    found = (
        grade_history(subject, each.card.card, law, last=times.true_on, known_at=times.known_at)
        for each in page.grades
    )
    return tuple(public_history(each, open_records) for each in found)


def history_page(subject: str, card: str, law: Law, *, true_on: date, known_at: datetime | None) -> History:
    """How a grade went up to ``true_on``, in public. Raises NotFoundError, QuestionError."""
    file = dossier.open_file(subject, law, true_on=true_on, known_at=known_at)
    open_records = {record.id for record in public_file(file, law).records}
    return public_history(grade_history(subject, card, law, last=true_on, known_at=known_at), open_records)


def page_as_json(page: OrganisationPage, outlooks: Sequence[Outlook]) -> dict[str, Plain]:
    """A page and its outlooks as plain JSON; a history has an address of its own."""
    return {
        **as_json(page.file),
        "grades": [grade.as_json() for grade in page.grades],
        "outlooks": [outlook.as_json() for outlook in outlooks],
    }


def search_page(text: str) -> list[Match]:
    """Organisations by name or code."""
    return [_public(match) for match in dossier.search(text, limit=50)]


def home_page() -> HomePage:
    """The register in numbers, the cards with their latest runs, and a few organisations to begin with."""
    examples = [_public(match) for match in dossier.examples(house().law, EXAMPLES)]
    return HomePage(
        organisations=dossier.count(),
        cards=tuple(_summary(card) for card in house().law.cards),
        examples=tuple(examples),
        generated=ledger.holds_generated(),
    )


def _public(match: Match) -> Match:
    return replace(match, name=without_persons(match.name))


def _summary(card: Scorecard) -> CardSummary:
    try:
        run = scoring.latest(card.card, card.in_force.from_)
    except NotFoundError:
        return CardSummary(card, None, {})
    return CardSummary(card, run, scoring.distribution(run))
