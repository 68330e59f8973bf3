"""From cases and entries to the figures of oversight: pure counting."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Literal

from probity.clock import Calendar
from probity.rulebook import WHOLE, Law, ListRule, Text, Within
from probity.scoring.preview import corrected, wilson
from probity.service.oversight.model import (
    AuthorityRow,
    ClassRow,
    Counts,
    Dimension,
    ListReport,
    Share,
    Step,
)

ASLEEP = timedelta(days=730)
"""A list on which nobody was put for so long is asleep (F30; the number is a choice)."""

SMALLEST = 20
"""Classes of fewer organisations are taken together: of so few a share says nothing, and everything about one."""

DIMENSIONS: tuple[Literal["region", "size", "ownership"], ...] = ("region", "size", "ownership")
UNSTATED = Text(en="not stated", zh="未载明")
SMALL = Text(en="classes of fewer than twenty together", zh="不足二十家的类别合计")


@dataclass(frozen=True, slots=True)
class CaseRow:
    """What oversight reads of a case."""

    list: str
    subject: str
    authority: str
    proposed: date | None
    consented: date | None
    notified: date | None
    open_since: date | None
    window_ends: date | None
    replied: date | None
    heard: date | None
    decided: date | None
    outcome: str | None
    entered: bool
    undelivered: int


@dataclass(frozen=True, slots=True)
class EntryRow:
    """What oversight reads of an entry."""

    list: str
    subject: str
    authority: str
    imported: bool
    begins: date
    in_force: bool


@dataclass(frozen=True, slots=True)
class Population:
    """How many organisations of each class the register holds, by scheme and dimension (a value of None: not
    stated), and the classes of those who were ever in a case or on a list, by dimension."""

    sizes: Mapping[str, Mapping[str, Mapping[str | None, int]]]
    classes: Mapping[str, Mapping[str, str | None]]
    names: Mapping[str, Mapping[str, Text]]


def report(
    rule: ListRule, cases: Sequence[CaseRow], entries: Sequence[EntryRow], people: Population, law: Law, day: date
) -> ListReport:
    """The figures of one list."""
    authorities = sorted({each.authority for each in cases} | {each.authority for each in entries})
    return ListReport(
        list=rule.list,
        name=rule.name,
        kind=rule.kind,
        counts=_counts(cases, entries),
        authorities=tuple(
            _authority(
                id_,
                rule,
                [each for each in cases if each.authority == id_],
                [each for each in entries if each.authority == id_],
                law,
            )
            for id_ in authorities
        ),
        steps=tuple(_steps(rule, cases, law)),
        dimensions=tuple(_dimension(name, rule, entries, people) for name in DIMENSIONS),
        dead=_dead(entries, day),
    )


def _authority(
    id_: str, rule: ListRule, cases: Sequence[CaseRow], entries: Sequence[EntryRow], law: Law
) -> AuthorityRow:
    return AuthorityRow(
        authority=id_,
        name=law.agency(id_).name,
        counts=_counts(cases, entries),
        steps=tuple(_steps(rule, cases, law)),
    )


def _counts(cases: Sequence[CaseRow], entries: Sequence[EntryRow]) -> Counts:
    outcomes = Counter(each.outcome for each in cases)
    return Counts(
        cases=len(cases),
        notices=sum(each.notified is not None for each in cases),
        served=sum(each.open_since is not None for each in cases),
        undelivered=sum(each.undelivered > 0 for each in cases),
        replies=sum(each.replied is not None for each in cases),
        hearings=sum(each.heard is not None for each in cases),
        kept_off=sum(outcomes[outcome] for outcome in ("dismissed", "refused", "withdrawn")),
        lapsed=outcomes["lapsed"],
        entries=sum(each.entered for each in cases),
        reversals=sum(outcomes[outcome] for outcome in ("correction", "court")),
        imported=sum(each.imported for each in entries),
        in_force=sum(each.in_force for each in entries),
    )


def _dead(entries: Sequence[EntryRow], day: date) -> Literal["never", "single", "asleep"] | None:
    if not entries:
        return "never"
    if len({each.subject for each in entries}) == 1:
        return "single"
    return "asleep" if max(each.begins for each in entries) < day - ASLEEP else None


# -- days at each step ---------------------------------------------------------------------------------


def _steps(rule: ListRule, cases: Sequence[CaseRow], law: Law) -> Iterable[Step]:
    if rule.steps is None:
        return
    calendar = law.calendar(rule.steps.calendar)
    spans: dict[Literal["consent", "notice", "decision"], list[tuple[date, date]]] = defaultdict(list)
    for case in cases:
        if case.proposed and case.consented:
            spans["consent"].append((case.proposed, case.consented))
        if (start := case.consented or case.proposed) and case.notified:
            spans["notice"].append((start, case.notified))
        if case.window_ends and case.decided:
            begins = max(case.window_ends, case.heard) if case.heard else case.window_ends
            spans["decision"].append((begins, case.decided))
    limits: dict[Literal["consent", "notice", "decision"], Within | None] = {
        "consent": rule.steps.consent,
        "notice": rule.steps.notify,
        "decision": rule.steps.decide,
    }
    for step, limit in limits.items():
        if limit is None or not spans[step]:
            continue
        lengths = sorted(_length(calendar, limit, spans[step]))
        yield Step(
            step=step,
            limit=limit.number,
            unit=limit.unit,
            rule=limit.rule,
            cases=len(lengths),
            median=lengths[(len(lengths) - 1) // 2],
            longest=lengths[-1],
            late=sum(length > limit.number for length in lengths),
        )


def _length(calendar: Calendar, limit: Within, spans: Sequence[tuple[date, date]]) -> Iterable[int]:
    """How long each span is, in the unit of the limit; the first day is not counted."""
    if limit.unit == "days":
        return [(end - start).days for start, end in spans]
    first = min(start for start, _ in spans)
    days = (max(end for _, end in spans) - first).days + 1
    worked = list(accumulate(calendar.works(first + timedelta(days=n)) for n in range(days)))
    return [worked[(end - first).days] - worked[(start - first).days] for start, end in spans]


# -- whom it met ---------------------------------------------------------------------------------------


def _dimension(
    name: Literal["region", "size", "ownership"],
    rule: ListRule,
    entries: Sequence[EntryRow],
    people: Population,
) -> Dimension:
    """Of each class in the register, how many were ever put on the list; of those whom it concerns."""
    classes = people.classes[name]
    met = Counter(classes[subject] for subject in {each.subject for each in entries} if subject in classes)
    sizes: Counter[str | None] = Counter()
    for scheme, classes_of in people.sizes.items():
        if rule.concerns([scheme]):
            sizes.update(classes_of[name])
    everyone, listed = sum(sizes.values()), sum(met.values())
    small = [value for value, size in sizes.items() if size < SMALLEST]
    rows = [(value, size, met[value]) for value, size in sizes.items() if size >= SMALLEST]
    rows.sort(key=lambda row: (row[0] is None, -row[1], row[0] or ""))
    confidence = corrected(len(rows) + bool(small))
    lines = [
        ClassRow(
            value=value,
            name=UNSTATED if value is None else people.names[name].get(value, Text(en=value)),
            share=_share(count, size, listed, everyone, confidence),
        )
        for value, size, count in rows
    ]
    if small:
        size, count = sum(sizes[value] for value in small), sum(met[value] for value in small)
        lines.append(ClassRow(value=None, name=SMALL, share=_share(count, size, listed, everyone, confidence)))
    return Dimension(dimension=name, rows=tuple(lines))


def _share(count: int, of: int, listed: int, everyone: int, confidence: float) -> Share:
    low, high = wilson(count, of)
    least, most = wilson(count, of, confidence)
    overall = listed * WHOLE // everyone if everyone else 0
    return Share(count=count, of=of, low=low, high=high, differs=not least <= overall <= most)
