"""Everyone under both cards, from a snapshot: both in one pass, in bounded memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from probity.errors import SnapshotError
from probity.ledger import Position
from probity.rulebook import Law, Scorecard
from probity.scoring import NO_GRADE
from probity.scoring.bulk import Asked, file_name, run_cards
from probity.scoring.engines import Local
from probity.scoring.preview import NOT_GRADED, Coded, Results, Tally
from probity.scoring.snapshot import Snapshot
from probity.service.preview.cards import Question
from probity.service.preview.counted import CLASSES, Counted
from probity.service.preview.ledger import Progress
from probity.service.wiring import home

_USCC = "cn-uscc:"
_REGION = slice(len(_USCC) + 2, len(_USCC) + 8)


def count(
    question: Question,
    folder: Path,
    law: Law,
    *,
    known_at: datetime | None = None,
    progress: Progress | None = None,
) -> tuple[Counted, Position]:
    """Apply both cards to everyone in the snapshot; the counts, and the place in the ledger up to which it was
    known.

    Classes are those that the register states at the end of the snapshot. ``law`` is the one without drafts,
    where the cards find those whose results they read. Raises SnapshotError and QuestionError as a bulk run
    does.
    """
    opened = Snapshot.open(folder)
    position = opened.position(known_at)
    old, new = _apart(question)
    with _space() as space:
        generated = _grade((old, new), question, opened, space, law, known_at, progress)
        counted = Counted(Tally(question.old.card, question.new.card), generated=generated)
        for part in opened.parts:
            _add(counted, opened, part, _read(space, old, part), _read(space, new, part))
    return counted, position


def _grade(
    cards: tuple[Scorecard, Scorecard],
    question: Question,
    opened: Snapshot,
    space: Path,
    law: Law,
    known_at: datetime | None,
    progress: Progress | None,
) -> bool:
    """Leave the results in ``space``; whether somebody in them is made up."""
    asked = Asked(tuple(card.card for card in cards), question.as_of, known_at)
    told = (lambda done, _: progress(done)) if progress else None
    try:
        return run_cards(cards, asked, opened, space, law, Local(os.cpu_count() or 1), told).notice is not None
    except SnapshotError as error:
        remedy = f"Leave out --snapshot: the ledger holds whatever a draft may read. Otherwise: {error.remedy}"
        raise SnapshotError(error.what, where=error.where, remedy=remedy) from error


def _apart(question: Question) -> tuple[Scorecard, Scorecard]:
    """The two cards under ids of their own: they may be two versions of one card, or one may read the other."""
    old, new = question.old.card, question.new.card
    return old.model_copy(update={"card": f"{old.card}.old"}), new.model_copy(update={"card": f"{new.card}.new"})


@contextmanager
def _space() -> Iterator[Path]:
    """A folder for the results, on the disk of the data folder; gone afterwards."""
    home().mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="preview-", dir=home()) as space:
        yield Path(space)


def _read(space: Path, card: Scorecard, part: int) -> tuple[NDArray[np.int64], Results]:
    """The ordinals that a card grades in a part, and their results."""
    table = pq.read_table(space / file_name("grades", card.card, part))
    grades = table["grade"].cast(pa.string()).combine_chunks().dictionary_encode()
    bands = np.array([*(card.band(grade) for grade in grades.dictionary.to_pylist()), NO_GRADE], np.int64)
    return table["organisation"].to_numpy().astype(np.int64), Results(
        table["total"].fill_null(0).to_numpy(), bands[grades.indices.fill_null(len(bands) - 1).to_numpy()]
    )


def _add(
    counted: Counted,
    opened: Snapshot,
    part: int,
    old: tuple[NDArray[np.int64], Results],
    new: tuple[NDArray[np.int64], Results],
) -> None:
    names = opened.table(part, "names", ["organisation", "subject", *CLASSES, "region"])
    ordinals = names["organisation"].to_numpy().astype(np.int64)
    subjects, codes = names["subject"], _codes(names["subject"])
    classes = {name: _coded(names[name]) for name in CLASSES}
    before, after = (_everyone(ordinals, *side) for side in (old, new))
    counted.tally.add(ordinals, before, after, {**classes, "region": _coded(codes)})
    most = [ordinal for sign in (1, -1) for ordinal, _ in counted.tally.most(sign)]
    own = [ordinal for ordinal in most if ordinal not in counted.subjects]
    places = np.searchsorted(ordinals, own)
    counted.remember(dict(zip(own, subjects.take(pa.array(places, pa.int64())).to_pylist(), strict=True)))
    for code, stated in _first_stated(codes, names["region"]):
        counted.regions.setdefault(code, stated)


def _everyone(ordinals: NDArray[np.int64], own: NDArray[np.int64], results: Results) -> Results:
    """The results with a place for everyone in the part."""
    totals, grades = np.zeros(len(ordinals), np.int64), np.full(len(ordinals), NOT_GRADED, np.int64)
    places = np.searchsorted(ordinals, own)
    totals[places], grades[places] = results.totals, results.grades
    return Results(totals, grades)


def _codes(subjects: pa.ChunkedArray) -> pa.ChunkedArray:
    """The six digits of the registrar's region, where the subject is known by a code that tells it."""
    digits = pc.utf8_slice_codeunits(subjects, _REGION.start, _REGION.stop)
    return pc.if_else(pc.starts_with(subjects, _USCC), digits, pa.scalar(None, pa.string()))


def _coded(column: pa.ChunkedArray) -> Coded:
    encoded = column.cast(pa.string()).combine_chunks().dictionary_encode()
    values = encoded.dictionary.to_pylist()
    return Coded(encoded.indices.fill_null(len(values)).to_numpy(), (*values, None))


def _first_stated(codes: pa.ChunkedArray, stated: pa.ChunkedArray) -> Iterator[tuple[str, str]]:
    """What the first register entry of each region calls it."""
    table = pa.table({"code": codes, "stated": stated.cast(pa.string())}).drop_null()
    first = table.group_by("code", use_threads=False).aggregate([("stated", "first")])
    return zip(first["code"].to_pylist(), first["stated_first"].to_pylist(), strict=True)
