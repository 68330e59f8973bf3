"""The files of a part as columns, true on a day and known at a place in the ledger.

They are what :func:`probity.dossier.fold` and :func:`probity.scoring.facts` give of each organisation.

What a card reads of a record that was never corrected and that nobody marked comes straight out of the file.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from probity.errors import SnapshotError
from probity.ledger import Position
from probity.rulebook import Status
from probity.scoring.snapshot.arrays import Columns, chosen, plain, plain_columns
from probity.scoring.snapshot.layout import ACTS, NUMBERS, ORIGINS
from probity.scoring.snapshot.manifest import AGAIN
from probity.scoring.snapshot.read import Snapshot
from probity.scoring.tables import EPOCH, STATUSES

OPTIONAL = ("until", *NUMBERS, "record")
"""Columns that are read only where they are asked for."""

_WITHDRAWS, _CONTESTS, _SETTLES, _REPAIRS = range(len(ACTS))
_ACTIVE, _CONTESTED, _REPAIRED, _WITHDRAWN = (
    STATUSES.index(status) for status in (Status.ACTIVE, Status.CONTESTED, Status.REPAIRED, Status.WITHDRAWN)
)

Integers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a part's organisations, those of the ``n``-th at ``offsets[n:n + 2]``, by position.

    By organisation: ``organisation`` its ordinal, ``scheme`` as in the manifest's ``schemes``, ``registered`` its
    kind as in ``organisation_kinds`` (-1: not registered at the two times), ``generated`` whether anything stated
    of it was made up, as far as the snapshot knows. By record: ``kind`` as in the manifest's ``kinds``, ``day``
    and ``until`` days since 1970-01-01 (``NO_END``: none), ``numbers`` as its item's plan names them
    (``MISSING``: none), ``status`` the index in ``STATUSES``, its term not yet looked at; ``record`` the position
    of its first statement. What was not asked for is None. Records of later days are among them.
    """

    snapshot: Snapshot = field(repr=False)
    part: int
    organisation: Integers
    scheme: NDArray[np.int8]
    registered: NDArray[np.int8]
    generated: NDArray[np.bool_]
    offsets: NDArray[np.int64]
    kind: Integers
    day: Integers
    status: NDArray[np.uint8]
    until: Integers | None
    numbers: tuple[NDArray[np.int64] | None, ...]
    record: NDArray[np.int64] | None

    def subjects(self) -> pa.StringArray:
        """The subject keys, by organisation."""
        return self.snapshot.table(self.part, "names", ["subject"])["subject"].combine_chunks()


def fold(
    snapshot: Snapshot, part: int, true_on: date, position: Position, columns: Collection[str] = OPTIONAL
) -> Files:
    """The files of a part as true on ``true_on`` and known at ``position``.

    ``columns`` names which of ``OPTIONAL`` are wanted. Raises SnapshotError where a file is not whole.
    """
    day = true_on.toordinal() - EPOCH
    known = snapshot.table(part, "organisations")
    organisation = plain(known, "organisation")
    if position.number >= snapshot.manifest.position:
        said = plain_columns(snapshot.table(part, "records", _needed(snapshot, part, columns)))
        if "record" in columns:
            said["record"] = plain(snapshot.table(part, "origins", ["record"]), "record")
        counts, registered = plain(known, "records"), _registered_now(known, day)
    else:
        said, counts = _earlier(snapshot, part, position.number, columns, organisation)
        registered = None
    if registered is None:
        registered = _registered(snapshot, part, day, position.number, organisation)
    offsets = _offsets(counts)
    if len(said["kind"]) != offsets[-1]:
        raise SnapshotError(
            f"part {part} has not as many records as its organisations", where=str(snapshot.folder), remedy=AGAIN
        )
    status = np.zeros(len(said["kind"]), np.uint8)
    if "marks" in said:
        marked = np.flatnonzero(said["marks"] != 0)
        status[marked] = _statuses(snapshot.table(part, "marks"), day, position.number)[said["marks"][marked]]
    return Files(
        snapshot=snapshot,
        part=part,
        organisation=organisation,
        scheme=plain(known, "scheme"),
        registered=registered,
        generated=plain(known, "generated"),
        offsets=offsets,
        kind=said["kind"],
        day=said["day"],
        status=status,
        until=said.get("until"),
        numbers=tuple(said.get(name) for name in NUMBERS),
        record=said.get("record"),
    )


def _offsets(counts: Integers) -> NDArray[np.int64]:
    """Where the records of each organisation begin, and where the last ones end."""
    offsets = np.zeros(len(counts) + 1, np.int64)
    offsets[1:] = counts
    return np.cumsum(offsets, out=offsets)


def _needed(snapshot: Snapshot, part: int, columns: Collection[str]) -> list[str]:
    marked = ("marks",) if "marks" in snapshot.manifest.parts[part].files else ()
    return ["kind", "day", *marked, *(name for name in OPTIONAL if name in columns and name != "record")]


def _registered_now(known: pa.Table, day: int) -> NDArray[np.int8] | None:
    """The kind of everyone by the newest registration that stands now; None where an older one held on the day."""
    registered, since = plain(known, "registered"), plain(known, "since")
    newest = registered <= day
    if bool(((since <= day) & ~newest).any()):
        return None
    return np.where(newest, plain(known, "kind"), np.int8(-1))


def _registered(
    snapshot: Snapshot, part: int, day: int, position: int, organisation: Integers
) -> NDArray[np.int8]:
    """The kind by the newest registration; they lie by organisation, day and position, so the last one stays."""
    table = snapshot.table(part, "registrations", ["organisation", "known", "superseded", "day", "kind"])
    alive = (plain(table, "day") <= day) & _alive(table, position)
    kinds = np.full(len(organisation), -1, np.int8)
    kinds[plain(table, "organisation")[alive] - organisation[0]] = plain(table, "kind")[alive]
    return kinds


def _alive(table: pa.Table, position: int) -> NDArray[np.bool_]:
    """Which rows are known at the position, and not superseded."""
    return (plain(table, "known") <= position) & (plain(table, "superseded") > position)


def _statuses(marks: pa.Table, day: int, position: int) -> NDArray[np.uint8]:
    """The status that the marks of each number give. They lie by number, day and first position: the last contest
    or settlement is the one that holds."""
    number, act = plain(marks, "marks"), plain(marks, "act")
    alive = _alive(marks, position)
    stands = alive & (plain(marks, "day") <= day)
    ends = np.full(int(number.max(initial=0)) + 1, _ACTIVE, np.uint8)
    disputes = stands & ((act == _CONTESTS) | (act == _SETTLES))
    ends[number[disputes]] = np.where(act[disputes] == _CONTESTS, _CONTESTED, _ACTIVE)
    ends[number[stands & (act == _REPAIRS)]] = _REPAIRED
    ends[number[alive & (act == _WITHDRAWS)]] = _WITHDRAWN
    return ends


def _earlier(
    snapshot: Snapshot, part: int, position: int, columns: Collection[str], organisation: Integers
) -> tuple[Columns, Integers]:
    """The records as they spoke at an earlier position, and how many each organisation had."""
    wanted = ["organisation", *_needed(snapshot, part, columns)]
    now = snapshot.table(part, "records", wanted)
    for name in ("record", "known"):
        now = now.append_column(ORIGINS.field(name), snapshot.table(part, "origins", [name])[name])
    now = now.filter(pa.array(plain(now, "known") <= position))
    past = snapshot.table(part, "past", [*now.schema.names, "superseded"])
    past = past.filter(pa.array(_alive(past, position))).select(now.schema.names)
    said = plain_columns(pa.concat_tables([now, past]))
    if past.num_rows:
        order = np.lexsort((said["record"], said["organisation"]))
        said = chosen(said, order)
    counts = np.bincount(said["organisation"] - organisation[0], minlength=len(organisation)).astype(np.int32)
    return {name: said[name] for name in said if name != "record" or "record" in columns}, counts
