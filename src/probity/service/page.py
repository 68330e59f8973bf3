"""What the pages show: the public file with its grades, the search, and the start page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from probity import dossier, ledger
from probity.canon import Plain
from probity.dossier import Match
from probity.errors import NotFoundError
from probity.identity import without_persons
from probity.publication import PublicFile, PublicGrade, as_json, public_file, public_grade
from probity.rulebook import Law, Scorecard
from probity.scoring import store as scoring
from probity.service.grades import applying, graded
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
    """The public file of ``subject`` and its grades at the two times. Raises NotFoundError, QuestionError."""
    file = dossier.open_file(subject, law, true_on=true_on, known_at=known_at)
    public = public_file(file, law)
    open_records = {record.id for record in public.records}
    live, others = applying(file, law)
    return OrganisationPage(
        file=public,
        grades=tuple(public_grade(card, graded(file, card, law), open_records) for card in live),
        not_in_force=tuple(others),
    )


def page_as_json(page: OrganisationPage) -> dict[str, Plain]:
    """The same as plain JSON."""
    return {**as_json(page.file), "grades": [grade.as_json() for grade in page.grades]}


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
