"""The pages about drafts: what is kept is listed and shown in both languages, with the notice, without scripts."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.utils import translation
from tests.portal.town import DINER, ENTERPRISE, PREVIEW, Town, keep_preview

from probity.errors import NotFoundError, NotRegisteredError, SnapshotError
from probity.identity import compose
from probity.portal.comparison import comparison
from probity.rulebook import Text
from probity.scoring.preview import Report
from probity.service.preview import NotGradedError, all_kept, asked_of, kept
from probity.service.wiring import home


@pytest.fixture
def report(town: Town) -> Iterator[Report]:
    yield keep_preview(town.law)
    shutil.rmtree(home() / "previews")


class _Shapes(HTMLParser):
    """Every drawing: whether those who do not see it are spared it, and the numbers it is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden: list[bool] = []
        self.parts: list[float] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "svg":
            if not self._depth:
                self.hidden.append(("aria-hidden", "true") in attrs)
            self._depth += 1
        self.parts += [float(value[:-1]) for _, value in attrs if self._depth and value and value.endswith("%")]

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag == "svg"


def shown(client: Client, address: str, language: str = "en") -> str:
    answer = client.get(address, {"lang": language})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_leads_to_each_preview(client: Client, report: Report) -> None:
    page = shown(client, "/previews/")
    assert f'href="/previews/{PREVIEW}"' in page
    assert "Generated data." in page
    assert [each.name for each in all_kept()] == [PREVIEW]


def test_nothing_kept_is_said(client: Client) -> None:
    assert "None is kept here." in shown(client, "/previews/")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            (
                "Preview of a draft",
                "From grade to grade",
                "Administrative penalties",
                "Small",
                "others move as far",
            ),
        ),
        ("zh-hans", ("草案预演", "等级变动", "行政处罚信息", "区间高于或低于总体比例", "另有1,234个主体")),
    ],
)
def test_a_preview_is_shown_in_both_languages(
    client: Client, report: Report, language: str, words: tuple[str, ...]
) -> None:
    page = shown(client, f"/previews/{PREVIEW}", language)
    for word in words:
        assert (word if word != "Small" else "small") in page
    assert ("Generated data." if language == "en" else "生成数据") in page
    assert "<script" not in page
    assert " style=" not in page
    assert f'href="/organisation/{ENTERPRISE.replace(":", "/")}?true_on=2023-06-30"' in page
    if language == "zh-hans":
        assert not re.search(r"\b(better|worse|compared|interval)\b", re.sub(r"<[^>]+>", "", page))


def test_a_contested_record_behind_a_move_is_told(report: Report, client: Client) -> None:
    moved = [each for each in (*report.up, *report.down) if each.subject == ENTERPRISE]
    assert moved
    assert moved[0].contested
    assert "A record behind this is contested." in shown(client, f"/previews/{PREVIEW}")


def test_drawings_are_hidden_from_those_who_hear_the_numbers_and_stay_in_their_frame(
    client: Client, report: Report
) -> None:
    shapes = _Shapes()
    shapes.feed(shown(client, f"/previews/{PREVIEW}"))
    assert len(shapes.hidden) > 15
    assert all(shapes.hidden)
    assert all(0 <= part <= 100 for part in shapes.parts)


def test_bars_and_whiskers_are_in_proportion(report: Report) -> None:
    drawn = comparison(report)
    assert [row.count for row in drawn.matrix.rows] == [sum(row) for row in report.matrix[:5]]
    for row in drawn.matrix.rows:
        assert [cell.heat for cell in row.cells if not cell.count] == [0] * sum(not c.count for c in row.cells)
        assert max(row.cells, key=lambda cell: cell.count).heat == max(cell.heat for cell in row.cells)
    most = max(max(pair.before or 0, pair.after or 0) for pair in drawn.pairs)
    for pair in drawn.pairs:
        assert pair.before_width == f"{(pair.before or 0) / most * 100:.2f}%"
    for line in drawn.divisions[0].lines:
        for whisker in (line.better, line.worse):
            start, dot, end = (float(each[:-1]) for each in (whisker.start, whisker.dot, whisker.end))
            assert start <= dot <= end <= 100
            assert whisker.mark in ("", "▲", "▲▲", "▼", "▼▼")


def test_the_json_is_the_report(client: Client, report: Report) -> None:
    answer = client.get(f"/previews/{PREVIEW}.json")
    assert Report.model_validate_json(answer.content) == report
    assert json.loads(answer.content)["notice"].startswith("generated data")


@pytest.mark.parametrize("name", ["nothing", "NOTHING", "..%2fdays"])
def test_what_is_not_kept_is_not_found(client: Client, name: str) -> None:
    assert client.get(f"/previews/{name}").status_code == 404
    with pytest.raises(NotFoundError, match="no preview is kept"):
        kept(name)


def test_an_altered_preview_is_refused_and_not_listed(client: Client, report: Report) -> None:
    path = home() / "previews" / PREVIEW / "preview.json"
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(SnapshotError, match="cannot be read"):
        kept(PREVIEW)
    assert client.get(f"/previews/{PREVIEW}").status_code == 409
    assert all_kept() == []


# -- one organisation ----------------------------------------------------------------------------------


def test_anyone_can_ask_what_the_draft_would_do_to_an_organisation(client: Client, report: Report) -> None:
    page = client.get(f"/previews/{PREVIEW}", {"q": ENTERPRISE.partition(":")[2]}).content.decode()
    start = page.index('id="one"')
    asked = page[start : page.index("Moved most")]
    assert "<details open>" in asked
    assert "杭州示例环保科技有限公司" in asked
    assert "Administrative penalties" in asked
    (listed,) = (each for each in (*report.up, *report.down) if each.subject == ENTERPRISE)
    assert asked_of(PREVIEW, ENTERPRISE) == listed


def test_what_cannot_be_asked_is_said(client: Client, report: Report) -> None:
    address = f"/previews/{PREVIEW}"
    nobody = compose("9", "1", "330106", "00000099")
    assert "No organisation is registered under this code." in client.get(address, {"q": nobody}).content.decode()
    assert client.get(address, {"q": "11010519491231002X"}).status_code == 403
    assert client.get("/previews/none", {"q": nobody}).status_code == 404


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "do not both grade organisations of this kind"), ("zh-hans", "两份指标并非都适用于此类主体")],
)
def test_whom_the_cards_do_not_grade_is_said_beside_the_preview(
    client: Client, report: Report, language: str, words: str
) -> None:
    answer = client.get(f"/previews/{PREVIEW}", {"q": DINER, "lang": language})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert words in page
    assert "does not grade organisations like" not in page
    assert ("Moved most" if language == "en" else "变动最大的主体") in page
    with pytest.raises(NotGradedError):
        asked_of(PREVIEW, DINER)


def test_who_was_not_yet_registered_is_said_beside_the_preview(
    client: Client, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(name: str, subject: str) -> None:
        raise NotRegisteredError(subject, remedy="None.")

    monkeypatch.setattr("probity.portal.previews.asked_of", unknown)
    answer = client.get(f"/previews/{PREVIEW}", {"q": ENTERPRISE, "lang": "zh-hans"})
    assert answer.status_code == 200
    assert "登记系统中尚无该主体" in answer.content.decode()


def test_a_preview_names_grades_that_are_words_in_the_language_of_the_page(report: Report) -> None:
    grades = report.new.grades
    worded = grades[-1].model_copy(update={"grade": "Poor", "name": Text(en="Poor", zh="差")})
    other = report.model_copy(
        update={
            "new": report.new.model_copy(update={"grades": (*grades[:-1], worded)}),
            "old": report.old.model_copy(update={"grades": (*report.old.grades[:-1], worded)}),
        }
    )
    last = len(grades) - 1
    with translation.override("zh-hans"):
        drawn = comparison(other)
    assert drawn.matrix.columns[last] == "差"
    assert drawn.matrix.rows[last].label == "差"
    assert [pair.label for pair in drawn.pairs][: last + 1] == [*(each.grade for each in grades[:-1]), "差"]


def test_a_preview_of_other_rulebooks_answers_no_more_questions(client: Client, report: Report) -> None:
    draft = home() / "previews" / PREVIEW / "new.yaml"
    draft.write_text(draft.read_text("utf-8").replace("consumes: 30", "consumes: 29", 1), encoding="utf-8")
    with pytest.raises(SnapshotError, match="no more those of this preview"):
        asked_of(PREVIEW, ENTERPRISE)
    draft.unlink()
    with pytest.raises(SnapshotError, match="not there any more"):
        asked_of(PREVIEW, ENTERPRISE)
    assert client.get(f"/previews/{PREVIEW}").status_code == 200
