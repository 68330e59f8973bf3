"""Check a folder of rulebooks: every fault with its file, line, reason and remedy."""

from __future__ import annotations

from pathlib import Path

from probity.errors import RulebookError
from probity.rulebook.checks import ALL
from probity.rulebook.finding import Finding, presentable
from probity.rulebook.shapes import FIRST
from probity.rulebook.shelf import Shelf, read_shelf


def check(path: Path) -> list[Finding]:
    """Every fault of the rulebooks at ``path``, sorted by file and line; empty when there is none.

    ``path`` is the folder that holds the rulebooks, one rulebook in it, or any file or folder of one. What
    stands beside it is read too, since rulebooks build on each other, but only faults under ``path`` are
    reported. Files are named as ``path`` was. Raises RulebookError where there is no rulebook at all;
    never anything else, whatever the files hold.
    """
    root = find_root(path)
    shelf = read_shelf(root)
    return examine(shelf, under=path)


def find_root(path: Path) -> Path:
    """The folder that holds the rulebooks which ``path`` belongs to."""
    if not path.exists():
        raise RulebookError(
            "there is no such file or folder", where=str(path), remedy="Name a folder of rulebooks."
        )
    for folder in (path, *path.absolute().parents):
        if (folder / FIRST).is_file():
            return folder.parent if folder.name not in ("", "..") else folder.absolute().resolve().parent
    if path.is_dir() and any(path.glob(f"*/{FIRST}")):
        return path
    raise RulebookError(
        "there is no rulebook here",
        where=str(path),
        remedy=f"A rulebook is a folder with a {FIRST}; name it, or the folder that holds several.",
    )


def examine(shelf: Shelf, under: Path) -> list[Finding]:
    """All findings of a shelf that was read: of its files, and of what they say together."""
    place = under.absolute()
    found = {*shelf.findings, *(finding for one in ALL for finding in one(shelf))}
    return sorted(
        Finding(
            presentable(str(shelf.root / finding.file)),
            finding.line,
            finding.severity,
            presentable(finding.reason),
            presentable(finding.remedy),
        )
        for finding in found
        if place in (path := (shelf.root / finding.file).absolute(), *path.parents)
    )
