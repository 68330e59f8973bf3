"""How one mapping is carried out: what is needed of the file, and the law on each day.

What concerns the whole batch is settled here, before a row is read (RulebookError): the item and the agency
exist and the agency is competent (charter 2), every attribute mapped is one of the item and every required
one is mapped, and items that need a target or record the system's own acts do not come from files.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TypeVar

import pyarrow as pa

from probity.errors import NotFoundError, RulebookError
from probity.intake.model import Reason
from probity.intake.values import (
    Bad,
    Judge,
    as_boolean,
    as_choice,
    as_day,
    as_number,
    as_table,
    extracted,
    one_group,
)
from probity.rulebook import Attribute, DayColumn, Effect, Item, Law, Mapping, Scheme, Source

T = TypeVar("T")

_WITHOUT_FILES = {Effect.CONTESTS, Effect.SETTLES, Effect.REPAIRS, Effect.STEP, Effect.MANIFEST}


@dataclass(frozen=True, slots=True)
class Column:
    """One source of values, made ready: the column (or a constant), and the steps after it."""

    field: str
    constant: str | None
    pattern: str | None
    tables: tuple[Judge, ...]
    day: Judge
    number: Judge
    after: Column | None
    """The day from which days are counted, where the value is a number of days."""


class Plan:
    """A mapping made ready for files. Raises RulebookError."""

    def __init__(self, mapping: Mapping, law: Law, today: date) -> None:
        self.mapping = mapping
        self.law = law
        self.today = today
        self.item: Item = self._known(law.item, mapping.item)
        """The newest version of the item."""
        self.scheme: Scheme = self._known(law.scheme, mapping.subject.scheme)
        self._known(law.agency, mapping.agency)
        self._check()
        self.valid_from = self._column(mapping.valid_from)
        self.valid_to = self._column(mapping.valid_to) if mapping.valid_to else None
        self.attributes = {name: self._column(source) for name, source in mapping.attributes.items()}
        self.live = lru_cache(maxsize=1 << 16)(self._live)

    @property
    def registers(self) -> bool:
        """Whether rows may be about organisations that the register does not know yet."""
        return self.item.effect is Effect.REGISTERS

    @property
    def required(self) -> tuple[str, ...]:
        """The columns without which no row has a meaning."""
        mapping = self.mapping
        return _distinct([mapping.subject.column, *mapping.key, mapping.valid_from.column])

    @property
    def needed(self) -> tuple[str, ...]:
        """Every column that is used."""
        end = self.mapping.valid_to.column if self.mapping.valid_to else None
        sources = self.mapping.attributes.values()
        others = (source.days_after.column for source in sources if source.days_after)
        return _distinct([*self.required, end, *(source.column for source in sources), *others])

    def unused(self, columns: Sequence[str]) -> tuple[str, ...]:
        """The columns of a file that are neither used nor ignored by name."""
        known = {*self.needed, *self.mapping.ignores}
        return tuple(column for column in columns if column not in known)

    def judge(self, attribute: Attribute, column: Column) -> tuple[Judge, object] | None:
        """How values of that attribute are read, and their type; None: they are text as they stand."""
        match attribute.type:
            case "choice":
                return as_choice(frozenset(choice.value for choice in attribute.choices)), pa.string()
            case "integer" | "amount":
                return column.number, pa.int64()
            case "boolean":
                return as_boolean, pa.bool_()
            case "date":
                return column.day, pa.date32()
        return None

    def _live(self, day: date) -> Item | Bad:
        """The item as it was law on that day, if the agency could state it then."""
        try:
            item = self.law.item(self.mapping.item, day)
        except NotFoundError as error:
            return Bad(Reason.ITEM_NOT_IN_FORCE, f"{error.what}. {error.remedy}")
        try:
            agency = self.law.agency(self.mapping.agency, day)
        except NotFoundError as error:
            return Bad(Reason.AGENCY_NOT_IN_FORCE, f"{error.what}. {error.remedy}")
        if not agency.may_state(item.item):
            return Bad(
                Reason.NOT_COMPETENT, f"the agency {agency.agency!r} could not state {item.item!r} on {day}"
            )
        return item

    def _known(self, look_up: Callable[[str], T], id_: str) -> T:
        try:
            return look_up(id_)
        except NotFoundError as error:
            raise self._wrong(error.what, error.remedy or "Add it to the rulebook.") from error

    def _check(self) -> None:
        mapping, law = self.mapping, self.law
        agencies = [agency for agency in law.agencies if agency.agency == mapping.agency]
        if not any(agency.may_state(mapping.item) for agency in agencies):
            raise self._wrong(
                f"the agency {mapping.agency!r} is not competent for {mapping.item!r} (charter 2)",
                "Name the competent agency in the mapping, or add the item to its competent_for with its basis.",
            )
        if self.item.effect in _WITHOUT_FILES:
            raise self._wrong(
                f"statements of {mapping.item!r} concern another statement, a procedure or the system;"
                " no file brings them",
                "Use the procedure for it.",
            )
        if "case" in mapping.attributes and mapping.item in {rule.record for rule in law.lists}:
            raise self._wrong(
                f"an entry of {mapping.item!r} with a case is decided, not brought by a file (charter 3, 4)",
                "Leave the case out: what comes in a file is an imported entry.",
            )
        versions = [item for item in law.items if item.item == mapping.item]
        for name in mapping.attributes:
            if not any(version.attribute(name) for version in versions):
                known = ", ".join(attribute.attribute for attribute in self.item.attributes)
                raise self._wrong(f"the item {mapping.item!r} has no attribute {name!r}", f"It has {known}.")
        if lacking := [
            a.attribute for a in self.item.attributes if a.required and a.attribute not in mapping.attributes
        ]:
            raise self._wrong(f"the required attribute {lacking[0]!r} is not mapped", "Say which column gives it.")

    def _column(self, source: Source) -> Column:
        tables: list[Judge] = []
        if source.lookup:
            try:
                tables.append(
                    as_table(self.law.lookup(self.mapping, source.lookup), f"lookups/{source.lookup}.csv")
                )
            except NotFoundError as error:
                raise self._wrong(error.what, error.remedy or "Add the table.") from error
        if source.values:
            tables.append(as_table(source.values, "of the mapping"))
        constant = None if source.constant is None else _written(source.constant)
        return Column(
            field=source.column or "",
            constant=constant,
            pattern=self._pattern(source.extract) if source.extract else None,
            tables=tuple(tables),
            day=as_day(None if constant is not None else source.format),
            number=as_number(source.scale or 1),
            after=self._column(_of_day(source.days_after)) if source.days_after else None,
        )

    def _pattern(self, pattern: str) -> str:
        try:
            named = one_group(pattern)
            extracted(pa.array([""]), named)
        except pa.ArrowInvalid as error:
            raise self._wrong(
                f"{pattern!r} is no regular expression with a group: {error}", "Correct it."
            ) from error
        return named

    def _wrong(self, what: str, remedy: str) -> RulebookError:
        return RulebookError(what, where=f"mapping {self.mapping.mapping}", remedy=remedy)


def _of_day(other: DayColumn) -> Source:
    return Source(column=other.column, format=other.format)


def _distinct(columns: Sequence[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(column for column in columns if column is not None))


def _written(constant: str | int | bool | date) -> str:
    if isinstance(constant, bool):
        return "true" if constant else "false"
    return constant.isoformat() if isinstance(constant, date) else str(constant)
