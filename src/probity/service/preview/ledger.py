"""Everyone under both cards, straight from the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

import numpy as np

from probity.dossier import Dossier, every_file
from probity.ledger import Position, delivered
from probity.rulebook import Scorecard
from probity.scoring import (
    NO_GRADE,
    CompiledCard,
    applies,
    compile_card,
    encode,
    evaluate_with_inputs,
    facts,
    order,
    score,
    sources,
)
from probity.scoring.preview import NOT_GRADED, Coded, Results, Tally, region_of
from probity.service.preview.cards import Chosen, Question
from probity.service.preview.counted import CLASSES, Counted

AT_ONCE = 5_000

Progress = Callable[[int], None]
"""Is told how many organisations are done."""


def count(question: Question, position: Position, progress: Progress | None = None) -> Counted:
    """Apply both cards to everyone in the register, as known at ``position``."""
    old, new = (_Grader(side, question, position) for side in (question.old, question.new))
    counted = Counted(Tally(question.old.card, question.new.card))
    schemes = _schemes(question)
    files = every_file(question.old.law, true_on=question.as_of, position=position, schemes=schemes)
    done = 0
    while some := list(islice(files, AT_ONCE)):
        own = [file for _, file in some]
        ordinals = np.array([ordinal for ordinal, _ in some], np.int64)
        counted.tally.add(ordinals, old.grade(own), new.grade(own), _classes(own))
        counted.remember(dict(zip(ordinals.tolist(), (file.subject for file in own), strict=True)))
        for file in own:
            counted.note(file.subject, file.register.get("region"), generated=file.generated)
        done += len(some)
        if progress:
            progress(done)
    return counted


def _schemes(question: Question) -> tuple[str, ...]:
    """The schemes that either card names; all, where one of them names none."""
    named = (question.old.card.schemes, question.new.card.schemes)
    return tuple({*named[0], *named[1]}) if all(named) else ()


class _Grader:
    """One of the cards, applied to some organisations at a time."""

    def __init__(self, side: Chosen, question: Question, position: Position) -> None:
        self._side, self._as_of = side, question.as_of
        self._compiled: CompiledCard = compile_card(side.card, question.as_of)
        self._known = delivered(position, sources(order(side.card, side.law, question.as_of)))

    def grade(self, files: Sequence[Dossier]) -> Results:
        """Totals and grades; NOT_GRADED where the card does not apply."""
        totals, grades = np.zeros(len(files), np.int64), np.full(len(files), NOT_GRADED, np.int64)
        concerned = [n for n, file in enumerate(files) if applies(self._side.card, file.kind, file.scheme)]
        if not concerned:
            return Results(totals, grades)
        own = [files[n] for n in concerned]
        if self._side.card.inputs:
            found = list(self._one_by_one(own))
            totals[concerned], grades[concerned] = np.array(found, np.int64).T
        else:
            results = score(self._compiled, encode(self._compiled, map(facts, own)), self._known)
            totals[concerned], grades[concerned] = results.totals, results.grades
        return Results(totals, grades)

    def _one_by_one(self, files: Sequence[Dossier]) -> Iterator[tuple[int, int]]:
        """For a card that reads other cards' results."""
        card: Scorecard = self._side.card
        for file in files:
            found = evaluate_with_inputs(
                card, self._side.law, facts(file), self._as_of, self._known, file.kind, file.scheme
            ).evaluation
            yield found.total or 0, NO_GRADE if found.grade is None else card.band(found.grade)


def _classes(files: Sequence[Dossier]) -> dict[str, Coded]:
    found = {name: _coded([_stated(file, name) for file in files]) for name in CLASSES}
    return {**found, "region": _coded([region_of(file.subject) for file in files])}


def _stated(file: Dossier, attribute: str) -> str | None:
    value = file.register.get(attribute)
    return None if value is None else str(value)


def _coded(values: Sequence[str | None]) -> Coded:
    places: dict[str | None, int] = {}
    codes = [places.setdefault(value, len(places)) for value in values]
    return Coded(np.array(codes, np.int64), tuple(places))
