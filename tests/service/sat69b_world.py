"""Two editions of the list of article 69-B, made up, and what the ledger says after they were taken in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from tests.service.sat69b_made import Made, code, decided, presumed, ruled, write

from probity.rulebook import load
from probity.service import sat69b
from probity.service.sat69b.model import ENTRY, Stage
from probity.service.sat69b.records import Standing
from probity.service.sat69b.take import stated
from probity.service.wiring import rulebooks

LAW = load(rulebooks())
CALENDAR = LAW.calendar("mx")
DAY = date(2020, 6, 1)

PRESUMED, LISTED, WAITING, WON, REBUTTED, SUPPRESSED, TWICE, UNDONE = range(1, 9)
ORDER = 77


def of(n: int) -> str:
    """The key of the n-th organisation."""
    return f"mx-rfc:{code(n)}"


FIRST = (
    presumed(PRESUMED),
    decided(presumed(LISTED)),
    presumed(WAITING).to(Stage.DEFINITIVE, "500-05-2019-900", date(2019, 8, 1)),
    decided(presumed(WON)),
    presumed(REBUTTED),
    decided(presumed(SUPPRESSED, "500-05-2019-200")),
    ruled(decided(presumed(TWICE))),
    ruled(decided(presumed(UNDONE))),
    presumed(9).suppressed(1),
)
SECOND = (
    presumed(PRESUMED).at(Stage.PRESUMED, presumption_gazette="43528"),
    decided(presumed(LISTED)).at(Stage.DEFINITIVE, decision_page="30/01/2020 - 01/08/2019"),
    decided(presumed(WAITING)),
    ruled(decided(presumed(WON))),
    presumed(REBUTTED).to(Stage.REBUTTED, "500-05-2019-300", date(2019, 9, 2), date(2019, 9, 20)),
    decided(presumed(SUPPRESSED, "500-05-2019-200")).suppressed(ORDER),
    ruled(decided(presumed(TWICE))),
    decided(presumed(TWICE, "500-05-2020-100", date(2020, 3, 2)), "500-05-2020-800", date(2020, 9, 1)),
    ruled(decided(presumed(UNDONE))).at(Stage.DEFINITIVE),
    presumed(10, "500-05-2020-100", date(2020, 3, 2)),
    presumed(9).suppressed(1),
)


def edition(folder: Path, rows: Sequence[Made]) -> sat69b.Edition:
    return sat69b.read([write(folder / "69b.csv", rows)], CALENDAR)


Take = Callable[[Sequence[Made]], sat69b.Taken]


def taker(folder: Path) -> Take:
    """Takes an edition of some rows in."""
    return lambda rows: sat69b.take(edition(folder, rows), LAW, source="69b")


def standing() -> Standing:
    return Standing.read(stated())


def listed() -> set[str]:
    """Whoever has an entry in the ledger."""
    return {each.subject for each in standing().of[ENTRY].values()}
