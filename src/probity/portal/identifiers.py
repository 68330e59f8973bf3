"""Identifiers and relations as the page shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from probity.dossier import Relation
from probity.errors import IdentifierError
from probity.identity import Part, parse
from probity.portal.formats import called
from probity.rulebook import Effect, Law, Text


@dataclass(frozen=True, slots=True)
class Shown:
    """An identifier with what its parts say, where it is a unified social credit code."""

    name: Text
    code: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """A relation: ``title`` says what the other organisation is to this one, or the other way round."""

    title: str
    subject: str
    name: str
    inverse: bool


def identifiers(keys: Iterable[str], law: Law) -> list[Shown]:
    """Every identifier (``scheme:code``) with the name of its scheme."""
    return [_identifier(*key.partition(":")[::2], law) for key in keys]


def relations(found: Iterable[Relation], law: Law) -> list[Related]:
    """Relations, each with its name in the law."""
    names = {
        choice.value: choice.name
        for item in law.items
        if item.effect is Effect.RELATES and (attribute := item.attribute("relation"))
        for choice in attribute.choices
    }
    return [
        Related(
            title=called(names[each.relation]) if each.relation in names else each.relation,
            subject=each.subject,
            name=each.name or each.subject.partition(":")[2],
            inverse=each.inverse,
        )
        for each in found
    ]


def _identifier(scheme_id: str, code: str, law: Law) -> Shown:
    scheme = law.scheme(scheme_id)
    parts: tuple[Part, ...] = ()
    if scheme.check == "cn-uscc":
        try:
            parts = parse(code).explain()
        except IdentifierError:
            parts = ()
    return Shown(scheme.name, code, parts)
