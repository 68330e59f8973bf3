"""The proof on real data: San Francisco's official scores against ours, each difference with its reason.

Nothing is tuned to make a difference go away; what the source itself contradicts is listed as its fault.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from probity.dossier import Dossier, every_file
from probity.ledger import delivered, head
from probity.rulebook import MILLI, Law
from probity.scoring import evaluate, facts

CARD = "us-sf-food/lives"
SCHEME = "us-sf-business"
INSPECTION = "food.inspection"
VIOLATION = "food.violation"


class Fault(StrEnum):
    """What the source contradicts itself by, where its score is not what its violations make."""

    SEVERAL_INSPECTIONS = "several-inspections-on-one-day"
    """Two inspections of one business on one day, and violations that name only the day."""
    NO_VIOLATIONS = "score-below-100-without-violations"
    """Points are off, and no violation is listed."""
    REPEATED = "one-violation-listed-twice"
    """Counting each kind of violation once gives the official score."""
    MISSING = "violations-missing"
    """More points are off than the violations listed explain."""
    SURPLUS = "more-violations-than-points"
    """Fewer points are off than the violations listed demand."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One official score that the published scheme does not give."""

    subject: str
    day: date
    official: int
    computed: int
    fault: Fault

    def as_json(self) -> dict[str, object]:
        """Plain JSON."""
        return {**asdict(self), "day": self.day.isoformat(), "fault": self.fault.value}


@dataclass(frozen=True, slots=True)
class Official:
    """How many scores were compared, how many are exact, and the others."""

    compared: int
    exact: int
    differences: tuple[Difference, ...]

    def as_json(self) -> dict[str, object]:
        """Counts, by difference (official less computed, in points) and by fault of the source."""
        by_difference = Counter(each.official - each.computed for each in self.differences)
        return {
            "compared": self.compared,
            "exact": self.exact,
            "share": f"{self.exact / max(self.compared, 1):.4%}",
            "by_difference": {str(points): n for points, n in sorted(by_difference.items())},
            "by_fault": dict(sorted(Counter(each.fault.value for each in self.differences).items())),
        }


def compare(law: Law, inspections: Path) -> Official:
    """Score every routine inspection of the source's file anew, from the violations of its day, as of that day.

    The file, not the ledger, says what was scored: an inspection that intake refused is compared too.
    """
    scores = _official_scores(inspections)
    position = head()
    known = delivered(position, law.card(CARD).feeds)
    exact, compared = 0, 0
    differences: list[Difference] = []
    for _, file in every_file(law, true_on=date.max, position=position, schemes=[SCHEME]):
        read = facts(file) if file.subject in scores else ()
        for day, official in scores.get(file.subject, ()):
            total = evaluate(law.card(CARD, day), read, day, known).total
            computed = (total or 0) // MILLI
            compared += 1
            if official == computed:
                exact += 1
            else:
                fault = _fault(file, day, official, computed, law)
                differences.append(Difference(file.subject, day, official, computed, fault))
    return Official(compared, exact, tuple(differences))


def _official_scores(inspections: Path) -> dict[str, list[tuple[date, int]]]:
    scores: dict[str, list[tuple[date, int]]] = defaultdict(list)
    with inspections.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["type"] == "routine" and row["score"]:
                day = datetime.strptime(row["date"], "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
                scores[f"{SCHEME}:{row['business_id']}"].append((day, int(row["score"])))
    return scores


def _fault(file: Dossier, day: date, official: int, computed: int, law: Law) -> Fault:
    on_day = [
        (record, fact)
        for record, fact in zip(file.records, facts(file), strict=True)
        if record.valid_from == day and record.item in (INSPECTION, VIOLATION)
    ]
    inspections = [fact for record, fact in on_day if record.item == INSPECTION]
    once = {record.attributes.get("description"): fact for record, fact in on_day if record.item == VIOLATION}
    if len(inspections) > 1:
        return Fault.SEVERAL_INSPECTIONS
    if not once:
        return Fault.NO_VIOLATIONS
    if official < computed:
        return Fault.MISSING
    total = evaluate(law.card(CARD, day), [*inspections, *once.values()], day).total
    return Fault.REPEATED if total == official * MILLI else Fault.SURPLUS
