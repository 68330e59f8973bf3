"""Commands about cases: good, bad and absurd input; what is refused comes with its rule and a remedy."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.cli.asking import Said, answer
from tests.service.played import (
    AUTHORITY,
    CRITERION,
    LIST,
    PROPOSER,
    START,
    UPPER,
    act,
    forced,
    found,
    listed,
    notified,
    opened,
    registered,
    violation,
)

from probity.dossier import GENERATED
from probity.scoring import Days
from probity.service.wiring import today


@pytest.fixture
def who(database: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DATABASE_URL", database)
    for user in ("wiring", "findings"):
        monkeypatch.setattr(f"probity.service.{user}.days", lambda: Days(START, {"cn-uscc": START}))
    name = registered()
    violation(name)
    return name


def hand_in(monkeypatch: pytest.MonkeyPatch, text: str | bytes) -> None:
    raw = text if isinstance(text, bytes) else text.encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))


def test_a_case_act_by_act(who: str, said: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "find.yaml"
    path.write_text(
        f"act: find\nlist: {LIST}\nsubject: {who}\nauthority: {AUTHORITY}\ncriterion: {CRITERION}\nfacts: seen\n",
        encoding="utf-8",
    )
    number = act(START, "find", list=LIST, subject=who, authority=AUTHORITY, criterion=CRITERION, facts="x").case
    code, _, err = said("case", "act", str(path))
    assert code == 4
    assert number in err
    document: dict[str, Any] = {"act": "propose", "case": number, "by": PROPOSER, "facts": "f", "reasons": "r"}
    hand_in(monkeypatch, json.dumps(document))
    receipt = answer(said, "case", "act", "-")
    assert (receipt["case"], receipt["phase"], receipt["documents"]) == (number, "proposed", [f"{number}-1"])
    assert receipt["due"][0]["what"] == "consent"
    path.write_text(
        f"act: consent\ncase: {number}\nby: {{agency: hz-tax, officer: '1'}}\nreasons: agreed\n", "utf-8"
    )
    code, out, _ = said("case", "act", str(path))
    assert code == 0
    assert "notice" in out


@pytest.mark.usefixtures("who")
@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "no mapping"),
        ("just words", "no mapping"),
        ("[1, 2]", "no mapping"),
        ("1: 2", "no mapping"),
        ("act: [", "neither YAML nor JSON"),
        ("act: !!python/object/apply:os.system [ls]", "neither YAML nor JSON"),
        ("&a [*a, *a]", "no mapping"),
        (b"act: \xff\xfe", "not UTF-8"),
        ("act: enter-everybody", "is no act"),
        ("act: notify", "notify"),
        ("act: notify\ncase: no/such/1\nby: {agency: a}", "names no officer"),
        ("act: notify\ncase: no/such/1\nby: {agency: a, officer: 7}", "names no officer"),
        ("act: notify\nby: {agency: a, officer: '7'}", "does not say case"),
        ("act: find\nlist: x\nsubject: register\nauthority: y\ncriterion: z\nfacts: f", "does not say subject"),
        ("act: notify\ncase: x\nby: {agency: a, officer: '7'}\nbackdate: 2020-01-01", "no field 'backdate'"),
        ("act: enter\ncase: x\nby: {agency: a, officer: '7'}\nfacts: f\nreasons: r\nterm: for ever", "term"),
        ("x" * 1_000_001, "far too long"),
    ],
)
def test_bad_and_absurd_commands(
    said: Said, monkeypatch: pytest.MonkeyPatch, text: str | bytes, complaint: str
) -> None:
    hand_in(monkeypatch, text)
    code, out, err = said("case", "act", "-")
    assert (code, out) == (2, ""), err
    assert complaint in err
    assert "\n    " in err, "it does not say what to do"


@pytest.mark.usefixtures("who")
def test_what_is_not_there(said: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert said("case", "act", str(tmp_path / "none.yaml"))[0] == 2
    assert said("case", "act", str(tmp_path))[0] == 2
    hand_in(monkeypatch, "act: notify\ncase: no/such/case/1\nby: {agency: a, officer: '7'}")
    assert said("case", "act", "-")[0] == 3
    for arguments in (
        ("show", "no/such/case/1"),
        ("show", "'; DROP TABLE procedures_case; --"),
        ("show", ""),
        ("document", "no/such/case/1", "1"),
        ("list", "--list", "no-such-list"),
        ("findings", "no-such-list"),
    ):
        code, _, err = said("case", *arguments)
        assert code == 3, (arguments, err)
    assert said("case", "findings", "cn-court-defaulters")[0] in (0, 2)
    assert said("case", "list", "--limit", "0")[0] == 2
    assert said("case", "list", "--subject", "92330106MA2B0K8Y3P")[0] == 4


def test_show_says_where_a_case_stands_and_what_can_be_done(who: str, said: Said) -> None:
    number = found(who)
    act(START, "propose", number, by=PROPOSER, facts="f", reasons="r")
    page = answer(said, "case", "show", number)
    assert (page["phase"], page["generated"], page["tick_on"]) == ("proposed", True, "2024-03-16")
    assert [each["what"] for each in page["timeline"]] == ["found", "proposed"]
    assert [each["what"] for each in page["due"]] == ["consent"]
    assert all(each["rule"] for each in page["timeline"])
    possible = {each["act"]: each["by"] for each in page["next"]}
    assert possible["consent"] == possible["refuse"] == "hz-tax"
    assert "notify" not in possible
    assert "enter" not in possible
    act(START, "consent", number, by=UPPER, reasons="r")
    assert "notify" in {each["act"] for each in answer(said, "case", "show", number)["next"]}
    code, out, _ = said("case", "show", number)
    assert code == 0
    assert GENERATED in out
    assert "0417" not in out


def test_show_of_an_open_case_names_everybody_who_can_act(who: str, said: Said) -> None:
    page = answer(said, "case", "show", opened(who))
    possible = {each["act"]: each["by"] for each in page["next"]}
    assert possible["reply"] == "the organisation"
    assert "other than the one who proposed" in possible["enter"]
    assert {"hear", "admit-late", "resume"}.isdisjoint(possible)
    assert page["window_ends"] == "2024-03-20"


def test_cases_are_listed(who: str, said: Said) -> None:
    number, other = listed(who), registered(1)
    violation(other)
    second = found(other)
    assert [each["number"] for each in answer(said, "case", "list")] == [second, number]
    assert [each["number"] for each in answer(said, "case", "list", "--subject", who)] == [number]
    assert [each["number"] for each in answer(said, "case", "list", "--limit", "1")] == [second]
    assert [each["number"] for each in answer(said, "case", "list", "--due")] == [number]
    assert answer(said, "case", "list", "--list", "cn-court-defaulters") == []
    code, out, _ = said("case", "list")
    assert code == 0
    assert GENERATED in out


def test_documents_are_read_in_both_languages(who: str, said: Said) -> None:
    number = notified(who)
    texts = {lang: said("case", "document", number, "3", "--lang", lang) for lang in ("en", "zh")}
    assert [code for code, _, _ in texts.values()] == [0, 0]
    assert texts["en"][1] != texts["zh"][1]
    assert said("case", "document", number, f"{number}-3")[1] == texts["en"][1]
    code, _, err = said("case", "document", number, "99")
    assert code == 3
    assert f"{number}-1" in err
    assert said("case", "document", number, "3", "--lang", "fr")[0] == 2


def test_findings_are_drafts_and_kept_on_demand(who: str, said: Said) -> None:
    (drafted,) = answer(said, "case", "findings", LIST)
    assert (drafted["subject"], drafted["state"], drafted["case"]) == (who, "met", None)
    assert answer(said, "case", "list") == []
    code, out, _ = said("case", "findings", LIST)
    assert code == 0
    assert "no more than that" in out


def test_findings_kept_as_cases_are_found_only_once(
    database: str, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database)
    who = registered(generated=False)
    violation(who, today(), generated=False)
    (kept,) = answer(said, "case", "findings", LIST, "--file", "--authority", AUTHORITY)
    assert kept["case"] == f"{AUTHORITY}/{LIST}/{today().year}/1"
    page = answer(said, "case", "show", kept["case"])
    assert (page["phase"], page["timeline"][0]["by"]) == ("found", None)
    assert answer(said, "case", "findings", LIST, "--file") == []


def test_dispatch_says_whose_documents_wait(who: str, said: Said, tmp_path: Path) -> None:
    number = notified(who)
    forced(who, number)
    code, out, err = said("dispatch", "--out", str(tmp_path), "--json")
    assert (code, json.loads(out)["unsound"]) == (5, [number])
    assert "whose documents wait: 1" in " ".join(err.split())
    assert number in err


def test_dispatch_writes_the_outbox(who: str, said: Said, tmp_path: Path) -> None:
    number = notified(who)
    act(START, "report-undelivered", number, by=PROPOSER, contact="organisation", means="post", why="moved")
    assert answer(said, "dispatch", "--out", str(tmp_path))["files"] == 1
    assert answer(said, "dispatch", "--out", str(tmp_path))["files"] == 0
    blocked = tmp_path / "file"
    blocked.write_text("x")
    other = registered(1)
    violation(other)
    notified(other)
    code, _, err = said("dispatch", "--out", str(blocked))
    assert code == 6
    assert "cannot be written" in err
