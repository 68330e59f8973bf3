"""The proof on real data: San Francisco's official scores against ours, each difference with its reason.

Nothing is tuned to make a difference go away; what the source itself contradicts is listed as its fault.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from probity.dossier import Dossier, Record, every_file
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


def compare(law: Law) -> Official:
    """Score every officially scored routine inspection anew, from its violations, as of its day."""
    position = head()
    known = delivered(position.number)
    compared = exact = 0
    differences: list[Difference] = []
    for _, file in every_file(law, true_on=date.max, position=position):
        if file.scheme != SCHEME:
            continue
        read = facts(file)
        for inspection in _scored(file):
            card = law.card(CARD, inspection.valid_from)
            total = evaluate(card, read, inspection.valid_from, known).total
            official, computed = int(inspection.attributes["score"] or 0), (total or 0) // MILLI
            compared += 1
            if official == computed:
                exact += 1
            else:
                fault = _fault(file, inspection.valid_from, official, computed, law)
                differences.append(Difference(file.subject, inspection.valid_from, official, computed, fault))
    return Official(compared, exact, tuple(differences))


def _scored(file: Dossier) -> Iterator[Record]:
    for record in file.records:
        attributes = record.attributes
        if (
            record.item == INSPECTION
            and attributes.get("type") == "routine"
            and attributes.get("score") is not None
        ):
            yield record


def _fault(file: Dossier, day: date, official: int, computed: int, law: Law) -> Fault:
    on_day: dict[str, list[Record]] = defaultdict(list)
    for record in file.records:
        if record.valid_from == day:
            on_day[record.item].append(record)
    if len(on_day[INSPECTION]) > 1:
        return Fault.SEVERAL_INSPECTIONS
    if not on_day[VIOLATION]:
        return Fault.NO_VIOLATIONS
    if official < computed:
        return Fault.MISSING
    once = {
        record.attributes.get("description"): fact
        for record, fact in zip(file.records, facts(file), strict=True)
        if record.item == VIOLATION and record.valid_from == day
    }
    inspection = [
        fact for record, fact in zip(file.records, facts(file), strict=True) if record in on_day[INSPECTION]
    ]
    total = evaluate(law.card(CARD, day), [*inspection, *once.values()], day).total
    return Fault.REPEATED if total == official * MILLI else Fault.SURPLUS
