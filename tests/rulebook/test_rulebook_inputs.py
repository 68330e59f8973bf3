"""Cards over other cards' results: what the checker lets them read, and what their worked cases may give."""

from __future__ import annotations

import pytest

from probity.rulebook import Severity, load

OVER = """\
card: tiny/over
name: {en: Over}
subjects: [enterprise]
scale: {from: 0, to: 100}
base: 100
bands:
  - {grade: Fine, name: {en: Fine}, from: 50}
  - {grade: Poor, name: {en: Poor}, from: 0}
groups:
  - group: all
    name: {en: All}
    weight: 100
    indicators:
      - indicator: conduct
        name: {en: Conduct}
        weight: 60
        direction: deduct
        reads: [{card: tiny/card}]
        consumes: {of: grade, table: {B: 60}}
      - indicator: total
        name: {en: Total}
        weight: 40
        direction: deduct
        reads:
          - {card: tiny/card, where: [{attribute: total, below: 85}, {attribute: grade, is: [B]}]}
          - penalty.fine
        consumes: 40
gates:
  - name: {en: Graded B}
    reads: [{card: tiny/card, where: [{attribute: grade, is: B}]}]
    at_most: Poor
in_force: {from: 2020-01-01}
basis: Tiny Act, section 11
reference: R0
"""

CASES = """\
card: tiny/over
cases:
  - case: graded A
    given: [{card: tiny/card, grade: A, total: 90}]
    as_of: 2021-01-01
    expect: {score: 100, grade: Fine}
    why: nothing is deducted
  - case: graded B
    given:
      - {card: tiny/card, grade: B, total: 84.5}
      - {item: penalty.fine, on: 2020-12-01, attributes: {severity: minor}}
    delivered: [penalty.fine, 'card:tiny/card']
    as_of: 2021-01-01
    expect: {score: 0, grade: Poor}
    why: 100 - 60 - 40
"""


@pytest.fixture
def over(books):
    books.write("tiny/scorecards/over.yaml", OVER)
    books.write("tiny/scorecards/over.cases.yaml", CASES)
    return books


def test_a_card_may_read_a_card(over):
    assert over.check() == []
    card = load(over.root).card("tiny/over")
    assert card.inputs == ("tiny/card",)
    assert card.feeds == {"card:tiny/card", "penalty.fine"}


FAULTS = {
    "unknown card": (
        "over",
        "reads: [{card: tiny/card}]",
        "reads: [{card: tiny/crad}]",
        "there is no card tiny/crad",
    ),
    "item and card": ("over", "[{card: tiny/card}]", "[{card: tiny/card, item: honour}]", "either item or card"),
    "reads itself": ("over", "reads: [{card: tiny/card}]", "reads: [{card: tiny/over}]", "tiny/over reads itself"),
    "attribute": (
        "over",
        "{attribute: total, below: 85}",
        "{attribute: points, below: 85}",
        "no attribute points",
    ),
    "grade": ("over", "is: [B]", "is: [Z]", "Z is not a value of grade"),
    "grade as number": (
        "over",
        "{attribute: grade, is: [B]}",
        "{attribute: grade, below: 3}",
        "compare whole num",
    ),
    "table": ("over", "table: {B: 60}", "table: {Z: 60}", "Z is not a choice of grade"),
    "table of total": ("over", "of: grade", "of: total", "a table looks at a choice"),
    "occasion": ("over", "base: 100", "base: 100\noccasion: penalty.fine", "judges one occasion and reads"),
    "card as occasion": ("over", "base: 100", "base: 100\noccasion: {card: tiny/card}", "which is of no occasion"),
    "subjects": (
        "over",
        "subjects: [enterprise]",
        "subjects: [government-body]",
        "grades none of the organisations",
    ),
    "never together": (
        "over",
        "in_force: {from: 2020-01-01}",
        "in_force: {from: 2019-01-01, to: 2019-12-31}",
        "never together with this",
    ),
    "case of an unread card": (
        "over.cases",
        "card: tiny/card, grade: A",
        "card: tiny/over, grade: A",
        "does not read",
    ),
    "case of no such grade": ("over.cases", "grade: A, total", "grade: F, total", "tiny/card gives no grade F"),
    "case without total": ("over.cases", "grade: A, total: 90", "grade: A", "give a record"),
    "case of both": ("over.cases", "grade: A, total: 90", "grade: A, total: 90, item: honour", "give a record"),
    "case of a record without a day": ("over.cases", "on: 2020-12-01, ", "", "give a record"),
    "case of an unread source": ("over.cases", "'card:tiny/card'", "'card:tiny/x'", "no item card:tiny/x"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_a_card_over_cards_is_found(over, name):
    file, old, new, reason = FAULTS[name]
    over.replace(f"tiny/scorecards/{file}.yaml", old, new)
    assert any(reason in finding.reason for finding in over.errors())


def test_two_cards_that_read_each_other_are_refused(over):
    over.replace("card", "        reads: [honour]", "        reads: [{card: tiny/over}]")
    assert {finding.file.rpartition("/")[2] for finding in over.errors()} == {"card.yaml", "over.yaml"}
    assert all("its own result" in finding.reason for finding in over.errors())


def test_market_information_suffices_through_no_card(over):
    over.replace("card", "        reads: [honour]", "        reads: [tip]")
    assert {finding.reason for finding in over.errors()} == {
        "tip is market information, which can be the ground of nothing adverse"
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    at_most: Poor", "    at_most: Poor\n    window: 1y"),
        ("consumes: {of: grade, table: {B: 60}}", "consumes: {of: grade, table: {B: 60}}\n        window: 1y"),
        (
            "consumes: {of: grade, table: {B: 60}}",
            "consumes: {of: grade, table: {B: 60}}\n        ageing: {linear: 1y}",
        ),
    ],
)
def test_a_window_on_a_result_is_doubted(over, old, new):
    over.replace("tiny/scorecards/over.yaml", old, new)
    finding = over.only(Severity.WARNING)
    assert "change nothing" in finding.reason


def test_a_window_on_a_gate_over_records_is_sound(books):
    books.replace("card", "    at_most: B\n", "    at_most: B\n    window: 1y\n")
    assert books.check() == []


def test_a_band_that_only_a_gate_gives_may_begin_where_the_one_above_begins(books):
    books.replace("card", "from: 80}\n", "from: 80}\n  - {grade: M, name: {en: Middle}, from: 80}\n")
    assert "not below A" in books.only().reason
    books.replace("card", "    at_most: B\n", "    at_most: M\n")
    books.replace("card.cases", "grade: B, points", "grade: M, points")
    assert books.check() == []
