"""The grade on days gone by: as known at the end of each day, and the same computed with what is known now.

Where the two differ, something was stated later (a correction, a withdrawal, a repair, a record that came late),
and those statements are named.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice, pairwise

from probity.canon import Plain
from probity.clock import AsOf
from probity.dossier import GENERATED, Dossier, fold
from probity.errors import NotFoundError, NotRegisteredError
from probity.ledger import Act, Position, Statement
from probity.rulebook import Effect, Law, Scorecard, Text
from probity.scoring.facts import facts
from probity.scoring.inputs import evaluate_with_inputs, order, sources
from probity.scoring.model import NoGrade
from probity.scoring.outlook import hints
from probity.scoring.outlook.course import course
from probity.scoring.outlook.hints import Lateness
from probity.scoring.outlook.reading import read
from probity.scoring.reference import applies
from probity.scoring.sentences import fill

POINTS = 400
"""Days that are told at most."""
WORK, LEAST = 10_000, 20
"""The file is read anew on as many days as make, times its statements, ``WORK``; but on ``LEAST`` in any case. A
history that needs more begins later."""
LATER = 10
"""Statements that are named at most for one day."""


class Gap(StrEnum):
    """Why a card says nothing of a day, besides what ``NoGrade`` says."""

    NOT_REGISTERED = "not-registered"
    NOT_IN_FORCE = "not-in-force"
    OTHER_KIND = "other-kind"


@dataclass(frozen=True, slots=True)
class Graded:
    """What the card said: ``total`` in milli-points, the grade, and ``why`` where there is none."""

    total: int | None
    grade: str | None
    why: NoGrade | Gap | None = None

    def as_json(self) -> dict[str, Plain]:
        """Plain JSON."""
        return {"total": self.total, "grade": self.grade, "why": self.why.value if self.why else None}


@dataclass(frozen=True, slots=True)
class Later:
    """A statement that was recorded after the day and speaks of it. ``record`` is the id of the record meant."""

    statement: str
    record: str
    item: str
    valid_from: date
    recorded_at: datetime
    kind: Lateness

    def as_json(self) -> dict[str, Plain]:
        """Plain JSON."""
        return {
            "statement": self.statement,
            "record": self.record,
            "item": self.item,
            "valid_from": self.valid_from.isoformat(),
            "recorded_at": self.recorded_at.isoformat(),
            "kind": self.kind.value,
        }


@dataclass(frozen=True, slots=True)
class Point:
    """From ``day`` on, up to the next point: ``then`` as known at the end of the day (UTC), ``now`` as known now.

    ``later`` names the statements that may have made the difference (the registration alone where the organisation
    was not registered yet), ``delivered_later`` the items whose source delivered for the first time after the day;
    both are empty where there is no difference.
    """

    day: date
    then: Graded
    now: Graded
    later: tuple[Later, ...]
    delivered_later: tuple[str, ...]
    closed_later: int = 0
    """Statements that are left out because their record is not open to whoever asks."""

    def as_json(self) -> dict[str, Plain]:
        """Plain JSON."""
        return {
            "day": self.day.isoformat(),
            "then": self.then.as_json(),
            "now": self.now.as_json(),
            "later": [each.as_json() for each in self.later],
            "delivered_later": list(self.delivered_later),
            "closed_later": self.closed_later,
        }


@dataclass(frozen=True, slots=True)
class History:
    """From ``first`` to ``last``, a point for every day on which either changes.

    ``complete`` is False where it begins later than was asked because there was too much to read, and where there
    were more points than ``POINTS``: some are left out, those on which a grade changes last. ``known_at`` is the
    moment that "now" means, where the caller said so; ``generated``: some of what was stated was made up.
    """

    card: str
    first: date
    last: date
    points: tuple[Point, ...]
    complete: bool
    known_at: datetime | None = None
    generated: bool = False

    def as_json(self) -> dict[str, Plain]:
        """Plain JSON: totals in milli-points; each point holds until the next."""
        return {
            **({"notice": GENERATED} if self.generated else {}),
            "card": self.card,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "known_at": self.known_at.isoformat() if self.known_at else None,
            "complete": self.complete,
            "points": [each.as_json() for each in self.points],
        }


Steps = list[tuple[date, Graded]]


def history(
    subject: str,
    statements: Sequence[Statement],
    delivered: Mapping[str, datetime],
    law: Law,
    card: str,
    *,
    first: date,
    last: date,
    known_at: datetime | None = None,
) -> History:
    """The grades of ``subject`` by all versions of ``card``.

    ``statements`` are all about the subject that are known (at ``known_at``, for the answer to name), oldest
    first; ``delivered`` tells when each item that the card needs was first delivered (see :func:`needed`). Raises
    NotFoundError for an unknown card.
    """
    law.card(card)
    asked = _Asked(subject, statements, {item: _day(at) for item, at in delivered.items()}, law, card, first, last)
    then, now = asked.steps(then=True), asked.steps(then=False)
    days = sorted({day for day, _ in (*then, *now)})
    kept = _kept(days, then, now)
    points = tuple(asked.point(day, _at(then, day), _at(now, day)) for day in kept)
    complete, generated = len(kept) == len(days) and asked.complete, any(each.generated for each in statements)
    return History(card, asked.first, last, points, complete, known_at, generated)


def said_later(later: Later) -> Text:
    """What a later statement did, as a sentence."""
    return fill(hints.LATER[later.kind], day=later.valid_from, recorded=_day(later.recorded_at))


def needed(law: Law, card: str) -> frozenset[str]:
    """The items whose delivery decides what any version of the card knows, inputs included. NotFoundError."""
    law.card(card)
    return sources(_behind(law, card))


def _behind(law: Law, card: str) -> list[Scorecard]:
    """Every version of the card and of all cards behind it."""
    names, found = [card], []
    for name in names:
        versions = [each for each in law.cards if each.card == name]
        found += versions
        names += [each for version in versions for each in version.inputs if each not in names]
    return found


@dataclass
class _Asked:
    subject: str
    statements: Sequence[Statement]
    delivered: Mapping[str, date]
    law: Law
    card: str
    first: date
    last: date
    complete: bool = True

    def __post_init__(self) -> None:
        self.by_id = {each.id: each for each in self.statements}
        self.behind = _behind(self.law, self.card)
        read = [reads for card in self.behind for each in card.indicators for reads in each.reads]
        read += [reads for card in self.behind for gate in card.gates for reads in gate.reads]
        read += [card.occasion for card in self.behind if card.occasion]
        self.looked_at = {reads.source for reads in read}
        self.statements = [each for each in self.statements if self._matters(each)]
        self.later = [self._later(each) for each in self.statements]
        starts, most = self._breaks(then=True), max(LEAST, WORK // max(len(self.statements), 1))
        if len(starts) > most:
            self.first, self.complete = starts[-most], False

    # -- the two lines --------------------------------------------------------------------------------

    def steps(self, *, then: bool) -> Steps:
        """What the card says from each day on which it says something else."""
        found: Steps = []
        starts = self._breaks(then)
        for a, b in zip(starts, [*(day - timedelta(days=1) for day in starts[1:]), self.last], strict=True):
            known = [each for each in self.statements if not then or _day(each.recorded_at) <= a]
            heard = {item for item, day in self.delivered.items() if not then or day <= a}
            for day, graded in self._spell(a, b, known, heard):
                if not found or found[-1][1] != graded:
                    found.append((day, graded))
        return found

    def _breaks(self, then: bool) -> list[date]:
        """Days from which the file is another, apart from records that begin and age by themselves."""
        marks = {s.valid_from for s in self.statements if self._effect(s) not in (Effect.NONE, Effect.RELATES)}
        versions = {card.in_force.from_ for card in self.behind}
        ends = {card.in_force.to for card in self.behind if card.in_force.to and card.in_force.to < self.last}
        versions |= {day + timedelta(days=1) for day in ends}
        known = (
            {_day(each.recorded_at) for each in self.statements} | set(self.delivered.values()) if then else set()
        )
        return sorted({self.first, *(day for day in known | marks | versions if self.first < day <= self.last)})

    def _effect(self, statement: Statement) -> Effect:
        return self.law.item(statement.item, statement.valid_from).effect

    def _spell(
        self, a: date, b: date, known: Sequence[Statement], delivered: Collection[str]
    ) -> Iterator[tuple[date, Graded]]:
        """The days from ``a`` to ``b``, on which nothing but time passes."""
        try:
            card = self.law.card(self.card, a)
        except NotFoundError:
            yield a, Graded(None, None, Gap.NOT_IN_FORCE)
            return
        try:
            file = self._file(known, b)
        except NotRegisteredError:
            yield a, Graded(None, None, Gap.NOT_REGISTERED)
            return
        if not applies(card, file.kind, file.scheme):
            yield a, Graded(None, None, Gap.OTHER_KIND)
        elif card.inputs:
            yield from self._over_inputs(card, file, a, b, delivered)
        else:
            walk = course(read(card, facts(file), delivered), a, (b - a).days + 1)
            for place in walk.changes():
                if why := walk.silent(place):
                    yield walk.day(place), Graded(None, None, why)
                    continue
                rank = int(walk.ranks[place])
                grade = card.bands[rank].grade if rank < len(card.bands) else None
                below = None if grade else NoGrade.BELOW_EVERY_BAND
                yield walk.day(place), Graded(int(walk.totals[place]), grade, below)

    def _over_inputs(
        self, card: Scorecard, file: Dossier, a: date, b: date, delivered: Collection[str]
    ) -> Iterator[tuple[date, Graded]]:
        """A card over other cards: evaluated on every day on which one of them, or itself, changes."""
        own, days = facts(file), {a}
        for each in order(card, self.law, a):
            walk = course(read(each, own, delivered), a, (b - a).days + 1)
            days |= {walk.day(place) for place in walk.changes()}
        asked = sorted(days)
        if len(asked) > POINTS:
            self.complete = False
            asked = _evenly(asked, POINTS)
        for day in asked:
            found = evaluate_with_inputs(card, self.law, own, day, delivered, file.kind, file.scheme).evaluation
            yield day, Graded(found.total, found.grade, found.no_grade)

    def _file(self, known: Sequence[Statement], day: date) -> Dossier:
        moment = datetime.combine(day, time.max, UTC)
        position = Position(known[-1].position if known else 0, moment)
        return fold(self.subject, known, as_of=AsOf(day, moment), position=position, law=self.law)

    # -- what made the difference ---------------------------------------------------------------------

    def point(self, day: date, then: Graded, now: Graded) -> Point:
        """The point of a day, with what was stated later where the two differ."""
        if then == now:
            return Point(day, then, now, (), ())
        unregistered = then.why is Gap.NOT_REGISTERED
        later = (
            each
            for since, each in self.later
            if since <= day < _day(each.recorded_at) and (not unregistered or each.kind is Lateness.REGISTRATION)
        )
        heard = () if unregistered else sorted(item for item, first in self.delivered.items() if first > day)
        return Point(day, then, now, tuple(islice(later, LATER)), tuple(heard))

    def _matters(self, statement: Statement) -> bool:
        """Whether it registers the organisation, or speaks of a record that the card looks at."""
        record = self._record(statement)
        return record is not None and (record.item in self.looked_at or self._effect(record) is Effect.REGISTERS)

    def _later(self, statement: Statement) -> tuple[date, Later]:
        """A statement that matters as one that may be named, after the first day of which it says anything."""
        record = self._record(statement) or statement
        told = Later(
            statement=statement.id,
            record=record.id,
            item=record.item,
            valid_from=statement.valid_from,
            recorded_at=statement.recorded_at,
            kind=self._kind(statement),
        )
        return self._since(statement), told

    def _record(self, statement: Statement) -> Statement | None:
        """The first statement of the record that a statement speaks of."""
        found: Statement | None = self._root(statement)
        if found is not None and self._effect(found) in _MARKS:
            about = self.by_id.get(found.target or "")
            found = self._root(about) if about else None
        return found

    def _since(self, statement: Statement) -> date:
        """The first day of which a statement, or what it puts right, says anything."""
        root = self._root(statement)
        return min(statement.valid_from, root.valid_from) if root else statement.valid_from

    def _root(self, statement: Statement) -> Statement | None:
        found: Statement | None = statement
        while found is not None and found.act is not Act.STATE:
            found = self.by_id.get(found.target or "")
        return found

    def _kind(self, statement: Statement) -> Lateness:
        if statement.act is not Act.STATE:
            return Lateness.CORRECTION if statement.act is Act.CORRECT else Lateness.WITHDRAWAL
        return _MARKS.get(self._effect(statement)) or (
            Lateness.REGISTRATION if self._effect(statement) is Effect.REGISTERS else Lateness.RECORD
        )


_MARKS = {
    Effect.CONTESTS: Lateness.OBJECTION,
    Effect.SETTLES: Lateness.SETTLEMENT,
    Effect.REPAIRS: Lateness.REPAIR,
}


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def _at(steps: Steps, day: date) -> Graded:
    """What was said on ``day``, which is none before the first step."""
    return next(graded for start, graded in reversed(steps) if start <= day)


def _kept(days: list[date], then: Steps, now: Steps) -> list[date]:
    """At most ``POINTS`` of the days: those on which a grade changes, and of the others some, evenly."""
    if len(days) <= POINTS:
        return days
    turns = {
        day
        for steps in (then, now)
        for (_, a), (day, b) in pairwise(steps)
        if (a.grade, a.why) != (b.grade, b.why)
    }
    turning = _evenly(sorted(turns | {days[0]}), POINTS)
    others = _evenly([day for day in days if day not in turns and day != days[0]], max(POINTS - len(turning), 0))
    return sorted({*turning, *others})[:POINTS]


def _evenly(days: list[date], number: int) -> list[date]:
    """So many of the days, the first among them."""
    return [days[n * len(days) // number] for n in range(number)] if len(days) > number else days
