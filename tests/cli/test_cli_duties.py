"""Commands about duties: what an entry asks of agencies, their answers, the alarm, and who looked."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.cli.asking import Said, answer
from tests.service.played import LAW, act, registered

from probity.ledger import Draft
from probity.procedures import Officer
from probity.scoring import Days
from probity.service import acts
from probity.service.check import check

DAY = date(2024, 4, 8)


@pytest.fixture
def who(database: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setattr("probity.service.wiring._kept", lambda: {"cn-uscc": DAY})
    for user in ("wiring", "duties", "check"):
        monkeypatch.setattr(f"probity.service.{user}.days", lambda: Days(DAY, {"cn-uscc": DAY}))
    return listed_for_wages()


def listed_for_wages() -> str:
    """An organisation on the list of wage arrears, in the band from which every measure may follow."""
    name = registered()
    owed = {"decision_number": "11", "amount": 126_000_000, "workers": 46, "largest": 4_100_000, "months": 4}
    order = Draft(name, "wages.order-unpaid", "tonglu-hrss", "11", date(2024, 2, 20), attributes=owed)
    acts.state([order], LAW, source="test", generated=True)
    proposer, decider = ({"agency": "tonglu-hrss", "officer": mark} for mark in ("0417", "0233"))
    begins = date(2024, 3, 1)
    number = act(begins, "find", list="cn-wage-arrears", subject=name, authority="tonglu-hrss",
                 criterion="ten-workers", facts="an order was not obeyed").case  # fmt: skip
    act(begins, "propose", number, by=proposer, facts="f", reasons="r", able=True, documents=["receipt"])
    act(begins, "consent", number, by={"agency": "hz-hrss", "officer": "1"}, reasons="agreed")
    act(begins, "notify", number, by=proposer)
    act(begins, "prove-delivery", number, by=proposer, contact="organisation", means="portal",
        received=begins.isoformat(), proof="receipt 1")  # fmt: skip
    act(date(2024, 3, 18), "enter", number, by=decider, facts="f", reasons="r", term="1y")
    return name


def owed(who: str, said: Said) -> dict[str, str]:
    """The first duty that is to be confirmed, as the command shows it."""
    rows: list[dict[str, str]] = answer(said, "duty", "show", who)
    return next(row for row in rows if row["binding"] == "to be confirmed")


def written(path: Path, who: str, said: Said, **fields: str) -> str:
    duty = owed(who, said)
    lines = {
        "act": "confirm",
        "entry": duty["entry"],
        "memorandum": duty["memorandum"],
        "measure": duty["measure"],
        "by": f"{{agency: {duty['agency']}, officer: '31'}}",
        "subject": f"'{who}'",
        "decision": LAW.measure(duty["measure"]).decisions[0],
        "matter": "Tender 118",
        "look": "The decision was read and the organisation asked.",
        "reasons": "The condition is not met.",
        **fields,
    }
    path.write_text("".join(f"{name}: {value}\n" for name, value in lines.items()), encoding="utf-8")
    return str(path)


def test_a_duty_is_shown_answered_and_shown_again(who: str, said: Said, tmp_path: Path) -> None:
    mine = owed(who, said)
    assert mine["stands"] == "not answered"
    told = answer(said, "duty", "answer", written(tmp_path / "confirm.yaml", who, said))
    assert (told["agency"], told["stands"]) == (mine["agency"], "confirmed")
    code, out, err = said("duty", "show", who)
    assert (code, err) == (0, "")
    assert "confirmed" in out


def test_what_binds_somebody_else_is_refused_with_its_rule(who: str, said: Said, tmp_path: Path) -> None:
    path = written(tmp_path / "other.yaml", who, said, subject=f"'{registered(7)}'")
    code, _, err = said("duty", "answer", path)
    assert code == 4
    assert "charter 5" in err


@pytest.mark.parametrize(
    ("content", "word"), [("act: dance\n", "dance"), ("[]\n", "mapping"), ("act: lift\n", "entry")]
)
def test_absurd_answers_are_named(who: str, said: Said, tmp_path: Path, content: str, word: str) -> None:
    path = tmp_path / "absurd.yaml"
    path.write_text(content, encoding="utf-8")
    code, _, err = said("duty", "answer", str(path))
    assert code == 2
    assert word in err


def test_whoever_does_not_lift_is_late(
    who: str, said: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said("duty", "late")[:2] == (0, "nobody is late\n")
    said("duty", "answer", written(tmp_path / "confirm.yaml", who, said))
    later = date(2026, 1, 5)
    monkeypatch.setattr("probity.service.duties.days", lambda: Days(later, {"cn-uscc": later}))
    (row,) = answer(said, "duty", "late")
    assert row["organisation"] == who
    assert row["due"] < "2026"


def test_an_organisation_reads_who_looked(who: str, said: Said) -> None:
    assert said("duty", "lookups", who)[:2] == (0, "nobody has looked\n")
    check([who], "procurement", "deciding", "政府采购法 art. 22", Officer("cn-mof", "31"), LAW)
    (row,) = answer(said, "duty", "lookups", who)
    assert (row["agency"], row["basis"]) == ("cn-mof", "政府采购法 art. 22")
    assert "31" not in row.values()


def test_every_list_in_force_can_be_found(said: Said) -> None:
    rows = {row["list"]: row for row in answer(said, "lists", "all")}
    assert "ten-workers" in rows["cn-wage-arrears"]["grounds"]
    assert rows["cn-securities"]["grounds"] == []
    code, out, err = said("lists", "all")
    assert (code, err) == (0, "")
    assert "cn-wage-arrears" in out
