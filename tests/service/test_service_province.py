"""The generated province: the same for the same seed, plainly invented, and wrong only where it means to be."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from probity.errors import NaturalPersonError, ProbityError, QuestionError
from probity.identity import identify, region
from probity.rulebook import load
from probity.service.demo import province
from probity.service.demo.province import LAST_DAY, NOTICE, generate

ROOT = Path(__file__).parents[2]
ORGANISATIONS = 2_000
LAW = load(ROOT / "rulebooks")

Table = list[dict[str, str]]


def read(path: Path) -> Table:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def tables(tmp_path_factory) -> dict[str, Table]:
    """Every file by its mapping."""
    made = generate(tmp_path_factory.mktemp("province"), ORGANISATIONS)
    return {file.mapping: read(file.path) for file in made}


@pytest.fixture(scope="module")
def registered(tables) -> set[str]:
    """The codes that the registers hold and that are those of organisations."""
    rows = [row for name, table in tables.items() if "/organisations" in name for row in table]
    return {row["统一社会信用代码"] for row in rows if not row["统一社会信用代码"].startswith("92")}


def code_of(mapping: str, row: dict[str, str]) -> str:
    return row[LAW.mapping(mapping).subject.column]


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    first = generate(tmp_path / "a", 300, seed=7)
    second = generate(tmp_path / "b", 300, seed=7)
    assert [file.path.name for file in first] == [file.path.name for file in second]
    assert all(a.path.read_bytes() == b.path.read_bytes() for a, b in zip(first, second, strict=True))


def test_another_seed_gives_another_province(tmp_path):
    first = generate(tmp_path / "a", 300, seed=7)
    second = generate(tmp_path / "b", 300, seed=8)
    codes = [{row["统一社会信用代码"] for row in read(files[0].path)} for files in (first, second)]
    assert not codes[0] & codes[1]


@pytest.mark.parametrize("count", [0, 99, province.MOST + 1])
def test_a_size_that_cannot_be_made_is_refused(tmp_path, count):
    with pytest.raises(QuestionError, match="cannot be generated"):
        generate(tmp_path / "none", count)
    assert not (tmp_path / "none").exists()


def test_every_file_has_the_columns_of_its_mapping_and_no_others(tables):
    for name, table in tables.items():
        mapping = LAW.mapping(name)
        sources = [mapping.valid_from, mapping.valid_to, *mapping.attributes.values()]
        read_by = {source.column for source in sources if source and source.column}
        assert set(table[0]) == {mapping.subject.column, *mapping.key, *mapping.ignores, *read_by}, name


def test_every_row_says_that_it_is_generated(tables):
    assert all(row["提示"] == NOTICE for table in tables.values() for row in table)


def test_no_code_can_be_mistaken_for_a_real_one(tables):
    for name, table in tables.items():
        for row in table:
            place = region(code_of(name, row)[2:8])
            assert place.code.startswith("3399")
            assert not place.exact


def test_organisations_are_as_many_as_asked_for_and_all_have_names_of_their_own(tables, registered):
    assert len(registered) == ORGANISATIONS
    names = [row["名称"] for name, table in tables.items() if "/organisations" in name for row in table]
    people = sum(row["统一社会信用代码"].startswith("92") for row in tables["cn-zhejiang-2020/organisations"])
    assert people > 0
    assert len(set(names)) == len(names) - people == ORGANISATIONS


def test_everyone_registered_is_an_organisation_of_the_kind_that_its_file_says(tables):
    kinds = Counter()
    for name, table in tables.items():
        if "/organisations" in name:
            for row in table:
                code = row["统一社会信用代码"]
                if code.startswith("92"):
                    with pytest.raises(NaturalPersonError):
                        identify("cn-uscc", code)
                else:
                    kinds[row["主体类型"], identify("cn-uscc", code).kind] += 1
    assert kinds == {
        ("企业", "enterprise"): 1850,
        ("社会组织", "social-organisation"): 80,
        ("事业单位", "public-institution"): 50,
        ("机关", "government-body"): 20,
    }


def test_about_one_row_in_a_thousand_is_wrong_and_each_fault_is_there(tmp_path):
    made = [(f.mapping, read(f.path)) for f in generate(tmp_path, 8_000)]
    known = {row["统一社会信用代码"] for name, table in made if "/organisations" in name for row in table}
    wrong: Counter[str] = Counter()
    for name, table in made:
        key = LAW.mapping(name).key
        seen: dict[tuple[str, ...], dict[str, str]] = {}
        for row in table:
            if fault := fault_of(name, row, known):
                wrong[fault] += 1
            elif (mark := tuple(row[column] for column in key)) in seen:
                wrong["duplicate" if seen[mark] == row else "conflicting-duplicate"] += 1
            else:
                seen[mark] = row
    assert set(wrong) == set(province.FAULTS)
    rows = sum(len(table) for _, table in made)
    assert 0.0005 < wrong.total() / rows < 0.0015


def fault_of(mapping: str, row: dict[str, str], known: set[str]) -> str | None:
    code = code_of(mapping, row)
    starts = LAW.mapping(mapping).valid_from.column
    try:
        identify("cn-uscc", code)
    except NaturalPersonError:
        return "individual-trader"
    except ProbityError:
        return "wrong-check-character"
    if code not in known:
        return "unknown-organisation"
    if starts and row[starts].replace("/", "-") > LAST_DAY.isoformat():
        return "future-date"
    return None


def test_most_are_clean_and_a_few_have_many_records(tables):
    adverse = Counter()
    for name, table in tables.items():
        item = LAW.item(LAW.mapping(name).item)
        if item.polarity == "negative":
            adverse.update(code_of(name, row) for row in table)
    assert len(adverse) < 0.6 * ORGANISATIONS
    busiest = sum(count for _, count in adverse.most_common(ORGANISATIONS // 20))
    assert busiest > 0.3 * adverse.total()


def test_one_source_never_delivers_and_every_other_item_of_the_card_does(tables):
    card = LAW.card("cn-zhejiang-2020/enterprise", LAST_DAY)
    read_items = {reads.item for indicator in card.indicators for reads in indicator.reads}
    assert read_items - {LAW.mapping(name).item for name in tables} == {"volunteering.service"}


def test_no_state_outlasts_the_term_of_its_record(tables):
    for name, table in tables.items():
        mapping = LAW.mapping(name)
        item = LAW.item(mapping.item)
        if mapping.valid_to and item.term:
            for row in table:
                start = date.fromisoformat(row[mapping.valid_from.column])
                end = row[mapping.valid_to.column]
                if end and start <= LAST_DAY:
                    assert start <= date.fromisoformat(end) <= LAW.display_until(item, start, {}), (name, row)
