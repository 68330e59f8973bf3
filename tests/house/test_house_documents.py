"""What the documents say can be done and found: every command exists with its options, every relative link leads
somewhere."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from probity.cli.main import app

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
FENCE = re.compile(r"^```.*?$(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?: \"[^\"]*\")?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
PROMPT = re.compile(r"^(?:\$ )?(?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?(probity(?: .*)?)$")


def commands(text: str) -> Iterator[str]:
    """The lines of fenced blocks that run ``probity``, with what continues them."""
    for block in FENCE.findall(text):
        for line in block.replace("\\\n", " ").splitlines():
            if found := PROMPT.match(line.strip()):
                yield re.split(r"\s+(?:\||>|2>|&&|#)", found[1])[0]


def unknown(command: str) -> str | None:
    """What is wrong with a command, if anything: it does not exist, or does not take these arguments."""
    arguments = shlex.split(command)[1:]
    try:
        step = get_command(app)
        context = step.make_context("probity", arguments, resilient_parsing=False)
        while hasattr(step, "get_command") and (rest := [*context._protected_args, *context.args]):
            step = step.get_command(context, rest[0])
            if step is None:
                return f"there is no command {rest[0]!r}"
            context = step.make_context(rest[0], rest[1:], parent=context)
    except Exception as error:
        return str(error)
    return None


def anchors(text: str) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in HEADING.findall(text)
    }


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_exists(path: Path) -> None:
    faults = {each: fault for each in commands(path.read_text("utf-8")) if (fault := unknown(each))}
    assert faults == {}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    text = path.read_text("utf-8")
    broken = []
    for link in LINK.findall(FENCE.sub("", text)):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        file = (path.parent / target) if target else path
        if not file.exists() or (
            anchor and file.suffix == ".md" and anchor not in anchors(file.read_text("utf-8"))
        ):
            broken.append(link)
    assert broken == []


def test_the_tour_is_there_and_shows_commands() -> None:
    shown = {each.split()[1] for each in commands((ROOT / "docs" / "tour.md").read_text("utf-8"))}
    assert shown >= {"identify", "rulebook", "intake", "quarantine", "search", "file", "score", "explain", "fsck"}


@pytest.mark.parametrize(
    ("command", "sound"),
    [
        ("probity file us-sf-business:19 --as-of 2018-02-16", True),
        ("probity quarantine list --json", True),
        ("probity file", False),
        ("probity fly", False),
        ("probity file x --colour red", False),
        ("probity quarantine fly", False),
        ("probity search x --limit many", False),
    ],
)
def test_the_check_of_commands_bites(command: str, sound: bool) -> None:
    assert (unknown(command) is None) == sound
