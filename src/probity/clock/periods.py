"""Statutory periods of whole years, months and days."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Literal

from probity.errors import QuestionError

Unit = Literal["y", "m", "d"]
"""Years, months, days."""


def shift(day: date, number: int, unit: Unit) -> date:
    """``day`` moved by ``number`` years, months or days; a negative number moves back.

    Years and months lead to the corresponding day; where the month has no such day, to its last (29
    February and a year: 28 February; 31 January and a month: 28 or 29 February), as article 202 of the
    Civil Code of China has it. Hence always move from the original day in one step: twice one month from 31
    January is 28 March, two months are 31 March. The day moved to is the last day of the period, for the
    first is not counted (article 201).

    Raises QuestionError where the result lies outside the years 1 to 9999.
    """
    try:
        if unit == "d":
            return day + timedelta(days=number)
        year, month = divmod(day.year * 12 + day.month - 1 + number * (12 if unit == "y" else 1), 12)
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    except (OverflowError, ValueError) as error:
        raise QuestionError(
            f"{day} moved by {number}{unit} lies outside the years 1 to 9999", remedy="Use a shorter period."
        ) from error
