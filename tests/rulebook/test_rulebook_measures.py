"""Measures and memoranda: every fault that the checker knows, on its line."""

from __future__ import annotations

import pytest
from tests.rulebook import listed

ERRORS = listed.faults("faults_measures.yaml")


@pytest.mark.parametrize("name", ERRORS)
def test_a_fault_is_found_on_its_line(listing_books, name):
    listed.assert_found(listing_books, ERRORS[name])


def test_no_measure_outlasts_its_entry(listing_books):
    listing_books.replace(listed.path("measures"), "maximum: 3y", "maximum: 6y")
    (finding,) = listing_books.errors()
    text = listing_books.path(listed.path("memoranda")).read_text(encoding="utf-8")
    assert finding.line == text[: text.index("{measure: listed/no-tenders,")].count("\n") + 1
    assert "longer than any entry" in finding.reason


@pytest.mark.parametrize(
    "name",
    [
        "No high-speed rail tickets",
        "Exit ban",
        "No high-fee private schools",
        "Restriction of luxury consumption",
        "Legal representative may not manage",
        "No posts for managers",
        "Family members excluded",
        "No travel abroad",
        "Key persons reported",
        "Shareholders excluded",
        "Passport withheld",
    ],
)
def test_no_measure_binds_persons(listing_books, name):
    assert_refused(listing_books, "{en: Not admitted to public tenders,", f"{{en: {name},")


@pytest.mark.parametrize(
    "name",
    [
        "限制高消费",
        "限制乘坐飞机",
        "限制出境",
        "子女就读高收费学校",
        "法定代表人任职限制",
        "限制购买高铁车票",
        "影响家属",
    ],
)
def test_no_measure_binds_persons_in_chinese(listing_books, name):
    assert_refused(listing_books, "zh: 限制参加政府采购", f"zh: {name}")


def test_no_measure_gives_a_person_as_its_reason(listing_books):
    assert_refused(listing_books, "is no safe contractor", "has a manager who is no safe contractor")


def assert_refused(books, old, new):
    line = books.replace(listed.path("measures"), old, new)
    (finding,) = books.errors()
    assert finding.line == line
    assert "binds persons" in finding.reason


@pytest.mark.parametrize(
    "name",
    [
        "Issue of bonds restricted",
        "Government land not granted",
        "Subsidies refused",
        "Bids refused",
        "Inspected more often",
        "Honours withdrawn",
        "Excluded from fiscal-fund projects",
        "Customs clearance with more checks",
        "Permit of a travel agency suspended",
        "Licence for child care suspended",
    ],
)
def test_what_binds_the_organisation_is_no_fault(listing_books, name):
    listing_books.replace(listed.path("measures"), "{en: Not admitted to public tenders,", f"{{en: {name},")
    assert listing_books.check() == []
