"""One block of rows against the law: drafts of statements, and rows refused with every fault they have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from probity.errors import NaturalPersonError
from probity.identity import Verdict, identify_column, why
from probity.intake.block import Block
from probity.intake.findings import Findings, refused
from probity.intake.model import Fault, Reason, Refused
from probity.intake.plan import Column, Plan
from probity.intake.values import Bad, check_name, check_text, extracted, judged, trimmed
from probity.ledger import Value
from probity.rulebook import Attribute, Item

LONGEST_REFERENCE = 500
"""Characters of a record's key at its issuer."""


@dataclass(frozen=True, slots=True)
class Examined:
    """Rows that are sound in themselves, as columns of equal length, and the rows that are not.

    ``at`` are their places in ``block``, from which their original lines come.
    """

    block: Block
    at: NDArray[np.int64]
    rows: Sequence[int]
    subjects: Sequence[str]
    references: Sequence[str]
    valid_from: Sequence[str]
    valid_to: Sequence[str | None]
    attributes: Sequence[Mapping[str, Value]]
    refused: Sequence[Refused]

    def refuse(self, n: int, fault: Fault) -> Refused:
        """The n-th sound row, refused after all."""
        place = int(self.at[n])
        return refused(self.rows[n], (fault,), self.block.line(place), self.block.cells(place))

    def without(self, places: Sequence[int]) -> Examined:
        """The sound rows but for these; nobody refused."""
        kept = sorted(set(range(len(self.rows))).difference(places))
        return Examined(
            block=self.block,
            at=self.at[kept],
            rows=[self.rows[n] for n in kept],
            subjects=[self.subjects[n] for n in kept],
            references=[self.references[n] for n in kept],
            valid_from=[self.valid_from[n] for n in kept],
            valid_to=[self.valid_to[n] for n in kept],
            attributes=[self.attributes[n] for n in kept],
            refused=(),
        )


def examine(block: Block, plan: Plan) -> Iterator[Examined]:
    """The rows of ``block`` as the law of their own days judges them.

    An item may have several versions; rows are judged by the one in force on their ``valid_from``, and come
    out version by version. Rows whose day is not known are judged by the newest.
    """
    probe = Findings(len(block))
    days = _days("valid_from", plan.valid_from, block, probe)
    live = {day: plan.live(day) for day in pc.unique(days).to_pylist() if day is not None}
    versions = {id(found): found for found in live.values() if isinstance(found, Item)}
    if len(versions) < 2:
        yield _examine(block, plan, next(iter(versions.values()), plan.item))
        return
    coded = pc.dictionary_encode(days)
    numbers = list(versions)
    of_day = [
        numbers.index(id(found)) if isinstance(found := live[day], Item) else 0
        for day in coded.dictionary.to_pylist()
    ]
    version = np.array(of_day)[coded.indices.fill_null(0).to_numpy(zero_copy_only=False)]
    for number, item in enumerate(versions.values()):
        rows = np.flatnonzero(version == number)
        if len(rows):
            yield _examine(block.take(rows), plan, item)
    yield Examined(block, np.array([], np.int64), (), (), (), (), (), (), _broken(block))


def _examine(block: Block, plan: Plan, item: Item) -> Examined:
    found = Findings(len(block))
    whom = trimmed(block.column(plan.mapping.subject.column))
    _missing(plan.mapping.subject.column, whom, found)
    subjects = _subjects(plan.mapping.subject.column, whom, plan, found)
    references = _references(block, plan, found)
    starts = _days("valid_from", plan.valid_from, block, found, required=True)
    _check_starts(plan, starts, found)
    values = {
        name: _attribute(name, item.attribute(name), column, block, plan, found)
        for name, column in plan.attributes.items()
    }
    ends = _days("valid_to", plan.valid_to, block, found) if plan.valid_to else pa.nulls(len(block), pa.date32())
    _check_ends(plan, item, starts, ends, values, found)

    good = ~found.bad
    mask = None if good.all() else pa.array(good)
    at = np.flatnonzero(good)
    broken = [
        refused(int(block.rows[n]), found.of(n), block.line(n), block.cells(n))
        for n in np.flatnonzero(found.bad).tolist()
    ]
    return Examined(
        block=block,
        at=at,
        rows=block.rows[at].tolist(),
        subjects=_listed(subjects, mask),
        references=_listed(references, mask),
        valid_from=_listed(starts.cast(pa.string()), mask),
        valid_to=_listed(ends.cast(pa.string()), mask),
        attributes=_attributes({name: _listed(value, mask) for name, value in values.items()}, len(at)),
        refused=[*_broken(block), *broken],
    )


def _broken(block: Block) -> list[Refused]:
    return [refused(bad.row, bad.faults, bad.line, bad.cells) for bad in block.broken]


def _listed(column: Any, mask: Any) -> list[Any]:
    kept: list[Any] = (column if mask is None else column.filter(mask)).to_pylist()
    return kept


def _attributes(columns: Mapping[str, list[Any]], size: int) -> list[dict[str, Value]]:
    """One mapping for each row; what a row lacks is left out."""
    if not columns:
        return [{} for _ in range(size)]
    names = tuple(columns)
    rows = zip(*columns.values(), strict=True)
    if not any(None in column for column in columns.values()):
        return [dict(zip(names, row, strict=True)) for row in rows]
    return [{name: v for name, v in zip(names, row, strict=True) if v is not None} for row in rows]


# -- fields -----------------------------------------------------------------------------------------


def _text(field: str, column: Column, block: Block, found: Findings) -> Any:
    """The column's text after extract, lookup and values; null where there is none."""
    if column.constant is not None:
        return pa.repeat(pa.scalar(column.constant), len(block))
    text = trimmed(block.column(column.field))
    if column.pattern:
        text = trimmed(extracted(text, column.pattern))
    for table in column.tables:
        text = trimmed(judged(field, text, table, found, pa.string()))
    return text


def _days(name: str, column: Column, block: Block, found: Findings, *, required: bool = False) -> Any:
    field = column.field or name
    text = _text(field, column, block, found)
    if required:
        _missing(field, text, found)
    return judged(field, text, column.day, found, pa.date32())


def _missing(field: str, text: Any, found: Findings) -> None:
    null = text.is_null().to_numpy(zero_copy_only=False)
    found.add(field, null, Reason.MISSING, lambda n: ("the value is missing", ""))


def _subjects(field: str, text: Any, plan: Plan, found: Findings) -> Any:
    """``scheme:code`` of each row, where the code is sound under the subject's scheme."""
    scheme = plan.scheme
    outcome = identify_column(scheme.check, text, scheme.pattern)
    present = text.is_valid().to_numpy(zero_copy_only=False)
    bad = (outcome.verdicts != Verdict.OK) & present
    if bad.any():
        person = bad & (outcome.verdicts == Verdict.PERSON)
        found.add(field, person, Reason.PERSON, lambda n: _why(plan, text[n].as_py()))
        found.add(field, bad, Reason.IDENTIFIER, lambda n: _why(plan, text[n].as_py()))
    return pc.binary_join_element_wise(pa.scalar(scheme.scheme), outcome.codes, ":")


def _why(plan: Plan, code: str) -> tuple[str, str]:
    error = why(plan.scheme.check, code, plan.scheme.pattern)
    what = f"{error.what}. {error.remedy}" if error.remedy else error.what
    return what, "*" * len(code) if isinstance(error, NaturalPersonError) else code


def _references(block: Block, plan: Plan, found: Findings) -> Any:
    """The issuer's own key: the key columns joined by ``|`` (a bar or backslash inside one is escaped)."""
    parts = []
    for name in plan.mapping.key:
        text = trimmed(block.column(name))
        _missing(name, text, found)
        parts.append(text)
    if len(parts) > 1:
        parts = [pc.replace_substring_regex(part, r"([|\\])", r"\\\1") for part in parts]
    joined = pc.binary_join_element_wise(*parts, "|") if len(parts) > 1 else parts[0]
    long = pc.greater(pc.utf8_length(joined), LONGEST_REFERENCE).fill_null(False).to_numpy(zero_copy_only=False)
    message = f"the key is longer than {LONGEST_REFERENCE} characters"
    found.add(plan.mapping.key[-1], long, Reason.TOO_LONG, lambda n: (message, joined[n].as_py()[:80]))
    check_text(plan.mapping.key[-1], joined, found)
    return joined


def _attribute(
    name: str, attribute: Attribute | None, column: Column, block: Block, plan: Plan, found: Findings
) -> Any:
    field = column.field or name
    if attribute is not None and column.after is not None:
        days = _days_after(name, column, column.after, block, found)
        if attribute.required:
            _missing(field, days, found)
        return days
    text = _text(field, column, block, found)
    if attribute is None:
        present = text.is_valid().to_numpy(zero_copy_only=False)
        message = f"on that day the item {plan.mapping.item!r} had no attribute {name!r}"
        found.add(field, present, Reason.ITEM_NOT_IN_FORCE, lambda n: (message, text[n].as_py()))
        return pa.nulls(len(block), pa.string())
    if attribute.required:
        _missing(field, text, found)
    if attribute.type == "organisation":
        return _subjects(field, text, plan, found)
    reading = plan.judge(attribute, column)
    if reading is None:
        (check_name if name == "name" else check_text)(field, text, found)
        return text
    judge, kind = reading
    values = judged(field, text, judge, found, kind)
    return values.cast(pa.string()) if attribute.type == "date" else values


def _days_after(name: str, column: Column, other: Column, block: Block, found: Findings) -> Any:
    """Days from the day in the other column to the one in this; null where one of them is missing."""
    first = _days(name, other, block, found).cast(pa.int32())
    return pc.subtract(_days(name, column, block, found).cast(pa.int32()), first).cast(pa.int64())


# -- days -------------------------------------------------------------------------------------------


def _check_starts(plan: Plan, starts: Any, found: Findings) -> None:
    """Note days in the future, and days on which the item or the agency was not in force."""
    field = plan.valid_from.field or "valid_from"
    future = pc.greater(starts, pa.scalar(plan.today)).fill_null(False).to_numpy(zero_copy_only=False)
    found.add(field, future, Reason.FUTURE, lambda n: (f"the day lies after today, {plan.today}", str(starts[n])))
    for day in pc.unique(starts).to_pylist():
        if day is not None and isinstance(bad := plan.live(day), Bad):
            there = pc.equal(starts, pa.scalar(day)).fill_null(False).to_numpy(zero_copy_only=False)
            found.add(field, there, bad.reason, lambda n, bad=bad, day=day: (bad.message, str(day)))  # type: ignore[misc]


def _check_ends(
    plan: Plan, item: Item, starts: Any, ends: Any, values: Mapping[str, Any], found: Findings
) -> None:
    """Note periods that end before they begin, or later than the item's display term allows (R7.11).

    "Beyond its term" says that the record claims to hold longer than it may be shown. A record whose term
    is over by now is taken in: it is history, and it is neither shown nor counted.
    """
    if plan.valid_to is None:
        return
    field = plan.valid_to.field or "valid_to"
    before = pc.less(ends, starts).fill_null(False).to_numpy(zero_copy_only=False)
    found.add(
        field, before, Reason.ENDS_BEFORE, lambda n: (f"it ends before it begins, on {starts[n]}", str(ends[n]))
    )
    if item.term is None:
        return
    by = values.get(item.term.by or "", pa.nulls(len(starts), pa.string())).to_pylist()
    records = list(zip(starts.to_pylist(), ends.to_pylist(), by, strict=True))
    limits = [_limit(plan, item, start, value) if start and end else None for start, end, value in records]
    beyond = np.array(
        [limit is not None and record[1] > limit for limit, record in zip(limits, records, strict=True)]
    )
    found.add(
        field, beyond, Reason.BEYOND_TERM, lambda n: (_BEYOND.format(item.item, limits[n]), str(records[n][1]))
    )


_BEYOND = "the term of {!r} ends on {} for this record, which claims to hold longer"


def _limit(plan: Plan, item: Item, start: date, by: object) -> date | None:
    return plan.law.display_until(item, start, {item.term.by: by} if item.term and item.term.by else {})
