"""The memory of an intake of very many rows.

``python -m bench.memory --rows 10000000 --json``.
"""

from __future__ import annotations

import time

from bench.harness import Figures, main, own_house
from bench.intake import PENALTIES, prepared
from bench.peak import peak
from probity.service.intake import take_file


def measure(rows: int) -> Figures:
    """The figures of one run in a house of its own."""
    with own_house() as (_, folder):
        penalties = prepared(folder, rows)
        size = penalties.stat().st_size
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
    main(measure, "rows", 10_000_000, __doc__)
