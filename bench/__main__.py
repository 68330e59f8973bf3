"""Every benchmark, one after the other; writes docs/benchmarks.md (``make bench``; ``--quick`` is small).

``--only NAME`` runs one and writes its part of the page; the others stay as they were measured.
"""

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
    "single": (
        ["--organisations", "20000"],
        ["--organisations", "2000"],
        "One organisation among many: an officer's statement until it, the register and the new grade are"
        " committed to disk, and what would lift a grade, from the question to the answer, for every better grade."
        " `bare_commit`: one row and nothing else, after each of those statements. A thousand"
        " such statements came before; then the tables were vacuumed and analysed, as autovacuum does within"
        " minutes."
        " Aim: `statement_to_grade_p99_ms` below 5, `counterfactual_worst_ms` below 50.",
    ),
    "check": (
        ["--organisations", "2000000", "--entries", "100000"],
        ["--organisations", "20000", "--entries", "2000"],
        "The question agencies ask all day: what about this organisation matters for the decision at hand, by 40"
        " memoranda, from the code to the whole answer with its row in the log committed to disk; every second one"
        " is listed. `ten_thousand`: in one call, drawn from everyone; `listed`: from the listed alone."
        " `bare_commit`: one row and nothing else. Cases are statements in the ledger, entries are derived from"
        " them; the register was copied straight into its table. `nightly`: lapse and expiry on a day on which a"
        " twentieth of the entries end and as many cases lapse. Aims: `one_p99_ms` below 5, `ten_thousand_s` below"
        " 1, `nightly_s` below 60.",
    ),
    "scoring": (
        ["--organisations", "33000000", "--records", "165000000"],
        ["--organisations", "100000", "--records", "500000", "--turns", "1"],
        "A nation graded by the 25 indicators of the Zhejiang card, Parquet to Parquet, on two threads, beside a"
        " bare DuckDB scan (two threads) of the very columns that the run reads; medians of three turns each. The"
        " files that are read are verified by their hashes, what is written is on disk. Most organisations have 0"
        " to 10 records, one has 100,000. `explain`: points of every organisation and indicator with reasons."
        " `ten_cards`: in one pass. `dense`: a card in which a record counts 1.5 times. Aims: `ratio_to_scan` at"
        " most 4, `peak_rss_mb` below 1,000, `ratio_explain` at most 2, `ratio_ten` at most 3, `ratio_dense` at"
        " most 1.5.\n\n"
        "OpenFisca-core and zen-engine get the same card and records (one part of a nation, 262,144 organisations;"
        " zen-engine the first 3,000 of them), in memory and prepared in their favour (bench/peer_openfisca.py and"
        " bench/peer_zen.py say how), and have to come to our totals. `_x`: how many times longer they take for an"
        " organisation than the run above; `_x_on_one_thread`: than our work on that part on one thread, files"
        " read, verified and written. `zen`: as its documentation shows it; `zen_compiled`: compiled beforehand."
        " Aims: `openfisca_x` at least 5, `zen_x` at least 1,000.",
    ),
    "growth": (
        [],
        ["--organisations", "20000", "--organisations", "100000", "--picture", os.devnull],
        "Nations of rising size, graded and scanned as above: the cost grows with the number of organisations.\n\n"
        "![Seconds of grading and of a bare scan, by million organisations](images/benchmarks-scoring.svg)",
    ),
}


def main() -> None:
    """Run the suite, print what comes, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that everything runs")
    parser.add_argument("--only", choices=SUITE, action="append", help="run only this one; repeat for more")
    arguments = parser.parse_args()
    sections = {} if arguments.quick else written()
    for name, (full, quick, what) in SUITE.items():
        if arguments.only and name not in arguments.only:
            continue
        command = [sys.executable, "-m", f"bench.{name}", *(quick if arguments.quick else full), "--json"]
        print(f"{name} ...", file=sys.stderr, flush=True)
        figures = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        print(json.dumps({name: figures}, indent=2), flush=True)
        sections[name] = section(name, figures, what, " ".join(command[1:]))
        if not arguments.quick:
            page = "\n".join(sections[each] for each in SUITE if each in sections)
            PAGE.write_text(head() + page, encoding="utf-8")


def written() -> dict[str, str]:
    """The parts of the page as it is, by name."""
    parts = PAGE.read_text(encoding="utf-8").split("\n## ")[1:] if PAGE.exists() else []
    return {part.partition("\n")[0]: f"## {part.rstrip()}\n" for part in parts}


def head() -> str:
    """What the page begins with."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    return (
        "# Benchmarks\n\n"
        f"Written by `make bench`: {os.cpu_count()} cores, {memory} GiB,"
        f" Python {platform.python_version()}, the embedded PostgreSQL with its durability settings as shipped.\n"
        "Ratios compare what ran in the same process within seconds; absolute figures vary with the machine.\n\n"
    )


def section(name: str, figures: dict[str, object], what: str, command: str) -> str:
    """One benchmark's part of the page."""
    rows = "\n".join(f"| {key} | {_shown(value)} |" for key, value in figures.items())
    day = datetime.now(UTC).date()
    return f"## {name}\n\n{what}\n\n`python {command}`, {day}\n\n| figure | value |\n|---|---:|\n{rows}\n"


def _shown(value: object) -> str:
    return f"{value:,}" if isinstance(value, int | float) else str(value)


if __name__ == "__main__":
    main()
