"""The register as it is searched: one entry an organisation, derived from its registering statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from probity.dossier.fold import chains
from probity.dossier.kind import kind_of
from probity.identity import normalise
from probity.ledger import Act, Statement
from probity.rulebook import Effect, Law


@dataclass(frozen=True, slots=True)
class Entry:
    """How an organisation is found. ``search``: its code and all its names, normalised; empty if it is closed."""

    subject: str
    name: str
    kind: str
    generated: bool
    search: str
    grams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """``subject`` stated a relation to ``related``, once or more."""

    subject: str
    related: str


def items_with(law: Law, *effects: Effect) -> list[str]:
    """The ids of the items that have one of these effects."""
    return sorted({item.item for item in law.items if item.effect in effects})


def entries(statements: Sequence[Statement], law: Law) -> Iterator[Entry | Link]:
    """The entries and links that ``statements`` give: registering and relating ones, ordered by subject."""
    for subject, stated in groupby(statements, key=lambda statement: statement.subject):
        mine = list(stated)
        alive = [chain.speaks for chain in chains(mine).values() if not chain.withdrawn]
        registered = sorted(
            (each for each in alive if _effect(each, law) is Effect.REGISTERS),
            key=lambda each: (each.valid_from, each.position),
        )
        if registered:
            yield _entry(subject, registered, law)
        elif any(_effect(each, law) is Effect.REGISTERS for each in mine):
            yield _closed(subject, mine)
        related = {
            str(each.attributes["related"])
            for each in mine
            if each.act is not Act.WITHDRAW and _effect(each, law) is Effect.RELATES
        }
        yield from (Link(subject, other) for other in sorted(related))


def grams(search: str) -> set[str]:
    """Every pair of neighbouring characters within the words of ``search``."""
    return {word[n : n + 2] for word in search.split() for n in range(len(word) - 1)}


def _entry(subject: str, registered: Sequence[Statement], law: Law) -> Entry:
    names = dict.fromkeys(str(each.attributes.get("name") or "") for each in reversed(registered))
    code = subject.partition(":")[2]
    search = " ".join([*filter(None, map(normalise, names)), code.lower()])
    newest = registered[-1]
    return Entry(
        subject=subject,
        name=str(newest.attributes.get("name") or code),
        kind=kind_of(subject, newest.attributes, law),
        generated=any(each.generated for each in registered),
        search=search,
        grams=tuple(sorted(grams(search))),
    )


def _closed(subject: str, stated: Sequence[Statement]) -> Entry:
    """The entry of one whose registrations were all withdrawn: nobody finds it, and its ordinal stays taken."""
    code = subject.partition(":")[2]
    return Entry(subject, code, "", any(each.generated for each in stated), "", ())


def _effect(statement: Statement, law: Law) -> Effect:
    return law.item(statement.item, statement.valid_from).effect
