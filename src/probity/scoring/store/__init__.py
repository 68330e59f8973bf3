"""What scoring keeps: recorded runs over everyone, and the current grades of each organisation."""

from probity.scoring.store.current import Kept, KeptGrade
from probity.scoring.store.keeping import Caught, Reason, Told, catch_up, follow, kept, kept_differences
from probity.scoring.store.runs import (
    ITEM,
    Graded,
    Run,
    differences,
    distribution,
    latest,
    notice,
    results,
    results_hash,
    run,
    runs,
)

__all__ = [
    "ITEM",
    "Caught",
    "Graded",
    "Kept",
    "KeptGrade",
    "Reason",
    "Run",
    "Told",
    "catch_up",
    "differences",
    "distribution",
    "follow",
    "kept",
    "kept_differences",
    "latest",
    "notice",
    "results",
    "results_hash",
    "run",
    "runs",
]
