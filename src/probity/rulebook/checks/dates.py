"""Ids and dates: one id belongs to one rulebook, and its versions do not overlap."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from probity.errors import InputError
from probity.rulebook.checks.refer import span
from probity.rulebook.finding import Finding
from probity.rulebook.law import calendar_of
from probity.rulebook.shelf import Entry, Kind, Shelf


def check_dates(shelf: Shelf) -> Iterator[Finding]:
    """Overlapping versions of one id, ids that two rulebooks claim, calendars that the clock refuses."""
    for kind in shelf.dated():
        yield from _versions(kind)
    for entry in shelf.calendars:
        yield from _calendar(entry)


def _versions(kind: Kind[Any]) -> Iterator[Finding]:
    earlier: dict[str, list[Entry[Any]]] = {}
    for entry in kind:
        others = earlier.setdefault(entry.id, [])
        for other in others:
            there = f"{other.file}:{other.line()}"
            if other.book != entry.book:
                yield entry.error(
                    f"the {kind.noun} {entry.id} already belongs to {other.book} ({there})",
                    "Give it an id of its own, or use the other rulebook.",
                    kind.noun,
                )
            elif entry.model.in_force.overlaps(other.model.in_force):
                yield entry.error(
                    f"two versions of the {kind.noun} {entry.id} are in force at the same time: this one "
                    f"{span(entry.model.in_force)}, the one at {there} {span(other.model.in_force)}",
                    "End the earlier version the day before the later begins.",
                    "in_force",
                )
        others.append(entry)


def _calendar(entry: Entry[Any]) -> Iterator[Finding]:
    rule = entry.model
    seen: dict[int, int] = {}
    parts: dict[date, str] = {}
    clash = False
    for number, year in enumerate(rule.years):
        if year.year in seen:
            reason = f"the year {year.year} is here twice (first on line {seen[year.year]})"
            yield entry.error(reason, "Keep the later announcement only.", "years", number, "year")
        seen.setdefault(year.year, entry.line("years", number, "year"))
        for part, days in (("off", year.off), ("worked", year.worked)):
            for place, day in enumerate(days):
                if parts.setdefault(day, part) != part:
                    clash = True
                    reason = f"{day} is both off and worked"
                    remedy = "Where a later notice changed an earlier one, keep only what it decided."
                    yield entry.error(reason, remedy, "years", number, part, place)
    if clash:
        return
    try:
        calendar_of(rule)
    except InputError as error:
        yield entry.error(error.what, error.remedy or "Correct the calendar.", "holidays", "weekend")
