"""When: the two times of a question, and the calendar of working days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NoReturn

import holidays

from probity.errors import InputError, QuestionError

COMPUTABLE = {"US": 1986, "MX": 2006}
"""Countries whose holidays follow from statute by rule, and the first year of the rule as it stands.

United States: 5 U.S.C. 6103 (all of its Monday holidays since 1986). Mexico: Ley Federal del Trabajo,
article 74 (Monday holidays since 2006). Where a government announces each year anew (China, most of Asia)
or the moon must be seen, the library can only estimate: such years are written out in the rulebook.
"""

TRUSTED_THROUGH = 2036
"""The last year for which the holidays library is believed. Statutes change (the United States gained a
holiday in 2021, two days before it fell), so a year far ahead counts as not announced."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """A question's two times: what was true on ``true_on``, as far as was known at ``known_at`` (UTC)."""

    true_on: date
    known_at: datetime


@dataclass(frozen=True, slots=True)
class NotAnnounced:
    """The answer depends on the holidays of ``year``, which are not announced yet.

    ``earliest`` is a true lower bound: whatever will be announced, the day sought cannot come before it.
    """

    earliest: date
    year: int

    def __str__(self) -> str:
        return f"at least until {self.earliest}; the holidays of {self.year} are not announced yet"

    def __bool__(self) -> NoReturn:
        """Refuse to be taken for yes or no."""
        raise QuestionError(
            f"whether it is so depends on the holidays of {self.year}, which are not announced yet",
            remedy="Tell the person asking: not known before the announcement.",
        )


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are working days, as far as announced.

    A day in an ``announced`` year works unless it falls on the ``weekend`` (Monday is 0); ``off`` and
    ``worked`` name the exceptions and win. The last ``reach`` days of a year are settled only when the next
    year is announced too, because an arrangement may reach back over the turn of the year.
    ``first_day_counts`` and ``day_zero`` say whether the day of the event counts, and by which rule.
    """

    name: str
    announced: frozenset[int]
    off: frozenset[date]
    worked: frozenset[date]
    weekend: frozenset[int]
    reach: int
    first_day_counts: bool
    day_zero: str

    @classmethod
    def written(
        cls,
        name: str,
        years: Mapping[int, tuple[Iterable[date], Iterable[date]]],
        *,
        day_zero: str,
        weekend: Iterable[int] = (5, 6),
        first_day_counts: bool = False,
    ) -> Calendar:
        """A calendar written out: for each announced year its days off and its worked weekend days.

        The reach over the turn of the year is the longest that any of the announcements has shown.
        Raises InputError where there is no year, where a day is both off and worked, or where no weekday is
        left to work.
        """
        offs = {year: frozenset(off) for year, (off, _) in years.items()}
        works = {year: frozenset(worked) for year, (_, worked) in years.items()}
        off, worked = frozenset().union(*offs.values()), frozenset().union(*works.values())
        if not years:
            raise InputError(
                "a calendar needs at least one announced year",
                where=f"calendar {name}",
                remedy="Write the first announced year.",
            )
        if both := off & worked:
            raise InputError(
                f"{min(both)} is both off and worked",
                where=f"calendar {name}",
                remedy="Where a later notice changed an earlier one, keep only what it decided.",
            )
        week_off = frozenset(weekend)
        if not week_off < frozenset(range(7)):
            raise InputError(
                f"weekend {sorted(week_off)} leaves no working day, or names one that is none",
                where=f"calendar {name}",
                remedy="List the free days of the week as 0 (Monday) to 6 (Sunday), six of them at most.",
            )
        reach = max(
            (date(year, 1, 1) - day).days
            for year in years
            for day in {date(year, 1, 1)} | offs[year] | works[year]
        )
        return cls(name, frozenset(years), off, worked, week_off, reach, first_day_counts, day_zero)

    @classmethod
    def from_holidays(
        cls,
        country: str,
        subdivision: str | None = None,
        *,
        name: str,
        day_zero: str,
        weekend: Iterable[int] = (5, 6),
        first_day_counts: bool = False,
    ) -> Calendar:
        """A calendar computed by the holidays library, for the countries and years where it can be trusted.

        ``country`` is an ISO 3166 code, ``subdivision`` one of the library's (``CA``). Raises InputError for a
        country outside COMPUTABLE, and for a subdivision that the library does not know.
        """
        if country not in COMPUTABLE:
            raise InputError(
                f"the holidays of {country!r} cannot be computed years ahead",
                where=f"calendar {name}",
                remedy=f"Write its announced years out (computable: {', '.join(sorted(COMPUTABLE))}).",
            )
        announced = range(COMPUTABLE[country], TRUSTED_THROUGH + 1)
        try:
            free = frozenset(holidays.country_holidays(country, subdiv=subdivision, years=announced))
        except NotImplementedError as error:
            raise InputError(
                f"the holidays library knows no subdivision {subdivision!r} of {country}",
                where=f"calendar {name}",
                remedy="Use its code, as CA for California, or leave it out.",
            ) from error
        years = {year: ([day for day in free if day.year == year], ()) for year in announced}
        return cls.written(name, years, day_zero=day_zero, weekend=weekend, first_day_counts=first_day_counts)

    def works(self, day: date) -> bool:
        """Whether ``day`` is worked, by what has been announced so far; ask :meth:`awaits` first."""
        return day in self.worked or (day.weekday() not in self.weekend and day not in self.off)

    def awaits(self, day: date) -> int | None:
        """The year whose announcement must come before it is settled whether ``day`` works; None if it is.

        Raises QuestionError for a day before the first announced year: those holidays are past and
        knowable, but this calendar does not hold them.
        """
        if day in self.off or day in self.worked:
            return None
        first = min(self.announced)
        if day.year < first:
            raise QuestionError(
                f"{day} lies before {first}, the first year of this calendar",
                where=f"calendar {self.name}",
                remedy="Ask about a later day, or add the earlier years to the rulebook with their notices.",
            )
        if day.year not in self.announced:
            return day.year
        at_the_turn = (date(day.year, 12, 31) - day).days < self.reach
        return day.year + 1 if at_the_turn and day.year + 1 not in self.announced else None
