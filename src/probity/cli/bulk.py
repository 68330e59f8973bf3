"""``probity score --snapshot``: everyone in a snapshot graded, without a database."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from probity.cli.output import OUT, print_json, print_pairs, print_table, progress
from probity.errors import QuestionError
from probity.rulebook import Law, Scorecard
from probity.scoring.bulk import Answer, Asked, CardResult, run_bulk
from probity.scoring.engines import Engine, Local, Spark
from probity.service import law


class EngineName(StrEnum):
    """What --engine takes."""

    LOCAL = "local"
    SPARK = "spark"


@dataclass(frozen=True, slots=True)
class Where:
    """Where the work of a bulk run is done: on ``threads`` here (None: as many as there are cores), or in a
    cluster whose master is at an address."""

    engine: EngineName
    threads: int | None
    master: str | None


def grade_snapshot(asked: Asked, snapshot: Path, out: Path | None, where: Where, *, as_json: bool) -> None:
    """Grade everyone in the snapshot, and say what came out."""
    if out is None:
        raise QuestionError(
            "the results of a snapshot need a folder", where="--out", remedy="Name one that is new or empty."
        )
    _refuse_file(out)
    engine, read = _engine(where), law()
    with progress("organisations", quiet=as_json) as update:
        answer = _in_order(run_bulk(asked, snapshot, out, read, engine, progress=update), read)
    if as_json:
        print_json(answer.model_dump(mode="json", exclude={"files"}) | {"out": str(out), "hash": answer.hash})
        return
    print_pairs(_heading(answer, out))
    for result in answer.results:
        OUT.print()
        print_table([result.card, "organisations"], _rows(result))


def _refuse_file(out: Path) -> None:
    """Whether there can be a folder: a file there, or further up, is in the way however often it is tried."""
    nearest = next((each for each in (out, *out.parents) if each.exists()), None)
    if nearest is not None and not nearest.is_dir():
        raise QuestionError(
            "is a file, and the results of a snapshot need a folder",
            where=str(nearest),
            remedy="Name a folder with --out, one that is new or empty.",
        )


def _engine(where: Where) -> Engine:
    if where.engine is EngineName.SPARK:
        if where.threads is not None:
            raise QuestionError(
                "is for the local engine; Spark has cores of its own",
                where="--threads",
                remedy="Leave it out, or leave out --engine spark.",
            )
        return Spark(where.master)
    if where.master is not None:
        raise QuestionError(
            "is for grading in a Spark cluster, and the local engine was asked for",
            where="--master",
            remedy="Add --engine spark, or leave out --master.",
        )
    if where.threads is not None and where.threads < 1:
        raise QuestionError("at least one thread is needed", where="--threads", remedy="Write 1 or more.")
    return Local(where.threads or os.cpu_count() or 1)


def _in_order(answer: Answer, law: Law) -> Answer:
    """The same answer with grades and indicators in the order of each card, the best grade first. A manifest that
    is read back has them by the alphabet, as canonical JSON has."""
    versions = {asked.card: asked.version for asked in answer.question.cards}
    results = [_as_on(law.card(each.card, versions[each.card]), each) for each in answer.results]
    return answer.model_copy(update={"results": tuple(results)})


def _as_on(card: Scorecard, result: CardResult) -> CardResult:
    grades = {band.grade: result.grades[band.grade] for band in card.bands}
    known = {each.indicator: result.known[each.indicator] for each in card.indicators}
    return result.model_copy(update={"grades": grades, "known": known})


def _heading(answer: Answer, out: Path) -> dict[str, Any]:
    said = {"notice": answer.notice} if answer.notice else {}
    question = answer.question
    return {
        **said,
        "results": str(out),
        "as of": question.as_of,
        "known at": question.known_at.isoformat(),
        "position": question.position,
        "snapshot": question.snapshot,
        "hash": answer.hash,
    }


def _rows(result: CardResult) -> list[tuple[str, int]]:
    unknown = [f"not known: {name}" for name, known in result.known.items() if not known]
    grades = [*result.grades.items(), *((f"none, {why}", n) for why, n in result.no_grade.items() if n)]
    return [*grades, *((name, result.organisations) for name in unknown)]
