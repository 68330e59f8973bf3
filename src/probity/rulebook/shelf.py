"""The shelf: every file of a folder of rulebooks, read into models, with the faults met on the way.

A broken entry does not hide its neighbours: each scheme, agency, category and item is validated alone, and
the id of a broken one is remembered, so that references to it are not reported as well.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from io import StringIO
from itertools import chain
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from probity.rulebook.cases import CasesFile
from probity.rulebook.explain import findings_of
from probity.rulebook.finding import Finding, Severity
from probity.rulebook.list_cases import ListCasesFile
from probity.rulebook.lists import LeftOut, ListRule
from probity.rulebook.measures import MeasureRule, Memorandum
from probity.rulebook.model import (
    Agency,
    CalendarRule,
    Category,
    Item,
    Mapping,
    RulebookInfo,
    Scheme,
)
from probity.rulebook.reading import Document, Loc, Unreadable, decode, parse, read_bytes
from probity.rulebook.scorecard import Scorecard
from probity.rulebook.shapes import FIRST, SHAPES, Shape

M_co = TypeVar("M_co", bound=BaseModel, covariant=True)
M = TypeVar("M", bound=BaseModel)

NOT_RULEBOOKS = ("schemas",)


@dataclass(frozen=True, slots=True)
class Entry(Generic[M_co]):
    """One thing that a rulebook says, and where: ``loc`` is its place in the document of ``file``."""

    id: str
    model: M_co
    book: str
    file: str
    document: Document
    loc: Loc

    def line(self, *loc: str | int) -> int:
        """The line of that part of it."""
        return self.document.line((*self.loc, *loc))

    def error(self, reason: str, remedy: str, *loc: str | int) -> Finding:
        """A finding that stops the rulebook from being loaded, at that part of it."""
        return Finding(self.file, self.line(*loc), Severity.ERROR, reason, remedy)

    def warning(self, reason: str, remedy: str, *loc: str | int) -> Finding:
        """A finding that does not stop it."""
        return Finding(self.file, self.line(*loc), Severity.WARNING, reason, remedy)


@dataclass(slots=True)
class Kind(Generic[M]):
    """All things of one kind, in the order first named. ``written``: also the ids of entries that are broken."""

    noun: str
    by_id: dict[str, list[Entry[M]]] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)

    def add(self, entry: Entry[M]) -> None:
        """Take in one more."""
        self.by_id.setdefault(entry.id, []).append(entry)
        self.written.add(entry.id)

    def versions(self, id_: str) -> list[Entry[M]]:
        """Every version of that id, in the order read."""
        return self.by_id.get(id_, [])

    def __iter__(self) -> Iterator[Entry[M]]:
        return chain.from_iterable(self.by_id.values())


@dataclass(slots=True)
class Shelf:
    """A folder of rulebooks, read. File names are relative to ``root``, with forward slashes."""

    root: Path
    rulebooks: Kind[RulebookInfo] = field(default_factory=lambda: Kind("rulebook"))
    schemes: Kind[Scheme] = field(default_factory=lambda: Kind("scheme"))
    agencies: Kind[Agency] = field(default_factory=lambda: Kind("agency"))
    categories: Kind[Category] = field(default_factory=lambda: Kind("category"))
    items: Kind[Item] = field(default_factory=lambda: Kind("item"))
    mappings: Kind[Mapping] = field(default_factory=lambda: Kind("mapping"))
    cards: Kind[Scorecard] = field(default_factory=lambda: Kind("card"))
    calendars: Kind[CalendarRule] = field(default_factory=lambda: Kind("calendar"))
    cases: Kind[CasesFile] = field(default_factory=lambda: Kind("card"))
    lists: Kind[ListRule] = field(default_factory=lambda: Kind("list"))
    left_out: Kind[LeftOut] = field(default_factory=lambda: Kind("row"))
    list_cases: Kind[ListCasesFile] = field(default_factory=lambda: Kind("list"))
    measures: Kind[MeasureRule] = field(default_factory=lambda: Kind("measure"))
    memoranda: Kind[Memorandum] = field(default_factory=lambda: Kind("memorandum"))
    lookups: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def dated(self) -> tuple[Kind[Any], ...]:
        """The kinds whose entries are dated and whose ids are unique."""
        return (
            self.rulebooks, self.schemes, self.agencies, self.categories,
            self.items, self.mappings, self.cards, self.calendars, self.lists, self.measures, self.memoranda,
        )  # fmt: skip

    def uses(self, book: str) -> set[str]:
        """The rulebook and everything that it builds on, directly or not."""
        reached: set[str] = set()
        ahead = [book]
        while ahead:
            here = ahead.pop()
            if here not in reached:
                reached.add(here)
                ahead.extend(used for info in self.rulebooks.versions(here) for used in info.model.uses)
        return reached

    def fault(self, file: str, line: int, reason: str, remedy: str) -> None:
        """Note an error."""
        self.findings.append(Finding(file, line, Severity.ERROR, reason, remedy))


def read_shelf(root: Path) -> Shelf:
    """Read every rulebook folder under ``root``; whatever is wrong becomes a finding of the shelf."""
    shelf = Shelf(root)
    for folder in sorted(path for path in root.iterdir() if path.is_dir() and path.name not in NOT_RULEBOOKS):
        if (folder / FIRST).is_file():
            _read_rulebook(shelf, folder)
        elif any(folder.rglob("*.yaml")):
            name = f"{folder.name}/{FIRST}"
            shelf.fault(name, 1, "this folder holds YAML but no rulebook.yaml", f"Write {name}.")
    return shelf


def lay_draft(shelf: Shelf, path: Path) -> str:
    """Lay the draft of a scorecard onto the shelf, as if it were law; the name under which findings speak of it.

    It belongs to the rulebook with which its id begins, and stands in the place of the versions with which it
    overlaps. Whatever is wrong with the file becomes a finding of the shelf.
    """
    file = path.absolute().as_posix()
    own = Shelf(shelf.root)
    _read_yaml(own, "", file, "scorecards/draft.yaml", path)
    shelf.findings += own.findings
    shelf.files["draft"] = own.files.get(file, b"")
    for entry in own.cards:
        book = next((info.id for info in shelf.rulebooks if entry.id.startswith(f"{info.id}/")), None)
        if book is None:
            known = ", ".join(sorted(info.id for info in shelf.rulebooks))
            reason = f"{entry.id} does not say to which rulebook the draft belongs"
            shelf.fault(file, entry.line("card"), reason, f"Begin the id with one of {known}, and a slash.")
            continue
        others = shelf.cards.versions(entry.id)
        stay = [other for other in others if not other.model.in_force.overlaps(entry.model.in_force)]
        shelf.cards.by_id[entry.id] = [*stay, replace(entry, book=book)]
        shelf.cards.written.add(entry.id)
    return file


def _read_rulebook(shelf: Shelf, folder: Path) -> None:
    book = folder.name
    paths = [folder / FIRST, *(p for p in sorted(folder.rglob("*")) if p.is_file() and p != folder / FIRST)]
    for path in paths:
        inside = path.relative_to(folder).as_posix()
        file = f"{folder.name}/{inside}"
        if any(part.startswith(".") for part in Path(inside).parts):
            continue
        if fnmatch(inside, "lookups/*.csv"):
            _read_lookup(shelf, book, file, path)
        elif path.suffix in (".yaml", ".yml"):
            _read_yaml(shelf, book, file, inside, path)
        if inside == FIRST and (infos := [entry for entry in shelf.rulebooks if entry.file == file]):
            book = infos[0].id


def _read_yaml(shelf: Shelf, book: str, file: str, inside: str, path: Path) -> None:
    shape = next((shape for shape in SHAPES if shape.holds(inside)), None)
    if shape is None:
        remedy = "A rulebook has " + ", ".join(shape.pattern for shape in SHAPES) + "."
        shelf.fault(file, 1, "no rule stands in a file of this name", remedy)
        return
    kind: Kind[Any] = getattr(shelf, shape.kind)
    try:
        text = _read(shelf, file, path)
        written = re.findall(rf"""^[ -]*{{? *{shape.key}: *['"]?([a-z0-9./-]+)""", text, re.MULTILINE)
        kind.written.update(written)
        document = parse(text)
    except Unreadable as fault:
        shelf.fault(file, fault.line, fault.reason, fault.remedy)
        return
    for line, key in document.repeated:
        shelf.fault(file, line, f"the key {key} is written twice", "Keep one of the two.")
    for loc, data in _parts(shelf, file, document, shape):
        try:
            model = shape.model.model_validate(data)
        except ValidationError as error:
            shelf.findings.extend(findings_of(error, shape.model, file, document, loc))
        else:
            kind.add(Entry(str(getattr(model, shape.key)), model, book, file, document, loc))


def _read(shelf: Shelf, file: str, path: Path) -> str:
    content = read_bytes(path)
    shelf.files[file] = content
    return decode(content)


def _parts(shelf: Shelf, file: str, document: Document, shape: Shape) -> Iterator[tuple[Loc, object]]:
    """The entries of a file: itself, or the members of its one list."""
    if shape.list is None:
        yield (), document.data
        return
    data = document.data
    if not isinstance(data, dict) or not isinstance(data.get(shape.list), list):
        line = document.line((shape.list,))
        shelf.fault(file, line, f"this file must hold a list under {shape.list}", f"Begin with `{shape.list}:`.")
        return
    for key in data:
        if key != shape.list:
            remedy = f"Only {shape.list} stands at the top of this file."
            shelf.fault(file, document.line((key,)), f"there is no key {key} here", remedy)
    for number, part in enumerate(data[shape.list]):
        yield (shape.list, number), part


def _read_lookup(shelf: Shelf, book: str, file: str, path: Path) -> None:
    """A lookup table: a CSV file with the columns ``from`` and ``to``, each ``from`` once."""
    table: dict[str, str] = {}
    try:
        rows = csv.reader(StringIO(_read(shelf, file, path), newline=""), strict=True)
        if next(rows, None) != ["from", "to"]:
            raise Unreadable(1, "a lookup table has the columns from and to", "Begin with the line `from,to`.")
        for row in rows:
            if len(row) != 2 or row[0] in table:
                fault = "is here twice" if len(row) == 2 else "is not a pair"
                raise Unreadable(
                    rows.line_num, f"{','.join(row)[:80]!r} {fault}", "One line for each value of from."
                )
            table[row[0]] = row[1]
    except Unreadable as fault:
        shelf.fault(file, fault.line, fault.reason, fault.remedy)
    except csv.Error as error:
        shelf.fault(file, rows.line_num, f"this is not CSV: {error}", "Check the quotes.")
    shelf.lookups[book, path.stem] = table
