"""The stories in the docs are true: each block is handed in on its day, and what comes back stands below it.

With PROBITY_RENEW_GOLDEN=1 what comes back is written into the page.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from probity.errors import ProbityError
from probity.ledger import Draft
from probity.measures import Measure
from probity.measures import store as measures
from probity.procedures import Officer, store
from probity.rulebook import load
from probity.service import acts, cases, check, duties, ticks
from probity.service.check import Answers
from probity.service.documents import text_of
from probity.service.wiring import House, rulebooks

STORY = Path(__file__).parents[2] / "docs" / "stories" / "listing.md"
BLOCK = re.compile(
    r"```yaml (?P<on>\S+) (?P<kind>\w+)(?P<refused> refused)?\n(?P<said>.*?)```\n"
    r"(?:\n```text\n(?P<told>.*?)```\n)?",
    re.S,
)
ENDING = "## Ending "
LAW = load(rulebooks())


@dataclass(frozen=True)
class Block:
    on: date
    kind: str
    refused: bool
    said: Any
    told: str | None
    at: tuple[int, int]


def blocks(text: str, start: int, end: int) -> Iterator[Block]:
    for found in BLOCK.finditer(text, start, end):
        yield Block(
            on=date.fromisoformat(found["on"]),
            kind=found["kind"],
            refused=bool(found["refused"]),
            said=yaml.safe_load(found["said"]),
            told=found["told"],
            at=found.span("told"),
        )


def endings(text: str) -> list[tuple[int, int]]:
    starts = [found.start() for found in re.finditer(rf"^{ENDING}", text, re.M)]
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def handed_in(block: Block, subject: str) -> str:
    """What comes back of a block: documents, an answer, or the refusal."""
    if block.refused:
        with pytest.raises(ProbityError) as refusal:
            WAYS[block.kind](block, subject)
        found = str(refusal.value)
    else:
        found = WAYS[block.kind](block, subject)
    return re.sub(r"\b(?:[0-9a-f]{64}|[0-9a-f]{12})\b", "…", found).rstrip() + "\n"


def state(block: Block, _subject: str) -> str:
    for said in block.said:
        acts.state([Draft(**said)], LAW, source="the story", generated=True)
    return ""


def act(block: Block, _subject: str) -> str:
    receipt = cases.act(block.said, LAW, source="the story", on=block.on)
    return documents(receipt.case, receipt.documents)


def documents(number: str, issued: tuple[str, ...]) -> str:
    case = store.case(number, LAW)
    return "\n".join(text_of(case, each, LAW, "en") for each in issued)


def duty(block: Block, subject: str) -> str:
    (entry,) = {each.record for each in measures.entries_of([subject])} or {"0" * 64}
    duties.answer({**block.said, "entry": entry}, LAW, source="the story", on=block.on)
    return ""


def looked_up(block: Block, _subject: str) -> str:
    by = block.said["by"]
    asked = {**block.said, "by": Officer(by["agency"], by["officer"])}
    return shown(check.check(**asked, law=LAW))


def shown(found: Answers) -> str:
    """What the asking agency reads."""
    lines = []
    for answer in found.answers:
        lines.append(answer.name)
        for entry in answer.entries:
            lines.append(
                f"  {entry.name.en}, from {entry.begins} to {entry.ends}, band {entry.band}: {entry.basis}"
            )
            lines += [f"    {each.measure}: {each.stands or _owed(each)}" for each in entry.measures]
        lines += ["  nothing found that matters for this decision"] * (not answer.entries)
    silent = ", ".join(source.list for source in found.not_delivered)
    return "\n".join([*lines, f"nothing was ever delivered of: {silent}"])


def _owed(measure: Measure) -> str:
    return "to confirm or decline after your own look" if measure.must else f"informs ({measure.informs})"


def nightly(block: Block, subject: str) -> str:
    before = {case.number: case.issued for case in store.cases_about(subject, LAW)}
    ticks.let_time_pass(LAW, block.on)
    case = next(case for case in store.cases_about(subject, LAW) if case.issued > before[case.number])
    return documents(case.number, (f"{case.number}-{case.issued}",))


def late(block: Block, _subject: str) -> str:
    return "".join(
        f"{each.answering.agency} has not lifted {each.answering.measure}, due on {each.due}\n"
        for each in duties.late(LAW, block.on)
    )


WAYS = {"state": state, "act": act, "duty": duty, "check": looked_up, "nightly": nightly, "late": late}


@pytest.mark.parametrize("ending", [0, 1, 2])
def test_the_story_is_true(ending: int, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = STORY.read_text("utf-8")
    parts = endings(text)
    told = [*blocks(text, 0, parts[0][0]), *blocks(text, *parts[ending])]
    subject = next(block.said["subject"] for block in told if block.kind == "act")
    new: list[tuple[tuple[int, int], str]] = []
    for block in told:
        day = {"cn-uscc": block.on}
        monkeypatch.setattr("probity.service.wiring._open", [House(Path(), LAW, day)])
        came = handed_in(block, subject)
        if block.told is not None:
            new.append((block.at, came))
        elif came.strip():
            pytest.fail(f"the page does not say what comes of {block.said}: {came}")
    if os.environ.get("PROBITY_RENEW_GOLDEN"):
        for (start, end), came in reversed(new):
            text = text[:start] + came + text[end:]
        STORY.write_text(text, encoding="utf-8")
        return
    assert [came for _, came in new] == [block.told for block in told if block.told is not None]


def test_the_story_has_three_endings() -> None:
    assert len(endings(STORY.read_text("utf-8"))) == 3
