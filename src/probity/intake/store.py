"""Quarantine in PostgreSQL: written with its batch, read by number, closed by resolutions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict

import orjson
from django.db import connection

from probity.dossier import known_subjects
from probity.intake.model import Fault, Quarantined, Reason, Refused
from probity.ledger import failures

_COPY = "COPY intake_quarantine (batch, row, mapping, source, generated, faults, line, cells) FROM STDIN"
_SELECT = """
    SELECT q.id, q.batch, q.row, q.mapping, q.source, q.generated, q.faults, q.line, q.cells
      FROM intake_quarantine q
     WHERE """
_OPEN = "NOT EXISTS (SELECT FROM intake_resolution r WHERE r.quarantined_id = q.id)"
REMEMBERED = 500_000
"""Subjects kept in memory as known."""


def write(refused: Iterable[Refused], *, batch: int, mapping: str, source: str, generated: bool) -> None:
    """Put rows into quarantine, in the transaction of their batch."""
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for each in refused:
            faults = orjson.dumps([asdict(fault) for fault in each.faults]).decode()
            cells = orjson.dumps(list(each.cells.items())).decode() if each.cells is not None else None
            copy.write_row(
                (
                    batch,
                    each.row,
                    mapping,
                    source,
                    generated,
                    _visible(faults),
                    each.line,
                    cells and _visible(cells),
                )
            )


def _visible(json: str) -> str:
    """PostgreSQL's JSON holds no NUL: it becomes its picture. The line keeps it."""
    return json.replace("\\u0000", "\u2400")


def open_rows(*, batch: int | None = None, reason: Reason | None = None) -> Iterator[Quarantined]:
    """The rows still in quarantine, by batch and row; of one batch or for one reason, if given."""
    where, parameters = _OPEN, []
    if batch is not None:
        where += " AND q.batch = %s"
        parameters.append(str(batch))
    if reason is not None:
        where += " AND q.faults @> %s::jsonb"
        parameters.append(orjson.dumps([{"reason": reason}]).decode())
    return _query(where, parameters)


def rows(batch: int, numbers: Sequence[int]) -> Iterator[Quarantined]:
    """Rows of a batch that are or were in quarantine."""
    return _query("q.batch = %s AND q.row = ANY(%s::int[])", [str(batch), f"{{{','.join(map(str, numbers))}}}"])


def resolved(ids: Sequence[int]) -> set[int]:
    """Those of the rows (by id) that were taken in already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT quarantined_id FROM intake_resolution WHERE quarantined_id = ANY(%s)", [list(ids)])
        return {row[0] for row in cursor.fetchall()}


def _query(where: str, parameters: Sequence[str]) -> Iterator[Quarantined]:
    # A cursor of the server: quarantine may be larger than memory.
    with failures(), connection.chunked_cursor() as cursor:
        cursor.execute(f"{_SELECT}{where} ORDER BY q.batch, q.row", parameters)
        while some := cursor.fetchmany(1_000):
            for id_, batch, row, mapping, source, generated, faults, line, cells in some:
                yield Quarantined(
                    id=id_,
                    batch=batch,
                    row=row,
                    mapping=mapping,
                    source=source,
                    generated=generated,
                    faults=tuple(
                        Fault(**{**fault, "reason": Reason(fault["reason"])}) for fault in orjson.loads(faults)
                    ),
                    line=bytes(line),
                    cells=None if cells is None else dict(orjson.loads(cells)),
                )


def resolve(pairs: Iterable[tuple[int, int]], *, batch: int) -> int:
    """Close rows of quarantine (by id) as rows of ``batch``; in its transaction. Gives how many."""
    count = 0
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY intake_resolution (quarantined_id, batch, row) FROM STDIN") as copy,
    ):
        for id_, row in pairs:
            copy.write_row((id_, batch, row))
            count += 1
    return count


class Register:
    """Whether organisations are known, asked on a connection of its own; many answers are remembered."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def unknown(self, subjects: Sequence[str]) -> set[str]:
        """Those of ``subjects`` that the register does not know."""
        asked = set(subjects) - self._known
        if not asked:
            return set()
        found = known_subjects(sorted(asked))
        if len(self._known) + len(found) > REMEMBERED:
            self._known.clear()
        self._known |= found
        return asked - found

    def leave(self) -> None:
        """Close this thread's connection."""
        connection.close()
