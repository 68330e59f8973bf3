"""Compiled cards and a snapshot's kinds of record put together, so that the number of a kind is its code.

Where a card tells numbers apart (an amount from so much on), a kind has a code for every interval, and the records
get theirs by a pass of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np
from numpy.typing import NDArray

from probity.errors import RulebookError, SnapshotError
from probity.rulebook import CARD, MILLI
from probity.scoring.compile import tables
from probity.scoring.encode import UNKNOWN
from probity.scoring.kernel import NO_GRADE, WHY, Results, machine_code
from probity.scoring.model import NoGrade, Value
from probity.scoring.reference import MOST
from probity.scoring.snapshot.arrays import MISSING
from probity.scoring.snapshot.layout import NUMBERS
from probity.scoring.snapshot.manifest import AGAIN, Kind, Manifest, Plan
from probity.scoring.tables import Behaviour, CompiledCard, Ints, Look, Rule, Tables

CODES_MOST = 1 << 22
"""How many codes a card may have on a snapshot."""

_TOO_LITTLE = WHY.index(NoGrade.TOO_LITTLE_KNOWN)
_NOTHING = Behaviour((), (), False)


@dataclass(frozen=True, slots=True)
class Intervals:
    """Which codes the numbers of a record lead to.

    The looks of a kind are those from ``first[kind]`` to ``first[kind + 1]``, each at a number column, with its
    cuts from ``cut[look]`` to ``cut[look + 1]`` and the ``stride`` by which an outcome moves the code (a number
    that is missing does not); ``base`` is the code of a kind without any number.
    """

    base: Ints
    first: Ints
    number: Ints
    stride: Ints
    cut: Ints
    cuts: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bound:
    """Cards on a snapshot, worked with in one pass: their ``tables``, by the numbers of the snapshot's kinds.

    ``columns`` are the number columns that they need, ``inputs`` by card the codes of its results, for
    ``input_codes``.
    """

    cards: tuple[CompiledCard, ...]
    tables: Tables
    columns: tuple[str, ...]
    intervals: Intervals | None
    inputs: Mapping[str, Ints]

    @property
    def needs_until(self) -> bool:
        """Whether the cards ask of any record whether it is in force."""
        return len(self.tables.gates.band) > 0 or bool(self.tables.indicators.in_force.any())


def bind(cards: Sequence[CompiledCard], manifest: Manifest) -> list[Bound]:
    """The cards on that snapshot: all for one pass, or for several where the tables would be too large.

    A card with an occasion, or that reads the results of others, goes alone. Raises SnapshotError where the
    snapshot lacks what a card reads, RulebookError where one card tells too many kinds of record apart.
    """
    try:
        return [_bound(cards, manifest)]
    except RulebookError:
        if len(cards) == 1:
            raise
        half = len(cards) // 2
        return [*bind(cards[:half], manifest), *bind(cards[half:], manifest)]


def _bound(cards: Sequence[CompiledCard], manifest: Manifest) -> Bound:
    for compiled in cards:
        _refuse_lacking(compiled, manifest)
    behaviours: list[Behaviour] = [_NOTHING] * len(manifest.kinds)
    base, looks = list(range(len(manifest.kinds))), []
    for n, kind in enumerate(manifest.kinds):
        plan = manifest.plan[kind.item]
        numbered = _looks(cards, kind, plan)
        looks.append([(plan.numbers.index(look.attribute), look) for look in numbered])
        _refuse_many(cards, len(behaviours) + prod(look.outcomes for look in numbered))
        own = [
            _behaviour(cards, kind, plan, dict(zip((look.attribute for look in numbered), values, strict=True)))
            for values in product(*(look.examples() for look in numbered))
        ]
        if len(own) > 1:
            base[n] = len(behaviours)
            behaviours += own
        else:
            behaviours[n] = own[0]
    inputs = _inputs(cards[0], behaviours)
    rules = [rule for behaviour in behaviours for rule in behaviour.rules]
    slots = {rule.column for rule in rules if rule.column >= 0} | {slot for own in looks for slot, _ in own}
    return Bound(
        cards=tuple(cards),
        tables=tables([compiled.card for compiled in cards], cards[0].as_of, behaviours),
        columns=NUMBERS[: max(slots, default=-1) + 1],
        intervals=_intervals(base, looks) if any(looks) else None,
        inputs=inputs,
    )


def _refuse_lacking(compiled: CompiledCard, manifest: Manifest) -> None:
    for item, plan in compiled.plans.items():
        if item.startswith(CARD):
            continue
        held = manifest.plan.get(item)
        wanted = {look.attribute for look in plan.looks} | {attribute for _, attribute in plan.columns}
        lacking = wanted - {*held.texts, *held.numbers} if held else wanted
        if held is None or lacking:
            raise SnapshotError(
                f"the snapshot does not hold {', '.join(sorted(lacking)) or 'the records'} of {item}, "
                f"which {compiled.card.card} reads",
                remedy="A snapshot holds what the cards of the rulebooks read; a draft must first be put among "
                f"them. {AGAIN}",
            )


def _refuse_many(cards: Sequence[CompiledCard], codes: int) -> None:
    if codes > CODES_MOST:
        raise RulebookError(
            f"tells more than {CODES_MOST:,} kinds of record of this snapshot apart",
            where=f"card {', '.join(compiled.card.card for compiled in cards)}",
            remedy="Name fewer numbers in steps and conditions of one item.",
        )


def _looks(cards: Sequence[CompiledCard], kind: Kind, plan: Plan) -> list[Look]:
    """The numbers by which the cards tell records of a kind apart, each with the cuts of all of them."""
    cuts: dict[str, set[int]] = {}
    for read in (compiled.plans[kind.item] for compiled in cards if kind.item in compiled.plans):
        for look in read.looks:
            if look.attribute in plan.numbers and look.cuts:
                cuts.setdefault(look.attribute, set()).update(look.cuts)
    return [Look(name, {}, tuple(sorted(cuts[name]))) for name in sorted(cuts)]


def _behaviour(cards: Sequence[CompiledCard], kind: Kind, plan: Plan, numbers: Mapping[str, Value]) -> Behaviour:
    """What the cards together do with a record of the kind with these numbers: their indicators and gates numbered
    through, amounts taken from the number columns of the kind's item (no text)."""
    rules: list[Rule] = []
    gates: list[int] = []
    is_occasion, indicator, gate = False, 0, 0
    for compiled in cards:
        read = compiled.plans.get(kind.item)
        code = read.code({**kind.attributes, **numbers}) if read else -1
        if read and code >= 0:
            does = compiled.behaviours[code]
            slot = {n: plan.numbers.index(name) if name in plan.numbers else -1 for n, name in read.columns}
            rules += [Rule(r.indicator + indicator, r.points, slot.get(r.column, r.column)) for r in does.rules]
            gates += [each + gate for each in does.gates]
            is_occasion |= does.is_occasion
        indicator += len(compiled.card.indicators)
        gate += len(compiled.card.gates)
    return Behaviour(tuple(rules), tuple(gates), is_occasion)


def _inputs(compiled: CompiledCard, behaviours: list[Behaviour]) -> dict[str, Ints]:
    """The codes of the results that a card reads, whose behaviours are added."""
    found = {}
    for card in compiled.card.inputs:
        own = compiled.plans[CARD + card].codes
        found[card] = np.array([len(behaviours) + n if code >= 0 else -1 for n, code in enumerate(own)], np.int32)
        behaviours += [_NOTHING if code < 0 else compiled.behaviours[code] for code in own]
    return found


def _intervals(base: Sequence[int], looks: Sequence[Sequence[tuple[int, Look]]]) -> Intervals:
    flat = [
        (slot, look, prod(after.outcomes for _, after in own[n + 1 :]))
        for own in looks
        for n, (slot, look) in enumerate(own)
    ]
    return Intervals(
        base=np.array(base, np.int32),
        first=np.cumsum([0, *(len(own) for own in looks)]).astype(np.int32),
        number=np.array([slot for slot, _, _ in flat], np.int32),
        stride=np.array([stride for _, _, stride in flat], np.int32),
        cut=np.cumsum([0, *(len(look.cuts) for _, look, _ in flat)]).astype(np.int32),
        cuts=np.array([cut for _, look, _ in flat for cut in look.cuts], np.int64),
    )


def codes(bound: Bound, kind: Ints, amounts: NDArray[np.int64]) -> Ints:
    """The code of every record; ``amounts`` has a row for each of ``columns``."""
    if bound.intervals is None:
        return kind
    i = bound.intervals
    out = np.empty_like(kind)
    _place(i.base, i.first, i.number, i.stride, i.cut, i.cuts, kind, amounts, out)
    return out


@machine_code
def _place(base, first, number, stride, cut, cuts, kind, amounts, out):  # type: ignore[no-untyped-def]
    for n in range(len(kind)):
        own = kind[n]
        code = base[own]
        for look in range(first[own], first[own + 1]):
            value = amounts[number[look], n]
            if value != MISSING:
                outcome = 1
                for k in range(cut[look], cut[look + 1]):
                    outcome += cuts[k] <= value
                code += outcome * stride[look]
        out[n] = code


def input_codes(bound: Bound, read: CompiledCard, results: Results) -> tuple[Ints, NDArray[np.int64]]:
    """The codes of the results of another card (``read``), and their totals in whole points."""
    [compiled] = bound.cards
    card = read.card.card
    plan = compiled.plans[CARD + card]
    graded = results.grades != NO_GRADE
    totals = np.where(graded, results.totals // MILLI, 0)
    place = np.zeros(len(graded), np.int64)
    for look in plan.looks:
        place *= look.outcomes
        if look.attribute == "grade":
            outcomes = np.array([look.outcome(band.grade) for band in read.card.bands], np.int64)
            place += outcomes[np.where(graded, results.grades, 0)]
        elif look.attribute == "total" and look.cuts:
            place += 1 + len(look.texts) + np.searchsorted(look.cuts, totals, side="right")
    found = np.where(graded, bound.inputs[card][place], np.int32(-1))
    unknown = results.no_grade == _TOO_LITTLE
    return np.where(unknown, np.int32(UNKNOWN), found), np.clip(totals, 0, MOST)
