"""Keeping everyone's grade: with a statement, after a file, under another law, and as days pass.

The ledger itself says whose grades are due: a grade holds for the statements up to its position, under its basis,
until the day on which it can change (docs/adr/0009). So nothing has to be marked, and whatever is cut short leaves
grades that are seen to be due.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.db import connection, transaction

from probity.dossier import ordinal_of
from probity.ledger import REGISTER, failures, prepared, together
from probity.rulebook import Law
from probity.scoring.basis import Days
from probity.scoring.store.current import (
    Asked,
    Kept,
    Stored,
    ask,
    grade_anew,
    grade_unsealed,
    stored,
    write,
    write_under_lock,
)

AT_ONCE = 1_000
"""Organisations graded and committed together."""
STATEMENTS_AT_ONCE = 2_000
"""Statements looked through for whom they are about."""
MOST_WITH_A_STATEMENT = 200
"""So many organisations are graded together with the statements about them; where they are more, soon after."""
LOCK = 0x70726F6B
"""The advisory lock of bringing grades up to date ("prok"): two that do take turns."""

Told = Callable[[int, int], None]
"""Is told how many organisations are done, of how many."""

Organisations = list[tuple[int, str]]
"""Ordinals and subjects."""


class Reason(StrEnum):
    """Why an organisation was graded anew."""

    BASIS = "basis"
    """Another law, other fixed days, or a source that delivered for the first time."""
    STATED = "stated"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Caught:
    """How many organisations were graded anew, for which reason, and how many of their grades changed."""

    organisations: int = 0
    changed: int = 0
    reasons: tuple[tuple[Reason, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Progress:
    """As :class:`~probity.scoring.models.Progress`; ``basis`` is the hash in hexadecimal digits."""

    position: int
    basis: str
    organisation: int | None


# -- with a statement ----------------------------------------------------------------------------------

# The progress moves along where nothing but this batch lies between; else whoever catches up will.
MOVE_ALONG = """
UPDATE scoring_progress p SET position = %s
 WHERE p.basis = %s
   AND NOT EXISTS (SELECT FROM ledger_statement s
                    WHERE s.position > p.position AND s.position < %s AND s.subject <> %s)
"""


def follow(
    subjects: Collection[str], law: Law, days: Days, *, first: int, last: int, item: str, generated: bool
) -> None:
    """Grade anew the organisations about which the statements from ``first`` to ``last``, all of ``item``, speak.

    Runs in the transaction of their batch, before it is sealed (``generated``: whether it is) and after the
    register has followed, so that statement and grade are there together. Of more than ``MOST_WITH_A_STATEMENT``
    organisations the grades are due instead.
    """
    if len(subjects) > MOST_WITH_A_STATEMENT:
        return
    fresh, asked = grade_unsealed(subjects, law, days, last=last, item=item, generated=generated)
    with together():
        write_under_lock(fresh, asked)
        prepared(MOVE_ALONG, [last, bytes.fromhex(asked.basis), first, REGISTER])


# -- whatever is due -----------------------------------------------------------------------------------


def catch_up(law: Law, days: Days, told: Told | None = None, *, everyone: bool = True) -> Caught:
    """Grade anew whoever's grades are due: everyone where the basis is another, else those of whom something was
    stated since, and those whose day has come. Nobody else is looked at.

    Some at a time, each committed with the progress; killed at any point it goes on from there. Where everyone is
    due, or a pass over everyone was cut short, nothing is done unless ``everyone`` says so. Raises StoreError
    where the database fails.
    """
    with failures():
        done, total, caught = 0, _count_due(law, days, everyone=everyone), Caught()
        while some := _catch_some(law, days, everyone=everyone):
            reason, graded, changed = some
            reasons = dict(caught.reasons)
            reasons[reason] = reasons.get(reason, 0) + graded
            caught = Caught(caught.organisations + graded, caught.changed + changed, tuple(reasons.items()))
            done += graded
            if told:
                told(done, max(done, total))
        return replace(caught, reasons=tuple((reason, n) for reason, n in caught.reasons if n))


def _catch_some(law: Law, days: Days, *, everyone: bool) -> tuple[Reason, int, int] | None:
    """One step, committed: why, how many were graded, how many grades changed; None if nothing is due."""
    with transaction.atomic(durable=True):
        _one("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        asked, progress = ask(law, days), _progress()
        if not (everyone or _has_passed(progress, asked)):
            return None
        if progress is None or progress.basis != asked.basis:
            # Everyone will be graded with what is known from here on.
            progress = _Progress(asked.position.number, asked.basis, -1)
        found = _due(progress, asked)
        if found is None:
            return None
        reason, some, progress = found
        changed = 0
        if some:
            before, fresh = stored([ordinal for ordinal, _ in some]), grade_anew(some, asked)
            changed = sum(_changed(before.get(each.organisation), each) for each in fresh)
            write(fresh, asked)
        _move(progress)
        return reason, len(some), changed


def _due(progress: _Progress, asked: Asked) -> tuple[Reason, Organisations, _Progress] | None:
    """The next organisations that are due, and the progress once they are done."""
    if progress.organisation is not None:
        some = _everyone(progress.organisation)
        reached = some[-1][0] if len(some) == AT_ONCE else None
        return Reason.BASIS, some, replace(progress, organisation=reached)
    if progress.position < asked.position.number:
        last = _one(
            "SELECT max(position) FROM (SELECT position FROM ledger_statement"
            " WHERE position > %s AND position <= %s ORDER BY position LIMIT %s) s",
            [progress.position, asked.position.number, STATEMENTS_AT_ONCE],
        )
        some = _rows(
            "SELECT o.ordinal, o.subject FROM dossier_organisation o JOIN (SELECT subject, max(position) AS last"
            "   FROM ledger_statement WHERE position > %s AND position <= %s GROUP BY subject) s USING (subject)"
            " LEFT JOIN scoring_kept k ON k.organisation = o.ordinal"
            " WHERE k.organisation IS NULL OR k.position < s.last OR k.basis <> %s ORDER BY o.ordinal",
            [progress.position, last, bytes.fromhex(asked.basis)],
        )
        return Reason.STATED, some, replace(progress, position=last or asked.position.number)
    some = _rows(
        "SELECT k.organisation, o.subject FROM scoring_kept k"
        " JOIN dossier_organisation o ON o.ordinal = k.organisation"
        " WHERE NOT k.fixed AND k.changes_on <= %s ORDER BY k.changes_on, k.organisation LIMIT %s",
        [asked.days.today, AT_ONCE],
    )
    return (Reason.TIME, some, progress) if some else None


def _has_passed(progress: _Progress | None, asked: Asked) -> bool:
    """Whether everyone has been graded under this basis."""
    return progress is not None and progress.basis == asked.basis and progress.organisation is None


def _changed(before: Stored | None, fresh: Kept) -> int:
    """How many grades differ from what was kept."""
    earlier, now = (
        {grade.card: (grade.total, grade.grade) for grade in (kept.grades if kept else ())}
        for kept in (before and before.kept, fresh)
    )
    return sum(earlier.get(card) != now.get(card) for card in earlier | now)


def _count_due(law: Law, days: Days, *, everyone: bool) -> int:
    """How many organisations are due, roughly: whoever is named twice counts twice."""
    progress, asked = _progress(), ask(law, days)
    if not (everyone or _has_passed(progress, asked)):
        return 0
    if progress is None or progress.basis != asked.basis:
        return int(_one("SELECT count(*) FROM dossier_organisation", []))
    ahead = 0
    if progress.organisation is not None:
        ahead = _one("SELECT count(*) FROM dossier_organisation WHERE ordinal > %s", [progress.organisation])
    return int(
        ahead
        + _one("SELECT count(DISTINCT subject) FROM ledger_statement WHERE position > %s", [progress.position])
        + _one("SELECT count(*) FROM scoring_kept WHERE NOT fixed AND changes_on <= %s", [days.today])
    )


def _everyone(after: int) -> Organisations:
    return _rows(
        "SELECT ordinal, subject FROM dossier_organisation WHERE ordinal > %s ORDER BY ordinal LIMIT %s",
        [after, AT_ONCE],
    )


def _progress() -> _Progress | None:
    found = _rows("SELECT position, basis, organisation FROM scoring_progress", [])
    return _Progress(found[0][0], bytes(found[0][1]).hex(), found[0][2]) if found else None


def _move(progress: _Progress) -> None:
    """Remember the progress. A statement that was graded meanwhile may have moved it along: it never goes back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO scoring_progress AS p (id, position, basis, organisation) VALUES (1, %s, %s, %s)"
            " ON CONFLICT (id) DO UPDATE SET position = greatest(p.position, excluded.position),"
            " basis = excluded.basis, organisation = excluded.organisation",
            [progress.position, bytes.fromhex(progress.basis), progress.organisation],
        )


def _one(sql: str, parameters: Sequence[Any]) -> Any:
    return _rows(sql, parameters)[0][0]


def _rows(sql: str, parameters: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()  # type: ignore[no-any-return]


# -- looked up and checked -----------------------------------------------------------------------------


def kept(subject: str, law: Law, days: Days) -> Kept | None:
    """The kept grades of ``subject``; None where there are none, or where they may have changed since."""
    organisation = ordinal_of(subject)
    if organisation is None:
        return None
    found = stored([organisation])[organisation]
    return found.kept if found.holds(ask(law, days)) else None


def kept_differences(law: Law, days: Days) -> Iterator[str]:
    """Where grades that hold differ from those made anew, and where grades that do not hold would stay so."""
    asked, progress, after = ask(law, days), _progress(), -1
    while some := _everyone(after):
        found = stored([ordinal for ordinal, _ in some])
        holding = [(ordinal, subject) for ordinal, subject in some if found[ordinal].holds(asked)]
        fresh = {each.organisation: each for each in grade_anew(holding, asked)}
        for ordinal, subject in some:
            if ordinal in fresh:
                was, anew = found[ordinal].kept, fresh[ordinal]
                if was and was.grades != anew.grades:
                    yield f"the kept grades of {subject} ({_told(was)}) are not those made anew ({_told(anew)})"
            elif progress and not _will_be_found(ordinal, found[ordinal], progress, asked):
                yield f"the kept grades of {subject} are due, and nothing would find them"
        after = some[-1][0]


def _will_be_found(ordinal: int, stored: Stored, progress: _Progress, asked: Asked) -> bool:
    """Whether :func:`catch_up` would come to grades that do not hold."""
    if progress.basis != asked.basis or stored.stated > progress.position:
        return True
    if progress.organisation is not None and ordinal > progress.organisation:
        return True
    kept = stored.kept
    if kept is None or kept.position < stored.stated or stored.basis != asked.basis:
        return False
    if kept.as_of > asked.days.of(kept.subject):
        return True  # of a day that has yet to come again, where the clock was set back
    return not asked.days.stands_still(kept.subject)


def _told(kept: Kept) -> str:
    return ", ".join(f"{each.card} {each.total} {each.grade}" for each in kept.grades) or "none"
