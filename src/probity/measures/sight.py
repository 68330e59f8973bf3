"""What an asking agency sees of an entry for the decision at hand, and what it must do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from probity.errors import NotFoundError
from probity.measures.answer import Answering
from probity.measures.apply import Applied, agreed, follows, with_branches
from probity.measures.model import Decision, Entry, Terms
from probity.rulebook import Law, ListRule, Text


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure that matters for the decision. ``must``: the asking agency must confirm or decline it after its
    own look; ``informs``: why it only informs, where it does; ``stands``: what the agency answered, and when."""

    measure: str
    name: Text
    category: str
    basis: str
    conduct: str
    memorandum: str
    memorandum_name: Text
    until: date | None
    must: bool
    informs: str | None
    stands: str | None
    answered: date | None


@dataclass(frozen=True, slots=True)
class Found:
    """An entry in force, with what follows from it for the decision."""

    record: str
    list: str
    name: Text
    kind: str
    authority: str
    begins: date
    ends: date | None
    basis: str | None
    criterion: str | None
    band: str | None
    document: str | None
    contested_since: date | None
    imported: bool
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A list that matters for the decision and of which nothing was ever delivered here: whoever is on it is not
    known."""

    list: str
    name: Text
    authorities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for which decision. ``line``: the agency and those above it, in whose memoranda it takes part;
    ``answered``: what the agency itself answered, by entry, memorandum, measure and agency."""

    agency: str
    line: frozenset[str]
    decision: Decision
    law: Law
    answered: Mapping[tuple[str, str, str, str], Answering]

    def found(self, entries: Iterable[Entry], day: date) -> tuple[Found, ...]:
        """What the agency sees of the entries in force on ``day`` that matter."""
        mine = {record for record, _, _, agency in self.answered if agency == self.agency}
        found = []
        for entry in entries:
            name, measures = _seen(entry.terms, self.law, day, self.decision, self.line)
            if measures and entry.record in mine:
                measures = tuple(self._with_answer(entry, each) for each in measures)
            if measures:
                found.append(_found(entry, name, measures))
        return tuple(found)

    def _with_answer(self, entry: Entry, measure: Measure) -> Measure:
        answering = self.answered.get((entry.record, measure.memorandum, measure.measure, self.agency))
        if answering is None or answering.last is None:
            return measure
        return replace(measure, must=False, stands=answering.stand, answered=answering.last.on)


def _found(entry: Entry, name: Text, measures: tuple[Measure, ...]) -> Found:
    return Found(
        record=entry.record,
        list=entry.list,
        name=name,
        kind=entry.kind,
        authority=entry.issuer,
        begins=entry.begins,
        ends=entry.ends,
        basis=entry.basis,
        criterion=entry.criterion,
        band=entry.band,
        document=entry.document,
        contested_since=entry.contested_since,
        imported=entry.imported,
        measures=measures,
    )


@lru_cache(maxsize=8192)
def _seen(
    terms: Terms, law: Law, day: date, decision: Decision, line: frozenset[str]
) -> tuple[Text, tuple[Measure, ...]]:
    """The name of the list, and what matters of an entry with these terms, as nobody has answered it yet.

    Nothing where the list is not public and not the asker's: its own, or given to it by a memorandum (R4.20).
    """
    following, rule = follows(terms, law, day, decision), _rule(law, terms)
    own = rule is None or rule.public or bool(line & set(rule.authorities))
    if not own and not any(line & each.agencies for each in following):
        following = ()
    name = rule.name if rule else Text(en=terms.list)
    return name, tuple(_measure(each, line) for each in following)


def _measure(each: Applied, line: frozenset[str]) -> Measure:
    mine = bool(line & each.agencies)
    others = f"agreed among others: {', '.join(sorted(each.agencies))}"
    return Measure(
        measure=each.measure.measure,
        name=each.measure.name,
        category=each.measure.category,
        basis=each.measure.basis,
        conduct=each.measure.conduct,
        memorandum=each.memorandum.memorandum,
        memorandum_name=each.memorandum.name,
        until=each.until,
        must=mine and each.informs is None,
        informs=each.informs if mine or each.informs else others,
        stands=None,
        answered=None,
    )


def _rule(law: Law, terms: Terms) -> ListRule | None:
    try:
        return law.list(terms.list, terms.begins)
    except NotFoundError:
        return None


@lru_cache(maxsize=256)
def sources(law: Law, decision: Decision, day: date, schemes: frozenset[str]) -> tuple[Source, ...]:
    """The lists from which something could follow for ``decision`` about organisations of these schemes."""
    return tuple(
        Source(rule.list, rule.name, rule.authorities)
        for rule in law.lists
        if rule.in_force.covers(day)
        and rule.concerns(schemes)
        and any(decision in measure.decisions for _, measure, _ in agreed(law, rule.list, day).values())
    )


@lru_cache(maxsize=256)
def alone(law: Law, lists: frozenset[str], day: date) -> tuple[tuple[str, str, str], ...]:
    """Of these lists: list, item and issuer, where whatever the issuer states under the item is of that list."""
    rules = [rule for rule in law.lists if rule.in_force.covers(day)]
    agencies = [each for each in law.agencies if each.in_force.covers(day)]
    found = []
    for agency in agencies:
        line = with_branches(agency.agency, law, day)
        own = [rule for rule in rules if line & set(rule.authorities)]
        items = [rule.record for rule in own]
        found += [
            (rule.list, rule.record, agency.agency)
            for rule in own
            if rule.list in lists and items.count(rule.record) == 1
        ]
    return tuple(found)
