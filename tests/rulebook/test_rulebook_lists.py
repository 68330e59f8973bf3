"""Lists, their grounds and worked cases: every fault that the checker knows, on its line."""

from __future__ import annotations

import pytest
from tests.rulebook import listed

from probity.rulebook import Severity, check, load

ALL = "lists/all"

ERRORS = listed.faults("faults_lists.yaml")


def test_the_rulebook_of_lists_is_clean(listing_books):
    assert listing_books.check() == []


@pytest.mark.parametrize("name", ERRORS)
def test_a_fault_is_found_on_its_line(listing_books, name):
    listed.assert_found(listing_books, ERRORS[name])


@pytest.mark.parametrize(
    "name",
    [
        "Evades enforcement by a false suit",
        "Conceals or transfers property",
        "Refuses to perform without just reason",
        "Obstructs customs officers seriously",
        "Taxes paid in full for two years",
        "On no other list of any agency",
    ],
)
def test_what_real_grounds_say_is_no_fault(listing_books, name):
    listing_books.replace(listed.path(ALL), "{en: Fined often}", f"{{en: {name}}}")
    assert listing_books.check() == []


@pytest.mark.parametrize(
    "name", ["伪造证据、暴力、威胁等方法妨碍执行", "有履行能力而拒不履行", "未被其他部门列入名单"]
)
def test_what_real_grounds_say_in_chinese_is_no_fault(listing_books, name):
    listing_books.replace(listed.path(ALL), "隐匿财产", name)
    assert listing_books.check() == []


WARNINGS = {
    "no cases": ("lists/good.cases", None, "", "list: listed/good", "no worked cases"),
    "count": (
        ALL,
        "          any:\n            - rate:\n                of: penalty.fine\n                per: "
        "{of: {item: declarations, year: previous}, attribute: number}\n                more_than: 1/1000\n",
        "          any:\n            - count: penalty.fine\n              at_least: 5\n",
        "count: penalty.fine\n              at_least: 5",
        "large organisations have more",
    ),
    "praise as a ground": (ALL, "count: penalty.fine", "count: honour", "count: honour", "honour is positive"),
}


@pytest.mark.parametrize("name", WARNINGS)
def test_doubts_are_warnings(listing_books, name):
    short, old, new, where, reason = WARNINGS[name]
    file = listed.path(short)
    if old is None:
        listing_books.path(file).unlink()
        file = listed.path(ALL)
    else:
        listing_books.replace(file, old, new)
    text = listing_books.path(file).read_text(encoding="utf-8")
    (finding,) = listing_books.check()
    assert finding.severity is Severity.WARNING
    assert finding.line == text[: text.index(where)].count("\n") + 1
    assert reason in finding.reason


def test_a_count_that_says_why_it_needs_no_rate_is_no_doubt(listing_books):
    name = "count"
    _, old, new, _, _ = WARNINGS[name]
    listing_books.replace(listed.path(ALL), old, new)
    file = listed.path(ALL)
    listing_books.replace(
        file, "basis: Lists Act section 11", "basis: Lists Act section 11\n        choice: no rate exists"
    )
    assert listing_books.check() == []


def test_a_list_held_must_be_in_force_then(listing_books):
    text = listed.LISTS
    at = text.rindex("in_force: {from: 2020-01-01}")
    later = text[:at] + "in_force: {from: 2021-02-01}" + text[at + len("in_force: {from: 2020-01-01}") :]
    listing_books.write(listed.path(ALL), later)
    listing_books.path(listed.path("lists/good.cases")).unlink()
    reasons = [finding.reason for finding in listing_books.errors()]
    assert reasons == ["the list listed/good is not in force on 2021-01-01"]


def test_two_versions_of_a_list_are_not_in_force_at_once(listing_books):
    listing_books.replace(listed.path(ALL), "list: listed/good", "list: listed/bad")
    text = listing_books.path(listed.path(ALL)).read_text(encoding="utf-8")
    line = text[: text.rindex("in_force")].count("\n") + 1
    assert any(f.line == line and "same time" in f.reason for f in listing_books.errors())


def test_the_number_of_a_case_elsewhere_may_come_from_a_file(listing_books):
    case = "      - {attribute: case, name: {en: Court case}, type: text}\n"
    listing_books.replace("catalogue", "      - attribute: amount\n", f"{case}      - attribute: amount\n")
    listing_books.replace("fines", "attributes:\n", "attributes:\n  case: docket\n")
    assert listing_books.check() == []


def test_a_row_is_left_out_once(listing_books):
    line = listing_books.append(
        listed.path("lists/left-out"), "  - {row: 4.1/41, target: {en: No-ride}, why: persons too}\n"
    )
    (finding,) = listing_books.errors()
    assert (finding.line, "was left out before" in finding.reason) == (line, True)


def test_lists_are_found_by_id_and_day(listing_books):
    law = load(listing_books.root)
    assert [rule.list for rule in law.lists] == ["listed/bad", "listed/watch", "listed/good"]
    assert law.list("listed/bad").criterion("fined-much").warns is not None
    assert law.list("listed/bad").criterion("graded-low") is None
    assert law.measure("listed/no-tenders").number == 1
    assert law.memorandum("listed/for").lists == ("listed/good",)
    assert [left.row for left in law.left_out] == ["4.1/41"]
    assert [file.list for _, file in law.list_cases] == ["listed/bad", "listed/good"]
    assert law.list("listed/bad").bands.of(999).band == "small"
    assert law.list("listed/bad").bands.of(1000).band == "large"


def test_a_part_of_the_folder_reports_its_own_faults_alone(listing_books):
    listing_books.replace(listed.path(ALL), "record: entry.bad", "record: entry.bat")
    assert check(listing_books.root / "tiny") == []
    assert check(listing_books.path(listed.path(ALL)))
