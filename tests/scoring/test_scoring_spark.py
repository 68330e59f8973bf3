"""A run in a real cluster: the same bytes as on this machine, whoever dies meanwhile; errors as clear as here."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pytest
from tests.flow import world
from tests.scoring import cluster as clusters

from probity import dossier
from probity.errors import QuestionError, SnapshotError, StoreError
from probity.scoring.engines import Done, Spark, spark
from probity.scoring.snapshot import SnapshotSource, make_snapshot
from probity.scoring.snapshot.manifest import Manifest, read_manifest

CARDS = ("cn-zhejiang-2020/enterprise", "us-sf-food/lives")
DAY = "2023-06-30"
SPAN = 16
MIDDLE = 8
"""A part before and after which there are others."""


@dataclass
class Made:
    """A snapshot of many small parts, and what a run on this machine makes of it."""

    folder: Path
    manifest: Manifest
    local: Path

    def records(self, part: int) -> Path:
        return self.folder / self.manifest.parts[part].files["records"].name


@pytest.fixture(scope="module")
def made(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    folder, local = tmp_path_factory.mktemp("snapshot"), tmp_path_factory.mktemp("local") / "out"
    with pytest.MonkeyPatch.context() as patch:
        for opened in world.opened(server, template, patch):
            with dossier.columns(opened.url) as columns:
                make_snapshot(folder, replace(SnapshotSource.of(columns, opened.law), span=SPAN))
    manifest = read_manifest(folder)
    assert len(manifest.parts) > 2 * MIDDLE - 2
    with pytest.MonkeyPatch.context() as patch:
        # What this run compiles, every other one here takes over.
        patch.setenv("NUMBA_CACHE_DIR", str(tmp_path_factory.mktemp("numba")))
        ended = run(folder, local)
        assert ended.returncode == 0, ended.stdout
        yield Made(folder, manifest, local)


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Iterator[clusters.Cluster]:
    if lacking := clusters.missing():
        assert "PROBITY_REQUIRE_SPARK" not in os.environ, lacking
        pytest.skip(lacking)
    with clusters.cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


def command(snapshot: Path, out: Path, *engine: str) -> list[str]:
    cards = [word for card in CARDS for word in ("--card", card)]
    probity = str(Path(sys.executable).with_name("probity"))
    asked = ["--as-of", DAY, "--snapshot", str(snapshot), "--out", str(out), "--explain"]
    return [probity, "score", *cards, *asked, *engine]


def begin(snapshot: Path, out: Path, *engine: str) -> subprocess.Popen[str]:
    environment = {**os.environ, **clusters.ENVIRONMENT}
    return subprocess.Popen(
        command(snapshot, out, *engine),
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def end(begun: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    said, _ = begun.communicate(timeout=clusters.PATIENCE_S)
    return subprocess.CompletedProcess(begun.args, begun.returncode, said)


def run(snapshot: Path, out: Path, *engine: str) -> subprocess.CompletedProcess[str]:
    return end(begin(snapshot, out, *engine))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


class Gate:
    """A file that nobody reads to its end before it is opened: whoever reads it is in the middle of its part."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.content = path.read_bytes()

    def __enter__(self) -> Gate:
        self.path.unlink()
        os.mkfifo(self.path)
        return self

    def __exit__(self, *_: object) -> None:
        self.path.unlink()
        self.path.write_bytes(self.content)

    def reader(self, begun: subprocess.Popen[str]) -> int:
        """The other end, once somebody waits there."""
        while True:
            try:
                return os.open(self.path, os.O_WRONLY | os.O_NONBLOCK)
            except OSError as error:
                if error.errno != errno.ENXIO:
                    raise
            going_on(begun)

    def open(self, end: int) -> None:
        """Let through who waits."""
        os.set_blocking(end, True)
        with os.fdopen(end, "wb") as file:
            file.write(self.content)


def going_on(begun: subprocess.Popen[str]) -> None:
    """A moment later, the run has not ended."""
    try:
        begun.wait(0.05)
    except subprocess.TimeoutExpired:
        return
    raise AssertionError(begun.communicate()[0])


def test_interrupted_it_ends_and_any_engine_goes_on_where_it_was(
    made: Made, master: clusters.Cluster, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with Gate(made.records(MIDDLE)) as gate:
        begun = begin(made.folder, out, "--engine", "spark", "--master", master.address)
        held = gate.reader(begun)
        begun.send_signal(signal.SIGINT)
        ended = end(begun)
        os.close(held)
    assert ended.returncode == 130, ended.stdout
    assert "Traceback" not in ended.stdout
    assert not (out / "manifest.json").exists()
    before = {path: path.stat().st_mtime_ns for path in out.glob("*.parquet")}
    assert before
    again = run(made.folder, out)
    assert again.returncode == 0, again.stdout
    assert contents(out) == contents(made.local)
    assert any(path.stat().st_mtime_ns == written for path, written in before.items()), "nothing was kept"


def test_what_a_task_finds_wrong_is_said_as_on_this_machine(
    made: Made, master: clusters.Cluster, tmp_path: Path
) -> None:
    folder = shutil.copytree(made.folder, tmp_path / "snapshot")
    harmed = folder / made.records(MIDDLE).name
    content = bytearray(harmed.read_bytes())
    content[len(content) // 2] ^= 1
    harmed.write_bytes(content)
    here = run(folder, tmp_path / "here")
    there = run(folder, tmp_path / "there", "--engine", "spark", "--master", master.address)
    assert there.returncode == here.returncode == SnapshotError.exit_code
    assert str(harmed) in here.stdout
    assert there.stdout.endswith(here.stdout)
    assert "Exception" not in there.stdout
    assert not (tmp_path / "there" / "manifest.json").exists()


def test_with_a_worker_killed_in_the_middle_the_bytes_are_the_same(
    made: Made, master: clusters.Cluster, tmp_path: Path
) -> None:
    with Gate(made.records(MIDDLE)) as gate:
        begun = begin(made.folder, tmp_path / "out", "--engine", "spark", "--master", master.address)
        held = gate.reader(begun)
        while not (doomed := [worker for worker in master.workers if worker.has_open(gate.path)]):
            going_on(begun)
        doomed[0].kill()
        here = {part for part in range(len(made.manifest.parts)) if any(finished(tmp_path / "out", part))}
        while not any(worker.has_open(gate.path) for worker in master.workers):
            going_on(begun)
        gate.open(held)
        ended = end(begun)
    assert here
    assert MIDDLE not in here
    assert "Lost executor" in ended.stdout
    assert ended.returncode == 0, ended.stdout
    assert contents(tmp_path / "out") == contents(made.local)


def finished(out: Path, part: int) -> Iterator[Path]:
    return out.glob(f"grades-*-{part:06}.parquet")


# -- without a cluster ---------------------------------------------------------------------------------


def nothing(part: int) -> Done:
    return Done(part, (), {}, {}, generated=False)


def test_where_no_master_answers_it_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    ready(monkeypatch)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(
        StoreError, match=rf"spark://127.0.0.1:{port}: no Spark master answers \(Connection refused\)"
    ):
        list(Spark(f"spark://127.0.0.1:{port}").run(nothing, [0]))


@pytest.mark.parametrize("master", ["spark://host", "host:7077", "nonsense", "spark://host:port", ""])
def test_what_is_no_address_is_refused(master: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ready(monkeypatch)
    with pytest.raises(QuestionError, match="no address of a Spark master"):
        list(Spark(master).run(nothing, [0]))


def ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if Spark and Java were here; nothing of them is used."""
    session = SimpleNamespace(getActiveSession=lambda: None)
    monkeypatch.setattr(spark, "_installed", lambda: None)
    monkeypatch.setattr(spark, "import_module", lambda name: SimpleNamespace(SparkSession=session))


def test_without_the_extra_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark, "find_spec", lambda name: None)
    with pytest.raises(StoreError, match=r"pip install 'probity\[spark\]'"):
        list(Spark("local").run(nothing, [0]))


@pytest.mark.parametrize("home", [None, "/nowhere"])
def test_without_java_it_says_so(home: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(spark, "find_spec", lambda name: name)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    if home:
        monkeypatch.setenv("JAVA_HOME", home)
    with pytest.raises(
        StoreError, match=f"Spark needs Java, and {'JAVA_HOME is' if home else 'there is no java'}"
    ):
        list(Spark("local").run(nothing, [0]))


def test_nothing_to_do_needs_no_cluster() -> None:
    assert list(Spark("spark://nowhere:1").run(nothing, [])) == []


def test_a_worker_of_another_version_is_refused() -> None:
    task = spark._Task(nothing, (7,), SimpleNamespace(add=lambda said: None), "0.0.0")
    (row,) = task(iter([pa.record_batch({"id": [0]})]))
    (outcome,) = spark._unpacked(row.column("outcome").to_pylist())
    assert isinstance(outcome, StoreError)
    assert "the run is of 0.0.0" in outcome.what


def test_the_program_does_without_spark() -> None:
    code = "import sys, probity.cli.main; sys.exit(bool({'pyspark', 'py4j'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
