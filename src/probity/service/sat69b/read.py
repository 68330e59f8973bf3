"""Read an edition of the list: the authority's CSV, in one file or several, into procedures.

Nothing is guessed. A cell that cannot be read keeps its words, and its row goes to quarantine.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from pathlib import Path

from probity.clock import Calendar
from probity.errors import IdentifierError, IntakeError, NaturalPersonError
from probity.identity import identify
from probity.service.sat69b.model import DAYS, STEPS, Edition, Procedure, Stage, Suppressed, Unread

CODE, NAME, SITUATION = "RFC", "Nombre del Contribuyente", "Situación del contribuyente"
_OF = {
    Stage.PRESUMED: ("presunción", "presuntos"),
    Stage.REBUTTED: ("contribuyentes que desvirtuaron", "desvirtuados"),
    Stage.DEFINITIVE: ("definitivos", "definitivos"),
    Stage.FAVOURABLE: ("sentencia favorable", "sentencia favorable"),
}
COLUMNS = {
    f"{STEPS[stage]}_{name}": column
    for stage, (document, published) in _OF.items()
    for name, column in (
        ("document", f"Número y fecha de oficio global de {document} SAT"),
        ("page", f"Publicación página SAT {published}"),
        ("gazette_document", f"Número y fecha de oficio global de {document} DOF"),
        ("gazette", f"Publicación DOF {published}"),
    )
}
SITUATIONS = {
    "presunto": Stage.PRESUMED,
    "desvirtuado": Stage.REBUTTED,
    "definitivo": Stage.DEFINITIVE,
    "sentencia favorable": Stage.FAVOURABLE,
}
_MONTHS = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
MONTHS = {month: number for number, month in enumerate(_MONTHS.split(), 1)}
_DOCUMENT = re.compile(
    r"(\d[\d-]+\d)\s+de(?:\s+fecha)?\s+(\d{1,2})\s+(?:de\s+)?([a-záéíóú]+)\s+(?:del?\s+)?(\d{4})", re.IGNORECASE
)
_DAY = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})(?!\d)")
_BETWEEN = re.compile(r"\([^()]*\)|[\s/.?,-]+")
"""What may stand between documents or days: separators, and a remark in brackets."""
_MASKED = re.compile(r"X{12,13}")
LATE = 45
"""Days from a document to its publication on the page above which the two are reported as far apart."""


def read(paths: Sequence[Path], calendar: Calendar) -> Edition:
    """The edition in the files at ``paths`` (parts of one). ``calendar``: to notice publications on days off.

    Raises IntakeError for a file that cannot be read or lacks a column, and where there is no procedure at all.
    """
    reading = _Reading(calendar)
    for path in paths:
        for row in _rows(path):
            reading.add(row)
    if not reading.procedures:
        raise IntakeError(
            "the files hold no procedure that can be read",
            where=", ".join(map(str, paths)),
            remedy="Name the list of article 69-B as the authority publishes it.",
        )
    return reading.edition()


def _rows(path: Path) -> Iterator[Mapping[str, str]]:
    """The rows, whatever stands above the header; UTF-8, or the Windows encoding that the authority uses."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise IntakeError(
            f"the file cannot be read: {error.strerror}", where=str(path), remedy="Check its name and rights."
        ) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    lines = csv.reader(StringIO(text, newline=""))
    header = next((line for line in lines if CODE in line), None)
    wanted = {CODE, NAME, SITUATION, *COLUMNS.values()}
    if header is None or (missing := sorted(wanted - {_tidy(name) for name in header})):
        lacking = "no header" if header is None else f"no column {missing[0]!r}"
        raise IntakeError(
            f"this is not the list of article 69-B: {lacking}",
            where=str(path),
            remedy="Take the file with all situations, with the documents of each step in columns of their own.",
        )
    names = [_tidy(name) for name in header]
    for line in lines:
        if any(line):
            yield {name: _tidy(cell) for name, cell in zip(names, line, strict=False)}


def _tidy(text: str) -> str:
    return " ".join(text.split())


@dataclass
class _Reading:
    """What was read so far."""

    calendar: Calendar
    rows: int = 0
    persons: int = 0
    procedures: dict[str, Procedure] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)
    suppressed: list[Suppressed] = field(default_factory=list)
    oddities: Counter[str] = field(default_factory=Counter)

    def add(self, row: Mapping[str, str]) -> None:
        """Read one row."""
        self.rows += 1
        said, sound = self._steps(row)
        code, stage = row.get(CODE, ""), SITUATIONS.get(row.get(SITUATION, "").casefold())
        if _MASKED.fullmatch(code):
            self.suppressed.append(Suppressed(row.get(NAME, ""), stage or row.get(SITUATION, ""), said))
            return
        try:
            found = identify("mx-rfc", code)
        except NaturalPersonError:
            self.persons += 1
            return
        except IdentifierError:
            sound = False
        else:
            code = found.code
            self.oddities["check digit of the tax number wrong"] += bool(found.warnings)
        number = said.get("presumption_document", "").partition(" of ")[0]
        cells = {"rfc": code, "number": number, "name": row.get(NAME, ""), **said}
        cells["stage"] = stage or row.get(SITUATION, "")
        if not sound or stage is None or not number or "presumption_gazette" not in said:
            self.unread.append(Unread(cells, entry=False))
        elif stage is Stage.DEFINITIVE and "decision_document" not in said:
            self.unread.append(Unread(cells, entry=True))
        else:
            self._keep(Procedure(code, number, stage, cells["name"], said), cells)

    def edition(self) -> Edition:
        """What was read."""
        return Edition(
            rows=self.rows,
            procedures=self.procedures,
            unread=tuple(self.unread),
            suppressed=tuple(self.suppressed),
            persons=self.persons,
            oddities=dict(sorted((+self.oddities).items())),
        )

    def _keep(self, procedure: Procedure, cells: Mapping[str, str]) -> None:
        other = self.procedures.setdefault(procedure.key, procedure)
        if other is procedure:
            self._look(procedure)
        elif other == procedure:
            self.oddities["row repeated word for word"] += 1
        else:
            self.unread.append(Unread(cells, entry=False))

    def _steps(self, row: Mapping[str, str]) -> tuple[dict[str, str], bool]:
        """The attributes of the steps, and whether all could be read; what could not stands in a day's place."""
        said: dict[str, str] = {}
        sound = True
        for step in STEPS.values():
            written = [row.get(COLUMNS[f"{step}_{name}"], "") for name in ("document", "gazette_document")]
            named = [_documents(text) for text in written]
            for text, documents in zip(written, named, strict=True):
                if documents is None:
                    said[f"{step}_dated"], sound = text, False
            page, gazette = named
            if page:
                said.setdefault(f"{step}_dated", page[0][0].isoformat())
                said[f"{step}_document"] = _named(page)
            if gazette and gazette != page:
                said[f"{step}_gazette_document"] = _named(gazette)
            sound &= self._published(step, row, said)
        return said, sound

    def _published(self, step: str, row: Mapping[str, str], said: dict[str, str]) -> bool:
        sound, again = True, []
        for what in ("page", "gazette"):
            written = row.get(COLUMNS[f"{step}_{what}"], "")
            days = _days(written)
            if days is None:
                said[f"{step}_{what}"], sound = written, False
            elif days:
                said[f"{step}_{what}"] = days[0].isoformat()
                again += [f"{what} {day}" for day in days[1:]]
        if again:
            said[f"{step}_again"] = ", ".join(again)
        return sound

    def _look(self, procedure: Procedure) -> None:
        """Count what is strange about its days."""
        for stage in STEPS:
            dated, page, gazette = (procedure.day(stage, what) for what in DAYS)
            step = STEPS[stage]
            for day, where in ((page, "on the page"), (gazette, "in the gazette")):
                off = day is not None and day.year in self.calendar.announced and not self.calendar.works(day)
                self.oddities[f"{step}: {where} on a day off"] += off
            if dated and page:
                self.oddities[f"{step}: on the page before the day of its document"] += page < dated
                far = (page - dated).days > LATE
                self.oddities[f"{step}: on the page more than {LATE} days after its document"] += far
            if page and gazette:
                self.oddities[f"{step}: in the gazette before the page"] += gazette < page
            self.oddities[f"{step}: published more than once"] += f"{step}_again" in procedure.said
            other = f"{step}_gazette_document" in procedure.said
            self.oddities[f"{step}: another document in the gazette than on the page"] += other


def _documents(written: str) -> list[tuple[date, str]] | None:
    """Day and number of the documents of a cell, the earliest first; None where it holds something else too."""
    if not _empty(_DOCUMENT.sub("", written)):
        return None
    found = []
    for number, day, month, year in _DOCUMENT.findall(written):
        when = _day(year, MONTHS.get(month.casefold(), 0), day)
        if when is None:
            return None
        found.append((when, number))
    return sorted(set(found))


def _named(documents: Sequence[tuple[date, str]]) -> str:
    return " // ".join(f"{number} of {day}" for day, number in documents)


def _days(written: str) -> list[date] | None:
    """The days of a cell, the earliest first; None where it holds something else too."""
    if not _empty(_DAY.sub("", written)):
        return None
    found = [
        _day(f"20{year}" if len(year) == 2 else year, int(month), day)
        for day, month, year in _DAY.findall(written)
    ]
    return sorted({day for day in found if day}) if None not in found else None


def _day(year: str, month: int, day: str) -> date | None:
    try:
        return date(int(year), month, int(day))
    except ValueError:
        return None


def _empty(rest: str) -> bool:
    return not _BETWEEN.sub("", rest)
