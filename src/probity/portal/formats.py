"""Values as a reader of either language expects them: points, money, days, names."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Protocol

from babel.numbers import format_currency, format_decimal, format_percent
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from probity.identity import clean
from probity.portal import words
from probity.publication import PublicField
from probity.rulebook import MILLI

MINUS = "\u2212"
_MINOR_UNITS = re.compile(r"([A-Z]{3})/(10*)")


class Bilingual(Protocol):
    """A name in both languages: the rulebook's Text, or a Label of identity."""

    @property
    def en(self) -> str:
        """In English."""

    @property
    def zh(self) -> str | None:
        """In Chinese, where it has such a name."""


def chinese() -> bool:
    """Whether the visitor reads Chinese."""
    return (get_language() or "en").startswith("zh")


def called(name: Bilingual) -> str:
    """The name in the visitor's language; in English where it has no Chinese one."""
    return (name.zh or name.en) if chinese() else name.en


def day(value: date) -> str:
    """``2 January 2020`` or ``2020年1月2日``."""
    return date_format(value, _("j F Y"))


def moment(value: datetime) -> str:
    """A moment in UTC, to the minute."""
    return date_format(value.astimezone(UTC), _("j F Y, H:i")) + " UTC"


def number(value: int | Decimal) -> str:
    """A number with its thousands separated and at most three decimals."""
    text: str = format_decimal(value, format="#,##0.###", locale=_locale())
    return text.replace("-", MINUS)


def share(part: float) -> str:
    """A part of the whole in per cent, to a tenth."""
    text: str = format_percent(part, format="0.0%", locale=_locale())
    return text


def points(milli: int) -> str:
    """Milli-points as points."""
    return number(Decimal(milli) / MILLI)


def signed(milli: int) -> str:
    """Milli-points as points, with a plus where something was awarded."""
    return f"+{points(milli)}" if milli > 0 else points(milli)


def amount(value: int, unit: str | None) -> str:
    """A whole number of ``unit``: money in its currency, other units after the number, a year as it is."""
    if unit and (money := _MINOR_UNITS.fullmatch(unit)):
        text: str = format_currency(Decimal(value) / int(money[2]), money[1], locale=_locale())
        return text
    if unit == "year":
        return seen(str(value))
    return f"{number(value)} {words.UNITS.get(unit, unit)}" if unit else number(value)


def shown(field: PublicField) -> str:
    """The value of a field as text."""
    value = field.value
    if field.shown is not None:
        return called(field.shown)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        return amount(value, field.unit)
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        return day(date.fromisoformat(value))
    return seen(str(value))


def seen(text: str) -> str:
    """Text from outside as it can be shown: without characters that are not seen or turn the direction."""
    return clean(text)[0]


def _locale() -> str:
    return "zh_Hans" if chinese() else "en"
