"""What would change a grade and how firmly it stands, for a person to read, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from probity.canon import Plain
from probity.rulebook import CARD, Law, Scorecard, Status, Text
from probity.scoring.model import Fact
from probity.scoring.outlook import hints
from probity.scoring.outlook.ahead import Ahead, Change, Moment
from probity.scoring.outlook.conduct import Conduct, Deed
from probity.scoring.outlook.counterfactual import Counterfactual
from probity.scoring.outlook.repair import Repair, RepairSet
from probity.scoring.outlook.sensitivity import Sensitivity
from probity.scoring.reference import matches, standing
from probity.scoring.rules import reads
from probity.scoring.sentences import CONTESTED, NO_GRADE, amount, both, fill, joined, listed, shown


@dataclass(frozen=True, slots=True)
class Named:
    """A record that advice speaks of. ``why``: what passes with it or what it does, where the advice does not say
    so itself; ``points`` in milli-points."""

    record: str
    item: str
    name: Text
    day: date
    points: int | None
    why: Text | None

    def as_json(self) -> dict[str, Plain]:
        """Plain JSON."""
        return {
            "record": self.record,
            "item": self.item,
            "name": both(self.name),
            "day": self.day.isoformat(),
            "points": self.points,
            "why": both(self.why) if self.why else None,
        }


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that would change the grade: to ``grade`` (None: no grade) with ``total`` milli-points, on ``day``
    where time does it. ``discreet`` is the sentence for those who may not see every record of it, and ``closed``
    counts the records that are left out for them."""

    grade: str | None
    total: int | None
    day: date | None
    sentence: Text
    discreet: Text
    records: tuple[Named, ...] = ()
    closed: int = 0

    def as_json(self) -> dict[str, Plain]:
        """Plain JSON."""
        return {
            "grade": self.grade,
            "total": self.total,
            "display": None if self.total is None else shown(self.total),
            "day": self.day.isoformat() if self.day else None,
            "sentence": both(self.sentence),
            "records": [each.as_json() for each in self.records],
            "closed_records": self.closed,
        }


@dataclass(frozen=True, slots=True)
class Carrier:
    """A record, and the total and grade as they would be without it; ``effect`` is what it does to the total."""

    named: Named
    effect: int
    total: int | None
    grade: str | None

    def as_json(self) -> dict[str, Plain]:
        """Plain JSON."""
        without: dict[str, Plain] = {"effect": self.effect, "total": self.total, "grade": self.grade}
        return self.named.as_json() | without


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would change one grade. ``silent`` says why nothing can be said; everything else is then empty.

    ``time``: when time alone lifts it, and ``falls`` when that lowers it; ``repair`` and ``conduct`` each way;
    ``remarks`` what holds for all of it. ``edges`` are the other grades with the milli-points missing (or, not
    above 0, to spare); ``carriers`` the records that do most, ``firmness`` how firmly the grade stands.
    """

    card: str
    name: Text
    as_of: date
    until: date | None
    total: int | None
    grade: str | None
    silent: Text | None
    time: tuple[Told, ...]
    falls: Told | None
    repair: tuple[Told, ...]
    conduct: tuple[Told, ...]
    remarks: tuple[Text, ...]
    firmness: Text | None
    edges: tuple[tuple[str, int], ...]
    carriers: tuple[Carrier, ...]
    closed: int = 0

    def as_json(self) -> dict[str, Plain]:
        """Plain JSON: points in milli-points."""
        return {
            "card": self.card,
            "name": both(self.name),
            "as_of": self.as_of.isoformat(),
            "until": self.until.isoformat() if self.until else None,
            "total": self.total,
            "grade": self.grade,
            "silent": both(self.silent) if self.silent else None,
            "time": [each.as_json() for each in self.time],
            "falls": self.falls.as_json() if self.falls else None,
            "repair": [each.as_json() for each in self.repair],
            "conduct": [each.as_json() for each in self.conduct],
            "remarks": [both(each) for each in self.remarks],
            "firmness": both(self.firmness) if self.firmness else None,
            "edges": [
                {"grade": grade, "points": points, "display": shown(points)} for grade, points in self.edges
            ],
            "carriers": [each.as_json() for each in self.carriers],
            "closed_records": self.closed,
        }


def advise(found: Counterfactual, firm: Sensitivity, card: Scorecard, facts: Sequence[Fact], law: Law) -> Outlook:
    """Say in words what was found for ``card`` (one of ``law``) and ``facts``, which are those that were asked
    about."""
    teller = _Teller(found, card, {fact.record: fact for fact in facts}, law)
    now, told = found.evaluation, found.time is not None
    return Outlook(
        card=card.card,
        name=card.name,
        as_of=now.as_of,
        until=found.time.until if found.time else None,
        total=now.total,
        grade=now.grade,
        silent=None if told else teller.silence(),
        time=teller.rises(found.time) if found.time else (),
        falls=teller.fall(found.time) if found.time and found.time.worse else None,
        repair=tuple(told for each in found.repair for told in teller.repairs(each)),
        conduct=tuple(told for each in found.conduct for told in teller.good(each)),
        remarks=tuple(teller.remarks()) if told else (),
        firmness=teller.firmness(firm) if told else None,
        edges=tuple((edge.grade, edge.points) for edge in firm.edges),
        carriers=tuple(teller.carrier(each.id, each.effect, each.total, each.grade) for each in firm.records),
    )


@dataclass(frozen=True, slots=True)
class _Teller:
    found: Counterfactual
    card: Scorecard
    facts: Mapping[str, Fact]
    law: Law

    def silence(self) -> Text:
        now = self.found.evaluation
        assert now.no_grade is not None
        return fill(
            joined(NO_GRADE[now.no_grade], hints.SILENT),
            as_of=now.as_of,
            known=now.known_weight * 100 // 1_000_000,
            needed=self.card.not_known.grade_needs,
        )

    def rises(self, time: Ahead) -> tuple[Told, ...]:
        if time.better or self._best():
            return tuple(self._moment(each, hints.RISES, hints.RISES_DISCREET) for each in time.better)
        said = fill(hints.TIME_NOTHING_BUT_INPUTS if self.found.inputs else hints.TIME_NOTHING, until=time.until)
        return (Told(None, None, None, said, said),)

    def _best(self) -> bool:
        return self.found.evaluation.grade == self.card.bands[0].grade

    def fall(self, time: Ahead) -> Told:
        assert time.worse is not None
        if time.worse.grade is None:
            return self._moment(time.worse, hints.ENDS_UNGRADED, hints.ENDS_UNGRADED_DISCREET)
        return self._moment(time.worse, hints.FALLS, hints.FALLS_DISCREET)

    def _moment(self, moment: Moment, said: Text, discreet: Text) -> Told:
        values = {"grade": moment.grade, "day": moment.day, "total": shown(moment.total or 0)}
        return Told(
            grade=moment.grade,
            total=moment.total,
            day=moment.day,
            sentence=fill(said, **values),
            discreet=fill(discreet, **values),
            records=tuple(self._change(each, moment.grade is not None) for each in _once(moment.changes)),
        )

    def _change(self, change: Change, graded: bool) -> Named:
        why = fill(hints.PASSES[change.passing], on=change.on)
        if change.points and graded:
            why = joined(
                why, fill(hints.GIVES if change.points > 0 else hints.TAKES, points=shown(abs(change.points)))
            )
        return self._named(change.record, change.points, why)

    def repairs(self, found: Repair) -> list[Told]:
        if not found.sets:
            nothing = hints.REPAIR_NOTHING if found.exact else hints.REPAIR_NOTHING_FOUND
            nothing = hints.REPAIR_NOTHING_BUT_INPUTS if found.exact and self.found.inputs else nothing
            said = fill(nothing, grade=found.grade)
            return [Told(found.grade, None, None, said, said)]
        return [self._repair(each, found.exact) for each in found.sets]

    def _repair(self, found: RepairSet, exact: bool) -> Told:
        number = len(found.records)
        values = {
            "number": number,
            "gain": shown(found.gain),
            "now": self.found.evaluation.grade or hints.UNGRADED,
            "grade": found.grade,
        }
        by_points = hints.REPAIR_ONE if number == 1 else hints.REPAIR_ALL
        said = fill(by_points if found.gain else hints.REPAIR_GATE, **values)
        if found.alike > 1:
            said = joined(said, fill(hints.ALIKE, number=f"{found.alike:,}"))
        if not exact:
            said = joined(said, hints.MAYBE_FEWER)
        return Told(
            grade=found.grade,
            total=found.total,
            day=None,
            sentence=said,
            discreet=fill(hints.REPAIR_DISCREET, **values),
            records=tuple(
                self._named(record, alone, None if number == 1 else _alone(alone))
                for record, alone in zip(found.records, found.each, strict=True)
            ),
        )

    def good(self, found: Conduct) -> list[Told]:
        if found.ways:
            return [self._way(way, found.grade) for way in found.ways]
        if found.anew:
            said = hints.ANEW
        elif found.blocked:
            names = [self.card.gates[n].name for n in found.blocked]
            said = fill(hints.BLOCKED, grade=found.grade, names=listed(names))
        else:
            nothing = hints.CONDUCT_NOTHING_BUT_INPUTS if self.found.inputs else hints.CONDUCT_NOTHING
            said = fill(nothing, grade=found.grade)
        return [Told(found.grade, None, None, said, said)]

    def _way(self, way: Sequence[Deed], grade: str) -> Told:
        deeds = listed([self._deed(deed) for deed in way], en=", and ")
        said = fill(hints.WAY, deeds=deeds, gain=shown(sum(deed.gain for deed in way)), grade=grade)
        return Told(grade, None, None, said, said)

    def _deed(self, deed: Deed) -> Text:
        indicator = next(each for each in self.card.indicators if each.indicator == deed.indicator)
        example = deed.example
        read = next(each for each in indicator.reads if matches((each,), example.item, example.attributes))
        name = reads((read,), self.law)
        attribute = self.law.item(example.item, example.day).attribute(deed.of) if deed.of else None
        called = attribute.name if attribute else Text(en=deed.of or hints.UNGRADED)
        with_en = with_zh = ""
        if deed.amount is not None:
            much = amount(deed.amount, attribute.unit if attribute else None).en
            with_en, with_zh = f" ({called.en}: {much} or more)", f"({called.in_('zh')}:{much}以上)"
        elif deed.value is not None:
            choices = attribute.choices if attribute else ()
            choice = next((each.name for each in choices if each.value == deed.value), Text(en=deed.value))
            with_en, with_zh = f" ({called.en}: {choice.en})", f"({called.in_('zh')}:{choice.in_('zh')})"
        return Text(
            en=f"{deed.records} more of “{name.en}”{with_en}",
            zh=f"再有{deed.records}条“{name.in_('zh')}”{with_zh}",
        )

    def remarks(self) -> list[Text]:
        found, said = self.found, []
        if self._best():
            said.append(hints.BEST)
        said += [
            fill(
                hints.HELD,
                gate=self.card.gates[each.gate].name,
                grade=self.card.gates[each.gate].at_most,
                number=len(each.records) + len(each.inputs),
            )
            for each in found.gates
        ]
        if found.inputs:
            cards = [self.law.card(name).name for name in found.inputs]
            said.append(fill(hints.INPUTS, as_of=found.evaluation.as_of, names=listed(cards)))
        end = self.card.in_force.to
        if end is not None and found.time and end < found.time.until:
            said.append(fill(hints.CARD_ENDS, to=end))
        if any(each.sets for each in found.repair):
            said.append(hints.DECIDED)
        return [*said, hints.CONTEST]

    def firmness(self, firm: Sensitivity) -> Text:
        own = self._rank(self.found.evaluation.grade)
        held = any(self._rank(self.card.gates[each.gate].at_most) >= own for each in self.found.gates)
        up = next(
            ((edge.grade, edge.points) for edge in reversed(firm.edges) if edge.points > 0 and not held), None
        )
        lower = (edge for edge in firm.edges if edge.points <= 0 and self._rank(edge.grade) > own)
        down = next(((edge.grade, edge.points) for edge in lower), None)
        said = []
        if up:
            said.append(fill(hints.MISSING, points=shown(up[1]), grade=up[0]))
        if down:
            said.append(fill(hints.TO_SPARE, points=shown(-down[1]), grade=down[0]))
        number = len(firm.carriers)
        rests = hints.RESTS_ON_NONE if number == 0 else hints.RESTS_ON_ONE if number == 1 else hints.RESTS_ON_ANY
        said.append(fill(rests, number=number))
        return joined(*said)

    def _rank(self, grade: str | None) -> int:
        return len(self.card.bands) if grade is None else self.card.band(grade)

    def carrier(self, record: str, effect: int, total: int | None, grade: str | None) -> Carrier:
        same = grade == self.found.evaluation.grade
        why = fill(
            hints.WITHOUT_SAME if same else hints.WITHOUT if grade else hints.WITHOUT_UNGRADED,
            total=shown(total or 0),
            grade=grade,
        )
        return Carrier(self._named(record, effect, why), effect, total, grade)

    def _named(self, record: str, points: int | None, why: Text | None) -> Named:
        fact = self.facts[record]
        if standing(fact, self.found.evaluation.as_of) is Status.CONTESTED:  # contested is visible (charter 8)
            why = joined(why, CONTESTED) if why else CONTESTED
        return Named(record, fact.item, self.law.item(fact.item, fact.day).name, fact.day, points, why)


def _alone(points: int) -> Text:
    return fill(hints.ALONE if points else hints.ALONE_NOTHING, points=shown(points))


def _once(changes: Sequence[Change]) -> list[Change]:
    """Every record once, with the points of all its indicators; results of other cards are not among them."""
    found: dict[str, Change] = {}
    for each in changes:
        if each.record.startswith(CARD):
            continue
        before = found.get(each.record)
        if before is None or before.points is None:
            found[each.record] = each
        elif each.points is not None:
            found[each.record] = Change(
                each.record, before.passing, before.on, before.points + each.points, before.indicator, before.gate
            )
    return list(found.values())
