"""What the file of an organisation says about the criteria of a list: pure, in whole numbers, in three values.

**Which records count.** Those of the items named, from a day in the window, that pass every condition. A record
that was withdrawn or repaired or is past its term counts nowhere (charter 6). Where the law leaves a doubt, the
organisation has the benefit of it (a choice of ours): a contested record counts where that helps the
organisation, and not where it harms; market information counts only where it helps (charter 7). It harms to be
counted towards an adverse ground, and to be in the way of a favourable one; it helps the other way round, and as
what a rate is measured by on an adverse list.

**Not known.** A source that has not delivered is not clean (charter 10): a condition is not known where what is
missing could still turn it; it is met or not met where nothing that could come would change it. Absence from
other lists is known when the items of those lists have delivered.

**Whole numbers.** Sums take whole units of their attribute, negative ones as nothing. A rate is compared by
multiplication; where nothing was counted to measure by, there is no rate, and the condition is not met.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from probity.clock import shift
from probity.dossier import Record
from probity.errors import QuestionError
from probity.procedures.verdict import Verdict
from probity.rulebook import (
    Amounts,
    Criterion,
    Elsewhere,
    Established,
    Law,
    ListKind,
    ListRule,
    Rate,
    Records,
    Requirement,
    Status,
    Years,
)

_WORDS = {True: "met", False: "not met", None: "not known"}
_CLEAR = frozenset({Status.ACTIVE})
_STANDS = frozenset({Status.ACTIVE, Status.CONTESTED})


def evaluate(
    rule: ListRule,
    records: Sequence[Record],
    law: Law,
    as_of: date,
    *,
    delivered: Collection[str],
    held: Collection[tuple[str, ListKind]] = (),
    established: Collection[str] = (),
) -> dict[str, Verdict]:
    """How each criterion of ``rule`` stands on ``as_of``, in the order of the law.

    ``records`` are those of one organisation, in any order. ``delivered`` names the items whose source has
    delivered, ``held`` the entries of the organisation in force on any list, ``established`` the facts that a
    person has established. Raises NotFoundError where a criterion reads an item that no rulebook has.
    """
    file = _file(rule, records, law, as_of, delivered, held, established)
    amount = None
    if rule.bands is not None:
        amount = _total(rule.bands.measured_by, _look(rule.bands.measured_by.of, not rule.kind.adverse, file))
    return {each.criterion: _verdict(each, file, amount) for each in rule.criteria}


def margins(
    rule: ListRule,
    records: Sequence[Record],
    law: Law,
    as_of: date,
    *,
    delivered: Collection[str],
    held: Collection[tuple[str, ListKind]] = (),
    established: Collection[str] = (),
) -> dict[str, tuple[int | None, ...]]:
    """How far the file lies above each threshold: 0 is at it, negative below, None where there is none.

    By criterion, for each of its conditions in the order of ``Requirement.walk``; for those who try worked cases.
    """
    file = _file(rule, records, law, as_of, delivered, held, established)
    return {each.criterion: _judge(each.requires, file).margins for each in rule.criteria}


@dataclass(frozen=True, slots=True)
class _File:
    """The question, and what there is to answer it."""

    rule: ListRule
    records: tuple[Record, ...]
    law: Law
    as_of: date
    delivered: Collection[str]
    held: Collection[tuple[str, ListKind]]
    established: frozenset[str]

    @property
    def adverse(self) -> bool:
        return self.rule.kind.adverse


@dataclass(frozen=True, slots=True)
class _Finding:
    """How a condition stands: its records, and a line and a margin for it and for every condition in it."""

    met: bool | None
    records: tuple[Record, ...]
    why: tuple[str, ...]
    margins: tuple[int | None, ...]


def _file(
    rule: ListRule,
    records: Iterable[Record],
    law: Law,
    as_of: date,
    delivered: Collection[str],
    held: Collection[tuple[str, ListKind]],
    established: Collection[str],
) -> _File:
    ordered = sorted(records, key=lambda record: (record.valid_from, record.id))
    return _File(rule, tuple(ordered), law, as_of, delivered, held, frozenset(established))


def _verdict(criterion: Criterion, file: _File, amount: int | None) -> Verdict:
    if criterion.ends is not None and file.as_of > criterion.ends:
        why = f"not met: this ground could be used until {criterion.ends}"
        return Verdict(criterion.criterion, False, (), amount, (), False, False, (why,))
    found = _judge(criterion.requires, file)
    facts = dict.fromkeys(each.fact for each in criterion.requires.facts())
    missing = () if found.met else tuple(fact for fact in facts if fact not in file.established)
    assumed = replace(file, established=file.established | set(missing))
    near = _judge(criterion.warns, file) if criterion.warns is not None and not found.met else None
    at_risk = near is not None and near.met is True
    records = found.records + (near.records if near is not None and at_risk else ())
    return Verdict(
        criterion=criterion.criterion,
        met=found.met,
        records=tuple(dict.fromkeys(record.id for record in records)),
        amount=amount,
        missing=missing,
        possible=bool(missing) and _judge(criterion.requires, assumed).met is True,
        near=at_risk,
        why=found.why,
    )


# -- conditions ------------------------------------------------------------------------------------------------


def _judge(asked: Requirement, file: _File) -> _Finding:
    if asked.parts:
        return _together(asked, [_judge(part, file) for part in asked.parts])
    if asked.count is not None:
        look = _look(asked.count, not file.adverse, file)
        return _threshold(asked, len(look.records), f"{len(look.records)} of {look.of}", look)
    if asked.sum is not None:
        look = _look(asked.sum.of, not file.adverse, file)
        total = _total(asked.sum, look)
        return _threshold(asked, total, f"{total} {_unit(asked.sum, file)} of {look.of}", look)
    if asked.rate is not None:
        return _rate(asked.rate, file)
    if asked.years is not None:
        return _years(asked.years, file)
    if asked.none is not None:
        return _none(asked.none, file)
    if asked.not_listed is not None:
        return _not_listed(asked.not_listed, file)
    assert asked.established is not None
    return _established(asked.established, file)


def _finding(
    met: bool | None,
    why: str,
    records: Sequence[Record] = (),
    margin: int | None = None,
    silent: Sequence[str] = (),
) -> _Finding:
    gap = f"; {', '.join(silent)} has not delivered" if met is None and silent else ""
    return _Finding(met, tuple(records), (f"{_WORDS[met]}: {why}{gap}",), (margin,))


def _together(asked: Requirement, parts: Sequence[_Finding]) -> _Finding:
    """All or one of several: what is not known counts only where the rest does not settle it."""
    outcomes = [part.met for part in parts]
    settles = bool(asked.any_)
    met = settles if settles in outcomes else None if None in outcomes else not settles
    kept = [part for part in parts if part.met] if settles and met else parts
    what = f"{'at least one' if settles else 'all'} of the {len(parts)} that follow"
    return _Finding(
        met,
        tuple(record for part in kept for record in part.records),
        (f"{_WORDS[met]}: {what}", *(line for part in parts for line in part.why)),
        (None, *(margin for part in parts for margin in part.margins)),
    )


def _threshold(asked: Requirement, value: int, said: str, look: _Look) -> _Finding:
    """A count or sum can only grow: when it has got there, what is yet to be delivered changes nothing."""
    if asked.at_least is not None:
        margin, needed = value - asked.at_least, f"at least {asked.at_least}"
        reached = margin >= 0
    else:
        margin, needed = value - (asked.more_than or 0), f"more than {asked.more_than}"
        reached = margin > 0
    met = True if reached else None if look.silent else False
    return _finding(met, f"{said}, {needed} needed{look.aside}", look.records, margin, look.silent)


def _rate(asked: Rate, file: _File) -> _Finding:
    """More records than their share of the units; only more units can undo it, and only more records bring it."""
    look, per = _look(asked.of, not file.adverse, file), _look(asked.per.of, file.adverse, file)
    number, units = len(look.records), _total(asked.per, per)
    margin = number * asked.more_than.denominator - asked.more_than.numerator * units
    said = f"{number} of {look.of} to {units} {_unit(asked.per, file)} of {per.of}, "
    said += f"more than {asked.more_than} needed{look.aside}{per.aside}"
    met: bool | None
    if units and margin > 0:
        met = None if per.silent else True
    elif not number and not look.silent:
        met = False
    elif not units:
        met = None if per.silent else False
    else:
        met = None if look.silent else False
    return _finding(met, said, look.records, margin if units else None, (*look.silent, *per.silent))


def _years(asked: Years, file: _File) -> _Finding:
    look = _look(asked.of, not file.adverse, file)
    last, run = file.as_of.year - 1, 0
    spoken = {_number(record, asked.attribute) for record in look.records}
    while last - run in spoken:
        run += 1
    met = True if run >= asked.consecutive else None if look.silent else False
    wanted = range(last - asked.consecutive + 1, last + 1)
    records = [record for record in look.records if _number(record, asked.attribute) in wanted]
    said = f"{run} years in a row up to {last} of {look.of}, {asked.consecutive} needed{look.aside}"
    return _finding(met, said, records, run - asked.consecutive, look.silent)


def _none(asked: Records, file: _File) -> _Finding:
    look = _look(asked, file.adverse, file)
    met = False if look.records else None if look.silent else True
    return _finding(met, f"{len(look.records)} of {look.of}, none allowed{look.aside}", (), None, look.silent)


def _not_listed(asked: Elsewhere, file: _File) -> _Finding:
    kinds, own = set(asked.kinds), file.rule.list
    on = sorted({list_ for list_, kind in file.held if kind in kinds and list_ != own})
    if on:
        return _finding(False, f"listed on {', '.join(on)}")
    beside = [each for each in file.law.lists if each.concerns(file.rule.schemes)]
    others = [each for each in beside if each.kind in kinds and each.list != own]
    items = sorted({each.record for each in others if each.in_force.covers(file.as_of)})
    silent = [_name(item, file) for item in items if item not in file.delivered]
    said = f"on no other list ({', '.join(asked.kinds)})"
    return _finding(None if silent else True, said, silent=silent)


def _established(asked: Established, file: _File) -> _Finding:
    met = asked.fact in file.established
    return _finding(met, f"{asked.name.en} ({'established' if met else 'a person must establish it'})")


# -- records ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Look:
    """The records that count, of what, a word on those that do not, and the sources that have not delivered."""

    records: tuple[Record, ...]
    of: str
    aside: str
    silent: tuple[str, ...]


def _look(asked: Records, helps: bool, file: _File) -> _Look:
    """The records asked for that count: where they help the organisation, also contested and market ones."""
    items = [item for item in asked.items if helps or file.law.item(item).origin != "market"]
    fits = _window(asked, file.as_of)
    stands = [
        record
        for record in file.records
        if record.item in items
        and record.status in _STANDS
        and fits(record.valid_from)
        and not record.past_term(file.as_of)
        and not (asked.in_force and record.ended(file.as_of))
        and all(test.holds(record.attributes.get(test.attribute)) for test in asked.where)
    ]
    counts = [record for record in stands if helps or record.status in _CLEAR]
    contested = len(stands) - len(counts)
    when = f" within {asked.within}" if asked.within else f" in {asked.year} year" if asked.year else ""
    return _Look(
        tuple(counts),
        " or ".join(_name(item, file) for item in asked.items) + when,
        f"; {contested} contested, not counted" if contested else "",
        tuple(_name(item, file) for item in items if item not in file.delivered),
    )


def _window(asked: Records, as_of: date) -> Callable[[date], bool]:
    """Whether a day lies in the window. What lies after the day asked about is not yet."""
    if asked.year is not None:
        year = as_of.year - (asked.year == "previous")
        return lambda day: day.year == year and day <= as_of
    before = date.min
    if asked.within is not None:
        try:
            before = shift(as_of, -asked.within.number, asked.within.unit)
        except QuestionError:
            before = date.min
    return lambda day: before < day <= as_of


def _total(asked: Amounts, look: _Look) -> int:
    return sum(max(_number(record, asked.attribute) or 0, 0) for record in look.records)


def _number(record: Record, attribute: str) -> int | None:
    value = record.attributes.get(attribute)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _unit(asked: Amounts, file: _File) -> str:
    attribute = file.law.item(asked.of.items[0]).attribute(asked.attribute)
    return (attribute.unit if attribute is not None else None) or asked.attribute


def _name(item: str, file: _File) -> str:
    return file.law.item(item).name.en
