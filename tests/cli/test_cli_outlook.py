"""What would change a grade, and how it went, on the command line."""

from __future__ import annotations

import pytest
from tests.cli.asking import Said, answer
from tests.flow.world import DINER, LIVES, World

from probity import dossier
from probity.dossier import GENERATED

DAY = "2018-02-16"
pytestmark = pytest.mark.usefixtures("world")


def test_outlook(said: Said) -> None:
    code, out, _ = said("outlook", DINER, "--as-of", DAY, "--language", "en")
    assert code == 0
    for text in ("70  Poor", "Points missing to Needs Improvement: 1.", "Repair of this record gives 7 points"):
        assert text in out
    assert "To the edge of every other grade: Good +21, Adequate +16, Needs Improvement +1" in out
    assert "如无" not in out
    assert "如无" in said("outlook", DINER, "--as-of", DAY)[1]
    found = answer(said, "outlook", DINER, "--as-of", DAY, "--card", LIVES)
    (outlook,) = found["outlooks"]
    assert found["subject"] == DINER
    assert (outlook["card"], outlook["grade"], outlook["total"]) == (LIVES, "Poor", 70_000)
    assert [each["grade"] for each in outlook["repair"]] == ["Needs Improvement"] * 3
    assert outlook["falls"]["day"] == "2020-09-18"


def test_an_outlook_that_cannot_be_had(said: Said) -> None:
    code, _, err = said("outlook", DINER, "--as-of", DAY, "--card", "cn-zhejiang-2020/enterprise")
    assert code == 3
    assert "not in force on 2018-02-16" in err
    code, _, err = said("outlook", DINER, "--as-of", "2022-01-01", "--card", "cn-zhejiang-2020/enterprise")
    assert code == 2
    assert "does not grade organisations like" in err
    assert said("outlook", DINER, "--card", "nowhere/none")[0] == 3


def test_history(said: Said, world: World) -> None:
    code, out, _ = said("history", DINER, "--card", LIVES, "--to", DAY)
    assert code == 0
    assert "Poor  70" in out
    assert "not-registered" in out
    found = answer(said, "history", DINER, "--card", LIVES, "--from", "2017-01-01", "--to", DAY)
    assert (found["card"], found["first"], found["last"], found["complete"]) == (LIVES, "2017-01-01", DAY, True)
    last = found["points"][-1]
    assert last["now"] == {"total": 70_000, "grade": "Poor", "why": None}
    assert last["then"]["why"] == "not-registered"
    assert [each["kind"] for each in last["later"]] == ["registration"]


def test_a_history_that_cannot_be_had(said: Said) -> None:
    code, _, err = said("history", DINER, "--card", LIVES, "--from", "2020-01-01", "--to", DAY)
    assert code == 2
    assert "Name an earlier first day" in err
    code, _, err = said("history", DINER, "--card", LIVES, "--from", "1900-01-01")
    assert code == 2
    assert "more than 50 years" in err
    assert said("history", DINER, "--card", "nowhere/none")[0] == 3
    assert said("history", "us-sf-business:98765", "--card", LIVES)[0] == 3


def test_the_language_of_a_history(said: Said) -> None:
    asked = ("history", DINER, "--card", LIVES, "--to", DAY)
    assert "Registration as of" in said(*asked)[1]
    both = said(*asked, "--language", "both")[1]
    assert "Registration as of" in both
    assert "登记信息" in both
    assert "Registration as of" not in said(*asked, "--language", "zh")[1]


def test_generated_data_says_so_in_history_and_grades(said: Said, world: World) -> None:
    subject = next(each.subject for each in dossier.examples(world.law, 4) if each.generated)
    asked = ("history", subject, "--card", "cn-zhejiang-2020/enterprise", "--to", "2023-06-30")
    assert said(*asked)[1].startswith(GENERATED)
    assert answer(said, *asked)["notice"] == GENERATED
    assert "notice" not in answer(said, "history", DINER, "--card", LIVES, "--to", DAY)
    assert said("nightly")[0] == 0
    assert said("grades", subject)[1].startswith(GENERATED)
    assert answer(said, "grades", subject)["notice"] == GENERATED
    assert "notice" not in answer(said, "grades", DINER)
