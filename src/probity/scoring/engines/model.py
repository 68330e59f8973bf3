"""What an engine is: something that has the parts of a run done, here or elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from probity.scoring.snapshot.manifest import File


@dataclass(frozen=True, slots=True)
class Done:
    """A part that is done: its files, and by card how many organisations have each grade, and how many none, by
    the reason; ``generated``: whether somebody who was graded is made up."""

    part: int
    files: tuple[File, ...]
    grades: Mapping[str, Mapping[str, int]]
    no_grade: Mapping[str, Mapping[str, int]]
    generated: bool


Work = Callable[[int], Done]
"""Does one part, by its number, and may be sent to another process. Done twice, it leaves the same bytes."""


class Engine(Protocol):
    """Where the work of a run is done."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    def run(self, work: Work, parts: Sequence[int]) -> Generator[Done]:
        """Every part done, in any order. Raises what the work raises."""
        ...
