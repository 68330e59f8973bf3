"""What of the law decides how statements become rows of a snapshot."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from probity.canon import canonical, digest
from probity.errors import RulebookError, SnapshotError
from probity.identity import organisation_kind
from probity.rulebook import Effect, Item, Law, OrganisationKind, Reads, Scorecard
from probity.scoring.snapshot.layout import CLASSES, NUMBERS
from probity.scoring.snapshot.manifest import Plan

ORGANISATION_KINDS = tuple(kind.value for kind in OrganisationKind)
"""A kind of organisation is stored as its index here."""

STATED_KIND = "kind"
"""The attribute in which a registration states the kind."""


@dataclass(frozen=True, slots=True)
class SchemeRule:
    """How a scheme tells the kind of an organisation: by the code itself (``by_code``), else it is ``kind``."""

    scheme: str
    by_code: bool
    kind: str


@dataclass(frozen=True, slots=True)
class Reading:
    """How statements are read: the plan of every item that is kept, the effect of every item there is, what the
    registering ones say of an organisation, and what its code does."""

    plan: Mapping[str, Plan]
    effects: Mapping[str, Effect]
    registers: Mapping[str, tuple[str, ...]]
    schemes: tuple[SchemeRule, ...]

    @property
    def hash(self) -> str:
        """Two snapshots whose readings have one hash hold the same of the same statements."""
        return digest(
            canonical(
                {
                    "plan": {item: plan.model_dump(mode="json") for item, plan in self.plan.items()},
                    "effects": {item: effect.value for item, effect in self.effects.items()},
                    "registers": self.registers,
                    "schemes": [[rule.scheme, rule.by_code, rule.kind] for rule in self.schemes],
                    "organisation_kinds": ORGANISATION_KINDS,
                }
            )
        )

    def scheme_of(self, subjects: pa.Array) -> NDArray[np.int8]:
        """The number of each subject's scheme. Raises SnapshotError where the law knows none of that name."""
        names = pc.struct_field(pc.extract_regex(subjects, "^(?P<scheme>[^:]*):"), "scheme")
        found = pc.index_in(names, pa.array([rule.scheme for rule in self.schemes], pa.string()))
        if found.null_count:
            name = names.filter(pc.is_null(found))[0].as_py()
            raise SnapshotError(
                f"the register holds organisations of the scheme {name!r}, which no rulebook has",
                remedy="Put the rulebook of that scheme back, then run the same command again.",
            )
        return np.asarray(found.cast(pa.int8()).to_numpy())

    def told(self, subjects: pa.Array, schemes: NDArray[np.int8]) -> NDArray[np.int8]:
        """The kind that each subject's code or scheme tells, by its index in ``ORGANISATION_KINDS``."""
        index = {kind: number for number, kind in enumerate(ORGANISATION_KINDS)}
        kinds = np.array([index[rule.kind] for rule in self.schemes], np.int8)[schemes]
        for number, rule in enumerate(self.schemes):
            if rule.by_code:
                mine = np.flatnonzero(schemes == number)
                start = len(rule.scheme) + 1
                begins = pc.utf8_slice_codeunits(
                    subjects.take(pa.array(mine)), start, start + 2
                ).dictionary_encode()
                told = [index[organisation_kind(code) or rule.kind] for code in begins.dictionary.to_pylist()]
                kinds[mine] = np.array(told, np.int8)[begins.indices.to_numpy()]
        return kinds


def reading(law: Law) -> Reading:
    """How statements are read under the law. Raises RulebookError where a card asks for more than a snapshot can
    hold, or an item changed its effect."""
    versions: dict[str, list[Item]] = {}
    for item in law.items:
        versions.setdefault(item.item, []).append(item)
    effects = {name: _effect(items) for name, items in versions.items()}
    asked = frozenset(_asked(law.cards))
    read = {each.item for each in asked}
    return Reading(
        plan={
            name: _plan(versions[name], {each for each in asked if each.item == name})
            for name, effect in sorted(effects.items())
            if effect is Effect.NONE or (effect is not Effect.MANIFEST and name in read)
        },
        effects=effects,
        registers={
            name: tuple(each for each in (STATED_KIND, *CLASSES) if any(v.attribute(each) for v in versions[name]))
            for name, effect in effects.items()
            if effect is Effect.REGISTERS
        },
        schemes=tuple(_scheme(name, law) for name in dict.fromkeys(scheme.scheme for scheme in law.schemes)),
    )


def _scheme(name: str, law: Law) -> SchemeRule:
    scheme = law.scheme(name)
    kind = scheme.kind or OrganisationKind.UNINCORPORATED
    return SchemeRule(name, scheme.check == "cn-uscc", kind.value)


def _effect(versions: Sequence[Item]) -> Effect:
    first, *others = versions
    if any(other.effect is not first.effect for other in others):
        raise RulebookError(
            "the effect of this item differs from one version to another; a snapshot cannot hold that",
            where=first.item,
            remedy="Give the new effect to an item of its own.",
        )
    return first.effect


class _Asked(NamedTuple):
    """What a card looks at: an attribute of an item, as a number or as text; no attribute: only the record."""

    item: str
    attribute: str | None = None
    as_number: bool = False


def _asked(cards: Iterable[Scorecard]) -> Iterator[_Asked]:
    for card in cards:
        for indicator in card.indicators:
            of = indicator.consumes.of
            for reads in indicator.reads:
                yield from _looked_at(reads)
                if reads.item is not None and of is not None:
                    yield _Asked(reads.item, of, not indicator.consumes.table)
        for gate in card.gates:
            for reads in gate.reads:
                yield from _looked_at(reads)
        if card.occasion:
            yield from _looked_at(card.occasion)


def _looked_at(reads: Reads) -> Iterator[_Asked]:
    if reads.item is None:
        return
    yield _Asked(reads.item)
    for test in reads.where:
        if test.is_:
            yield _Asked(reads.item, test.attribute)
        if test.at_least is not None or test.below is not None:
            yield _Asked(reads.item, test.attribute, as_number=True)


def _plan(versions: Sequence[Item], asked: Collection[_Asked]) -> Plan:
    """Choices, booleans and texts that a card or the term names; whole numbers, first those that a card reads."""
    types: dict[str, set[str]] = {}
    for version in versions:
        for attribute in version.attributes:
            types.setdefault(attribute.attribute, set()).add(attribute.type)
    whole = [name for name, said in types.items() if said & {"integer", "amount"}]
    named = {each.attribute for each in asked} | {each.term.by for each in versions if each.term}
    texts = (
        name
        for name, said in types.items()
        if name not in whole and (said & {"choice", "boolean"} or name in named)
    )
    read = [name for name in whole if any(each.attribute == name and each.as_number for each in asked)]
    if len(read) > len(NUMBERS):
        raise RulebookError(
            f"cards read {len(read)} numbers of this item ({', '.join(read)}); a snapshot holds {len(NUMBERS)}",
            where=versions[0].item,
            remedy="State the others under an item of their own.",
        )
    numbers = [*read, *(name for name in whole if name not in read)]
    return Plan(texts=tuple(texts), numbers=tuple(numbers[: len(NUMBERS)]))
