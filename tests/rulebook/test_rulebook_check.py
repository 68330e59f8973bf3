"""What is checked over several files: versions, references between rulebooks, files that cannot be read."""

from __future__ import annotations

import pytest

from probity.errors import RulebookError
from probity.rulebook import Severity, check


def test_the_tiny_rulebooks_are_clean(books):
    assert books.check() == []


def test_a_card_without_worked_cases_is_a_warning(books):
    books.path("card.cases").unlink()
    finding = books.only(Severity.WARNING)
    assert (finding.file, finding.line) == (str(books.path("card")), 1)
    assert "no worked cases" in finding.reason


def test_deducting_for_praise_is_a_warning(books):
    books.replace("card", "            where:\n              - {attribute: severity, is: [minor, serious]}\n", "")
    books.replace(
        "card", "          of: severity\n          table: {minor: 4.5, serious: 90}", "          each: 1"
    )
    line = books.replace("card", "- item: penalty.fine", "- item: honour")
    finding = books.only(Severity.WARNING)
    assert (finding.line, "which is positive" in finding.reason) == (line, True)


def test_versions_of_one_id_may_follow_each_other_but_not_overlap(books):
    agency = """\
  - agency: inspectorate
    name: {en: Inspectorate, renamed}
    level: city
    competent_for: ['penalty.*', honour, tip]
    in_force: {from: 2024-01-01}
    basis: Tiny Act 2024
    reference: R0
""".replace("Inspectorate, renamed", "Inspectorate renamed")
    start = books.append("agencies", agency)
    finding = books.only()
    assert (finding.file, finding.line) == (str(books.path("agencies")), start + 4)
    assert "in force at the same time" in finding.reason
    assert "agencies.yaml:2" in finding.reason
    books.replace("agencies", "{from: 2020-01-01}", "{from: 2020-01-01, to: 2023-12-31}")
    assert books.check() == []
    books.replace("agencies", "to: 2023-12-31", "to: 2024-01-01")
    assert "in force at the same time" in books.only().reason


def test_a_rule_that_is_never_in_force_with_what_it_reads(books):
    books.replace("fines", "{from: 2020-01-01}", "{from: 2010-01-01, to: 2019-12-31}")
    findings = books.errors()
    assert {finding.line for finding in findings} == {2, 3, 4}
    assert all("never together with this" in finding.reason for finding in findings)


def test_a_rulebook_must_name_what_it_uses(books):
    books.replace("rulebook", "uses: [base]\n", "")
    books.path("categories").rename(books.root / "base" / "categories.yaml")
    findings = books.errors()
    lines = books.path("catalogue").read_text(encoding="utf-8").splitlines()
    assert [f.line for f in findings] == [n for n, line in enumerate(lines, 1) if "category: penalties" in line]
    assert all("Add base to uses in tiny/rulebook.yaml" in finding.remedy for finding in findings)


def test_one_id_in_two_rulebooks(books):
    books.write("base/categories.yaml", books.path("categories").read_bytes())
    finding = books.only()
    assert (finding.file, finding.line) == (str(books.path("categories")), 2)
    assert "already belongs to base (base/categories.yaml:2)" in finding.reason


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"", 1, "empty"),
        (b"# nothing\n", 1, "empty"),
        (b"agencies:\n  - \xb9\xe3\xd6\xdd\n", 2, "not UTF-8"),
        (b"agencies:\n\n  - a\x00b\n", 3, "control character (U+0000)"),
        (b"\x7fELF\x02\x01\x01\x00", 1, "control character"),
        ("agencies:\n  - a\u202eb\n".encode(), 2, "control character (U+202E)"),
        (b'agencies:\n  - agency: "a\\eb"\n', 2, "hides a control character"),
        (b'agencies: []\n"a\\eb": 1\n', 2, "hides a control character"),
        (b"agencies: []\n---\nagencies: []\n", 2, "second document"),
        (b"agencies: []\n? [a]\n: b\n", 2, "key must be a plain word"),
        (b"agencies: []\nx: *y\n", 2, "anchors"),
        (b"just text", 1, "must hold a list"),
        (b"[1, 2]", 1, "must hold a list"),
        (b"agencies:\n- 3\n", 2, "keys and values are wanted"),
        (b"#" * 5_000_000, 1, "larger than 4,000,000 bytes"),
        (b"[" * 100_000, 1, "nested more than"),
    ],
)
def test_files_that_cannot_be_read(books, content, line, reason):
    books.write("base/agencies.yaml", content)
    finding = books.only()
    assert (finding.file, finding.line) == (str(books.root / "base/agencies.yaml"), line)
    assert reason in finding.reason


def test_a_directory_where_a_file_should_be_is_no_crash(books):
    (books.root / "base/agencies.yaml").mkdir()
    assert books.check() == []


def test_a_file_of_an_unknown_name_is_reported(books):
    books.write("base/scorecard.yaml", "a: 1")
    finding = books.only()
    assert "no rule stands in a file of this name" in finding.reason


def test_a_folder_without_rulebook_yaml_is_reported(books):
    books.write("lost/schemes.yaml", "schemes: []")
    assert books.only().file == str(books.root / "lost/rulebook.yaml")


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ("a,b\n1,2\n", 1, "columns from and to"),
        ("", 1, "columns from and to"),
        ("from,to\n1,2\n1,3\n", 3, "is here twice"),
        ("from,to\n1,2,3\n", 2, "is not a pair"),
        ('from,to\n1,"2\n', 2, "not CSV"),
    ],
)
def test_lookup_tables(books, content, line, reason):
    books.write("grades", content)
    finding = books.only()
    assert (finding.file, finding.line) == (str(books.path("grades")), line)
    assert reason in finding.reason


@pytest.mark.parametrize(
    "name",
    [
        "HIV status",
        "Medical condition of employees",
        "Mental health of director",
        "Blood group",
        "患者信息",
        "Criticism of government posts",
        "Political convictions",
    ],
)
def test_forbidden_matters_are_known_by_many_words(books, name):
    books.replace("catalogue", "{en: Complaint}", f"{{en: {name}}}")
    assert any("R2.17" in finding.reason + finding.remedy for finding in books.check())


@pytest.mark.parametrize(
    "name",
    [
        "Penalty for unfair competition",
        "Genetically modified food licence",
        "Ownership change",
        "Health inspection",
    ],
)
def test_harmless_words_are_not_mistaken_for_forbidden_ones(books, name):
    books.replace("catalogue", "{en: Complaint}", f"{{en: {name}, zh: 转基因生物安全证书}}")
    assert books.check() == []


def test_words_of_yaml_1_1_stay_words(books):
    books.replace("catalogue", "{value: minor, name: {en: Minor}}", "{value: no, name: {en: On}}")
    books.replace("catalogue", "{minor: 3m,", "{no: 3m,")
    books.replace("card", "is: [minor, serious]", "is: [no, serious]")
    books.replace("card", "{minor: 4.5,", "{no: 4.5,")
    books.replace("fines", "low: minor", "off: no")
    books.replace("card.cases", "severity: minor", "severity: no")
    assert books.check() == []


def test_checking_a_part_reports_that_part_only(books):
    from_agency = books.replace("agencies", "Tiny Act, section 3", "tbd")
    books.replace("card", "base: 90", "base: ninety")
    everything = books.check()
    assert len(everything) == 2
    assert check(books.root / "tiny") == everything
    assert [finding.line for finding in check(books.path("agencies"))] == [from_agency]
    assert [finding.file for finding in check(books.root / "tiny" / "scorecards")] == [str(books.path("card"))]
    assert check(books.root / "base") == []


def test_where_there_is_no_rulebook(tmp_path):
    with pytest.raises(RulebookError, match="no such file"):
        check(tmp_path / "absent")
    with pytest.raises(RulebookError, match="no rulebook here"):
        check(tmp_path)
