"""Outside files into accepted statements, or quarantine with reasons.

``take_in`` takes a file (CSV, JSON Lines, Parquet) in as one batch, all or nothing, and gives its receipt. Rows
that cannot be accepted are not lost: they are in quarantine with the original line and every fault, and can be
listed, exported, corrected and re-submitted. The same batch twice changes nothing. Memory is flat, however long
the file.
"""

from probity.intake.model import Fault, Progress, Quarantined, Reason, Receipt
from probity.intake.quarantine import correct, export, listed, resubmit
from probity.intake.take import Follows, followed_by, take_in

__all__ = [
    "Fault",
    "Follows",
    "Progress",
    "Quarantined",
    "Reason",
    "Receipt",
    "correct",
    "export",
    "followed_by",
    "listed",
    "resubmit",
    "take_in",
]
