"""What would change a grade, and how it went, as the public sees them: records that are not open stay closed.

Such a record is counted and never named. Where it decides the day on which time alone changes a grade, that day is
withheld, and where it is to be repaired, what that gives: both would tell of it what the public may not know.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from probity.scoring.outlook import History, Outlook, Point, Told


def public_outlook(outlook: Outlook, open_records: Collection[str]) -> Outlook:
    """``outlook`` with no record but those in ``open_records`` (ids)."""
    carriers = tuple(each for each in outlook.carriers if each.named.record in open_records)
    return replace(
        outlook,
        time=tuple(_told(each, open_records) for each in outlook.time),
        falls=_told(outlook.falls, open_records) if outlook.falls else None,
        repair=tuple(_told(each, open_records) for each in outlook.repair),
        conduct=tuple(_told(each, open_records) for each in outlook.conduct),
        carriers=carriers,
        closed=len(outlook.carriers) - len(carriers),
    )


def _told(told: Told, open_records: Collection[str]) -> Told:
    shown = tuple(each for each in told.records if each.record in open_records)
    closed = len(told.records) - len(shown)
    if not closed:
        return told
    return replace(told, total=None, day=None, sentence=told.discreet, records=shown, closed=closed)


def public_history(history: History, open_records: Collection[str]) -> History:
    """``history`` that names no statement but those about ``open_records`` (ids)."""
    return replace(history, points=tuple(_point(point, open_records) for point in history.points))


def _point(point: Point, open_records: Collection[str]) -> Point:
    shown = tuple(each for each in point.later if each.record in open_records)
    return replace(point, later=shown, closed_later=len(point.later) - len(shown))
