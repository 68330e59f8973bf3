"""A run over a snapshot leaves the same bytes, whoever is killed or in the way meanwhile."""

from __future__ import annotations

import random
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from tests.scoring.bulk_runs import ASKED, CARDS, DAY, HARM, LAW, ONE, Made, again, finished, flipped, times
from tests.scoring.conformance import contents

from probity.errors import QuestionError, SnapshotError, StoreError
from probity.scoring.bulk import GRADES, POINTS, Asked, read_answer, run_bulk
from probity.scoring.engines import Done
from probity.scoring.reasons import REASONS

# -- the folder of the results -------------------------------------------------------------------------


@pytest.fixture
def results(made: Made, tmp_path: Path) -> Path:
    return shutil.copytree(made.out, tmp_path / "results")


@pytest.mark.parametrize(
    "other",
    [
        replace(ASKED, cards=CARDS[:1]),
        replace(ASKED, as_of=DAY - timedelta(days=1)),
        replace(ASKED, explained=False),
    ],
)
def test_results_of_another_question_stay(made: Made, results: Path, other: Asked) -> None:
    before = contents(results)
    with pytest.raises(QuestionError, match="results of another question"):
        run_bulk(other, made.folder, results, LAW, ONE)
    assert contents(results) == before


def test_a_folder_with_something_else_in_it_stays(made: Made, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear all")
    with pytest.raises(QuestionError, match="not empty"):
        again(made, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_what_is_no_folder_is_refused(made: Made, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("dear all")
    with pytest.raises(StoreError, match="cannot be written"):
        again(made, tmp_path / "out")
    with pytest.raises(StoreError, match="cannot be written"):
        again(made, Path("/proc/out"))


def test_asked_again_it_is_verified_and_left_alone(made: Made, results: Path) -> None:
    results.chmod(0o500)
    before = {path.name: path.stat().st_mtime_ns for path in results.iterdir()}
    assert again(made, results).hash == made.hash
    assert {path.name: path.stat().st_mtime_ns for path in results.iterdir()} == before
    results.chmod(0o700)


@pytest.mark.parametrize("harm", ["cut short", "flipped in the middle", "missing"])
@pytest.mark.parametrize("name", ["grades", "points", "manifest"])
def test_altered_results_are_noticed(made: Made, results: Path, name: str, harm: str) -> None:
    path = sorted(results.glob(f"{name}*"))[-1]
    HARM[harm](path)
    if (name, harm) == ("manifest", "missing"):
        # Whoever lacks the manifest has no whole results; they are made again.
        assert again(made, results).hash == made.hash
        return
    with pytest.raises(SnapshotError) as raised:
        again(made, results)
    assert raised.value.where == str(path)


def test_every_byte_of_the_manifest_counts(made: Made, results: Path) -> None:
    path = results / "manifest.json"
    content = path.read_bytes()
    for at in range(0, len(content) - 1, 97):
        flipped(path, at)
        with pytest.raises(SnapshotError):
            read_answer(results)
        path.write_bytes(content)


def test_while_somebody_writes_nobody_else_does(made: Made, tmp_path: Path) -> None:
    out = tmp_path / "out"

    class Second:
        name = "second"

        def run(self, work, parts) -> Iterator[Done]:
            with pytest.raises(StoreError, match="another process is writing"):
                again(made, out)
            yield from ONE.run(work, parts)

    assert run_bulk(ASKED, made.folder, out, LAW, Second()).hash == made.hash
    assert contents(out) == contents(made.out)


def test_the_lock_of_who_died_is_free(made: Made, tmp_path: Path) -> None:
    (tmp_path / "lock").touch()
    (tmp_path / "question.json.new").write_text("{")
    assert again(made, tmp_path).hash == made.hash
    assert contents(tmp_path) == contents(made.out)


# -- disks and deaths ----------------------------------------------------------------------------------


def test_where_no_more_can_be_written_it_goes_on_later(made: Made, tmp_path: Path) -> None:
    sizes = sorted(path.stat().st_size for path in made.out.glob("*.parquet"))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (sizes[-2], hard))
    try:
        with pytest.raises(StoreError, match="cannot be written") as raised:
            again(made, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "run the same command again" in raised.value.remedy
    assert not list(tmp_path.glob(".*"))
    assert not (tmp_path / "manifest.json").exists()
    assert again(made, tmp_path).hash == made.hash
    assert contents(tmp_path) == contents(made.out)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only root can mount a small disk")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_is_said_and_freed_it_goes_on(made: Made, small_disk: Path) -> None:
    ballast, out = small_disk / "ballast", small_disk / "out"
    ballast.write_bytes(bytes(shutil.disk_usage(small_disk).free - 60_000))
    with pytest.raises(StoreError, match="No space left") as raised:
        again(made, out)
    assert "Check space" in raised.value.remedy
    kept = finished(out)
    assert kept
    ballast.unlink()
    assert again(made, out).hash == made.hash
    assert kept.items() <= times(out).items()
    assert contents(out) == contents(made.out)


PROBITY = """
import os, signal, sys
from probity.cli import main
moment, sys.argv = sys.argv[1], ["probity", *sys.argv[2:]]
seen = 0
def watch(event, said):
    global seen
    if event == "os.rename":
        seen += 1
        if moment in (str(seen), os.path.basename(said[1])):
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(watch)
main()
"""


def probity(made: Made, out: Path, moment: str) -> subprocess.CompletedProcess[str]:
    """The command, killed at a moment: as the so-maniest file, or that of that name, gets its name."""
    cards = [word for card in CARDS for word in ("--card", card)]
    asked = ["--as-of", str(DAY), "--explain", "--snapshot", made.folder, "--out", out, "--threads", "2"]
    command = [sys.executable, "-c", PROBITY, moment, "score", *cards, *asked]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_killed_at_any_moment_it_goes_on_to_the_same_bytes(made: Made, tmp_path: Path) -> None:
    out, chance, kept = tmp_path / "out", random.Random(12), {}
    for moment in (1, chance.randrange(8, 40), "manifest.json"):
        killed = probity(made, out, str(moment))
        assert killed.returncode == -9, killed.stderr
        assert kept.items() <= finished(out).items()
        kept = finished(out)
        assert not (out / "manifest.json").exists()
    assert len(kept) == len(made.manifest.parts) * len(CARDS) * 2
    ended = probity(made, out, "never")
    assert ended.returncode == 0, ended.stderr
    assert made.hash in ended.stdout
    assert kept.items() <= times(out).items()
    assert contents(out) == contents(made.out)


@pytest.mark.parametrize("harm", ["cut short", "flipped in the middle", "missing"])
def test_what_was_kept_of_an_earlier_attempt_is_looked_at(made: Made, results: Path, harm: str) -> None:
    """A killed run leaves parts behind; one that was altered since is done again."""

    class Half:
        name = "half"

        def run(self, work, parts) -> Iterator[Done]:
            for n, part in enumerate(parts):
                if n == 4:
                    raise KeyboardInterrupt
                yield work(part)

    shutil.rmtree(results)
    with pytest.raises(KeyboardInterrupt):
        run_bulk(ASKED, made.folder, results, LAW, Half())
    HARM[harm](results / "grades-us-sf-food.lives-000000.parquet")
    HARM[harm](results / "part-000001.done")
    parts = []

    class Rest:
        name = "rest"

        def run(self, work, left) -> Iterator[Done]:
            parts.extend(left)
            yield from ONE.run(work, left)

    assert run_bulk(ASKED, made.folder, results, LAW, Rest()).hash == made.hash
    assert parts == [0, 1, *range(4, len(made.manifest.parts))]
    assert contents(results) == contents(made.out)


# -- what the documentation says -----------------------------------------------------------------------

PAGE = (Path(__file__).parents[2] / "docs" / "grading.md").read_text(encoding="utf-8")


def table_after(heading: str) -> list[list[str]]:
    """The cells of the table under a heading, marks of code taken off."""
    rows = [line for line in PAGE.split(heading)[1].split("\n### ")[0].splitlines() if line.startswith("| ")]
    return [[cell.strip(" `") for cell in row.strip("|").split("|")] for row in rows[1:]]


def test_every_column_and_reason_is_documented() -> None:
    grades, points = table_after("### `grades-CARD-PART.parquet`"), table_after("### `points-CARD-PART.parquet`")
    assert [row[0] for row in grades] == GRADES.names
    bits = [row for row in points if row[0].isdigit()]
    assert [row[0] for row in points if row not in bits and row[0] != "bit"] == POINTS.names
    assert [(int(row[0]), row[1]) for row in bits] == [(1 << n, name) for n, name in enumerate(REASONS)]


def test_only_what_somebody_can_lack_may_be_missing(made: Made) -> None:
    """A card over cards is known by their results, another asks for an occasion."""
    answer = read_answer(made.out)
    for card in CARDS:
        names = [file.name for file in answer.files if file.name.startswith(f"grades-{card.replace('/', '.')}-")]
        may_lack = {pq.read_schema(made.out / name).field("total").nullable for name in names}
        assert may_lack == {card != "cn-zhejiang-2020/enterprise"}


def test_the_queries_of_the_documentation_run(made: Made) -> None:
    queries = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
    with duckdb.connect() as connection:
        who, cost = [
            connection.execute(
                query.replace("RESULTS", str(made.out)).replace("SNAPSHOT", str(made.folder))
            ).fetchall()
            for query in queries
        ]
    answer = read_answer(made.out)
    assert len(who) == sum(result.organisations for result in answer.results)
    assert {row[0] for row in cost} <= {name for result in answer.results for name in result.known}
    assert sum(row[2] for row in cost) == sum(
        file.rows for file in answer.files if file.name.startswith("points-")
    )
