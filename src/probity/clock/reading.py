"""Days and moments as people write them (ISO 8601), read strictly."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

from probity.errors import QuestionError

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)


def parse_day(text: str, *, where: str | None = None) -> date:
    """The day written as ``2021-06-30``; no other form is read. ``where`` names the place in the error.

    Raises QuestionError for another form, and for a day that no calendar has (30 February).
    """
    if not _DAY.fullmatch(text):
        raise QuestionError(
            f"{text!r} is not a day", where=where, remedy="Write year, month and day as in 2021-06-30."
        )
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise QuestionError(
            f"there is no day {text} ({error})",
            where=where,
            remedy="Check month and day, written as in 2021-06-30.",
        ) from error


def parse_moment(text: str, *, where: str | None = None) -> datetime:
    """The moment in UTC written as ``2021-06-30T08:00Z`` or ``2021-06-30T16:00:00+08:00``.

    A day alone means its last microsecond in UTC, so that "known on that day" includes all that was
    recorded on it. Raises QuestionError for another form, an impossible day or time, and a time without its
    zone, which would mean another moment elsewhere.
    """
    if _DAY.fullmatch(text):
        return datetime.combine(parse_day(text, where=where), time.max, tzinfo=UTC)
    match = _MOMENT.fullmatch(text)
    if not match:
        raise QuestionError(
            f"{text!r} is not a moment", where=where, remedy="Write 2021-06-30, or 2021-06-30T08:00:00Z."
        )
    if match[3] is None:
        raise QuestionError(
            f"{text!r} does not say in which time zone",
            where=where,
            remedy=f"Write {text}Z for UTC, or {text}+08:00.",
        )
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise QuestionError(
            f"there is no moment {text} ({error})", where=where, remedy="Check month, day, hour and minute."
        ) from error
