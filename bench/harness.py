"""What every benchmark needs: a house of its own, its arguments, and its figures printed."""

from __future__ import annotations

import argparse
import json
import os
import resource
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from probity.service import House, running

Figures = dict[str, float]


def main(measure: Callable[[int], Figures], counted: str, default: int, what: str) -> None:
    """Read ``--COUNTED N`` and ``--json``, measure, and print the figures."""
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument(f"--{counted}", dest="size", type=int, default=default)
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    figures = measure(arguments.size)
    if arguments.json:
        print(json.dumps(figures, indent=2))
    else:
        for name, value in figures.items():
            print(f"{name:<28} {value:>14,}")


@contextmanager
def own_house() -> Iterator[tuple[House, Path]]:
    """Probity on the embedded server in a folder that is removed afterwards, and that folder."""
    with tempfile.TemporaryDirectory(prefix="probity-bench-") as folder:
        Path(folder).chmod(0o755)
        os.environ["PROBITY_HOME"] = folder
        os.environ.pop("DATABASE_URL", None)
        with running() as house:
            yield house, Path(folder)


def peak() -> int:
    """The most memory that this process held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
