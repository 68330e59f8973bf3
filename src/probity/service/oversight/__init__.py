"""Oversight: of each list and authority what was decided, how long it took against the statute, what was undone,
which lists are dead, and whom they met, with what certainty. Counts only: no organisation is named."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from probity.dossier import GENERATED
from probity.ledger import holds_generated
from probity.rulebook import Law
from probity.service.oversight import read
from probity.service.oversight.figures import CaseRow, EntryRow, report
from probity.service.oversight.kept import as_bytes, keep, kept
from probity.service.oversight.model import AuthorityRow, Counts, Dimension, ListReport, Oversight, Share, Step
from probity.service.oversight.page import page

__all__ = [
    "AuthorityRow",
    "Counts",
    "Dimension",
    "ListReport",
    "Oversight",
    "Share",
    "Step",
    "as_bytes",
    "keep",
    "kept",
    "oversight",
    "page",
]


def oversight(law: Law, day: date, progress: read.Progress | None = None) -> Oversight:
    """The figures of every list of the law on ``day``, those with the most entries in force first."""
    cases: dict[str, list[CaseRow]] = defaultdict(list)
    entries: dict[str, list[EntryRow]] = defaultdict(list)
    for case in read.cases(day):
        cases[case.list].append(case)
    for entry in read.entries(day):
        entries[entry.list].append(entry)
    concerned = {each.subject for rows in entries.values() for each in rows}
    people = read.population(concerned, law, progress)
    rules = {rule.list: rule for rule in law.lists if rule.in_force.from_ <= day}
    lists = [report(rule, cases[id_], entries[id_], people, law, day) for id_, rule in rules.items()]
    return Oversight(
        day=day,
        organisations=sum(sum(classes["region"].values()) for classes in people.sizes.values()),
        notice=GENERATED if holds_generated() else None,
        lists=tuple(sorted(lists, key=lambda each: (-each.counts.in_force, -each.counts.cases, each.list))),
    )
