"""The embedded server: anybody starts it, it outlives every kill, leaves with the last, and no wait is endless."""

from __future__ import annotations

import fcntl
import os
import pwd
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from django.db import connections

from probity.errors import StoreError
from probity.service import postgres
from probity.service.database import connect
from probity.service.postgres import Embedded
from probity.service.settings import database as described

CHILD = """
import sys
from pathlib import Path
import psycopg
from probity.service.postgres import Embedded
embedded = Embedded(Path(sys.argv[1]))
with psycopg.connect(embedded.url()) as connection:
    connection.execute("SELECT pg_advisory_xact_lock(1)")
    connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
    connection.execute("INSERT INTO kept VALUES (%s)", [int(sys.argv[2])])
print("written", flush=True)
sys.stdin.readline()
"""
"""A process that writes a number, says so, and stays until it is sent a line; it leaves as it would anywhere."""


@pytest.fixture
def home() -> Iterator[Path]:
    """A data folder of its own; whatever still runs on it afterwards is ended."""
    with tempfile.TemporaryDirectory(prefix="probity-home-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
        for process in servers(Path(folder)):
            process.kill()


def servers(home: Path) -> list[psutil.Process]:
    """The processes that run on the data below ``home``."""
    found = []
    for process in psutil.process_iter(["name", "cmdline"]):
        arguments = process.info["cmdline"] or []
        if process.info["name"] == "postgres" and any(each.startswith(str(home.resolve())) for each in arguments):
            found.append(process)
    return found


def child(home: Path, number: int, user: str | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(home), str(number)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        user=user,
        group=pwd.getpwnam(user).pw_gid if user else None,
        extra_groups=[] if user else None,
        env={key: value for key, value in os.environ.items() if key != "DATABASE_URL"},
    )


def has_written(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    if process.stdout.readline() != "written\n":
        _, error = process.communicate(timeout=60)
        raise AssertionError(error)


def leave(process: subprocess.Popen[str]) -> None:
    _, error = process.communicate("\n", timeout=90)
    assert process.returncode == 0, error


def kept(embedded: Embedded) -> list[int]:
    with psycopg.connect(embedded.url()) as connection:
        return [row[0] for row in connection.execute("SELECT n FROM kept ORDER BY n")]


# -- who may start it -------------------------------------------------------------------------------


def test_two_processes_share_it_and_the_last_to_leave_stops_it(home: Path) -> None:
    first, second = child(home, 1), child(home, 2)
    has_written(first)
    has_written(second)
    (server,) = servers(home)
    assert os.getsid(server.pid) != os.getsid(first.pid)  # Ctrl-C at the terminal does not reach it
    first.send_signal(signal.SIGINT)
    first.communicate(timeout=60)
    assert len(servers(home)) == 1
    joined = Embedded(home)
    leave(second)
    assert kept(joined) == [1, 2]
    joined.stop()
    joined.stop()
    assert servers(home) == []
    assert not (home / "postgres" / "postmaster.pid").exists()


def test_an_ordinary_user_starts_it_too_and_root_joins_as_that_user(home: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("these tests run as an ordinary user already")
    reachable = subprocess.run([sys.executable, "-c", "import probity.service.postgres"], user="nobody", cwd="/")
    if reachable.returncode:
        pytest.skip("the account nobody cannot reach this Python")
    os.chown(home, pwd.getpwnam("nobody").pw_uid, -1)
    process = child(home, 1, user="nobody")
    has_written(process)
    assert [server.username() for server in servers(home)] == ["nobody"]
    leave(process)
    assert servers(home) == []
    embedded = Embedded(home)
    assert kept(embedded) == [1]
    assert [server.username() for server in servers(home)] == ["nobody"]
    embedded.stop()
    assert servers(home) == []


# -- kills ------------------------------------------------------------------------------------------


def test_data_survive_every_kill(home: Path) -> None:
    """Ours first, then the server itself, then the server with a stale pid file that names a living process."""
    process = child(home, 1)
    has_written(process)
    process.kill()
    process.communicate()
    (postmaster,) = servers(home)
    embedded = Embedded(home)
    assert servers(home) == [postmaster]
    assert kept(embedded) == [1]

    postmaster.kill()
    with pytest.raises(StoreError, match="gives no database"):
        embedded.url()
    embedded.stop()
    again = Embedded(home)
    assert kept(again) == [1]
    assert servers(home) != [postmaster]
    again.stop()
    assert servers(home) == []

    for left in ("postmaster.pid", ".s.PGSQL.5432.lock"):
        (home / "postgres" / left).write_text(f"{os.getpid()}\n{home / 'postgres'}\n")
    stale = Embedded(home)
    assert kept(stale) == [1]
    stale.stop()
    assert servers(home) == []


def test_a_cluster_left_half_made_is_made_anew_and_what_the_server_says_is_heard(home: Path) -> None:
    (home / "postgres.new" / "base").mkdir(parents=True)
    (home / "postgres.new" / "PG_VERSION").write_text("18\n")
    embedded = Embedded(home)
    assert "probity" in embedded.url()
    assert not (home / "postgres.new").exists()
    with psycopg.connect(embedded.url()) as connection:
        shown = dict(connection.execute("SELECT name, setting FROM pg_settings").fetchall())
        locale = connection.execute("SELECT datlocale FROM pg_database WHERE datname = 'probity'").fetchone()
    embedded.stop()
    assert (shown["fsync"], shown["full_page_writes"], shown["synchronous_commit"]) == ("on", "on", "on")
    assert (shown["listen_addresses"], shown["TimeZone"]) == ("", "UTC")
    assert locale == ("C.UTF-8",)
    with (home / "postgres" / "postgresql.conf").open("a") as configuration:
        configuration.write("shared_buffers = lots\n")
    with pytest.raises(StoreError, match='invalid value for parameter "shared_buffers"') as refused:
        Embedded(home)
    assert str(home.resolve() / "postgres" / "log") in (refused.value.remedy or "")


# -- where it lies ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "folder", ["Program Files/数据 é $(x) 'q'", "x" * 120 + '/, "\\ and more'], ids=["odd", "long"]
)
def test_it_lies_wherever_it_is_put(home: Path, folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPORT", "6543")
    monkeypatch.setenv("LC_ALL", "xx_XX.nowhere")
    embedded = Embedded(home / folder)
    with psycopg.connect(embedded.url()) as connection:
        assert connection.execute("SELECT current_database()").fetchone() == ("probity",)
        socket = Path(connection.info.host)
    settings = described(embedded.url())
    assert (settings["NAME"], settings["HOST"], settings["PORT"]) == ("probity", str(socket), "5432")
    assert socket.stat().st_mode & 0o077 == 0
    embedded.stop()
    assert servers(home) == []
    assert not list(socket.glob(".s.*"))
    assert socket == home.resolve() / folder / "postgres" or not socket.exists()


def test_a_socket_folder_that_is_open_to_others_is_not_used(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = home / ("x" * 120) / "postgres"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("18\n")
    monkeypatch.setattr(tempfile, "tempdir", str(home / "tmp"))
    (home / "tmp").mkdir()
    with pytest.raises(StoreError):
        Embedded(cluster.parent)
    (theirs,) = (home / "tmp").glob("probity-*")
    theirs.chmod(0o777)
    with pytest.raises(StoreError, match="open to others") as refused:
        Embedded(cluster.parent)
    assert "shorter path" in (refused.value.remedy or "")


def test_a_folder_that_cannot_be_written_is_an_error_with_its_remedy(home: Path) -> None:
    (home / "file").write_text("")
    with pytest.raises(StoreError) as refused:
        Embedded(home / "file" / "data")
    assert "PROBITY_HOME" in (refused.value.remedy or "")
    assert refused.value.where == str(home / "file" / "data")


def test_data_of_another_version_are_left_alone(home: Path) -> None:
    (home / "postgres").mkdir()
    (home / "postgres" / "PG_VERSION").write_text("12\n")
    with pytest.raises(StoreError, match="written by PostgreSQL 12"):
        Embedded(home)


def test_waiting_for_another_process_has_an_end(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "PATIENCE", 0.2)
    (home / "run").mkdir()
    with (home / "run" / "lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(StoreError, match="another process has been starting or stopping"):
            Embedded(home)


# -- DATABASE_URL -----------------------------------------------------------------------------------


@pytest.fixture
def elsewhere() -> Iterator[None]:
    """Django's connection, to be pointed elsewhere by the test and put back afterwards."""
    connection = connections["default"]
    before = dict(connection.settings_dict)
    connection.close()
    yield
    connection.close()
    connection.settings_dict.clear()
    connection.settings_dict.update(before)


@pytest.mark.usefixtures("template", "elsewhere")
@pytest.mark.parametrize(
    "url",
    [
        "postgresql://nobody@127.0.0.1:1/none",
        "postgresql:///none?host=/no/such/folder",
        "postgresql://nowhere.invalid/none",
    ],
)
def test_an_unreachable_server_is_an_error_with_its_remedy(url: str) -> None:
    connections["default"].settings_dict.update(described(url))
    with pytest.raises(StoreError, match="cannot be reached") as refused:
        connect()
    assert "DATABASE_URL" in (refused.value.remedy or "")
    assert connections["default"].settings_dict["OPTIONS"]["connect_timeout"] == 10


@pytest.mark.usefixtures("database", "elsewhere")
@pytest.mark.parametrize("version", [90624, 130014])
def test_a_server_that_is_too_old_is_refused(version: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psycopg.ConnectionInfo, "server_version", version)
    monkeypatch.setattr("django.db.backends.base.base.RAN_DB_VERSION_CHECK", set())
    connections["default"].__dict__.pop("pg_version", None)
    with pytest.raises(StoreError, match=f"is version {version // 10000}; Probity needs 14 or newer"):
        connect()
    connections["default"].__dict__.pop("pg_version", None)


def test_a_user_without_rights_is_told_so(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS probity_weak")
        connection.execute("CREATE ROLE probity_weak LOGIN")
        connection.execute("DROP TABLE django_migrations")
    connections["default"].close()
    before = dict(connections["default"].settings_dict)
    connections["default"].settings_dict["USER"] = "probity_weak"
    try:
        with pytest.raises(StoreError, match="cannot be brought up to date"):
            connect()
    finally:
        connections["default"].close()
        connections["default"].settings_dict.update(before)
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute("DROP ROLE probity_weak")


@pytest.mark.parametrize("url", ["nonsense", "postgresql://[half"])
def test_a_malformed_address_ends_the_command_with_its_remedy(url: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", "from probity.cli import main; main()", "search", "x"],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "DATABASE_URL": url},
    )
    assert ended.returncode == StoreError.exit_code, ended.stderr
    assert "DATABASE_URL is no address of a database" in ended.stderr
    assert "Traceback" not in ended.stderr


# -- stopped in the middle --------------------------------------------------------------------------

INTERRUPTED = """
import os, signal, sys
from pathlib import Path
from probity import ledger
from probity.canon import digest
from probity.errors import ProbityError
from probity.ledger import Chunk
from probity.service import running

def stop():
    pid = (Path(os.environ["PROBITY_HOME"]) / "postgres" / "postmaster.pid").read_text().split()[0]
    os.kill(int(pid), signal.SIGQUIT)

def chunk(first):
    rows = range(first, first + 2000)
    return Chunk(rows, [f"test:{n}" for n in rows], [str(n) for n in rows], ["2020-01-02"] * 2000, [None] * 2000,
                 [{"name": "x"}] * 2000)

def write(name, kill):
    with ledger.receive(digest(name.encode()), item="test.item", issuer="test", source=name, rulebook="ab" * 32,
                        generated=False) as writer:
        writer.write(chunk(1))
        if kill:
            writer.settle()
            stop()
        writer.write(chunk(2001))
        writer.finish({})

try:
    with running() as house:
        if sys.argv[1] == "die":
            write("before", False)
            write("cut short", True)
        print(ledger.count(), ledger.head().number, flush=True)
        stop()
        while True:
            ledger.count()
except ProbityError as error:
    print(error, file=sys.stderr)
    sys.exit(error.exit_code)
"""


def test_a_database_that_stops_in_the_middle_leaves_nothing_half_written(home: Path) -> None:
    def run(what: str) -> subprocess.CompletedProcess[str]:
        environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        return subprocess.run(
            [sys.executable, "-c", INTERRUPTED, what],
            capture_output=True,
            text=True,
            timeout=120,
            env={**environment, "PROBITY_HOME": str(home)},
        )

    died = run("die")
    assert died.returncode == StoreError.exit_code, died.stderr
    assert "Nothing was written by this command" in died.stderr
    after = run("look")
    assert after.stdout == "4000 4000\n", after.stderr
    assert after.returncode == StoreError.exit_code  # the second time it stops while somebody reads
    assert "the database failed" in after.stderr
    assert servers(home) == []
