"""Filters by which the templates show names, values and addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django import template
from django.urls import reverse

from probity.portal import bands, formats, words
from probity.rulebook import OrganisationKind, Polarity, Status
from probity.scoring.outlook import Graded

register = template.Library()

for _filter in (
    bands.band_called,
    bands.grade_called,
    bands.is_letter,
    formats.called,
    formats.day,
    formats.moment,
    formats.number,
    formats.points,
    formats.signed,
    formats.seen,
    formats.shown,
):
    register.filter(_filter.__name__, _filter)


@register.filter
def kind(value: OrganisationKind | str) -> str:
    """What a kind of organisation is called."""
    return str(words.KINDS[value])


@register.filter
def polarity(value: Polarity) -> str:
    """What a polarity is called."""
    return str(words.POLARITIES[value])


@register.filter
def status(value: Status) -> str:
    """What a state is called."""
    return str(words.STATUSES[value])


@register.filter
def graded(value: Graded, among: Iterable[bands.Named] = ()) -> str:
    """A grade of a day gone by with its points, or why there is none; ``among`` are the bands that name it."""
    said = [bands.grade_called(value.grade, among), formats.points(value.total) if value.total is not None else ""]
    said.append(str(words.SILENCES[value.why]) if value.why else "")
    return " · ".join(part for part in said if part)


@register.filter
def page_of(pages: Mapping[str, int], record: str) -> int:
    """The page of the timeline on which a record stands."""
    return pages.get(record, 1)


@register.filter
def code_of(subject: str) -> str:
    """The code of a subject key."""
    return subject.partition(":")[2]


@register.filter
def address(subject: str) -> str:
    """The address of an organisation's page."""
    scheme, _, code = subject.partition(":")
    return reverse("organisation", args=[scheme, code])
