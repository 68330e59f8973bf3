"""One bulk run and nothing else, so that its memory can be told.

``python -m bench.once SNAPSHOT RULEBOOKS CARD OUT`` prints the most memory (MB) that the process held, from its
start to its end.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from bench.peak import peak
from probity.rulebook import load
from probity.scoring.bulk import Asked, run_bulk
from probity.scoring.engines import Local

if __name__ == "__main__":
    snapshot, books, card, out = sys.argv[1:]
    run_bulk(Asked((card,), date(2023, 6, 30)), Path(snapshot), Path(out), load(Path(books)), Local(2))
    print(peak())
