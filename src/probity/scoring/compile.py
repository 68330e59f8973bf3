"""From a scorecard to its integer tables.

What a kind of record does was asked of :mod:`probity.scoring.reference` itself, once for each combination of
outcomes that the card tells apart, so there is no second reading of a card.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import accumulate, product
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from probity.errors import RulebookError
from probity.rulebook import CARD, WHOLE, Ageing, Consumes, Indicator, Measure, Period, Reads, Scorecard
from probity.scoring.model import Value
from probity.scoring.reference import ageing, consumption, matches, reach
from probity.scoring.tables import (
    CLOSES_A_GATE,
    COUNT,
    EPOCH,
    FOREVER,
    IS_OCCASION,
    SCALE_ROW,
    STATUSES,
    STEP_ROW,
    STRONGEST,
    SUM,
    TOTAL,
    Behaviour,
    Codes,
    CompiledCard,
    Curves,
    Gates,
    Indicators,
    Ints,
    Longs,
    Look,
    Places,
    Plan,
    Rule,
    Rules,
    Table,
    Tables,
)

TABLES_MOST = 256 * 2**20
"""Bytes that the ageing tables of a card may take."""
OUTCOMES_MOST = 250_000
"""Combinations of attribute outcomes that a card may tell apart."""
BANDS_MOST = 127

_ROUNDINGS = ("none", "half-up", "down")
_MEASURES = {Measure.COUNT: COUNT, Measure.SUM: SUM, Measure.PRESENCE: STRONGEST, Measure.WORST: STRONGEST}


class _Curve(NamedTuple):
    """How records weigh by age: ``rule`` for the first ``length`` days, then ``tail``."""

    rule: Ageing
    length: int
    tail: int

    def factors(self, as_of: date) -> NDArray[np.int32]:
        """The first ``length`` factors, and the one of every greater age."""
        plain = self.rule == Ageing()
        return np.array(
            [*(WHOLE if plain else ageing(self.rule, age, as_of) for age in range(self.length)), self.tail],
            np.int32,
        )


def compile_card(card: Scorecard, as_of: date, *, explained: bool = False) -> CompiledCard:
    """The card as integer tables for ``as_of``; ``explained``: with the rules by which a record gives nothing.

    Raises RulebookError where its tables would be too large (``TABLES_MOST``, ``OUTCOMES_MOST``), or where the
    card contradicts itself in a way that the rulebook checker would have found.
    """
    _refuse_unusable(card)
    columns = tuple(dict.fromkeys(i.consumes.of for i in card.indicators if i.consumes.of and _keeps_amount(i)))
    behaviours: dict[Behaviour, int] = {}
    plans = _plans(card, columns, behaviours, explained)
    return CompiledCard(
        card=card,
        as_of=as_of,
        tables=tables((card,), as_of, tuple(behaviours)),
        plans=plans,
        columns=columns,
        reads=tuple(frozenset(read.source for read in i.reads) for i in card.indicators),
        needed=card.not_known.grade_needs * sum(i.weight for i in card.indicators),
        behaviours=tuple(behaviours),
    )


# -- what the card looks at ----------------------------------------------------------------------------


def _plans(
    card: Scorecard, columns: Sequence[str], behaviours: dict[Behaviour, int], explained: bool
) -> dict[str, Plan]:
    """A plan for each source; fills ``behaviours``, whose numbers are the codes."""
    items = sorted({read.source for reads, _ in _readers(card) for read in reads})
    looks = {item: _looks(card, item) for item in items}
    combinations = sum(prod(look.outcomes for look in looks[item]) for item in items)
    if combinations > OUTCOMES_MOST:
        raise RulebookError(
            f"tells {combinations:,} kinds of record apart, more than {OUTCOMES_MOST:,}",
            where=f"card {card.card}",
            remedy="Name fewer values in tables, steps and conditions of one item.",
        )
    plans = {}
    for item in items:
        codes: list[int] = []
        for values in product(*(look.examples() for look in looks[item])):
            attributes = {look.attribute: value for look, value in zip(looks[item], values, strict=True)}
            behaviour = _behaviour(card, item, attributes, columns, explained)
            seen = behaviour.rules or behaviour.gates or behaviour.is_occasion
            codes.append(behaviours.setdefault(behaviour, len(behaviours)) if seen else -1)
        kept = {i.consumes.of for i in card.indicators if _keeps_amount(i) and _names(i.reads, item)}
        plans[item] = Plan(
            looks[item], tuple(codes), tuple((n, column) for n, column in enumerate(columns) if column in kept)
        )
    return plans


def _readers(card: Scorecard) -> Iterator[tuple[Sequence[Reads], Consumes | None]]:
    """Whatever reads records, and how it lets them consume (where that is not by a kept amount)."""
    for indicator in card.indicators:
        yield indicator.reads, None if _keeps_amount(indicator) else indicator.consumes
    for gate in card.gates:
        yield gate.reads, None
    if card.occasion is not None:
        yield (card.occasion,), None


def _looks(card: Scorecard, item: str) -> tuple[Look, ...]:
    """The attributes of the item that the card looks at, with all the values that it names."""
    texts: dict[str, set[str]] = {}
    cuts: dict[str, set[int]] = {}
    for reads, consumes in _readers(card):
        own = [read for read in reads if read.source == item]
        for test in (test for read in own for test in read.where):
            texts.setdefault(test.attribute, set()).update(test.is_)
            named = (number for number in (test.at_least, test.below) if number is not None)
            cuts.setdefault(test.attribute, set()).update(named)
        if own and consumes is not None and consumes.of is not None:
            texts.setdefault(consumes.of, set()).update(consumes.table)
            cuts.setdefault(consumes.of, set()).update(step.from_ for step in consumes.steps)
    return tuple(
        Look(name, {text: n for n, text in enumerate(sorted(texts[name]), 1)}, tuple(sorted(cuts[name])))
        for name in sorted(texts)
    )


def _behaviour(
    card: Scorecard, item: str, attributes: Mapping[str, Value], columns: Sequence[str], explained: bool
) -> Behaviour:
    """What the card does with such a record."""
    rules = []
    for n, indicator in enumerate(card.indicators):
        of = indicator.consumes.of
        if not matches(indicator.reads, item, attributes):
            continue
        if of is not None and _keeps_amount(indicator):
            if not item.startswith(CARD):
                rules.append(Rule(n, 0, columns.index(of)))
            elif of == "total" or explained:
                rules.append(Rule(n, 0, TOTAL if of == "total" else -1))
        elif (points := consumption(indicator.consumes, attributes.get(of) if of else None)) or explained:
            rules.append(Rule(n, points, -1))
    closing = tuple(n for n, gate in enumerate(card.gates) if matches(gate.reads, item, attributes))
    is_occasion = card.occasion is not None and matches((card.occasion,), item, attributes)
    return Behaviour(tuple(rules), closing, is_occasion)


def _keeps_amount(indicator: Indicator) -> bool:
    return indicator.measure is Measure.SUM or indicator.consumes.linear is not None


def _names(reads: Sequence[Reads], item: str) -> bool:
    return any(read.source == item for read in reads)


# -- tables --------------------------------------------------------------------------------------------


def tables(cards: Sequence[Scorecard], as_of: date, behaviours: Sequence[Behaviour]) -> Tables:
    """The cards as tables, in which the code of a behaviour is its place among ``behaviours``, and the number of
    an indicator or a gate its place among those of all the cards."""
    indicators = [(n, i) for n, card in enumerate(cards) for i in card.indicators]
    shutters = [(n, gate) for n, card in enumerate(cards) for gate in card.gates]
    fades = [_fades(cards[n], i.window, i.ageing) for n, i in indicators]
    shuts = [_fades(cards[n], gate.window, Ageing()) for n, gate in shutters]
    kinds = list(dict.fromkeys([*fades, *shuts]))
    steps = [i.consumes.steps if i.measure is Measure.SUM else () for _, i in indicators]
    first_step = _starts(steps)
    rules = [rule for behaviour in behaviours for rule in behaviour.rules]
    gates = [gate for behaviour in behaviours for gate in behaviour.gates]
    curves = [_curve(kind, as_of) for kind in kinds]
    own_curve = [kinds.index(fade) for fade in fades]
    ends = {kind: curve.length if curve.tail == 0 else FOREVER for kind, curve in zip(kinds, curves, strict=True)}
    return Tables(
        as_of=as_of.toordinal() - EPOCH,
        one_occasion=any(card.occasion for card in cards),
        scales=_table(SCALE_ROW, [_scale(card) for card in cards]),
        first_band=_places(_starts(card.bands for card in cards)),
        bands=_longs(band.from_ for card in cards for band in card.bands),
        indicators=_indicators(indicators, first_step),
        steps=_table(STEP_ROW, [(step.from_, step.points) for own in steps for step in own]),
        curves=_curves(cards, curves, as_of),
        codes=Codes(
            flags=np.array(
                [b.is_occasion * IS_OCCASION + bool(b.gates) * CLOSES_A_GATE for b in behaviours], np.uint8
            ),
            lasts=_ints(
                max(
                    [0, *(ends[fades[r.indicator]] for r in b.rules), *(ends[shuts[gate]] for gate in b.gates)],
                )
                for b in behaviours
            ),
            first_rule=_places(_starts(behaviour.rules for behaviour in behaviours)),
            first_gate=_places(_starts(behaviour.gates for behaviour in behaviours)),
        ),
        rules=Rules(
            indicator=_places(rule.indicator for rule in rules),
            curve=_places(own_curve[rule.indicator] for rule in rules),
            column=_ints(rule.column for rule in rules),
            plain=np.array([_plain(indicators[rule.indicator][1], rule) for rule in rules], np.bool_),
            points=_longs(rule.points for rule in rules),
        ),
        gates=Gates(
            card=_places(shutters[gate][0] for gate in gates),
            band=_ints(cards[n].band(gate.at_most) for n, gate in (shutters[gate] for gate in gates)),
            curve=_places(kinds.index(shuts[gate]) for gate in gates),
        ),
    )


def _plain(indicator: Indicator, rule: Rule) -> bool:
    return indicator.measure is Measure.COUNT and rule.column == -1 and indicator.counts == "occurred"


def _scale(card: Scorecard) -> tuple[int, ...]:
    scale = card.scale
    return card.base, scale.from_, scale.to, _ROUNDINGS.index(scale.round), scale.to_nearest


def _indicators(numbered: Sequence[tuple[int, Indicator]], first_step: Sequence[int]) -> Indicators:
    indicators = [indicator for _, indicator in numbered]
    linear = [indicator.consumes.linear for indicator in indicators]
    return Indicators(
        card=_places(card for card, _ in numbered),
        weight=_longs(i.weight for i in indicators),
        sign=_longs(-1 if i.direction == "deduct" else 1 for i in indicators),
        measure=np.array([_MEASURES[i.measure] for i in indicators], np.int8),
        per=_longs(each.per if each else 0 for each in linear),
        each_per=_longs(each.points if each else 0 for each in linear),
        first_step=_ints(first_step[:-1]),
        end_step=_ints(first_step[1:]),
        in_force=np.array([i.counts == "in-force" for i in indicators], np.bool_),
        shares=np.array([[i.treatment.share(status) for status in STATUSES] for i in indicators], np.int64),
    )


_Fades = tuple[Period | None, Ageing]


def _fades(card: Scorecard, window: Period | None, ageing: Ageing) -> _Fades:
    """What decides a curve. On its own day every record is new, and in every window."""
    return (None, Ageing()) if card.occasion else (window, ageing)


def _curves(cards: Sequence[Scorecard], curves: Sequence[_Curve], as_of: date) -> Curves:
    _refuse_large(cards, curves)
    return Curves(
        first=_places(list(accumulate((curve.length + 1 for curve in curves), initial=0))[:-1]),
        length=_places(curve.length for curve in curves),
        factors=np.concatenate([curve.factors(as_of) for curve in curves]),
    )


def _curve(kind: _Fades, as_of: date) -> _Curve:
    window, rule = kind
    ends = [reach(window, as_of)] if window else []
    if rule.linear:
        ends.append(reach(rule.linear, as_of))
    if rule.half_life:
        ends.append(reach(rule.half_life, as_of) * WHOLE.bit_length())
    # No record is older than the first day of year 1.
    return _Curve(rule, min(*ends, as_of.toordinal()), 0) if ends else _Curve(rule, 0, WHOLE)


def _refuse_large(cards: Sequence[Scorecard], curves: Sequence[_Curve]) -> None:
    size = sum(curve.length for curve in curves) * 4
    if size > TABLES_MOST:
        raise RulebookError(
            f"needs ageing tables of {size:,} bytes, more than {TABLES_MOST:,}",
            where=f"card {', '.join(card.card for card in cards)}",
            remedy="Use shorter windows, or the same windows and ageing for several indicators.",
        )


def _refuse_unusable(card: Scorecard) -> None:
    where = f"card {card.card}"
    if len(card.bands) > BANDS_MOST:
        raise RulebookError(
            f"has {len(card.bands)} bands, more than {BANDS_MOST}", where=where, remedy="Use fewer."
        )
    if card.scale.round != "none" and card.scale.to_nearest <= 0:
        raise RulebookError("rounds to the nearest nothing", where=where, remedy="Give to_nearest more than 0.")
    grades = {band.grade for band in card.bands}
    for gate in card.gates:
        if gate.at_most not in grades:
            raise RulebookError(
                f"gate {gate.name.en!r} allows {gate.at_most!r} at most, and there is no such band",
                where=where,
                remedy=f"Name one of {', '.join(band.grade for band in card.bands)}.",
            )


def _table(row: np.dtype[np.void], rows: Sequence[tuple[object, ...]]) -> Table:
    return np.array([tuple(each) for each in rows], row)


def _ints(numbers: Iterable[int]) -> Ints:
    return np.array(list(numbers), np.int32)


def _longs(numbers: Iterable[int]) -> Longs:
    return np.array(list(numbers), np.int64)


def _places(numbers: Iterable[int]) -> Places:
    return np.array(list(numbers), np.uint32)


def _starts(runs: Iterable[Sequence[object]]) -> list[int]:
    """Where each of consecutive runs starts, and where the last one ends."""
    return list(accumulate((len(run) for run in runs), initial=0))
