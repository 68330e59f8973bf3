"""Every benchmark, one after the other; writes docs/benchmarks.md (``make bench``; ``--quick`` is small)."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
SUITE: dict[str, tuple[list[str], list[str], str]] = {
    "intake": (
        ["--rows", "1000000"],
        ["--rows", "100000"],
        "From a CSV file to validated, hashed, indexed statements in PostgreSQL, beside a bare COPY of the very"
        " rows that came of it into a twin of the table with the same indexes. Aim: `ratio_to_copy` at most 2.",
    ),
    "memory": (
        ["--rows", "10000000"],
        ["--rows", "300000"],
        "The memory of an intake of many rows. Aim: `peak_rss_mb` below 1,000, however long the file.",
    ),
    "page": (
        ["--organisations", "1000000"],
        ["--organisations", "20000"],
        "One organisation's page data: dossier, grade and explanation, of organisations drawn at random. Aim:"
        " p50 below 10 ms and p99 below 30 ms among one million. `busiest`: those with 300 records.",
    ),
}


def main() -> None:
    """Run the suite, print what comes, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that everything runs")
    parser.add_argument("--only", choices=SUITE, action="append", help="run only this one; repeat for more")
    arguments = parser.parse_args()
    sections = []
    for name, (full, quick, what) in SUITE.items():
        if arguments.only and name not in arguments.only:
            continue
        command = [sys.executable, "-m", f"bench.{name}", *(quick if arguments.quick else full), "--json"]
        print(f"{name} ...", file=sys.stderr, flush=True)
        figures = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        print(json.dumps({name: figures}, indent=2), flush=True)
        sections.append(section(name, figures, what, " ".join(command[1:])))
    if not arguments.quick and not arguments.only:
        PAGE.write_text(head() + "\n".join(sections), encoding="utf-8")


def head() -> str:
    """What the page begins with."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    return (
        "# Benchmarks\n\n"
        f"Written by `make bench` on {datetime.now(UTC).date()}: {os.cpu_count()} cores, {memory} GiB,"
        f" Python {platform.python_version()}, the embedded PostgreSQL with its durability settings as shipped.\n"
        "Ratios compare what ran in the same process within seconds; absolute figures vary with the machine.\n\n"
    )


def section(name: str, figures: dict[str, object], what: str, command: str) -> str:
    """One benchmark's part of the page."""
    rows = "\n".join(f"| {key} | {value:,} |" for key, value in figures.items())
    return f"## {name}\n\n{what}\n\n`python {command}`\n\n| figure | value |\n|---|---:|\n{rows}\n"


if __name__ == "__main__":
    main()
