"""A finding: what is wrong with a rulebook, where, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Severity(StrEnum):
    """An error stops a rulebook from being loaded; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault of a rulebook: the file, its line (from 1), what is wrong and what to do."""

    file: str
    line: int
    severity: Severity
    reason: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.severity}: {self.reason}\n    {self.remedy}"


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The one of ``words`` that looks most like ``word``, if any comes near."""
    if len(word) > 200:
        return None
    close = get_close_matches(word, sorted(set(words) - {word}), n=1, cutoff=0.6)
    return close[0] if close else None


def suggestion(word: str, words: Iterable[str], otherwise: str) -> str:
    """A remedy for a word that is not among ``words``: the nearest one, or ``otherwise``."""
    close = nearest(word, words)
    return f"Did you mean {close}? {otherwise}" if close else otherwise


def presentable(text: str, most: int = 400) -> str:
    """``text`` as it may be printed, whatever a rulebook put into it: not absurdly long, nothing invisible."""
    shown = text if len(text) <= most else f"{text[: most - 3]}..."
    return "".join(char if char.isprintable() else f"<U+{ord(char):04X}>" for char in shown)
