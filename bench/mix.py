"""What a generated nation consists of: how many organisations and records, of which items, delivered when.

The shares are made up, and meant to be on the hard side: four in five records are of kinds that the Zhejiang card
reads, while in a real register most are licences and annual reports.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from probity.identity import PROVINCES, region
from probity.rulebook import Attribute, Item, Law, Polarity
from probity.scoring.snapshot.layout import SPAN
from probity.scoring.snapshot.manifest import Kind
from probity.scoring.snapshot.plan import Reading, reading

FIRST = date(2013, 7, 1)
LAST = date(2023, 6, 30)
"""Ten years of records."""
EPOCH = date(1970, 1, 1).toordinal()

Ints = NDArray[np.int64]


SEED = 20230630
SCHEME = "cn-uscc"
PER_MILLE = {"corrects": 5, "withdraws": 2, "contests": 4, "repairs": 4}
"""Of a thousand records, how many a later statement is about."""
SETTLED = 0.5
"""Of the objections, how many are settled."""
AGAIN = 0.05
"""Of the organisations, how many registered a second time (under another name)."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How records of an item are made.

    ``share`` of all records (in any unit), what part of them ``ends`` and after how many ``days`` on average,
    whether that end is ``planned`` from the start, and the ``median`` amount (0: none), in whole ``unit``.
    """

    item: str
    share: float
    ends: float = 0.0
    days: int = 0
    planned: bool = False
    median: int = 0
    spread: float = 0.0
    unit: int = 1


RECIPES = (
    Recipe("annual-report.filed", 6, median=2018, spread=0.001),
    Recipe("licence.administrative", 6, ends=0.8, days=1500, planned=True),
    Recipe("inspection.result", 4),
    Recipe("registration.alteration", 2),
    Recipe("commitment.made", 2),
    Recipe("penalty.administrative", 15, median=500_000, spread=1.5, unit=10_000),
    Recipe("compulsion.administrative", 3),
    Recipe("commitment.breached", 2),
    Recipe("other-bad.determined", 2),
    Recipe("inspection.quality-sampling", 7),
    Recipe("safety.accident", 1),
    Recipe("environment.incident", 0.5),
    Recipe("list.abnormal-operation", 8, ends=0.7, days=300),
    Recipe("list.serious-violation", 1.5, ends=0.5, days=500),
    Recipe("list.red", 5, ends=0.6, days=700),
    Recipe("key-personnel.serious-list", 1, ends=0.5, days=500),
    Recipe("key-personnel.unperformed-judgment", 1.5, ends=0.5, days=600),
    Recipe("judgment.unperformed", 7, ends=0.55, days=400, median=20_000_000, spread=2.0, unit=100),
    Recipe("crime.conviction", 0.4),
    Recipe("litigation.false", 0.3),
    Recipe("tax.arrears", 6, ends=0.7, days=200, median=3_000_000, spread=1.8, unit=100),
    Recipe("tax.non-normal", 4, ends=0.6, days=300),
    Recipe("social-insurance.arrears", 5, ends=0.75, days=150, median=1_000_000, spread=1.6, unit=100),
    Recipe("finance.debt-evasion", 0.4, ends=0.4, days=600, median=100_000_000, spread=1.5, unit=10_000),
    Recipe("finance.outbound-equity-unregistered", 0.4, ends=0.6, days=300, median=2018, spread=0.001),
    Recipe("volunteering.service", 3, median=40, spread=1.2),
    Recipe("charity.donation", 2.5, median=2_000_000, spread=1.8, unit=10_000),
    Recipe("honour.award", 5),
)


@dataclass(frozen=True)
class Mix:
    """The recipes under a law, in arrays: what is drawn for many records at once."""

    law: Law

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """The item of each recipe."""
        return tuple(self.law.item(recipe.item, LAST) for recipe in RECIPES)

    @cached_property
    def reading(self) -> Reading:
        """What a snapshot under this law holds of each item."""
        return reading(self.law)

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """Every combination of the choices of each item, item after item."""
        return tuple(
            Kind(item=item.item, attributes={a.attribute: value for a, value in zip(own, values, strict=True)})
            for item in self.items
            for own in [self._choices(item)]
            for values in product(*([choice.value for choice in a.choices] for a in own))
        )

    def _choices(self, item: Item) -> list[Attribute]:
        texts = self.reading.plan[item.item].texts
        return [a for a in item.attributes if a.choices and a.attribute in texts]

    @cached_property
    def thresholds(self) -> NDArray[np.float64]:
        """Where each kind ends: item number plus the part of 1 below which it and the kinds before it are drawn.
        Later choices (the more serious ones, as they are written) are drawn less often."""
        ends = []
        for number, item in enumerate(self.items):
            own = [kind for kind in self.kinds if kind.item == item.item]
            weights = 1 / np.arange(1, len(own) + 1)
            ends.append(number + np.cumsum(weights) / weights.sum())
            ends[-1][-1] = number + 1
        return np.concatenate(ends)

    @cached_property
    def shares(self) -> NDArray[np.float64]:
        """Of all records, the part that is of each item."""
        shares = np.array([recipe.share for recipe in RECIPES])
        return shares / shares.sum()

    @cached_property
    def adverse(self) -> NDArray[np.bool_]:
        """Whether an item says something bad, so that it is contested and repaired."""
        return np.array([item.polarity is Polarity.NEGATIVE for item in self.items])

    @cached_property
    def deliveries(self) -> tuple[Delivery, ...]:
        """What each source delivers at the end of each half-year, more from year to year, in order of time."""
        found = []
        for half, (first, last) in enumerate(_halves()):
            for number, item in enumerate(self.items):
                begins = max(first, item.in_force.from_)
                if begins <= last:
                    weight = (half + 10) * ((last - begins).days + 1)
                    found.append(Delivery(number, begins.toordinal() - EPOCH, last.toordinal() - EPOCH, weight))
        return tuple(found)

    @cached_property
    def bounds(self) -> NDArray[np.float64]:
        """Where each delivery begins and ends among all records, from 0 to 1."""
        item = np.array([delivery.item for delivery in self.deliveries])
        weight = np.array([delivery.weight for delivery in self.deliveries], np.float64)
        share = self.shares[item] * weight / np.bincount(item, weight)[item]
        bounds = np.concatenate([[0.0], np.cumsum(share)])
        bounds[-1] = 1.0
        return bounds


@dataclass(frozen=True, slots=True)
class Delivery:
    """A batch of records of an item, on days ``first`` to ``last``; ``weight`` beside the item's other batches."""

    item: int
    first: int
    last: int
    weight: int


def _halves() -> list[tuple[date, date]]:
    starts = [date(year, month, 1) for year in range(FIRST.year, LAST.year + 1) for month in (1, 7)]
    starts = [start for start in starts if FIRST <= start <= LAST]
    ends = [later - timedelta(days=1) for later in starts[1:]]
    return list(zip(starts, [*ends, LAST], strict=True))


@dataclass(frozen=True)
class Nation:
    """How large a nation, under which law."""

    organisations: int
    records: int
    law: Law
    seed: int = SEED
    width: int = SPAN
    """How many organisations a part covers."""

    @cached_property
    def mix(self) -> Mix:
        """What its records say."""
        return Mix(self.law)

    @cached_property
    def scheme(self) -> int:
        """The number of the scheme that everyone's code is of."""
        return [rule.scheme for rule in self.mix.reading.schemes].index(SCHEME)

    @cached_property
    def classes(self) -> dict[str, list[str]]:
        """What the register says of organisations, the frequent first."""
        said = self.law.item("register.organisation", LAST)
        words = {a.attribute: [choice.value for choice in a.choices] for a in said.attributes}
        named = [region(f"{province}0000").name for province in PROVINCES]
        return {**words, "region": [name for name in named if name]}

    @property
    def parts(self) -> int:
        """How many parts its snapshot has."""
        return -(-self.organisations // self.width)

    def span(self, part: int) -> tuple[int, int]:
        """The first ordinal of a part, and how many organisations it has."""
        return part * self.width, min(self.width, self.organisations - part * self.width)

    def size(self, part: int) -> int:
        """How many records a part has."""
        first, span = self.span(part)
        return self._before(first + span) - self._before(first)

    def _before(self, ordinal: int) -> int:
        return self.records * ordinal // self.organisations

    def quota(self, part: int) -> Ints:
        """How many of a part's records each delivery brings."""
        return np.diff((self.size(part) * self.mix.bounds).astype(np.int64))

    @cached_property
    def starts(self) -> Ints:
        """The position of the first record that each delivery brings to each part, after all registrations."""
        quotas = np.array([self.quota(part) for part in range(self.parts)])
        brought = np.concatenate([[0], np.cumsum(quotas.sum(axis=0))[:-1]])
        earlier = np.cumsum(quotas, axis=0) - quotas
        return 1 + self.organisations + brought + earlier

    def acts(self, part: int) -> dict[str, int]:
        """How many later statements of each sort a part has; ``again``: registrations."""
        found = {act: self.size(part) * per // 1000 for act, per in PER_MILLE.items()}
        settled = int(found["contests"] * SETTLED)
        return {**found, "settles": settled, "again": int(self.span(part)[1] * AGAIN)}

    def first_act(self, part: int) -> int:
        """The position of a part's first later statement: they come after all records."""
        earlier = sum(sum(self.acts(each).values()) for each in range(part))
        return 1 + self.organisations + self.records + earlier
