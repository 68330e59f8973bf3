"""The parts of a run on threads of this process: the pass holds no Python lock."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice

from probity.scoring.engines.memory import memory_kept
from probity.scoring.engines.model import Done, Work


@dataclass(frozen=True, slots=True)
class Local:
    """``threads`` parts at a time."""

    threads: int
    name: str = "local"

    def run(self, work: Work, parts: Sequence[int]) -> Generator[Done]:
        """Every part done, in any order; what fails first is raised, and no further part is begun."""
        left = iter(parts)
        with memory_kept(), ThreadPoolExecutor(self.threads) as pool:
            going = {pool.submit(work, part) for part in islice(left, self.threads)}
            while going:
                done, going = wait(going, return_when=FIRST_COMPLETED)
                going |= {pool.submit(work, part) for part in islice(left, len(done))}
                for each in done:
                    yield each.result()
