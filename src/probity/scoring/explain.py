"""Where each point of a grade comes from, for a person to read and to dispute, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from probity.canon import Plain
from probity.rulebook import CARD, WHOLE, Attribute, Group, Indicator, Item, Law, Measure, Scorecard, Status, Text
from probity.scoring import sentences
from probity.scoring.model import Contribution, Evaluation, Fact, Ignored, Line, NoGrade
from probity.scoring.reference import band_of, results, standing
from probity.scoring.rules import rules
from probity.scoring.sentences import amount, both, shown


@dataclass(frozen=True, slots=True)
class RecordLine:
    """What one record did. ``basis`` and ``reference`` are those of its item on its day.

    Another card's result stands here as a record too: ``record`` and ``item`` are ``card:`` and its id, name,
    basis and reference the card's, and ``why`` begins with its grade. ``points`` are signed milli-points before
    the cap; for a sum, where points come from the total alone, None, and ``amount`` is what the record adds to
    it. ``ignored`` is None where it counts.
    """

    record: str
    item: str
    name: Text
    day: date
    status: Status
    basis: str
    reference: str
    points: int | None
    amount: int | None
    ignored: Ignored | None
    why: Text

    def as_json(self) -> dict[str, Plain]:
        """Plain JSON."""
        return {
            "record": self.record,
            "item": self.item,
            "name": both(self.name),
            "day": self.day.isoformat(),
            "status": self.status.value,
            "basis": self.basis,
            "reference": self.reference,
            "points": self.points,
            "display": None if self.points is None else shown(self.points),
            "amount": self.amount,
            "ignored": self.ignored.value if self.ignored else None,
            "why": both(self.why),
        }


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One indicator: signed milli-points after the cap (``uncapped``: before), its rule, and the records."""

    indicator: str
    name: Text
    weight: int
    direction: str
    points: int
    uncapped: int
    known: bool
    rule: Text
    why: Text
    source: Text | None
    choice: str | None
    records: tuple[RecordLine, ...]

    def as_json(self) -> dict[str, Plain]:
        """Plain JSON."""
        return {
            "indicator": self.indicator,
            "name": both(self.name),
            "weight": self.weight,
            "direction": self.direction,
            "points": self.points,
            "display": shown(self.points),
            "uncapped": self.uncapped,
            "known": self.known,
            "rule": both(self.rule),
            "why": both(self.why),
            "source": both(self.source) if self.source else None,
            "choice": self.choice,
            "records": [line.as_json() for line in self.records],
        }


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A heading of the card and what its indicators come to together."""

    group: str
    name: Text
    weight: int
    points: int
    groups: tuple[GroupLine, ...]
    indicators: tuple[IndicatorLine, ...]

    def as_json(self) -> dict[str, Plain]:
        """Plain JSON."""
        return {
            "group": self.group,
            "name": both(self.name),
            "weight": self.weight,
            "points": self.points,
            "display": shown(self.points),
            "groups": [line.as_json() for line in self.groups],
            "indicators": [line.as_json() for line in self.indicators],
        }


@dataclass(frozen=True, slots=True)
class NextBand:
    """The next better grade, and how many milli-points the total is short of it."""

    grade: str
    name: Text
    short_of: int

    def as_json(self) -> dict[str, Plain]:
        """Plain JSON."""
        return {
            "grade": self.grade,
            "name": both(self.name),
            "short_of": self.short_of,
            "display": shown(self.short_of),
        }


@dataclass(frozen=True, slots=True)
class Explanation:
    """A grade with everything behind it. ``version`` is the first day in force of this version of the card.

    ``next_band`` is by points alone: None for the best band and where there is no total. ``gates`` are the names
    of those that lowered the grade; while they do, more points do not help.
    """

    card: str
    name: Text
    version: date
    basis: str
    reference: str
    choice: str | None
    as_of: date
    occasion: date | None
    base: int
    total: int | None
    grade: str | None
    band: Text | None
    why: Text
    no_grade: NoGrade | None
    known_weight: int
    gates: tuple[Text, ...]
    next_band: NextBand | None
    groups: tuple[GroupLine, ...]

    def as_json(self) -> dict[str, Plain]:
        """Plain JSON: points in milli-points, beside each a ``display`` in points."""
        return {
            "card": self.card,
            "name": both(self.name),
            "version": self.version.isoformat(),
            "basis": self.basis,
            "reference": self.reference,
            "choice": self.choice,
            "as_of": self.as_of.isoformat(),
            "occasion": self.occasion.isoformat() if self.occasion else None,
            "base": self.base,
            "total": self.total,
            "display": None if self.total is None else shown(self.total),
            "grade": self.grade,
            "band": both(self.band) if self.band else None,
            "why": both(self.why),
            "no_grade": self.no_grade.value if self.no_grade else None,
            "known_weight": self.known_weight,
            "gates": [both(gate) for gate in self.gates],
            "next_band": self.next_band.as_json() if self.next_band else None,
            "groups": [line.as_json() for line in self.groups],
        }


def explain(
    evaluation: Evaluation,
    card: Scorecard,
    facts: Sequence[Fact],
    law: Law,
    inputs: Sequence[Evaluation] = (),
) -> Explanation:
    """Say where each point of ``evaluation`` comes from.

    ``card`` (one of ``law``), ``facts`` and ``inputs`` are those that were evaluated. Raises NotFoundError where
    a record's item was not law on its day, which the ledger lets nobody state.
    """
    said = rules(card.card, card.in_force.from_, law)
    by_record = {fact.record: fact for fact in (*facts, *results(inputs))}
    lines = {
        indicator.indicator: _indicator(indicator, line, said[indicator.indicator], by_record, evaluation, law)
        for indicator, line in zip(card.indicators, evaluation.lines, strict=True)
    }
    band = card.bands[card.band(evaluation.grade)] if evaluation.grade is not None else None
    gates = tuple(card.gates[n].name for n in evaluation.gated_by)
    return Explanation(
        card=card.card,
        name=card.name,
        version=card.in_force.from_,
        basis=card.basis,
        reference=card.reference,
        choice=card.choice,
        as_of=evaluation.as_of,
        occasion=evaluation.occasion,
        base=card.base,
        total=evaluation.total,
        grade=evaluation.grade,
        band=band.name if band else None,
        why=_why_grade(evaluation, card, gates),
        no_grade=evaluation.no_grade,
        known_weight=evaluation.known_weight,
        gates=gates,
        next_band=_next_band(evaluation, card),
        groups=tuple(_group(group, lines) for group in card.groups),
    )


def _group(group: Group, lines: Mapping[str, IndicatorLine]) -> GroupLine:
    return GroupLine(
        group=group.group,
        name=group.name,
        weight=group.weight,
        points=sum(lines[indicator.indicator].points for indicator in group.walk()),
        groups=tuple(_group(inner, lines) for inner in group.groups),
        indicators=tuple(lines[indicator.indicator] for indicator in group.indicators),
    )


def _indicator(
    indicator: Indicator, line: Line, said: Text, facts: Mapping[str, Fact], evaluation: Evaluation, law: Law
) -> IndicatorLine:
    counted = sum(contribution.ignored is None for contribution in line.contributions)
    capped = abs(line.uncapped) > abs(line.points)
    if not line.known:
        why = sentences.UNKNOWN
    elif not counted:
        why = sentences.NOTHING_COUNTS if line.contributions else sentences.NO_RECORD
    else:
        why = sentences.CAPPED if capped else sentences.COUNTED
    return IndicatorLine(
        indicator=indicator.indicator,
        name=indicator.name,
        weight=indicator.weight,
        direction=indicator.direction,
        points=line.points,
        uncapped=line.uncapped,
        known=line.known,
        rule=said,
        why=sentences.fill(
            why,
            counted=counted,
            uncapped=shown(abs(line.uncapped)),
            weight=shown(indicator.weight),
            read=len(line.contributions),
        ),
        source=indicator.source,
        choice=indicator.choice,
        records=tuple(
            _record(indicator, each, facts[each.record], evaluation, law) for each in line.contributions
        ),
    )


def _record(
    indicator: Indicator, contribution: Contribution, fact: Fact, evaluation: Evaluation, law: Law
) -> RecordLine:
    named, attribute = _read(fact, indicator.consumes.of, law)
    is_sum = indicator.measure is Measure.SUM
    points = contribution.amount if indicator.direction == "award" else -contribution.amount
    if contribution.ignored:
        why = sentences.IGNORED[contribution.ignored]
    elif is_sum:
        why = sentences.ADDS_AMOUNT
    else:
        why = sentences.AWARDS if indicator.direction == "award" else sentences.DEDUCTS
    status = standing(fact, evaluation.as_of)
    if status is Status.CONTESTED and contribution.ignored is not Ignored.CONTESTED:
        why = sentences.joined(why, sentences.CONTESTED)  # contested is visible (charter 8)
    if fact.item.startswith(CARD):
        why = sentences.joined(sentences.RESULT, why)  # the inputs of a card are visible with it
    return RecordLine(
        record=fact.record,
        item=fact.item,
        name=named.name,
        day=fact.day,
        status=status,
        basis=named.basis,
        reference=named.reference,
        points=None if is_sum else points,
        amount=contribution.amount if is_sum else None,
        ignored=contribution.ignored,
        why=sentences.fill(
            why,
            points=shown(abs(points)),
            amount=amount(contribution.amount, attribute.unit if attribute else None).en,
            day=fact.day,
            until=fact.until,
            expires=fact.expires,
            as_of=evaluation.as_of,
            window=indicator.window,
            occasion=evaluation.occasion,
            grade=fact.attributes.get("grade"),
            total=fact.attributes.get("total"),
        ),
    )


def _read(fact: Fact, of: str | None, law: Law) -> tuple[Item | Scorecard, Attribute | None]:
    """What the record is one of, an item or another card's result, and the attribute that consumes, of an item."""
    if fact.item.startswith(CARD):
        return law.card(fact.item.removeprefix(CARD), fact.day), None
    item = law.item(fact.item, fact.day)
    return item, item.attribute(of) if of else None


def _why_grade(evaluation: Evaluation, card: Scorecard, gates: Sequence[Text]) -> Text:
    if evaluation.no_grade:
        return sentences.fill(
            sentences.NO_GRADE[evaluation.no_grade],
            as_of=evaluation.as_of,
            known=evaluation.known_weight * 100 // WHOLE,
            needed=card.not_known.grade_needs,
        )
    awarded = sum(line.points for line in evaluation.lines if line.points > 0)
    deducted = -sum(line.points for line in evaluation.lines if line.points < 0)
    return sentences.fill(
        sentences.GATED if gates else sentences.TOTAL,
        base=shown(card.base),
        awarded=shown(awarded),
        deducted=shown(deducted),
        total=shown(evaluation.total or 0),
        grade=evaluation.grade,
        gates=sentences.listed(gates) if gates else None,
    )


def _next_band(evaluation: Evaluation, card: Scorecard) -> NextBand | None:
    if evaluation.total is None:
        return None
    reached = band_of(card, evaluation.total)
    above = len(card.bands) - 1 if reached is None else reached - 1
    if above < 0:
        return None
    band = card.bands[band_of(card, card.bands[above].from_) or 0]  # not one that gates alone give
    return NextBand(band.grade, band.name, band.from_ - evaluation.total)
