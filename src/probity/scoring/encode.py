"""Records as integer columns: what the kernel reads beside the card."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from probity.rulebook import CARD
from probity.scoring.model import Evaluation, Fact, NoGrade
from probity.scoring.reference import held, number, results, standing
from probity.scoring.tables import EPOCH, FOREVER, STATUSES, CompiledCard

UNKNOWN = -2
"""The code of a card's result that is not known, because too little is."""


class Records(NamedTuple):
    """The records of many organisations in columns; those of organisation ``n`` are the rows from ``first[n]`` to
    ``last[n]`` (excluded).

    ``day`` and ``until`` are days since 1970-01-01 (``FOREVER``: no end), ``standing`` the index in ``STATUSES``
    of how the record stands on the day of the card, ``amounts`` one row for each attribute of
    ``CompiledCard.columns``. ``inputs`` are the codes of the results of other
    cards, a row for each organisation and a column for each of the card's inputs (-1: none; UNKNOWN);
    ``said`` are the totals of those results, in whole points.
    ``until`` may be empty for a card that asks for no record whether it is in force.
    """

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    code: NDArray[np.int32]
    day: NDArray[np.int32]
    until: NDArray[np.int32]
    standing: NDArray[np.uint8]
    amounts: NDArray[np.int64]
    inputs: NDArray[np.int32]
    said: NDArray[np.int64]

    @property
    def organisations(self) -> int:
        """How many organisations."""
        return len(self.first)

    def part(self, start: int, stop: int) -> Records:
        """Organisations ``start`` to ``stop`` (excluded), without copying."""
        return self._replace(
            first=self.first[start:stop],
            last=self.last[start:stop],
            inputs=self.inputs[start:stop],
            said=self.said[start:stop],
        )


def encode(
    compiled: CompiledCard, files: Iterable[Iterable[Fact]], inputs: Iterable[Sequence[Evaluation]] | None = None
) -> Records:
    """The records of each organisation as columns; those that the card does not look at are left out.

    ``inputs`` are, for each organisation, the results of the cards that this one reads.
    """
    offsets: list[int] = [0]
    codes: list[int] = []
    days: list[int] = []
    untils: list[int] = []
    standings: list[int] = []
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
            standings.append(index[standing(fact, compiled.as_of)])
        offsets.append(len(codes))
    n, cards = len(offsets) - 1, len(compiled.card.inputs)
    rows = [[]] * n if inputs is None else [_read(compiled, evaluations) for evaluations in inputs]
    read = np.array([row or [(-1, 0)] * cards for row in rows], np.int64).reshape(n, cards, 2)
    return Records(
        first=np.array(offsets[:-1], np.int64),
        last=np.array(offsets[1:], np.int64),
        code=np.array(codes, np.int32),
        day=_days(days),
        until=_days(untils),
        standing=np.array(standings, np.uint8),
        amounts=_amounts(amounts, len(compiled.columns), len(codes)),
        inputs=np.ascontiguousarray(read[:, :, 0], np.int32),
        said=np.ascontiguousarray(read[:, :, 1]),
    )


def _read(compiled: CompiledCard, evaluations: Sequence[Evaluation]) -> list[tuple[int, int]]:
    """The codes and totals of the results of other cards for one organisation."""
    facts = {fact.item: fact for fact in results(evaluations)}
    unknown = {each.card for each in evaluations if each.no_grade is NoGrade.TOO_LITTLE_KNOWN}
    read = []
    for card in compiled.card.inputs:
        fact = facts.get(f"{CARD}{card}")
        if fact is None:
            read.append((UNKNOWN if card in unknown else -1, 0))
        else:
            total = number(fact.attributes["total"]) or 0
            read.append((compiled.plans[fact.item].code(fact.attributes), held(total)))
    return read


def _days(ordinals: list[int]) -> NDArray[np.int32]:
    return (np.array(ordinals, np.int64) - EPOCH).astype(np.int32)


def _amounts(cells: list[tuple[int, int, int]], rows: int, records: int) -> NDArray[np.int64]:
    table = np.zeros((rows, records), np.int64)
    if cells:
        row, record, amount = np.array(cells, np.int64).T
        table[row, record] = amount
    return table
