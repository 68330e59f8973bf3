"""A compiled card and a snapshot's kinds of record put together, so that the number of a kind is its code.

Where a card tells numbers apart (an amount from so much on), a kind has a code for every interval, and the records
get theirs by a pass of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod

import numpy as np
from numpy.typing import NDArray

from probity.errors import RulebookError, SnapshotError
from probity.rulebook import CARD, MILLI
from probity.scoring.compile import tables
from probity.scoring.encode import UNKNOWN
from probity.scoring.kernel import NO_GRADE, WHY, Results, machine_code
from probity.scoring.model import NoGrade
from probity.scoring.reference import MOST
from probity.scoring.snapshot.arrays import MISSING
from probity.scoring.snapshot.layout import NUMBERS
from probity.scoring.snapshot.manifest import AGAIN, Kind, Manifest, Plan
from probity.scoring.tables import Behaviour, CompiledCard, Ints, Look

CODES_MOST = 1 << 22
"""How many codes a card may have on a snapshot."""

_TOO_LITTLE = WHY.index(NoGrade.TOO_LITTLE_KNOWN)
_NOTHING = Behaviour((), (), False)


@dataclass(frozen=True, slots=True)
class Intervals:
    """Which codes the numbers of a record lead to.

    The looks of a kind are those from ``first[kind]`` to ``first[kind + 1]``, each at a number column, with its
    cuts from ``cut[look]`` to ``cut[look + 1]``, the outcome below the first cut (``least``) and the ``stride`` by
    which an outcome moves the code; ``base`` is the code of a kind without any number.
    """

    base: Ints
    first: Ints
    number: Ints
    least: Ints
    stride: Ints
    cut: Ints
    cuts: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bound:
    """A card on a snapshot: ``compiled`` with tables by the numbers of its kinds. ``columns`` are the number
    columns that it needs, ``inputs`` by card the codes of its results, for ``input_codes``."""

    compiled: CompiledCard
    columns: tuple[str, ...]
    intervals: Intervals | None
    inputs: Mapping[str, Ints]

    @property
    def needs_until(self) -> bool:
        """Whether the card asks of any record whether it is in force."""
        return bool(self.compiled.card.gates) or bool(self.compiled.tables.indicators.in_force.any())


def bind(compiled: CompiledCard, manifest: Manifest) -> Bound:
    """The card on that snapshot. Raises SnapshotError where the snapshot lacks what the card reads, RulebookError
    where the card tells too many kinds of record apart."""
    _refuse_lacking(compiled, manifest)
    behaviours: list[Behaviour] = [_NOTHING] * len(manifest.kinds)
    base, looks = list(range(len(manifest.kinds))), []
    for n, kind in enumerate(manifest.kinds):
        plan = manifest.plan[kind.item]
        found, numbered = _codes(compiled, kind, plan)
        own = [_NOTHING if code < 0 else _at(compiled, kind, plan, code) for code in found]
        looks.append([(plan.numbers.index(look.attribute), look) for look in numbered])
        if len(own) > 1:
            base[n] = len(behaviours)
            behaviours += own
            _refuse_many(compiled, behaviours)
        elif own:
            behaviours[n] = own[0]
    inputs = {}
    for card in compiled.card.inputs:
        codes = compiled.plans[CARD + card].codes
        inputs[card] = np.array(
            [len(behaviours) + n if code >= 0 else -1 for n, code in enumerate(codes)], np.int32
        )
        behaviours += [_NOTHING if code < 0 else compiled.behaviours[code] for code in codes]
    rules = [rule for behaviour in behaviours for rule in behaviour.rules]
    slots = {rule.column for rule in rules if rule.column >= 0} | {slot for own in looks for slot, _ in own}
    return Bound(
        compiled=replace(compiled, tables=tables(compiled.card, compiled.as_of, behaviours)),
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
                remedy=f"{AGAIN} It follows the rulebooks.",
            )


def _refuse_many(compiled: CompiledCard, behaviours: Sequence[Behaviour]) -> None:
    if len(behaviours) > CODES_MOST:
        raise RulebookError(
            f"tells more than {CODES_MOST:,} kinds of record of this snapshot apart",
            where=f"card {compiled.card.card}",
            remedy="Name fewer numbers in steps and conditions of one item.",
        )


def _codes(compiled: CompiledCard, kind: Kind, plan: Plan) -> tuple[list[int], list[Look]]:
    """The codes of a kind, one for every combination of the outcomes of its looks at numbers, and those looks."""
    read = compiled.plans.get(kind.item)
    if read is None:
        return [], []
    numbered = [look for look in read.looks if look.attribute in plan.numbers and look.cuts]
    outcomes = [
        range(look.outcomes) if look in numbered else (look.outcome(kind.attributes.get(look.attribute)),)
        for look in read.looks
    ]
    radix = [prod(look.outcomes for look in read.looks[n + 1 :]) for n in range(len(read.looks))]
    places = (sum(o * r for o, r in zip(chosen, radix, strict=True)) for chosen in product(*outcomes))
    return [read.codes[place] for place in places], numbered


def _at(compiled: CompiledCard, kind: Kind, plan: Plan, code: int) -> Behaviour:
    """What the card does with the code, amounts taken from the number columns of the kind's item (no text)."""
    does = compiled.behaviours[code]
    columns = compiled.plans[kind.item].columns
    slot = {n: plan.numbers.index(name) if name in plan.numbers else -1 for n, name in columns}
    return does._replace(
        rules=tuple(r._replace(column=slot[r.column]) if r.column >= 0 else r for r in does.rules)
    )


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
        least=np.array([1 + len(look.texts) for _, look, _ in flat], np.int32),
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
    _place(i.base, i.first, i.number, i.least, i.stride, i.cut, i.cuts, kind, amounts, out)
    return out


@machine_code
def _place(base, first, number, least, stride, cut, cuts, kind, amounts, out):  # type: ignore[no-untyped-def]
    for n in range(len(kind)):
        own = kind[n]
        code = base[own]
        for look in range(first[own], first[own + 1]):
            value = amounts[number[look], n]
            if value != MISSING:
                outcome = least[look]
                for k in range(cut[look], cut[look + 1]):
                    outcome += cuts[k] <= value
                code += outcome * stride[look]
        out[n] = code


def input_codes(
    bound: Bound, read: Bound, results: Results, applies: NDArray[np.bool_]
) -> tuple[Ints, NDArray[np.int64]]:
    """The codes of the results of another card (``read``), by organisation, and their totals in whole points.

    ``applies`` says of each organisation whether that card grades it.
    """
    card = read.compiled.card.card
    plan = bound.compiled.plans[CARD + card]
    graded = applies & (results.grades != NO_GRADE)
    totals = np.where(graded, results.totals // MILLI, 0)
    place = np.zeros(len(graded), np.int64)
    for look in plan.looks:
        place *= look.outcomes
        if look.attribute == "grade":
            outcomes = np.array([look.outcome(band.grade) for band in read.compiled.card.bands], np.int64)
            place += outcomes[np.where(graded, results.grades, 0)]
        elif look.attribute == "total" and look.cuts:
            place += 1 + len(look.texts) + np.searchsorted(look.cuts, totals, side="right")
    found = np.where(graded, bound.inputs[card][place], np.int32(-1))
    unknown = applies & (results.no_grade == _TOO_LITTLE)
    return np.where(unknown, np.int32(UNKNOWN), found), np.clip(totals, 0, MOST)
