"""Take a file in: one batch, all or nothing, its quarantine included."""

from __future__ import annotations

import gc
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol

from probity import dossier
from probity.canon import canonical, digest
from probity.errors import IntakeError
from probity.intake import store
from probity.intake.ahead import ahead
from probity.intake.block import Block
from probity.intake.examine import Examined, examine
from probity.intake.model import Fault, Progress, Reason, Receipt, Refused
from probity.intake.plan import Plan
from probity.intake.source import look_at, open_source
from probity.ledger import AlreadyReceived, Chunk, Statement, Writer, receive
from probity.rulebook import Law, Mapping

HELD = 2_000
"""Refused rows kept in memory before they are written."""


class Follows(Protocol):
    """What keeps something in step with the ledger: told of a batch in its transaction, before it is sealed."""

    def __call__(self, first: int, law: Law, *, generated: bool, item: str) -> None:
        """Follow the statements from position ``first`` on, all of ``item``."""


_follow: list[Follows] = [dossier.follow]


def followed_by(follow: Follows) -> None:
    """Let a room above keep step with what files bring, from now on."""
    if follow not in _follow:
        _follow.append(follow)


def take_in(
    path: Path,
    mapping: Mapping,
    law: Law,
    *,
    today: date,
    encoding: str | None = None,
    generated: bool = False,
    progress: Progress | None = None,
) -> Receipt:
    """Take the file at ``path`` in, as ``mapping`` says.

    One transaction: its statements, its quarantine and its receipt are there together or not at all, so a
    file whose intake was interrupted can be taken in again. The same content under the same version of the
    mapping is one batch: the second time nothing changes, and the first receipt comes back, marked ``again``.

    ``encoding`` (utf-8, gb18030, detect) goes before what the mapping says. ``generated`` marks data that was
    made up. Raises IntakeError (the file as a whole is wrong), RulebookError (the mapping cannot be carried
    out), StoreError (the database failed); nothing is written then.
    """
    begun = time.monotonic()
    plan = Plan(mapping, law, today)
    before = _stamp(path)
    found = look_at(path, encoding or mapping.encoding)
    batch = batch_hash(mapping, found.sha256)
    try:
        with (
            _seldom_collected(),
            receive(
                batch,
                item=mapping.item,
                issuer=mapping.agency,
                source=path.name,
                rulebook=law.hash,
                generated=generated,
            ) as writer,
        ):
            source = open_source(path, found, plan.needed, plan.required)
            tally = Tally(writer, plan, path.name, generated)
            take_blocks(
                source.blocks(), plan, tally, lambda done: progress and progress(done, found.size, tally.rows)
            )
            if _stamp(path) != before:
                raise IntakeError(
                    "the file changed while it was read", where=str(path), remedy="Take it in again."
                )
            receipt = tally.receipt(
                file=path.name,
                sha256=found.sha256,
                encoding=found.encoding,
                unused=plan.unused(source.columns),
                begun=begun,
            )
            return seal(writer, receipt, law)
    except AlreadyReceived as again:
        return Receipt.of(again.receipt, again=True)


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Rows make many objects and no cycles; looking for cycles among them takes a quarter of the time."""
    before = gc.get_threshold()
    gc.set_threshold(500_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _stamp(path: Path) -> tuple[int, int] | None:
    """What changes when the file does; None where there is none, which reading reports."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def batch_hash(mapping: Mapping, content: str) -> str:
    """The hash that makes a batch one: the mapping, its version, and the content."""
    return digest(canonical([mapping.mapping, mapping.in_force.from_.isoformat(), content]))


@dataclass
class Tally:
    """What became of the rows of a batch so far; writes refused ones to quarantine as it goes."""

    writer: Writer
    plan: Plan
    source: str
    generated: bool
    rows: int = 0
    accepted: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    _held: list[Refused] = field(default_factory=list)

    def accept(self, examined: Examined) -> None:
        """State the rows."""
        if examined.rows:
            self.writer.write(
                Chunk(
                    rows=examined.rows,
                    subjects=examined.subjects,
                    references=examined.references,
                    valid_from=examined.valid_from,
                    valid_to=examined.valid_to,
                    attributes=examined.attributes,
                )
            )
        self.accepted += len(examined.rows)
        self.rows += len(examined.rows)

    def refuse(self, rows: list[Refused]) -> None:
        """Put the rows into quarantine."""
        self.count(rows)
        self._held += rows
        if len(self._held) >= HELD:
            self.flush()

    def count(self, rows: Sequence[Refused]) -> None:
        """Count the rows as refused, each under the first of its faults."""
        self.rows += len(rows)
        self.reasons.update(row.faults[0].reason.value for row in rows)

    def flush(self) -> None:
        """Write what is held."""
        if self._held:
            self.writer.settle()
            store.write(
                self._held,
                batch=self.writer.number,
                mapping=self.plan.mapping.mapping,
                source=self.source,
                generated=self.generated,
            )
            self._held = []

    def receipt(
        self,
        *,
        file: str,
        sha256: str,
        encoding: str,
        unused: tuple[str, ...],
        begun: float,
        resolved: int = 0,
        remaining: tuple[dict[str, object], ...] = (),
    ) -> Receipt:
        """The receipt, before the ledger adds positions and time."""
        self.flush()
        mapping = self.plan.mapping
        return Receipt(
            file=file,
            sha256=sha256,
            batch=self.writer.batch,
            number=self.writer.number,
            mapping=mapping.mapping,
            mapping_version=mapping.in_force.from_.isoformat(),
            item=mapping.item,
            agency=mapping.agency,
            rulebook=self.plan.law.hash,
            encoding=encoding,
            generated=self.generated,
            rows=self.rows,
            accepted=self.accepted,
            quarantined=dict(sorted(self.reasons.items())),
            unused_columns=unused,
            seconds=round(time.monotonic() - begun, 3),
            resolved=resolved,
            remaining=remaining,
        )


def seal(writer: Writer, receipt: Receipt, law: Law) -> Receipt:
    """Let the register and the rooms above follow, and finish the batch: the last act of its transaction."""
    writer.settle()
    for follow in _follow:
        follow(writer.first, law, generated=writer.generated, item=writer.item)
    return Receipt.of(writer.finish(receipt.as_dict()), again=False)


def take_blocks(blocks: Iterator[Block], plan: Plan, tally: Tally, told: Callable[[int], object]) -> None:
    """Examine the blocks on another thread, and write what is sound while the next is examined."""
    register = store.Register()
    with closing(ahead(examined_blocks(blocks, plan, register), register.leave)) as coming:
        for examined, refused in coming:
            sound, repeated = without_duplicates(examined, tally.writer)
            tally.accept(sound)
            tally.refuse([*refused, *repeated])
            told(examined.block.done)


def examined_blocks(
    blocks: Iterator[Block], plan: Plan, register: store.Register
) -> Iterator[tuple[Examined, list[Refused]]]:
    """The rows of the blocks, judged; those about organisations that the register does not know are refused."""
    for block in blocks:
        for examined in examine(block, plan):
            refused = list(examined.refused)
            if not plan.registers and (unknown := register.unknown(examined.subjects)):
                strangers = [n for n, subject in enumerate(examined.subjects) if subject in unknown]
                refused += [examined.refuse(n, _stranger(plan, examined.subjects[n])) for n in strangers]
                examined = examined.without(strangers)
            yield examined, refused


def _stranger(plan: Plan, subject: str) -> Fault:
    return Fault(
        plan.mapping.subject.column,
        Reason.UNKNOWN_ORGANISATION,
        f"the register knows no organisation {subject}; take its registration in, then re-submit this row",
        subject.partition(":")[2],
    )


# -- what was said before ---------------------------------------------------------------------------


def without_duplicates(examined: Examined, writer: Writer) -> tuple[Examined, list[Refused]]:
    """The rows whose key is new, and the others: duplicates, or conflicting ones.

    The first row with a key is taken. A record that was withdrawn may be stated anew.
    """
    references = examined.references
    if not references:
        return examined, []
    earlier = writer.existing(references)
    if not earlier and len(set(references)) == len(references):
        return examined, []
    first: dict[str, int] = {}
    repeated: dict[int, Fault] = {}
    for n, reference in enumerate(references):
        if statement := earlier.get(reference):
            repeated[n] = _repeated(examined, n, _same(examined, n, statement), f"in batch {statement.batch[:12]}")
        elif (other := first.setdefault(reference, n)) != n:
            same = _content(examined, n) == _content(examined, other)
            repeated[n] = _repeated(examined, n, same, f"in row {examined.rows[other]:,} of this file")
    return examined.without(list(repeated)), [examined.refuse(n, fault) for n, fault in repeated.items()]


def _repeated(examined: Examined, n: int, same: bool, where: str) -> Fault:
    reference = examined.references[n]
    if same:
        return Fault(
            "",
            Reason.DUPLICATE,
            f"the same record was stated {where}; nothing is lost by leaving it out",
            reference,
        )
    message = f"another record with the same key was stated {where}; if this one is right, it needs a correction"
    return Fault("", Reason.CONFLICT, message, reference)


def _content(examined: Examined, n: int) -> tuple[object, ...]:
    return examined.subjects[n], examined.valid_from[n], examined.valid_to[n], examined.attributes[n]


def _same(examined: Examined, n: int, other: Statement) -> bool:
    end = other.valid_to.isoformat() if other.valid_to else None
    return _content(examined, n) == (other.subject, other.valid_from.isoformat(), end, dict(other.attributes))
