"""The nightly run: killed in the middle it goes on from there; commands say what it did."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from tests.scoring.deliveries import deliver_everything

from probity import dossier, ledger
from probity.canon import digest
from probity.cli.main import run
from probity.errors import NotFoundError, QuestionError
from probity.identity import compose
from probity.ledger import Draft
from probity.rulebook import load
from probity.scoring import store as scoring
from probity.scoring.store import Kept, keeping
from probity.scoring.store.current import Asked
from probity.service import acts
from probity.service.fsck import fsck
from probity.service.nightly import after_intake, current_grades, nightly
from probity.service.wiring import days, rulebooks, today

LAW = load(rulebooks())
ORGANISATIONS = 40
SUBJECTS = [f"cn-uscc:{compose('9', '1', '339906', f'{n:08d}')}" for n in range(ORGANISATIONS)]

ROW = {
    "统一社会信用代码": compose("9", "1", "339906", "77777777"),
    "名称": "测湖县新有限公司",
    "类型": "有限责任公司",
    "住所": "测湖县样板路1号",
    "行政区划": "测湖县",
    "行业门类": "C",
    "企业规模": "小型",
    "控股情况": "私人控股",
    "成立日期": "2020-01-02",
    "登记状态": "存续",
    "注册资本(万元)": "10",
    "业务范围": "塑料",
}
"""An enterprise as its register delivers it."""

KILLED = """
import sys
import django

django.setup()
from probity.rulebook import load
from probity.scoring.store import keeping
from probity.service.nightly import nightly
from probity.service.wiring import rulebooks

keeping.AT_ONCE = 10


def told(done, total):
    print(done, total, flush=True)
    sys.stdin.readline()


nightly(load(rulebooks()), told=told)
"""


def registrations() -> list[Draft]:
    return [
        Draft(
            subject=subject,
            item="register.organisation",
            issuer="registry",
            reference=subject,
            valid_from=date(2020, 1, 1),
            attributes={"name": f"Company {n}"},
        )
        for n, subject in enumerate(SUBJECTS)
    ]


@pytest.fixture
def many(database: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A register as a file leaves it: nobody is graded yet."""
    monkeypatch.setenv("DATABASE_URL", database)
    with ledger.receive(
        digest(b"many"),
        item="register.organisation",
        issuer="registry",
        source="file",
        rulebook=LAW.hash,
        generated=False,
    ) as writer:
        writer.append(registrations())
        dossier.follow(writer.first, LAW, generated=False)
        writer.finish({"rows": ORGANISATIONS})
    return database


def graded() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM scoring_kept")
        return int(cursor.fetchone()[0])


def test_killed_in_the_middle_it_goes_on_from_there(many: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED],
        env={**os.environ, "DATABASE_URL": many},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline().split() == ["10", str(ORGANISATIONS)]
    process.stdin.write("\n")
    process.stdin.flush()
    assert process.stdout.readline().split() == ["20", str(ORGANISATIONS)]
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()
    assert graded() == 20
    assert fsck(LAW).faults == ()  # those not graded are seen to be due
    with pytest.raises(NotFoundError, match="up to date"):
        current_grades(SUBJECTS[-1], LAW)
    assert nightly(LAW).organisations == ORGANISATIONS - 20
    assert nightly(LAW).organisations == 0
    assert graded() == ORGANISATIONS
    assert [current_grades(subject, LAW).organisation for subject in SUBJECTS] == list(range(ORGANISATIONS))
    assert fsck(LAW).faults == ()


@pytest.mark.usefixtures("many")
def test_only_those_whose_day_has_come_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    deliver_everything(LAW)
    nightly(LAW, day=today() - timedelta(days=1))
    penalty = {"severity": "minor", "decision_number": "1", "conduct": "c", "ground": "g"}
    draft = Draft(SUBJECTS[0], "penalty.administrative", "cn-samr", "1", today(), attributes=penalty)
    acts.state([draft], LAW, source="test")
    looked_at: list[str] = []
    real = keeping.grade_anew

    def noted(some: list[tuple[int, str]], asked: Asked) -> list[Kept]:
        looked_at.extend(subject for _, subject in some)
        return real(some, asked)

    monkeypatch.setattr("probity.scoring.store.keeping.grade_anew", noted)
    turn = current_grades(SUBJECTS[0], LAW).changes_on
    assert turn is not None
    for ahead in ((turn - today()).days - 1, (turn - today()).days):
        scoring.catch_up(LAW, replace(days(), today=today() + timedelta(days=ahead)))
    assert looked_at == [SUBJECTS[0]]


@pytest.mark.usefixtures("many")
def test_after_intake_nothing_is_done_before_the_first_night() -> None:
    assert after_intake(LAW).organisations == 0
    assert nightly(LAW).reasons == {"basis": ORGANISATIONS}


def test_a_day_that_has_not_come_is_refused(database: str) -> None:
    with pytest.raises(QuestionError, match="has not come"):
        nightly(LAW, day=today() + timedelta(days=1))


@pytest.mark.usefixtures("many")
def test_the_commands_say_what_was_done_and_what_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    code = SUBJECTS[0].partition(":")[2]
    assert run(["grades", code]) != 0
    assert "probity nightly" in capsys.readouterr().err
    assert run(["nightly", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["organisations"], said["reasons"]) == (ORGANISATIONS, {"basis": ORGANISATIONS})
    assert run(["nightly"]) == 0
    assert "graded anew" in capsys.readouterr().out
    assert run(["grades", code, "--json"]) == 0
    kept = json.loads(capsys.readouterr().out)
    assert kept["subject"] == SUBJECTS[0]
    assert kept["grades"]
    assert run(["grades", code]) == 0
    assert "can change by time on" in capsys.readouterr().out


@pytest.mark.usefixtures("many")
def test_a_file_that_is_taken_in_grades_those_it_speaks_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nightly(LAW)
    path = tmp_path / "organisations.csv"
    path.write_text(f"{','.join(ROW)}\n{','.join(ROW.values())}\n", encoding="utf-8")
    assert run(["intake", str(path), "--mapping", "cn-zhejiang-2020/organisations"]) == 0, capsys.readouterr()
    assert graded() == ORGANISATIONS + 1
    assert fsck(LAW).faults == ()
