"""Scoring runs: everyone graded at once, kept as one statement over a table of results.

A run can be replayed: the same card version, day, ledger position and rulebooks give the same results, and
the hash in the manifest shows it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import islice
from typing import Any

import orjson
from django.db import connection

from probity.canon import canonical, digest
from probity.dossier import GENERATED, Dossier, every_file
from probity.errors import NotFoundError
from probity.ledger import REGISTER, Draft, Position, Value, delivered, receive, resolve
from probity.rulebook import Law, Scorecard
from probity.scoring.facts import facts
from probity.scoring.inputs import order, sources
from probity.scoring.many import File, compiled, grade
from probity.scoring.reference import applies

AT_ONCE = 5_000
ITEM = "system.scoring-run"
ISSUER = "registry"

Progress = Callable[[int], None]
"""Is told how many organisations are done."""


@dataclass(frozen=True, slots=True)
class Graded:
    """One organisation's result: ``total`` in milli-points; total and grade are None where there is none."""

    ordinal: int
    subject: str
    total: int | None
    grade: str | None
    generated: bool


@dataclass(frozen=True, slots=True)
class Run:
    """A scoring run as it was recorded. ``statement`` is the id of its manifest in the ledger."""

    number: int
    statement: str
    card: str
    card_version: date
    true_on: date
    position: Position
    rulebook_hash: str
    inputs_hash: str
    results_hash: str
    organisations: int

    def manifest(self) -> dict[str, Value]:
        """What the statement says."""
        return {
            "card": self.card,
            "card_version": self.card_version.isoformat(),
            "true_on": self.true_on.isoformat(),
            "known_at": self.position.known_at.isoformat(),
            "position": self.position.number,
            "rulebook_hash": self.rulebook_hash,
            "inputs_hash": self.inputs_hash,
            "results_hash": self.results_hash,
            "organisations": self.organisations,
        }


class Grading:
    """A pass over everyone to whom a card applies; afterwards its two hashes can be read."""

    def __init__(self, card: Scorecard, law: Law, true_on: date, position: Position) -> None:
        cards = order(card, law, true_on)
        self._card = card
        self._tables = compiled(cards, true_on)
        self._files = every_file(law, true_on=true_on, position=position, schemes=card.schemes)
        self._known = delivered(position, sources(cards))
        self._inputs = sha256()
        self._results = sha256()
        self.organisations = 0

    def __iter__(self) -> Iterator[Graded]:
        """Every result, in the order of the register."""
        concerned = (
            (ordinal, file) for ordinal, file in self._files if applies(self._card, file.kind, file.scheme)
        )
        while some := list(islice(concerned, AT_ONCE)):
            for graded in self._grade(some):
                self.organisations += 1
                self._results.update(_line(graded))
                yield graded

    def _grade(self, some: Sequence[tuple[int, Dossier]]) -> Iterator[Graded]:
        read = [facts(file) for _, file in some]
        for (_, file), mine in zip(some, read, strict=True):
            self._inputs.update(file.subject.encode() + b"\n")
            for record, fact in zip(file.records, mine, strict=True):
                self._inputs.update(f"{record.statement} {fact.status}\n".encode())
        files = [File(file.kind, file.scheme, mine) for (_, file), mine in zip(some, read, strict=True)]
        for (ordinal, file), results in zip(some, grade(self._tables, files, self._known), strict=True):
            result = results[self._card.card].evaluation
            yield Graded(ordinal, file.subject, result.total, result.grade, file.generated)

    @property
    def inputs_hash(self) -> str:
        """SHA-256 over every subject and the statements and states that its grade was made of."""
        return self._inputs.hexdigest()

    @property
    def results_hash(self) -> str:
        """SHA-256 over every result as a line of canonical JSON."""
        return self._results.hexdigest()


def run(
    card_id: str, law: Law, *, true_on: date, known_at: datetime | None = None, progress: Progress | None = None
) -> Run:
    """Grade everyone to whom the card applies, and record the run. Raises NotFoundError for an unknown card."""
    position = resolve(known_at)
    card = law.card(card_id, true_on)
    grading = Grading(card, law, true_on, position)
    results, generated = [], False
    for graded in grading:
        results.append((graded.ordinal, graded.total, graded.grade))
        generated |= graded.generated
        if progress and len(results) % AT_ONCE == 0:
            progress(len(results))
    if progress:
        progress(len(results))
    made = Run(
        number=0,
        statement="",
        card=card_id,
        card_version=card.in_force.from_,
        true_on=true_on,
        position=position,
        rulebook_hash=law.hash,
        inputs_hash=grading.inputs_hash,
        results_hash=grading.results_hash,
        organisations=len(results),
    )
    return _record(made, results, generated=generated)


def _record(run: Run, results: list[tuple[int, int | None, str | None]], *, generated: bool) -> Run:
    """Append the manifest and the results in one transaction."""
    manifest = run.manifest()
    now = datetime.now(UTC).isoformat()
    draft = Draft(
        subject=REGISTER,
        item=ITEM,
        issuer=ISSUER,
        reference=f"{run.card} {run.true_on} {now}",
        valid_from=run.true_on,
        attributes=manifest,
    )
    batch = digest(canonical({"reference": draft.reference, "manifest": manifest}))
    with receive(
        batch, item=ITEM, issuer=ISSUER, source="scoring run", rulebook=run.rulebook_hash, generated=False
    ) as writer:
        (statement,) = writer.append([draft])
        writer.settle()
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO scoring_run (statement, card, card_from, true_on, position, results_hash)"
                " VALUES (%s, %s, %s, %s, %s, %s) RETURNING number",
                [
                    bytes.fromhex(statement),
                    run.card,
                    run.card_version,
                    run.true_on,
                    run.position.number,
                    bytes.fromhex(run.results_hash),
                ],
            )
            (number,) = cursor.fetchone()
        with (
            connection.connection.cursor() as cursor,
            cursor.copy("COPY scoring_result (run, organisation, total, grade) FROM STDIN") as copy,
        ):
            for result in results:
                copy.write_row((number, *result))
        grades = Counter(grade for _, _, grade in results)
        writer.finish(
            {
                "manifest": manifest,
                "grades": [[grade, n] for grade, n in grades.items()],
                "notice": GENERATED if generated else None,
            }
        )
    return replace(run, number=number, statement=statement)


def latest(card_id: str, version: date) -> Run:
    """The latest run of a card's version (its first day in force). Raises NotFoundError if there is none."""
    found = _runs("WHERE r.card = %s AND r.card_from = %s ORDER BY r.number DESC LIMIT 1", [card_id, version])
    if not found:
        raise NotFoundError(
            f"no scoring run of {card_id} is recorded",
            remedy=f"Make one: probity score --card {card_id} --as-of DAY",
        )
    return found[0]


def runs() -> list[Run]:
    """Every run, oldest first."""
    return _runs("ORDER BY r.number", [])


def _runs(where: str, parameters: Sequence[Any]) -> list[Run]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.number, s.id, s.attributes FROM scoring_run r JOIN ledger_statement s ON s.id = r.statement "
            + where,
            parameters,
        )
        rows = cursor.fetchall()
    return [_run(number, bytes(id_).hex(), orjson.loads(said)) for number, id_, said in rows]


def _run(number: int, statement: str, said: dict[str, Any]) -> Run:
    return Run(
        number=number,
        statement=statement,
        card=said["card"],
        card_version=date.fromisoformat(said["card_version"]),
        true_on=date.fromisoformat(said["true_on"]),
        position=Position(said["position"], datetime.fromisoformat(said["known_at"])),
        rulebook_hash=said["rulebook_hash"],
        inputs_hash=said["inputs_hash"],
        results_hash=said["results_hash"],
        organisations=said["organisations"],
    )


def results(run: Run) -> Iterator[Graded]:
    """The results of a run, in the order of the register."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            "SELECT r.organisation, o.subject, r.total, r.grade, o.generated FROM scoring_result r"
            " JOIN dossier_organisation o ON o.ordinal = r.organisation WHERE r.run = %s ORDER BY r.organisation",
            [run.number],
        )
        while rows := cursor.fetchmany(AT_ONCE):
            yield from (Graded(*row) for row in rows)


def notice(run: Run) -> str | None:
    """What to say beside the results: that some of those graded were made up."""
    return _receipt(run)["notice"]  # type: ignore[no-any-return]


def distribution(run: Run) -> dict[str | None, int]:
    """How many organisations have each grade (None: no grade), as its receipt says."""
    return dict(_receipt(run)["grades"])


def _receipt(run: Run) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b.receipt FROM ledger_statement s JOIN ledger_batch b ON b.number = s.batch WHERE s.id = %s",
            [bytes.fromhex(run.statement)],
        )
        return orjson.loads(cursor.fetchone()[0])  # type: ignore[no-any-return]


def differences(run: Run, law: Law) -> list[str]:
    """Where a recorded run differs from itself replayed, and from its manifest; empty if all is well.

    A run under other rulebooks cannot be replayed with these; its table is still held against its hash.
    """
    name = f"scoring run {run.number} ({run.card}, {run.true_on})"
    found = []
    if results_hash(results(run)) != run.results_hash:
        found.append(f"{name}: the table of results is not the one of its manifest")
    if run.rulebook_hash == law.hash:
        card = law.card(run.card, run.true_on)
        replay = Grading(card, law, run.true_on, run.position)
        replayed = results_hash(replay)
        if (replay.inputs_hash, replayed) != (run.inputs_hash, run.results_hash):
            found.append(f"{name}: the replay gives other results")
    return found


def results_hash(graded: Iterable[Graded]) -> str:
    """SHA-256 over every result as a line of canonical JSON."""
    whole = sha256()
    for each in graded:
        whole.update(_line(each))
    return whole.hexdigest()


def _line(graded: Graded) -> bytes:
    return canonical({"subject": graded.subject, "total": graded.total, "grade": graded.grade}) + b"\n"
