"""The whole loop on a small world: from a row in a file to an explained public grade, and back by remedies."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from tests.flow.world import DINER, ENTERPRISES, LAW, LIVES, PENALTY, SAN_FRANCISCO_DAY, World, day_of

from probity import dossier, ledger
from probity.canon import canonical
from probity.dossier import GENERATED, Record, as_json
from probity.ledger import Draft
from probity.rulebook import Status
from probity.scoring import Explanation, GroupLine, IndicatorLine
from probity.scoring import store as scoring
from probity.service import acts
from probity.service.demo import province
from probity.service.fsck import fsck


def indicators(explanation: Explanation) -> list[IndicatorLine]:
    def within(group: GroupLine) -> list[IndicatorLine]:
        return [*group.indicators, *(line for inner in group.groups for line in within(inner))]

    return [line for group in explanation.groups for line in within(group)]


def line_of(explanation: Explanation, indicator: str) -> IndicatorLine:
    return next(line for line in indicators(explanation) if line.indicator == indicator)


def record_of(page: bytes, record: str) -> dict[str, Any] | None:
    return next((each for each in json.loads(page)["records"] if each["id"] == record), None)


def aimed(item: str, record: Record, subject: str, day: date, **attributes: str) -> Draft:
    reference = f"{item} {record.reference}"
    return Draft(subject, item, "registry", reference, day, attributes=attributes, target=record.id)


def say(draft: Draft) -> str:
    return str(acts.state([draft], LAW, source="test", generated=True)["statements"][0])


def test_every_row_is_a_statement_or_in_quarantine(world: World) -> None:
    assert len(world.receipts) == 3 + 32
    for mapping, receipt in world.receipts.items():
        assert receipt.accepted + receipt.refused == receipt.rows > 0, mapping
    assert ledger.count() == sum(receipt.accepted for receipt in world.receipts.values())
    assert world.receipts["us-sf-food/businesses"].accepted == 60


def test_a_real_grade_is_the_official_one(world: World) -> None:
    """Establishment 58: 100 - 2 x 7 - 3 x 4 - 2 x 2 = 70, as posted."""
    explained = world.grade(DINER)
    assert (explained.total, explained.grade) == (70_000, "Poor")
    official = next(each for each in world.file(DINER).records if each.valid_from == date(2017, 9, 18)
                    and each.item == "food.inspection")  # fmt: skip
    assert official.attributes["score"] == 70


def test_the_points_of_an_explanation_make_its_total(world: World) -> None:
    penalty = world.penalty()
    for subject in (DINER, subject_of(world, penalty)):
        explained = world.grade(subject)
        assert explained.base + sum(line.points for line in indicators(explained)) == explained.total
        for line in indicators(explained):
            for record in line.records:
                assert record.basis
                assert record.reference


def subject_of(world: World, record: Record) -> str:
    return ledger.statement(record.id).subject


def test_the_page_shows_cards_that_give_no_grade_last(world: World) -> None:
    subject = next(each.subject for each in dossier.examples(world.law, 4) if each.generated)
    found = json.loads(world.page(subject))
    given = [each["grade"] is not None for each in found["grades"]]
    assert given == sorted(given, reverse=True)
    assert {*given} == {True, False}
    assert [each["card"] for each in found["outlooks"]] == [each["card"] for each in found["grades"]]


def test_the_whole_loop(world: World) -> None:
    """One generated enterprise: penalty, correction, objection, repair, withdrawal; each seen on the page."""
    penalty = world.penalty()
    subject = subject_of(world, penalty)
    run = scoring.run(ENTERPRISES, LAW, true_on=day_of(subject))
    first = world.grade(subject)
    assert line_of(first, "administrative-penalties").points <= -30_000
    a_correction_changes_the_grade_and_not_the_past(world, subject, penalty)
    an_objection_travels_with_the_record(world, subject, penalty)
    a_repaired_record_is_neither_shown_nor_counted(world, subject, penalty)
    a_withdrawn_record_is_gone(world, subject)
    report = fsck(LAW)
    assert report.faults == ()
    assert report.runs == 1
    assert scoring.differences(run, LAW) == []
    again = scoring.run(ENTERPRISES, LAW, true_on=day_of(subject), known_at=run.position.known_at)
    assert (again.inputs_hash, again.results_hash) == (run.inputs_hash, run.results_hash)
    now = scoring.run(ENTERPRISES, LAW, true_on=day_of(subject))
    assert now.inputs_hash != run.inputs_hash


def a_correction_changes_the_grade_and_not_the_past(world: World, subject: str, penalty: Record) -> None:
    before = world.file(subject)
    known = before.as_of.known_at
    asked = (canonical(as_json(before)), world.page(subject), canonical(world.grade(subject).as_json()))
    points = line_of(world.grade(subject), "administrative-penalties").points
    acts.correct(penalty.id, LAW, reason="the decision says minor", attributes={"severity": "minor"})
    assert line_of(world.grade(subject), "administrative-penalties").points > points
    shown = record_of(world.page(subject), penalty.id)
    # A minor penalty is shown for a shorter time; it is either marked as corrected or past its term.
    assert shown is None or shown["corrected"]
    again = (
        canonical(as_json(world.file(subject, known_at=known))),
        world.page(subject, known_at=known),
        canonical(world.grade(subject, known_at=known).as_json()),
    )
    assert again == asked
    acts.correct(penalty.id, LAW, reason="it says general after all", attributes={"severity": "general"})
    assert line_of(world.grade(subject), "administrative-penalties").points == points
    shown = record_of(world.page(subject), penalty.id)
    assert shown
    assert shown["corrected"]


def an_objection_travels_with_the_record(world: World, subject: str, penalty: Record) -> None:
    day = province.LAST_DAY - timedelta(days=2)
    objection = say(aimed("objection.lodged", penalty, subject, day, ground="error", reply="It was another case."))
    (record,) = (each for each in world.file(subject).records if each.id == penalty.id)
    assert (record.status, record.contested_since) == (Status.CONTESTED, day)
    shown = record_of(world.page(subject), penalty.id)
    assert shown
    assert (shown["status"], shown["contested_since"]) == ("contested", day.isoformat())
    objected = record_of(world.page(subject), objection)
    assert objected
    assert objected["attributes"]["reply"] == "It was another case."
    lines = line_of(world.grade(subject), "administrative-penalties").records
    (line,) = (each for each in lines if each.record == penalty.id)
    assert "It is contested." in line.why.en
    assert json.loads(world.page(subject))["notice"] == GENERATED


def a_repaired_record_is_neither_shown_nor_counted(world: World, subject: str, penalty: Record) -> None:
    before = line_of(world.grade(subject), "administrative-penalties").points
    say(aimed("repair.granted", penalty, subject, province.LAST_DAY, reasons="The fine was paid."))
    after = line_of(world.grade(subject), "administrative-penalties")
    assert after.points > before
    assert record_of(world.page(subject), penalty.id) is None
    assert penalty.id not in world.page(subject).decode()
    day_before = province.LAST_DAY - timedelta(days=1)
    assert line_of(world.grade(subject, true_on=day_before), "administrative-penalties").points <= before


def a_withdrawn_record_is_gone(world: World, subject: str) -> None:
    record = next(
        each
        for each in world.file(subject).records
        if each.item != PENALTY and not each.item.startswith(("register.", "objection.", "repair."))
    )
    known = world.file(subject).as_of.known_at
    page = world.page(subject)
    acts.withdraw(record.id, LAW, reason="stated of another organisation")
    assert record_of(world.page(subject), record.id) is None
    assert world.page(subject, known_at=known) == page
    (kept,) = (each for each in world.file(subject).records if each.id == record.id)
    assert kept.status is Status.WITHDRAWN


def test_a_real_violation_that_is_withdrawn_gives_its_points_back(world: World) -> None:
    high = next(
        each
        for each in world.file(DINER).records
        if each.attributes.get("severity") == "high" and each.valid_from == date(2017, 9, 18)
    )
    run = scoring.run(LIVES, LAW, true_on=SAN_FRANCISCO_DAY)
    acts.withdraw(high.id, LAW, reason="seen next door")
    assert (world.grade(DINER).total, world.grade(DINER).grade) == (77_000, "Needs Improvement")
    assert scoring.differences(run, LAW) == []
    assert fsck(LAW).faults == ()
