"""Law as typed data: catalogue, agencies, schemes, intake mappings, scorecards, calendars; loaded and checked.

``load`` reads a folder of rulebooks once into a :class:`Law`; ``check`` reports every fault with file, line,
reason and remedy. A rulebook is data with dates: the engine knows no number that is not written in one.
"""

from probity.rulebook.model import OrganisationKind
from probity.rulebook.scorecard import Status

__all__ = ["OrganisationKind", "Status"]
