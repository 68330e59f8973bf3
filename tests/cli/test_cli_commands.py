"""Every command on a real database, as text and as JSON, with the exit codes that the door promises."""

from __future__ import annotations

import csv
import json
import os
import pty
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.asking import Said, answer
from tests.flow.world import DINER, LIVES, World
from typer.main import get_command

from probity import ledger
from probity.cli.main import EXAMPLES, app
from probity.dossier import GENERATED

PROBITY = Path(sys.executable).parent / "probity"
pytestmark = pytest.mark.usefixtures("world")


def test_search(said: Said) -> None:
    code, out, _ = said("search", "omni")
    assert code == 0
    assert "us-sf-business:24  OMNI S.F. HOTEL" in out
    found = answer(said, "search", "拟州市", "--limit", "3")
    assert len(found) == 3
    assert all(each["generated"] for each in found)
    assert answer(said, "search", found[0]["name"])[0] == found[0]
    code, out, _ = said("search", "拟州市", "--limit", "3")
    assert GENERATED in out
    assert "more than these 3" in out
    assert "us-sf-business:24" in said("search", "omni hotel corp.")[1]
    code, _, err = said("search", "no such name")
    assert code == 3
    assert "Try a part of the name" in err


def test_file(said: Said) -> None:
    code, out, _ = said("file", "58", "--as-of", "2018-02-16")
    assert code == 0
    assert "OASIS GRILL" in out
    assert "2017-09-18" in out
    found = answer(said, "file", DINER, "--as-of", "2018-02-16")
    assert found["as_of"]["true_on"] == "2018-02-16"
    assert answer(said, "file", DINER)["subject"] == DINER
    assert said("file", DINER, "--as-of", "2014-01-01")[0] == 3
    assert said("file", DINER, "--known-at", "2999-01-01")[0] == 2


def test_explain(said: Said, world: World) -> None:
    code, out, _ = said("explain", DINER, "--as-of", "2018-02-16")
    assert code == 0
    for text in ("70  Poor", "High risk violations", "San Francisco Health Code", "2017-09-18"):
        assert text in out
    (grade,) = answer(said, "explain", DINER, "--as-of", "2018-02-16")["grades"]
    assert grade["total"] == 70_000
    enterprise = ledger.statement(world.penalty().id).subject
    question = ("explain", enterprise, "--as-of", "2023-06-30", "--language")
    english, chinese = (said(*question, language)[1] for language in ("en", "zh"))
    assert GENERATED in english
    assert "Administrative penalties" in english
    assert "行政处罚信息" in chinese
    assert "Administrative penalties" not in chinese
    code, _, err = said("explain", enterprise, "--card", "cn-zhejiang-2020/enterprise")
    assert code == 3
    assert "in force 2020-08-04 to 2023-12-04" in err


def test_score_and_fsck(said: Said, tmp_path: Path) -> None:
    out = tmp_path / "grades.csv"
    code, text, _ = said("score", "--card", LIVES, "--as-of", "2018-02-16", "--out", str(out))
    assert code == 0
    assert "results hash" in text
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert {"organisation": DINER, "total": "70", "grade": "Poor", "notice": ""} in rows
    run_ = answer(said, "score", "--card", LIVES, "--as-of", "2018-02-16")
    assert sum(run_["grades"].values()) == run_["organisations"] == len(rows) == 60
    report = answer(said, "fsck")
    assert (report["runs"], report["faults"]) == (2, [])
    assert "faults         0" in said("fsck")[1]


def test_what_cannot_be_written_is_said_before_anything_is_done(said: Said, tmp_path: Path) -> None:
    before = ledger.head()
    for out in (tmp_path, tmp_path / "none" / "x.csv"):
        code, _, err = said("score", "--card", LIVES, "--as-of", "2018-02-16", "--out", str(out))
        assert code == 2
        assert str(out) in err
    assert said("score", "--card", LIVES, "--as-of", "2999-01-01")[0] == 2
    assert ledger.head() == before


def test_identify(said: Said) -> None:
    assert "Market regulation" in said("identify", "91330100799655058B")[1]
    assert answer(said, "identify", "91-1144442", "--scheme", "us-ein")["code"] == "911144442"
    code, _, err = said("identify", "91330100799655058C")
    assert code == 2
    assert "position 18" in err


def test_correct_and_withdraw(said: Said, world: World) -> None:
    wrong = next(each for each in world.file(DINER).records if each.attributes.get("severity") == "high").id
    code, out, _ = said("correct", wrong, "--reason", "seen again", "--set", "severity=low")
    assert code == 0
    assert "statement" in out
    for arguments, code, text in (
        (("correct", wrong, "--reason", "x"), 2, "would correct nothing"),
        (("correct", wrong, "--reason", "x", "--set", "colour=red"), 2, "no attribute colour"),
        (("correct", wrong, "--reason", "x", "--set", "severity=red"), 2, "red"),
        (("correct", wrong, "--reason", "x", "--set", "severity"), 2, "attribute=value"),
        (("correct", wrong, "--reason", "x", "--valid-from", "2023-02-30"), 2, "no day"),
        (("correct", "zz", "--reason", "x", "--set", "a=b"), 2, "64 hexadecimal digits"),
        (("withdraw", "ab" * 32, "--reason", "x"), 3, "no statement"),
        (("withdraw", wrong, "--reason", " "), 5, "reason"),
    ):
        found, _, err = said(*arguments)
        assert (found, text in err) == (code, True), (arguments, err)
    receipt = answer(said, "withdraw", wrong, "--reason", "seen next door")
    assert len(receipt["statements"]) == 1
    assert said("withdraw", wrong, "--reason", "once more")[0] == 5


def test_intake_and_quarantine(said: Said, tmp_path: Path) -> None:
    file = tmp_path / "inspections.csv"
    file.write_text("business_id,score,date,type\n58,90,20180102,routine\n58,90,20180230,routine\n")
    code, out, _ = said("intake", str(file), "--mapping", "us-sf-food/inspections")
    assert code == 1
    assert "accepted" in out
    code, out, _ = said("quarantine", "list", "--json")
    assert code == 0
    assert any("20180230" in json.dumps(row) for row in json.loads(out))


def test_every_example_of_the_help_is_a_command_with_its_options() -> None:
    command = get_command(app)
    context = command.make_context("probity", ["search", "x"])
    for name, examples in EXAMPLES.items():
        for example in examples:
            program, chosen, *arguments = shlex.split(example)
            assert (program, chosen) == ("probity", name)
            inner = command.get_command(context, chosen)  # type: ignore[attr-defined]
            inner.make_context(name, arguments)


def test_help(said: Said) -> None:
    code, out, err = said("--help")
    assert code == 0
    assert "PROBITY_HOME" in out + err
    for name in EXAMPLES:
        code, out, _ = said(name, "--help")
        assert code == 0
        assert "Examples:\n    probity" in out
    assert said()[0] == 2


def test_a_narrow_terminal_gets_names_and_values(world: World) -> None:
    """On a terminal of 40 columns no word of a table is broken."""
    mine, its = pty.openpty()
    environment = {**os.environ, "DATABASE_URL": world.url, "COLUMNS": "40", "TERM": "xterm", "NO_COLOR": "1"}
    subprocess.run([PROBITY, "file", DINER], stdout=its, env=environment, check=True)
    os.close(its)
    shown = b""
    try:
        while some := os.read(mine, 65536):
            shown += some
    except OSError:
        pass  # the end, on Linux
    os.close(mine)
    assert b"food.inspection" in shown
    assert b"shown until" in shown


def test_pipes(world: World) -> None:
    """A reader who leaves ends the command quietly; a full disk is an error, not half an answer."""
    environment = {**os.environ, "DATABASE_URL": world.url}
    shell = f"{PROBITY} search a --limit 1000 %s"
    for end, code in ((">/dev/full", 6), (">&-", 0), ("| (exec <&-; exit 3); exit ${PIPESTATUS[0]}", 141)):
        done = subprocess.run(["bash", "-c", shell % end], env=environment, capture_output=True, text=True)
        assert done.returncode == code, (end, done.stderr)
        assert "Traceback" not in done.stderr
        assert "Exception" not in done.stderr
