"""A made-up nation: a snapshot as large and as uneven as a country's register, written part by part.

``python -m bench.nation --organisations 33000000 --records 165000000 --out FOLDER``. Nothing in it is real: the
codes are of a region that no registrar has. The same sizes and seed give the same bytes.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from bench.cards import RULEBOOKS, WORKPLACE, rulebooks
from bench.mix import EPOCH, FIRST, LAST, RECIPES, SEED, Nation
from bench.part import Made, typed
from probity.canon import digest
from probity.rulebook import load
from probity.scoring.snapshot import layout
from probity.scoring.snapshot.layout import BATCHES, write
from probity.scoring.snapshot.manifest import NAME, File, Manifest, Part, described
from probity.scoring.snapshot.plan import ORGANISATION_KINDS


def generate(nation: Nation, out: Path) -> Manifest:
    """Write the snapshot of a nation into an empty folder ``out``."""
    out.mkdir(parents=True)
    parts, position, first_day = [], nation.first_act(0), LAST.toordinal() - EPOCH
    batches = Batches.of_deliveries(nation)
    for number in range(nation.parts):
        made = Made(nation, number, position, np.random.default_rng([nation.seed, number]))
        tables = made.tables()
        files = {name: _written(table, out / f"{name}-{number:06}.parquet") for name, table in tables.items()}
        parts.append(
            Part(first=nation.span(number)[0], files={name: file for name, file in files.items() if file})
        )
        first_day = min(first_day, int(made.day.min(initial=first_day)))
        position = batches.add(nation.acts(number), position)
    manifest = Manifest(
        position=position - 1,
        known_at=batches.last,
        span=nation.width,
        reading=nation.mix.reading.hash,
        rulebook_hash=nation.law.hash,
        generated=True,
        first_day=date.fromordinal(first_day + EPOCH).isoformat(),
        plan=nation.mix.reading.plan,
        kinds=nation.mix.kinds,
        schemes=tuple(rule.scheme for rule in nation.mix.reading.schemes),
        organisation_kinds=ORGANISATION_KINDS,
        batches=_written(batches.table(), out / "batches.parquet"),
        parts=tuple(parts),
    )
    manifest.write(out)
    return manifest


def _written(table: pa.Table, path: Path) -> File | None:
    if not table.num_rows:
        return None
    write(table, path)
    return described(path, table.num_rows)


class Batches:
    """The batches of the ledger, in order."""

    def __init__(self) -> None:
        self.rows: list[tuple[datetime, int, str]] = []

    @property
    def last(self) -> datetime:
        """When the last one was received."""
        return self.rows[-1][0]

    @classmethod
    def of_deliveries(cls, nation: Nation) -> Batches:
        """The registrations and every delivery of records."""
        batches = cls()
        batches.rows.append((_noon(FIRST), nation.organisations, "register.organisation"))
        quota = np.array([nation.quota(part) for part in range(nation.parts)]).sum(axis=0)
        ends = nation.organisations + np.cumsum(quota)
        for delivery, position in zip(nation.mix.deliveries, ends.tolist(), strict=True):
            came = _noon(date.fromordinal(delivery.last + EPOCH + 1)) + timedelta(minutes=delivery.item)
            batches.rows.append((came, position, RECIPES[delivery.item].item))
        return batches

    def add(self, acts: dict[str, int], position: int) -> int:
        """The batches of one part's later statements, from ``position`` on; returns the position after them."""
        items = {
            "corrects": "penalty.administrative",
            "withdraws": "penalty.administrative",
            "contests": "objection.lodged",
            "settles": "objection.closed",
            "repairs": "repair.granted",
            "again": "register.organisation",
        }
        for act, item in items.items():
            position += acts[act]
            if acts[act]:
                self.rows.append((self.last + timedelta(seconds=1), position - 1, item))
        return position

    def table(self) -> pa.Table:
        """As the snapshot holds them."""
        times, positions, items = zip(*self.rows, strict=True)
        columns = {
            "number": np.arange(1, len(items) + 1),
            "recorded_at": pa.array(times, pa.timestamp("us", "UTC")),
            "last_position": np.array(positions),
            "item": pa.array(items),
            "delivered": np.ones(len(items), np.bool_),
        }
        return typed(columns, BATCHES)


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def stored(organisations: int, records: int) -> tuple[Path, Path]:
    """The snapshot of a nation of that size, and the rulebooks it was made under (with the benchmarks' own cards).

    They are kept between runs, and made anew where the rules, the format or the generator changed.
    """
    WORKPLACE.mkdir(parents=True, exist_ok=True)
    books = rulebooks(WORKPLACE / "rulebooks")
    law = load(books)
    here = Path(__file__).parent
    made_by = [Path(layout.__file__), *(here / name for name in ("mix.py", "part.py", "nation.py"))]
    key = digest(law.hash.encode() + b"".join(path.read_bytes() for path in made_by))[:12]
    name = f"nation-{organisations}-{records}"
    folder = WORKPLACE / f"{name}-{key}"
    if not (folder / NAME).exists():
        for old in WORKPLACE.glob(f"{name}-*"):
            shutil.rmtree(old)
        generate(Nation(organisations, records, law), folder)
    return folder, books


def main() -> None:
    """Write a nation's snapshot into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--organisations", type=int, default=100_000)
    parser.add_argument("--records", type=int, default=500_000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rulebooks", type=Path, default=RULEBOOKS)
    parser.add_argument("--anew", action="store_true", help="remove what is in the folder first")
    arguments = parser.parse_args()
    if arguments.anew:
        shutil.rmtree(arguments.out, ignore_errors=True)
    law = load(arguments.rulebooks)
    made = generate(Nation(arguments.organisations, arguments.records, law, arguments.seed), arguments.out)
    print(f"{len(made.parts)} parts, {sum(file.bytes for file in made.files) >> 20:,} MB", file=sys.stderr)


if __name__ == "__main__":
    main()
