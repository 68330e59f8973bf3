"""The worked cases of every list: each comes out, and every ground, threshold, warning and band is tried."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.rulebook import listed
from tests.rulebook.conftest import Books, write_books
from typer.testing import CliRunner

from probity.cli.rulebook import app
from probity.procedures import list_differences, untried
from probity.rulebook import Law, ListCase, ListExpected, load

LAW = load(Path(__file__).parents[2] / "rulebooks")
CASES = [(file.list, case) for _, file in LAW.list_cases for case in file.cases]
OPEN = "listed/bad (from 2020-01-01), fined-much: no case "


@pytest.mark.parametrize(("list_", "case"), CASES, ids=[f"{list_}: {case.case}" for list_, case in CASES])
def test_worked_case(list_, case):
    assert list_differences(case, LAW.list(list_, case.as_of), LAW) == [], f"{list_}, {case.case!r} ({case.why})"


def test_every_ground_threshold_warning_and_band_is_tried():
    assert "\n".join(untried(LAW)) == ""


def test_there_are_worked_cases_of_every_version_of_every_list_with_grounds():
    judged = {(list_, LAW.list(list_, case.as_of).in_force.from_) for list_, case in CASES}
    assert judged == {(rule.list, rule.in_force.from_) for rule in LAW.lists if rule.criteria}


@pytest.fixture
def books(tmp_path: Path) -> Books:
    books = write_books(tmp_path / "rulebooks")
    for name, text in listed.FILES.items():
        books.write(listed.path(name), text)
    books.replace("card.cases", "score: 85.5", "score: 86")
    return books


def law_with(books: Books, *cases: str) -> Law:
    """The law of lists with these cases of ``listed/bad`` (a flow mapping each) and no others."""
    lines = "".join(f"  - {{case: case {n}, as_of: 2021-01-01, why: w, {text}}}\n" for n, text in enumerate(cases))
    books.write(listed.path("lists/bad.cases"), f"list: listed/bad\ncases:\n{lines}")
    return load(books.root)


def fined(amount: int, outcome: str) -> str:
    given = f"{{item: penalty.fine, on: 2020-12-01, attributes: {{severity: serious, amount: {amount}}}}}"
    return f"given: [{given}], expect: {{{outcome}}}"


def test_a_case_that_does_not_come_out_says_where(books):
    law = load(books.root)
    case, rule = law.list_cases[0][1].cases[0], law.list("listed/bad")
    assert list_differences(case, rule, law) == []
    wrong = ListExpected(criteria={"fined-much": "met", "fined-often": "not known"}, near=(), band="small")
    much, often, near, band = list_differences(case.model_copy(update={"expect": wrong}), rule, law)
    assert much.startswith(
        "fined-much is not met, expected met (not met: all of the 2 that follow; not met: 1000 "
    )
    assert often.startswith("fined-often is not met, expected not known (")
    assert near == "near: ['fined-much'], expected []"
    assert band == "band large, expected small"


def test_not_met_covers_possible_and_not_the_other_way_round(books):
    law = load(books.root)
    rule = law.list("listed/bad")
    given = {"case": "c", "given": (), "as_of": "2021-01-01", "why": "w"}
    for outcome, differs in (("not met", False), ("possible", False), ("met", True), ("not known", True)):
        case = ListCase.model_validate({**given, "expect": {"criteria": {"fined-often": outcome}}})
        assert bool(list_differences(case, rule, law)) is differs, outcome
    never = ListCase.model_validate({**given, "expect": {"criteria": {"fined-much": "possible"}}})
    assert list_differences(never, rule, law)[0].startswith("fined-much is not met, expected possible")


def test_what_has_not_been_delivered_is_not_known(books):
    law = law_with(
        books,
        "given: [], delivered: [honour, tip], expect: {criteria: {fined-much: not known, fined-often: not known}}",
    )
    case = law.list_cases[0][1].cases[0]
    assert list_differences(case, law.list("listed/bad"), law) == []


def test_what_no_case_tries_is_named(books):
    law = law_with(books, fined(5, "near: [fined-much], band: small"))
    gaps = untried(law, "listed/bad")
    assert {OPEN + "where it is met", OPEN + "at the threshold of its sum of penalty.fine"} <= set(gaps)
    assert OPEN + "above the threshold of its sum of penalty.fine" in gaps
    assert OPEN + "below the threshold of its sum of penalty.fine" not in gaps
    assert OPEN + "where it is near" not in gaps
    assert "listed/bad (from 2020-01-01): no case lies in the band large" in gaps
    assert (
        "listed/bad (from 2020-01-01), fined-often: no case at the threshold of its rate of penalty.fine" in gaps
    )
    assert [gap for gap in untried(law) if gap not in gaps] == [
        f"listed/good (from 2020-01-01), always-declared: no case {gap}"
        for gap in ("where it is met", "at the threshold of its years of declarations")
    ]


def test_what_is_tried_is_no_gap(books):
    warned = "near: [fined-much], "
    law = law_with(
        books,
        fined(999, warned + "band: small"),
        fined(1000, warned + "band: large"),
        fined(1001, "criteria: {fined-much: met}"),
    )
    assert not [gap for gap in untried(law) if gap.startswith(OPEN)]


def test_the_command_tries_cards_and_lists(books):
    def run(*words: object):
        return CliRunner().invoke(app, ["cases", str(books.root), *map(str, words)])

    law_with(books, fined(1000, "criteria: {fined-often: possible}, near: [fined-much], band: large"))
    every = run()
    assert every.exit_code == 0, every.output
    assert OPEN + "where it is met" in every.output.replace("\n", " ").replace("  ", " ")
    assert "4 cases: all come out." in every.output
    assert "1 case: all come out." in run("--list", "listed/bad").output
    assert run("--card", "tiny/card").output.strip() == "2 cases: all come out."


def test_the_command_ends_with_1_where_a_case_of_a_list_does_not_come_out(books):
    law_with(books, fined(1000, "criteria: {fined-much: met}"))
    found = CliRunner().invoke(app, ["cases", str(books.root)])
    assert found.exit_code == 1
    assert "listed/bad, case 'case 0': w" in found.output
    assert "1 of 4 cases do not come out." in found.output
