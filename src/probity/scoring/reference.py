"""The meaning of a scorecard, in plain Python: what every other evaluator is held to.

All numbers are whole (milli-points, millionths, minor units); ``//`` is division rounded down. In words:

**Two days.** ``as_of`` is the day asked about; it decides what stands: a record's status, whether its term has
run out, whether it is still in force. The *reference day* decides how old a record is. It is ``as_of``, or for a
card with an ``occasion`` the day of the latest record of that kind on or before ``as_of`` that is neither
withdrawn, repaired nor expired; then only records of that very day are read, by indicators and gates alike.

**Standing** on ``as_of``, the first that applies: withdrawn, expired (its term ended before), repaired, contested,
active. A record after ``as_of`` is not yet.

**Periods.** Back from the reference day *d*, a period *P* reaches ``D = d - shift(d, -P)`` days (ends of months as
the clock room has them; never beyond the first of January of year 1, never less than a day). A record lies in a
window when its age, *d* minus its day, is less than ``D``.

**Ageing**, in millionths: none is the whole; linear is ``WHOLE * max(D - age, 0) // D``; half-life is the whole
times ``2 ** (-age / D)``, rounded down.

**A record's points** are ``consumption * ageing // WHOLE * share // WHOLE``, from left to right, where the share
is what the indicator's treatment leaves a record of this standing. An indicator adds them (count), takes the
largest (presence, worst; of equals the first as given), or, for a sum, does the same with the amounts (negative
ones nothing), adds those, and lets the total consume; a total of 0 consumes nothing, whatever the steps say. The
cap is the weight. A record that matches several ``reads`` of an indicator counts once.

**Bounds.** An amount, a sum of amounts and a consumption are held at ``MOST`` = 10**18, so that 64 bits suffice.
No public body owes or owns that many fen, and no card has a billionth of that many points.

**Total**: base plus awards minus deductions, held within the scale, rounded, held within the scale again. To the
nearest: halves upwards; down: towards minus infinity.

**Not known**: see :class:`~probity.rulebook.NotKnown`; ``delivered`` None means that every source has delivered.
No total and no grade without an occasion where the card needs one, nor below the share of the card's weight that
``grade_needs`` asks for; no grade where the total lies below every band.

**Gates** look at records that are active or contested, in force on ``as_of`` and within the gate's window,
whatever was delivered. The grade is the lowest of the total's band and every such gate's ``at_most``.

**Inputs.** Another card's result is read as one record of the day asked about: active, without an end, its source
``card:`` and the id, its attributes the ``grade`` and the ``total`` in whole points, rounded down. A result
without a grade is no record. Such a source counts as delivered, unless the result is that too little is known.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from functools import lru_cache

from probity.clock import shift
from probity.errors import QuestionError
from probity.rulebook import (
    CARD,
    MILLI,
    WHOLE,
    Ageing,
    Consumes,
    Gate,
    Indicator,
    Measure,
    OrganisationKind,
    Period,
    Reads,
    Scale,
    Scorecard,
    Status,
)
from probity.scoring.model import Contribution, Evaluation, Fact, Ignored, Line, NoGrade, Value

MOST = 10**18
"""The most that an amount, a sum of amounts or a consumption can be."""

STANDS = frozenset({Status.ACTIVE, Status.CONTESTED})
"""What a gate looks at and what can be an occasion."""

STATUS_REASON = {
    Status.CONTESTED: Ignored.CONTESTED,
    Status.REPAIRED: Ignored.REPAIRED,
    Status.EXPIRED: Ignored.EXPIRED,
    Status.WITHDRAWN: Ignored.WITHDRAWN,
}
_PRECISION = Context(prec=50)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The question: the day asked about, and the reference day (None: no occasion to judge)."""

    as_of: date
    day: date | None
    one_occasion: bool


def applies(card: Scorecard, kind: OrganisationKind, scheme: str) -> bool:
    """Whether the card grades organisations of this kind under this scheme; ask before evaluating."""
    return kind in card.subjects and (not card.schemes or scheme in card.schemes)


def evaluate(
    card: Scorecard,
    facts: Sequence[Fact],
    as_of: date,
    delivered: Collection[str] | None = None,
    inputs: Sequence[Evaluation] = (),
) -> Evaluation:
    """What ``card`` says of an organisation with these records on ``as_of``.

    ``delivered`` names the items whose source has delivered (None: all of them). ``inputs`` are the results, for
    the same organisation and day, of the cards that this one reads; a card that is not among them gives nothing.
    """
    day = occasion(card, facts, as_of) if card.occasion else as_of
    asked = _Asked(as_of, day, card.occasion is not None)
    facts = (*facts, *results(inputs))
    unknown = _unknown(card, delivered, inputs)
    lines = tuple(_line(indicator, facts, asked, unknown) for indicator in card.indicators)
    no_grade = _nothing_to_say(card, asked, lines)
    total = None if no_grade else rounded(card.scale, card.base + sum(line.points for line in lines))
    band = None if total is None else band_of(card, total)
    gates = () if band is None else tuple(n for n, g in enumerate(card.gates) if _closes(g, facts, asked))
    lowest = None if band is None else max([band, *(card.band(card.gates[n].at_most) for n in gates)])
    return Evaluation(
        card=card.card,
        as_of=as_of,
        total=total,
        grade=None if lowest is None else card.bands[lowest].grade,
        lines=lines,
        gated_by=tuple(n for n in gates if band is not None and card.band(card.gates[n].at_most) > band),
        occasion=day if card.occasion else None,
        known_weight=_known(card, lines) * WHOLE // sum(indicator.weight for indicator in card.indicators),
        no_grade=no_grade or (NoGrade.BELOW_EVERY_BAND if band is None else None),
    )


# -- the inputs ----------------------------------------------------------------------------------------


def results(inputs: Sequence[Evaluation]) -> tuple[Fact, ...]:
    """The results of other cards as records that a card can read; one without a grade is none."""
    return tuple(
        Fact(
            record=CARD + each.card,
            item=CARD + each.card,
            day=each.as_of,
            until=None,
            expires=None,
            status=Status.ACTIVE,
            attributes={"grade": each.grade, "total": each.total // MILLI},
        )
        for each in inputs
        if each.grade is not None and each.total is not None
    )


def _unknown(card: Scorecard, delivered: Collection[str] | None, inputs: Sequence[Evaluation]) -> frozenset[str]:
    """The sources that the card reads and that have not delivered."""
    cards = {CARD + each.card for each in inputs if each.no_grade is NoGrade.TOO_LITTLE_KNOWN}
    items = (
        set() if delivered is None else {s for s in card.feeds if s not in delivered and not s.startswith(CARD)}
    )
    return frozenset(cards | items)


# -- the record ----------------------------------------------------------------------------------------


def standing(fact: Fact, as_of: date) -> Status:
    """How the record stands on ``as_of``; what is past its term is past it, repaired or not (charter 6)."""
    if fact.status is Status.WITHDRAWN:
        return fact.status
    if fact.expires is not None and fact.expires < as_of:
        return Status.EXPIRED
    return fact.status


def matches(reads: Sequence[Reads], item: str, attributes: Mapping[str, Value]) -> bool:
    """Whether some ``reads`` names the record's item (or card) and all its conditions hold."""
    for read in reads:
        if read.source == item and all(test.holds(attributes.get(test.attribute)) for test in read.where):
            return True
    return False


def written(value: Value) -> str | None:
    """The value as ``is`` and ``table`` compare it: text as it is, booleans as ``true`` / ``false``, else None."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else None


def number(value: Value) -> int | None:
    """The value as ``at_least``, ``below``, ``steps`` and ``linear`` compare it: a whole number, else None."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def held(amount: int) -> int:
    """The amount as it is multiplied and added: at least 0, at most ``MOST``."""
    return min(max(amount, 0), MOST)


def consumption(consumes: Consumes, value: Value) -> int:
    """Milli-points that a record consumes whose attribute ``of`` has this value (``each``: whatever it is)."""
    if consumes.each is not None:
        return consumes.each
    if consumes.table:
        text = written(value)
        return 0 if text is None else consumes.table.get(text, 0)
    whole = number(value)
    if whole is None:
        return 0
    if consumes.linear is not None:
        return held(held(whole) // consumes.linear.per * consumes.linear.points)
    return next((step.points for step in reversed(consumes.steps) if step.from_ <= whole), 0)


def worth(indicator: Indicator, fact: Fact) -> int:
    """What the record is worth to the indicator new and active: milli-points; for a sum, its amount."""
    value = fact.attributes.get(indicator.consumes.of) if indicator.consumes.of else None
    if indicator.measure is Measure.SUM:
        return held(number(value) or 0)
    return consumption(indicator.consumes, value)


def together(indicator: Indicator, amount: int) -> int:
    """Milli-points, before the cap, of what an indicator's records come to (a sum: of their total)."""
    if indicator.measure is Measure.SUM:
        return consumption(indicator.consumes, held(amount)) if amount else 0
    return amount


def signed(indicator: Indicator, amount: int) -> int:
    """What an indicator's records come to as its signed points, after the cap."""
    points = min(together(indicator, amount), indicator.weight)
    return -points if indicator.direction == "deduct" else points


# -- age -----------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def reach(period: Period, day: date) -> int:
    """How many days the period reaches back from ``day``: at least one, at most to the first day of year 1."""
    try:
        first = shift(day, -period.number, period.unit)
    except QuestionError:
        first = date.min
    return max((day - first).days, 1)


def within(window: Period | None, day: date, reference: date) -> bool:
    """Whether what happened on ``day`` lies less than the window before the reference day (None: no limit)."""
    return window is None or (reference - day).days < reach(window, reference)


def ageing(rule: Ageing, age: int, day: date) -> int:
    """Millionths that a record of this age (days before ``day``) keeps."""
    if rule.linear is not None:
        days = reach(rule.linear, day)
        return WHOLE * max(days - age, 0) // days
    if rule.half_life is not None:
        return halved(age, reach(rule.half_life, day))
    return WHOLE


def halved(age: int, days: int) -> int:
    """``WHOLE * 2 ** (-age / days)``, rounded down; the same on every machine."""
    halvings, rest = divmod(age, days)
    return _within_one_halving(rest, days) >> halvings


@lru_cache(maxsize=1 << 16)
def _within_one_halving(age: int, days: int) -> int:
    """The same for ``age < days``, by decimal arithmetic, whose every step is defined to the last digit."""
    exponent = _PRECISION.divide(_PRECISION.multiply(Decimal(-age), _PRECISION.ln(Decimal(2))), Decimal(days))
    return int(_PRECISION.multiply(Decimal(WHOLE), _PRECISION.exp(exponent)))


# -- the indicator -------------------------------------------------------------------------------------


def _line(indicator: Indicator, facts: Sequence[Fact], asked: _Asked, unknown: Collection[str]) -> Line:
    known = any(read.source not in unknown for read in indicator.reads)
    sources = {read.source for read in indicator.reads}
    mine = [f for f in facts if f.item in sources and matches(indicator.reads, f.item, f.attributes)]
    read = [_contribution(indicator, fact, asked, known) for fact in mine]
    if not indicator.measure.adds:
        read = _only_strongest(read)
    amounts = [contribution.amount for contribution in read]
    uncapped = together(indicator, sum(amounts) if indicator.measure.adds else max(amounts, default=0))
    sign = -1 if indicator.direction == "deduct" else 1
    return Line(
        indicator=indicator.indicator,
        points=sign * min(uncapped, indicator.weight),
        uncapped=sign * uncapped,
        known=known,
        contributions=tuple(read),
    )


def _contribution(indicator: Indicator, fact: Fact, asked: _Asked, known: bool) -> Contribution:
    """What the record adds (a sum: its amount; else its points), or why it adds nothing."""
    ignored = _ignored(indicator, fact, asked) if known else Ignored.NOT_KNOWN
    if ignored or asked.day is None:
        return Contribution(fact.record, 0, ignored)
    full = worth(indicator, fact)
    if full == 0:
        return Contribution(fact.record, 0, Ignored.CONSUMES_NOTHING)
    aged = full * ageing(indicator.ageing, (asked.day - fact.day).days, asked.day) // WHOLE
    if aged == 0:
        return Contribution(fact.record, 0, Ignored.FADED)
    status = standing(fact, asked.as_of)
    amount = aged * indicator.treatment.share(status) // WHOLE
    return Contribution(fact.record, amount, None if amount else STATUS_REASON[status])


def _ignored(indicator: Indicator, fact: Fact, asked: _Asked) -> Ignored | None:
    """Why a record that matches is not counted at all, if it is not."""
    if fact.day > asked.as_of:
        return Ignored.NOT_YET
    if asked.day is None or (asked.one_occasion and fact.day != asked.day):
        return Ignored.OTHER_OCCASION
    status = standing(fact, asked.as_of)
    if indicator.treatment.share(status) == 0:
        return STATUS_REASON[status]
    if not within(indicator.window, fact.day, asked.day):
        return Ignored.OUTSIDE_WINDOW
    if indicator.counts == "in-force" and not in_force(fact, asked.as_of):
        return Ignored.ENDED
    return None


def _only_strongest(read: Sequence[Contribution]) -> list[Contribution]:
    """The same, where all but the first of the largest add nothing."""
    strongest = max(read, key=lambda c: c.amount, default=None)
    return [
        c if c is strongest or c.ignored else Contribution(c.record, 0, Ignored.NOT_THE_STRONGEST) for c in read
    ]


# -- the card ------------------------------------------------------------------------------------------


def occasion(card: Scorecard, facts: Sequence[Fact], as_of: date) -> date | None:
    """The day of the occasion that the card judges on ``as_of``; None where there is none, or it judges none."""
    if card.occasion is None:
        return None
    days = (
        fact.day
        for fact in facts
        if fact.day <= as_of
        and matches((card.occasion,), fact.item, fact.attributes)
        and standing(fact, as_of) in STANDS
    )
    return max(days, default=None)


def rounded(scale: Scale, points: int) -> int:
    """The points as a total: held within the scale, rounded, held within the scale again."""
    total = min(max(points, scale.from_), scale.to)
    if scale.round == "half-up":
        total = (2 * total + scale.to_nearest) // (2 * scale.to_nearest) * scale.to_nearest
    elif scale.round == "down":
        total = total // scale.to_nearest * scale.to_nearest
    return min(max(total, scale.from_), scale.to)


def band_of(card: Scorecard, total: int) -> int | None:
    """The index of the first band that the total reaches, None where it reaches none."""
    return next((n for n, band in enumerate(card.bands) if band.from_ <= total), None)


def _known(card: Scorecard, lines: Sequence[Line]) -> int:
    return sum(indicator.weight for indicator, line in zip(card.indicators, lines, strict=True) if line.known)


def _nothing_to_say(card: Scorecard, asked: _Asked, lines: Sequence[Line]) -> NoGrade | None:
    weight = sum(indicator.weight for indicator in card.indicators)
    if asked.day is None:
        return NoGrade.NO_OCCASION
    if _known(card, lines) * 100 < card.not_known.grade_needs * weight:
        return NoGrade.TOO_LITTLE_KNOWN
    return None


def in_force(fact: Fact, day: date) -> bool:
    """Whether the record still holds on ``day``."""
    return fact.until is None or fact.until >= day


def _closes(gate: Gate, facts: Sequence[Fact], asked: _Asked) -> bool:
    """Whether a record is there that counts for the gate."""
    return any(
        matches(gate.reads, fact.item, fact.attributes)
        and closes(gate, fact, asked.as_of, asked.day, one_occasion=asked.one_occasion)
        for fact in facts
    )


def closes(gate: Gate, fact: Fact, as_of: date, day: date | None, *, one_occasion: bool) -> bool:
    """Whether a record that the gate reads counts for it on ``as_of``, where ``day`` is the reference day."""
    return (
        day is not None
        and fact.day <= as_of
        and (not one_occasion or fact.day == day)
        and within(gate.window, fact.day, day)
        and standing(fact, as_of) in STANDS
        and in_force(fact, as_of)
    )
