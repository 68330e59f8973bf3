"""Start and stop: the data folder, the database, the law. The one place that knows how it is all put together."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import platformdirs

from probity.errors import CharterError, StoreError
from probity.ledger import failures
from probity.rulebook import Law, load
from probity.scoring import Days
from probity.service.database import connect, disconnect
from probity.service.postgres import Embedded


@dataclass(frozen=True, slots=True)
class House:
    """What a running Probity stands on. ``fixed_days``: by scheme, the day that is meant when none is named."""

    home: Path
    law: Law
    fixed_days: Mapping[str, date] = field(default_factory=dict)

    def day_for(self, subject: str) -> date:
        """The day that is meant when a question about ``subject`` names none.

        Today, unless the operator fixed one for its scheme (a demo of old data would show nothing today).
        """
        return self.fixed_days.get(subject.partition(":")[0]) or self.true_on

    @property
    def true_on(self) -> date:
        """Today, where this runs."""
        return today()


DAYS = "days.json"
"""Holds the fixed days, under the data folder."""

_open: list[House] = []


def today() -> date:
    """The day that it is where this runs: records of a later day lie in the future."""
    return datetime.now().astimezone().date()


def days() -> Days:
    """The day that is meant for each organisation: as the open house has it, else today."""
    return Days(today(), _open[-1].fixed_days if _open else {})


def day_of_act(subject: str, generated: bool, on: date | None) -> date:
    """The day that an act about ``subject`` bears: today. Only where it was made up, another day can be named
    (``on``; None: the one that is meant for its scheme). Raises CharterError for another day about a real one."""
    if generated:
        return on or days().of(subject)
    if on not in (None, today()):
        raise CharterError(
            f"an act bears the day on which it is done, and today is {today()} (charter 4, 11)",
            where=str(on),
            remedy="Leave the day out. Only what is about made-up organisations can be played on another day.",
        )
    return today()


def house() -> House:
    """The house that :func:`running` opened in this process. Raises StoreError if none is open."""
    if not _open:
        raise StoreError("Probity is not running in this process", remedy="Use probity.service.running().")
    return _open[-1]


def home() -> Path:
    """The data folder: ``PROBITY_HOME``, or the user's data folder of the operating system."""
    return Path(os.environ.get("PROBITY_HOME") or platformdirs.user_data_path("probity")).expanduser().resolve()


def rulebooks() -> Path:
    """The folder of rulebooks: ``PROBITY_RULEBOOKS``, or the ones that come with Probity."""
    if named := os.environ.get("PROBITY_RULEBOOKS"):
        return Path(named)
    inside = Path(__file__).parent.parent / "rulebooks"
    return inside if inside.is_dir() else Path(__file__).parents[3] / "rulebooks"


def law() -> Law:
    """The law of the rulebooks, for what needs no database."""
    return load(rulebooks())


def _keep(days: Mapping[str, date]) -> None:
    """Remember the days under the data folder, so that every later command means the same."""
    text = json.dumps({scheme: day.isoformat() for scheme, day in days.items()})
    try:
        home().mkdir(parents=True, exist_ok=True)
        (home() / DAYS).write_text(text, encoding="utf-8")
    except OSError as error:
        raise StoreError(
            f"the data folder cannot be written: {error.strerror}",
            where=str(home()),
            remedy="Check rights and free space, or set PROBITY_HOME to another folder.",
        ) from error


def _kept() -> dict[str, date]:
    with suppress(FileNotFoundError):
        days = json.loads((home() / DAYS).read_text(encoding="utf-8"))
        return {scheme: date.fromisoformat(day) for scheme, day in days.items()}
    return {}


@contextmanager
def running(*, fixed_days: Mapping[str, date] | None = None) -> Iterator[House]:
    """Probity, ready for use: the law loaded, the database up and migrated. Leaves nothing running behind.

    ``DATABASE_URL`` names a PostgreSQL server (14 or newer); without it the embedded one is used.
    ``fixed_days`` are kept beside the embedded server's data and hold for later commands too. Raises
    StoreError where the database cannot be had, and where it fails in the middle.
    """
    law = load(rulebooks())
    embedded = None
    if not os.environ.get("DATABASE_URL", "").strip():
        embedded = Embedded(home())
        os.environ["DATABASE_URL"] = embedded.url()
    if embedded and fixed_days:
        _keep(fixed_days)
    opened = House(home(), law, fixed_days or (_kept() if embedded else {}))
    try:
        connect()
        _open.append(opened)
        with failures():
            yield opened
    finally:
        if opened in _open:
            _open.remove(opened)
        disconnect()
        if embedded:
            del os.environ["DATABASE_URL"]
            embedded.stop()
