"""How the cost of grading grows with the nation: ``python -m bench.growth --json``.

Nations of rising size, each with five records to an organisation, graded and scanned as in ``bench.scoring``;
drawn in docs/images/benchmarks-scoring.svg.
"""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from bench.cards import CARD
from bench.chart import Series, lines
from bench.harness import Figures, printed
from bench.nation import stored
from bench.scoring import columns_read, in_turns, run, scan
from probity.rulebook import load
from probity.scoring.snapshot import Snapshot

PICTURE = Path(__file__).parent.parent / "docs" / "images" / "benchmarks-scoring.svg"
SIZES = (1_000_000, 3_300_000, 10_000_000, 33_000_000)
RECORDS = 5
"""Of an organisation, on average."""
TURNS = 3
MILLION = 1_000_000


def measure(sizes: tuple[int, ...]) -> dict[int, dict[str, float]]:
    """Seconds of the run and of the scan, by size."""
    found = {}
    for size in sizes:
        folder, books = stored(size, RECORDS * size)
        grade = partial(run, folder, load(books), (CARD,), False)
        read = columns_read(grade)
        found[size] = in_turns({"score": grade, "scan": partial(scan, Snapshot.open(folder), read)}, TURNS)
    return found


def draw(found: dict[int, dict[str, float]]) -> str:
    """The two lines."""
    return lines(
        "The cost of grading grows with the number of organisations",
        "million organisations, five records each",
        "seconds on two threads, Parquet to Parquet",
        [size / MILLION for size in found],
        [
            Series("grading", [seconds["score"] for seconds in found.values()]),
            Series("bare scan", [seconds["scan"] for seconds in found.values()]),
        ],
    )


def main() -> None:
    """Measure, draw, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--organisations", type=int, action="append", help="a size; repeat for more")
    parser.add_argument("--picture", type=Path, default=PICTURE, help="where to draw")
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    found = measure(tuple(arguments.organisations or SIZES))
    arguments.picture.write_text(draw(found), encoding="utf-8")
    figures: Figures = {}
    for size, seconds in found.items():
        figures[f"{size / MILLION:g}_million_score_s"] = round(seconds["score"], 3)
        figures[f"{size / MILLION:g}_million_scan_s"] = round(seconds["scan"], 3)
        figures[f"{size / MILLION:g}_million_us_per_organisation"] = round(seconds["score"] / size * MILLION, 3)
    printed(figures, arguments.json)


if __name__ == "__main__":
    main()
