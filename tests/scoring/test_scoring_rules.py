"""The rule of an indicator in words, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from probity.rulebook import Indicator, load
from probity.scoring import rule_sentences
from probity.scoring.sentences import amount

LAW = load(Path(__file__).parents[2] / "rulebooks")


def test_every_indicator_of_every_card_says_its_rule_in_both_languages() -> None:
    for card in LAW.cards:
        for indicator in card.indicators:
            said = rule_sentences(indicator, LAW)
            assert len(said) >= 2
            assert all(sentence.en.endswith(".") and sentence.in_("zh").endswith("。") for sentence in said)


def test_rules_that_no_shipped_card_uses_are_said_too() -> None:
    indicator = Indicator.model_validate(
        {
            "indicator": "x",
            "name": {"en": "X"},
            "weight": 10,
            "direction": "award",
            "reads": [{"item": "no.such-item", "where": [{"attribute": "n", "at_least": 2, "below": 5}]}],
            "consumes": {"of": "n", "linear": {"per": 2, "points": 1}},
            "measure": "worst",
            "window": "90d",
            "ageing": {"half_life": "1y"},
            "counts": "in-force",
            "treatment": {"contested": "50%", "repaired": "count"},
        }
    )
    said = rule_sentences(indicator, LAW)
    assert [sentence.en for sentence in said] == [
        "Reads no.such-item (where n is at least 2 and n is below 5).",
        "1 points for every full 2 of n.",
        "Only the weightiest record counts.",
        "Counts only while it lasts.",
        "Only what happened less than 90 days ago.",
        "Halves with every 1 year.",
        "Contested records count 50 per cent.",
        "Repaired records count in full.",
        "Records past their term do not count.",
    ]
    assert said[1].zh == "n每满2计1分。"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (5_000_000, "CNY/100", "CNY 50,000"),
        (5_000_001, "CNY/100", "CNY 50,000.01"),
        (5, "CNY/100", "CNY 0.05"),
        (1234, "hours", "1,234 hours"),
        (7, None, "7"),
    ],
)
def test_amounts_are_written_in_whole_units(value: int, unit: str | None, text: str) -> None:
    assert amount(value, unit).en == text
