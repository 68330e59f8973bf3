"""The two times of a question, as an address carries them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from probity.errors import QuestionError


class Misasked(QuestionError):
    """A question that the portal itself cannot read; its message is in the language of the visitor."""


@dataclass(frozen=True, slots=True)
class Times:
    """``true_on``: a day. ``known_at``: a moment (UTC), or None for everything known now.

    ``asked`` holds what the visitor gave, so that links can carry it on.
    """

    true_on: date
    known_at: datetime | None
    asked: Mapping[str, str]

    @property
    def query(self) -> str:
        """What the visitor gave, as the query of a link; empty if nothing."""
        return urlencode(self.asked)


def read_times(given: Mapping[str, str], default: date) -> Times:
    """The times asked for; ``default`` is the day that is meant where none is named. Raises Misasked."""
    asked = {name: given[name].strip() for name in ("true_on", "known_at") if given.get(name, "").strip()}
    true_on = _day(asked["true_on"]) if "true_on" in asked else default
    known_at = _moment(asked["known_at"]) if "known_at" in asked else None
    return Times(true_on, known_at, asked)


def read_day(given: Mapping[str, str], name: str) -> date | None:
    """The day given under ``name``, if one is. Raises Misasked."""
    text = given.get(name, "").strip()
    return _day(text) if text else None


def _day(text: str) -> date:
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise Misasked(
            _("One of the dates cannot be read."),
            remedy=_("Write a day that exists as year, month and day, such as 2023-06-30."),
        ) from None


def _moment(text: str) -> datetime | None:
    """A moment in UTC; a plain day means its end, and today means now."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        day = _day(text)
        return None if day == datetime.now(UTC).date() else datetime.combine(day, time.max, UTC)
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Misasked(
            _("The moment “known on” cannot be read."),
            remedy=_("Write a day, such as 2023-06-30, or a moment with its offset: 2023-06-30T12:00:00Z."),
        ) from None
