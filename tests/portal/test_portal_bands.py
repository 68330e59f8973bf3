"""The bands of a card: named in the language of the page, and each label where it lies over no other."""

from __future__ import annotations

import re
from datetime import date
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from tests.portal.seen import page, text
from tests.portal.town import ENTERPRISE

from probity.portal.bands import NARROW, PHONE, WIDE, Label, band_called, grade_called, is_letter, labels
from probity.portal.templatetags.portal import graded
from probity.rulebook import Band, Text
from probity.scoring.outlook import Graded

WORDS = (("Poor", "差", 0), ("Fair", "中", 40), ("Good", "良", 70), ("Excellent", "优", 90))
KITCHEN = (("Poor", None, 0), ("Needs Improvement", None, 71), ("Adequate", None, 86), ("Good", None, 91))
STRIP = re.compile(r'<svg class="bands".*?</svg>\s*<p class="quiet">', re.DOTALL)


def bands(*given: tuple[str, str | None, int]) -> list[Band]:
    return [Band.model_validate({"grade": en, "name": {"en": en, "zh": zh}, "from": low}) for en, zh, low in given]


def stretches(*given: tuple[str, str | None, int]) -> list[tuple[float, float]]:
    starts = [low / 100 for _, _, low in given]
    return list(zip(starts, [*starts[1:], 1.0], strict=True))


def strip(response: object, card: str) -> str:
    """The labels of the strip of a card on an organisation's page."""
    html = response.content.decode()  # type: ignore[attr-defined]
    own = html[html.index(f'<section class="card" id="{card}"') :]
    found = STRIP.search(own)
    assert found
    return " ".join(re.findall(r"<text [^>]*>([^<]*)</text>", found.group()))


def test_grades_that_are_words_are_in_the_language_of_the_page_and_letters_stay(client: Client) -> None:
    chinese = client.get(page(ENTERPRISE), {"lang": "zh-hans"})
    assert "差 0分起 · 中 40分起 · 良 70分起 · 优 90分起" in text(chinese)
    assert strip(chinese, "cn-comprehensiveenterprise") == "差 中 良 优"
    assert strip(chinese, "cn-zhejiang-2020enterprise") == "E D C B A"
    english = client.get(page(ENTERPRISE), {"lang": "en"})
    assert "Poor from 0 · Fair from 40 · Good from 70 · Excellent from 90" in text(english)
    assert strip(english, "cn-comprehensiveenterprise") == "Poor Fair Good Excellent"


def test_a_card_names_the_grade_that_a_gate_leaves(client: Client) -> None:
    said = text(client.get("/card/cn-comprehensive/enterprise", {"lang": "zh-hans"}))
    assert "Poor" not in said
    assert "Excellent" not in said


def test_a_grade_of_the_past_and_a_distribution_name_it_too() -> None:
    found = bands(*WORDS)
    row = SimpleNamespace(band=found[0], count=1, percent="100%", width="100%")
    each = SimpleNamespace(rows=[row], run=SimpleNamespace(true_on=date(2023, 6, 30), organisations=1))
    with translation.override("zh-hans"):
        assert graded(Graded(35_000, "Poor", None), found) == "差 · 35"
        assert graded(Graded(35_000, "Fail", None), found) == "Fail · 35"
        assert graded(Graded(None, None, None), found) == ""
        shown = render_to_string("portal/components/distribution.html", {"each": each})
    assert "差" in shown
    assert "Poor" not in shown


@pytest.mark.parametrize(("grade", "letter"), [("A", True), ("AA+", True), ("D级", True), ("Poor", False)])
def test_what_is_a_letter(grade: str, letter: bool) -> None:
    assert is_letter(grade) is letter
    band = Band(grade=grade, name=Text(en=grade, zh="名"), **{"from": 0})
    with translation.override("zh-hans"):
        assert band_called(band) == grade_called(grade, [band]) == (grade if letter else "名")


@pytest.mark.parametrize("given", [WORDS, KITCHEN])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_band_of_our_cards_has_its_label(
    given: tuple[tuple[str, str | None, int], ...], language: str
) -> None:
    with translation.override(language):
        assert None not in labels(bands(*given), stretches(*given))


def test_a_band_that_no_total_earns_has_no_label() -> None:
    assert (
        labels(bands(("D", None, 0), ("M", None, 70), ("B", None, 70)), [(0, 0.7), (0.7, 0.7), (0.7, 1)])[1]
        is None
    )


@given(
    st.lists(st.tuples(st.text("abc良好", min_size=3, max_size=24), st.integers(1, 50)), min_size=1, max_size=7)
)
def test_no_label_lies_over_another_or_leaves_the_strip(drawn: list[tuple[str, int]]) -> None:
    whole, at, where = sum(width for _, width in drawn), 0, []
    for _, width in drawn:
        where.append((at / whole, (at + width) / whole))
        at += width
    found = labels(bands(*((name, None, 0) for name, _ in drawn)), where)
    boxes = [
        _box(label, (low + high) / 2 * PHONE) for label, (low, high) in zip(found, where, strict=True) if label
    ]
    for n, (left, right, row, line) in enumerate(boxes):
        assert left >= 0
        assert right <= PHONE
        for other_left, other_right, other_row, _ in boxes[:n] + boxes[n + 1 :]:
            assert row != other_row or right <= other_left or other_right <= left
            assert row <= other_row or not other_row or not other_left < line < other_right


def _box(label: Label, line: float) -> tuple[float, float, int, float]:
    width = sum(WIDE if each > "\u2e80" else NARROW for each in label.text)
    left = {"start": line, "middle": line - width / 2, "end": line - width}[label.anchor]
    return left, left + width, label.row, line
