"""What a run does beside grading: it keeps memory for the next part, and brings results to the disk."""

from __future__ import annotations

import platform
import resource
from pathlib import Path
from threading import Event, active_count

import numpy as np
import pytest

from probity.scoring import folder
from probity.scoring.engines.memory import memory_kept

PAGES = (24 << 20) // resource.getpagesize()


def fetched() -> int:
    """How many pages the system had to find for six arrays, which are free again afterwards."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    arrays = [np.empty((4 << 20) - 64, np.uint8) for _ in range(6)]  # larger ones get huge pages from numpy
    for each in arrays:
        each[:: resource.getpagesize()] = 1
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc gives memory back that eagerly")
def test_what_a_part_frees_is_there_for_the_next() -> None:
    with memory_kept():
        fetched()
        assert fetched() < PAGES // 20


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc gives memory back that eagerly")
def test_at_the_end_the_memory_is_given_back() -> None:
    def held() -> int:
        return int(Path("/proc/self/statm").read_text("ascii").split()[1])

    with memory_kept():
        fetched()
        inside = held()
    assert inside - held() > PAGES // 2


def test_results_go_to_the_disk_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    synced = Event()
    monkeypatch.setattr(folder.os, "sync", synced.set)
    monkeypatch.setattr(folder, "MEANWHILE", 0.01)
    with folder.going_to_disk():
        assert synced.wait(60)


def test_results_are_on_the_disk_at_the_end_and_nothing_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(folder.os, "sync", lambda: said.append("sync"))
    threads = active_count()
    with folder.going_to_disk():
        assert active_count() == threads + 1
        said.append("written")
    assert (said[-2:], active_count()) == (["written", "sync"], threads)
    with pytest.raises(OSError, match="full"), folder.going_to_disk():
        raise OSError("full")
    assert active_count() == threads
