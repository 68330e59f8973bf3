"""Whether what a rule refers to exists, may be referred to, and is in force with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from probity.rulebook.finding import Finding, suggestion
from probity.rulebook.model import InForce
from probity.rulebook.reading import Loc
from probity.rulebook.shelf import Entry, Kind, M, Shelf


def missing(shelf: Shelf, by: Entry[Any], kind: Kind[M], id_: str, *loc: str | int) -> Iterator[Finding]:
    """The finding where ``id_``, written at ``loc`` of ``by``, leads to nothing."""
    versions = kind.versions(id_)
    if not versions:
        if id_ not in kind.written:
            remedy = suggestion(id_, kind.written, "Correct the id, or write the rule it names.")
            yield by.error(f"there is no {kind.noun} {id_}", remedy, *loc)
        return
    book = versions[0].book
    if book not in shelf.uses(by.book):
        remedy = f"Add {book} to uses in {by.book}/rulebook.yaml."
        yield by.error(f"the {kind.noun} {id_} is in {book}, which {by.book} does not use", remedy, *loc)
    elif not live(by, kind, id_):
        days = "; ".join(span(version.model.in_force) for version in versions)  # type: ignore[attr-defined]
        reason = f"the {kind.noun} {id_} is in force {days}, never together with this"
        yield by.error(reason, "Correct the dates, or refer to what is in force then.", *loc)


def live(by: Entry[Any], kind: Kind[M], id_: str) -> list[Entry[M]]:
    """The versions of ``id_`` that are in force together with ``by`` (all, where that has no dates)."""
    dates: InForce | None = getattr(by.model, "in_force", None)
    return [
        version
        for version in kind.versions(id_)
        if dates is None or dates.overlaps(version.model.in_force)  # type: ignore[attr-defined]
    ]


def span(dates: InForce) -> str:
    """Dates as a person says them."""
    return f"from {dates.from_} to {dates.to}" if dates.to else f"from {dates.from_} on"


def twice(by: Entry[Any], noun: str, named: Iterable[tuple[str, Loc]]) -> Iterator[Finding]:
    """A finding at every name that was given before."""
    seen: dict[str, int] = {}
    for name, loc in named:
        if name in seen:
            reason = f"the {noun} {name} is here twice (first on line {seen[name]})"
            yield by.error(reason, "Rename one of the two, or delete it.", *loc)
        else:
            seen[name] = by.line(*loc)
