"""The rulebooks that ship: clean, loadable, their schemas current; and the command line over them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from probity.cli.rulebook import app
from probity.rulebook import Severity, check, export_schemas, load

ROOT = Path(__file__).parents[2] / "rulebooks"
SHIPPED = (
    "core",
    "cn-national",
    "cn-zhejiang-2020",
    "cn-tax",
    "cn-comprehensive",
    "us-sf-food",
    "us-detroit-food",
)


def test_shipped_rulebooks_have_no_fault():
    assert "\n".join(map(str, check(ROOT))) == ""


def test_shipped_rulebooks_load_with_their_cases():
    law = load(ROOT)
    assert {info.rulebook for info in law.rulebooks} >= set(SHIPPED)
    cards = {card.card for card in law.cards}
    assert cards
    assert {cases.card for _, cases in law.cases} == cards
    for rule in law.calendars:
        assert law.calendar(rule.calendar).announced
    for mapping in law.mappings:
        sources = [mapping.valid_from, *mapping.attributes.values()]
        assert all(law.lookup(mapping, source.lookup) for source in sources if source.lookup)


def test_the_nineteen_categories_are_there():
    assert {category.number for category in load(ROOT).categories} >= set(range(1, 20))


def test_exported_schemas_are_current(tmp_path):
    written = export_schemas(tmp_path)
    assert {path.name for path in written} == {path.name for path in (ROOT / "schemas").iterdir()}
    for path in written:
        committed = (ROOT / "schemas" / path.name).read_text(encoding="utf-8")
        assert committed == path.read_text(encoding="utf-8"), "run `probity rulebook schema`"


def test_schemas_know_the_short_forms():
    defs = json.loads((ROOT / "schemas" / "scorecard.schema.json").read_text(encoding="utf-8"))["$defs"]
    assert defs["Period"]["type"] == "string"
    assert {"type": "string"} in defs["Reads"]["anyOf"]
    assert defs["Band"]["properties"]["from"]["type"] == "number"
    assert "default" not in defs["Scale"]["properties"]["to_nearest"]


def test_schemas_of_lists_know_the_short_forms():
    defs = json.loads((ROOT / "schemas" / "lists.schema.json").read_text(encoding="utf-8"))["$defs"]
    word, full = defs["Records"]["anyOf"]
    assert word == {"type": "string"}
    assert {"item", "items", "within"} <= set(full["properties"])
    assert full["anyOf"] == [{"required": ["item"]}, {"required": ["items"]}]
    assert defs["Share"]["anyOf"][0]["type"] == "string"
    assert defs["Requirement"]["properties"]["all"]["items"] == {"$ref": "#/$defs/Requirement"}


def test_cases_that_come_out_and_one_that_does_not(books):
    books.replace("card.cases", "score: 85.5", "score: 86")
    assert run("cases", books.root).output.strip() == "2 cases: all come out."
    assert run("cases", books.root, "--card", "nobody/card").output.strip() == "0 cases: all come out."
    books.replace("card.cases", "score: 86", "score: 80")
    forget = sys.modules["probity.rulebook.load"]._load.cache_clear  # a command begins without what another read
    forget()
    found = run("cases", books.root)
    assert found.exit_code == 1
    assert "score 86, expected 80" in found.output
    assert "90 - 4.5, and the gate" in found.output
    assert "1 of 2 cases do not come out." in found.output
    plain = json.loads(run("cases", books.root, "--json").stdout)
    assert (plain["cases"], [each["case"] for each in plain["wrong"]]) == (2, ["fined"])
    books.replace("card", "base: 90", "base: 500")
    forget()
    assert run("cases", books.root).exit_code == 2


def run(*words: object):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_check_ends_with_0_when_clean(books):
    result = run("check", books.root)
    assert (result.exit_code, result.stdout.strip()) == (0, "No fault found.")


def test_check_ends_with_0_on_warnings_alone(books):
    books.path("card.cases").unlink()
    result = run("check", books.root)
    assert result.exit_code == 0
    assert f"{books.path('card')}:1: warning: tiny/card has no worked cases" in result.stdout
    assert "0 errors, 1 warning" in result.stdout


def test_check_ends_with_1_on_errors_and_names_file_line_reason_and_remedy(books):
    line = books.replace("catalogue", "basis: Tiny Act, section 5", "basis: '[red]tbd'")
    books.replace("catalogue", "[red]", "")
    result = run("check", books.root)
    assert result.exit_code == 1
    assert f"{books.path('catalogue')}:{line}: error: 'tbd' is no legal basis" in result.stdout
    assert "    Name the law, regulation or decision" in result.stdout
    assert "1 error, 0 warnings" in result.stdout


def test_check_shows_brackets_as_they_are(books):
    books.replace("catalogue", "category: penalties", "category: '[bold]'")
    assert "[bold]" in run("check", books.root).stdout


def test_check_as_json(books):
    line = books.replace("card", "base: 90", "base: ninety")
    result = run("check", books.root, "--json")
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    assert (answer["errors"], answer["warnings"]) == (1, 0)
    assert answer["findings"][0]["line"] == line
    assert answer["findings"][0]["severity"] == Severity.ERROR


@pytest.mark.parametrize("name", ["absent", "."])
def test_check_ends_with_2_where_there_is_no_rulebook(tmp_path, name):
    result = run("check", tmp_path / name)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "rulebook" in result.stderr


def test_schema_writes_into_the_folder_asked_for(tmp_path):
    result = run("schema", "--out", tmp_path / "new")
    assert result.exit_code == 0
    assert len(list((tmp_path / "new").iterdir())) == len(result.stdout.split()) == 14
