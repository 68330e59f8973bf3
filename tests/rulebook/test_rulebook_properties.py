"""Whatever a file holds, checking it gives findings and never a traceback."""

from __future__ import annotations

import copy
import itertools

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.rulebook import listed

from probity.rulebook import check

WORDS = st.sampled_from(
    [
        "card",
        "groups",
        "indicators",
        "weight",
        "in_force",
        "from",
        "to",
        "basis",
        "reads",
        "where",
        "is",
        "of",
        "table",
        "each",
        "steps",
        "linear",
        "treatment",
        "bands",
        "scale",
        "items",
        "item",
        "term",
        "by",
        "periods",
        "5y",
        "50%",
        "count",
        "2020-02-30",
        "2020-01-01",
        ".inf",
        "1e999999999",
        "0x10",
        "-1",
        "~",
        "no",
        "on",
        "penalty.fine",
        "[",
        "{",
        "}",
        "]",
        ":",
        "- ",
        "\n",
        "\n  ",
        "? ",
        "&a ",
        "*a",
        "!!int ",
        "'",
        '"',
        "|",
        ">",
        "#",
        "<<",
        "\t",
        "\0",
        "，",
        "\ufeff",
    ]
)
SNIPPETS = st.lists(WORDS | st.text(max_size=8), max_size=40).map("".join)

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.dates() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)

RELAXED = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@RELAXED
@given(
    text=st.text() | SNIPPETS, name=st.sampled_from(["card", "catalogue", "fines", "agencies", "days", "rulebook"])
)
@example(text="a: {b: [" * 50, name="card")
@example(text="items:\n- item: x\n  term: {by: y, periods: {z: 99999y}}\n", name="catalogue")
def test_arbitrary_text_never_crashes_the_checker(books, text, name):
    path = books.path(name)
    before = path.read_bytes()
    try:
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        assert all(finding.line >= 1 and finding.remedy for finding in check(books.root))
    finally:
        path.write_bytes(before)


@RELAXED
@given(data=st.binary(max_size=300), name=st.sampled_from(["card", "grades", "card.cases"]))
def test_arbitrary_bytes_never_crash_the_checker(books, data, name):
    path = books.path(name)
    before = path.read_bytes()
    try:
        path.write_bytes(data)
        check(books.root)
    finally:
        path.write_bytes(before)


def _places(value: object, at: tuple = ()) -> list[tuple]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *itertools.chain.from_iterable(_places(part, (*at, key)) for key, part in inner)]


@RELAXED
@given(data=st.data(), value=VALUES, name=st.sampled_from(["card", "catalogue", "fines", "days", "card.cases"]))
def test_any_part_replaced_by_anything_never_crashes_the_checker(books, data, value, name):
    path = books.path(name)
    before = path.read_bytes()
    content = yaml.safe_load(before)
    *way, last = data.draw(st.sampled_from(_places(content)[1:]))
    part = content
    for step in way:
        part = part[step]
    part[last] = value
    try:
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8", errors="replace")
        check(books.root)
    finally:
        path.write_bytes(before)


@RELAXED
@given(
    data=st.data(), value=VALUES, name=st.sampled_from(["lists/all", "lists/bad.cases", "measures", "memoranda"])
)
def test_nor_does_any_part_of_lists_and_measures(listing_books, data, value, name):
    path = listing_books.path(listed.path(name))
    before = path.read_bytes()
    content = yaml.safe_load(before)
    *way, last = data.draw(st.sampled_from(_places(content)[1:]))
    part = content
    for step in way:
        part = part[step]
    part[last] = value
    try:
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8", errors="replace")
        assert all(finding.line >= 1 and finding.remedy for finding in check(listing_books.root))
    finally:
        path.write_bytes(before)


REQUIRED = {
    "card": {
        "card",
        "name",
        "subjects",
        "scale",
        "base",
        "bands",
        "groups",
        "in_force",
        "basis",
        "reference",
        "grade",
        "from",
        "group",
        "weight",
        "indicator",
        "direction",
        "reads",
        "consumes",
        "item",
        "at_most",
        "en",
        "attribute",
    },
    "catalogue": {
        "item",
        "name",
        "category",
        "polarity",
        "disclosure",
        "in_force",
        "basis",
        "reference",
        "attribute",
        "type",
        "value",
        "en",
        "unit",
        "choices",
        "periods",
        "by",
    },
}


@pytest.mark.parametrize("name", REQUIRED)
def test_without_any_one_required_key_there_is_a_finding_near_it(books, name):
    original = books.path(name).read_bytes()
    content = yaml.safe_load(original)
    tried = 0
    for *way, last in _places(content)[1:]:
        if last not in REQUIRED[name]:
            continue
        spoiled = copy.deepcopy(content)
        part = spoiled
        for step in way:
            part = part[step]
        del part[last]
        books.write(name, yaml.safe_dump(spoiled, allow_unicode=True))
        findings = [finding for finding in books.check() if finding.file == str(books.path(name))]
        assert findings, f"nothing was found without {(*way, last)}"
        tried += 1
    assert tried > 40
