"""What a new card says otherwise than an old one, rule by rule, in words (F2: one vocabulary, each rule shown)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from probity.rulebook import Indicator, Law, Scorecard, Text
from probity.scoring.preview import words
from probity.scoring.preview.model import RuleChange
from probity.scoring.rules import reads, rule
from probity.scoring.sentences import fill, shown

_IN_WORDS_ONLY = {"name", "source", "choice"}
"""Fields of an indicator that change no point."""


def changes(old: Scorecard, new: Scorecard, law: Law) -> tuple[RuleChange, ...]:
    """Every difference that can change a total or a grade; ``law`` gives the names of what the cards read."""
    before, after = _says(old, law), _says(new, law)
    lines = [
        RuleChange(
            what=what, before=before.get(key, (None, None))[1], after=after.get(key, (None, None))[1], choice=None
        )
        for key, (what, _) in {**before, **after}.items()
        if before.get(key) != after.get(key)
    ]
    return (*lines, *_indicators(old, new, law))


def _says(card: Scorecard, law: Law) -> dict[str, tuple[Text, Text]]:
    """What a card says besides its indicators: what it is about, and the words."""
    scale = fill(words.FROM_TO, lowest=shown(card.scale.from_), highest=shown(card.scale.to))
    said = {
        "base": (words.BASE, fill(words.POINTS, points=shown(card.base))),
        "scale": (words.SCALE, scale),
        "grades": (words.GRADES, Text(en=", ".join(f"{band.grade} {shown(band.from_)}" for band in card.bands))),
        "applies": (words.APPLIES, Text(en=", ".join((*card.subjects, *card.schemes)))),
        "known": (words.KNOWN, Text(en=f"{card.not_known.grade_needs} %")),
    }
    if card.occasion:
        said["occasion"] = (words.OCCASION, reads((card.occasion,), law))
    for gate in card.gates:
        said[f"gate {gate.name.en}"] = (
            fill(words.GATE, name=gate.name),
            fill(words.WHILE, records=reads(gate.reads, law), grade=gate.at_most),
        )
    return said


def _indicators(old: Scorecard, new: Scorecard, law: Law) -> Iterator[RuleChange]:
    before = {each.indicator: each for each in old.indicators}
    after = {each.indicator: each for each in new.indicators}
    for name in dict.fromkeys([*after, *before]):
        first, second = before.get(name), after.get(name)
        if first and second and _counts(first) == _counts(second):
            continue
        known = second or first
        if known:
            yield RuleChange(
                what=known.name,
                before=_rule(first, law) if first else None,
                after=_rule(second, law) if second else None,
                choice=second.choice if second else None,
            )


def _counts(indicator: Indicator) -> Mapping[str, object]:
    return indicator.model_dump(exclude=_IN_WORDS_ONLY)


def _rule(indicator: Indicator, law: Law) -> Text:
    sentence = words.AWARDS if indicator.direction == "award" else words.DEDUCTS
    return fill(sentence, rule=rule(indicator, law), weight=shown(indicator.weight))
