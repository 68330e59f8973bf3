"""YAML as rulebooks use it: plain data, and the line on which every part of it stands.

A strict subset of YAML 1.2. A key is always text, so ``on``, ``no`` and ``1`` are keys like any other;
only ``true`` and ``false`` are booleans; a number with a leading zero is text (a code, not a quantity);
``2020-08-04`` is a day. A key written twice, anchors, tags and more than one document are faults.
The parser is libyaml's; its loader is not used, because deep nesting crashes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

Loc = tuple[str | int, ...]
"""The way to a part of a document: keys and indexes, from the top."""

MAX_BYTES = 4_000_000
MAX_DEPTH = 40

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNPRINTABLE = re.compile(
    r"[^\t\n\r\x20-\x7e\x85\xa0-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,12}\.[0-9]{1,12}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS: Mapping[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


class Unreadable(Exception):
    """A file cannot be read as rulebook YAML (or as a lookup table); ``line`` is where."""

    def __init__(self, line: int, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.line, self.reason, self.remedy = line, reason, remedy


@dataclass(frozen=True, slots=True)
class Document:
    """The data of one file, the line (from 1) of every part, and the keys that were written twice."""

    data: object
    lines: Mapping[Loc, int]
    repeated: tuple[tuple[int, str], ...]

    def line(self, loc: Loc) -> int:
        """The line of that part, or of the nearest part around it that is written in the file."""
        here: Loc = ()
        for step in loc:
            if (*here, step) in self.lines:
                here = (*here, step)
        return self.lines.get(here, 1)


def read_bytes(path: Path) -> bytes:
    """The content of a file of at most ``MAX_BYTES``; raises Unreadable."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Unreadable(1, f"the file is larger than {MAX_BYTES:,} bytes", "Split it into several files.")
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(1, f"the file cannot be read: {error.strerror}", "Make it a readable file.") from error


def decode(content: bytes) -> str:
    """The text of a UTF-8 file; raises Unreadable."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(
            line, "this is not UTF-8 text", "Save the file as UTF-8 (GB18030 is for intake only)."
        ) from None
    if control := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, control.start()) + 1
        raise Unreadable(line, f"there is an invisible control character (U+{ord(control[0]):04X})", "Delete it.")
    return text


def parse(text: str) -> Document:
    """The one YAML document in ``text``; raises Unreadable."""
    try:
        return _Builder(text).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        context = f" ({error.context})" if error.context else ""
        line = mark.line + 1 if mark else 1
        raise Unreadable(line, f"this is not YAML: {error.problem}{context}", _SYNTAX) from None
    except yaml.YAMLError as error:
        raise Unreadable(1, f"this is not YAML: {error}", _SYNTAX) from None


_SYNTAX = "Check indentation, brackets and quotes; text with ': ' or ' #' in it needs quotes."


class _Builder:
    """Folds parser events into plain data while noting lines."""

    def __init__(self, text: str) -> None:
        self.events: Iterator[yaml.Event] = yaml.parse(text, Loader=_Loader)
        self.lines: dict[Loc, int] = {}
        self.repeated: list[tuple[int, str]] = []

    def document(self) -> Document:
        next(self.events)
        if not isinstance(next(self.events), yaml.DocumentStartEvent):
            raise Unreadable(1, "the file is empty", "Write the rule, or delete the file.")
        data = self.node(next(self.events), ())
        next(self.events)
        following = next(self.events)
        if isinstance(following, yaml.DocumentStartEvent):
            raise Unreadable(_line(following), "a second document begins here", "Put it into a file of its own.")
        return Document(data, self.lines, tuple(self.repeated))

    def node(self, event: yaml.Event, loc: Loc) -> object:
        self.lines.setdefault(loc, _line(event))
        if len(loc) > MAX_DEPTH:
            raise Unreadable(_line(event), f"this is nested more than {MAX_DEPTH} deep", "Flatten it.")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Unreadable(_line(event), "anchors and aliases are not used here", "Write the part out in full.")
        if getattr(event, "tag", None) is not None:
            raise Unreadable(_line(event), f"the tag {event.tag} is not used here", "Delete the tag.")  # type: ignore[attr-defined]
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(loc)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(loc)
        assert isinstance(event, yaml.ScalarEvent)
        return _plain(self.text(event)) if event.implicit[0] else self.text(event)

    def text(self, event: yaml.ScalarEvent) -> str:
        if _UNPRINTABLE.search(event.value):
            raise Unreadable(_line(event), "this text hides a control character", "Delete the escape.")
        return str(event.value)

    def mapping(self, loc: Loc) -> dict[str, object]:
        result: dict[str, object] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
                raise Unreadable(_line(event), "a key must be a plain word", "Check the indentation around it.")
            key = self.text(event)
            if key in result:
                self.repeated.append((_line(event), key))
                self.node(next(self.events), (*loc, -1))
                continue
            self.lines[*loc, key] = _line(event)
            result[key] = self.node(next(self.events), (*loc, key))
        return result

    def sequence(self, loc: Loc) -> list[object]:
        result: list[object] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            result.append(self.node(event, (*loc, len(result))))
        return result


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return mark.line + 1 if mark else 1


def _plain(text: str) -> object:
    """What an unquoted word means."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    if _DAY.fullmatch(text):
        with suppress(ValueError):
            return date.fromisoformat(text)
    return text
