"""Which records of a snapshot are past their term on a day: by kind and day of the record, as the law says."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from probity.rulebook import Item, Law, Status
from probity.scoring.kernel import machine_code
from probity.scoring.snapshot.manifest import Kind
from probity.scoring.tables import EPOCH, STATUSES

_EXPIRED = STATUSES.index(Status.EXPIRED)
"""Of the statuses only WITHDRAWN comes after it, which is what a record stays whose term is over."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms that have run out: the status of a record of ``kind`` whose day is ``first`` plus ``n`` is at least
    ``least[start[kind] + n]``, which is expired or active (0). The last of the ``days`` stands for every later
    one, on which no term is over."""

    first: int
    days: int
    start: NDArray[np.uint64]
    least: NDArray[np.uint8]


def terms(kinds: Sequence[Kind], law: Law, first_day: date, as_of: date) -> Terms:
    """The terms that have run out on ``as_of``, for records since ``first_day``."""
    rows: dict[bytes, int] = {}
    found = [rows.setdefault(_over(kind, law, first_day, as_of).tobytes(), len(rows)) for kind in kinds]
    days = max((as_of - first_day).days + 1, 0)
    over = np.pad(np.frombuffer(b"".join(rows), np.bool_).reshape(len(rows), days), ((0, 0), (0, 1)))
    return Terms(
        first=first_day.toordinal() - EPOCH,
        days=days + 1,
        start=np.array(found, np.uint64) * np.uint64(days + 1),
        least=np.where(over, _EXPIRED, 0).astype(np.uint8).reshape(-1),
    )


def _over(kind: Kind, law: Law, first_day: date, as_of: date) -> NDArray[np.bool_]:
    """By day of the record from ``first_day`` to ``as_of``: whether its term ended before ``as_of``."""
    over = np.zeros(max((as_of - first_day).days + 1, 0), np.bool_)
    for version in (item for item in law.items if item.item == kind.item and item.term):
        begins = max(version.in_force.from_, first_day)
        ends = min(version.in_force.to or as_of, as_of)
        if begins <= ends:
            start, days = (begins - first_day).days, (ends - begins).days + 1
            over[start : start + _first_alive(version, kind, law, begins, days, as_of)] = True
    return over


def _first_alive(item: Item, kind: Kind, law: Law, begins: date, days: int, as_of: date) -> int:
    """How many days from ``begins`` on are over: within a version of the law, a later record never ends sooner."""

    def alive(n: int) -> bool:
        until = law.display_until(item, begins + timedelta(days=n), kind.attributes)
        return until is None or until >= as_of

    return bisect_left(range(days), True, key=alive)


def standing(
    terms: Terms, kind: NDArray[np.int32], day: NDArray[np.int32], status: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """How each record stands: its status, or expired where its term is over and it was not withdrawn."""
    if not terms.least.any():
        return status
    out = np.empty_like(status)
    _standing(terms.first, terms.days, terms.start, terms.least, kind, day, status, out)
    return out


@machine_code
def _standing(first, days, start, least, kind, day, status, out):  # type: ignore[no-untyped-def]
    # Without a branch: a processor cannot guess whose term is over.
    for at in range(len(kind)):
        n = np.uint64(at)
        place = start[np.uint64(kind[n])] + np.uint64(min(np.int64(day[n]) - first, days - 1))
        out[n] = max(status[n], least[place])
