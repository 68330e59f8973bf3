"""A nation graded: Parquet to Parquet, beside a bare scan of the very columns that the run reads.

``python -m bench.scoring --organisations 33000000 --records 165000000 --json``. A generated snapshot
(``nation.py``) is graded on two threads by the Zhejiang card, with explanations, by ten cards in one pass, and by
a card in which a record counts 1.5 times. Between these DuckDB reads the same columns of the same files on two
threads; everything takes turns, and the medians of the turns count. Memory is that of a process that does nothing
but one run.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from unittest.mock import patch

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from bench import peers
from bench.cards import CARD, DENSE, VARIANTS, WORKPLACE
from bench.counted import contributions
from bench.harness import Figures, printed
from bench.nation import stored
from probity.rulebook import Law, load
from probity.scoring.bulk import Answer, Asked, run_bulk
from probity.scoring.engines import Done, Local, Work
from probity.scoring.snapshot.layout import TABLES
from probity.scoring.snapshot.read import Snapshot

DAY = date(2023, 6, 30)
THREADS = 2
TURNS = 3
SAMPLE = (1 << 18, 5 << 18)
"""Organisations and records on which the peers are measured."""

Read = Mapping[str, frozenset[str]]
"""The columns that a run reads, by table."""


def measure(organisations: int, records: int, turns: int = TURNS) -> Figures:
    """All figures of one size."""
    folder, books = stored(organisations, records)
    law = load(books)
    ways: dict[str, Callable[[], object]] = {
        name: partial(run, folder, law, cards, explained)
        for name, cards, explained in (
            ("score", (CARD,), False),
            ("explain", (CARD,), True),
            ("ten_cards", (CARD, *VARIANTS), False),
            ("dense", (DENSE,), False),
        )
    }
    read = columns_read(ways["score"])
    ways["scan"] = partial(scan, Snapshot.open(folder), read)
    seconds = in_turns(ways, turns)
    ratios = {
        "ratio_to_scan": seconds["score"] / seconds["scan"],
        "ratio_explain": seconds["explain"] / seconds["score"],
        "ratio_ten": seconds["ten_cards"] / seconds["score"],
        "ratio_dense": seconds["dense"] / seconds["score"],
    }
    return {
        "organisations": organisations,
        "records": records,
        **{f"{name}_s": round(taken, 3) for name, taken in seconds.items()},
        **{name: round(ratio, 2) for name, ratio in ratios.items()},
        "organisations_per_s": round(organisations / seconds["score"]),
        "peak_rss_mb": peak_of_a_run(folder, books),
        "snapshot_mb": sum(file.bytes for file in Snapshot.open(folder).manifest.files) >> 20,
        **on_a_sample(seconds["score"] / organisations),
    }


# -- the run and the scan ------------------------------------------------------------------------------


@contextmanager
def results() -> Iterator[Path]:
    """A folder for results that is not there yet, and is not there afterwards."""
    out = WORKPLACE / f"results-{os.getpid()}"
    shutil.rmtree(out, ignore_errors=True)
    try:
        yield out
    finally:
        shutil.rmtree(out, ignore_errors=True)


def run(folder: Path, law: Law, cards: tuple[str, ...], explained: bool) -> float:
    """Seconds that a bulk run takes, everything on disk."""
    with results() as out:
        began = time.perf_counter()
        graded(folder, law, cards, explained, out)
        return time.perf_counter() - began


def graded(folder: Path, law: Law, cards: tuple[str, ...], explained: bool, out: Path) -> Answer:
    """A bulk run on two threads."""
    return run_bulk(Asked(cards, DAY, explained=explained), folder, out, law, Local(THREADS))


def columns_read(way: Callable[[], object]) -> Read:
    """The columns that a run asks the snapshot for."""
    found: dict[str, set[str]] = {}
    table = Snapshot.table

    def watched(self: Snapshot, part: int, name: str, columns: list[str] | None = None) -> pa.Table:
        found.setdefault(name, set()).update(columns or TABLES[name].names)
        return table(self, part, name, columns)

    with patch.object(Snapshot, "table", watched):
        way()
    assert "kind" in found["records"]
    return {name: frozenset(columns) for name, columns in found.items()}


def scan(snapshot: Snapshot, read: Read) -> float:
    """Seconds that DuckDB takes for every value of these columns; nothing is grouped, joined or kept."""
    with duckdb.connect() as database:
        database.execute(f"SET threads = {THREADS}")
        began = time.perf_counter()
        for name, columns in read.items():
            files = [part.files[name].name for part in snapshot.manifest.parts if name in part.files]
            schema: pa.Schema = TABLES[name]
            values = ", ".join(_folded(schema.field(column)) for column in sorted(columns))
            database.execute(f"SELECT {values} FROM read_parquet(?)", [[str(snapshot.folder / f) for f in files]])
            database.fetchall()
        return time.perf_counter() - began


def _folded(field: pa.Field) -> str:
    """An aggregate that has to look at every value, and does as little as can be done with it."""
    if pa.types.is_integer(field.type):
        return f"bit_xor({field.name})"
    if pa.types.is_date(field.type):
        return f"bit_xor({field.name} - DATE '1970-01-01')"
    if pa.types.is_boolean(field.type):
        return f"count_if({field.name})"
    return f"sum(strlen({field.name}))"


def in_turns(ways: Mapping[str, Callable[[], object]], turns: int) -> dict[str, float]:
    """The median seconds of each way, once each to warm up, then in turns."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(turns + 1):
        for name, way in ways.items():
            seconds = way()
            assert isinstance(seconds, float)
            if turn:
                taken[name].append(seconds)
            print(f"{name} {seconds:.2f} s", file=sys.stderr, flush=True)
    return {name: median(seconds) for name, seconds in taken.items()}


# -- beside it -----------------------------------------------------------------------------------------


def peak_of_a_run(folder: Path, books: Path) -> int:
    """The most memory (MB) that a process holds that does one run, from its start to its end."""
    with results() as out:
        command = [sys.executable, "-m", "bench.once", str(folder), str(books), CARD, str(out)]
        return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def on_a_sample(ours: float) -> Figures:
    """How many indicators count a record, and how the peers do, on a snapshot of one part.

    ``ours`` are the seconds that an organisation takes in the whole run; beside these, what it takes on one
    thread, as the peers do, without the card being compiled (nor does that count for them).
    """
    folder, books = stored(*SAMPLE)
    law, snapshot = load(books), Snapshot.open(folder)
    totals = {card: totals_of(folder, law, card) for card in (CARD, DENSE)}
    counted = {card: contributions(snapshot, law, law.card(card, DAY), DAY, totals[card]) for card in totals}
    figures: Figures = {
        "contributions_per_record": counted[CARD],
        "dense_contributions_per_record": counted[DENSE],
    }
    found = peers.measure(snapshot, law, law.card(CARD, DAY), DAY, totals[CARD])
    if isinstance(found, str):
        return {**figures, "peers": found}
    alone = min(one_thread(folder, law) for _ in range(TURNS)) / SAMPLE[0]
    return {
        **figures,
        **{f"{peer}_x": round(each / ours, 1) for peer, each in found.items()},
        **{f"{peer}_x_on_one_thread": round(each / alone, 1) for peer, each in found.items()},
        **{f"{peer}_organisations_per_s": round(1 / each) for peer, each in found.items()},
    }


@dataclass
class Watch:
    """An engine that does one part after the other here, and knows how long the work took."""

    name: str = "watch"
    seconds: float = 0.0

    def run(self, work: Work, parts: Sequence[int]) -> Iterator[Done]:
        """Every part done."""
        for part in parts:
            began = time.perf_counter()
            done = work(part)
            self.seconds += time.perf_counter() - began
            yield done


def one_thread(folder: Path, law: Law) -> float:
    """Seconds that the work on all parts takes, one after the other."""
    watch = Watch()
    with results() as out:
        run_bulk(Asked((CARD,), DAY), folder, out, law, watch)
    return watch.seconds


def totals_of(folder: Path, law: Law, card: str) -> dict[int, int]:
    """The totals that a run gives, by ordinal."""
    with results() as out:
        files = graded(folder, law, (card,), False, out).files
        grades = pa.concat_tables(pq.read_table(out / file.name) for file in files)
    return dict(zip(grades["organisation"].to_pylist(), grades["total"].to_pylist(), strict=True))


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--organisations", type=int, default=33_000_000)
    parser.add_argument("--records", type=int, default=165_000_000)
    parser.add_argument("--turns", type=int, default=TURNS, help="how often each way is measured")
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    printed(measure(arguments.organisations, arguments.records, arguments.turns), arguments.json)


if __name__ == "__main__":
    main()
