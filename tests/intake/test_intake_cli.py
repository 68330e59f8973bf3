"""The commands: what they print, and how they end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from probity.cli.main import app
from probity.errors import IntakeError, NotFoundError

MAPPING = "us-sf-food/businesses"
HEAD = "business_id,name,address,city,state,postal_code,latitude,longitude\n"
CONTENT = HEAD + "1,Sound Café,1 Main St,SF,CA,94109,,\n2,=cmd|'/C calc'!A0,2 Main St,SF,CA,94109,,\n"


@pytest.fixture(autouse=True)
def _house(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def receipts(result: Result) -> list[dict[str, object]]:
    return list(json.loads(result.stdout))


def test_a_file_through_quarantine_and_back(tmp_path: Path) -> None:
    path = tmp_path / "businesses.csv"
    path.write_text(CONTENT)
    result = run("intake", path, "--mapping", MAPPING, "--json")
    (receipt,) = receipts(result)
    assert result.exit_code == 1  # something is in quarantine
    assert (receipt["accepted"], receipt["quarantined"]) == (1, {"formula": 1})

    again = run("intake", path, "--mapping", MAPPING)
    assert "taken in before" in again.stdout

    (row,) = json.loads(run("quarantine", "list", "--json").stdout)
    assert (row["batch"], row["row"], row["faults"][0]["reason"]) == (1, 2, "formula")
    assert "formula" in run("quarantine", "list", "--reason", "formula").stdout
    assert "empty" in run("quarantine", "list", "--batch", "7").stdout

    out = tmp_path / "open.csv"
    assert run("quarantine", "export", "--out", out).exit_code == 0
    still = run("quarantine", "resubmit", out)
    assert still.exit_code == 1
    assert "[formula]" in still.stdout

    fixed = run("quarantine", "correct", "1", "2", "--set", "name=Calc Bar", "--json")
    assert (fixed.exit_code, receipts(fixed)[0]["resolved"]) == (0, 1)
    assert "empty" in run("quarantine", "list").stdout


def test_errors_have_their_exit_codes(tmp_path: Path) -> None:
    path = tmp_path / "businesses.csv"
    path.write_text("nothing,useful\n")
    for arguments, kind in [
        (("intake", path, "--mapping", MAPPING), IntakeError),
        (("intake", path, "--mapping", "us-sf-food/busineses"), NotFoundError),
        (("quarantine", "correct", "1", "2", "--set", "name"), IntakeError),
        (("quarantine", "correct", "1", "2", "--set", "name=x"), NotFoundError),
    ]:
        error = run(*arguments).exception
        assert isinstance(error, kind)
        assert error.exit_code
        assert error.remedy
