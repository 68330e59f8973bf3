"""The page that teaches how to write a list: its files are a sound rulebook whose cases come out and leave nothing
untried, the checker says what the page says that it says, and a case can be conducted by it to its end."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest
import yaml

from probity.cli.main import run
from probity.errors import ProcedureError
from probity.ledger import Draft
from probity.procedures import list_differences, store, untried
from probity.rulebook import Severity, check, load
from probity.service import acts, cases
from probity.service.findings import findings

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGE = (DOCS / "write-a-list.md").read_text("utf-8")
FENCE = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"`([\w./-]+\.yaml)`")
REFUSED = re.compile(r"^\| `([^`]+)` \| (?:`([^`]*)`)? ?\| ([^|]+) \| [^|]+ \|$", re.MULTILINE)
ROWS = REFUSED.findall(PAGE)


def files(page: str) -> dict[str, str]:
    """The YAML files of a page: each block belongs to the last file that was named before it."""
    found, before = {}, 0
    for block in FENCE.finditer(page):
        found[FILE.findall(page[before : block.start()])[-1]] = block[1]
        before = block.end()
    return found


WRITTEN = files(PAGE)


@pytest.fixture
def law(tmp_path: Path) -> Path:
    """The folder as the two pages lead to it."""
    copytree(ROOT / "rulebooks" / "core", tmp_path / "law" / "core")
    for name, text in {**files((DOCS / "write-a-scheme.md").read_text("utf-8")), **WRITTEN}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path / "law"


def test_the_files_are_sound_and_their_cases_leave_nothing_untried(law: Path) -> None:
    assert check(law) == []
    rules = load(law)
    (cases,) = (file.cases for _, file in rules.list_cases)
    wrong = {
        case.case: found
        for case in cases
        if (found := list_differences(case, rules.list("lift-danger", case.as_of), rules))
    }
    assert wrong == {}
    assert untried(rules) == []
    assert f"{len(cases)} cases: all come out." in PAGE
    assert rules.left_out
    assert rules.measures
    assert rules.memoranda


def test_the_commands_say_what_the_page_shows(law: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["check", str(law)], ["cases", str(law), "--list", "lift-danger"]):
        assert run(["rulebook", *command]) == 0
        assert capsys.readouterr().out.strip() in PAGE


def test_every_row_of_what_is_refused_is_tried() -> None:
    section = PAGE.partition("\n## 5.")[2].partition("\n## 6.")[0]
    assert len(ROWS) == section.count("\n| `") > 15


@pytest.mark.parametrize(("old", "new", "says"), ROWS, ids=[f"{n}-{row[1][:30]}" for n, row in enumerate(ROWS)])
def test_the_checker_refuses_it_with_these_words(law: Path, old: str, new: str, says: str) -> None:
    (name,) = (name for name, text in WRITTEN.items() if old in text)
    path = law.parent / name
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
    assert any(says in each.reason for each in check(law) if each.severity is Severity.ERROR), check(law)


@pytest.mark.usefixtures("database")
def test_the_list_conducts_a_case_to_its_entry(law: Path) -> None:
    rules, who = load(law), "lift-operator:L101"

    def stated(item: str, issuer: str, **attributes: object) -> None:
        draft = Draft(who, item, issuer, item, date(2025, 1, 7), attributes=attributes)
        acts.state([draft], rules, source="test", generated=True)

    def act(on: date, name: str, **said: object) -> cases.Receipt:
        return cases.act({"act": name, **said}, rules, source="test", on=on)

    stated("register.organisation", "lift-inspectorate", name="Hilltop Towers Ltd", kind="enterprise")
    stated("lift.fine-unpaid", "lift-inspectorate", amount=6_000_000)
    (found,) = findings("lift-danger", rules, on=date(2025, 6, 2))
    assert (found.subject, found.criterion, found.state) == (who, "fines-unpaid", "met")
    number = cases.act(found.document(), rules, source="test", on=date(2025, 6, 2)).case
    proposer, other = ({"agency": "lift-inspectorate", "officer": officer} for officer in ("17", "2"))
    ministry = {"agency": "transport-ministry", "officer": "3"}
    start, decision = date(2025, 6, 2), date(2025, 6, 17)
    said = {"case": number, "facts": "60,000 crowns are owed", "reasons": "due since October"}
    with pytest.raises(ProcedureError, match="able"):
        act(start, "propose", by=proposer, **said)
    document = {**yaml.safe_load(WRITTEN["proposal.yaml"]), "case": number}
    cases.act(document, rules, source="test", on=start)
    act(start, "consent", case=number, by=ministry, reasons="agreed")
    act(start, "notify", case=number, by=proposer)
    act(start, "prove-delivery", case=number, by=proposer, contact="organisation", means="post",
        received=start.isoformat(), proof="advice of receipt 7")  # fmt: skip
    with pytest.raises(ProcedureError, match="charter 4"):
        act(date(2025, 6, 16), "enter", by=other, term="2y", **said)
    assert act(decision, "enter", by=other, term="2y", **said).phase == "listed"
    (entry,) = store.entries_of([who], decision)
    assert (entry.band, entry.ends) == ("serious", date(2027, 6, 16))
