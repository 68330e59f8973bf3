"""Keeping cases and entries in step with the ledger, in the transaction of each batch; comparing them with it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields
from datetime import UTC, timedelta
from itertools import islice
from operator import attrgetter
from typing import Any

from django.db import connection

from probity import ledger
from probity.errors import LedgerError, ProbityError
from probity.ledger import Act, Statement, by_subject, prepared
from probity.procedures.kept import Decided, Entry, KeptCase, concerned, kept
from probity.procedures.store.look import fetched
from probity.rulebook import Law

AT_ONCE = 2_000
"""Organisations whose rows are derived together."""

LATEST_RECORDING = timedelta(days=1)
"""What a procedure states is recorded within a day of the day that it bears (charter 4, 11)."""

CASE = tuple(field.name for field in fields(KeptCase))
ENTRY = (*(field.name for field in fields(Entry)), "proposer", "decider")
_case_row = attrgetter(*CASE)
_entry_row = attrgetter(*ENTRY[1:-2])
BY_LAW = ("window_ends", "tick_on")
"""What another law can change without a statement: holidays are announced year by year."""


def follow(
    subjects: Collection[str],
    law: Law,
    *,
    generated: bool = False,
    items: Collection[str] | None = None,
    strict: bool = True,
) -> None:
    """Bring the cases and entries of ``subjects`` up to date with what was stated about them.

    Runs in the transaction of the batch, before it is sealed (``generated``: whether that batch is) or after.
    ``items`` are those of the batch, if it is known that there are no others: most have no part in a case.
    Where a case cannot be replayed, LedgerError is raised if ``strict`` (the statements are its own); else the
    rows of that organisation stay as they are and fsck names it: nobody's objection is refused for that.
    """
    if items is not None:
        subjects = _touched(subjects, law, items)
    for some in _some(sorted(subjects)):
        _write(*_derived(some, law, generated, strict=strict))
    if subjects:
        prepared(
            "INSERT INTO procedures_progress (id, law, dispatched) VALUES (1, %s, 0) ON CONFLICT DO NOTHING",
            [bytes.fromhex(law.hash)],
        )


def follow_batch(first: int, law: Law, *, generated: bool, item: str) -> None:
    """The same for the statements of a file: those from position ``first`` on, all of ``item``."""
    has = concerned(law)
    if item in has.lists | has.steps:
        sql = "SELECT DISTINCT subject FROM ledger_statement WHERE position >= %s"
    elif item in has.registers:
        sql = (
            "SELECT DISTINCT subject FROM procedures_case c WHERE closed_on IS NULL AND EXISTS"
            " (SELECT FROM ledger_statement s WHERE s.subject = c.subject AND s.position >= %s)"
        )
    else:
        return
    follow([subject for (subject,) in fetched(sql, [first])], law, generated=generated, strict=False)


def refresh(law: Law) -> Iterator[tuple[int, int]]:
    """Derive every case and entry anew where they were derived under another law; how many organisations are done,
    of how many, after each commit. Nothing where the law is the same."""
    if _kept_law() in (None, law.hash):
        return
    has = concerned(law)
    known = "SELECT subject FROM procedures_case UNION SELECT subject FROM procedures_entry"
    subjects = [subject for (subject,) in fetched(f"{known} ORDER BY 1", [])]
    stated = "SELECT DISTINCT subject FROM ledger_statement WHERE item = ANY(%s)"
    subjects = sorted({*subjects, *(subject for (subject,) in fetched(stated, [sorted(has.lists | has.steps)]))})
    done = 0
    for some in _some(subjects):
        with ledger.writing():
            _write(*_derived(some, law, None, strict=False))
        done += len(some)
        yield done, len(subjects)
    prepared("UPDATE procedures_progress SET law = %s", [bytes.fromhex(law.hash)])


def differences(law: Law) -> Iterator[str]:
    """Where rows differ from what the ledger gives, and cases that cannot have happened, a sentence each."""
    has = concerned(law)
    same = _kept_law() in (None, law.hash)
    stated = "SELECT DISTINCT subject FROM ledger_statement WHERE item = ANY(%s)"
    known = "SELECT subject FROM procedures_case UNION SELECT subject FROM procedures_entry"
    subjects = sorted(
        {subject for (subject,) in (*fetched(stated, [sorted(has.lists | has.steps)]), *fetched(known, []))}
    )
    for some in _some(subjects):
        cases: list[KeptCase] = []
        entries: list[Decided] = []
        replayed = set(some)
        for subject, mine in by_subject(some, items=has.items).items():
            yield from _late(mine, has.steps)
            try:
                found = kept(mine, law)
            except (ProbityError, AssertionError) as error:
                replayed.discard(subject)
                yield f"the cases of {subject} cannot have happened: {error}"
                continue
            cases += found[0]
            entries += found[1]
        whose = sorted(replayed)
        yield from _compared("case", "number", CASE, whose, [_case_row(case) for case in cases], same)
        yield from _compared("entry", "record", ENTRY, whose, [_row(entry) for entry in entries], same)


def _late(stated: Sequence[Statement], steps: Collection[str]) -> Iterator[str]:
    """Statements of a procedure that were recorded on another day than they bear."""
    for each in stated:
        of_case = each.item in steps or (each.attributes.get("case") and each.act is Act.STATE)
        recorded = each.recorded_at.astimezone(UTC).date()
        if of_case and not each.generated and abs(recorded - each.valid_from) > LATEST_RECORDING:
            yield (
                f"statement {each.id} of {each.reference} bears {each.valid_from} and was recorded on {recorded}:"
                " a procedure states on the day"
            )


# -- derived and written -----------------------------------------------------------------------------------


def _touched(subjects: Collection[str], law: Law, items: Collection[str]) -> Collection[str]:
    """Those of ``subjects`` whose cases or entries statements of ``items`` can change."""
    has, these = concerned(law), set(items)
    if these & (has.lists | has.steps):
        return subjects
    tables = []
    if these & has.marks:
        tables.append("SELECT subject FROM procedures_entry WHERE subject = ANY(%s)")
    if these & has.registers:
        tables.append("SELECT subject FROM procedures_case WHERE subject = ANY(%s) AND closed_on IS NULL")
    return {subject for sql in tables for (subject,) in prepared(sql, [list(subjects)])}


def _derived(
    subjects: Sequence[str], law: Law, generated: bool | None, *, strict: bool
) -> tuple[list[str], list[KeptCase], list[Decided]]:
    """The organisations whose rows could be derived, and their rows."""
    done: list[str] = []
    cases: list[KeptCase] = []
    entries: list[Decided] = []
    for subject, mine in by_subject(subjects, items=concerned(law).items, unsealed=generated).items():
        try:
            found = kept(mine, law)
        except LedgerError:
            if strict:
                raise
            continue
        done.append(subject)
        cases += found[0]
        entries += found[1]
    return done, cases, entries


def _write(subjects: Sequence[str], cases: Sequence[KeptCase], entries: Sequence[Decided]) -> None:
    """Put these rows in the place of those of ``subjects``."""
    for table, columns, rows in (
        ("procedures_case", CASE, [_case_row(case) for case in cases]),
        ("procedures_entry", ENTRY, [_row(entry) for entry in entries]),
    ):
        prepared(f"DELETE FROM {table} WHERE subject = ANY(%s)", [list(subjects)])
        _copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN", rows)


def _row(decided: Decided) -> tuple[Any, ...]:
    entry = decided.entry
    return (bytes.fromhex(entry.record), *_entry_row(entry), decided.proposer, decided.decider)


def _copy(command: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if not rows:
        return
    with connection.wrap_database_errors, connection.connection.cursor() as cursor, cursor.copy(command) as copy:
        for row in rows:
            copy.write_row(row)


# -- compared ----------------------------------------------------------------------------------------------


def _compared(
    what: str,
    key: str,
    columns: Sequence[str],
    subjects: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    same_law: bool,
) -> Iterator[str]:
    sql = f"SELECT {', '.join(columns)} FROM procedures_{what} WHERE subject = ANY(%s)"
    there = {_name(row[columns.index(key)]): row for row in fetched(sql, [list(subjects)])}
    anew = {_name(row[columns.index(key)]): row for row in rows}
    for name in sorted(there.keys() | anew.keys()):
        if name not in there:
            yield f"{what} {name} is missing"
        elif name not in anew:
            yield f"{what} {name} is derived from nothing"
        else:
            pairs = zip(columns, there[name], anew[name], strict=True)
            other = [
                column
                for column, is_, should in pairs
                if _plain(is_) != _plain(should) and (same_law or column not in BY_LAW)
            ]
            if other:
                yield f"{what} {name} is not what the ledger says: {', '.join(other)}"


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def _name(value: Any) -> str:
    return str(value) if isinstance(value, str) else bytes(value).hex()


def _kept_law() -> str | None:
    found = fetched("SELECT law FROM procedures_progress", [])
    return bytes(found[0][0]).hex() if found else None


def _some(subjects: Sequence[str]) -> Iterator[list[str]]:
    left = iter(subjects)
    while some := list(islice(left, AT_ONCE)):
        yield some
