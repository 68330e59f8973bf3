"""What goes into an evaluation and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from probity.rulebook import Status

Value = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Fact:
    """What a card may read of one record: ``day`` is when it happened, ``until`` its last day in force,
    ``expires`` the last day of its term. ``status`` is anything but EXPIRED, which is computed."""

    record: str
    item: str
    day: date
    until: date | None
    expires: date | None
    status: Status
    attributes: Mapping[str, Value]


class Ignored(StrEnum):
    """Why a record that an indicator could read gave no points."""

    NOT_YET = "not-yet"
    OTHER_OCCASION = "other-occasion"
    OUTSIDE_WINDOW = "outside-window"
    ENDED = "ended"
    EXPIRED = "expired"
    REPAIRED = "repaired"
    WITHDRAWN = "withdrawn"
    CONTESTED = "contested"
    FADED = "faded"
    """Age has brought it to nothing."""
    CONSUMES_NOTHING = "consumes-nothing"
    NOT_THE_STRONGEST = "not-the-strongest"
    """Presence or worst: another record counts for it."""
    NOT_KNOWN = "not-known"
    """The indicator is not known: none of its sources is said to have delivered."""


class NoGrade(StrEnum):
    """Why a card gives no grade."""

    NO_OCCASION = "no-occasion"
    TOO_LITTLE_KNOWN = "too-little-known"
    BELOW_EVERY_BAND = "below-every-band"
    """There is a total, but the card has no band for it."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one record adds to an indicator before the cap, in milli-points (a sum's amount: in its unit).

    ``ignored`` says why where it adds nothing.
    """

    record: str
    amount: int
    ignored: Ignored | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator's result. ``points`` is signed (deductions are negative), in milli-points, after the cap.

    ``uncapped``, signed too, is what it would be without the cap. ``known`` is False where no source has
    delivered.
    """

    indicator: str
    points: int
    uncapped: int
    known: bool
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A card's result for one organisation on one day.

    ``total`` is rounded, in milli-points. Both ``total`` and ``grade`` are None where nothing can be said:
    no occasion to judge, or too little known; ``no_grade`` then says why. ``occasion`` is the day of the
    occasion judged, for a card that judges one. ``gated_by`` names the gates (their index) whose ``at_most``
    is lower than the total's own band. ``known_weight`` is in millionths of the card's weight.
    """

    card: str
    as_of: date
    total: int | None
    grade: str | None
    lines: tuple[Line, ...]
    gated_by: tuple[int, ...]
    occasion: date | None
    known_weight: int
    no_grade: NoGrade | None = None
