"""The commands about snapshots: made, brought up to date, checked."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest
from tests.cli.asking import Said, answer
from tests.flow.world import LAW, World

from probity import ledger
from probity.dossier import GENERATED
from probity.scoring.snapshot import Snapshot
from probity.service import acts

pytestmark = pytest.mark.usefixtures("world")


def test_made_and_brought_up_to_date(said: Said, world: World, tmp_path: Path) -> None:
    folder = tmp_path / "s"
    report = answer(said, "snapshot", "--out", str(folder))
    assert report["notice"] == GENERATED
    assert (report["position"], report["organisations"]) == (ledger.head().number, 260)
    assert (report["statements_read"], report["parts_written"], report["parts_kept"]) == (ledger.count(), 1, 0)
    assert Snapshot.open(folder).verify() == []
    same = answer(said, "snapshot", "--out", str(folder))
    assert (same["hash"], same["statements_read"], same["parts_kept"]) == (report["hash"], 0, 1)
    acts.withdraw(world.penalty().id, LAW, reason="of another organisation")
    code, out, _ = said("snapshot", "--out", str(folder))
    assert code == 0
    assert GENERATED in out
    assert "statements read  1" in out
    (folder / "manifest.json").write_text("{}")
    assert "version" in answer(said, "snapshot", "--out", str(folder))["made_anew"]


def test_fsck_checks_it(said: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROBITY_HOME", str(tmp_path))
    assert answer(said, "fsck")["snapshot"] is None
    answer(said, "snapshot")
    folder = tmp_path / "snapshot"
    report = answer(said, "fsck")
    assert (report["snapshot"], report["faults"]) == (str(folder), [])
    assert {path.name for path in tmp_path.iterdir()} == {"snapshot"}
    snapshot = Snapshot.open(folder)
    snapshot.manifest.model_copy(update={"first_day": "1999-01-01"}).write(folder)
    code, out, _ = said("fsck", "--snapshot", str(folder))
    assert code == 1
    assert "first_day is not what the ledger gives" in out
    snapshot.manifest.write(folder)
    path = folder / snapshot.manifest.parts[0].files["records"].name
    path.write_bytes(path.read_bytes()[:-1])
    code, out, _ = said("fsck")
    assert code == 1
    assert path.name in out
    snapshot.manifest.model_copy(update={"reading": "ab" * 32}).write(folder)
    assert "the law has changed" in said("fsck")[1]
    assert "no whole snapshot" in said("fsck", "--snapshot", str(tmp_path))[1]


def test_what_cannot_be_is_said(said: Said, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code, _, err = said("snapshot", "--out", str(tmp_path / "file"))
    assert (code, "cannot be written" in err) == (6, True)
    with (tmp_path / "lock").open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        code, _, err = said("snapshot", "--out", str(tmp_path))
    assert (code, "another process is making this snapshot" in err) == (6, True)
