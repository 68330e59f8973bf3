"""Editions of the list of article 69-B taken in: who is listed, who is not, and what is left after a kill."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from tests.service.sat69b_made import Made, code, decided, name, presumed, ruled
from tests.service.sat69b_world import (
    DAY,
    FIRST,
    LAW,
    LISTED,
    PRESUMED,
    REBUTTED,
    SECOND,
    SUPPRESSED,
    TWICE,
    UNDONE,
    WAITING,
    WON,
    Take,
    listed,
    of,
    standing,
    taker,
)

from probity import dossier, intake, ledger
from probity.errors import NotRegisteredError
from probity.procedures import Officer
from probity.procedures import store as procedures
from probity.rulebook import Law, load
from probity.service import House, acts, organisation_page, page_as_json, page_outlooks, sat69b
from probity.service.check import check
from probity.service.fsck import fsck
from probity.service.grades import graded_by
from probity.service.sat69b.model import ENTRY, PROCEDURE, REGISTRATION, Stage
from probity.service.wiring import rulebooks


@pytest.fixture
def take(database: str, tmp_path: Path) -> Take:
    """Takes an edition of some rows in."""
    return taker(tmp_path)


def in_force(*numbers: int, on: date = DAY) -> dict[str, bool]:
    """Whoever of them has an entry in force, as it is kept for everyone who asks; and whether it is imported."""
    return {entry.subject: entry.imported for entry in procedures.entries_of([of(n) for n in numbers], on)}


def page(n: int, on: date = DAY, law: Law = LAW) -> dict[str, Any]:
    """The public page as JSON."""
    found = organisation_page(of(n), law, true_on=on, known_at=None)
    return page_as_json(found, page_outlooks(found, law))


def shown(n: int, on: date = DAY) -> list[str]:
    """The items of the records on the public page."""
    return [record["item"] for record in page(n, on)["records"]]


def asked(*numbers: int) -> dict[str, list[str]]:
    """What an agency is told that asks about them: the lists, by organisation."""
    officer = Officer("mx-sfp", "0417")
    codes = [of(n) for n in numbers]
    found = check(codes, "procurement", "deciding", "Código Fiscal de la Federación, artículo 32-D", officer, LAW)
    assert not any(
        measure.must for answer in found.answers for each in answer.entries for measure in each.measures
    )
    return {answer.subject: [each.list for each in answer.entries] for answer in found.answers}


# -- who is listed ------------------------------------------------------------------------------------


def test_only_what_was_decided_and_published_is_an_entry(take) -> None:
    taken = take(FIRST)
    assert listed() == {of(LISTED), of(WON), of(SUPPRESSED)}
    assert {item: len(found) for item, found in standing().of.items()} == {REGISTRATION: 8, PROCEDURE: 8, ENTRY: 3}
    assert sum(receipt.accepted for receipt in taken.receipts) == 8 + 8 + 3
    assert in_force(*range(1, 9)) == {of(LISTED): True, of(WON): True, of(SUPPRESSED): True}
    assert fsck(LAW).faults == ()


@pytest.mark.parametrize("n", [PRESUMED, WAITING, REBUTTED, TWICE])
def test_nobody_looks_listed_because_of_a_notice(take, n: int) -> None:
    take(FIRST)
    assert shown(n) == [REGISTRATION]
    said = json.dumps(page(n))
    assert "69-B" not in said.replace(json.dumps(LAW.agency("mx-sat").name.en), "")
    assert "presum" not in said.lower()


def test_an_entry_says_what_it_rests_on_and_when_it_ends(take) -> None:
    take(FIRST)
    [entry] = [record for record in page(LISTED)["records"] if record["item"] == ENTRY]
    assert (entry["valid_from"], entry["valid_to"]) == ("2019-08-01", "2024-07-31")
    assert entry["attributes"] == {
        "list": "mx-sat-69b",
        "decision_number": "500-05-2019-900 of 2019-08-01",
        "reason": "Operations of its invoices are taken not to exist (simulated operations)",
        "decided_on": "2019-08-01",
        "page_on": "2019-08-01",
        "presumption_document": "500-05-2019-100 of 2019-03-04",
        "presumption_page": "2019-03-04",
        "presumption_gazette": "2019-03-04",
    }


def test_before_the_gazette_and_past_the_term_it_is_not_shown(take) -> None:
    take(FIRST)
    assert ENTRY not in shown(LISTED, date(2019, 7, 31))
    assert ENTRY in shown(LISTED, date(2019, 8, 1))
    assert ENTRY in shown(LISTED, date(2024, 7, 31))
    assert ENTRY not in shown(LISTED, date(2024, 8, 1))


def test_an_entry_published_before_the_time_is_held_back(take) -> None:
    taken = take([presumed(1), decided(presumed(2), page=date(2019, 4, 1))])
    assert listed() == set()
    [said] = [each for each in standing().of[PROCEDURE].values() if each.subject == of(2)]
    assert "before the time to respond" in str(said.attributes["held"])
    assert sat69b.as_json(taken.comparison)["held_back"] == 1


# -- the next edition ---------------------------------------------------------------------------------


def test_the_next_edition_brings_everyone_up_to_date(take) -> None:
    take(FIRST)
    taken = take(SECOND)
    now = standing()
    assert listed() == {of(LISTED), of(WAITING), of(TWICE)}
    stages = {key: each.attributes["stage"] for key, each in now.of[PROCEDURE].items()}
    assert stages == {
        f"{code(PRESUMED)}|500-05-2019-100": "presumed",
        f"{code(LISTED)}|500-05-2019-100": "definitive",
        f"{code(WAITING)}|500-05-2019-100": "definitive",
        f"{code(WON)}|500-05-2019-100": "favourable",
        f"{code(REBUTTED)}|500-05-2019-100": "rebutted",
        f"{code(TWICE)}|500-05-2019-100": "favourable",
        f"{code(TWICE)}|500-05-2020-100": "definitive",
        f"{code(UNDONE)}|500-05-2019-100": "definitive",
        f"{code(10)}|500-05-2020-100": "presumed",
    }
    assert "after a ruling" in str(now.of[PROCEDURE][f"{code(UNDONE)}|500-05-2019-100"].attributes["held"])
    assert taken.withdrawn == {REGISTRATION: 1, PROCEDURE: 1, ENTRY: 2}
    assert sat69b.as_json(taken.comparison)["suppressed"]["matched"] == 1
    assert fsck(LAW).faults == ()


def test_what_a_court_ended_is_not_shown_and_the_ledger_still_has_it(take) -> None:
    take(FIRST)
    before = ledger.head().known_at
    assert ENTRY in shown(WON)
    take(SECOND)
    assert shown(WON) == [REGISTRATION]
    then = organisation_page(of(WON), LAW, true_on=DAY, known_at=before)
    assert ENTRY in [record.item for record in then.file.records]


def test_what_was_held_stays_held_until_a_new_presumption(take) -> None:
    take(FIRST)
    take(SECOND)
    take(SECOND)
    assert of(UNDONE) not in listed()
    anew = decided(presumed(UNDONE, "500-05-2020-300", date(2020, 5, 4)), "500-05-2020-990", date(2020, 11, 3))
    take([*SECOND, anew])
    assert [key for key in standing().of[ENTRY] if key.startswith(code(UNDONE))] == [
        f"{code(UNDONE)}|500-05-2020-300"
    ]


def test_what_was_corrected_is_withdrawn_whole(take) -> None:
    one = decided(presumed(1))
    other = one.at(Stage.DEFINITIVE, decision_document="500-05-2019-900 de fecha 31 de julio de 2019")
    take([one])
    assert take([other]).corrected[ENTRY] == 1
    assert [each.attributes["decided_on"] for each in standing().of[ENTRY].values()] == ["2019-07-31"]
    take([ruled(other)])
    assert listed() == set()
    assert shown(1) == [REGISTRATION]


def test_a_name_that_changed_is_corrected(take) -> None:
    take(FIRST)
    other = Made(code(LISTED), "OTRO NOMBRE INVENTADO, A.C.", Stage.DEFINITIVE, FIRST[1].steps)
    take([other if row is FIRST[1] else row for row in FIRST])
    [found] = dossier.search("otro nombre inventado")
    assert (found.subject, found.kind) == (of(LISTED), "social-organisation")


def test_an_agency_that_asks_is_told_of_entries_only(take, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("probity.service.wiring._open", [House(Path(), LAW, {"mx-rfc": DAY})])
    take(FIRST)
    everyone = (LISTED, PRESUMED, WON, SUPPRESSED)
    assert asked(*everyone) == {
        of(LISTED): ["mx-sat-69b"],
        of(PRESUMED): [],
        of(WON): ["mx-sat-69b"],
        of(SUPPRESSED): ["mx-sat-69b"],
    }
    take(SECOND)
    assert asked(*everyone) == {of(LISTED): ["mx-sat-69b"], of(PRESUMED): [], of(WON): []}


# -- suppressed: gone from every view -----------------------------------------------------------------

CARD = """
card: mx-example/tax
name: {en: Example}
in_force: {from: 2014-01-01}
basis: An example for the tests
reference: tests/service/test_service_sat69b_take.py
subjects: [enterprise]
schemes: [mx-rfc]
scale: {from: 0, to: 100}
base: 100
bands: [{grade: A, name: {en: Good}, from: 80}, {grade: B, name: {en: Poor}, from: 0}]
groups:
  - group: lists
    name: {en: Lists}
    weight: 100
    indicators:
      - indicator: listed
        name: {en: Listed}
        weight: 100
        direction: deduct
        reads: [list.mx-69b]
        consumes: 50
        window: 5y
        choice: An example
"""


@pytest.fixture(scope="module")
def graded_law(tmp_path_factory: pytest.TempPathFactory) -> Law:
    """The law, with a card that reads the list."""
    folder = tmp_path_factory.mktemp("law")
    for book in ("core", "mx-sat-69b"):
        copytree(rulebooks() / book, folder / book)
    (folder / "mx-example" / "scorecards").mkdir(parents=True)
    book = (
        (folder / "mx-sat-69b" / "rulebook.yaml")
        .read_text("utf-8")
        .replace("uses: [core]", "uses: [core, mx-sat-69b]")
    )
    (folder / "mx-example" / "rulebook.yaml").write_text(
        book.replace("rulebook: mx-sat-69b", "rulebook: mx-example"), "utf-8"
    )
    (folder / "mx-example" / "scorecards" / "tax.yaml").write_text(CARD, "utf-8")
    return load(folder)


def test_what_was_suppressed_leaves_every_view(take, graded_law: Law, tmp_path: Path) -> None:
    take(FIRST)

    def grade(n: int) -> str | None:
        file = dossier.open_file(of(n), graded_law, true_on=DAY)
        return graded_by(file, "mx-example/tax", graded_law).grade

    assert [match.subject for match in dossier.search(name(SUPPRESSED))] == [of(SUPPRESSED)]
    assert ENTRY in shown(SUPPRESSED)
    assert [grade(n) for n in (SUPPRESSED, LISTED, PRESUMED)] == ["B", "B", "A"]
    assert in_force(SUPPRESSED, PRESUMED) == {of(SUPPRESSED): True}
    held = dossier.count()

    take(SECOND)
    assert in_force(*range(1, 9)) == {of(LISTED): True, of(WAITING): True}
    assert dossier.search(name(SUPPRESSED)) == []
    assert dossier.search(code(SUPPRESSED)) == []
    with pytest.raises(NotRegisteredError):
        page(SUPPRESSED)
    with pytest.raises(NotRegisteredError):
        grade(SUPPRESSED)
    assert dossier.count() == held  # one gone, one new
    assert dossier.known_subjects([of(SUPPRESSED)]) == set()
    everyone = [file for _, file in dossier.every_file(LAW, true_on=DAY, position=ledger.head())]
    assert of(SUPPRESSED) not in {file.subject for file in everyone}
    quarantined = tmp_path / "quarantine.csv"
    intake.export(quarantined)
    assert code(SUPPRESSED) not in quarantined.read_text("utf-8")
    assert name(SUPPRESSED) not in quarantined.read_text("utf-8")


def test_one_registered_by_another_stays_without_the_entry(take) -> None:
    take(FIRST)
    draft = ledger.Draft(
        subject=of(SUPPRESSED),
        item=REGISTRATION,
        issuer="registry",
        reference="another register",
        valid_from=date(2010, 1, 4),
        attributes={"name": "Inventada de Otro Registro"},
    )
    acts.state([draft], LAW, source="test")
    take(SECOND)
    assert shown(SUPPRESSED) == [REGISTRATION]
    assert [match.name for match in dossier.search(code(SUPPRESSED))] == ["Inventada de Otro Registro"]
