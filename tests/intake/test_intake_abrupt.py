"""Killed, raced, starved of disk, fed a gigabyte on one line: nothing lost, nothing half-written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from probity.errors import StoreError
from probity.identity import compose
from probity.intake import Progress, Receipt, take_in
from probity.rulebook import Law
from probity.service.settings import database as described

ROWS = 12_000

RUN = """
import json, sys
from datetime import date
from pathlib import Path

sys.path.insert(0, sys.argv[1])
import django

django.setup()
from conftest import small_law
from probity.intake import csv_source, take_in

csv_source.CHUNK = 1_000
law = small_law()


def told(done, total, rows):
    print(rows, flush=True)
    if sys.argv[3] == "pause":
        sys.stdin.readline()


path = Path(sys.argv[2])
receipt = take_in(path, law.mapping("organisations"), law, today=date(2024, 6, 30), progress=told)
print(json.dumps({"again": receipt.again, "accepted": receipt.accepted}))
"""
MEASURE = """
import resource, sys
from pathlib import Path
from probity.errors import IntakeError
from probity.intake import csv_source, encoding, source

before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    found = source.look_at(Path(sys.argv[1]), "detect")
    for block in source.open_source(Path(sys.argv[1]), found, ["name"], ["name"]).blocks():
        pass
except IntakeError as error:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, error)
"""


def codes(count: int) -> Iterator[str]:
    """Sound codes of a registrar that does not exist."""
    for n in range(count):
        yield compose("9", "1", "999999", f"{n:08d}")


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of many organisations, and one bad row in it."""
    path = tmp_path_factory.mktemp("big") / "organisations.csv"
    with path.open("w") as file:
        file.write("code,name\nbad,Bad\n")
        file.writelines(f"{code},Company {n}\n" for n, code in enumerate(codes(ROWS)))
    return path


def start(path: Path, url: str, *, pause: bool) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", RUN, str(Path(__file__).parent), str(path), "pause" if pause else "run"],
        env={**os.environ, "DATABASE_URL": url},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def counts() -> tuple[int, int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM ledger_batch), (SELECT count(*) FROM ledger_statement),"
            " (SELECT count(*) FROM intake_quarantine)"
        )
        batches, stated, refused = cursor.fetchone()
    return batches, stated, refused


def test_killed_in_the_middle_and_run_again(database: str, big: Path) -> None:
    victim = start(big, database, pause=True)
    assert victim.stdout
    assert int(victim.stdout.readline()) > 0  # rows are on their way into the database
    victim.send_signal(signal.SIGKILL)
    victim.communicate()
    assert counts() == (0, 0, 0)
    out, error = start(big, database, pause=False).communicate()
    assert json.loads(out.splitlines()[-1])["accepted"] == ROWS, error
    assert counts() == (1, ROWS, 1)


def test_two_processes_with_one_batch(database: str, big: Path) -> None:
    both = [start(big, database, pause=False) for _ in range(2)]
    results = [process.communicate() for process in both]
    receipts = [json.loads(out.splitlines()[-1]) for out, error in results if out or pytest.fail(error)]
    assert sorted(receipt["again"] for receipt in receipts) == [False, True]
    assert [receipt["accepted"] for receipt in receipts] == [ROWS, ROWS]
    assert counts() == (1, ROWS, 1)


def take(path: Path, law: Law, progress: Progress | None = None) -> Receipt:
    return take_in(path, law.mapping("organisations"), law, today=date(2024, 6, 30), progress=progress)


def test_the_database_goes_away_in_the_middle(
    database: str, big: Path, law: Law, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("probity.intake.csv_source.CHUNK", 2_000)

    def cut(done: int, total: int, rows: int) -> None:
        with psycopg.connect(database, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    with pytest.raises(StoreError) as caught:
        take(big, law, cut)
    assert caught.value.exit_code
    assert "run the same command again" in str(caught.value)
    connection.close()
    assert counts() == (0, 0, 0)
    assert take(big, law).accepted == ROWS


@pytest.fixture
def small_disk(server: str, template: str) -> Iterator[str]:
    """A database on a tmpfs with little room; its address."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small tmpfs needs root")
    with (
        tempfile.TemporaryDirectory(prefix="probity-small-") as folder,
        psycopg.connect(server, autocommit=True) as admin,
    ):
        size, data = admin.execute(
            "SELECT pg_database_size(%s), current_setting('data_directory')", [template]
        ).fetchone() or (0, "")
        if not Path(data).exists():
            pytest.skip("the server is on another machine")
        options = f"size={size + (3 << 20)},mode=700,uid={Path(data).stat().st_uid}"
        if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=False).returncode:
            pytest.skip("this machine does not let us mount a tmpfs")
        Path(folder).chmod(0o700)
        try:
            admin.execute(f"CREATE TABLESPACE small LOCATION '{folder}'")
            admin.execute(f"CREATE DATABASE probity_small TEMPLATE {template} TABLESPACE small STRATEGY file_copy")
            url = psycopg.conninfo.make_conninfo(server, dbname="probity_small")
            connection.close()
            connection.settings_dict.update(described(url), CONN_MAX_AGE=None)
            yield url
        finally:
            connection.close()
            admin.execute("DROP DATABASE IF EXISTS probity_small WITH (FORCE)")
            admin.execute("DROP TABLESPACE IF EXISTS small")
            subprocess.run(["umount", folder], check=False)


def test_the_disk_is_full(small_disk: str, big: Path, law: Law) -> None:
    with pytest.raises(StoreError, match="no space left") as caught:
        take(big, law)
    assert caught.value.remedy
    assert counts() == (0, 0, 0)


@pytest.mark.parametrize("name", ["line.csv", "line.jsonl"])
def test_a_gigabyte_on_one_line(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.write(b"code,name\n")
        file.truncate(1 << 30)
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "probity.service.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    more, _, message = done.stdout.partition(" ")
    assert "line 2 is longer than 16 MB" in message, done.stderr
    assert int(more) < 300 * 1024  # kilobytes
