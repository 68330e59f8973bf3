"""Editions of the list of article 69-B that were made up: no organisation in them exists."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from stdnum.mx import rfc

from probity.service.sat69b.model import STEPS, Stage
from probity.service.sat69b.read import CODE, COLUMNS, MONTHS, NAME, SITUATION

SITUATIONS = {
    Stage.PRESUMED: "Presunto",
    Stage.REBUTTED: "Desvirtuado",
    Stage.DEFINITIVE: "Definitivo",
    Stage.FAVOURABLE: "Sentencia Favorable",
}
HEADER = ("No", CODE, NAME, SITUATION, *COLUMNS.values())
BY_ORDER = "Información suprimida en cumplimiento a lo ordenado por la Sala Regional Inventada, juicio {}."


def code(n: int) -> str:
    """The tax number of the n-th organisation: made up, with the right check digit."""
    body = f"QX{chr(65 + n % 26)}0101{n // 26 % 28 + 1:02d}Z9"
    return body + rfc.calc_check_digit(body)


def name(n: int) -> str:
    """The name of the n-th organisation."""
    return f"{chr(65 + n % 26) * 3} EJEMPLO INVENTADO, S.A. DE C.V."


def words(day: date) -> str:
    """A day as documents have it."""
    return f"{day.day} de {list(MONTHS)[day.month - 1]} de {day.year}"


@dataclass(frozen=True)
class Made:
    """A row. ``steps``: by stage, document, its day, the day on the page and in the gazette (None: not yet)."""

    code: str
    name: str
    stage: Stage
    steps: dict[Stage, tuple[str, date, date, date | None]] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    """What stands in a column instead, by the name of the attribute."""

    def to(self, stage: Stage, document: str, page: date, gazette: date | None = None) -> Made:
        """The same, one step on."""
        return replace(self, stage=stage, steps={**self.steps, stage: (document, page, page, gazette)})

    def at(self, stage: Stage, **cells: str) -> Made:
        """The same with that stage, and other words in some columns."""
        return replace(self, stage=stage, cells={**self.cells, **cells})

    def suppressed(self, number: int) -> Made:
        """The same with name and code blotted out."""
        return replace(self, code="X" * 12, name=BY_ORDER.format(number))

    def row(self, number: int) -> list[str]:
        """As the authority writes it."""
        cells: dict[str, str] = {}
        for stage, (document, dated, page, gazette) in self.steps.items():
            step = STEPS[stage]
            cells[f"{step}_document"] = f"{document} de fecha {words(dated)}"
            cells[f"{step}_page"] = f"{page:%d/%m/%Y}"
            if gazette:
                cells[f"{step}_gazette_document"] = cells[f"{step}_document"]
                cells[f"{step}_gazette"] = f"{gazette:%d/%m/%Y}"
        cells |= self.cells
        said = (cells.get(name, "") for name in COLUMNS)
        return [str(number), self.code, self.name, SITUATIONS[self.stage], *said]


def presumed(n: int, document: str = "500-05-2019-100", gazette: date = date(2019, 3, 4)) -> Made:
    """The n-th organisation, presumed."""
    made = Made(code(n), name(n), Stage.PRESUMED)
    return made.to(Stage.PRESUMED, document, gazette, gazette)


def decided(made: Made, document: str = "500-05-2019-900", page: date = date(2019, 8, 1)) -> Made:
    """The same, decided in time and published."""
    return made.to(Stage.DEFINITIVE, document, page, page)


def ruled(made: Made, document: str = "500-05-2020-700", page: date = date(2020, 2, 3)) -> Made:
    """The same, undone by a ruling."""
    return made.to(Stage.FAVOURABLE, document, page, page)


def write(path: Path, rows: Sequence[Made], *, above: Sequence[str] = (), encoding: str = "utf-8") -> Path:
    """A file of the authority, with what stands ``above`` the header."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerows([line] for line in above)
        writer.writerow(HEADER)
        writer.writerows(each.row(number) for number, each in enumerate(rows, 1))
    return path
