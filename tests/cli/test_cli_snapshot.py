"""The commands about snapshots: made, brought up to date, checked."""

from __future__ import annotations

import fcntl
import re
from pathlib import Path

import duckdb
import pytest
from tests.cli.asking import Said, answer
from tests.flow.world import ENTERPRISES, LAW, LIVES, World

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


def score(folder: Path, out: Path, *more: str) -> tuple[str, ...]:
    asked = ("--card", LIVES, "--as-of", "2018-02-16")
    return ("score", *asked, "--snapshot", str(folder), "--out", str(out), *more)


def test_finished_results_are_shown_as_they_were_the_first_time(said: Said, tmp_path: Path) -> None:
    """Grades in the order of the card, the best first; the manifest, read back, has them by the alphabet."""
    folder, out = tmp_path / "s", tmp_path / "out"
    answer(said, "snapshot", "--out", str(folder))
    first = said(*score(folder, out))
    assert first[0] == 0
    grades = [re.split(r"  +", line)[0] for line in first[1].split("organisations\n")[1].splitlines()]
    assert grades[:4] == ["Good", "Adequate", "Needs Improvement", "Poor"]
    assert said(*score(folder, out)) == first
    asked = ("score", "--card", ENTERPRISES, "--as-of", "2023-06-30", "--snapshot", str(folder))
    made, again = (said(*asked, "--out", str(tmp_path / "both"), "--json")[1] for _ in range(2))
    assert made == again


@pytest.mark.parametrize(
    ("options", "where", "remedy"),
    [
        (("--master", "spark://127.0.0.1:1"), "--master", "Add --engine spark"),
        (("--engine", "spark", "--threads", "2"), "--threads", "Leave it out"),
        (("--threads", "0"), "--threads", "1 or more"),
    ],
)
def test_an_option_without_effect_is_refused(
    said: Said, tmp_path: Path, options: tuple[str, ...], where: str, remedy: str
) -> None:
    code, _, err = said(*score(tmp_path / "s", tmp_path / "out", *options))
    assert code == 2
    assert err.startswith(f"{where}: ")
    assert remedy in err
    assert not (tmp_path / "out").exists()


def test_results_into_a_file_are_refused_with_what_helps(said: Said, tmp_path: Path) -> None:
    folder, file = tmp_path / "s", tmp_path / "file"
    answer(said, "snapshot", "--out", str(folder))
    file.write_text("kept")
    for out in (file, file / "in" / "it"):
        code, _, err = said(*score(folder, out))
        assert code == 2
        assert err.startswith(f"{file}: is a file")
        assert "Name a folder with --out" in err
    assert file.read_text() == "kept"


def test_the_documentation_says_what_to_leave_out_where_nothing_was_corrected(said: Said, tmp_path: Path) -> None:
    answer(said, "snapshot", "--out", str(tmp_path))
    text = (Path(__file__).parents[2] / "docs" / "snapshot.md").read_text("utf-8")
    with duckdb.connect() as connection:
        for table in ("marks", "past"):
            assert not list(tmp_path.glob(f"{table}-*"))
            said_before = text.split(f"there is no file of `{table}`")
            assert len(said_before) == 2, table
            query = said_before[1].split("```sql\n")[1].split("```")[0].replace("FOLDER", str(tmp_path))
            assert f"{table}-*.parquet" in query
            with pytest.raises(duckdb.IOException, match="No files found"):
                connection.execute(query)
        left = re.sub(r"UNION ALL.*?\bWHERE[^\n]*\n", "", query, flags=re.S)
        assert "past" not in left
        assert connection.execute(left).fetchall() == []
