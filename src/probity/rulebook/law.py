"""The law as loaded: every rule of every rulebook, by id and by day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import TypeVar

from probity.clock import Calendar, shift
from probity.errors import NotFoundError, QuestionError
from probity.rulebook.cases import CasesFile
from probity.rulebook.finding import suggestion
from probity.rulebook.list_cases import ListCasesFile
from probity.rulebook.lists import LeftOut, ListRule
from probity.rulebook.measures import MeasureRule, Memorandum
from probity.rulebook.model import (
    Agency,
    CalendarRule,
    Category,
    Dated,
    Item,
    Mapping,
    RulebookInfo,
    Scheme,
)
from probity.rulebook.scorecard import Scorecard

D = TypeVar("D", bound=Dated)


@dataclass(frozen=True, eq=False)
class Law:
    """All rulebooks of one folder, checked. Nothing in it changes.

    Every listing holds all versions, in the order in which the files first name their ids. A look-up by id
    takes the day ``on`` which the rule must be in force; without a day it gives the newest version. It raises
    NotFoundError, naming the id that comes nearest or the days on which the rule is in force.
    """

    rulebooks: tuple[RulebookInfo, ...]
    schemes: tuple[Scheme, ...]
    agencies: tuple[Agency, ...]
    categories: tuple[Category, ...]
    items: tuple[Item, ...]
    mappings: tuple[Mapping, ...]
    cards: tuple[Scorecard, ...]
    calendars: tuple[CalendarRule, ...]
    cases: tuple[tuple[str, CasesFile], ...]
    """The worked cases, each file with its name relative to the folder of rulebooks."""
    hash: str
    """SHA-256 over the names and bytes of all files: two laws with one hash are the same law."""
    books: Table[str, str] = field(repr=False)
    """The rulebook that holds each mapping."""
    lookups: Table[tuple[str, str], Table[str, str]] = field(repr=False)
    """The lookup tables, by rulebook and name."""
    lists: tuple[ListRule, ...] = ()
    measures: tuple[MeasureRule, ...] = ()
    memoranda: tuple[Memorandum, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    """What of the sources is not encoded, and why."""
    list_cases: tuple[tuple[str, ListCasesFile], ...] = ()
    """The worked cases of lists, as ``cases`` are those of cards."""

    def rulebook(self, id_: str, on: date | None = None) -> RulebookInfo:
        """What the rulebook of that id says of itself."""
        return _find("rulebook", self._rulebooks, id_, on)

    def scheme(self, id_: str, on: date | None = None) -> Scheme:
        """The identifier scheme of that id."""
        return _find("scheme", self._schemes, id_, on)

    def agency(self, id_: str, on: date | None = None) -> Agency:
        """The agency of that id."""
        return _find("agency", self._agencies, id_, on)

    def category(self, id_: str, on: date | None = None) -> Category:
        """The category of public credit information of that id."""
        return _find("category", self._categories, id_, on)

    def item(self, id_: str, on: date | None = None) -> Item:
        """The catalogue item of that id: without a live one there is no record (charter 2)."""
        return _find("item", self._items, id_, on)

    def mapping(self, id_: str, on: date | None = None) -> Mapping:
        """The intake mapping of that id."""
        return _find("mapping", self._mappings, id_, on)

    def card(self, id_: str, on: date | None = None) -> Scorecard:
        """The scorecard of that id."""
        return _find("scorecard", self._cards, id_, on)

    def calendar(self, id_: str, on: date | None = None) -> Calendar:
        """The working-day calendar of that id."""
        return calendar_of(_find("calendar", self._calendars, id_, on))

    def list(self, id_: str, on: date | None = None) -> ListRule:
        """The list of that id."""
        return _find("list", self._lists, id_, on)

    def measure(self, id_: str, on: date | None = None) -> MeasureRule:
        """The measure of that id."""
        return _find("measure", self._measures, id_, on)

    def memorandum(self, id_: str, on: date | None = None) -> Memorandum:
        """The memorandum of that id."""
        return _find("memorandum", self._memoranda, id_, on)

    def lookup(self, mapping: Mapping | str, name: str) -> Table[str, str]:
        """The lookup table ``name`` of the rulebook that holds the mapping."""
        id_ = mapping if isinstance(mapping, str) else mapping.mapping
        book = self.books.get(id_, "")
        try:
            return self.lookups[book, name]
        except KeyError:
            names = [known for owner, known in self.lookups if owner == book]
            remedy = suggestion(name, names, f"Write lookups/{name}.csv.")
            raise NotFoundError(f"there is no lookup table {name!r}", where=id_, remedy=remedy) from None

    def display_until(self, item: Item, valid_from: date, attributes: Table[str, object]) -> date | None:
        """The last day of a record's display term, which begins on ``valid_from``; None if it has no term.

        That day is the period after ``valid_from``, less a day (R7.11). Where the term depends on an
        attribute whose value is missing or not in the table, the shortest period holds: what the record
        leaves open must not be held against the organisation. This is a choice; the law is silent.
        """
        if item.term is None:
            return None
        period = item.term.display
        if period is None:
            periods = item.term.periods
            ends = [_end(valid_from, p.number, p.unit) for p in periods.values()]
            period = periods.get(str(attributes.get(item.term.by or "")))
            return _end(valid_from, period.number, period.unit) if period else min(ends)
        return _end(valid_from, period.number, period.unit)

    @cached_property
    def _rulebooks(self) -> _Index[RulebookInfo]:
        return _index(self.rulebooks, "rulebook")

    @cached_property
    def _schemes(self) -> _Index[Scheme]:
        return _index(self.schemes, "scheme")

    @cached_property
    def _agencies(self) -> _Index[Agency]:
        return _index(self.agencies, "agency")

    @cached_property
    def _categories(self) -> _Index[Category]:
        return _index(self.categories, "category")

    @cached_property
    def _items(self) -> _Index[Item]:
        return _index(self.items, "item")

    @cached_property
    def _mappings(self) -> _Index[Mapping]:
        return _index(self.mappings, "mapping")

    @cached_property
    def _cards(self) -> _Index[Scorecard]:
        return _index(self.cards, "card")

    @cached_property
    def _calendars(self) -> _Index[CalendarRule]:
        return _index(self.calendars, "calendar")

    @cached_property
    def _lists(self) -> _Index[ListRule]:
        return _index(self.lists, "list")

    @cached_property
    def _measures(self) -> _Index[MeasureRule]:
        return _index(self.measures, "measure")

    @cached_property
    def _memoranda(self) -> _Index[Memorandum]:
        return _index(self.memoranda, "memorandum")


def calendar_of(rule: CalendarRule) -> Calendar:
    """The calendar that a rule describes; raises InputError where the clock refuses it."""
    if rule.holidays is None:
        years = {year.year: (year.off, year.worked) for year in rule.years}
        return Calendar.written(
            rule.calendar,
            years,
            day_zero=rule.day_zero,
            weekend=rule.weekend,
            first_day_counts=rule.first_day_counts,
        )
    country, _, subdivision = rule.holidays.partition("-")
    return Calendar.from_holidays(
        country,
        subdivision or None,
        name=rule.calendar,
        day_zero=rule.day_zero,
        weekend=rule.weekend,
        first_day_counts=rule.first_day_counts,
    )


_Index = Table[str, Sequence[D]]
"""Versions by id, newest first."""


def _index(things: Iterable[D], key: str) -> dict[str, list[D]]:
    result: dict[str, list[D]] = {}
    for thing in sorted(things, key=lambda thing: thing.in_force.from_, reverse=True):
        result.setdefault(getattr(thing, key), []).append(thing)
    return result


def _find(noun: str, index: _Index[D], id_: str, on: date | None) -> D:
    versions = index.get(id_)
    if not versions:
        remedy = suggestion(id_, index, f"Look it up among the {len(index)} there are.")
        raise NotFoundError(f"no rulebook has {'an' if noun[0] in 'aeiou' else 'a'} {noun} {id_!r}", remedy=remedy)
    for version in versions:
        if on is None or version.in_force.covers(on):
            return version
    days = "; ".join(f"{v.in_force.from_} to {v.in_force.to or 'further notice'}" for v in reversed(versions))
    raise NotFoundError(f"the {noun} {id_!r} is not in force on {on}", remedy=f"It is in force {days}.")


def _end(start: date, number: int, unit: str) -> date:
    try:
        return shift(start, number, unit) - timedelta(days=1)  # type: ignore[arg-type]
    except QuestionError:
        return date.max
