"""Start and stop: settings, the database, the law. The one place that knows how the rooms are put together."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from django.db import connections

from probity.rulebook import Law, load
from probity.service.database import connect
from probity.service.postgres import Embedded


@dataclass(frozen=True, slots=True)
class House:
    """What a running Probity stands on: its data folder, and the law it applies."""

    home: Path
    law: Law


def home() -> Path:
    """The data folder: ``PROBITY_HOME``, or the user's data folder of the operating system."""
    return Path(os.environ.get("PROBITY_HOME") or platformdirs.user_data_path("probity")).expanduser().resolve()


def rulebooks() -> Path:
    """The folder of rulebooks: ``PROBITY_RULEBOOKS``, or the ones that come with Probity."""
    if named := os.environ.get("PROBITY_RULEBOOKS"):
        return Path(named)
    inside = Path(__file__).parent.parent / "rulebooks"
    return inside if inside.is_dir() else Path(__file__).parents[3] / "rulebooks"


@contextmanager
def running() -> Iterator[House]:
    """Probity, ready for use: the law loaded, the database up and migrated. Leaves nothing running behind.

    ``DATABASE_URL`` names a PostgreSQL server (14 or newer); without it the embedded one is used.
    """
    law = load(rulebooks())
    embedded = None
    if not os.environ.get("DATABASE_URL"):
        embedded = Embedded(home())
        os.environ["DATABASE_URL"] = embedded.url()
    try:
        connect()
        yield House(home(), law)
    finally:
        connections.close_all()
        if embedded:
            del os.environ["DATABASE_URL"]
            embedded.stop()
