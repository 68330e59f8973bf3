"""Good conduct: which further records that speak for an organisation would lift its grade."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

from probity.rulebook import Condition, Measure, Reads, Status
from probity.scoring.model import Fact, Value
from probity.scoring.outlook.reading import Sheet
from probity.scoring.outlook.repair import lowest_points
from probity.scoring.reference import matches, together, worth

DEEDS = 20
"""Records of one kind that are advised at most."""
WAYS = 4
"""Ways that are named: those of the fewest records, and of these the least."""
LARGEST = 2**53 - 1
"""The largest amount that a record can state."""


@dataclass(frozen=True, slots=True)
class Deed:
    """So many records like ``example`` (dated the day asked about), and the milli-points that they give.

    ``amount`` is what the attribute ``of`` must come to in each, where points follow from a number; ``value`` the
    choice that is meant, where they follow from a table.
    """

    indicator: str
    records: int
    gain: int
    example: Fact
    of: str | None
    amount: int | None
    value: str | None


@dataclass(frozen=True, slots=True)
class Conduct:
    """What good conduct can do for the grade. Each of ``ways`` lifts it alone; all its deeds are needed.

    ``blocked``: gates (their numbers) that hold the grade below, whatever good is done. ``anew``: the card judges
    an occasion, and only the next one counts what is done from now on.
    """

    grade: str
    ways: tuple[tuple[Deed, ...], ...]
    blocked: tuple[int, ...] = ()
    anew: bool = False


def conduct(sheet: Sheet, target: int) -> Conduct:
    """The good conduct that lifts the grade to the band ``target`` (its place) or better.

    One indicator where one suffices, else the fewest that do together.
    """
    card = sheet.reading.card
    grade, lowest = card.bands[target].grade, lowest_points(card, target)
    if card.occasion is not None:
        return Conduct(grade, (), anew=True)
    blocked = tuple(n for n, gate in enumerate(card.gates) if sheet.closed[n] and card.band(gate.at_most) > target)
    if blocked or lowest is None:
        return Conduct(grade, (), blocked)
    missing = lowest - sheet.points
    lines = [n for n, each in enumerate(sheet.reading.indicators) if each.direction == "award"]
    lines = [n for n in lines if sheet.reading.known[n] and sheet.lines[n] < sheet.reading.indicators[n].weight]
    alone = [deed for n in lines if (deed := _least(sheet, n, missing)) is not None]
    if alone:
        return Conduct(grade, tuple((deed,) for deed in sorted(alone, key=_effort)[:WAYS]))
    most = [deed for n in lines if (deed := _most(sheet, n)) is not None]
    way: list[Deed] = []
    for deed in sorted(most, key=lambda deed: -deed.gain):
        if deed.gain >= missing:
            n = next(n for n in lines if sheet.reading.indicators[n].indicator == deed.indicator)
            return Conduct(grade, ((*way, _least(sheet, n, missing) or deed),))
        way.append(deed)
        missing -= deed.gain
    return Conduct(grade, ())


def _effort(deed: Deed) -> tuple[int, int]:
    return deed.records, deed.gain


def _least(sheet: Sheet, line: int, missing: int) -> Deed | None:
    """The fewest records by which the indicator gives so much more; among those the least amount."""
    deeds = (deed for deed in _deeds(sheet, line, missing) if deed.gain >= missing)
    return min(deeds, key=_effort, default=None)


def _most(sheet: Sheet, line: int) -> Deed | None:
    """What gives the most that the indicator has left, with the fewest records."""
    room = sheet.reading.indicators[line].weight - sheet.lines[line]
    return min(_deeds(sheet, line, room), key=lambda deed: (-deed.gain, deed.records), default=None)


def _deeds(sheet: Sheet, line: int, missing: int) -> Iterator[Deed]:
    """Ways to come as near to ``missing`` milli-points as one kind of record can."""
    indicator = sheet.reading.indicators[line]
    of = indicator.consumes.of
    for reads in indicator.reads:
        if reads.item is None:
            continue
        for value in _values(sheet, line, reads, missing):
            example = _example(reads, of, value, sheet.as_of)
            if example is None or not _clean(sheet, example, line):
                continue
            number, gain = _effect(sheet, line, worth(indicator, example), missing)
            if gain > 0:
                yield Deed(
                    indicator=indicator.indicator,
                    records=number,
                    gain=gain,
                    example=example,
                    of=of,
                    amount=value if isinstance(value, int) else None,
                    value=value if isinstance(value, str) else None,
                )


def _effect(sheet: Sheet, line: int, full: int, missing: int) -> tuple[int, int]:
    """How many such records come to ``missing``, or as near as can be; and the milli-points that they give."""
    indicator, now = sheet.reading.indicators[line], sheet.sum_of(line)

    def gain(records: int) -> int:
        amount = now + records * full if indicator.measure.adds else max(now, full)
        return min(together(indicator, amount), indicator.weight) - sheet.lines[line]

    if indicator.measure is not Measure.COUNT or full == 0:
        return 1, gain(1)
    number = min(max(-(-missing // full), 1), DEEDS)
    return number, gain(number)


def _values(sheet: Sheet, line: int, reads: Reads, missing: int) -> list[str | int | None]:
    """The values of the attribute that consumes, of which one gives ``missing`` or the most."""
    indicator = sheet.reading.indicators[line]
    consumes, now = indicator.consumes, sheet.sum_of(line) if indicator.measure is Measure.SUM else 0
    if consumes.each is not None:
        return [None]
    if consumes.table:
        return list(consumes.table)
    tests = [test for test in reads.where if test.attribute == consumes.of]
    bounds = [test.at_least for test in tests if test.at_least is not None]
    if consumes.linear is not None:
        # A sum, or the strongest, must come to what there is and what is missing together.
        wanted = missing + (0 if indicator.measure is Measure.COUNT else sheet.lines[line])
        each = consumes.linear.points
        starts = [] if each == 0 else [-(-wanted // each) * consumes.linear.per]
    else:
        starts = [step.from_ for step in consumes.steps]
    wanted_values = {max(start - now, 1, *bounds) for start in starts}
    return [value for value in sorted(wanted_values) if value <= LARGEST]


def _example(reads: Reads, of: str | None, value: str | int | None, day: date) -> Fact | None:
    """A record of the day that is read and has that value; None where no record can."""
    tests: dict[str, list[Condition]] = {}
    for test in reads.where:
        tests.setdefault(test.attribute, []).append(test)
    choices: list[Sequence[Value]] = []
    for attribute, own in tests.items():
        choices.append([value] if attribute == of else list(_candidates(own)))
    for chosen in product(*choices):
        attributes: dict[str, Value] = dict(zip(tests, chosen, strict=True))
        if all(test.holds(attributes[test.attribute]) for test in reads.where):
            if of is not None:
                attributes[of] = value
            return Fact("", reads.source, day, None, None, Status.ACTIVE, attributes)
    return None


def _candidates(tests: Sequence[Condition]) -> Iterator[Value]:
    for test in tests:
        yield from test.is_
        if test.at_least is not None:
            yield test.at_least
        if test.below is not None:
            yield test.below - 1


def _clean(sheet: Sheet, example: Fact, line: int) -> bool:
    """Whether such a record feeds this indicator and nothing else of the card: no gate, no deduction."""
    reading = sheet.reading
    others = [each.reads for n, each in enumerate(reading.indicators) if n != line]
    others += [gate.reads for gate in reading.card.gates]
    return not any(matches(reads, example.item, example.attributes) for reads in others)
