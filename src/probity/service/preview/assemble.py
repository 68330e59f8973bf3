"""From a question to what can be said in public: the counts as tables, those moved most explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from probity import dossier
from probity.dossier import GENERATED
from probity.errors import NotFoundError, NotRegisteredError, QuestionError, SnapshotError
from probity.ledger import Position, resolve
from probity.publication import public_file, public_grade
from probity.rulebook import Choice, Law, Text
from probity.scoring import applies
from probity.scoring import preview as tables
from probity.scoring.preview import Moved, Report, Tally
from probity.service.grades import graded
from probity.service.preview import ledger
from probity.service.preview import snapshot as snapshots
from probity.service.preview.cards import Question
from probity.service.preview.counted import CLASSES, REGISTRATION, Counted
from probity.service.wiring import house


class NotGradedError(QuestionError):
    """One of the two cards does not grade such organisations; a page can say so in its own language."""


def preview(
    question: Question,
    *,
    known_at: datetime | None = None,
    snapshot: Path | None = None,
    organisations: Sequence[str] = (),
    progress: ledger.Progress | None = None,
) -> Report:
    """What the new card would change for everyone in the register. Nobody is graded and nothing is recorded.

    With a ``snapshot`` the counts come from that; those moved most, and the ``organisations`` (subjects) asked
    about, are explained from the ledger either way. Raises NotRegisteredError for one of these, QuestionError
    for a moment in the future, and where no organisation is graded by both cards; SnapshotError.
    """
    if snapshot is None:
        position = resolve(known_at)
        asked = tuple(one(subject, question, position) for subject in organisations)
        return report(question, position, ledger.count(question, position, progress), asked)
    counted, position = snapshots.count(question, snapshot, house().law, known_at=known_at, progress=progress)
    asked = tuple(one(subject, question, position) for subject in organisations)
    return report(question, position, counted, asked)


def report(question: Question, position: Position, counted: Counted, asked: tuple[Moved, ...]) -> Report:
    """Everything that the counts say. Raises QuestionError where no organisation is graded by both cards."""
    tally, old, new = counted.tally, question.old, question.new
    _refuse_strangers(tally, question)
    shown = _dimensions(counted, old.law)
    better, worse = tables.overall(tally)
    up, down = (
        tuple(_moved(counted.subjects[ordinal], question, position) for ordinal, _ in tally.most(sign))
        for sign in (1, -1)
    )
    generated = counted.generated or any(each.generated for each in (*up, *down, *asked))
    return Report(
        notice=GENERATED if generated else None,
        as_of=question.as_of,
        known_at=position.known_at,
        position=position.number,
        old=tables.side(old.card, old.law.hash, old.draft.name if old.draft else None),
        new=tables.side(new.card, new.law.hash, new.draft.name if new.draft else None),
        organisations=tally.organisations,
        compared_by=tables.compared_by(tally),
        matrix=tables.matrix(tally),
        outcomes=tables.outcomes(tally.outcomes.tolist()),
        better=better,
        worse=worse,
        moves=tables.moves(tally),
        dimensions=shown,
        changes=tables.changes(old.card, new.card, new.law),
        up=up,
        down=down,
        more_up=tally.beyond(1),
        more_down=tally.beyond(-1),
        asked=asked,
        notes=tables.notes(tally, shown),
    )


def _refuse_strangers(tally: Tally, question: Question) -> None:
    """The last row and column of the matrix are those whom one of the cards does not grade."""
    if not tally.matrix[:-1, :-1].any():
        raise QuestionError(
            f"nobody in the register on {question.as_of} is graded by both {question.new.card.card} and "
            f"{question.old.card.card}",
            where="--as-of",
            remedy="Ask about a day on which the register holds organisations that both cards apply to.",
        )


def _dimensions(counted: Counted, law: Law) -> tuple[tables.Dimension, ...]:
    classes = counted.tally.classes
    if "region" in classes:
        classes["region"] = tables.at_one_level(classes["region"])
    return tables.dimensions(counted.tally, _names(counted, law))


def _names(counted: Counted, law: Law) -> dict[str, Mapping[str, Text]]:
    """What the law calls the classes, in its order; regions by their code."""
    names: dict[str, Mapping[str, Text]] = {}
    for name in CLASSES:
        attribute = _attribute(name, law)
        names[name] = {choice.value: choice.name for choice in attribute}
    codes = sorted(code for code in counted.tally.classes.get("region", {}) if code)
    names["region"] = {code: tables.region_name(code, counted.regions) for code in codes}
    return names


def _attribute(name: str, law: Law) -> tuple[Choice, ...]:
    try:
        found = law.item(REGISTRATION).attribute(name)
    except NotFoundError:
        return ()
    return found.choices if found else ()


def _moved(subject: str, question: Question, position: Position) -> Moved:
    """The move of one of those who are moved most."""
    try:
        return one(subject, question, position)
    except NotRegisteredError as error:
        raise SnapshotError(
            f"the snapshot holds {subject}, which this register does not know",
            remedy="Use a snapshot of this ledger: probity snapshot --out FOLDER.",
        ) from error


def one(subject: str, question: Question, position: Position) -> Moved:
    """What the new card would change for one organisation, with nothing in it that is not public.

    Raises NotRegisteredError, and NotGradedError where one of the cards does not grade such organisations.
    """
    old, new = question.old, question.new
    file = dossier.open_file(subject, old.law, true_on=question.as_of, known_at=position.known_at)
    for card in (old.card, new.card):
        if not applies(card, file.kind, file.scheme):
            raise NotGradedError(
                f"{card.card} does not grade organisations like {subject} ({file.kind.value})",
                remedy="Ask about an organisation that both cards apply to.",
            )
    public = public_file(file, old.law)
    open_records = {record.id for record in public.records}
    before, after = (
        public_grade(side.card, graded(file, side.card, side.law), open_records).explanation for side in (old, new)
    )
    known = before.total is not None and after.total is not None
    move = tables.move(old.card.scale, new.card.scale, before.total, after.total) if known else 0
    return tables.moved(subject, public.dossier.name, before, after, move=move, generated=file.generated)
