"""A grade as the public sees it: every indicator with its points, and the open records behind them (ADR 0006)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from probity.canon import Plain
from probity.rulebook import CARD, Scorecard
from probity.scoring import Explanation, GroupLine, IndicatorLine


@dataclass(frozen=True, slots=True)
class PublicGrade:
    """An explained grade without the records that are not open; ``closed`` counts those by indicator."""

    card: Scorecard
    explanation: Explanation
    closed: Mapping[str, int]

    def as_json(self) -> dict[str, Plain]:
        """Plain JSON."""
        return {**self.explanation.as_json(), "closed_records": dict(self.closed)}


def public_grade(card: Scorecard, explanation: Explanation, open_records: Collection[str]) -> PublicGrade:
    """``explanation`` with no record but those in ``open_records`` (ids), and the results of other cards: a grade
    is public, whatever it was made of."""
    closed: dict[str, int] = {}
    groups = tuple(_group(group, open_records, closed) for group in explanation.groups)
    return PublicGrade(card, replace(explanation, groups=groups), closed)


def _group(group: GroupLine, open_records: Collection[str], closed: dict[str, int]) -> GroupLine:
    return replace(
        group,
        groups=tuple(_group(inner, open_records, closed) for inner in group.groups),
        indicators=tuple(_indicator(line, open_records, closed) for line in group.indicators),
    )


def _indicator(line: IndicatorLine, open_records: Collection[str], closed: dict[str, int]) -> IndicatorLine:
    shown = tuple(each for each in line.records if each.record in open_records or each.item.startswith(CARD))
    if counted := sum(record.ignored is None for record in line.records if record not in shown):
        closed[line.indicator] = counted
    return replace(line, records=shown)
