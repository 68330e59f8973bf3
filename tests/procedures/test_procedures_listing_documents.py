"""What the organisation gets to read, word for word.

A change that is meant is written down with ``PROBITY_RENEW_GOLDEN=1 pytest tests/procedures``; the difference is
then read, and committed with its reason.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from tests.procedures.playing import (
    ANN,
    BEN,
    CAT,
    CITY,
    ENTER,
    LAW,
    PROPOSE,
    RED_RULE,
    Play,
    deliver,
    verdict,
)

from probity.errors import NotFoundError
from probity.procedures import Means
from probity.procedures.listing import Listing, acts, document
from probity.procedures.listing.acts import Ground
from probity.procedures.listing.wording import DUE, GROUNDS, MEANS, TITLES, WORDS

GOLDEN = Path(__file__).with_name("golden")
RENEW = "PROBITY_RENEW_GOLDEN"


def heard_and_listed() -> Listing:
    """Warned before, listed once before; replied twice, once too late; heard; paid in full."""
    before = replace(Play().listed().later(92).do(acts.Tick()).case, number="t-county/t-black/2023/9")
    possible = {"refusal": verdict("refusal", met=False, possible=True)}
    met = {"refusal": verdict("refusal", records=("record-1", "record-2"))}
    play = Play().later(200).given(others=(before,), verdicts=possible).found("refusal")
    play.do(acts.Warn(ANN, "It did not answer two reminders.")).given(verdicts=met)
    play.do(replace(PROPOSE, established=("refuses",), documents=("bank statement of May",), able=True)).later()
    play.do(acts.Consent(CITY, "The proposal is sound.")).later().do(acts.Notify(ANN)).later()
    play.do(deliver("itself", play)).do(acts.Reply("We have paid half.", hearing=True)).later()
    play.do(deliver("head office", play)).later(8).do(acts.Hear(CAT, "minutes 4")).later(10)
    play.do(acts.Reply("And a third.", late_because="our bookkeeper was ill"))
    play.do(acts.AdmitLate(BEN, False, "The illness was over."))
    play.do(replace(ENTER, answers="Half is not all.")).later(30)
    return play.do(acts.Remove(BEN, Ground.PERFORMED, "receipt 88", "All is paid.")).case


def off_the_redlist() -> Listing:
    play = Play(RED_RULE).listed().do(acts.ProposeRemoval(ANN, Ground.REVOKED, "inspection 12", "It fell short."))
    play.do(deliver("itself", play)).do(deliver("head office", play)).do(acts.Withdraw(BEN, "Not sure enough."))
    play.later().do(acts.ProposeRemoval(ANN, Ground.REVOKED, "inspection 13", "It fell short again.")).later()
    play.do(deliver("itself", play)).do(deliver("head office", play)).later(16)
    return play.do(acts.Remove(BEN, Ground.REVOKED, "inspection 13", "It fell short again.")).case


CASES = {
    "heard-and-listed": heard_and_listed(),
    "off-the-redlist": off_the_redlist(),
    "consent-refused": Play().proposed().do(acts.Refuse(CITY, "Not grave enough.")).case,
    "dismissed": Play().after_window().do(acts.Dismiss(BEN, "The second penalty is not serious.")).case,
    "lapsed": Play().served().later(60).do(acts.Tick()).case,
    "withdrawn": Play().served().do(acts.Withdraw(ANN, "A mistake of ours.")).case,
    "expired": Play().listed().later(92).do(acts.Tick()).case,
    "corrected": Play().listed().do(acts.Remove(ANN, Ground.CORRECTION, "note 3", "A namesake was meant.")).case,
}


def issued(case: Listing) -> list[str]:
    return [str(getattr(event, "document", "")) for event in case.events if hasattr(event, "document")]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", CASES)
def test_the_documents_of_a_case(name: str, language: str) -> None:
    case = CASES[name]
    found = "\n----\n\n".join(document(case, number, LAW, language) for number in issued(case))
    path = GOLDEN / f"{name}.{language}.txt"
    if os.environ.get(RENEW):
        path.parent.mkdir(exist_ok=True)
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8"), f"{path.name} differs; if that is meant, set {RENEW}=1"


def test_together_they_show_every_document_there_is() -> None:
    shown = {type(event) for case in CASES.values() for event in case.events if hasattr(event, "document")}
    assert shown == set(TITLES)


def test_documents_are_numbered_in_their_order() -> None:
    for case in CASES.values():
        assert issued(case) == [f"{case.number}-{place}" for place in range(1, len(issued(case)) + 1)]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_officer_is_named(language: str) -> None:
    for case in CASES.values():
        for number in issued(case):
            said = document(case, number, LAW, language)
            assert not re.search(r"\b(ann|ben|cat|zoe)\b", said)


def test_a_document_is_what_it_was_when_it_was_issued() -> None:
    play = Play().served()
    number = issued(play.case)[-1]
    then = document(play.case, number, LAW, "en")
    play.do(acts.Reply("we have paid")).later(20).do(replace(ENTER, answers="no"))
    assert document(play.case, number, LAW, "en") == then


def test_a_removal_that_was_dropped_is_still_told_as_one() -> None:
    play = (
        Play(RED_RULE).listed().do(acts.ProposeRemoval(ANN, Ground.REVOKED, "x", "y")).do(acts.Withdraw(ANN, "z"))
    )
    assert play.case.removal is None
    assert document(play.case, issued(play.case)[-1], LAW).startswith("Notice that the removal was dropped")


def test_notice_and_decision_carry_the_rules_of_removal() -> None:
    case = Play().listed().case
    notice, decision = (document(case, number, LAW, "en") for number in issued(case)[-2:])
    for said in (notice, decision):
        assert "Attached: how an entry ends, and repair" in said
        assert "Correct what was found and apply." in said
        assert "within 3 days (R4.15)" in said
    assert "within 10 working days" in notice
    assert "How to contest it" in decision


def test_there_is_no_other_document() -> None:
    with pytest.raises(NotFoundError, match="issued no document"):
        document(Play().found().case, "x-1", LAW)


def test_an_agency_that_is_no_more_keeps_its_mark() -> None:
    case = Play().notified().case
    law = replace(LAW, agencies=())
    assert "From: t-county" in document(case, issued(case)[-1], law, "en")


def test_every_word_is_there_in_both_languages() -> None:
    for words in (TITLES, GROUNDS, MEANS, DUE, WORDS):
        for said in words.values():
            assert said.zh
            assert said.en.count("{") == said.zh.count("{"), said
    assert set(GROUNDS) == set(Ground)
    assert set(MEANS) == set(Means)
