"""What a pass over everyone leaves behind, wherever it read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from probity.scoring.preview import Tally, region_of

CLASSES = ("size", "sector", "ownership")
"""The classes that a register states, under the names of their attributes."""
REGISTRATION = "register.organisation"


@dataclass(slots=True)
class Counted:
    """The counts, the subjects of those moved most by their ordinal, and what registers call the regions of
    codes.
    """

    tally: Tally
    subjects: dict[int, str] = field(default_factory=dict)
    regions: dict[str, str] = field(default_factory=dict)
    generated: bool = False

    def remember(self, subjects: Mapping[int, str]) -> None:
        """Keep the subjects of those who are among the moved most now; the others are forgotten."""
        known = {**self.subjects, **subjects}
        most = [ordinal for sign in (1, -1) for ordinal, _ in self.tally.most(sign)]
        self.subjects = {ordinal: known[ordinal] for ordinal in most}

    def note(self, subject: str, stated: object, *, generated: bool) -> None:
        """Keep what the first register entry of a region calls it, and whether anybody was made up."""
        self.generated |= generated
        code = region_of(subject)
        if code and isinstance(stated, str) and stated:
            self.regions.setdefault(code, stated)
