"""The page of oversight: what each list decided, days against the statute, and whom it met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from probity.portal.chart import percent
from probity.portal.formats import share
from probity.rulebook import WHOLE
from probity.service.oversight import Dimension, ListReport, Oversight, Step, as_bytes, kept

LEAST = 200
"""Millionths below which the axis of a disparity does not shrink."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A count and how long its bar is."""

    label: str
    count: int
    width: str
    against: bool


@dataclass(frozen=True, slots=True)
class StepBar:
    """A step: its median and longest beside the limit of the statute, all on one axis."""

    step: Step
    label: str
    unit: str
    median: str
    longest: str
    limit: str


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class: the share that was listed, with its interval, on the axis of its table."""

    row: object
    dot: str
    start: str
    end: str
    part: str
    interval: str
    mark: str


@dataclass(frozen=True, slots=True)
class Table:
    """A dimension as drawn; ``everyone`` is where the share of everyone lies, ``most`` where the axis ends."""

    dimension: Dimension
    label: str
    lines: tuple[ClassLine, ...]
    everyone: str
    most: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A list as drawn. ``quiet``: nothing was ever done on it; ``side``: whether it speaks for or against."""

    report: ListReport
    bars: tuple[Bar, ...]
    steps: tuple[StepBar, ...]
    tables: tuple[Table, ...]
    dead: str | None
    quiet: bool
    side: str


def drawn(found: Oversight) -> tuple[Drawn, ...]:
    """Every list of the report, ready to be drawn, in the visitor's language."""
    return tuple(_drawn(report) for report in found.lists)


def _drawn(report: ListReport) -> Drawn:
    return Drawn(
        report=report,
        bars=tuple(_bars(report)),
        steps=tuple(_step(step) for step in report.steps),
        tables=tuple(_table(each) for each in report.dimensions if len(each.rows) > 1 and report.counts.in_force),
        dead=_dead(report),
        quiet=not report.counts.cases and not report.counts.imported,
        side="against" if report.kind.adverse else "for",
    )


def _dead(report: ListReport) -> str | None:
    match report.dead:
        case "never":
            return _("Nobody was ever put on this list.")
        case "single":
            return _("A single organisation was ever put on this list.")
        case "asleep":
            return _("Nobody has been put on this list for two years.")
    return None


def _bars(report: ListReport) -> list[Bar]:
    counts = report.counts
    named = (
        (_("Cases"), counts.cases, False),
        (_("Notices issued"), counts.notices, False),
        (_("Notices proven to have arrived"), counts.served, False),
        (_("Notices that failed somewhere"), counts.undelivered, True),
        (_("Cases with a reply"), counts.replies, False),
        (_("Hearings"), counts.hearings, False),
        (_("Not listed after all"), counts.kept_off, False),
        (_("Lapsed: the authority was late"), counts.lapsed, True),
        (_("Listed"), counts.entries, False),
        (_("Undone by correction or a court"), counts.reversals, True),
        (_("Entries from elsewhere"), counts.imported, False),
        (_("Entries in force"), counts.in_force, False),
    )
    most = max(1, *(count for _label, count, _against in named))
    return [Bar(label, count, percent(count / most), against) for label, count, against in named]


def _step(step: Step) -> StepBar:
    most = max(step.longest, step.limit, 1)
    names = {
        "consent": _("Consent of the agency above"),
        "notice": _("Notice after the proposal"),
        "decision": _("Decision after the window"),
    }
    unit = _("working days") if step.unit == "working-days" else _("days")
    return StepBar(
        step,
        names[step.step],
        unit,
        *(percent(each / most) for each in (step.median, step.longest, step.limit)),
    )


def _table(dimension: Dimension) -> Table:
    labels = {"region": _("By region"), "size": _("By size"), "ownership": _("By ownership")}
    most = max(LEAST, *(row.share.high for row in dimension.rows))
    count, of = (
        sum(part) for part in zip(*((row.share.count, row.share.of) for row in dimension.rows), strict=True)
    )
    lines: Sequence[ClassLine] = [
        ClassLine(
            row=row,
            dot=percent(row.share.count / row.share.of * WHOLE / most if row.share.of else 0),
            start=percent(row.share.low / most),
            end=percent(row.share.high / most),
            part=_exact(row.share.count / row.share.of if row.share.of else 0),
            interval=f"{_exact(row.share.low / WHOLE)}–{_exact(row.share.high / WHOLE)}",
            mark=("▲" if row.share.count * of > count * row.share.of else "▼") if row.share.differs else "",
        )
        for row in dimension.rows
    ]
    return Table(
        dimension=dimension,
        label=labels[dimension.dimension],
        lines=tuple(lines),
        everyone=percent(count / of * WHOLE / most if of else 0),
        most=_exact(most / WHOLE),
    )


def _exact(part: float) -> str:
    """A share, in per mille where it is small."""
    return share(part) if part >= 0.1 or part == 0 else f"{part * 1000:.2f} ‰"


@require_safe
def oversight(request: HttpRequest) -> HttpResponse:
    """What the lists did, as last drawn up."""
    found = kept()
    return render(
        request,
        "portal/oversight.html",
        {"found": found, "generated": bool(found and found.notice), "served": True},
    )


@require_safe
def oversight_json(request: HttpRequest) -> HttpResponse:
    """The same as JSON."""
    found = kept()
    content = b"null" if found is None else as_bytes(found)
    return HttpResponse(content, content_type="application/json; charset=utf-8")
