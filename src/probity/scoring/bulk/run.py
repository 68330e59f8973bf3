"""A bulk run: everyone in a snapshot graded by some cards at once, through any engine, to the same bytes."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from probity.canon import Plain
from probity.dossier import GENERATED
from probity.errors import QuestionError, SnapshotError
from probity.ledger import Position
from probity.rulebook import WHOLE, Law, OrganisationKind, Scorecard
from probity.scoring.bulk.bind import bind
from probity.scoring.bulk.part import CardWork, PartWork, Pass, file_name
from probity.scoring.bulk.question import (
    ANOTHER,
    MANIFEST,
    QUESTION,
    RESULTS,
    Answer,
    AskedCard,
    CardResult,
    Question,
    read_answer,
)
from probity.scoring.bulk.terms import terms
from probity.scoring.compile import compile_card
from probity.scoring.engines.model import Done, Engine
from probity.scoring.folder import LOCK, alone, going_to_disk, sealed, unsealed, write_whole, writing
from probity.scoring.inputs import order, sources
from probity.scoring.kernel import known
from probity.scoring.reference import applies
from probity.scoring.snapshot.manifest import File, Manifest, described
from probity.scoring.snapshot.read import Snapshot
from probity.scoring.tables import CompiledCard

Progress = Callable[[int, int], None]
"""Is told how many organisations are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A bulk run that is wanted: these cards (in the version in force on ``as_of``), on this snapshot."""

    cards: tuple[str, ...]
    as_of: date
    known_at: datetime | None = None
    explained: bool = False


def run_bulk(
    asked: Asked, snapshot: Path, out: Path, law: Law, engine: Engine, progress: Progress | None = None
) -> Answer:
    """Grade everyone in the snapshot, and leave the results in ``out``; returns their manifest.

    Begun before and interrupted, the run goes on where it was; finished before, it is verified. Raises
    NotFoundError for an unknown card, QuestionError where ``out`` holds the results of another question,
    SnapshotError where the snapshot is not whole or lacks what a card reads (half a snapshot gives no grade), and
    StoreError where the results cannot be written or somebody else is writing them.
    """
    opened = Snapshot.open(snapshot)
    cards = [law.card(card, asked.as_of) for card in dict.fromkeys(asked.cards)]
    return run_cards(cards, asked, opened, out, law, engine, progress)


def run_cards(
    cards: Sequence[Scorecard],
    asked: Asked,
    opened: Snapshot,
    out: Path,
    law: Law,
    engine: Engine,
    progress: Progress | None = None,
) -> Answer:
    """The same with cards that need not be law: drafts, and versions of other days."""
    position = opened.position(asked.known_at)
    question = Question(
        cards=tuple(AskedCard(card=card.card, version=card.in_force.from_) for card in cards),
        as_of=asked.as_of,
        position=position.number,
        known_at=position.known_at,
        explained=asked.explained,
        rulebook_hash=law.hash,
        snapshot=opened.manifest.hash,
    )
    if _finished(question, out):
        return _verified(question, out)
    # What cannot be worked on leaves nothing behind.
    opened.refuse_partial()
    work = _work(cards, asked, opened, out, law, position)
    with writing(out, RESULTS):
        out.mkdir(parents=True, exist_ok=True)
        with alone(out, "writing results here"):
            _begin(question, out)
            return _run(question, work, opened, engine, progress)


def _run(
    question: Question, work: PartWork, opened: Snapshot, engine: Engine, progress: Progress | None
) -> Answer:
    out = work.out
    with going_to_disk():  # the manifest vouches for files that are on the disk
        done = _all_done(engine, work, opened, out, progress)
    _refuse_elsewhere(done, out)
    answer = Answer(
        question=question,
        results=tuple(_result(card, work, done) for card in work.cards if card.wanted),
        notice=GENERATED if any(each.generated for each in done) else None,
        files=tuple(file for each in done for file in each.files),
    )
    write_whole(out / MANIFEST, answer.bytes())
    for left in out.glob("*.done"):
        left.unlink()
    (out / LOCK).unlink()
    return answer


# -- the folder ----------------------------------------------------------------------------------------


def _finished(question: Question, out: Path) -> bool:
    """Whether the folder holds finished results of this very question; QuestionError where it is another's."""
    with writing(out, RESULTS):
        lying = {path.name for path in out.iterdir()} if out.exists() else set()
        asked = (out / QUESTION).read_bytes() if QUESTION in lying else None
    if asked is not None and asked != question.bytes():
        raise QuestionError("holds the results of another question", where=str(out), remedy=ANOTHER)
    if asked is None and lying - _BEFORE:
        raise QuestionError("is not empty, and holds no results", where=str(out), remedy=ANOTHER)
    return MANIFEST in lying


_BEFORE = {LOCK, f"{QUESTION}.new"}
"""What a run may leave that was killed before it had written its question."""


def _begin(question: Question, out: Path) -> None:
    """Write the question, and remove what an earlier attempt had not finished writing."""
    for left in out.glob("*.new"):
        left.unlink()
    if not (out / QUESTION).exists():
        write_whole(out / QUESTION, question.bytes())


def _verified(question: Question, out: Path) -> Answer:
    """The finished results, each file compared with its hash."""
    answer = read_answer(out)
    if answer.question != question:
        raise SnapshotError("is the manifest of other results", where=str(out / MANIFEST), remedy=ANOTHER)
    for file in answer.files:
        if not _is_there(out, file):
            raise SnapshotError(
                "is not the file that the manifest names", where=str(out / file.name), remedy=ANOTHER
            )
    return answer


def _is_there(out: Path, file: File) -> bool:
    path = out / file.name
    return path.is_file() and described(path, file.rows) == file


def _all_done(
    engine: Engine, work: PartWork, opened: Snapshot, out: Path, progress: Progress | None
) -> list[Done]:
    """Every part done, those of an earlier attempt taken over where their files are still what they were."""
    size = [part.rows("organisations") for part in opened.manifest.parts]
    earlier = [done for part in opened.parts if (done := _kept(out, part)) is not None]
    found = {done.part: done for done in earlier}
    _refuse_full(out, sum(size) - sum(size[part] for part in found), len(work.cards))
    finished = sum(size[part] for part in found)
    with closing(engine.run(work, [part for part in opened.parts if part not in found])) as arriving:
        for done in arriving:
            write_whole(out / f"part-{done.part:06}.done", sealed(_as_json(done)), wait=False)
            found[done.part] = done
            finished += size[done.part]
            if progress:
                progress(finished, sum(size))
    return [found[part] for part in sorted(found)]


def _refuse_elsewhere(done: Sequence[Done], out: Path) -> None:
    """Whether every file is here: a worker in a cluster may have written into a folder of its own."""
    for file in (file for each in done for file in each.files):
        path = out / file.name
        if not path.is_file() or path.stat().st_size != file.bytes:
            raise SnapshotError(
                "was written, and is not here",
                where=str(path),
                remedy="Every worker must see this folder under the same path; remove it and run again.",
            )


def _refuse_full(out: Path, organisations: int, cards: int) -> None:
    """Before the work rather than in it: whether the disk has room for a byte of grade for everyone."""
    if shutil.disk_usage(out).free < organisations * cards:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(out))


def _as_json(done: Done) -> dict[str, Plain]:
    return {
        "part": done.part,
        "files": [file.model_dump() for file in done.files],
        "grades": {card: dict(counted) for card, counted in done.grades.items()},
        "no_grade": {card: dict(counted) for card, counted in done.no_grade.items()},
        "generated": done.generated,
    }


def _kept(out: Path, part: int) -> Done | None:
    """What an earlier attempt left of a part, if all of it is there."""
    try:
        said = unsealed(json.loads((out / f"part-{part:06}.done").read_bytes()))
    except (FileNotFoundError, ValueError):
        return None
    files = tuple(File.model_validate(file) for file in said["files"])
    whole = all(_is_there(out, file) for file in files)
    return Done(part, files, said["grades"], said["no_grade"], said["generated"]) if whole else None


# -- the work ------------------------------------------------------------------------------------------


def _work(
    cards: Sequence[Scorecard], asked: Asked, opened: Snapshot, out: Path, law: Law, position: Position
) -> PartWork:
    """Everything that a part needs, each card after those whose results it reads."""
    _refuse_one_name(cards)
    ids = Counter(card.card for card in cards)
    wanted = {card.card if ids[card.card] == 1 else f"{card.card}@{card.in_force.from_}": card for card in cards}
    ordered: dict[str, Scorecard] = {}
    for key, card in wanted.items():
        for each in order(card, law, asked.as_of)[:-1]:
            ordered.setdefault(each.card, wanted.get(each.card, each))
        ordered.setdefault(key, card)
    manifest = opened.manifest
    delivered = opened.delivered(position, sources(ordered.values()))
    works: list[CardWork] = []
    for key, card in ordered.items():
        reads = frozenset(card.inputs).intersection(each.key for each in works)
        compiled = compile_card(card, asked.as_of)
        explained = compile_card(card, asked.as_of, explained=True) if asked.explained and key in wanted else None
        works.append(
            CardWork(
                key=key,
                compiled=compiled,
                explained=bind([explained], manifest)[0] if explained else None,
                wanted=key in wanted,
                reads=reads,
                complete=_is_complete(compiled, delivered),
            )
        )
    first_day = date.fromisoformat(manifest.first_day) if manifest.first_day else asked.as_of
    return PartWork(
        folder=opened.folder.resolve(),
        snapshot=manifest.hash,
        out=out.resolve(),
        as_of=asked.as_of,
        position=position,
        delivered=delivered,
        terms=terms(manifest.kinds, law, first_day, asked.as_of),
        cards=tuple(works),
        passes=tuple(_passes(works, manifest)),
    )


def _refuse_one_name(cards: Sequence[Scorecard]) -> None:
    """Whether the results of two cards would lie in files of one name."""
    names = Counter(file_name("grades", card, 0) for card in {card.card for card in cards})
    for name in (name for name, n in names.items() if n > 1):
        raise QuestionError(
            f"two of the cards have their results in files of one name, {name}",
            where="--card",
            remedy="Grade by one of them at a time, each into a folder of its own.",
        )


def _is_complete(compiled: CompiledCard, delivered: frozenset[str]) -> bool:
    """Whether the card leaves nobody without a grade: no occasion is asked for, enough is known whatever other
    cards say, and the last band takes the lowest total."""
    card = compiled.card
    enough = _weight(card, known([compiled], delivered).indicators) * 100 >= compiled.needed
    return card.occasion is None and enough and card.bands[-1].from_ <= card.scale.from_


def _weight(card: Scorecard, is_known: Iterable[bool]) -> int:
    """The weight of the indicators that are known."""
    return sum(i.weight for i, k in zip(card.indicators, is_known, strict=True) if k)


def _passes(cards: Sequence[CardWork], manifest: Manifest) -> Iterator[Pass]:
    """The cards in few passes: those together that grade the same organisations by their records and by age. A
    card that reads others comes after them, as it does among ``cards``."""
    groups: dict[object, list[CardWork]] = {}
    for each in cards:
        card = each.compiled.card
        alone = card.inputs or card.occasion
        groups.setdefault(each.key if alone else _applies(card, manifest).tobytes(), []).append(each)
    for group in groups.values():
        applying = _applies(group[0].compiled.card, manifest)
        left = iter(group)
        for bound in bind([each.compiled for each in group], manifest):
            yield Pass(bound, tuple(islice(left, len(bound.cards))), applying)


def _applies(card: Scorecard, manifest: Manifest) -> NDArray[np.bool_]:
    kinds = [OrganisationKind(kind) for kind in manifest.organisation_kinds]
    table = [[*(applies(card, kind, scheme) for kind in kinds), False] for scheme in manifest.schemes]
    return np.array(table, np.bool_).reshape(len(manifest.schemes), len(kinds) + 1)


def _result(card: CardWork, work: PartWork, done: Sequence[Done]) -> CardResult:
    grades: Counter[str] = sum((Counter(each.grades[card.key]) for each in done), Counter())
    no_grade: Counter[str] = sum((Counter(each.no_grade[card.key]) for each in done), Counter())
    indicators = card.compiled.card.indicators
    is_known = _known(work)[card.key]
    return CardResult(
        card=card.key,
        organisations=grades.total() + no_grade.total(),
        grades={band.grade: grades[band.grade] for band in card.compiled.card.bands},
        no_grade=dict(sorted(no_grade.items())),
        known={i.indicator: k for i, k in zip(indicators, is_known, strict=True)},
        known_weight=_weight(card.compiled.card, is_known) * WHOLE // sum(i.weight for i in indicators),
    )


def _known(work: PartWork) -> dict[str, list[bool]]:
    """By card which of its indicators are known; of those that read a card, whether that one knows enough."""
    found: dict[str, list[bool]] = {}
    enough: dict[str, bool] = {}
    for each in work.cards:
        compiled = each.compiled
        here = known([compiled], work.delivered)
        # A card that nobody asks says nothing; that is known.
        inputs = np.array([enough.get(card, True) for card in compiled.card.inputs], np.bool_)
        found[each.key] = (here.indicators | (here.inputs & inputs).any(axis=1)).tolist()
        weight = _weight(compiled.card, found[each.key])
        # Without an occasion there is nothing to know.
        enough[compiled.card.card] = compiled.card.occasion is not None or weight * 100 >= compiled.needed
    return found
