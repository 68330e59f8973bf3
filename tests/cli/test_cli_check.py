"""``probity check``: readable and for machines, with the exit codes of every other command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.asking import Said, answer
from tests.flow.world import World
from tests.measures.rows import BEGINS, list_entry, register

from probity.identity import compose
from probity.service.check import lookups

LISTED = "cn-uscc:91330100799655058B"
OTHER = "cn-uscc:91440101327598294H"
TRADER = "92330106MA2B0K8Y3T"
WHAT = ("--decision", "procurement", "--purpose", "deciding")
ASKED = (*WHAT, "--basis", "政府采购法 art. 22", "--as", "cn-ndrc/0417")

Check = Callable[..., tuple[int, str, str]]


@pytest.fixture
def check(world: World, said: Said, monkeypatch: pytest.MonkeyPatch) -> Check:
    monkeypatch.setattr("probity.service.wiring._kept", dict)
    register(LISTED, "阿里巴巴(中国)有限公司")
    register(OTHER, "Tencent")
    list_entry(LISTED, contested_since=BEGINS)
    return lambda *codes: said("check", *codes, *ASKED)


def test_what_matters_is_readable(check: Check) -> None:
    code, out, err = check(LISTED.partition(":")[2])
    assert (code, err) == (0, "")
    assert "阿里巴巴" in out
    assert "Exclusion from tenders" in out
    assert "TO CONFIRM OR DECLINE after your own look" in out
    assert "招标投标法 arts. 53, 54, 60" in out
    assert f"contested since {BEGINS}" in out
    assert "Not known, because nothing was ever delivered here" in out
    assert "Logged as look-up 1 of cn-ndrc (deciding; 政府采购法 art. 22)" in out
    assert "0417" not in out


def test_nothing_is_not_called_clean(check: Check) -> None:
    code, out, _ = check(OTHER)
    assert code == 0
    assert "nothing found that matters for this decision" in out
    assert "Not known" in out
    assert "clean" not in out.lower()


@pytest.mark.usefixtures("check")
def test_for_machines(said: Said) -> None:
    found = answer(said, "check", LISTED, OTHER, *ASKED)
    assert [each["subject"] for each in found["answers"]] == [LISTED, OTHER]
    assert found["answers"][0]["entries"][0]["contested_since"] == BEGINS.isoformat()
    assert any(measure["must"] for measure in found["answers"][0]["entries"][0]["measures"])
    assert found["answers"][1]["entries"] == []
    assert found["not_delivered"]
    assert lookups(LISTED)[0].number == found["lookup"]


def test_a_file_of_codes_is_answered_with_what_is_refused_beside(check: Check, tmp_path: Path) -> None:
    unknown = compose("9", "1", "999999", "00000007")
    codes = tmp_path / "codes.txt"
    codes.write_text(f"# our bidders\n{LISTED}\n\n{OTHER}  # the second\n{unknown}\n{TRADER}\n", "utf-8-sig")
    code, out, err = check("--file", str(codes))
    assert code == 3  # of the first that was refused
    assert "1 of 2: nothing found" in out
    assert "3. " + unknown in err
    assert "individual trader" in err
    assert TRADER not in out + err


@pytest.mark.parametrize(
    ("codes", "exit_code", "complaint"),
    [
        ([TRADER], 4, "individual trader"),
        ([compose("9", "1", "999999", "00000007")], 3, "no organisation is registered"),
        (["91330100799655058X"], 2, "check character"),
        ([], 2, "no organisation is named"),
        ([LISTED] * 10_001, 2, "10,001 organisations"),
    ],
)
def test_failures_end_as_everywhere(check: Check, codes: list[str], exit_code: int, complaint: str) -> None:
    code, out, err = check(*codes)
    assert (code, out) == (exit_code, "")
    assert complaint in err


@pytest.mark.usefixtures("check")
@pytest.mark.parametrize(
    ("change", "exit_code", "complaint"),
    [
        (("--purpose", "curiosity"), 2, "deciding"),
        (("--decision", "marriage"), 2, "procurement"),
        (("--basis", " "), 2, "legal basis"),
        (("--as", "cn-nobody/1"), 3, "agency"),
        (("--as", "cn-ndrc"), 2, "officer"),
        (("--file", "/no/such/file"), 6, "/no/such/file"),
    ],
)
def test_faulty_questions_are_refused_before_anything_is_logged(
    said: Said, change: tuple[str, str], exit_code: int, complaint: str
) -> None:
    code, out, err = said("check", LISTED, *ASKED, *change)
    assert (code, out) == (exit_code, "")
    assert complaint in err
    assert lookups(LISTED) == ()


def test_a_file_that_is_no_text_or_too_large_is_refused(check: Check, tmp_path: Path) -> None:
    binary = tmp_path / "codes.bin"
    binary.write_bytes(b"\xff\xfe\x00")
    assert check("--file", str(binary))[0] == 2
    with binary.open("wb") as file:
        file.truncate(4_000_001)
    code, _, err = check("--file", str(binary))
    assert code == 2
    assert "larger than any question" in err
