"""The outbox: one file for each document and contact, whole, and once, whatever happens in between."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import connection
from tests.service.played import DECISION, ENTER, LAW, act, deliver, found, notified, registered, violation

from probity.errors import StoreError
from probity.service import dispatch as outbox
from probity.service.dispatch import MADE_UP, dispatch
from probity.service.wiring import today

KILLED = """
import sys
import django

django.setup()
import os
from pathlib import Path
from probity.rulebook import load
from probity.procedures import store
from probity.service import dispatch
from probity.service.wiring import rulebooks


def killed(*said):
    os.kill(os.getpid(), 9)


dispatch.store.mark_dispatched = killed
dispatch.dispatch(load(rulebooks()), Path(sys.argv[1]))
"""


@pytest.fixture
def number(database: str) -> str:
    """A case whose notice is on its way."""
    who = registered()
    violation(who)
    return notified(who)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_each_document_goes_to_each_contact_once(number: str, tmp_path: Path) -> None:
    assert dispatch(LAW, tmp_path).files == 1
    (name,) = files(tmp_path)
    stem = number.replace("/", "_")
    assert name == f"{MADE_UP}/{stem}-3--organisation.txt"
    text = files(tmp_path)[name].decode()
    assert number in text
    assert dispatch(LAW, tmp_path).files == 0
    deliver(number)
    assert dispatch(LAW, tmp_path).files == 0
    act(DECISION, "enter", number, **ENTER)
    assert dispatch(LAW, tmp_path).files == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT file, sha256 FROM procedures_dispatch ORDER BY written_at")
        recorded = {file: bytes(hash_).hex() for file, hash_ in cursor.fetchall()}
    assert recorded == {file: sha256(whole).hexdigest() for file, whole in files(tmp_path).items()}


def test_killed_before_it_is_recorded_the_same_file_is_written_again(
    number: str, database: str, tmp_path: Path
) -> None:
    process = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path)],
        env={**os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "probity.service.settings"},
        check=False,
    )
    assert process.returncode == -9
    before = files(tmp_path)
    assert len(before) == 1
    assert dispatch(LAW, tmp_path).files == 1
    assert files(tmp_path) == before
    assert dispatch(LAW, tmp_path).files == 0


def test_a_finding_and_a_proposal_are_for_nobody_outside(database: str, tmp_path: Path) -> None:
    who = registered()
    violation(who)
    found(who)
    assert dispatch(LAW, tmp_path).files == 0


def test_real_organisations_are_not_among_the_made_up(database: str, tmp_path: Path) -> None:
    who = registered(generated=False)
    violation(who, today().replace(day=1), generated=False)
    notified(who, None)
    dispatch(LAW, tmp_path)
    assert [name for name in files(tmp_path) if not name.startswith(MADE_UP)] == list(files(tmp_path))


def test_a_full_or_forbidden_outbox_records_nothing(number: str, tmp_path: Path) -> None:
    blocked = tmp_path / "outbox"
    blocked.write_text("a file, no folder")
    with pytest.raises(StoreError, match="cannot be written"):
        dispatch(LAW, blocked)
    assert dispatch(LAW, tmp_path / "other").files == 1


def test_a_half_written_file_is_never_taken_for_one(
    number: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(outbox.os, "fsync", broken)
    with pytest.raises(StoreError, match="No space left"):
        dispatch(LAW, tmp_path)
    assert not [name for name in files(tmp_path) if name.endswith(".txt")]
    monkeypatch.undo()
    assert dispatch(LAW, tmp_path).files == 1
