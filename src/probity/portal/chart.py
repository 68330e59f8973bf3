"""The geometry of the charts: where each bar begins and how long it is, as percentages of the drawing's width."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from probity.portal.bands import Label, labels
from probity.portal.formats import amount
from probity.publication import PublicGrade
from probity.rulebook import CARD, Band, Indicator, Law, Scorecard
from probity.scoring import Explanation, GroupLine, IndicatorLine, RecordLine

MOST_RECORDS = 20
"""Records shown below one indicator; the rest is in the JSON."""
STRIP, LABEL = 40, 20
"""Pixels: the height of the strip of bands with its mark, and of a row of labels below it."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a drawing, in per cent of its width, ready for an attribute: ``12.5%``."""

    x: str
    width: str
    middle: str


def segment(start: float, end: float) -> Segment:
    """The stretch from ``start`` to ``end``, shares of the whole."""
    return Segment(percent(start), percent(end - start), percent((start + end) / 2))


def percent(share: float) -> str:
    """A share of the whole as an SVG percentage."""
    return f"{share * 100:.2f}%"


@dataclass(frozen=True, slots=True)
class BandStrip:
    """One band of the scale. ``here`` where the organisation's total lies in it."""

    band: Band
    at: Segment
    here: bool
    label: Label | None
    y: int
    """Of the label's foot."""


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record behind an indicator; ``page`` of the timeline on which it stands. ``adds`` for a sum.

    Where it is another card's result, it stands on no page, and ``card`` is the id of that card.
    """

    line: RecordLine
    page: int | None
    adds: str | None
    card: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator: its bar, and the outline of the most that it can count.

    ``more`` public records are left out for length; ``closed`` ones count and are not open to the public.
    """

    line: IndicatorLine
    cap: Segment
    bar: Segment
    records: tuple[RecordRow, ...]
    more: int
    closed: int


@dataclass(frozen=True, slots=True)
class Section:
    """A top group of the card with its indicators."""

    group: GroupLine
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class GradeChart:
    """Everything that the page says of one grade."""

    card: Scorecard
    explanation: Explanation
    axis: str
    deducts: bool
    awards: bool
    sections: tuple[Section, ...]
    bands: tuple[BandStrip, ...]
    band_height: int
    mark: str | None
    known: int
    indicators: int

    @property
    def explained(self) -> tuple[Row, ...]:
        """The indicators that have records behind them."""
        return tuple(row for section in self.sections for row in section.rows if row.records or row.closed)


def grade_chart(grade: PublicGrade, law: Law, pages: Mapping[str, int]) -> GradeChart:
    """The chart of one grade; ``pages`` says on which page of the timeline each public record stands."""
    card, explanation = grade.card, grade.explanation
    left = max((each.weight for each in card.indicators if each.direction == "deduct"), default=0)
    right = max((each.weight for each in card.indicators if each.direction == "award"), default=0)
    rules = {each.indicator: each for each in card.indicators}
    ruler = _Ruler(left / (left + right), left + right)
    sections = tuple(
        Section(
            group,
            tuple(
                _row(line, rules[line.indicator], ruler, law, pages, grade.closed.get(line.indicator, 0))
                for line in _lines(group)
            ),
        )
        for group in explanation.groups
    )
    rows = [row for section in sections for row in section.rows]
    bands = _bands(card, explanation.total)
    return GradeChart(
        card=card,
        explanation=explanation,
        axis=percent(ruler.axis),
        deducts=left > 0,
        awards=right > 0,
        sections=sections,
        bands=bands,
        band_height=STRIP + LABEL * max((each.label.row for each in bands if each.label), default=0),
        mark=None if explanation.total is None else percent(_place(card, explanation.total)),
        known=sum(row.line.known for row in rows),
        indicators=len(rows),
    )


@dataclass(frozen=True, slots=True)
class _Ruler:
    """Where nought stands, and how many milli-points the whole width holds."""

    axis: float
    whole: int

    def reach(self, signed: int) -> Segment:
        end = min(1.0, max(0.0, self.axis + signed / self.whole))
        return segment(min(self.axis, end), max(self.axis, end))


def _row(
    line: IndicatorLine,
    rule: Indicator,
    ruler: _Ruler,
    law: Law,
    pages: Mapping[str, int],
    closed: int,
) -> Row:
    shown = line.records[:MOST_RECORDS]
    return Row(
        line=line,
        cap=ruler.reach(line.weight if line.direction == "award" else -line.weight),
        bar=ruler.reach(line.points),
        records=tuple(_record(each, rule, law, pages) for each in shown),
        more=len(line.records) - len(shown),
        closed=closed,
    )


def _record(line: RecordLine, rule: Indicator, law: Law, pages: Mapping[str, int]) -> RecordRow:
    if line.item.startswith(CARD):
        adds = None if line.amount is None or line.ignored else amount(line.amount, None)
        return RecordRow(line, None, adds, line.item.removeprefix(CARD))
    return RecordRow(line, pages[line.record], _adds(line, rule, law), None)


def _adds(line: RecordLine, rule: Indicator, law: Law) -> str | None:
    """What a record adds to a sum, in its unit."""
    if line.amount is None or line.ignored or not rule.consumes.of:
        return None
    attribute = law.item(line.item, line.day).attribute(rule.consumes.of)
    return amount(line.amount, attribute.unit if attribute else None)


def _lines(group: GroupLine) -> Iterator[IndicatorLine]:
    yield from group.indicators
    for inner in group.groups:
        yield from _lines(inner)


def _bands(card: Scorecard, total: int | None) -> tuple[BandStrip, ...]:
    """The bands from the lowest to the best, each up to where the next begins."""
    rising = list(reversed(card.bands))
    ends = [band.from_ for band in rising[1:]] + [card.scale.to]
    stretches = [(_place(card, band.from_), _place(card, end)) for band, end in zip(rising, ends, strict=True)]
    return tuple(
        BandStrip(
            band,
            segment(*stretch),
            total is not None and band.from_ <= total and (total < end or end == card.scale.to),
            label,
            STRIP - 9 + (label.row * LABEL if label else 0),
        )
        for band, end, stretch, label in zip(rising, ends, stretches, labels(rising, stretches), strict=True)
    )


def _place(card: Scorecard, total: int) -> float:
    scale = card.scale
    return min(1.0, max(0.0, (total - scale.from_) / (scale.to - scale.from_)))
