"""Opening files, searching the register, and keeping its projections in step with the ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from typing import Any

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

from probity.clock import AsOf
from probity.dossier.fold import fold
from probity.dossier.model import Dossier, Match
from probity.dossier.register import Link, entries, grams, items_with
from probity.errors import NotRegisteredError, QuestionError
from probity.identity import normalise
from probity.ledger import Act, Position, Statement, prepared, resolve, statements
from probity.rulebook import Effect, Law, OrganisationKind

SUBJECTS_AT_ONCE = 5_000
PATIENCE = "5s"
"""How long a search may take."""

Row = tuple[Any, ...]


def open_file(subject: str, law: Law, *, true_on: date, known_at: datetime | None = None) -> Dossier:
    """The file of ``subject``. Raises NotRegisteredError, and QuestionError for a moment in the future.

    The answer depends on the ledger up to ``known_at`` only, so it stays the same for ever.
    """
    position = resolve(known_at)
    as_of = AsOf(true_on, position.known_at)
    mine = statements([subject], upto=position.number)
    if not mine:
        raise NotRegisteredError(
            f"no organisation is registered as {subject!r}",
            remedy="Search by name or by another code; a code is written scheme:code, such as cn-uscc:9133....",
        )
    relating = items_with(law, Effect.RELATES)
    stated = (each for each in mine if each.item in relating and each.act is not Act.WITHDRAW)
    others = {str(each.attributes["related"]) for each in stated}
    others |= set(_stated_about(subject))
    related = (
        statements(sorted(others), upto=position.number, items=[*relating, *items_with(law, Effect.REGISTERS)])
        if others
        else []
    )
    return fold(subject, mine, as_of=as_of, position=position, law=law, others=related)


def every_file(
    law: Law, *, true_on: date, position: Position, schemes: Collection[str] = ()
) -> Iterator[tuple[int, Dossier]]:
    """The file of everyone in the register (of some schemes, if any is named), each with its ordinal, in order.

    Relations are left out, and those whom the register did not know then.
    """
    as_of, after = AsOf(true_on, position.known_at), -1
    while some := _subjects(after, schemes):
        stated: dict[str, list[Statement]] = {subject: [] for _, subject in some}
        for each in statements(list(stated), upto=position.number):
            stated[each.subject].append(each)
        for ordinal, subject in some:
            with suppress(NotRegisteredError):
                yield ordinal, fold(subject, stated[subject], as_of=as_of, position=position, law=law)
        after = some[-1][0]


def _subjects(after: int, schemes: Collection[str]) -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ordinal, subject FROM dossier_organisation"
            " WHERE ordinal > %s AND (%s OR split_part(subject, ':', 1) = ANY(%s)) ORDER BY ordinal LIMIT %s",
            [after, not schemes, list(schemes), SUBJECTS_AT_ONCE],
        )
        return cursor.fetchall()  # type: ignore[no-any-return]


def _stated_about(subject: str) -> list[str]:
    rows = prepared("SELECT subject FROM dossier_relation WHERE related = %s", [subject])
    return [other for (other,) in rows.fetchall()]


def known_subjects(subjects: Sequence[str]) -> set[str]:
    """Those of ``subjects`` that are in the register."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject FROM dossier_organisation WHERE subject = ANY(%s) AND search <> ''", [list(subjects)]
        )
        return {row[0] for row in cursor.fetchall()}


def is_generated(subject: str) -> bool:
    """Whether any of what is stated about ``subject`` was made up; False where nothing is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT generated FROM dossier_organisation WHERE subject = %s", [subject])
        row = cursor.fetchone()
    return bool(row and row[0])


def ordinal_of(subject: str) -> int | None:
    """The ordinal of ``subject``, closed or not; None if it was never in the register."""
    row = prepared("SELECT ordinal FROM dossier_organisation WHERE subject = %s", [subject]).fetchone()
    return row[0] if row else None


def ordinals_later(subjects: Collection[str]) -> Iterator[tuple[int, str]]:
    """Ordinal and subject of those of ``subjects`` who ever were in the register, by ordinal; asked for now and to
    be read afterwards (see :func:`probity.ledger.together`)."""
    return iter(
        prepared(
            "SELECT ordinal, subject FROM dossier_organisation WHERE subject = ANY(%s) ORDER BY ordinal",
            [list(subjects)],
        )
    )


def search(text: str, *, limit: int = 50) -> list[Match]:
    """Organisations whose code or one of whose names holds every word of ``text``; the closest first.

    The legal form at the end of a name (Corp, 有限公司) does not count, here as in the register.
    """
    text = text.replace("\x00", " ")
    whole = normalise(text).replace(" ", "")
    words = [word for word in map(normalise, text.split()) if word and word.replace(" ", "") in whole]
    if not words:
        return []
    wanted = sorted(set().union(*map(grams, words)))
    conditions = ["search LIKE %s"] * len(words)
    parameters: list[Any] = [f"%{_literally(word)}%" for word in words]
    if wanted:
        conditions.insert(0, "grams @> %s")
        parameters.insert(0, wanted)
    with _within(PATIENCE), connection.cursor() as cursor:
        cursor.execute(
            "SELECT ordinal, subject, name, kind, generated FROM dossier_organisation"
            f" WHERE {' AND '.join(conditions)}"
            " ORDER BY search NOT LIKE %s, length(search), ordinal LIMIT %s",
            [*parameters, f"{_literally(words[0])}%", limit],
        )
        return [Match(*row) for row in cursor.fetchall()]


@contextmanager
def _within(patience: str) -> Iterator[None]:
    """Give up a search that would keep others waiting: QuestionError."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [patience])
            yield
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        raise QuestionError("too many names hold this", remedy="Write more of the name, or the code.") from error


def _literally(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def count() -> int:
    """How many organisations the register holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM dossier_organisation WHERE search <> ''")
        return int(cursor.fetchone()[0])


def examples(law: Law, each: int) -> list[Match]:
    """A few enterprises of every scheme, to begin with."""
    found: list[Match] = []
    with connection.cursor() as cursor:
        for scheme in dict.fromkeys(scheme.scheme for scheme in law.schemes):
            cursor.execute(
                "SELECT ordinal, subject, name, kind, generated FROM dossier_organisation"
                " WHERE subject LIKE %s AND kind = %s AND search <> '' ORDER BY subject LIMIT %s",
                [f"{_literally(scheme)}:%", OrganisationKind.ENTERPRISE.value, each],
            )
            found += [Match(*row) for row in cursor.fetchall()]
    return found


# -- projections ------------------------------------------------------------------------------------


def follow(first: int, law: Law, *, generated: bool, item: str | None = None) -> None:
    """Bring the register up to date with the statements from position ``first`` on (all of ``item``, if given).

    Runs in the transaction of the batch that holds them, before it is sealed (``generated``: whether that batch
    is), so that the register and the ledger are never apart.
    """
    items = sorted(followed(law))
    if item is not None and item not in items:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        touched = _subjects_of("position >= %s AND item = ANY(%s)", [first, items])
        _stage(touched, items, law, unsealed=generated)
        cursor.execute(MERGE)
        cursor.execute(MERGE_LINKS)


def followed(law: Law) -> frozenset[str]:
    """The items of which statements change the register."""
    return frozenset(items_with(law, Effect.REGISTERS, Effect.RELATES))


def differences(law: Law) -> list[str]:
    """Where the register differs from what the ledger gives when it is derived anew; empty if all is well."""
    items = sorted(followed(law))
    with transaction.atomic(), connection.cursor() as cursor:
        _stage(_subjects_of("item = ANY(%s)", [items]), items, law, unsealed=None)
        cursor.execute(COMPARE)
        found = [f"register entry {subject} is {what}" for subject, what in cursor.fetchall()]
        cursor.execute(COMPARE_LINKS)
        found += [f"relation {subject} to {related} is {what}" for subject, related, what in cursor.fetchall()]
        return found


def _subjects_of(where: str, parameters: Sequence[Any]) -> Iterator[list[str]]:
    """The subjects of some statements, some at a time: there may be more than memory holds."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT subject FROM ledger_statement WHERE {where}", parameters)
        while some := cursor.fetchmany(SUBJECTS_AT_ONCE):
            yield [row[0] for row in some]


def _stage(subjects: Iterable[list[str]], items: Sequence[str], law: Law, *, unsealed: bool | None) -> None:
    """Derive the entries and links of ``subjects`` into temporary tables."""
    with connection.connection.cursor() as cursor:
        cursor.execute(STAGE)
        for some in subjects:
            # Derived before the COPY begins: the connection cannot answer questions during one.
            stated = statements(some, items=items, unsealed=unsealed)
            staged, links = _derive(stated, law)
            _copy(cursor, f"COPY staged ({STAGED}) FROM STDIN", staged)
            _copy(cursor, "COPY staged_link (subject, related) FROM STDIN", links)


def _derive(stated: list[Statement], law: Law) -> tuple[list[Row], list[Row]]:
    """Rows of entries and of links; an entry begins with the position of its subject's first statement."""
    stated = sorted(stated, key=lambda each: (each.subject, each.position))
    first = {each.subject: each.position for each in reversed(stated)}
    staged: list[Row] = []
    links: list[Row] = []
    for each in entries(stated, law):
        if isinstance(each, Link):
            links.append((each.subject, each.related))
        else:
            found = (each.subject, each.name, each.kind, each.generated, each.search, list(each.grams))
            staged.append((first[each.subject], *found))
    return staged, links


def _copy(cursor: Any, command: str, rows: Sequence[Row]) -> None:
    with cursor.copy(command) as copy:
        for row in rows:
            copy.write_row(row)


STAGED = "first, subject, name, kind, generated, search, grams"
STAGE = """
    DROP TABLE IF EXISTS staged, staged_link;
    CREATE TEMP TABLE staged (first bigint, subject text, name text, kind text, generated boolean,
                              search text, grams text[]) ON COMMIT DROP;
    CREATE TEMP TABLE staged_link (subject text, related text) ON COMMIT DROP;
"""
MERGE = """
    INSERT INTO dossier_organisation (ordinal, subject, name, kind, generated, search, grams)
    SELECT (SELECT coalesce(max(ordinal), -1) FROM dossier_organisation)
               + row_number() OVER (ORDER BY known, first),
           subject, name, kind, generated, search, grams
      FROM (SELECT s.*, EXISTS (SELECT FROM dossier_organisation o WHERE o.subject = s.subject) AS known
              FROM staged s) AS known_last
    ON CONFLICT (subject) DO UPDATE
       SET name = excluded.name, kind = excluded.kind, generated = excluded.generated,
           search = excluded.search, grams = excluded.grams
"""
MERGE_LINKS = """
    INSERT INTO dossier_relation (subject, related) SELECT subject, related FROM staged_link
    ON CONFLICT (subject, related) DO NOTHING
"""
COMPARE = """
    SELECT coalesce(s.subject, o.subject),
           CASE WHEN o.subject IS NULL THEN 'missing' WHEN s.subject IS NULL THEN 'derived from nothing'
                ELSE 'not what the ledger says' END
      FROM staged s FULL JOIN dossier_organisation o USING (subject)
     WHERE (s.name, s.kind, s.generated, s.search, s.grams) IS DISTINCT FROM
           (o.name, o.kind, o.generated, o.search, o.grams)
     ORDER BY 1
"""
COMPARE_LINKS = """
    SELECT coalesce(s.subject, r.subject), coalesce(s.related, r.related),
           CASE WHEN r.subject IS NULL THEN 'missing' ELSE 'derived from nothing' END
      FROM staged_link s FULL JOIN dossier_relation r ON (s.subject, s.related) = (r.subject, r.related)
     WHERE s.subject IS NULL OR r.subject IS NULL
     ORDER BY 1, 2
"""
