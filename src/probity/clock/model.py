"""When: the two times of a question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class AsOf:
    """A question's two times: what was true on ``true_on``, as far as was known at ``known_at`` (UTC)."""

    true_on: date
    known_at: datetime
