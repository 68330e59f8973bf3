"""A snapshot to grade, ways to harm what lies in files, and what a run leaves."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from tests.scoring import shipped_cases as shipped
from tests.scoring import small_snapshot as small

from probity.rulebook import load
from probity.scoring.bulk import Answer, Asked, read_answer, run_bulk
from probity.scoring.engines import Local
from probity.scoring.snapshot import Snapshot
from probity.scoring.snapshot.manifest import Manifest

LAW = load(Path(__file__).parents[2] / "rulebooks")
DAY = date(2023, 6, 30)
CARDS = ("cn-zhejiang-2020/enterprise", "cn-comprehensive/enterprise", "us-sf-food/lives")
ASKED = Asked(CARDS, DAY, explained=True)
QUICK = Asked(CARDS[2:], DAY)
ONE = Local(1)


@dataclass(frozen=True)
class Made:
    """A snapshot of some parts, and what a run gives."""

    folder: Path
    out: Path

    @property
    def manifest(self) -> Manifest:
        return Snapshot.open(self.folder).manifest

    @property
    def hash(self) -> str:
        return read_answer(self.out).hash


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    chance, cards = random.Random(3), [LAW.card(card, DAY) for card in CARDS]
    organisations = []
    for _ in range(70):
        kind, scheme = shipped.kinds(cards, LAW, chance)
        organisations.append(small.Organisation(kind, scheme, shipped.file(LAW, cards, DAY, chance)))
    folder, out = tmp_path_factory.mktemp("snapshot"), tmp_path_factory.mktemp("out") / "out"
    small.make(folder, LAW, organisations, span=8)
    run_bulk(ASKED, folder, out, LAW, ONE)
    return Made(folder, out)


@pytest.fixture
def copy(made: Made, tmp_path: Path) -> Made:
    """One to be spoilt."""
    return Made(shutil.copytree(made.folder, tmp_path / "snapshot"), tmp_path / "out")


def again(made: Made, out: Path | None = None) -> Answer:
    return run_bulk(ASKED, made.folder, out or made.out, LAW, ONE)


def flipped(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at % len(content)] ^= 0x10
    path.write_bytes(content)


HARM: dict[str, Callable[[Path], None]] = {
    "cut short": lambda path: os.truncate(path, path.stat().st_size * 2 // 3),
    "emptied": lambda path: os.truncate(path, 0),
    "flipped at the start": lambda path: flipped(path, 5),
    "flipped in the middle": lambda path: flipped(path, path.stat().st_size // 2),
    "flipped at the end": lambda path: flipped(path, -3),
    "longer": lambda path: path.write_bytes(path.read_bytes() + b"0"),
    "missing": lambda path: path.unlink(),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
}


def times(out: Path) -> dict[str, int]:
    """When its files were written."""
    return {path.name: path.stat().st_mtime_ns for path in out.iterdir()}


def finished(out: Path) -> dict[str, int]:
    """The files of the parts that are done, and when they were written."""
    notes = [path for path in out.glob("*.done") if path.read_bytes().endswith(b"}\n")]  # a full disk cuts one off
    parts = [path.stem.removeprefix("part-") for path in notes]
    return {name: time for name, time in times(out).items() if any(name.endswith(f"{p}.parquet") for p in parts)}
