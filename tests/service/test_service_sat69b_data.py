"""The two real editions of the list of article 69-B, where they are at hand, and what the document says of it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from probity import intake
from probity.rulebook import load
from probity.service import sat69b
from probity.service.sat69b.model import ENTRY, PROCEDURE
from probity.service.sat69b.records import Standing
from probity.service.sat69b.take import stated
from probity.service.wiring import rulebooks

SHARED = Path(os.environ.get("PROBITY_SHARED", Path(__file__).parents[3] / "shared"))
FOLDER = SHARED / "data" / "mx-sat-69b"
DOCUMENT = (Path(__file__).parents[2] / "docs" / "lists-mexico.md").read_text("utf-8")

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the two editions are not here (PROBITY_SHARED)")

LAW = load(rulebooks())
RULE, CALENDAR = sat69b.law_of(LAW)


@pytest.fixture(scope="module")
def editions() -> dict[int, sat69b.Edition]:
    return {year: read(year) for year in (2021, 2023)}


def read(year: int) -> sat69b.Edition:
    parts = [FOLDER / f"69b_{year}.{part}.csv" for part in ("orgs", "suppressed")]
    return sat69b.read(parts, CALENDAR)


def test_the_editions_are_read_without_a_row_lost(editions: dict[int, sat69b.Edition]) -> None:
    for year, rows in ((2021, 9925), (2023, 10049)):
        found = editions[year]
        assert found.rows == rows == len(found.procedures) + len(found.unread) + len(found.suppressed)
        assert found.persons == 0
    assert editions[2021].stages() == {"presumed": 604, "rebutted": 274, "definitive": 8138, "favourable": 822}
    assert editions[2023].stages() == {"presumed": 101, "rebutted": 300, "definitive": 8435, "favourable": 1125}
    assert [len(editions[year].unread) for year in (2021, 2023)] == [0, 2]


def test_the_comparison_is_the_one_of_the_document(editions: dict[int, sat69b.Edition]) -> None:
    found = sat69b.as_json(sat69b.compare(editions[2021], editions[2023], RULE, CALENDAR))
    table = re.search(r"<!-- moves -->\n(.+?)\n<!-- /moves -->", DOCUMENT, re.DOTALL)
    assert table
    assert table[1] == as_table(found["moves"])
    assert (found["procedures"], found["lawful"], found["not_lawful"]) == (9962, 9721, 241)
    assert found["suppressed"] == {
        "new_rows": 1,
        "matched": 1,
        "not_matched": 0,
        "procedures_with_several_possible_rows": 0,
        "rows_no_longer_there": 2,
        "listed_again": 1,
    }


def as_table(moves: dict[str, dict[str, int]]) -> str:
    """The moves as the table of the document."""
    rows = [
        f"| {move} | {count:,} | {'lawful' if why == 'lawful' else f'not lawful: {why}'} |"
        for move, counts in moves.items()
        for why, count in counts.items()
    ]
    return "\n".join(["| move | procedures | by the article |", "|---|---|---|", *rows])


def test_nobody_was_published_before_the_time(editions: dict[int, sat69b.Edition]) -> None:
    for edition in editions.values():
        found = sat69b.compare(None, edition, RULE, CALENDAR)
        assert all(move.lawful for move in found.moves)


def test_both_editions_go_in(database: str, editions: dict[int, sat69b.Edition]) -> None:
    sat69b.take(editions[2021], LAW, source="69b_2021")
    assert len(Standing.read(stated()).of[ENTRY]) == 8090
    taken = sat69b.take(editions[2023], LAW, source="69b_2023")
    now = Standing.read(stated())
    assert len(now.of[ENTRY]) == 8417
    assert len(now.of[PROCEDURE]) == 9963
    assert taken.withdrawn[ENTRY] == 294
    assert sat69b.as_json(taken.comparison)["held_back"] == 16
    assert sum(1 for _ in intake.listed()) == 87 + 1 + 2
