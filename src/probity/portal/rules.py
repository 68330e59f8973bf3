"""The rule of an indicator in words, as the card's page shows it to those who make and dispute rules."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from probity.errors import NotFoundError
from probity.portal import words
from probity.portal.formats import amount, called, period, points
from probity.rulebook import WHOLE, Condition, Consumes, Indicator, Item, Law, Measure, Reads, Treatment

_USUAL = Treatment()
"""What happens to records that are not plainly active where a rule says nothing else."""


def rule(indicator: Indicator, law: Law) -> list[str]:
    """Which records it reads, how many points they consume, for how long, and what their state changes."""
    said = [
        _("Reads: %(items)s.") % {"items": _and(_reads(each, law) for each in indicator.reads)},
        _consumes(indicator.consumes, indicator.measure, _item(indicator.reads[0], law)),
    ]
    if indicator.measure is not Measure.COUNT:
        said.append(str(words.MEASURES[indicator.measure]))
    if indicator.counts == "in-force":
        said.append(_("Counts only while it lasts."))
    if indicator.window:
        said.append(_("Only what happened less than %(period)s ago.") % {"period": period(indicator.window)})
    if indicator.ageing.linear:
        said.append(_("Falls evenly to nothing over %(period)s.") % {"period": period(indicator.ageing.linear)})
    if indicator.ageing.half_life:
        said.append(_("Halves with every %(period)s.") % {"period": period(indicator.ageing.half_life)})
    return said + _treatment(indicator)


def reads(read: tuple[Reads, ...], law: Law) -> str:
    """Which records are read."""
    return _and(_reads(each, law) for each in read)


def _reads(each: Reads, law: Law) -> str:
    item = _item(each, law)
    name = called(item.name) if item else each.item
    if not each.where:
        return name
    tests = _and(_test(condition, item) for condition in each.where)
    return _("%(item)s (where %(tests)s)") % {"item": name, "tests": tests}


def _test(condition: Condition, item: Item | None) -> str:
    name, unit = _attribute(condition.attribute, item)
    said = []
    if condition.is_:
        values = _or(_choice(condition.attribute, value, item) for value in condition.is_)
        said.append(_("%(attribute)s is %(value)s") % {"attribute": name, "value": values})
    if condition.at_least is not None:
        least = amount(condition.at_least, unit)
        said.append(_("%(attribute)s is at least %(value)s") % {"attribute": name, "value": least})
    if condition.below is not None:
        below = amount(condition.below, unit)
        said.append(_("%(attribute)s is below %(value)s") % {"attribute": name, "value": below})
    return _and(said)


def _consumes(consumes: Consumes, measure: Measure, item: Item | None) -> str:
    if consumes.each is not None:
        if measure is Measure.PRESENCE:
            return _("Points: %(points)s.") % {"points": points(consumes.each)}
        return _("Points for each record: %(points)s.") % {"points": points(consumes.each)}
    name, unit = _attribute(consumes.of or "", item)
    if consumes.linear:
        per = amount(consumes.linear.per, unit)
        given = {"points": points(consumes.linear.points), "per": per, "attribute": name}
        return _("Points for every full %(per)s of %(attribute)s: %(points)s.") % given
    if consumes.table:
        rows = [
            f"{_choice(consumes.of or '', key, item)} {points(value)}" for key, value in consumes.table.items()
        ]
    else:
        rows = [
            _("from %(value)s: %(points)s") % {"value": amount(step.from_, unit), "points": points(step.points)}
            for step in consumes.steps
        ]
    return _("Points by %(attribute)s: %(rows)s.") % {"attribute": name, "rows": _("; ").join(rows)}


def _treatment(indicator: Indicator) -> list[str]:
    """What this indicator does otherwise than usual."""
    said = []
    for share, usual, name in (
        (indicator.treatment.contested, _USUAL.contested, _("Contested records")),
        (indicator.treatment.repaired, _USUAL.repaired, _("Repaired records")),
        (indicator.treatment.expired, _USUAL.expired, _("Records past their term")),
    ):
        if share == usual:
            continue
        if share == 0:
            said.append(_("%(records)s do not count.") % {"records": name})
        elif share == WHOLE:
            said.append(_("%(records)s count in full.") % {"records": name})
        else:
            given = {"records": name, "percent": share * 100 // WHOLE}
            said.append(_("%(records)s count %(percent)d per cent.") % given)
    return said


def _item(each: Reads, law: Law) -> Item | None:
    try:
        return law.item(each.item)
    except NotFoundError:
        return None


def _attribute(name: str, item: Item | None) -> tuple[str, str | None]:
    found = item.attribute(name) if item else None
    return (called(found.name), found.unit) if found else (name, None)


def _choice(attribute: str, value: str, item: Item | None) -> str:
    found = item.attribute(attribute) if item else None
    return next((called(c.name) for c in found.choices if c.value == value), value) if found else value


def _and(parts: Iterable[str]) -> str:
    return _(", and ").join(parts)


def _or(parts: Iterable[str]) -> str:
    return _(" or ").join(parts)
