"""Check the house: every statement against its hash, every projection, every kept grade and every scoring
run against the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction

from probity import dossier, ledger
from probity.measures import store as measures
from probity.procedures import store as procedures
from probity.rulebook import Law
from probity.scoring import store as scoring
from probity.service.snapshot import check_snapshot, default_folder
from probity.service.wiring import days

Progress = Callable[[int, int], None]
"""Is told how many statements are checked, of how many."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked, and what was found to differ (nothing, in a sound house)."""

    statements: int
    batches: int
    organisations: int
    runs: int
    snapshot: str | None
    faults: tuple[str, ...]


def fsck(law: Law, progress: Progress | None = None, snapshot: Path | None = None) -> Report:
    """Rebuild everything that is derived, and compare. Changes nothing.

    ``snapshot``: a folder with one; where it is left out, the one of the data folder, if there is any.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        # One view of the whole house, whoever writes meanwhile.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        faults = [*_statements(progress), *_batches(), *dossier.differences(law)]
        faults += procedures.differences(law)
        faults += measures.differences()
        faults += scoring.kept_differences(law, days())
        runs = scoring.runs()
        for run in runs:
            faults += scoring.differences(run, law)
        folder = snapshot or (default_folder() if (default_folder() / "manifest.json").exists() else None)
        faults += check_snapshot(folder, law) if folder else ()
        return Report(
            statements=ledger.count(),
            batches=_count_batches(),
            organisations=dossier.count(),
            runs=len(runs),
            snapshot=str(folder) if folder else None,
            faults=tuple(faults),
        )


def _statements(progress: Progress | None) -> Iterator[str]:
    done, total = 0, ledger.count()
    for some in ledger.stream():
        for each in some:
            if not each.verified():
                yield f"statement {each.id} at position {each.position} is not what its id is the hash of"
        done += len(some)
        if progress:
            progress(done, total)
    if done != total:
        yield f"{total - done} statements belong to no batch"


def _batches() -> Iterator[str]:
    """Each batch holds the positions it says, and batches follow each other in number, position and time."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT b.number FROM ledger_batch b
              LEFT JOIN (SELECT batch, min(position) AS first, max(position) AS last, count(*) AS rows
                           FROM ledger_statement GROUP BY batch) s ON s.batch = b.number
             WHERE b.last_position - b.first_position + 1 <> coalesce(s.rows, 0)
                OR s.first <> b.first_position OR s.last <> b.last_position
            """
        )
        yield from (f"batch {number} does not hold the positions it says" for (number,) in cursor.fetchall())
        cursor.execute(
            """
            SELECT number FROM (SELECT number, recorded_at, first_position,
                                       lag(recorded_at) OVER w AS before, lag(last_position) OVER w AS upto
                                  FROM ledger_batch WINDOW w AS (ORDER BY number)) b
             WHERE before >= recorded_at OR upto >= first_position
            """
        )
        yield from (f"batch {number} does not follow the one before it" for (number,) in cursor.fetchall())


def _count_batches() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_batch")
        return int(cursor.fetchone()[0])
