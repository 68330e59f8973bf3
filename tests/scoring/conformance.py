"""The engines under test behind one face, and what each of them lacks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

import pyarrow.parquet as pq
from tests.scoring import small_snapshot as small
from tests.scoring import test_scoring_agreement as agreement

from probity.rulebook import CARD, Law, Scorecard
from probity.scoring import (
    NO_TOTAL,
    WHY,
    Evaluation,
    applies,
    compile_card,
    encode,
    evaluate_with_inputs,
    score,
)
from probity.scoring.bulk import Answer, Asked, run_cards
from probity.scoring.engines import Engine, Local, Spark
from probity.scoring.inputs import read_by
from probity.scoring.kernel import known
from probity.scoring.reasons import points_of


@dataclass(frozen=True)
class Case:
    """Cards to be graded with in one pass, whom and as of when; ``delivered`` as for ``evaluate``."""

    law: Law = field(repr=False)
    cards: tuple[Scorecard, ...]
    organisations: Sequence[Any]
    as_of: date
    delivered: Collection[str] | None = None
    span: int = 4


@dataclass(frozen=True)
class Said:
    """What is said of an organisation: ``lines`` by indicator that read a record its points, how many records, and
    the bits of the reasons."""

    total: int | None
    grade: str | None
    no_grade: str | None
    contested: bool
    lines: Mapping[str, tuple[int, int, int]]


@dataclass(frozen=True)
class Outcome:
    """By card: whom it grades (by ordinal), and which of its indicators are known. An indicator that reads another
    card is left out: that differs from one organisation to another."""

    said: Mapping[str, Mapping[int, Said]] = field(default_factory=dict)
    known: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)


class Ability(StrEnum):
    """What not every engine can do."""

    SEVERAL = "several cards in one pass"
    BEYOND = "amounts beyond 64 bits"


@dataclass(frozen=True)
class Lack:
    """Why an engine cannot do that, and what it raises where it is asked to."""

    reason: str
    raises: type[Exception]


class Under(Protocol):
    """An engine under test."""

    name: str
    lacks: Mapping[Ability, Lack]

    def outcome(self, case: Case, folder: Path) -> Outcome:
        """What it says; ``folder`` is an empty one to work in."""


ONE_CARD = Lack("it is handed one card at a time; a run over a snapshot puts several together", ValueError)
WHOLE_NUMBERS = Lack(
    "a number in a snapshot has 64 bits; the ledger takes none that canonical JSON cannot hold", OverflowError
)


class Reference:
    """``evaluate``, one organisation after the other: the meaning."""

    name = "reference"
    lacks = {Ability.SEVERAL: ONE_CARD}

    def outcome(self, case: Case, folder: Path) -> Outcome:
        (card,) = case.cards
        said, lines = {}, set()
        for n, each in enumerate(case.organisations):
            if each.kind and applies(card, each.kind, each.scheme):
                # Whoever opens a file on a day sees nothing of later days.
                facts = [fact for fact in each.facts if fact.day <= case.as_of]
                meant = evaluate_with_inputs(
                    card, case.law, facts, case.as_of, case.delivered, each.kind, each.scheme
                ).evaluation
                said[n] = Said(
                    meant.total,
                    meant.grade,
                    meant.no_grade and meant.no_grade.value,
                    agreement.contested(card, facts, meant),
                    {
                        line.indicator: (
                            line.points,
                            len(line.contributions),
                            agreement.reasons(line, facts, case.as_of),
                        )
                        for line in meant.lines
                        if line.contributions
                    },
                )
                lines |= {(line.indicator, line.known) for line in meant.lines}
        own = _of_items(card)
        return Outcome({card.card: said}, {card.card: {name: is_known for name, is_known in lines if name in own}})


class Kernel:
    """``encode`` and ``score``, all organisations at once, given the results of the cards that are read."""

    name = "kernel"
    lacks = {Ability.SEVERAL: ONE_CARD}

    def outcome(self, case: Case, folder: Path) -> Outcome:
        (card,) = case.cards
        mine = {
            n: each
            for n, each in enumerate(case.organisations)
            if each.kind and applies(card, each.kind, each.scheme)
        }
        files = [each.facts for each in mine.values()]
        inputs = [self._inputs(case, card, each) for each in mine.values()]
        compiled, explained = (compile_card(card, case.as_of, explained=e) for e in (False, True))
        results = score(compiled, encode(compiled, files, inputs), case.delivered, points=True)
        lines = self._lines(explained, encode(explained, files, inputs), case, results)
        said = {
            n: Said(
                None if results.totals[place] == NO_TOTAL else int(results.totals[place]),
                None if results.grades[place] < 0 else card.bands[results.grades[place]].grade,
                None if (why := WHY[results.no_grade[place]]) is None else why.value,
                bool(results.contested[place]),
                lines.get(place, {}),
            )
            for place, n in enumerate(mine)
        }
        own, here = _of_items(card), known([compiled], case.delivered).indicators.tolist()
        names = [i.indicator for i in card.indicators]
        return Outcome(
            {card.card: said},
            {card.card: {name: k for name, k in zip(names, here, strict=True) if name in own and said}},
        )

    def _inputs(self, case: Case, card: Scorecard, each: Any) -> tuple[Evaluation, ...]:
        behind = evaluate_with_inputs(
            card, case.law, each.facts, case.as_of, case.delivered, each.kind, each.scheme
        ).inputs
        return read_by(card, behind)

    def _lines(self, explained: Any, records: Any, case: Case, results: Any) -> dict[int, dict[str, Any]]:
        found = points_of(explained, records, case.delivered)
        names = [i.indicator for i in explained.card.indicators]
        lines: dict[int, dict[str, Any]] = {}
        rows = zip(*(column.tolist() for column in agreement.vars_of(found)), strict=True)
        for place, indicator, points, read, why in rows:
            assert points == results.points[place, indicator]
            lines.setdefault(place, {})[names[indicator]] = (points, read, why)
        return lines


@dataclass
class Bulk:
    """A run over a snapshot, through one of the engines that a run can have."""

    engine: Engine
    name: str
    lacks: Mapping[Ability, Lack] = field(default_factory=lambda: {Ability.BEYOND: WHOLE_NUMBERS})

    def outcome(self, case: Case, folder: Path) -> Outcome:
        answer = self.run(case, folder)
        said, is_known, results = {}, {}, {result.card: result for result in answer.results}
        assert results.keys() == {card.card for card in case.cards}
        for card in case.cards:
            result = results[card.card]
            said[card.card] = dict(self._read(folder / "out", card.card))
            _assert_counted(result, said[card.card].values())
            own = _of_items(card)
            is_known[card.card] = {name: k for name, k in result.known.items() if name in own and said[card.card]}
        return Outcome(said, is_known)

    def run(self, case: Case, folder: Path, out: str = "out") -> Answer:
        """The run as such. The snapshot is made where there is none yet."""
        opened = small.make(
            folder / "snapshot", case.law, case.organisations, delivered=case.delivered, span=case.span
        )
        asked = Asked(tuple(card.card for card in case.cards), case.as_of, explained=True)
        return run_cards(case.cards, asked, opened, folder / out, case.law, self.engine)

    def _read(self, out: Path, card: str) -> Iterator[tuple[int, Said]]:
        lines: dict[int, dict[str, tuple[int, int, int]]] = {}
        for row in rows(out, "points", card):
            line = (row["points"], row["records"], row["reasons"])
            assert row["indicator"] not in lines.setdefault(row["organisation"], {})
            lines[row["organisation"]][row["indicator"]] = line
        graded = [row["organisation"] for row in rows(out, "grades", card)]
        assert graded == sorted(set(graded))
        assert lines.keys() <= set(graded)
        for row in rows(out, "grades", card):
            said = (row["total"], row["grade"], row["no_grade"], row["contested"])
            yield row["organisation"], Said(*said, lines.get(row["organisation"], {}))


def _assert_counted(result: Any, said: Collection[Said]) -> None:
    """What the manifest counts is what the files hold."""
    assert result.organisations == len(said)
    for counts, names in (
        (result.grades, [s.grade for s in said]),
        (result.no_grade, [s.no_grade for s in said]),
    ):
        assert {name: n for name, n in counts.items() if n} == {
            name: names.count(name) for name in names if name is not None
        }


def rows(out: Path, table: str, card: str) -> list[dict[str, Any]]:
    """The rows of a card's results, part after part."""
    found = sorted(out.glob(f"{table}-{card.replace('/', '.')}-*.parquet"))
    return [row for path in found for row in pq.ParquetFile(path).read().to_pylist()]


def _of_items(card: Scorecard) -> set[str]:
    """The indicators that read no other card."""
    return {i.indicator for i in card.indicators if not any(read.source.startswith(CARD) for read in i.reads)}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


LOCAL = Bulk(Local(1), "local")
THREADS = Bulk(Local(2), "local, two threads")
SPARK = Bulk(Spark("local[2]"), "spark")
REFERENCE = Reference()
KERNEL = Kernel()
ENGINES: tuple[Under, ...] = (REFERENCE, KERNEL, LOCAL, THREADS, SPARK)


def meant(case: Case, folder: Path) -> Outcome:
    """What the reference says of every card of the case, one after the other."""
    each = [REFERENCE.outcome(replace(case, cards=(card,)), folder) for card in case.cards]
    return Outcome(
        {card: said for one in each for card, said in one.said.items()},
        {card: said for one in each for card, said in one.known.items()},
    )
