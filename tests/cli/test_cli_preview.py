"""The command preview on a real database: what it counts is what each organisation's own grades say."""

from __future__ import annotations

import json
import os
import resource
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.cli.asking import Said
from tests.flow.world import DINER, ENTERPRISES, LIVES, World

from probity import dossier, ledger
from probity.cli.pages import write, write_pages
from probity.dossier import GENERATED
from probity.errors import StoreError
from probity.rulebook import OrganisationKind, load_with_draft
from probity.scoring.preview import Report
from probity.service.demo.province import LAST_DAY
from probity.service.grades import graded
from probity.service.preview import kept, preview
from probity.service.preview.cards import Chosen, Question
from probity.service.snapshot import snapshot
from probity.service.wiring import home, house, rulebooks

pytestmark = pytest.mark.usefixtures("world")

DRAFT = Path(__file__).parents[2] / "docs" / "drafts" / "enterprise-2024.yaml"


def against(*more: str, card: str = str(DRAFT), old: str = ENTERPRISES) -> tuple[str, ...]:
    return ("preview", "--card", card, "--against", old, "--as-of", str(LAST_DAY), *more)


def reported(said: Said, *arguments: str) -> Report:
    code, out, err = said(*arguments, "--json")
    assert (code, err) == (0, "")
    return Report.model_validate_json(out)


def test_the_counts_are_those_of_every_grade_by_the_reference(said: Said, world: World) -> None:
    report = reported(said, *against())
    law, new = load_with_draft(rulebooks(), DRAFT)
    old = world.law.card(ENTERPRISES, LAST_DAY)
    pairs: Counter[tuple[str | None, str | None]] = Counter()
    sizes: Counter[str] = Counter()
    far: dict[str, int] = {}
    for _, file in dossier.every_file(world.law, true_on=LAST_DAY, position=ledger.head(), schemes=["cn-uscc"]):
        if file.kind is not OrganisationKind.ENTERPRISE:
            continue
        before, after = graded(file, old, world.law), graded(file, new, law)
        pairs[before.grade, after.grade] += 1
        sizes[str(file.register["size"])] += 1
        assert before.total is not None
        assert after.total is not None
        far[file.subject] = after.total - before.total
    names = [grade.grade for grade in report.old.grades]
    assert {
        (names[n], names[m]): count for n, row in enumerate(report.matrix) for m, count in enumerate(row) if count
    } == pairs
    assert report.outcomes.compared == report.organisations == len(far)
    assert report.moves.up == sum(move > 0 for move in far.values())
    assert all(far[each.subject] == each.move for each in (*report.up, *report.down))
    assert {each.move for each in report.up} <= set(sorted(far.values())[-len(report.up) :])
    shown = {row.value: row.compared for row in report.dimensions[0].rows if not row.together}
    assert report.dimensions[0].dimension == "size"
    assert shown
    assert all(sizes[str(value)] == number for value, number in shown.items())
    assert next(row.name.en for row in report.dimensions[2].rows if not row.together) == "拟州市"


def test_the_answer_can_be_read_and_says_that_the_data_are_made_up(said: Said) -> None:
    code, out, err = said(*against())
    assert (code, err) == (0, "")
    assert out.startswith(GENERATED)
    for text in (
        "draft enterprise-2024.yaml",
        "version of 2020-08-04",
        "From grade to grade",
        "Size 企业规模",
        "Falls evenly to nothing over 3 years",
        "Moved most: up",
        "nobody was graded by it",
    ):
        assert text in out


def test_nothing_is_recorded(said: Said) -> None:
    before = ledger.head()
    assert said(*against())[0] == 0
    assert ledger.head() == before


def test_pages_and_data_are_written_and_kept(said: Said, tmp_path: Path) -> None:
    folder, page = tmp_path / "made" / "here", tmp_path / "page.html"
    code, out, _ = said(*against("--out", str(folder), "--html", str(page), "--keep", "draft-2024", "--json"))
    assert code == 0
    written = (folder / "preview.json").read_bytes()
    assert Report.model_validate_json(written) == kept("draft-2024") == Report.model_validate_json(out)
    english, chinese = ((folder / name).read_text("utf-8") for name in ("index.html", "index.zh.html"))
    assert page.read_text("utf-8") != english
    for text in ("Generated data.", "From grade to grade", 'href="index.zh.html"', "拟州市"):
        assert text in english
    for text in ("生成数据", "等级变动", 'href="index.html"', "大型"):
        assert text in chinese
    for one in (english, chinese):
        assert "<script" not in one
        assert "<link" not in one
        assert "src=" not in one
        assert 'href="/' not in one


def test_a_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    """The limit on the size of a file stops a write in the middle, as a full disk does."""
    write_pages(tmp_path, "preview", b"{}", lambda language, _: language)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        for name in ("preview.json", "other.json"):
            with pytest.raises(StoreError, match="cannot be written"):
                write(tmp_path / name, b"x" * 1000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_page_goes_where_a_link_leads_and_into_a_pipe(tmp_path: Path) -> None:
    link, page, pipe = tmp_path / "link.html", tmp_path / "page.html", tmp_path / "pipe"
    link.symlink_to(page)
    write(link, b"page")
    assert (link.is_symlink(), page.read_bytes()) == (True, b"page")
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write(pipe, b"page")
        assert os.read(reader, 10) == b"page"
    finally:
        os.close(reader)
    assert pipe.is_fifo()


def test_an_organisation_asked_about_is_explained(said: Said, world: World) -> None:
    subject = next(
        file.subject
        for _, file in dossier.every_file(world.law, true_on=LAST_DAY, position=ledger.head(), schemes=["cn-uscc"])
        if file.kind is OrganisationKind.ENTERPRISE and file.register["size"] == "large"
    )
    code, out, _ = said(*against("--organisation", subject, "--organisation", subject.partition(":")[2]))
    assert code == 0
    assert out.index("Asked about") < out.index(subject) < out.index("Moved most: up")
    (one, again) = reported(said, *against("--organisation", subject, "--organisation", subject)).asked
    assert one == again
    assert "size-allowance" in {change.indicator for change in one.changes}
    assert said(*against("--organisation", DINER))[0] == 2
    assert said(*against("--organisation", "cn-uscc:91330106000000010X"))[0] == 2


def test_two_versions_of_one_card_are_compared_on_one_day(
    said: Said, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The law holds both; the newer one is not in force on the day asked about."""
    shutil.copytree(rulebooks(), tmp_path / "rulebooks")
    target = tmp_path / "rulebooks" / "cn-zhejiang-2020" / "scorecards" / "enterprise-2024.yaml"
    book = tmp_path / "rulebooks" / "cn-zhejiang-2020" / "rulebook.yaml"
    shutil.copy(DRAFT, target)
    book.write_text(book.read_text("utf-8").replace(", to: 2023-12-04}", "}"), encoding="utf-8")
    monkeypatch.setenv("PROBITY_RULEBOOKS", str(tmp_path / "rulebooks"))
    ahead = reported(said, *against(card=f"{ENTERPRISES}@2024-06-01", old=f"{ENTERPRISES}@2021-01-01"))
    assert (str(ahead.new.in_force_from), str(ahead.old.in_force_from)) == ("2024-01-01", "2020-08-04")
    assert str(ahead.as_of) == str(LAST_DAY)
    monkeypatch.delenv("PROBITY_RULEBOOKS")
    assert ahead.matrix == reported(said, *against()).matrix


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (against(card="cn-zhejiang-2020/enterprize"), 3, "cn-zhejiang-2020/enterprise"),
        (against(card=f"{ENTERPRISES}@2000-01-01"), 3, "not in force on 2000-01-01"),
        (against(card=ENTERPRISES), 2, "in the version of 2020-08-04 twice"),
        (against(card=LIVES), 2, "grade no organisation both"),
        (against(card="nowhere/draft.yaml"), 2, "there is no such file"),
        (against("--keep", "../draft"), 2, "cannot be the name of a preview"),
        (against("--keep", ""), 2, "cannot be the name of a preview"),
        (against("--known-at", "2999-01-01"), 2, "2999"),
        (
            ("preview", "--card", str(DRAFT), "--against", ENTERPRISES, "--as-of", "1999-01-01"),
            2,
            "nobody in the register",
        ),
    ],
)
def test_what_cannot_be_previewed_is_said(said: Said, arguments: tuple[str, ...], code: int, text: str) -> None:
    found, out, err = said(*arguments)
    assert (found, out) == (code, "")
    assert text in err
    assert "\n    " in err


def test_a_draft_with_faults_is_refused_with_every_finding(said: Said, tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    text = DRAFT.read_text("utf-8")
    for right, wrong in (
        ("reads: [list.red]", "reads: [list.rad]"),
        ("consumes: {of: size,", "consumes: {of: sise,"),
        ("weight: 95", "weight: 94"),
    ):
        assert right in text
        text = text.replace(right, wrong, 1)
    draft.write_text(text, encoding="utf-8")
    code, out, err = said(*against(card=str(draft)))
    assert (code, out) == (2, "")
    for finding in ("list.rad", "sise", "95", f"{draft}:"):
        assert finding in err


def test_a_draft_without_a_rulebook_is_refused(said: Said, tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    draft.write_text(DRAFT.read_text("utf-8").replace("card: cn-zhejiang-2020/", "card: nowhere/", 1), "utf-8")
    code, _, err = said(*against(card=str(draft)))
    assert code == 2
    assert "does not say to which rulebook" in err
    draft.write_text("card: [", "utf-8")
    assert "this is not YAML" in said(*against(card=str(draft)))[2]
    draft.write_bytes(os.urandom(64))
    assert said(*against(card=str(draft)))[0] == 2


def test_a_card_that_reads_another_cards_result_is_previewed(world: World, tmp_path: Path) -> None:
    """Both sides read the enterprise card; the new one is stricter about it."""
    chosen = []
    for number, grade in enumerate(("E", "D")):
        path = tmp_path / f"over-{number}.yaml"
        path.write_text(OVER.replace("GRADE", grade), encoding="utf-8")
        law, card = load_with_draft(rulebooks(), path)
        chosen.append(Chosen(card, law, path))
    report = preview(Question(chosen[0], chosen[1], LAST_DAY))
    grades: Counter[Any] = Counter()
    for _, file in dossier.every_file(world.law, true_on=LAST_DAY, position=ledger.head(), schemes=["cn-uscc"]):
        if file.kind is OrganisationKind.ENTERPRISE:
            grades[graded(file, house().law.card(ENTERPRISES, LAST_DAY), world.law).grade] += 1
    assert report.outcomes.worse + report.outcomes.better == grades["D"] + grades["E"]
    assert json.loads(report.model_dump_json())["new"]["draft"] == "over-1.yaml"


def test_a_snapshot_gives_the_same_preview(said: Said, world: World, tmp_path: Path) -> None:
    """Here of two versions of one card, in one pass."""
    draft, folder = tmp_path / "draft.yaml", tmp_path / "snapshot"
    text = DRAFT.read_text("utf-8")
    reads_size = (
        "reads: [register.organisation]\n            measure: worst\n            consumes: {of: size, table: "
    )
    assert reads_size in text
    start = text.index(reads_size)
    end = text.index("\n", start + len(reads_size))
    presence = "reads: [annual-report.filed]\n            measure: presence\n            consumes: 20"
    draft.write_text(f"{text[:start]}{presence}{text[end:]}", encoding="utf-8")
    snapshot(folder, world.law)
    made = reported(said, *against("--snapshot", str(folder), card=str(draft)))
    assert made == reported(said, *against(card=str(draft)))
    assert made.up
    left = [path.name for path in home().iterdir() if path.name.startswith("preview-")]
    assert left == []


def test_a_snapshot_that_lacks_what_the_draft_reads_is_refused(said: Said, world: World, tmp_path: Path) -> None:
    snapshot(tmp_path / "snapshot", world.law)
    code, out, err = said(*against("--snapshot", str(tmp_path / "snapshot")))
    assert (code, out) == (5, "")
    assert "does not hold size of register.organisation" in err
    assert "Leave out --snapshot" in err
    assert "holds what the cards of the rulebooks read; a draft must first be put among them" in err
    assert said(*against("--snapshot", str(tmp_path / "none")))[0] == 5


OVER = """\
card: cn-zhejiang-2020/over
name: {en: Over, zh: 综合}
in_force: {from: 2020-08-04, to: 2023-12-04}
basis: A card of the tests
reference: R0
subjects: [enterprise]
schemes: [cn-uscc]
scale: {from: 0, to: 100}
base: 100
bands:
  - {grade: good, name: {en: Good}, from: 60}
  - {grade: poor, name: {en: Poor}, from: 0}
groups:
  - group: all
    name: {en: All}
    weight: 100
    indicators:
      - indicator: grade
        name: {en: Grade}
        weight: 100
        direction: deduct
        reads: [{card: cn-zhejiang-2020/enterprise, where: [{attribute: grade, is: GRADE}]}]
        measure: presence
        consumes: 50
"""
