"""A Spark cluster as it is in production, only small: a master and two workers, each a process of its own."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from subprocess import DEVNULL, PIPE, STDOUT, Popen
from threading import Event, Thread

import psutil

PATIENCE_S = 300
ENVIRONMENT = {
    "SPARK_LOCAL_IP": "127.0.0.1",
    # What runs for seconds is not worth compiling well.
    "JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}


def missing() -> str | None:
    """What this machine lacks to run Spark; None: nothing."""
    if find_spec("pyspark") is None or find_spec("pandas") is None:
        return "Spark is not installed: make spark"
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java", path=f"{home}/bin" if home else None) is None:
        return "Spark needs Java 17 or newer (Debian: apt install default-jre-headless)"
    return None


class Daemon:
    """A master or a worker, up once it has logged what ``says`` describes."""

    def __init__(self, folder: Path, says: str, *command: str) -> None:
        spec = find_spec("pyspark")
        assert spec is not None
        assert spec.origin is not None
        home = Path(spec.origin).parent
        own = {"SPARK_HOME": str(home), "SPARK_DAEMON_MEMORY": "256m", "SPARK_LOCAL_DIRS": str(folder)}
        self.process = Popen(
            [home / "bin" / "spark-class", f"org.apache.spark.deploy.{command[0]}", *command[1:]],
            # Not the quiet configuration that a session of these tests has set: what is logged says what is up.
            env={**{k: v for k, v in os.environ.items() if k != "SPARK_CONF_DIR"}, **ENVIRONMENT, **own},
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
            text=True,
        )
        self._says = re.compile(says)
        self._up = Event()
        self.lines: list[str] = []
        self.said = ""
        self._follower = Thread(target=self._follow)
        self._follower.start()
        if not self._up.wait(PATIENCE_S) or not self.said:
            self.kill()
            raise RuntimeError("did not come up:\n" + "".join(self.lines))

    def _follow(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if not self.said and (found := self._says.search(line)):
                self.said = found.group()
                self._up.set()
        self._up.set()

    @property
    def family(self) -> list[psutil.Process]:
        """It, its executors, and their Python processes."""
        try:
            root = psutil.Process(self.process.pid)
            return [root, *root.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def has_open(self, path: Path) -> bool:
        """Whether one of its family reads that file."""
        return any(str(path) in _open_files(process.pid) for process in self.family)

    def kill(self) -> None:
        """As a machine that loses its power: everything at once, and nobody says goodbye."""
        family = self.family
        for process in family:
            process.suspend()
        for process in {*family, *self.family}:
            process.kill()
        self.process.wait(PATIENCE_S)
        psutil.wait_procs(family, timeout=PATIENCE_S)
        self._follower.join(PATIENCE_S)
        assert self.process.stdout is not None
        self.process.stdout.close()


def _open_files(pid: int) -> set[str]:
    """Pipes with a name too, which psutil leaves out."""
    found = set()
    with suppress(FileNotFoundError):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(FileNotFoundError):
                found.add(str(link.readlink()))
    return found


@dataclass(frozen=True)
class Cluster:
    """The address of its master, and its workers."""

    address: str
    workers: tuple[Daemon, ...]


@contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """A cluster that keeps its files in ``folder`` and ends with the block; each worker has a core and 1 GB."""
    up: list[Daemon] = []
    anywhere = ("--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
    try:
        up.append(Daemon(folder, r"spark://[\w.:]+", "master.Master", *anywhere))
        small = ("--cores", "1", "--memory", "1g", "--work-dir", str(folder))
        for _ in range(workers):
            registered = "Successfully registered with master"
            up.append(Daemon(folder, registered, "worker.Worker", *anywhere, *small, up[0].said))
        yield Cluster(up[0].said, tuple(up[1:]))
    finally:
        for daemon in reversed(up):
            daemon.kill()
