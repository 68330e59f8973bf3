"""Articles 3 to 7: what software may not decide, whom a record concerns, how it ends, and what never suffices.

Articles 3 and 4 are about decisions and measures, and 7 about grounds: this version takes none. What is tried
here is the part that it holds (docs/charter.md says which parts come later and have no test yet).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from tests.charter.doors import (
    ALIBABA,
    CARD,
    DAY,
    LAW,
    TENCENT,
    Draft,
    aimed,
    everybody_delivers,
    file,
    left,
    penalty,
    say,
    total,
)

from probity import ledger
from probity.clock import Calendar, NotAnnounced, working_day
from probity.errors import LedgerError, QuestionError
from probity.ledger import REGISTER
from probity.rulebook import WHOLE, Effect, Polarity, Scorecard, Status
from probity.scoring import Fact, evaluate
from probity.scoring import store as scoring
from probity.service import acts

Evil = Callable[[dict[str, str]], list[str]]

CARD_FILE = """\
card: evil/card
name: {en: Evil card}
subjects: [enterprise]
scale: {from: 0, to: 100}
base: 100
bands: [{grade: A, name: {en: A}, from: 50}, {grade: B, name: {en: B}, from: 0}]
groups:
  - group: all
    name: {en: All}
    weight: 100
    indicators:
      - indicator: bad
        name: {en: Bad}
        weight: 100
        direction: deduct
        reads: [%(reads)s]
        consumes: 10
        treatment: {%(treatment)s}
%(gates)s
in_force: {from: 2020-01-01}
basis: Evil Act
reference: R0
"""
ITEM_FILE = """\
items:
  - item: evil.item
    name: {en: Evil}
    category: penalties
    polarity: %(polarity)s
    disclosure: open
    origin: %(origin)s
    %(term)s
    in_force: {from: 2020-01-01}
    basis: Evil Act
    reference: R0
"""


def card_file(reads: str = "penalty.administrative", treatment: str = "", gates: str = "") -> dict[str, str]:
    return {"scorecards/card.yaml": CARD_FILE % {"reads": reads, "treatment": treatment, "gates": gates}}


def item_file(polarity: str = "neutral", origin: str = "public", term: str = "") -> dict[str, str]:
    return {"catalogue.yaml": ITEM_FILE % {"polarity": polarity, "origin": origin, "term": term}}


# -- 3: a person decides ----------------------------------------------------------------------------


@pytest.mark.usefixtures("two")
def test_article_3_a_grade_is_the_record_of_nobody() -> None:
    """However bad, it makes no entry in any file (R4.21); a card over cards reads what they say, not a run."""
    say(*(penalty(n, date(2023, 1, n)) for n in range(1, 10)))
    before = {subject: file(subject).records for subject in (ALIBABA, TENCENT)}
    head = ledger.head().number
    scoring.run(CARD, LAW, true_on=DAY)
    written = [each for block in ledger.stream(after=head) for each in block]
    assert [each.subject for each in written] == [REGISTER]
    assert {subject: file(subject).records for subject in (ALIBABA, TENCENT)} == before
    effects = {item.item: item.effect for item in LAW.items}
    assert not [
        r.item for c in LAW.cards for i in c.indicators for r in i.reads if effects.get(r.item) is Effect.MANIFEST
    ]


def test_article_3_corrections_and_withdrawals_give_their_reasons(two: list[str]) -> None:
    for reason in ("", "  ", "\n\t"):
        with pytest.raises(LedgerError, match="reason"):
            acts.withdraw(two[0], LAW, reason=reason)
        with pytest.raises(LedgerError, match="reason"):
            acts.correct(two[0], LAW, reason=reason, attributes={"name": "X"})


# -- 4: notice before effect: the arithmetic --------------------------------------------------------


def test_article_4_a_deadline_in_a_year_not_yet_announced_is_never_guessed() -> None:
    calendar = Calendar.written("c", {2025: ([], [])}, day_zero="Test Act")
    end = working_day(date(2025, 12, 22), 15, calendar)
    assert isinstance(end, NotAnnounced)
    with pytest.raises(QuestionError, match="not announced"):
        bool(end)


# -- 5: only the one concerned ----------------------------------------------------------------------


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("relation", ["parent", "branch", "subsidiary", "shareholder", "successor"])
def test_article_5_nothing_of_a_related_organisation_counts(relation: str) -> None:
    everybody_delivers()
    clean = total()
    for one, other in ((ALIBABA, TENCENT), (TENCENT, ALIBABA)):
        say(Draft(one, "register.relation", "registry", f"{one}{other}", date(2017, 1, 1),
                  attributes={"relation": relation, "related": other}))  # fmt: skip
    say(*(penalty(n, date(2023, 1, n), TENCENT) for n in range(1, 10)))
    assert total() == clean
    assert total(TENCENT) < clean
    assert not [each for each in file().records if each.reference.startswith("P")]


def test_article_5_nobody_can_aim_at_a_record_of_somebody_else(two: list[str]) -> None:
    (fine,) = say(penalty(1, date(2023, 1, 1)))
    for item, said in (("objection.lodged", {"ground": "error"}), ("repair.granted", {"reasons": "r"})):
        with pytest.raises(LedgerError, match="about"):
            say(aimed(item, fine, DAY, TENCENT, **said))


# -- 6: everything ends -----------------------------------------------------------------------------


def test_article_6_every_adverse_item_as_shipped_has_a_term() -> None:
    assert not [item.item for item in LAW.items if item.polarity is Polarity.NEGATIVE and item.term is None]


TAKING = [
    card
    for card in LAW.cards
    if any(reads.item for each in card.indicators if each.direction == "deduct" for reads in each.reads)
]
"""The cards that take points for records, and not for what other cards say alone."""


@pytest.mark.parametrize("found", TAKING, ids=lambda card: f"{card.card} {card.in_force.from_}")
@pytest.mark.parametrize("ended", ["expired", "withdrawn", "repaired", "not yet"])
def test_article_6_what_has_ended_takes_no_points_on_any_card_as_shipped(found: Scorecard, ended: str) -> None:
    day = found.in_force.from_ + timedelta(days=400)
    tried = 0
    for indicator in found.indicators:
        if indicator.direction == "award":
            continue
        for reads in (each for each in indicator.reads if each.item):
            said = {
                condition.attribute: (condition.is_ or [str(condition.at_least or 1)])[0]
                for condition in reads.where
            }
            if indicator.consumes.of:
                said[indicator.consumes.of] = max(
                    indicator.consumes.table, default=10**9, key=indicator.consumes.table.get
                )
            live = _fact(reads.item, day, said)
            dead = {
                "expired": _fact(reads.item, day, said, expires=day - timedelta(days=1)),
                "withdrawn": _fact(reads.item, day, said, status=Status.WITHDRAWN),
                "repaired": _fact(reads.item, day, said, status=Status.REPAIRED),
                "not yet": _fact(reads.item, day + timedelta(days=1), said),
            }[ended]
            of = {test.attribute: test.is_[0] for test in found.occasion.where} if found.occasion else {}
            occasion = [_fact(found.occasion.item, day, of, name="o")] if found.occasion else []
            clean = evaluate(found, occasion, day).total
            assert evaluate(found, [*occasion, dead], day).total == clean, indicator.indicator
            tried += evaluate(found, [*occasion, live], day).total != clean
    assert tried  # the same records, alive, do take points


def _fact(item: str, day: date, said: dict[str, object], *, name: str = "r", **more: object) -> Fact:
    whole = {"until": None, "expires": None, "status": Status.ACTIVE, **more}
    return Fact(record=name, item=item, day=day, attributes=said, **whole)  # type: ignore[arg-type]


@pytest.mark.parametrize("treatment", ["expired: count", "expired: 1%", "repaired: count", "repaired: 100%"])
def test_article_6_a_card_that_would_count_what_has_ended_is_refused(evil: Evil, treatment: str) -> None:
    assert any("charter 6" in error for error in evil(card_file(treatment=treatment)))


def test_article_6_an_adverse_item_without_a_term_is_refused(evil: Evil) -> None:
    assert any("charter 6" in error for error in evil(item_file("negative")))
    assert evil(item_file("negative", term="term: {display: 3y}")) == []
    for card in LAW.cards:
        for indicator in card.indicators:
            assert indicator.direction == "award" or indicator.treatment.expired == 0
            assert indicator.direction == "award" or indicator.treatment.repaired < WHOLE


@pytest.mark.usefixtures("two")
def test_article_6_past_its_term_a_record_is_neither_shown_nor_counted_nobody_doing_anything() -> None:
    everybody_delivers()
    clean = total()
    (fine,) = say(penalty(1, date(2020, 7, 1)))
    record = next(each for each in file(on=date(2021, 1, 1)).records if each.id == fine)
    last = record.expires
    assert last
    assert fine in left(on=last)
    assert total(on=last) < clean
    assert fine not in left(on=last + timedelta(days=1))
    assert total(on=last + timedelta(days=1)) == clean


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("end", ["withdrawn", "repaired"])
def test_article_6_repair_and_withdrawal_end_display_and_use_at_once(end: str) -> None:
    everybody_delivers()
    clean = total()
    (fine,) = say(penalty(1, date(2023, 1, 1)))
    (objection,) = say(aimed("objection.lodged", fine, date(2023, 2, 1), ground="error", reply="our side"))
    assert fine in left()
    assert total() < clean
    if end == "withdrawn":
        acts.withdraw(fine, LAW, reason="quashed")
        gone = [fine, objection, "our side"]
    else:
        (repair,) = say(aimed("repair.granted", fine, date(2023, 3, 1), reasons="put right"))
        gone = [fine, objection, repair, "our side", "put right"]
    assert not [each for each in gone if each in left()]
    assert total() == clean
    assert fine in {
        record.id for record in file().records
    }  # the ledger keeps it, so that the past can be replayed


# -- 7: market information never suffices -----------------------------------------------------------


def test_article_7_market_information_takes_no_point_and_closes_no_gate(evil: Evil) -> None:
    gate = "gates: [{name: {en: G}, reads: [evil.item], at_most: B}]"
    for card in (card_file(reads="evil.item"), card_file(gates=gate)):
        assert any("charter 7" in error for error in evil({**item_file(origin="market"), **card}))
        assert not any("charter 7" in error for error in evil({**item_file(origin="public"), **card}))


def test_article_7_no_card_as_shipped_takes_points_for_it() -> None:
    market = {item.item for item in LAW.items if item.origin == "market"}
    taking = [i for card in LAW.cards for i in card.indicators if i.direction == "deduct"]
    assert not [reads.item for indicator in taking for reads in indicator.reads if reads.item in market]
