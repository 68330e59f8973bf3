"""The page that teaches how to write a scheme: its files are a sound rulebook, its commands do what it says."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from probity.cli.main import run

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "write-a-scheme.md").read_text("utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"`([\w./-]+\.(?:yaml|csv))`")


def blocks() -> list[tuple[str, str, str]]:
    """Each block: its language, its text, and the last file that the page names since the block before."""
    found, before = [], 0
    for block in BLOCK.finditer(PAGE):
        named = FILE.findall(PAGE[before : block.start()])
        found.append((block[1], block[2], named[-1] if named else ""))
        before = block.end()
    return found


def asked(text: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with what the page says that it prints."""
    parts = re.split(r"^\$ (.*)\n", text, flags=re.MULTILINE)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


def expected(shown: str) -> str:
    """What is shown, as a pattern: ``...`` stands for anything, spaces for any number of them."""
    pieces = [r"\s+".join(map(re.escape, piece.split())) for piece in shown.split("...")]
    return r"[\s\S]*".join(pieces)


@pytest.mark.usefixtures("database")
def test_the_page_leads_from_an_empty_folder_to_explained_grades(
    tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("COLUMNS", "200")
    done = []
    for language, text, name in blocks():
        if language == "console":
            for command, shown in asked(text):
                follow(command, monkeypatch)
                if command.startswith("probity"):
                    printed = capsys.readouterr().out
                    assert re.fullmatch(rf"\s*{expected(shown)}\s*", printed), f"$ {command}\n{printed}"
                    done.append(command.split()[1])
        else:
            assert name, f"the page does not name the file of: {text[:60]}"
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    assert done == ["rulebook"] * 3 + ["intake", "intake", "quarantine", "score", "explain"]


def follow(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do what the page says at the prompt."""
    words = shlex.split(command)
    if words[0] == "probity":
        sys.modules["probity.rulebook.load"]._load.cache_clear()  # as in a process of its own
        assert run(words[1:]) in (0, 1), command
    elif words[0] == "export":
        for word in words[1:]:
            monkeypatch.setenv(*word.split("=", 1))
    else:
        assert command == "mkdir -p law/lifts && cp -r rulebooks/core law/core"
        shutil.copytree(ROOT / "rulebooks" / "core", Path("law/core"))
        Path("law/lifts").mkdir()
