"""Entries for the tests of measures: by default one on the list of wage arrears, decided here, in force."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from probity.measures import Answering, Confirm, Decision, Entry
from probity.procedures import Officer
from probity.rulebook import ListKind, load

LAW = load(Path(__file__).parents[2] / "rulebooks")
LISTED = "cn-uscc:91330100799655058B"
OTHER = "cn-uscc:91440101327598294H"
BEGINS = date(2023, 5, 8)
ENDS = date(2026, 5, 7)
DAY = date(2024, 3, 1)
WAGES = "cn/wage-arrears"
TENDER = "cn/tender-ban"


def entry(**changes: Any) -> Entry:
    """An entry that went through its case."""
    said: dict[str, Any] = {
        "record": "ab" * 32,
        "subject": LISTED,
        "list": "cn-wage-arrears",
        "kind": ListKind.SERIOUS_VIOLATION,
        "issuer": "cn-mohrss",
        "begins": BEGINS,
        "ends": ENDS,
        "ended": None,
        "imported": False,
        "band": None,
        "case": "cn-mohrss/cn-wage-arrears/2023/1",
        "proposer": "cn-mohrss/1",
        "decider": "cn-mohrss/2",
        **changes,
    }
    return Entry(**said)


def redlisted(**changes: Any) -> Entry:
    """An entry on a redlist."""
    said = {
        "list": "cn-red-taxpayers",
        "kind": ListKind.RED,
        "issuer": "cn-sta",
        "ends": date(2024, 5, 7),
        **changes,
    }
    return entry(**said)


def answering(
    about: Entry | None = None, measure: str = TENDER, agency: str = "cn-ndrc", memorandum: str = WAGES
) -> Answering:
    """A measure that nobody has answered yet."""
    return Answering(about or entry(), memorandum, measure, agency)


def confirm(**changes: Any) -> Confirm:
    """A confirmation that says everything."""
    said: dict[str, Any] = {
        "by": Officer("cn-ndrc", "17"),
        "subject": LISTED,
        "decision": Decision.PROCUREMENT,
        "matter": "tender 2024-55 for a school",
        "look": "wage records of two sites, read on 28 February 2024",
        "reasons": "wages of 31 workers are still not paid",
        **changes,
    }
    return Confirm(**said)
