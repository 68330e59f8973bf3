"""Cases and entries looked up: by number, organisation, list, and by what time brings about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db import connection

from probity.errors import NotFoundError
from probity.ledger import prepared, statements
from probity.procedures.kept import Entry, KeptCase, concerned
from probity.procedures.listing import Listing, cases_of
from probity.rulebook import Law, ListKind

AT_ONCE = 2_000
"""Organisations given together."""

CASE = ", ".join(field.name for field in fields(KeptCase))
ENTRY = ", ".join(field.name for field in fields(Entry))


def kept_case(number: str) -> KeptCase:
    """The case of that number as it is kept. Raises NotFoundError."""
    row = prepared(f"SELECT {CASE} FROM procedures_case WHERE number = %s", [number]).fetchone()
    if row is None:
        raise NotFoundError(
            f"no case has the number {number!r}",
            remedy="A number is written authority/list/year/n; probity case list shows those there are.",
        )
    return KeptCase(*row)


def case(number: str, law: Law) -> Listing:
    """The case of that number, replayed from the ledger. Raises NotFoundError."""
    return next(each for each in cases_about(kept_case(number).subject, law) if each.number == number)


def cases_about(subject: str, law: Law) -> tuple[Listing, ...]:
    """Every case about an organisation, replayed from the ledger, the oldest first."""
    has = concerned(law)
    return cases_of(statements([subject], items=sorted(has.steps | has.lists)), law)


def entries_of(subjects: Sequence[str], day: date) -> list[Entry]:
    """The entries of some organisations that are in force on ``day``, by organisation and day of decision."""
    sql = f"""
        SELECT {ENTRY} FROM procedures_entry WHERE subject = ANY(%s) AND begins <= %s
           AND (ends IS NULL OR ends >= %s) AND (ended IS NULL OR ended > %s)
         ORDER BY subject, begins, position
    """
    return [_entry(row) for row in prepared(sql, [list(subjects), day, day, day])]


def due(
    day: date, *, after: tuple[date, str] | None = None, limit: int | None = None
) -> list[tuple[date, str, str]]:
    """The cases in which time can have brought something about by ``day``: since when, number, and organisation;
    in that order, after a place in it, so many at most."""
    since, number = after or (date.min, "")
    sql = (
        "SELECT tick_on, number, subject FROM procedures_case"
        " WHERE tick_on <= %s AND (tick_on, number) > (%s, %s) ORDER BY tick_on, number LIMIT %s"
    )
    return fetched(sql, [day, since, number, limit])


def count_due(day: date) -> int:
    """How many they are."""
    return int(fetched("SELECT count(*) FROM procedures_case WHERE tick_on <= %s", [day])[0][0])


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases are asked for: of an organisation, on a list, those in which something is due by a day."""

    subject: str | None = None
    list: str | None = None
    due_by: date | None = None
    limit: int | None = None


def kept_cases(wanted: Wanted) -> list[KeptCase]:
    """The cases asked for as they are kept, the latest first."""
    where, parameters = ["true"], []
    for condition, value in (
        ("subject = %s", wanted.subject),
        ("list = %s", wanted.list),
        ("tick_on <= %s", wanted.due_by),
    ):
        if value is not None:
            where.append(condition)
            parameters.append(value)
    sql = f"SELECT {CASE} FROM procedures_case WHERE {' AND '.join(where)} ORDER BY position DESC LIMIT %s"
    return [KeptCase(*row) for row in fetched(sql, [*parameters, wanted.limit])]


def number_for(authority: str, list_: str, year: int) -> str:
    """The next free number of a case. Asked under the ledger's lock."""
    start = f"{authority}/{list_}/{year}/"
    sql = (
        "SELECT coalesce(max(split_part(substr(number, length(%s) + 1), '/', 1)::int), 0) + 1 FROM procedures_case"
        " WHERE list = %s AND authority = %s AND starts_with(number, %s)"
    )
    return f"{start}{fetched(sql, [start, list_, authority, start])[0][0]}"


def subjects_with(items: Sequence[str]) -> Iterator[list[str]]:
    """The organisations about which records of some items were stated, in their order, some at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT subject FROM ledger_statement WHERE item = ANY(%s) ORDER BY subject", [list(items)]
        )
        while some := cursor.fetchmany(AT_ONCE):
            yield [subject for (subject,) in some]


def count_subjects(items: Sequence[str]) -> int:
    """How many organisations they are."""
    sql = "SELECT count(DISTINCT subject) FROM ledger_statement WHERE item = ANY(%s)"
    return int(fetched(sql, [list(items)])[0][0])


def _entry(row: Sequence[Any]) -> Entry:
    record, subject, list_, kind, *others = row
    return Entry(bytes(record).hex(), subject, list_, ListKind(kind), *others)


def fetched(sql: str, parameters: Sequence[Any]) -> list[Any]:
    """The rows of a query that is planned for these very values."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()  # type: ignore[no-any-return]
