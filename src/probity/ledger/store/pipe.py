"""COPY in the background, so that the next rows are prepared while the server takes these in."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

import psycopg


class Pipe:
    """Sends blocks of CSV to ``ledger_statement``, one at a time, on a thread of its own."""

    def __init__(self, connection: psycopg.Connection, columns: str) -> None:
        """Use ``connection`` (inside its transaction); nobody else may use it between send and wait."""
        self._connection = connection
        self._command = f"COPY ledger_statement ({columns}) FROM STDIN (FORMAT csv)"
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="copy")
        self._under_way: Future[None] | None = None

    def send(self, block: bytes) -> None:
        """Start sending a block, once the one before has arrived."""
        self.wait()
        self._under_way = self._thread.submit(self._copy, block)

    def wait(self) -> None:
        """Until what was sent has arrived. Raises what the server said, if it refused."""
        under_way, self._under_way = self._under_way, None
        if under_way:
            under_way.result()

    def close(self) -> None:
        """Wait, and end the thread."""
        try:
            self.wait()
        finally:
            self._thread.shutdown()

    def _copy(self, block: bytes) -> None:
        with self._connection.cursor() as cursor, cursor.copy(self._command) as copy:
            copy.write(block)
