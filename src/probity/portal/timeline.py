"""The timeline of an organisation's file: newest first, by year, fifty records to a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.core.paginator import Paginator

from probity.publication import PublicRecord

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Year:
    """The records of one year that stand on the page."""

    number: int
    records: tuple[PublicRecord, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """One page of it. ``numbers`` are the pages to link to; None stands for those left out between."""

    years: tuple[Year, ...]
    total: int
    page: int
    pages: int
    numbers: tuple[int | None, ...]


def timeline(records: Sequence[PublicRecord], page: str | None) -> Timeline:
    """The page asked for; the first or last one where there is no such page."""
    paginator = Paginator(records, PER_PAGE)
    here = paginator.get_page(page)
    elided = paginator.get_elided_page_range(here.number, on_each_side=1, on_ends=1)
    return Timeline(
        years=tuple(
            Year(year, tuple(group))
            for year, group in groupby(here.object_list, lambda each: each.valid_from.year)
        ),
        total=paginator.count,
        page=here.number,
        pages=paginator.num_pages,
        numbers=tuple(number if isinstance(number, int) else None for number in elided),
    )


def pages_of(records: Sequence[PublicRecord]) -> dict[str, int]:
    """The page on which each record stands, by its id."""
    return {record.id: n // PER_PAGE + 1 for n, record in enumerate(records)}
