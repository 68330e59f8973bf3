"""A generated province: the files that the agencies of an invented Zhejiang deliver, for demo and tests.

No Chinese penalties, lists or arrears exist as public data, so these are made up, from a seed, and every row says
so in its column 提示. Nothing here can be mistaken for a real organisation: the cities do not exist, and the
region in every code begins with 3399, a prefecture that Zhejiang has never had (its codes are 3301 to 3311).

The skew is that of the published distribution (rulesheet O9): most enterprises are clean, a few have many records.
About one row in a thousand is wrong on purpose (``FAULTS``), and one source, volunteering, never delivers, so that
quarantine and "not known" can be seen. Objections and repairs are no part of the files: they refer to statements.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from probity.errors import QuestionError
from probity.identity import compose
from probity.service.demo.people import LAST_DAY, populate
from probity.service.demo.sheets import SHEETS, Columns

__all__ = ["FAULTS", "LAST_DAY", "MOST", "NOTICE", "GeneratedFile", "generate"]

NOTICE = "生成数据 generated data"
MOST = 800_000
"""The most organisations that get a name of their own."""
FAULTS = (
    "wrong-check-character",
    "individual-trader",
    "unknown-organisation",
    "future-date",
    "duplicate",
    "conflicting-duplicate",
)
"""What is wrong on purpose, about one row in a thousand of the larger files, in turn."""


@dataclass(frozen=True, slots=True)
class GeneratedFile:
    """A file and the intake mapping that reads it."""

    path: Path
    mapping: str


def generate(folder: Path, organisations: int = 20_000, seed: int = 2020) -> list[GeneratedFile]:
    """Write the files of a province of that many organisations into ``folder``, in the order of intake.

    About seven records to an organisation. The same arguments give the same bytes. Raises QuestionError where
    there are not between 100 and ``MOST`` organisations.
    """
    if not 100 <= organisations <= MOST:
        raise QuestionError(
            f"a province of {organisations} organisations cannot be generated",
            remedy=f"Ask for 100 to {MOST:,}.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    people = populate(organisations, seed)
    made = []
    for name, sheet in SHEETS.items():
        rng = np.random.default_rng([seed, *name.encode()])
        columns = sheet(rng, people)
        path = folder / f"{name}.csv"
        _write(path, columns, rng)
        made.append(GeneratedFile(path, f"cn-zhejiang-2020/{name}"))
    return made


# -- writing -------------------------------------------------------------------------------------------


def _write(path: Path, columns: Columns, rng: np.random.Generator) -> None:
    header = [*columns, "提示"]
    rows = [[*row, NOTICE] for row in zip(*columns.values(), strict=True)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(_spoiled(rows, header, rng))


def _spoiled(rows: list[list[object]], header: list[str], rng: np.random.Generator) -> Iterator[list[object]]:
    """The rows, about one in a thousand of them wrong. Registrations only gain rows: the rest hangs on them."""
    code = next(i for i, name in enumerate(header) if "统一社会信用代码" in name)
    day = next(i for i, name in enumerate(header) if name.endswith("日期"))
    registers = "成立日期" in header
    wrong = set(rng.choice(len(rows), len(rows) // 1000, replace=False).tolist())
    for fault, number in enumerate(sorted(wrong)):
        kind = "individual-trader" if registers else FAULTS[fault % len(FAULTS)]
        row = list(rows[number])
        if registers or kind.endswith("duplicate"):
            yield list(rows[number])
        _break(row, kind, code, day)
        rows[number] = row
    yield from rows


def _break(row: list[object], kind: str, code: int, day: int) -> None:
    sound = str(row[code])
    if kind == "wrong-check-character":
        row[code] = sound[:-1] + ("0" if sound[-1] != "0" else "1")
    elif kind == "individual-trader":
        row[code] = "92" + sound[2:]
    elif kind == "unknown-organisation":
        row[code] = compose("9", "1", "339999", sound[8:16])
    elif kind == "future-date":
        row[day] = "2096" + str(row[day])[4:]
    elif kind == "conflicting-duplicate":
        text = str(row[day])
        row[day] = text[:-2] + ("01" if text[-2:] != "01" else "02")
