"""What every benchmark needs: a house of its own, its arguments, and its figures printed."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from probity.service import House, running

Figures = dict[str, float | str]
"""What was measured; a text says why something was not."""


def main(measure: Callable[[int], Figures], counted: str, default: int, what: str) -> None:
    """Read ``--COUNTED N`` and ``--json``, measure, and print the figures."""
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument(f"--{counted}", dest="size", type=int, default=default)
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    printed(measure(arguments.size), arguments.json)


def printed(figures: Figures, as_json: bool) -> None:
    """Print the figures."""
    if as_json:
        print(json.dumps(figures, indent=2))
    else:
        for name, value in figures.items():
            print(f"{name:<34} {value if isinstance(value, str) else f'{value:,}':>16}")


@contextmanager
def own_house(fixed_days: Mapping[str, date] | None = None) -> Iterator[tuple[House, Path]]:
    """Probity on the embedded server in a folder that is removed afterwards, and that folder."""
    with tempfile.TemporaryDirectory(prefix="probity-bench-") as folder:
        Path(folder).chmod(0o755)
        os.environ["PROBITY_HOME"] = folder
        os.environ.pop("DATABASE_URL", None)
        with running(fixed_days=fixed_days) as house:
            yield house, Path(folder)
