"""What oversight reads of the database: cases, entries, and the classes of everyone in the register."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date

from django.db import connection, transaction

from probity.errors import NotFoundError
from probity.rulebook import Law, Text
from probity.scoring.preview import region_name, region_of
from probity.service.oversight.figures import DIMENSIONS, CaseRow, EntryRow, Population
from probity.service.preview.counted import REGISTRATION

CASES = """
    SELECT list, subject, authority, proposed, consented, notified, open_since, window_ends, replied, heard,
           decided, outcome, entered, undelivered
      FROM procedures_case WHERE opened <= %s ORDER BY number
"""
ENTRIES = """
    SELECT list, subject, issuer, imported, begins,
           (ended IS NULL OR ended > %s) AND (ends IS NULL OR ends >= %s)
      FROM procedures_entry WHERE begins <= %s ORDER BY record
"""
REGISTERED = """
    SELECT DISTINCT ON (subject)
           subject, attributes ->> 'region', attributes ->> 'size', attributes ->> 'ownership'
      FROM ledger_statement WHERE item = %s AND act <> 2 ORDER BY subject, position DESC
"""
AT_ONCE = 10_000

Progress = Callable[[int], None]
"""Is told how many organisations are read."""


def cases(day: date) -> list[CaseRow]:
    """Every case opened by ``day``."""
    with connection.cursor() as cursor:
        cursor.execute(CASES, [day])
        return [CaseRow(*row) for row in cursor.fetchall()]


def entries(day: date) -> list[EntryRow]:
    """Every entry that began by ``day``, and whether it is in force then."""
    with connection.cursor() as cursor:
        cursor.execute(ENTRIES, [day, day, day])
        return [EntryRow(*row) for row in cursor.fetchall()]


def population(concerned: set[str], law: Law, progress: Progress | None = None) -> Population:
    """The classes of everyone in the register; kept one by one for those ``concerned`` only."""
    classes: dict[str, dict[str, str | None]] = {name: {} for name in DIMENSIONS}
    sizes: dict[str, dict[str, Counter[str | None]]] = defaultdict(
        lambda: {name: Counter() for name in DIMENSIONS}
    )
    called: dict[str, str] = {}
    done = 0
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(REGISTERED, [REGISTRATION])
        while rows := cursor.fetchmany(AT_ONCE):
            for subject, stated, size, ownership in rows:
                scheme, region = subject.partition(":")[0], region_of(subject)
                if region and stated:
                    called.setdefault(region, stated)
                for name, value in (("region", region), ("size", size), ("ownership", ownership)):
                    sizes[scheme][name][value] += 1
                    if subject in concerned:
                        classes[name][subject] = value
            done += len(rows)
            if progress:
                progress(done)
    names = {name: _choices(name, law) for name in ("size", "ownership")}
    regions = {code for classes_of in sizes.values() for code in classes_of["region"] if code}
    names["region"] = {code: region_name(code, called) for code in regions}
    return Population(sizes, classes, names)


def _choices(name: str, law: Law) -> dict[str, Text]:
    try:
        attribute = law.item(REGISTRATION).attribute(name)
    except NotFoundError:
        return {}
    return {choice.value: choice.name for choice in attribute.choices} if attribute else {}
