"""A snapshot made of records as cards see them, without a ledger: what its statements would have come to.

Everything is known from one moment on: first the batches that say which sources have delivered, then, in the last
one, all that is stated of anybody.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from probity.rulebook import Law, OrganisationKind, Status
from probity.scoring import Fact
from probity.scoring.snapshot import Snapshot
from probity.scoring.snapshot.arrays import MISSING
from probity.scoring.snapshot.layout import ACTS, BATCHES, NUMBERS, TABLES, write
from probity.scoring.snapshot.manifest import Manifest, Part, described
from probity.scoring.snapshot.plan import ORGANISATION_KINDS, reading
from probity.scoring.snapshot.rows import Kinds

START = datetime(2020, 1, 1, tzinfo=UTC)
BEGINNING = date(1, 1, 1)
"""The day of registrations and marks: they hold on every day."""

_ACT = {Status.WITHDRAWN: "withdraws", Status.CONTESTED: "contests", Status.REPAIRED: "repairs"}
Columns = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Organisation:
    """Its kind (None: it is not registered), its scheme, and its records (expiry follows from the law); whether
    it is made up."""

    kind: OrganisationKind | None
    scheme: str
    facts: Sequence[Fact] = ()
    generated: bool = False


def make(
    folder: Path,
    law: Law,
    organisations: Sequence[Organisation],
    *,
    delivered: Collection[str] | None = None,
    span: int = 4,
) -> Snapshot:
    """Write the snapshot. ``delivered`` names the items whose source has delivered (None: all that are held)."""
    folder.mkdir(parents=True, exist_ok=True)
    held = reading(law)
    kinds, parts = Kinds(held), []
    schemes = [rule.scheme for rule in held.schemes]
    firsts = range(0, len(organisations), span)
    for first in firsts:
        mine = organisations[first : first + span]
        parts.append(write_part(folder, first, span, columns(mine, first, law, kinds, schemes)))
    days = [fact.day for organisation in organisations for fact in organisation.facts]
    items = sorted(held.plan if delivered is None else set(held.plan) & set(delivered))
    return finish(folder, law, kinds, parts, items, span, min(days, default=None))


def columns(
    mine: Sequence[Organisation], first: int, law: Law, kinds: Kinds, schemes: Sequence[str]
) -> dict[str, Columns]:
    """What the tables of a part say; tables of one beginning have their columns from one place."""
    at = [first + n for n in range(len(mine))]
    registered = [(n, each.kind) for n, each in zip(at, mine, strict=True) if each.kind]
    facts = [(n, fact) for n, each in zip(at, mine, strict=True) for fact in each.facts]
    marked = [fact.status for _, fact in facts if fact.status in _ACT]
    numbers = iter(range(1, len(marked) + 1))
    said = [_numbers(fact, kinds.reading.plan[fact.item].numbers) for _, fact in facts]
    return {
        "records": {
            "organisation": [n for n, _ in facts],
            "record": [1] * len(facts),
            "known": [1] * len(facts),
            "kind": [_kind(fact, kinds) for _, fact in facts],
            "day": [fact.day for _, fact in facts],
            "until": [fact.until for _, fact in facts],
            **{name: [each[n] for each in said] for n, name in enumerate(NUMBERS)},
            "marks": [next(numbers) if fact.status in _ACT else 0 for _, fact in facts],
        },
        "marks": {
            "marks": list(range(1, len(marked) + 1)),
            "act": [ACTS.index(_ACT[status]) for status in marked],
            "day": [BEGINNING] * len(marked),
            "first": [1] * len(marked),
            "known": [1] * len(marked),
        },
        "registrations": {
            "organisation": [n for n, _ in registered],
            "record": [1] * len(registered),
            "known": [1] * len(registered),
            "day": [BEGINNING] * len(registered),
            "kind": [ORGANISATION_KINDS.index(kind.value) for _, kind in registered],
        },
        "organisations": {
            "organisation": at,
            "subject": [f"{each.scheme}:{n}" for n, each in zip(at, mine, strict=True)],
            "scheme": [schemes.index(each.scheme) for each in mine],
            "kind": [-1 if each.kind is None else ORGANISATION_KINDS.index(each.kind.value) for each in mine],
            "registered": [date.max if each.kind is None else BEGINNING for each in mine],
            "since": [date.max if each.kind is None else BEGINNING for each in mine],
            "generated": [each.generated for each in mine],
            "records": [len(each.facts) for each in mine],
        },
    }


def _kind(fact: Fact, kinds: Kinds) -> int:
    said = [fact.attributes.get(name) for name in kinds.reading.plan[fact.item].texts]
    return kinds.number(fact.item + json.dumps(said))[0]


def _numbers(fact: Fact, names: Sequence[str]) -> list[Any]:
    return [fact.attributes.get(name) for name in names] + [None] * (len(NUMBERS) - len(names))


FAMILIES = {"origins": "records", "names": "organisations"}
"""Tables that hold the rest of the columns of another one, row by row."""


def write_part(folder: Path, first: int, span: int, said: Mapping[str, Columns]) -> Part:
    """Write the tables of a part; columns that nobody gives hold nothing."""
    files = {}
    for name, schema in TABLES.items():
        own = said.get(FAMILIES.get(name, name), {})
        rows = len(next(iter(own.values()), ()))
        if rows:
            path = folder / f"{name}-{first // span:06}.parquet"
            write(_table(own, schema, rows), path)
            files[name] = described(path, rows)
    return Part(first=first, files=files)


def _table(own: Columns, schema: pa.Schema, rows: int) -> pa.Table:
    return pa.table([_column(own.get(field.name), field, rows) for field in schema], schema=schema)


def _column(values: Any, field: pa.Field, rows: int) -> pa.Array:
    """What must be there, and is not, is said by the value that stands for none."""
    if values is None:
        assert field.nullable, field.name
        return pa.nulls(rows, field.type)
    column = values if isinstance(values, pa.Array) else pa.array(values, field.type)
    if column.null_count and not field.nullable:
        column = column.fill_null(date.max if pa.types.is_date(field.type) else MISSING)
    return column.cast(field.type)


def finish(
    folder: Path,
    law: Law,
    kinds: Kinds,
    parts: Sequence[Part],
    delivered: Sequence[str],
    span: int,
    first_day: date | None,
) -> Snapshot:
    """Write the batches and the manifest: the whole snapshot, at position 1."""
    items = [*delivered, "everything-else"]
    batches = pa.table(
        {
            "number": list(range(1, len(items) + 1)),
            "recorded_at": [START + timedelta(hours=n) for n in range(len(items))],
            "last_position": [0] * len(delivered) + [1],
            "item": items,
            "delivered": [True] * len(delivered) + [False],
        }
    ).cast(BATCHES)
    write(batches, folder / "batches.parquet")
    manifest = Manifest(
        position=1,
        known_at=START + timedelta(hours=len(delivered)),
        span=span,
        reading=kinds.reading.hash,
        rulebook_hash=law.hash,
        generated=False,
        first_day=first_day.isoformat() if first_day else None,
        plan=kinds.reading.plan,
        kinds=tuple(kinds.found),
        schemes=tuple(rule.scheme for rule in kinds.reading.schemes),
        organisation_kinds=ORGANISATION_KINDS,
        batches=described(folder / "batches.parquet", len(items)),
        parts=tuple(parts),
    )
    manifest.write(folder)
    return Snapshot.open(folder)
