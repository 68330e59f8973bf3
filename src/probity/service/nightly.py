"""What is due each night: time does its work in cases, and everyone's grade is brought up to date."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import date

from probity.errors import NotFoundError, QuestionError
from probity.procedures import store as procedures
from probity.rulebook import Law
from probity.scoring import store as scoring
from probity.service.ticks import let_time_pass
from probity.service.wiring import days, today


@dataclass(frozen=True, slots=True)
class Night:
    """What a run did: organisations graded anew, and why; grades that are others than before; what time brought
    about in cases; how long it took."""

    day: date
    organisations: int
    changed: int
    reasons: dict[scoring.Reason, int]
    cases: dict[str, int]
    seconds: float


def nightly(
    law: Law,
    *,
    day: date | None = None,
    told: scoring.Told | None = None,
    told_of_cases: scoring.Told | None = None,
) -> Night:
    """Let time do its work in cases, and grade anew whoever's grades are due on ``day`` (None: today), where no
    day is fixed for their scheme. Cases have today and no other day.

    The first time that is everyone. Stopped or killed, it goes on from there. Raises QuestionError for a day that
    has not come, and StoreError where the database fails.
    """
    day = day or today()
    if day > today():
        raise QuestionError(
            f"{day} has not come: nothing can be due on it",
            where="--day",
            remedy="Name today or a day that has passed.",
        )
    started = time.monotonic()
    cases: dict[str, int] = {}
    if day == today():
        for done, total in procedures.refresh(law):
            if told_of_cases:
                told_of_cases(done, total)
        cases = dict(let_time_pass(law, day, told_of_cases))
    night = _caught(law, day, told, everyone=True)
    return replace(night, cases=cases, seconds=round(time.monotonic() - started, 3))


def after_intake(law: Law, told: scoring.Told | None = None) -> Night:
    """Grade anew those of whom something was stated. Where everyone is due (no nightly run was yet, or the law is
    another) that is left to the night."""
    return _caught(law, today(), told, everyone=False)


def current_grades(subject: str, law: Law) -> scoring.Kept:
    """The kept grades of ``subject``. Raises NotFoundError where there are none that hold today."""
    found = scoring.kept(subject, law, days())
    if found is None:
        raise NotFoundError(
            f"no grade of {subject} is up to date",
            remedy="Run probity nightly, which grades anew whoever is due; or probity explain.",
        )
    return found


def _caught(law: Law, day: date, told: scoring.Told | None, *, everyone: bool) -> Night:
    started = time.monotonic()
    caught = scoring.catch_up(law, replace(days(), today=day), told, everyone=everyone)
    return Night(
        day=day,
        organisations=caught.organisations,
        changed=caught.changed,
        reasons=dict(caught.reasons),
        cases={},
        seconds=round(time.monotonic() - started, 3),
    )
