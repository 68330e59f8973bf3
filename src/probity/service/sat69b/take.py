"""Bring the ledger up to an edition of the list, by the ordinary doors: new rows as files, changes as statements.

Every step looks at what is missing, and each is a transaction of its own: killed in the middle and run again,
it goes on from there and leaves one of each. What speaks for the organisations comes first.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection

from probity import intake, ledger
from probity.errors import IntakeError
from probity.intake import Receipt
from probity.ledger import Draft
from probity.rulebook import Law
from probity.service import acts
from probity.service.sat69b import records
from probity.service.sat69b.compare import Comparison, compare, law_of
from probity.service.sat69b.model import (
    AUTHORITY,
    CELLS,
    ENTRY,
    LIST,
    PROCEDURE,
    REGISTRATION,
    Edition,
    Suppressed,
)
from probity.service.sat69b.records import Difference, Records, Standing
from probity.service.wiring import today

Told = Callable[[int, int, str], None]
"""Is told how much is done, of how much, and of what."""

AT_ONCE = 250
"""Corrections in one transaction. What is no longer on the list goes in one, so that nobody is half gone."""
GONE_AT_MOST = 0.05
"""The part of the procedures that may be gone from one edition to the next; more, and the file is not whole."""
GONE_ANYHOW = 20
"""So many may be gone of a small list too."""
MASKED = re.compile(r"X{12,13}")
MAPPINGS = {REGISTRATION: "organisations", PROCEDURE: "procedures", ENTRY: "entries"}
HEADERS = {
    REGISTRATION: ("rfc", "name", "kind", "since"),
    PROCEDURE: ("rfc", "number", "name", "stage", "held", *CELLS),
    ENTRY: ("rfc", "number", "ends", *CELLS),
}


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import did: the moves that it found, the receipts of what it took in, and how many statements
    corrected or withdrew an earlier one, by item."""

    comparison: Comparison
    receipts: tuple[Receipt, ...]
    corrected: Mapping[str, int]
    withdrawn: Mapping[str, int]


def take(edition: Edition, law: Law, *, source: str, told: Told = lambda done, total, what: None) -> Taken:
    """State what the edition says and the ledger does not, correct and withdraw what it says no longer.

    ``source`` names the file. Raises IntakeError where the edition is older than the one in the ledger or has lost
    too many procedures to be whole; nothing is stated then.
    """
    standing = Standing.read(stated())
    before = _edition_of(standing)
    comparison = compare(before, edition, *law_of(law))
    if before is not None:
        _plausible(before, edition, comparison)
    edition = _with_held(edition, comparison)
    unread = frozenset(each.key for each in edition.unread)
    codes = frozenset(each.cells["rfc"] for each in edition.unread)
    changes = {
        REGISTRATION: records.difference(
            REGISTRATION, records.registrations(edition), standing.of[REGISTRATION], codes
        ),
        PROCEDURE: records.difference(PROCEDURE, records.procedures(edition), standing.of[PROCEDURE], unread),
        ENTRY: records.difference(ENTRY, records.entries(edition, law), standing.of[ENTRY], unread),
    }
    gone = [draft for item in (ENTRY, PROCEDURE, REGISTRATION) for draft in changes[item].withdrawn]
    _state(gone, law, f"{source}: no longer on the list", told, at_once=len(gone))
    receipts = [
        receipt for item in MAPPINGS for receipt in _take_in(item, changes[item], edition, law, source, told)
    ]
    return Taken(
        comparison=comparison,
        receipts=tuple(receipts),
        corrected={item: len(change.corrected) for item, change in changes.items()},
        withdrawn={item: len(change.withdrawn) for item, change in changes.items()},
    )


def stated() -> Iterator[ledger.Statement]:
    """Everything that the authority stated about the organisations of the list."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT s.subject FROM ledger_batch b"
            " JOIN ledger_statement s ON s.position BETWEEN b.first_position AND b.last_position"
            " WHERE b.item = ANY(%s) AND b.issuer = %s",
            [list(MAPPINGS), AUTHORITY],
        )
        subjects = [subject for (subject,) in cursor.fetchall()]
    yield from ledger.statements(subjects, items=list(MAPPINGS)) if subjects else ()


def _edition_of(standing: Standing) -> Edition | None:
    """The edition before, as far as the ledger and the quarantine tell it; None where there was none."""
    procedures = standing.procedures()
    if not procedures:
        return None
    rows = (dict(row) for row in _quarantined() if MASKED.fullmatch(row.get("rfc", "")))
    suppressed = tuple(Suppressed(row["name"], row["stage"], _steps(row)) for row in rows)
    return Edition(len(procedures), procedures, (), suppressed, 0, {})


def _steps(row: Mapping[str, str]) -> dict[str, str]:
    return {cell: row[cell] for cell in CELLS if row.get(cell)}


def _quarantined() -> Iterator[Mapping[str, str]]:
    """The rows of the list that are in quarantine, as they were handed in."""
    names = {f"{LIST}/{name}" for name in MAPPINGS.values()}
    yield from (row.cells for row in intake.listed() if row.mapping in names and row.cells is not None)


def _plausible(before: Edition, edition: Edition, comparison: Comparison) -> None:
    if edition.newest < before.newest:
        raise IntakeError(
            f"this edition ends on {edition.newest}, and the ledger has one that ends on {before.newest}",
            remedy="Import the editions in their order; an older one cannot follow a newer one.",
        )
    gone = sum(1 for move in comparison.moves if move.after is None and move.order is None)
    if gone > max(GONE_AT_MOST * len(before.procedures), GONE_ANYHOW):
        raise IntakeError(
            f"{gone:,} of {len(before.procedures):,} procedures are gone without an order",
            remedy="The files seem not to be whole; take them from the authority again, all parts together.",
        )


def _with_held(edition: Edition, comparison: Comparison) -> Edition:
    held = {move.after.key: move.held for move in comparison.moves if move.after}
    return replace(edition, procedures={key: each.hold(held[key]) for key, each in edition.procedures.items()})


# -- writing ----------------------------------------------------------------------------------------


def _state(drafts: Sequence[Draft], law: Law, source: str, told: Told, *, at_once: int = AT_ONCE) -> None:
    for start in range(0, len(drafts), max(at_once, 1)):
        some = drafts[start : start + at_once]
        told(start, len(drafts), "changes to what was stated")
        acts.state(some, law, source=source)


def _take_in(
    item: str, change: Difference, edition: Edition, law: Law, source: str, told: Told
) -> Iterator[Receipt]:
    """Take in what is new of the item, then what goes to quarantine, and correct the rest."""
    name = MAPPINGS[item]
    mapping = law.mapping(f"{LIST}/{name}", today())
    files = {name: _rows(change.new, edition), f"{name}-unreadable": _unreadable(item, edition)}
    with TemporaryDirectory() as folder:
        for part, rows in files.items():
            if rows:
                path = Path(folder) / f"{source}-{part}.csv"
                _write(path, HEADERS[item], rows)
                yield intake.take_in(
                    path,
                    mapping,
                    law,
                    today=today(),
                    progress=lambda done, total, _: told(done, total, f"{name}: bytes taken in"),
                )
    _state(change.corrected, law, f"{source}: another edition of the list", told)


def _rows(new: Records, edition: Edition) -> list[Mapping[str, str]]:
    rows: list[Mapping[str, str]] = []
    for reference, said in new.items():
        code, _, number = reference.partition("|")
        row = {"rfc": code, "number": number, "since": said.valid_from.isoformat()}
        row |= {name: str(value) for name, value in said.attributes.items()}
        if said.valid_to:
            row |= {"ends": said.valid_to.isoformat(), **edition.procedures[reference].said}
        rows.append(row)
    return rows


def _unreadable(item: str, edition: Edition) -> list[Mapping[str, str]]:
    """The rows for quarantine: those that were not read, and those without a name, which nobody can be found by.

    What is in quarantine already is not put there again.
    """
    if item == REGISTRATION:
        return []
    rows: list[Mapping[str, str]] = [each.cells for each in edition.unread if each.entry == (item == ENTRY)]
    if item == PROCEDURE:
        masked = "X" * 12
        rows += [
            {"rfc": masked, "name": each.order, "stage": each.stage, **each.said} for each in edition.suppressed
        ]
    known = Counter(_mark(row, item) for row in _quarantined())
    left = []
    for row in rows:
        mark = _mark(row, item)
        if known[mark]:
            known[mark] -= 1
        else:
            left.append(row)
    return left


def _mark(row: Mapping[str, str], item: str) -> tuple[str, ...]:
    return tuple(str(row.get(name) or "") for name in HEADERS[item])


def _write(path: Path, header: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
