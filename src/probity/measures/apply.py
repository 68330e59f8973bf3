"""Which measures follow from an entry on a day, and whose duty they are (R5.1, R5.3, R5.10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

from probity.clock import shift
from probity.errors import NotFoundError, ProcedureError
from probity.measures import refusals as no
from probity.measures.model import Decision, Entry, Terms
from probity.rulebook import Binding, Law, ListKind, MeasureCategory, MeasureRule, Memorandum

FOLLOWS: Mapping[ListKind, frozenset[MeasureCategory]] = MappingProxyType(
    {
        ListKind.SERIOUS_VIOLATION: frozenset(
            {MeasureCategory.RIGHTS_REDUCING, MeasureCategory.MANAGEMENT, MeasureCategory.MARKET}
        ),
        ListKind.ABNORMAL_OPERATION: frozenset({MeasureCategory.MANAGEMENT}),
        ListKind.WATCH: frozenset({MeasureCategory.MANAGEMENT}),
        ListKind.RED: frozenset({MeasureCategory.REWARD}),
    }
)
"""The categories that can follow from an entry of each kind."""

BINDS = frozenset({ListKind.SERIOUS_VIOLATION, ListKind.RED})
"""The kinds of list that can bind other agencies: only serious cases trigger joint measures (R4.19)."""


@dataclass(frozen=True, slots=True)
class Applied:
    """A measure that a memorandum agrees, as it follows from an entry on a day.

    ``agencies``: the signatories that may execute it. ``until``: its last day, as far as one is known.
    ``informs``: why it informs and does not bind; None where each agency must confirm it after its own look.
    """

    memorandum: Memorandum
    measure: MeasureRule
    agencies: frozenset[str]
    until: date | None
    informs: str | None


@dataclass(frozen=True, slots=True)
class Duty:
    """What an agency owes while an entry is in force: to confirm or decline after its own look (``informs`` is
    None), or only to know."""

    entry: str
    subject: str
    memorandum: str
    measure: MeasureRule
    agency: str
    until: date | None
    informs: str | None


def duties(entry: Entry, law: Law, day: date) -> tuple[Duty, ...]:
    """The duties of every signatory that ``entry`` brings about on ``day``: none before it begins or after it."""
    return tuple(
        Duty(
            entry.record,
            entry.subject,
            each.memorandum.memorandum,
            each.measure,
            agency,
            each.until,
            each.informs,
        )
        for each in applied(entry, law, day)
        for agency in sorted(each.agencies)
    )


def applied(entry: Entry, law: Law, day: date, decision: Decision | None = None) -> tuple[Applied, ...]:
    """The measures that follow from ``entry`` on ``day``; those that matter for ``decision``, if one is given."""
    return follows(entry.terms, law, day, decision)


@lru_cache(maxsize=8192)
def follows(entry: Terms, law: Law, day: date, decision: Decision | None = None) -> tuple[Applied, ...]:
    """The same for the terms of an entry."""
    if not entry.in_force(day):
        return ()
    found: list[Applied] = []
    for key, (memorandum, measure, agencies) in agreed(law, entry.list, day).items():
        if decision is not None and decision not in measure.decisions:
            continue
        if refusal(entry, measure, law, day) is not None:
            continue
        until, why = last_day(entry, measure), _informs(entry, measure)
        bound = agencies if why or entry.kind is ListKind.RED else agencies & _at_first(entry, key, law)
        if bound:
            found.append(Applied(memorandum, measure, bound, until, why))
        if later := agencies - bound:
            found.append(Applied(memorandum, measure, later, until, AGREED_LATER))
    return tuple(found)


AGREED_LATER = "agreed after the entry was decided: the notice could not say so (charter 4)"


Agreement = tuple[Memorandum, MeasureRule, frozenset[str]]


@lru_cache(maxsize=8192)
def agreed(law: Law, list_: str, on: date) -> Mapping[tuple[str, str], Agreement]:
    """What memoranda in force on a day agree about a list, by memorandum and measure: with a measure whose legal
    basis is in force, by signatories that may execute it (F31). The rest has no effect."""
    found: dict[tuple[str, str], Agreement] = {}
    for memorandum in law.memoranda:
        if list_ not in memorandum.lists or not memorandum.in_force.covers(on):
            continue
        for each in memorandum.measures:
            try:
                measure = law.measure(each.measure, on)
            except NotFoundError:
                continue
            takers = frozenset(each.by or memorandum.signatories) & set(memorandum.signatories)
            found[memorandum.memorandum, each.measure] = (memorandum, measure, takers & set(measure.executors))
    return MappingProxyType(found)


def _at_first(entry: Terms, key: tuple[str, str], law: Law) -> frozenset[str]:
    """Who had agreed the measure when the entry was decided; nobody else is bound by it, since the notice could
    not say so. (A reward may be given by whoever joins later.)"""
    then = agreed(law, entry.list, entry.begins).get(key)
    return then[2] if then else frozenset()


def refusal(entry: Terms, measure: MeasureRule, law: Law, day: date) -> ProcedureError | None:
    """Why the measure cannot follow from the entry on ``day``, agreed though it is; None if it can."""
    if not entry.in_force(day):
        return no.NotInForce(day, entry.begins, entry.over_since)
    if measure.category not in FOLLOWS[entry.kind]:
        return no.NotOfThisList(measure.category, f"a {entry.kind} list")
    if measure.category not in _of_band(entry, law):
        return no.NotOfThisList(measure.category, f"the band {entry.band}")
    last = last_day(entry, measure)
    return no.TooLong(measure.measure, last) if last is not None and day > last else None


def _of_band(entry: Terms, law: Law) -> frozenset[str]:
    """The categories that the severity of the case allows (F4), by the law under which it was decided."""
    everything = frozenset(category.value for category in MeasureCategory)
    if entry.band is None:
        return everything
    try:
        rule = law.list(entry.list, entry.begins)
    except NotFoundError:
        return everything
    bands = rule.bands.bands if rule.bands else ()
    allowed = next((band.measures for band in bands if band.band == entry.band), ())
    return frozenset(allowed)


def last_day(entry: Terms, measure: MeasureRule) -> date | None:
    """The last day of a measure: that of the entry, or of the longest that it may last from the entry's first day.

    From the entry and not from the answer, so that nobody is bound longer because an agency is slow. A choice.
    """
    over = entry.over_since
    ends = [] if over is None else [over - timedelta(days=1)]
    if measure.maximum is not None:
        ends.append(shift(entry.begins, measure.maximum.number, measure.maximum.unit) - timedelta(days=1))
    return min(ends, default=None)


def _informs(entry: Terms, measure: MeasureRule) -> str | None:
    """Why it informs and does not bind; None if it binds."""
    if entry.imported:
        return "imported; notice not proven here (R4.23, F23)"
    if measure.category is MeasureCategory.MARKET:
        return "for others to decide; nobody may force them (R5.8)"
    if measure.binding is Binding.REFERENCE:
        return "agreed for reference (R5.3)"
    if entry.kind not in BINDS:
        return "only serious untrustworthiness binds other agencies (R4.19)"
    return None


def with_branches(agency: str, law: Law, day: date) -> frozenset[str]:
    """The agency and those above it: a branch takes part in what they signed (R4.2)."""
    chain = {agency}
    above = law.agency(agency, day).part_of
    while above is not None and above not in chain:
        chain.add(above)
        try:
            above = law.agency(above, day).part_of
        except NotFoundError:
            break
    return frozenset(chain)
