"""Filters by which the templates show names, values and addresses."""

from __future__ import annotations

from django import template
from django.urls import reverse

from probity.portal import formats, words
from probity.rulebook import OrganisationKind, Polarity, Status

register = template.Library()

for _filter in (
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
def code_of(subject: str) -> str:
    """The code of a subject key."""
    return subject.partition(":")[2]


@register.filter
def address(subject: str) -> str:
    """The address of an organisation's page."""
    scheme, _, code = subject.partition(":")
    return reverse("organisation", args=[scheme, code])
