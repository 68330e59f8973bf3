"""One part of a generated nation: its organisations and their records, drawn and laid out as a snapshot has it."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bench.mix import EPOCH, LAST, RECIPES, Nation
from probity.identity.checks import ALPHABET, ORGANISATION_CHECKS, ORGANISATION_WEIGHTS, USCC_WEIGHTS
from probity.rulebook import OrganisationKind
from probity.scoring.snapshot.arrays import NONES, table_of
from probity.scoring.snapshot.layout import ACTS, CLASSES, TABLES
from probity.scoring.snapshot.plan import ORGANISATION_KINDS

Ints = NDArray[np.int64]
Rows = dict[str, Any]
"""Columns by name: arrays of numpy (days and positions as numbers, NONES where there is nothing) or of arrow."""

BESIDE = {"origins": "records", "names": "organisations"}
"""Tables that say more of the rows of another."""

LARGEST = 100_000
"""Records of the largest organisation of a nation with ``WHOLE_NATION`` records; in proportion below."""
WHOLE_NATION = 165_000_000
TAIL = 1.5
"""The exponent of the tail: about 37 % have no record, 54 % one to ten, one in a thousand hundreds."""

KINDS = (
    (OrganisationKind.ENTERPRISE, "91", 0.9),
    (OrganisationKind.ENTERPRISE, "93", 0.04),
    (OrganisationKind.SOCIAL_ORGANISATION, "51", 0.04),
    (OrganisationKind.PUBLIC_INSTITUTION, "12", 0.02),
)
"""Kinds of organisation, how their codes begin, and their part of all."""
NOWHERE = "999999"
"""The region of no registrar."""


class Made:
    """One part: its records and organisations, drawn."""

    def __init__(self, nation: Nation, part: int, first_act: int, chance: np.random.Generator) -> None:
        self.nation, self.mix, self.chance = nation, nation.mix, chance
        self.first, self.span = nation.span(part)
        self.acts, self.next = nation.acts(part), first_act
        giant = -(-LARGEST * nation.records // WHOLE_NATION)
        self.counts = sizes(chance, self.span, nation.size(part), giant, part == nation.parts // 2)
        self._draw(nation.quota(part), nation.starts[part])
        self._mark()
        self._classify()

    def _draw(self, quota: Ints, starts: Ints) -> None:
        """What each record is: whose, of which delivery, when, and how much."""
        size, deliveries = int(quota.sum()), len(quota)
        delivery = self.chance.permutation(np.repeat(np.arange(deliveries, dtype=np.int32), quota))
        key = np.repeat(np.arange(self.span, dtype=np.int32) * deliveries, self.counts) + delivery
        key.sort()
        self.own, delivery = np.divmod(key, np.int32(deliveries))
        self.record = np.empty(size, np.int64)
        self.record[np.argsort(delivery.astype(np.int16), kind="stable")] = np.arange(size) + np.repeat(
            starts - (np.cumsum(quota) - quota), quota
        )
        table = np.array([(each.item, each.first, each.last) for each in self.mix.deliveries])
        self.item, first, last = table[delivery].T
        self.kind = np.searchsorted(self.mix.thresholds, self.item + self.chance.random(size), side="right")
        self.day = first + (self.chance.random(size) * (last - first + 1)).astype(np.int64)
        self._draw_ends(size)
        self._draw_amounts(size)

    def _draw_ends(self, size: int) -> None:
        ends, days, planned = np.array([(r.ends, r.days, r.planned) for r in RECIPES])[self.item].T
        lasted = (self.chance.standard_exponential(size) * days).astype(np.int64)
        self.until = self.day + 1 + lasted
        known = (planned > 0) | (self.until <= LAST.toordinal() - EPOCH)
        self.ends = (self.chance.random(size) < ends) & known

    def _draw_amounts(self, size: int) -> None:
        median, spread, unit = np.array([(r.median, r.spread, r.unit) for r in RECIPES])[self.item].T
        drawn = median * np.exp(self.chance.standard_normal(size) * spread)
        self.amount = (np.maximum(drawn / unit, 1.0).astype(np.int64)) * unit.astype(np.int64)
        self.counted = median > 0

    def _mark(self) -> None:
        """Which records later statements are about: adverse ones are contested and repaired, penalties are
        withdrawn and corrected too; nothing happens to one record twice."""
        penalty = next(n for n, recipe in enumerate(RECIPES) if recipe.item == "penalty.administrative")
        penalties = self.chance.permutation(np.flatnonzero(self.item == penalty))
        taken = [self.acts["withdraws"], self.acts["withdraws"] + self.acts["corrects"]]
        self.withdrawn, self.corrected, _ = np.split(penalties, taken)
        adverse = self.mix.adverse[self.item]
        adverse[self.withdrawn] = adverse[self.corrected] = False
        some = self.chance.permutation(np.flatnonzero(adverse))
        taken = [self.acts["contests"], self.acts["contests"] + self.acts["repairs"]]
        self.contested, self.repaired, _ = np.split(some, taken)
        self.settled = self.contested[: self.acts["settles"]]
        self.marks = np.zeros(len(self.item), np.int32)
        marked = np.sort(np.concatenate([self.withdrawn, self.contested, self.repaired]))
        self.marks[marked] = np.arange(1, len(marked) + 1)

    def _classify(self) -> None:
        """What sort of organisation each one is."""
        parts = np.cumsum([part for *_, part in KINDS])[:-1]
        self.sort = np.searchsorted(parts, self.chance.random(self.span))
        self.classes = {}
        for name in CLASSES:
            words = self.nation.classes[name]
            ends = np.cumsum(1 / np.arange(1, len(words) + 1))
            drawn = np.searchsorted(ends[:-1], self.chance.random(self.span) * ends[-1]).astype(np.int32)
            self.classes[name] = pa.DictionaryArray.from_arrays(pa.array(drawn), pa.array(words))

    def tables(self) -> dict[str, pa.Table]:
        """The tables of the part."""
        known = self.record.copy()
        known[self.corrected] = self._positions(len(self.corrected))
        registrations = self._registrations()
        rows = {
            "marks": self._marks(),
            "records": self._records(np.arange(len(self.item)), known),
            "past": self._past(known),
            "registrations": registrations,
            "organisations": self._organisations(registrations),
        }
        return {name: typed(rows[BESIDE.get(name, name)], schema) for name, schema in TABLES.items()}

    def _positions(self, count: int) -> Ints:
        """The next positions of the ledger."""
        self.next += count
        return np.arange(self.next - count, self.next)

    def _records(self, rows: Ints, known: Ints) -> Rows:
        return {
            "organisation": self.own[rows] + self.first,
            "record": self.record[rows],
            "known": known[rows],
            "kind": self.kind[rows],
            "day": self.day[rows],
            "until": np.where(self.ends[rows], self.until[rows], NONES["until"]),
            "number_1": np.where(self.counted[rows], self.amount[rows], NONES["number_1"]),
            "number_2": np.full(len(rows), NONES["number_2"]),
            "marks": self.marks[rows],
        }

    def _past(self, known: Ints) -> Rows:
        """What the corrected ones said before: the same, on an earlier day."""
        rows = np.sort(self.corrected)
        said = self._records(rows, self.record)
        return {**said, "day": self.day[rows] - 1, "superseded": known[rows]}

    def _marks(self) -> Rows:
        """What happened to the marked records, each some time after its day."""
        acts, days, marks, positions = [], [], [], []
        contested = self._later(self.day[self.contested])
        for act, rows, day in (
            ("withdraws", self.withdrawn, self.day[self.withdrawn]),
            ("contests", self.contested, contested),
            ("settles", self.settled, self._later(contested[: len(self.settled)])),
            ("repairs", self.repaired, self._later(self.day[self.repaired])),
        ):
            acts.append(np.full(len(rows), ACTS.index(act)))
            days.append(day)
            marks.append(self.marks[rows])
            positions.append(self._positions(len(rows)))
        order = np.lexsort([np.concatenate(each) for each in (positions, days, marks)])
        known = np.concatenate(positions)[order]
        return {
            "marks": np.concatenate(marks)[order],
            "act": np.concatenate(acts)[order],
            "day": np.concatenate(days)[order],
            "first": known,
            "known": known,
            "superseded": np.full(len(order), NONES["superseded"]),
        }

    def _later(self, days: Ints) -> Ints:
        """Some day after each of these, a few after the day that is asked about."""
        left = LAST.toordinal() - EPOCH + 90 - days
        return days + (self.chance.random(len(days)) * left).astype(np.int64)

    def _registrations(self) -> Rows:
        """When everyone registered, a few after the day that is asked about."""
        own = self.first + np.arange(self.span)
        opened, closed = date(1995, 1, 1).toordinal() - EPOCH, LAST.toordinal() - EPOCH + 60
        day = opened + (self.chance.random(self.span) ** 0.5 * (closed - opened)).astype(np.int64)
        again = np.sort(self.chance.permutation(self.span)[: self.acts["again"]])
        left = np.maximum(LAST.toordinal() - EPOCH - day[again], 0)
        later = day[again] + (self.chance.random(len(again)) * left).astype(np.int64)
        kind = np.array([ORGANISATION_KINDS.index(each) for each, *_ in KINDS])[self.sort]
        order = np.argsort(np.concatenate([np.arange(self.span), again]), kind="stable")
        known = np.concatenate([own + 1, self._positions(len(again))])[order]
        return {
            "organisation": np.concatenate([own, own[again]])[order],
            "record": known,
            "known": known,
            "superseded": np.full(len(order), NONES["superseded"]),
            "day": np.concatenate([day, later])[order],
            "kind": np.concatenate([kind, kind[again]])[order],
            **{
                name: column.take(pa.array(np.concatenate([own, own[again]])[order] - self.first))
                for name, column in self.classes.items()
            },
        }

    def _organisations(self, registrations: Rows) -> Rows:
        own = self.first + np.arange(self.span)
        rows = np.zeros(self.span, np.int64)
        rows[registrations["organisation"] - self.first] = np.arange(len(registrations["day"]))
        since = np.full(self.span, NONES["until"])
        np.minimum.at(since, registrations["organisation"] - self.first, registrations["day"])
        return {
            "kind": registrations["kind"][rows],
            "registered": registrations["day"][rows],
            "since": since,
            "organisation": own,
            "subject": subjects(own, self.sort),
            "scheme": np.full(self.span, self.nation.scheme),
            "generated": np.ones(self.span, np.bool_),
            "records": self.counts,
            **self.classes,
        }


def typed(rows: Rows, schema: pa.Schema) -> pa.Table:
    """Those columns of some rows that a schema has, in its types."""
    numbers = pa.schema([field for field in schema if isinstance(rows[field.name], np.ndarray)])
    table = table_of(rows, numbers)
    columns = [
        table[field.name] if field.name in numbers.names else rows[field.name].cast(field.type) for field in schema
    ]
    return pa.table(columns, schema=schema)


def sizes(chance: np.random.Generator, span: int, records: int, giant: int, has_giant: bool) -> Ints:
    """How many records each of ``span`` organisations has, ``records`` together, ``giant`` at most (and one of
    them just so many). The tail is that of a power law: P(more than n) falls as n to the minus ``TAIL``."""
    tail = chance.random(span) ** (-1 / TAIL) - 1
    rest, own = records, np.zeros(span, np.int64)
    place = int(chance.integers(span))
    if has_giant:
        own[place] = min(giant, records)
        rest, tail[place] = records - own[place], 0
    low, high = 0.0, float(records + 1)
    for _ in range(60):
        middle = (low + high) / 2
        if int(np.minimum(tail * middle, giant).astype(np.int64).sum()) <= rest:
            low = middle
        else:
            high = middle
    counts = np.minimum(tail * low, giant).astype(np.int64) + own
    missing = records - int(counts.sum())
    others = np.delete(np.arange(span), place) if has_giant and span > 1 else np.arange(span)
    np.add.at(counts, chance.choice(others, missing), 1)
    return counts


def subjects(ordinals: Ints, sort: Ints) -> pa.Array:
    """The subject keys of organisations: codes with both check characters right, of the region of nobody."""
    prefixes = np.array([[ord(c) for c in begins + NOWHERE] for _, begins, _ in KINDS], np.uint8)
    digits = (ordinals[:, None] // 10 ** np.arange(7, -1, -1)) % 10
    inside = (digits @ np.array(ORGANISATION_WEIGHTS)) % 11
    body = np.concatenate([prefixes[sort], digits + ord("0"), _characters(ORGANISATION_CHECKS, inside)], axis=1)
    values = np.zeros(128, np.int64)
    values[[ord(c) for c in ALPHABET]] = np.arange(len(ALPHABET))
    outside = -(values[body] @ np.array(USCC_WEIGHTS)) % 31
    scheme = np.tile(np.frombuffer(b"cn-uscc:", np.uint8), (len(ordinals), 1))
    text = np.concatenate([scheme, body, _characters(ALPHABET, outside)], axis=1).astype(np.uint8)
    offsets = np.arange(len(ordinals) + 1, dtype=np.int32) * text.shape[1]
    return pa.StringArray.from_buffers(len(ordinals), pa.py_buffer(offsets), pa.py_buffer(text.tobytes()))


def _characters(alphabet: str, values: Ints) -> NDArray[np.uint8]:
    return np.frombuffer(alphabet.encode(), np.uint8)[values][:, None]
