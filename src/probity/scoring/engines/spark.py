"""The parts of a run in an Apache Spark cluster: one task for each part, the same work, so the same bytes.

What goes to the cluster is the number of a part; the snapshot and the results lie in folders that every machine
sees under the same path. A task that dies with its machine is done again by another.
"""

from __future__ import annotations

import os
import pickle
import re
import shutil
import signal
import socket
import sys
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from probity import __version__
from probity.errors import ProbityError, QuestionError, StoreError
from probity.scoring.engines.model import Done, Work

if TYPE_CHECKING:
    from pyspark import Accumulator
    from pyspark.sql import DataFrame, SparkSession

OUTCOME = pa.schema([pa.field("part", pa.int64()), pa.field("outcome", pa.binary())])
"""What a task gives back: the part, and the pickled Done, or the error of ours that the work met."""

_SAME = (
    "Every worker needs the same Probity and Python at the same place (or set PYSPARK_PYTHON), and the folders of "
    "the snapshot and the results under the same path; see docs/spark.md. Run the same command again to go on."
)
_MASTER = re.compile(r"local.*|yarn|k8s://.+|spark://[^,]+:\d{1,5}(,[^,]+:\d{1,5})*")
_STACK = (" ", "\t", "at ", "Caused by:", "Driver stacktrace:")
_ANSWER_S = 10.0
_GLANCE_S = 0.2


@dataclass(frozen=True, slots=True)
class Spark:
    """``master`` as Spark writes it: ``spark://HOST:7077``, ``yarn``, ``k8s://HOST``, ``local[2]``. None: what
    Spark's own configuration names, or else this machine."""

    master: str | None = None
    name: str = "spark"

    def run(self, work: Work, parts: Sequence[int]) -> Generator[Done]:
        """Every part done, as tasks end, in any order. Inside a Spark application its session is used.

        Raises what the work raises, QuestionError for an address that is none, and StoreError where Spark is not
        installed, cannot be reached or gives up.
        """
        if parts:
            with _session(self.master) as session:
                yield from _done(session, work, tuple(parts))


@dataclass(frozen=True, slots=True)
class _Task:
    """Runs on a worker: does the parts whose places it is given, and reports each at once and as a row."""

    work: Work
    parts: tuple[int, ...]
    news: Accumulator[list[bytes]]
    version: str

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for place in batch.column(0).to_pylist():
                outcome = pickle.dumps(self._outcome(self.parts[place]))
                self.news.add([outcome])
                yield pa.record_batch([[self.parts[place]], [outcome]], schema=OUTCOME)

    def _outcome(self, part: int) -> Done | ProbityError:
        """An error of ours is a result: doing the part again would not mend it."""
        if self.version != __version__:
            what = f"this worker has Probity {__version__}, the run is of {self.version}"
            return StoreError(what, where=socket.gethostname(), remedy=_SAME)
        try:
            return self.work(part)
        except ProbityError as error:
            return error


def _done(session: SparkSession, work: Work, parts: tuple[int, ...]) -> Iterator[Done]:
    """The outcomes as they arrive. The rows are what counts; accumulators bring them before the last task ends."""
    context = session.sparkContext
    if not context.master.startswith("local"):
        # Relative: in an executor's own folder, so that machines that share an installation compile apart.
        context.environment.setdefault("NUMBA_CACHE_DIR", os.environ.get("NUMBA_CACHE_DIR", "numba"))
    adding = import_module("pyspark.accumulators").AddingAccumulatorParam([])
    task = _Task(work, parts, context.accumulator([], adding), __version__)
    frame = session.range(0, len(parts), 1, len(parts)).mapInArrow(task, "part long, outcome binary")
    group = f"probity-{os.getpid()}-{id(task)}"
    left = set(parts)
    with ThreadPoolExecutor(1) as thread:
        job = thread.submit(_collected, session, frame, group)
        try:
            for outcome in _outcomes(job, task.news):
                if isinstance(outcome, ProbityError):
                    raise outcome
                if outcome.part in left:
                    left.remove(outcome.part)
                    yield outcome
        finally:
            if not job.done():
                context.cancelJobGroup(group)


def _collected(session: SparkSession, frame: DataFrame, group: str) -> list[bytes]:
    session.sparkContext.setJobGroup(group, "probity score", interruptOnCancel=True)
    return [bytes(row.outcome) for row in frame.collect()]


def _outcomes(job: Future[list[bytes]], news: Accumulator[list[bytes]]) -> Iterator[Done | ProbityError]:
    """What tasks have reported so far, then all rows; a part can come twice."""
    seen = 0
    while not job.done():
        wait([job], timeout=_GLANCE_S)
        arrived = news.value[seen:]
        seen += len(arrived)
        yield from _unpacked(arrived)
    try:
        rows = job.result()
    except Exception as error:
        raise StoreError(f"Spark gave the run up: {_reason(error)}", remedy=_SAME) from error
    yield from _unpacked(rows)


def _unpacked(outcomes: Sequence[bytes]) -> Iterator[Done | ProbityError]:
    # From tasks of this very application: whoever could forge one could run code in it anyway.
    return map(pickle.loads, outcomes)


@contextmanager
def _session(master: str | None) -> Iterator[SparkSession]:
    """The session of the application that this runs in, or one of its own, ended with the run."""
    _installed()
    sessions: Any = import_module("pyspark.sql").SparkSession
    if (running := sessions.getActiveSession()) is not None:
        yield running
        return
    _answers(master)
    builder = sessions.builder.appName("probity score")
    interrupted = signal.getsignal(signal.SIGINT)
    try:
        session = (builder.master(master) if master else builder).getOrCreate()
    except Exception as error:
        what = f"Spark did not start{f' at {master}' if master else ''}: {_reason(error)}"
        raise StoreError(what, remedy="What Spark wrote above says more; it needs Java 17 or newer.") from error
    try:
        yield session
    finally:
        session.stop()
        _handle(interrupted)


def _installed() -> None:
    """Raises StoreError unless Spark and Java are here. Where nobody configured Spark, our configuration holds."""
    if find_spec("pyspark") is None or find_spec("pandas") is None:
        raise StoreError("Spark is not installed here", remedy="Install it with pip install 'probity[spark]'.")
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java", path=f"{home}/bin" if home else None) is None:
        where = f"JAVA_HOME is {home}" if home else "there is no java on PATH"
        remedy = "Install Java 17 or newer (Debian: apt install default-jre-headless), or set JAVA_HOME."
        raise StoreError(f"Spark needs Java, and {where}", remedy=remedy)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    if "SPARK_HOME" not in os.environ:
        os.environ.setdefault("SPARK_CONF_DIR", str(Path(__file__).with_name("conf")))


def _answers(master: str | None) -> None:
    """Raises QuestionError unless this is an address as Spark writes them, and StoreError unless a standalone
    cluster takes a connection there (Spark would try for a minute)."""
    if master is None:
        return
    if not _MASTER.fullmatch(master):
        remedy = "Write --master spark://HOST:7077, yarn, k8s://https://HOST:PORT or local[2]."
        raise QuestionError("is no address of a Spark master", where=master, remedy=remedy)
    why: OSError | None = None
    for address in master.removeprefix("spark://").split(",") if master.startswith("spark://") else ():
        host, _, port = address.rpartition(":")
        try:
            socket.create_connection((host.strip("[]"), int(port)), timeout=_ANSWER_S).close()
        except OSError as error:
            why = error
        else:
            return
    if why is not None:
        remedy = "Start it, or give the address that its log names: --master spark://HOST:7077."
        raise StoreError(f"no Spark master answers ({why.strerror or why})", where=master, remedy=remedy) from why


def _reason(error: Exception) -> str:
    """The line of Spark's message that says why: the last one that is not of a stack."""
    lines = [line for line in str(error).splitlines() if line.strip() and not line.startswith(_STACK)]
    return lines[-1].strip(": ") if lines else type(error).__name__


def _handle(handler: Any) -> None:
    """Put back what Ctrl-C did before Spark took it over."""
    with suppress(ValueError):
        signal.signal(signal.SIGINT, handler)
