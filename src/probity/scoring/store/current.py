"""Everyone's grades as they are kept: made from the ledger, written, and read while they hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache

from django.db import connection

from probity.clock import AsOf
from probity.dossier import fold, ordinals_later
from probity.errors import NotRegisteredError
from probity.ledger import (
    Position,
    Statement,
    delivered,
    delivered_later,
    head,
    prepared,
    statements,
    statements_later,
    together,
)
from probity.rulebook import Law, OrganisationKind, Scorecard
from probity.scoring.basis import Days, basis
from probity.scoring.changes import Readers, changes_on, comes, readers_of
from probity.scoring.facts import facts
from probity.scoring.inputs import order, sources
from probity.scoring.many import File, Result, compiled, grade
from probity.scoring.model import Evaluation, NoGrade
from probity.scoring.reference import applies, evaluate
from probity.scoring.tables import CompiledCard

FEW = 8
"""So many organisations are graded sooner one by one than with tables that may have to be made first."""

_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class KeptGrade:
    """One card's result: the first day of its version, total in milli-points and grade (None: none)."""

    card: str
    version: date
    total: int | None
    grade: str | None


@dataclass(frozen=True, slots=True)
class Kept:
    """The grades of one organisation (its ordinal and subject) by every card that applies, in order of their ids.

    They are those of ``as_of``, with everything stated up to ``position``; if nothing more is stated, they stay
    so until ``changes_on`` (None: for ever).
    """

    organisation: int
    subject: str
    as_of: date
    position: int
    changes_on: date | None
    grades: tuple[KeptGrade, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Under what to grade: the law, the days, the place in the ledger, what was delivered by then; their hash."""

    law: Law
    days: Days
    position: Position
    delivered: frozenset[str]
    basis: str


def ask(law: Law, days: Days) -> Asked:
    """Everything known now."""
    position = head()
    known = delivered(position, _sources(law))
    return Asked(law, days, position, known, basis(law, days, known))


# -- made ----------------------------------------------------------------------------------------------


def grade_anew(organisations: Sequence[tuple[int, str]], asked: Asked) -> list[Kept]:
    """The grades of organisations (ordinal, subject) as they should be kept."""
    said = statements([subject for _, subject in organisations], upto=asked.position.number)
    return _graded(organisations, said, asked)


def grade_unsealed(
    subjects: Collection[str], law: Law, days: Days, *, last: int, item: str, generated: bool
) -> tuple[list[Kept], Asked]:
    """The same, of those of ``subjects`` who are in the register, with the batch that this transaction is writing
    (up to position ``last``, all of ``item``; ``generated``: whether it is). Under the lock of the ledger.
    """
    with together():  # all that has to be known is asked for in one round trip
        organisations = ordinals_later(subjects)
        came = delivered_later(_EVER, _sources(law))
        said = statements_later(sorted(subjects), upto=last, unsealed=generated)
    known = frozenset(came) | {item}
    asked = Asked(law, days, Position(last, datetime.now(UTC)), known, basis(law, days, known))
    return _graded(list(organisations), said, asked), asked


def _graded(organisations: Sequence[tuple[int, str]], said: Iterable[Statement], asked: Asked) -> list[Kept]:
    stated: dict[str, list[Statement]] = {subject: [] for _, subject in organisations}
    for each in said:
        if each.subject in stated:
            stated[each.subject].append(each)
    by_day: dict[date, list[tuple[int, str]]] = {}
    for organisation in organisations:
        by_day.setdefault(asked.days.of(organisation[1]), []).append(organisation)
    found: list[Kept] = []
    for day, some in by_day.items():
        found += _on(day, some, stated, asked)
    return found


def _on(
    day: date, some: Sequence[tuple[int, str]], stated: Mapping[str, Sequence[Statement]], asked: Asked
) -> Iterator[Kept]:
    files = [_file(subject, stated[subject], day, asked) for _, subject in some]
    known = [file for file in files if file is not None]
    results = iter(_results(known, day, asked))
    for (ordinal, subject), file in zip(some, files, strict=True):
        ahead = [each.valid_from for each in stated[subject] if each.valid_from > day]
        grades: tuple[KeptGrade, ...] = ()
        if file is not None:
            said = next(results)
            ahead += _turns(file, said, day, asked)
            live = {readers.card.card: readers.card for readers in _live(asked.law, day)}
            grades = tuple(
                KeptGrade(card, live[card].in_force.from_, each.evaluation.total, each.evaluation.grade)
                for card, each in sorted(said.items())
            )
        yield Kept(ordinal, subject, day, asked.position.number, min(ahead, default=None), grades)


def _file(subject: str, stated: Sequence[Statement], day: date, asked: Asked) -> File | None:
    """What cards read of the organisation; None where it is not registered on that day."""
    as_of = AsOf(day, asked.position.known_at)
    try:
        dossier = fold(subject, stated, as_of=as_of, position=asked.position, law=asked.law)
    except NotRegisteredError:
        return None
    return File(dossier.kind, dossier.scheme, facts(dossier))


def _results(files: Sequence[File], day: date, asked: Asked) -> Iterable[Mapping[str, Result]]:
    if len(files) > FEW:
        return grade(_tables(asked.law, day), files, asked.delivered)
    return [_one_by_one(file, day, asked) for file in files]


def _one_by_one(file: File, day: date, asked: Asked) -> Mapping[str, Result]:
    found: dict[str, Result] = {}
    for readers in _live(asked.law, day):
        if applies(readers.card, file.kind, file.scheme):
            inputs = _inputs(readers, found)
            mine = [fact for fact in file.facts if fact.item in readers.by_source]
            result = evaluate(readers.card, mine, day, asked.delivered, inputs)
            found[readers.card.card] = Result(result, [line.points for line in result.lines])
    return found


def _inputs(readers: Readers, said: Mapping[str, Result]) -> list[Evaluation]:
    return [said[card].evaluation for card in readers.inputs if card in said]


def _turns(file: File, said: Mapping[str, Result], day: date, asked: Asked) -> Iterator[date]:
    """The days ahead on which these results can be others."""
    found = [_versions_turn(asked.law, file.kind, file.scheme, day)]
    for readers in _live(asked.law, day):
        each = said.get(readers.card.card)
        # What is too little known stays so until more is delivered.
        if each and each.evaluation.no_grade is not NoGrade.TOO_LITTLE_KNOWN:
            inputs = _inputs(readers, said)
            found.append(changes_on(readers, file.facts, day, asked.delivered, inputs, points=each.points))
    yield from (turn for turn in found if turn is not None)


@lru_cache(maxsize=8)
def _sources(law: Law) -> frozenset[str]:
    return sources(law.cards)


@lru_cache(maxsize=64)
def _live(law: Law, day: date) -> tuple[Readers, ...]:
    """The cards in force, each after those that it reads."""
    found: dict[str, Scorecard] = {}
    for card in law.cards:
        if card.in_force.covers(day):
            found |= {each.card: each for each in order(card, law, day) if each.card not in found}
    return tuple(readers_of(card) for card in found.values())


@lru_cache(maxsize=4)
def _tables(law: Law, day: date) -> tuple[CompiledCard, ...]:
    return compiled([readers.card for readers in _live(law, day)], day)


@lru_cache(maxsize=1024)
def _versions_turn(law: Law, kind: OrganisationKind, scheme: str, day: date) -> date | None:
    return comes((card for card in law.cards if applies(card, kind, scheme)), day)


# -- written -------------------------------------------------------------------------------------------

# Each statement sees what was committed before it: the first waits for whoever writes the same organisations, and
# lets those stay that know more of the ledger. The others follow for those that are now as written here.
WRITE = """
INSERT INTO scoring_kept (organisation, as_of, position, basis, changes_on, fixed)
SELECT u.organisation, u.as_of, %(position)s, %(basis)s, u.changes_on, u.fixed
  FROM unnest(%(organisations)s::int[], %(as_of)s::date[], %(changes_on)s::date[], %(fixed)s::boolean[])
       AS u (organisation, as_of, changes_on, fixed)
 ORDER BY 1
    ON CONFLICT (organisation) DO UPDATE
   SET as_of = excluded.as_of, position = excluded.position, basis = excluded.basis,
       changes_on = excluded.changes_on, fixed = excluded.fixed
 WHERE scoring_kept.position <= excluded.position;
DELETE FROM scoring_kept_grade g USING scoring_kept k
 WHERE g.organisation = ANY(%(organisations)s::int[]) AND k.organisation = g.organisation
   AND k.position = %(position)s
   AND NOT EXISTS (SELECT FROM unnest(%(of)s::int[], %(cards)s::text[]) AS u (organisation, card)
                    WHERE (u.organisation, u.card) = (g.organisation, g.card));
INSERT INTO scoring_kept_grade (organisation, card, version, total, grade)
SELECT u.organisation, u.card, u.version, u.total, u.grade
  FROM unnest(%(of)s::int[], %(cards)s::text[], %(versions)s::date[], %(totals)s::bigint[], %(grades)s::text[])
       AS u (organisation, card, version, total, grade)
  JOIN scoring_kept k ON k.organisation = u.organisation AND k.position = %(position)s
    ON CONFLICT (organisation, card) DO UPDATE
   SET version = excluded.version, total = excluded.total, grade = excluded.grade
 WHERE (scoring_kept_grade.version, scoring_kept_grade.total, scoring_kept_grade.grade)
       IS DISTINCT FROM (excluded.version, excluded.total, excluded.grade);
"""


def write(fresh: Sequence[Kept], asked: Asked) -> None:
    """Keep these grades, in this transaction; where others know more of the ledger already, theirs stay."""
    of = [(each.organisation, grade) for each in fresh for grade in each.grades]
    with connection.cursor() as cursor:
        cursor.execute(
            WRITE,
            {
                "position": asked.position.number,
                "basis": bytes.fromhex(asked.basis),
                "organisations": [each.organisation for each in fresh],
                "as_of": [each.as_of for each in fresh],
                "changes_on": [each.changes_on for each in fresh],
                "fixed": [asked.days.stands_still(each.subject) for each in fresh],
                "of": [organisation for organisation, _ in of],
                "cards": [grade.card for _, grade in of],
                "versions": [grade.version for _, grade in of],
                "totals": [grade.total for _, grade in of],
                "grades": [grade.grade for _, grade in of],
            },
        )


# For one organisation, by whoever knows most of the ledger. Two commands, as above: once the first has waited for
# whoever writes the same organisation, the second sees what they wrote.
WRITE_ONE = """
INSERT INTO scoring_kept (organisation, as_of, position, basis, changes_on, fixed) VALUES (%s, %s, %s, %s, %s, %s)
    ON CONFLICT (organisation) DO UPDATE
   SET as_of = excluded.as_of, position = excluded.position, basis = excluded.basis,
       changes_on = excluded.changes_on, fixed = excluded.fixed
"""
WRITE_GRADES = """
WITH others AS (
    DELETE FROM scoring_kept_grade WHERE organisation = %(organisation)s AND card <> ALL(%(cards)s::text[])
)
INSERT INTO scoring_kept_grade (organisation, card, version, total, grade)
SELECT %(organisation)s, u.card, u.version, u.total, u.grade
  FROM unnest(%(cards)s::text[], %(versions)s::date[], %(totals)s::bigint[], %(grades)s::text[])
       AS u (card, version, total, grade)
    ON CONFLICT (organisation, card) DO UPDATE
   SET version = excluded.version, total = excluded.total, grade = excluded.grade
 WHERE (scoring_kept_grade.version, scoring_kept_grade.total, scoring_kept_grade.grade)
       IS DISTINCT FROM (excluded.version, excluded.total, excluded.grade)
"""


def write_under_lock(fresh: Sequence[Kept], asked: Asked) -> None:
    """Keep the grades of a few organisations. The caller holds the lock of the ledger: nobody knows more of it."""
    for each in fresh:
        fixed, basis = asked.days.stands_still(each.subject), bytes.fromhex(asked.basis)
        prepared(WRITE_ONE, [each.organisation, each.as_of, each.position, basis, each.changes_on, fixed])
        grades = {
            "organisation": each.organisation,
            "cards": [grade.card for grade in each.grades],
            "versions": [grade.version for grade in each.grades],
            "totals": [grade.total for grade in each.grades],
            "grades": [grade.grade for grade in each.grades],
        }
        prepared(WRITE_GRADES, grades)


# -- read ----------------------------------------------------------------------------------------------

SELECT = """
SELECT o.ordinal, o.subject, k.as_of, k.position, k.basis, k.changes_on, g.card, g.version, g.total, g.grade,
       (SELECT coalesce(max(s.position), 0) FROM ledger_statement s WHERE s.subject = o.subject)
  FROM dossier_organisation o LEFT JOIN scoring_kept k ON k.organisation = o.ordinal
       LEFT JOIN scoring_kept_grade g ON g.organisation = k.organisation
 WHERE o.ordinal = ANY(%s) ORDER BY o.ordinal, g.card
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored for an organisation (None: nothing), the hash of its basis, and the place of the last
    statement about it."""

    kept: Kept | None
    basis: str
    stated: int

    def holds(self, asked: Asked) -> bool:
        """Whether the grades are those of today: a grade that may have changed is none."""
        kept = self.kept
        if kept is None or self.basis != asked.basis or kept.position < self.stated:
            return False
        day = asked.days.of(kept.subject)
        return kept.as_of <= day and (kept.changes_on is None or day < kept.changes_on)


def stored(ordinals: Sequence[int]) -> dict[int, Stored]:
    """What is stored for these organisations, by their ordinals."""
    found: dict[int, Stored] = {}
    with connection.cursor() as cursor:
        cursor.execute(SELECT, [list(ordinals)])
        for ordinal, subject, as_of, position, basis_, turn, *of, stated in cursor.fetchall():
            if as_of is None:
                found[ordinal] = Stored(None, "", stated)
                continue
            earlier = found[ordinal].kept if ordinal in found else None
            grades = (*(earlier.grades if earlier else ()), *([KeptGrade(*of)] if of[0] is not None else ()))
            kept = Kept(ordinal, subject, as_of, position, turn, grades)
            found[ordinal] = Stored(kept, bytes(basis_).hex(), stated)
    return found
