"""A preview as its page shows it: the transitions as a heat map, paired bars, intervals as dots and whiskers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from probity.portal.bands import band_called
from probity.portal.chart import percent
from probity.portal.formats import points, share, signed
from probity.rulebook import WHOLE
from probity.scoring.preview import ClassRow, Dimension, Report, Share, Side

HEATS = 6
"""Steps of the heat map; the darkest for those cells that hold the whole of their row."""


@dataclass(frozen=True, slots=True)
class Cell:
    """How many go from one state to the other, as a share of the row. ``way``: better, worse, same or apart."""

    count: int
    part: str
    way: str
    heat: int


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """Those who had one grade by the old card."""

    label: str
    cells: tuple[Cell, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """The transitions; states that nobody is in are left out at the ends."""

    columns: tuple[str, ...]
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """How many have a grade by each card; None where the card does not know it. Widths of the two bars."""

    label: str
    before: int | None
    after: int | None
    before_width: str
    after_width: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """Those who do better, worse or the same: their bar, their share and its interval."""

    way: str
    label: str
    count: int
    width: str
    part: str
    interval: str


@dataclass(frozen=True, slots=True)
class Whisker:
    """A share and its interval in a drawing, and in words; ``mark`` where it differs from everyone's."""

    dot: str
    start: str
    end: str
    part: str
    interval: str
    count: int
    mark: str


@dataclass(frozen=True, slots=True)
class ClassLine:
    """One class: its two whiskers."""

    row: ClassRow
    better: Whisker
    worse: Whisker
    mean: str


@dataclass(frozen=True, slots=True)
class Division:
    """One dimension: its classes, and where the shares of everyone lie on the same axis, which ends at
    ``most``.
    """

    dimension: Dimension
    lines: tuple[ClassLine, ...]
    better: str
    worse: str
    most: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that the page draws."""

    matrix: Matrix
    outcomes: tuple[Outcome, ...]
    pairs: tuple[Pair, ...]
    divisions: tuple[Division, ...]
    quantiles: tuple[tuple[int, str], ...]
    mean: str


def comparison(report: Report) -> Comparison:
    """The geometry and the words of a report, in the visitor's language."""
    moves = report.moves
    return Comparison(
        matrix=_matrix(report),
        outcomes=tuple(_outcomes(report)),
        pairs=tuple(_pairs(report)),
        divisions=tuple(_division(dimension, report) for dimension in report.dimensions),
        quantiles=tuple((each.per_cent, move(each.move, report)) for each in moves.quantiles),
        mean=move(moves.mean, report),
    )


def move(value: int, report: Report) -> str:
    """A move in points, or in per cent of the scale where the two cards have different ones."""
    if report.moves.unit == "points":
        return signed(value)
    return f"{'+' if value > 0 else ''}{share(value / WHOLE)}"


def _matrix(report: Report) -> Matrix:
    before, after = _called(report.old), _called(report.new)
    columns = [n for n in range(len(after)) if n < len(after) - 2 or any(row[n] for row in report.matrix)]
    rows = [n for n in range(len(before)) if n < len(before) - 2 or any(report.matrix[n])]
    return Matrix(
        tuple(after[n] for n in columns),
        tuple(
            MatrixRow(
                before[n],
                tuple(_cell(report, n, m, sum(report.matrix[n])) for m in columns),
                sum(report.matrix[n]),
            )
            for n in rows
        ),
    )


def _states(side: Side) -> list[str]:
    return [*(grade.grade for grade in side.grades), _("no grade"), _("not graded by it")]


def _called(side: Side) -> list[str]:
    """The states of a card as the page names them."""
    return [*map(band_called, side.grades), *_states(side)[-2:]]


def _cell(report: Report, before: int, after: int, row: int) -> Cell:
    count = report.matrix[before][after]
    graded = before < len(report.old.grades) and after < len(report.new.grades)
    if not graded or report.compared_by == "total":
        way = "apart"
    else:
        way = "same" if before == after else "better" if after < before else "worse"
    heat = -(-count * HEATS // row) if row else 0
    return Cell(count, share(count / row) if row else "", way, heat)


def _outcomes(report: Report) -> Iterator[Outcome]:
    found = report.outcomes
    compared = found.compared or 1
    names = {
        "better": _("better"),
        "same": _("the same"),
        "worse": _("worse"),
        "apart": _("no grade by one of them"),
    }
    for way, label in names.items():
        count = getattr(found, way)
        known: Share | None = getattr(report, way, None)
        interval = _interval(known) if known else ""
        part = share(count / compared) if way != "apart" else ""
        width = percent(count / (report.organisations or 1))
        if count or way != "apart":
            yield Outcome(way, label, count, width, part, interval)


def _pairs(report: Report) -> Iterator[Pair]:
    """Each grade with its two counts: of the old card's states the rows of the matrix, of the new one's the
    columns.
    """
    before = dict(zip(_states(report.old), map(sum, report.matrix), strict=True))
    after = dict(zip(_states(report.new), map(sum, zip(*report.matrix, strict=True)), strict=True))
    said = dict(zip(_states(report.old), _called(report.old), strict=True))
    said |= zip(_states(report.new), _called(report.new), strict=True)
    most = max(*before.values(), *after.values(), 1)
    for label in _in_order(_states(report.new), _states(report.old)):
        counts = (before.get(label), after.get(label))
        last = label in _states(report.new)[-2:]
        if any(counts) or not last:
            yield Pair(said[label], *counts, *(percent((count or 0) / most) for count in counts))


def _in_order(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """The grades of both cards, then what both have at the end."""
    return list(dict.fromkeys([*first[:-2], *second[:-2], *first[-2:]]))


def _division(dimension: Dimension, report: Report) -> Division:
    shares = [each for row in dimension.rows for each in (row.better, row.worse)]
    most = min(WHOLE, max([each.high for each in shares], default=WHOLE) * 21 // 20) or WHOLE
    return Division(
        dimension=dimension,
        lines=tuple(
            ClassLine(
                row,
                _whisker(row.better, report.better, most),
                _whisker(row.worse, report.worse, most),
                move(row.mean_move, report),
            )
            for row in dimension.rows
        ),
        better=percent(report.better.share / most),
        worse=percent(report.worse.share / most),
        most=share(most / WHOLE),
    )


def _whisker(found: Share, everyone: Share, most: int) -> Whisker:
    mark = ""
    if found.differs:
        mark = ("▲" if found.share > everyone.share else "▼") * (2 if found.strongly else 1)
    return Whisker(
        dot=percent(found.share / most),
        start=percent(found.low / most),
        end=percent(found.high / most),
        part=share(found.share / WHOLE),
        interval=_interval(found),
        count=found.count,
        mark=mark,
    )


def _interval(found: Share) -> str:
    return _("%(low)s to %(high)s") % {"low": share(found.low / WHOLE), "high": share(found.high / WHOLE)}


def in_points(value: int | None) -> str:
    """Milli-points as points; a dash where a card has nothing to say."""
    return "–" if value is None else points(value)
