"""The memory of an intake of very many rows, from a file that is written as it is needed.

``python -m bench.memory --rows 10000000 --json``.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from pathlib import Path

from bench.intake import ORGANISATIONS, PENALTIES, REGISTER, organisations, peak, penalty_rows, write
from probity.identity import compose
from probity.service import running
from probity.service.intake import take_file


def main() -> None:
    """Run, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    figures = measure(arguments.rows)
    print(json.dumps(figures, indent=2) if arguments.json else figures)


def measure(rows: int) -> dict[str, float]:
    """The figures of one run in a data folder of its own."""
    with tempfile.TemporaryDirectory(prefix="probity-bench-") as folder:
        Path(folder).chmod(0o755)
        os.environ["PROBITY_HOME"] = folder
        os.environ.pop("DATABASE_URL", None)
        codes = [compose("9", "1", "999999", f"{n:08d}") for n in range(ORGANISATIONS)]
        register = write(Path(folder) / "organisations.csv", organisations(codes))
        penalties = write(Path(folder) / "penalties.csv", penalty_rows(codes, rows))
        size = penalties.stat().st_size
        with running():
            take_file(register, REGISTER, generated=True)
            began = time.perf_counter()
            receipt = take_file(penalties, PENALTIES, generated=True)
            taken = time.perf_counter() - began
    assert receipt.accepted == rows, receipt.quarantined
    return {
        "rows": rows,
        "file_mb": size >> 20,
        "peak_rss_mb": peak(),
        "seconds": round(taken, 1),
        "rows_per_second": round(rows / taken),
    }


if __name__ == "__main__":
    main()
