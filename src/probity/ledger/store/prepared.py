"""Commands that the server parses and plans once for a connection.

For what every single statement has to wait for. Django binds values on our side, so that whatever goes through its
cursors is parsed and planned anew each time, which takes longer than the work itself. That is right for everything
else: one plan for all values can be bad for some, and turns a LIKE that has an index into a scan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections


def prepared(command: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> psycopg.Cursor[tuple[Any, ...]]:
    """Execute one command on this thread's connection, and give the cursor with its rows.

    Not for LIKE, and not where a few rows or a million can come of the same command.
    """
    ours = connections[DEFAULT_DB_ALIAS]
    ours.ensure_connection()
    with ours.wrap_database_errors:
        return psycopg.Cursor(ours.connection).execute(command, parameters, prepare=True)


@contextmanager
def together() -> Iterator[None]:
    """Send the commands of the block in one round trip, or up to the next one whose rows are looked at.

    Inside such a block it does nothing: all go with the outer one. Not for COPY, nor for what asks how many rows a
    command changed.
    """
    ours = connections[DEFAULT_DB_ALIAS]
    ours.ensure_connection()
    if ours.connection.info.pipeline_status:
        yield
        return
    with ours.wrap_database_errors, ours.connection.pipeline():
        yield
