"""A scorecard as its page shows it: top groups, indicators with their rules; and how many got which grade."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from probity.portal.chart import percent
from probity.portal.formats import called, share
from probity.rulebook import Band, Group, Indicator, Law, Scorecard, Text
from probity.scoring import rule_sentences


@dataclass(frozen=True, slots=True)
class RuleRow:
    """An indicator, the name of its inner group, and its rule in sentences."""

    indicator: Indicator
    path: Text | None
    rule: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """A top group of the card."""

    name: Text
    weight: int
    rows: tuple[RuleRow, ...]


@dataclass(frozen=True, slots=True)
class GradeCount:
    """How many organisations have a grade; ``band`` is None for those without one. ``width``: of its bar."""

    band: Band | None
    count: int
    percent: str
    width: str


def groups(card: Scorecard, law: Law) -> list[RuleGroup]:
    """The card's top groups with every indicator below them."""
    return [RuleGroup(group.name, group.weight, tuple(_rows(group, None, law))) for group in card.groups]


def distribution(card: Scorecard, counts: Mapping[str | None, int]) -> list[GradeCount]:
    """The counts by grade, best grade first, then those without one (if there are any)."""
    whole, most = sum(counts.values()) or 1, max(counts.values(), default=0) or 1
    bands: list[Band | None] = [*card.bands, *([None] if counts.get(None) else [])]
    found = ((band, counts.get(band.grade if band else None, 0)) for band in bands)
    return [GradeCount(band, count, share(count / whole), percent(count / most)) for band, count in found]


def _rows(group: Group, path: Text | None, law: Law) -> Iterator[RuleRow]:
    for indicator in group.indicators:
        yield RuleRow(indicator, path, tuple(map(called, rule_sentences(indicator, law))))
    for inner in group.groups:
        yield from _rows(inner, inner.name, law)
