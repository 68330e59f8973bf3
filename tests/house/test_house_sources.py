"""Every handle of the rule sheet that the project cites can be opened in ``docs/sources.md``, and none stands
there that nothing cites."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHEET = ROOT / "docs" / "sources.md"
CITING = sorted(
    {
        *(ROOT / "rulebooks").rglob("*.yaml"),
        *(ROOT / "src").rglob("*.py"),
        *(ROOT / "docs").rglob("*.md"),
    }
    - {SHEET}
)
HANDLE = re.compile(r"\b(?:R\d{1,2}(?:\.\d{1,2})?|[FOD]\d{1,2})\b(?!\.\d)")
RANGE = re.compile(r"\b(R\d{1,2})\.(\d{1,2})\s?[-–]\s?\1\.(\d{1,2})\b")
SECTION = re.compile(r"\b(?:rule ?sheet|zhejiang table|section)\s+(\d{1,2}\.\d)\b(?!\.\d)", re.IGNORECASE)
ROW = re.compile(r"^\| ((?:[RFOD]?\d{1,2})(?:\.\d{1,2})?) \|(.*)\|$", re.MULTILINE)


def cited(text: str) -> Iterator[str]:
    """The handles and sections that a text cites, ranges in full; ``R4`` is section 4."""
    for handle in HANDLE.findall(text):
        yield handle if "." in handle or handle[0] != "R" else handle[1:]
    for chapter, first, last in RANGE.findall(text):
        yield from (f"{chapter}.{number}" for number in range(int(first), int(last) + 1))
    yield from SECTION.findall(text)


def rows() -> list[tuple[str, str]]:
    """Handle or section, and the rest of its line."""
    return ROW.findall(SHEET.read_text("utf-8"))


@pytest.fixture(scope="module")
def citations() -> dict[str, list[str]]:
    """Where each handle is cited."""
    found: dict[str, list[str]] = {}
    for path in CITING:
        for handle in set(cited(path.read_text("utf-8"))):
            found.setdefault(handle, []).append(str(path.relative_to(ROOT)))
    return found


def test_every_handle_that_is_cited_can_be_opened(citations: dict[str, list[str]]) -> None:
    known = {handle for handle, _ in rows()}
    assert {handle: where for handle, where in citations.items() if handle not in known} == {}


def test_every_handle_of_the_sheet_is_cited(citations: dict[str, list[str]]) -> None:
    handles = [handle for handle, _ in rows() if handle[0] in "RFOD"]
    assert len(handles) > 50
    assert [handle for handle in handles if handle not in citations] == []


def test_a_handle_stands_once_and_says_something() -> None:
    handles = [handle for handle, _ in rows()]
    assert len(handles) == len(set(handles))
    assert [handle for handle, rest in rows() if len(rest.split("|")[0].strip()) < 20] == []


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("reference: R2.1 row 16, R7.11, O5", {"R2.1", "R7.11", "O5"}),
        ("R10.1-R10.3, R10.6", {"R10.1", "R10.2", "R10.3", "R10.6"}),
        ("(R4, 4.1 row 2)", {"4"}),
        ("Rulesheet 6.1: tax; Zhejiang table 6.1; section 4.2", {"6.1", "4.2"}),
        ("the failures (F11, F12); rulesheet O1", {"F11", "F12", "O1"}),
        ("GB/T 17710, #R2113, 91330100799655058B, STE. F100, D1.5, ADR 0007, DB33/T", set()),
    ],
)
def test_what_is_a_citation_and_what_is_not(text: str, handles: set[str]) -> None:
    assert set(cited(text)) == handles
