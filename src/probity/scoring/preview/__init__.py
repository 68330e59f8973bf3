"""What a draft rule would do: everyone under an old and a new card, counted, compared and explained.

:class:`Tally` counts a population of any size, some at a time, wherever its grades come from; :class:`Report`
is what can be said of it, as data, with only what may be public. Pure: who is counted, and who may see it, is
for the service.
"""

from probity.scoring.preview.changes import changes
from probity.scoring.preview.model import (
    ClassRow,
    Dimension,
    Moved,
    Moves,
    Outcomes,
    PointChange,
    Report,
    RuleChange,
    Share,
    Side,
    Standing,
)
from probity.scoring.preview.moved import moved
from probity.scoring.preview.regions import at_one_level, region_name, region_of
from probity.scoring.preview.report import (
    LEAST,
    compared_by,
    dimensions,
    matrix,
    moves,
    notes,
    outcomes,
    overall,
    side,
)
from probity.scoring.preview.shares import corrected, wilson
from probity.scoring.preview.tally import NAMED, NOT_GRADED, ClassCount, Coded, Results, Tally, move

__all__ = [
    "LEAST",
    "NAMED",
    "NOT_GRADED",
    "ClassCount",
    "ClassRow",
    "Coded",
    "Dimension",
    "Moved",
    "Moves",
    "Outcomes",
    "PointChange",
    "Report",
    "Results",
    "RuleChange",
    "Share",
    "Side",
    "Standing",
    "Tally",
    "at_one_level",
    "changes",
    "compared_by",
    "corrected",
    "dimensions",
    "matrix",
    "move",
    "moved",
    "moves",
    "notes",
    "outcomes",
    "overall",
    "region_name",
    "region_of",
    "side",
    "wilson",
]
