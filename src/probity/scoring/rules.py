"""The rule of an indicator in words, in English and Chinese: what it reads, and what that is worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from probity.errors import NotFoundError
from probity.rulebook import CARD, WHOLE, Condition, Consumes, Indicator, Item, Law, Measure, Period, Reads, Text
from probity.scoring.sentences import amount, joined, listed, shown

MEASURES = {
    Measure.SUM: Text(en="The amounts are added up first.", zh="先将金额合计。"),
    Measure.WORST: Text(en="Only the weightiest record counts.", zh="仅计最重的一条记录。"),
    Measure.PRESENCE: Text(en="Counts once, however many records there are.", zh="无论记录多少,只计一次。"),
}
_RESULT = {"grade": Text(en="the grade", zh="等级"), "total": Text(en="the total", zh="总分")}
"""The attributes of another card's result."""
_UNITS = {"y": ("year", "年"), "m": ("month", "个月"), "d": ("day", "日")}
_STATES = (
    ("contested", Text(en="Contested records", zh="异议处理中的记录")),
    ("repaired", Text(en="Repaired records", zh="已修复的记录")),
    ("expired", Text(en="Records past their term", zh="超过期限的记录")),
)


@lru_cache(maxsize=256)
def rules(card: str, version: date, law: Law) -> Mapping[str, Text]:
    """The rule of every indicator of a card's version; ``version`` is its first day in force."""
    return {indicator.indicator: rule(indicator, law) for indicator in law.card(card, version).indicators}


def rule(indicator: Indicator, law: Law) -> Text:
    """The rule of an indicator as one text."""
    return joined(*rule_sentences(indicator, law))


def rule_sentences(indicator: Indicator, law: Law) -> tuple[Text, ...]:
    """Which records the indicator reads, what they are worth, for how long, and what their state changes."""
    said = [
        _say("Reads {0}.", "读取{0}。", reads(indicator.reads, law)),
        _consumes(indicator.consumes, indicator.measure, _item(indicator.reads[0], law)),
    ]
    if indicator.measure in MEASURES:
        said.append(MEASURES[indicator.measure])
    if indicator.counts == "in-force":
        said.append(Text(en="Counts only while it lasts.", zh="仅在有效期间计分。"))
    if indicator.window:
        said.append(
            _say("Only what happened less than {0} ago.", "仅计最近{0}内发生的记录。", _period(indicator.window))
        )
    if indicator.ageing.linear:
        said.append(
            _say("Falls evenly to nothing over {0}.", "在{0}内逐日递减至零。", _period(indicator.ageing.linear))
        )
    if indicator.ageing.half_life:
        said.append(_say("Halves with every {0}.", "每{0}减半。", _period(indicator.ageing.half_life)))
    return (*said, *_treatment(indicator))


def reads(read: Iterable[Reads], law: Law) -> Text:
    """Which records are read, by the names that the law gives them."""
    return listed([_read(each, law) for each in read], ", and ", "、")


def _read(each: Reads, law: Law) -> Text:
    item = _item(each, law)
    name = item.name if item else _card(each, law)
    if not each.where:
        return name
    tests = listed([_test(condition, item) for condition in each.where], " and ", "且")
    return _say("{0} (where {1})", "{0}({1})", name, tests)


def _test(condition: Condition, item: Item | None) -> Text:
    name, unit = _attribute(condition.attribute, item)
    said = []
    if condition.is_:
        values = listed([_choice(condition.attribute, value, item) for value in condition.is_], " or ", "或")
        said.append(_say("{0} is {1}", "{0}为{1}", name, values))
    if condition.at_least is not None:
        said.append(_say("{0} is at least {1}", "{0}不低于{1}", name, amount(condition.at_least, unit)))
    if condition.below is not None:
        said.append(_say("{0} is below {1}", "{0}低于{1}", name, amount(condition.below, unit)))
    return listed(said, " and ", "且")


def _consumes(consumes: Consumes, measure: Measure, item: Item | None) -> Text:
    if consumes.each is not None:
        if measure is Measure.PRESENCE:
            return _say("{0} points.", "{0}分。", _points(consumes.each))
        return _say("{0} points for each record.", "每条记录{0}分。", _points(consumes.each))
    name, unit = _attribute(consumes.of or "", item)
    if consumes.linear:
        each, per = _points(consumes.linear.points), amount(consumes.linear.per, unit)
        return _say("{0} points for every full {1} of {2}.", "{2}每满{1}计{0}分。", each, per, name)
    if consumes.table:
        rows = [
            _say("{0} {1}", "{0}{1}", _choice(consumes.of or "", key, item), _points(value))
            for key, value in consumes.table.items()
        ]
    else:
        rows = [
            _say("from {0}: {1}", "{0}起:{1}", amount(step.from_, unit), _points(step.points))
            for step in consumes.steps
        ]
    return _say("Points by {0}: {1}.", "按{0}计分:{1}。", name, listed(rows, "; ", ";"))


def _treatment(indicator: Indicator) -> list[Text]:
    said = []
    for state, name in _STATES:
        share = getattr(indicator.treatment, state)
        if share == 0:
            said.append(_say("{0} do not count.", "{0}不计分。", name))
        elif share < WHOLE:
            percent = Text(en=str(share * 100 / WHOLE).removesuffix(".0"))
            said.append(_say("{0} count {1} per cent.", "{0}按{1}%计分。", name, percent))
        elif state != "expired" or indicator.direction == "award":
            said.append(_say("{0} count in full.", "{0}全额计分。", name))
    return said


def _say(en: str, zh: str, *values: Text) -> Text:
    return Text(
        en=en.format(*(value.en for value in values)), zh=zh.format(*(value.in_("zh") for value in values))
    )


def _points(milli: int) -> Text:
    return Text(en=shown(milli))


def _period(period: Period) -> Text:
    en, zh = _UNITS[period.unit]
    return Text(en=f"{period.number} {en}{'s' if period.number > 1 else ''}", zh=f"{period.number}{zh}")


def _item(each: Reads, law: Law) -> Item | None:
    try:
        return law.item(each.source)
    except NotFoundError:
        return None


def _card(each: Reads, law: Law) -> Text:
    """The result of a card by its name; what has none in this law, by its id."""
    try:
        return _say("the result of {0}", "{0}的结果", law.card(each.source.removeprefix(CARD)).name)
    except NotFoundError:
        return Text(en=each.source)


def _attribute(name: str, item: Item | None) -> tuple[Text, str | None]:
    found = item.attribute(name) if item else None
    return (found.name, found.unit) if found else (_RESULT.get(name, Text(en=name)), None)


def _choice(attribute: str, value: str, item: Item | None) -> Text:
    found = item.attribute(attribute) if item else None
    return next((c.name for c in found.choices if c.value == value), Text(en=value)) if found else Text(en=value)
