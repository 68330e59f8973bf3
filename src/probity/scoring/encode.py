"""Records as integer columns: what the kernel reads beside the card."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from probity.scoring.model import Fact
from probity.scoring.reference import held, number
from probity.scoring.tables import EPOCH, FOREVER, STATUSES, CompiledCard


class Records(NamedTuple):
    """The records of many organisations in columns; those of organisation ``n`` are at ``offsets[n:n + 2]``.

    ``day``, ``until`` and ``expires`` are days since 1970-01-01 (``FOREVER``: no end), ``status`` the index in
    ``STATUSES``, ``amounts`` one row for each attribute of ``CompiledCard.columns``.
    """

    offsets: NDArray[np.int64]
    code: NDArray[np.int32]
    day: NDArray[np.int32]
    until: NDArray[np.int32]
    expires: NDArray[np.int32]
    status: NDArray[np.uint8]
    amounts: NDArray[np.int64]

    @property
    def organisations(self) -> int:
        """How many organisations."""
        return len(self.offsets) - 1

    def part(self, start: int, stop: int) -> Records:
        """Organisations ``start`` to ``stop`` (excluded), without copying."""
        return self._replace(offsets=self.offsets[start : stop + 1])


def encode(compiled: CompiledCard, files: Iterable[Iterable[Fact]]) -> Records:
    """The records of each organisation as columns; those that the card does not look at are left out."""
    offsets: list[int] = [0]
    codes: list[int] = []
    days: list[int] = []
    untils: list[int] = []
    expires: list[int] = []
    statuses: list[int] = []
    amounts: list[tuple[int, int, int]] = []
    forever = FOREVER + EPOCH
    index = {status: number for number, status in enumerate(STATUSES)}
    for facts in files:
        for fact in facts:
            plan = compiled.plans.get(fact.item)
            code = -1 if plan is None else plan.code(fact.attributes)
            if plan is None or code < 0:
                continue
            for row, attribute in plan.columns:
                amounts.append((row, len(codes), held(number(fact.attributes.get(attribute)) or 0)))
            codes.append(code)
            days.append(fact.day.toordinal())
            untils.append(forever if fact.until is None else fact.until.toordinal())
            expires.append(forever if fact.expires is None else fact.expires.toordinal())
            statuses.append(index[fact.status])
        offsets.append(len(codes))
    return Records(
        offsets=np.array(offsets, np.int64),
        code=np.array(codes, np.int32),
        day=_days(days),
        until=_days(untils),
        expires=_days(expires),
        status=np.array(statuses, np.uint8),
        amounts=_amounts(amounts, len(compiled.columns), len(codes)),
    )


def _days(ordinals: list[int]) -> NDArray[np.int32]:
    return (np.array(ordinals, np.int64) - EPOCH).astype(np.int32)


def _amounts(cells: list[tuple[int, int, int]], rows: int, records: int) -> NDArray[np.int64]:
    table = np.zeros((rows, records), np.int64)
    if cells:
        row, record, amount = np.array(cells, np.int64).T
        table[row, record] = amount
    return table
