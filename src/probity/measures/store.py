"""Entries, answers and look-ups in PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection, transaction

from probity.errors import NotFoundError, StoreError
from probity.ledger import Act, Statement, Value, prepared, statements, together
from probity.measures.acts import ITEMS
from probity.measures.answer import Answering, replay
from probity.measures.codec import STATED, event, read_event
from probity.measures.model import Decision, Entry, Purpose
from probity.procedures import Officer
from probity.rulebook import Law, ListKind

Row = tuple[Any, ...]

FEW = 20
"""Up to so many organisations, commands are planned once for a connection; beyond, anew each time."""

# -- entries ------------------------------------------------------------------------------------------------

ENTRY = """e.list, e.kind, e.begins, e.ends, e.ended, e.imported, e.band, e.record, e.subject, e.issuer,
    e.case_number, e.criterion, e.basis, e.document, e.contested_since, e.proposer, e.decider, e.generated"""

ENTRIES = f"SELECT {ENTRY} FROM procedures_entry e WHERE e.subject = ANY(%s) ORDER BY e.begins, e.position"

# An entry that was withdrawn is in no table any more; its first statement and its case tell what is needed of it.
BEEN = "s.subject, s.attributes->>'list', s.issuer, s.valid_from, s.valid_to, c.closed_on, c.number, b.generated"
EVEN_WITHDRAWN = """
      LEFT JOIN procedures_entry e ON e.record = a.entry
      LEFT JOIN ledger_statement s ON e.record IS NULL AND s.id = a.entry
      LEFT JOIN ledger_batch b ON b.number = s.batch
      LEFT JOIN procedures_case c ON c.number = s.attributes->>'case'
"""
WIDTH = ENTRY.count(",") + 1


def entries_of(subjects: Sequence[str]) -> list[Entry]:
    """Every entry of ``subjects``, in force or over, the earliest first. A withdrawn one has left every view."""
    return [_entry(row) for row in _asked(ENTRIES, [list(subjects)], len(subjects))]


def entry(record: str, law: Law) -> Entry:
    """The entry with that address (64 hexadecimal digits); of a withdrawn one, what must be known to lift what
    rested on it. Raises NotFoundError."""
    sql = f"SELECT {ENTRY}, {BEEN} FROM (SELECT %s::bytea AS entry) a {EVEN_WITHDRAWN}"
    row = prepared(sql, [bytes.fromhex(record)]).fetchone() if _is_address(record) else None
    if row is None or (row[0] is None and row[WIDTH] is None):
        raise NotFoundError(
            f"no entry has the address {record[:80]!r}",
            remedy="Take it from the answer of probity check --json (record).",
        )
    return _even_withdrawn(record, row, law)


def _even_withdrawn(record: str, row: Row, law: Law) -> Entry:
    """The entry; or what was one until it was withdrawn: over since its case was closed, or from the beginning."""
    if row[0] is not None:
        return _entry(row[:WIDTH])
    subject, list_, issuer, begins, ends, closed_on, case, generated = row[WIDTH:]
    kind = law.list(list_, begins).kind
    ended = closed_on or begins
    return Entry(list_, kind, begins, ends, ended, False, None, record, subject, issuer, case, generated=generated)


def _entry(row: Row) -> Entry:
    list_, kind, begins, ends, ended, imported, band, record, *rest = row
    return Entry(list_, ListKind(kind), begins, ends, ended, imported, band, bytes(record).hex(), *rest)


def _is_address(text: str) -> bool:
    return len(text) == 64 and all(character in "0123456789abcdef" for character in text)


# -- answers ------------------------------------------------------------------------------------------------

ANSWER = """a.entry, a.memorandum, a.measure, a.agency, a.answer, a.on_day, a.officer, a.reasons, a.decision,
    a.matter, a.look, a.contest"""

ANSWERED = ANSWER.count(",") + 1

ANSWERS = f"SELECT {ANSWER} FROM measures_answer a WHERE a.subject = ANY(%s) ORDER BY a.position"


def answers_of(entries: Iterable[Entry]) -> dict[tuple[str, str, str, str], Answering]:
    """How every measure that was answered stands, by entry, memorandum, measure and agency."""
    known = {each.record: each for each in entries}
    subjects = sorted({each.subject for each in known.values()})
    rows = _asked(ANSWERS, [subjects], len(subjects)) if subjects else []
    return _standing((row for row in rows if bytes(row[0]).hex() in known), known)


OPEN = f"""
    SELECT {ANSWER}, {ENTRY}, {BEEN}
      FROM measures_answer a {EVEN_WITHDRAWN}
     WHERE a.answer = 'confirmed'
       AND NOT EXISTS (SELECT FROM measures_answer l
                        WHERE l.answer = 'lifted'
                          AND (l.entry, l.memorandum, l.measure, l.agency)
                              = (a.entry, a.memorandum, a.measure, a.agency))
     ORDER BY a.position
"""


def confirmed(law: Law) -> Iterator[Answering]:
    """Every measure that is confirmed and not lifted, the earliest answer first; that of a withdrawn entry too."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN)
        rows = cursor.fetchall()
    for row in rows:
        record = bytes(row[0]).hex()
        yield from _standing([row[:ANSWERED]], {record: _even_withdrawn(record, row[ANSWERED:], law)}).values()


def answered(entry: Entry) -> dict[tuple[str, str, str, str], Answering]:
    """How every measure about one entry stands, be it withdrawn, by entry, memorandum, measure and agency."""
    sql = f"SELECT {ANSWER} FROM measures_answer a WHERE a.entry = %s ORDER BY a.position"
    return _standing(prepared(sql, [bytes.fromhex(entry.record)]), {entry.record: entry})


_ITEM = {item.partition(".")[2]: item for item in ITEMS.values()}


def _standing(rows: Iterable[Row], known: Mapping[str, Entry]) -> dict[tuple[str, str, str, str], Answering]:
    found: dict[tuple[str, str, str, str], Answering] = {}
    for record, memorandum, measure, agency, answer, on, officer, reasons, *rest in rows:
        key = (bytes(record).hex(), memorandum, measure, agency)
        said: dict[str, Value] = {"officer": officer, "reasons": reasons}
        said |= dict(zip(("decision", "matter", "look", "contest"), rest, strict=True))
        before = found.get(key) or Answering(known[key[0]], *key[1:])
        found[key] = replay(before, [read_event(_ITEM[answer], on, agency, said)])
    return found


# -- keeping answers in step with the ledger ------------------------------------------------------------------

COLUMNS = (
    "position, entry, subject, memorandum, measure, agency, officer, answer, on_day, decision, matter, look,"
    " reasons, contest, generated"
)


def follow(subjects: Collection[str], *, generated: bool = False) -> None:
    """Bring the answers about ``subjects`` up to date, in the transaction of the batch that states them, before
    it is sealed (``generated``: whether that batch is) or after."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM measures_answer WHERE subject = ANY(%s)", [list(subjects)])
        rows = _derived(sorted(subjects), unsealed=generated)
        places = ", ".join(["%s"] * 15)
        cursor.executemany(f"INSERT INTO measures_answer ({COLUMNS}) VALUES ({places})", rows)


def differences() -> list[str]:
    """Where the answers differ from what the ledger gives when they are derived anew; empty if all is well."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT subject FROM ledger_statement WHERE item = ANY(%s)", [list(STATED)])
        subjects = sorted(subject for (subject,) in cursor.fetchall())
        cursor.execute(f"SELECT {COLUMNS} FROM measures_answer")
        kept = {row[0]: _plain(row) for row in cursor.fetchall()}
    derived = {row[0]: _plain(row) for row in _derived(subjects, unsealed=None)}
    found = [f"answer at position {at} is missing" for at in sorted(derived.keys() - kept.keys())]
    found += [f"answer at position {at} is derived from nothing" for at in sorted(kept.keys() - derived.keys())]
    both = sorted(derived.keys() & kept.keys())
    return found + [
        f"answer at position {at} is not what the ledger says" for at in both if derived[at] != kept[at]
    ]


def _plain(row: Row) -> Row:
    return tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)


def _derived(subjects: Sequence[str], *, unsealed: bool | None) -> list[Row]:
    """The rows that statements about ``subjects`` make."""
    stated = statements(subjects, items=STATED, unsealed=unsealed) if subjects else []
    taken_back = {each.target for each in stated if each.act is Act.WITHDRAW}
    return [_row(each) for each in stated if each.act is Act.STATE and each.id not in taken_back]


def _row(said: Statement) -> Row:
    what, texts = event(said), said.attributes
    about = (bytes.fromhex(str(texts["entry"])), said.subject, texts["memorandum"], texts["measure"])
    answered = (
        said.item.partition(".")[2],
        what.on,
        *(texts.get(name) for name in ("decision", "matter", "look")),
    )
    return (
        said.position,
        *about,
        said.issuer,
        what.by.id,
        *answered,
        what.reasons,
        texts.get("contest"),
        said.generated,
    )


# -- look-ups -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Lookup:
    """A look at an organisation, as it can read it: who looked, when, why and for which decision. The officer is
    known to the agency, and shown to nobody outside."""

    number: int
    at: datetime
    agency: str
    purpose: Purpose
    basis: str
    decision: Decision


LOG = """
    WITH call AS (
        INSERT INTO measures_lookup (agency, officer, purpose, basis, decision, organisations)
        VALUES (%s, %s, %s, %s, %s, %s) RETURNING number, at
    ), about AS (
        INSERT INTO measures_looked_up (lookup, subject) SELECT number, unnest(%s::text[]) FROM call
    )
    SELECT number, at FROM call
"""


def log(
    by: Officer, purpose: Purpose, basis: str, decision: Decision, about: Sequence[str]
) -> tuple[int, datetime]:
    """Write down that somebody looks, once for the call and once for each organisation; its number and moment.

    Nothing changes or deletes it later: the tables are append-only for every role.
    """
    if connection.in_atomic_block:
        raise StoreError(
            "a look is written down by itself, or not at all", remedy="Ask outside of any other transaction."
        )
    said = [by.agency, by.id, purpose.value, basis, decision.value, len(about), list(about)]
    number, at = next(iter(_asked(LOG, said, len(about))))
    return number, at


def lookups(subject: str) -> tuple[Lookup, ...]:
    """Every look at ``subject``, the newest first: the organisation reads its own (charter 9)."""
    rows = prepared(
        "SELECT number, at, agency, purpose, basis, decision FROM measures_looked_up JOIN measures_lookup"
        " ON number = lookup WHERE subject = %s ORDER BY number DESC",
        [subject],
    )
    return tuple(
        Lookup(number, at, agency, Purpose(purpose), basis, Decision(decision))
        for number, at, agency, purpose, basis, decision in rows
    )


# -- everything that a question needs -------------------------------------------------------------------------

# The first row at or after each, in the order of an index: however many rows there are, of this list or of others,
# it is one look into the index (EXISTS would read the whole table, by what the planner guesses of it).
DELIVERED = """
    SELECT q.list FROM unnest(%s::text[]) AS q (list)
     WHERE (SELECT e.list FROM procedures_entry e WHERE e.list >= q.list ORDER BY e.list LIMIT 1) = q.list
        OR (SELECT c.list FROM procedures_case c WHERE c.list >= q.list ORDER BY c.list LIMIT 1) = q.list
     UNION
    SELECT q.list FROM unnest(%s::text[], %s::text[], %s::text[]) AS q (list, item, issuer)
     WHERE (SELECT (b.item, b.issuer) = (q.item, q.issuer) FROM ledger_batch b
             WHERE (b.item, b.issuer) >= (q.item, q.issuer)
               AND (b.last_position >= b.first_position OR coalesce((b.receipt->>'rows')::bigint, 0) = 0)
             ORDER BY b.item, b.issuer LIMIT 1)
"""

REGISTERED = "SELECT subject, name, generated FROM dossier_organisation WHERE subject = ANY(%s) AND search <> ''"


@dataclass(frozen=True, slots=True)
class Looked:
    """What is kept about some organisations. ``registered``: those that are in the register, with their names and
    whether they were made up; ``delivered``: the lists of which something was ever delivered."""

    registered: Mapping[str, tuple[str, bool]]
    entries: tuple[Entry, ...]
    answered: Mapping[tuple[str, str, str, str], Answering]
    delivered: frozenset[str]


def look(subjects: Sequence[str], lists: Sequence[str], alone: Sequence[tuple[str, str, str]]) -> Looked:
    """All that a question about ``subjects`` needs, in one round trip.

    Of ``lists``, those of which nothing was delivered are "not known" (charter 10). A list is known where there is
    an entry or a case of it; by an empty delivery, only where its issuer states nothing else under the item
    (``alone``: list, item, issuer).
    """
    who = [list(subjects)]
    columns = [list(lists), *([each[place] for each in alone] for place in range(3))]
    with together():
        found = [_asked(command, who, len(subjects)) for command in (REGISTERED, ENTRIES, ANSWERS)]
        heard = prepared(DELIVERED, columns)
    registered, entries, answers = ([*rows] for rows in found)
    known = {each.record: each for each in map(_entry, entries)}
    return Looked(
        registered={subject: (name, generated) for subject, name, generated in registered},
        entries=tuple(known.values()),
        answered=_standing((row for row in answers if bytes(row[0]).hex() in known), known),
        delivered=frozenset(name for (name,) in heard),
    )


def _asked(command: str, parameters: Sequence[Any], size: int) -> Iterable[Row]:
    """The rows of a command; planned once where it is about a few organisations."""
    if size <= FEW:
        return prepared(command, parameters)
    with connection.wrap_database_errors:
        connection.ensure_connection()
        return psycopg.Cursor(connection.connection).execute(command, parameters, prepare=False)
