"""Making a snapshot, or bringing one up to date with the ledger.

What was begun is kept in a journal, so that a process killed at any moment is followed by one that goes on; until
the manifest is written, the last thing of all, the snapshot that was there stays whole.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel, ConfigDict, ValidationError

from probity.dossier import Columns, End
from probity.errors import SnapshotError
from probity.ledger import Position
from probity.rulebook import Law
from probity.scoring.folder import alone, durable, write_whole, writing
from probity.scoring.snapshot.layout import BATCHES, NAMES, SPAN, TABLES, VERSION, write
from probity.scoring.snapshot.manifest import NAME, File, Manifest, Part, described, verified_bytes
from probity.scoring.snapshot.merge import Tables, merge, nothing
from probity.scoring.snapshot.plan import ORGANISATION_KINDS, Reading, reading
from probity.scoring.snapshot.read import Snapshot
from probity.scoring.snapshot.rows import Kinds, Slice, of_part, read_slice, rows, wanted, write_slice

STRETCH = 1 << 20
"""How many positions of the ledger are read at once."""

WORK, JOURNAL = "work", "journal.json"

_OURS = re.compile(rf"(({'|'.join(TABLES)})-\d{{6,}}|batches)(-[0-9a-f]{{16}}\.parquet|\.new)|manifest\.json\.new")

Progress = Callable[[str, int, int], None]
"""Is told what is done, how much of it, and of how much."""


@dataclass(frozen=True, slots=True)
class SnapshotSource:
    """Where a snapshot comes from: the ledger in columns, and how the law has it read."""

    ledger: Columns
    reading: Reading
    rulebook_hash: str
    span: int = SPAN
    stretch: int = STRETCH

    @classmethod
    def of(cls, ledger: Columns, law: Law) -> SnapshotSource:
        """The ledger as read under the law. Raises RulebookError where a snapshot cannot hold what cards read."""
        return cls(ledger, reading(law), law.hash)

    def end_of(self, manifest: Manifest) -> End:
        """The end of the ledger that a snapshot says it holds, as the ledger has it."""
        position = Position(manifest.position, manifest.known_at)
        return self.ledger.end_at(position, sorted(self.reading.registers))


@dataclass(frozen=True, slots=True)
class MadeSnapshot:
    """A snapshot that is up to date: how many statements were read, and how many parts written and kept as they
    were. ``anew`` says why nothing was kept of the one before (None: it was, or there was none)."""

    manifest: Manifest
    statements: int
    written: int
    kept: int
    anew: str | None


class _Journal(BaseModel):
    """What is under way: from which snapshot to which end of the ledger."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = VERSION
    base: str | None
    reading: str
    span: int
    stretch: int
    batch: int
    position: int
    known_at: datetime
    organisations: int
    generated: bool

    @property
    def end(self) -> End:
        return End(self.batch, self.position, self.known_at, self.organisations, self.generated)


class _Finished(BaseModel):
    """A part that is done: its files, and the first day of the records that were read for it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    part: Part
    first_day: str | None


def make_snapshot(
    folder: Path, source: SnapshotSource, *, upto: End | None = None, progress: Progress | None = None
) -> MadeSnapshot:
    """Have the snapshot in ``folder`` hold the ledger up to its end as it is now (or as ``upto`` says it was).

    Only what is new is read, and only the parts it is about are written. Raises StoreError where another process
    is at it, the database fails or the folder cannot be written; the same command then goes on.
    """
    progress = progress or (lambda what, done, total: None)
    with writing(folder, "the snapshot"):
        folder.mkdir(parents=True, exist_ok=True)
        with alone(folder, "making this snapshot"):
            return _made(folder, source, upto, progress)


def _made(folder: Path, source: SnapshotSource, upto: End | None, progress: Progress) -> MadeSnapshot:
    base, anew = _base(folder, source)
    made = MadeSnapshot(base, 0, 0, len(base.parts), None) if base else None
    while made is None or not _up_to_date(made.manifest, source, upto):
        base = made.manifest if made else None
        journal = _journal(folder, base, source, upto or source.ledger.end())
        done = _Advance(folder, source, base, journal, progress).run()
        made = replace(done, statements=done.statements + (made.statements if made else 0), anew=anew)
    _tidy(folder, made.manifest)
    return made


def _up_to_date(manifest: Manifest, source: SnapshotSource, upto: End | None) -> bool:
    end = upto or source.ledger.end()
    same = (manifest.position, manifest.known_at) == (end.position, end.known_at)
    return same and manifest.rulebook_hash == source.rulebook_hash


# -- the folder -------------------------------------------------------------------------------------


def _base(folder: Path, source: SnapshotSource) -> tuple[Manifest | None, str | None]:
    """The snapshot to go on from; None and why, where there is one that cannot be gone on from."""
    if not (folder / NAME).exists():
        return None, None
    try:
        manifest = Snapshot.open(folder).manifest
        for file in manifest.files:
            verified_bytes(folder, file)
    except SnapshotError as error:
        return None, f"{error.where}: {error.what}"
    if (manifest.reading, manifest.span) != (source.reading.hash, source.span):
        return None, "the law has other records, attributes or schemes read than before"
    if not _of_this_ledger(folder, manifest, source):
        return None, "the snapshot there was made from another ledger"
    return manifest, None


def _of_this_ledger(folder: Path, manifest: Manifest, source: SnapshotSource) -> bool:
    """Whether the ledger has the last batch of the snapshot."""
    last = Snapshot(folder, manifest).batches[-1:]
    number = last["number"][0].as_py() if len(last) else 0
    here = source.ledger.batches(after=number - 1, upto=number)
    return bool(here.select(BATCHES.names).cast(BATCHES).equals(last))


def _journal(folder: Path, base: Manifest | None, source: SnapshotSource, end: End) -> _Journal:
    """What was begun, if it can be gone on with; else a new beginning."""
    path = folder / WORK / JOURNAL
    new = _Journal(
        base=base.hash if base else None,
        reading=source.reading.hash,
        span=source.span,
        stretch=source.stretch,
        batch=end.batch,
        position=end.position,
        known_at=end.known_at,
        organisations=end.organisations,
        generated=end.generated,
    )
    with suppress(FileNotFoundError, ValidationError):
        begun = _Journal.model_validate_json(path.read_bytes())
        same = {"version", "base", "reading", "span", "stretch"}
        if begun.model_dump(include=same) == new.model_dump(include=same) and begun.position <= new.position:
            return begun
    path.unlink(missing_ok=True)
    shutil.rmtree(path.parent, ignore_errors=True)
    path.parent.mkdir()
    write_whole(path, new.model_dump_json().encode())
    return new


def _tidy(folder: Path, manifest: Manifest) -> None:
    """Remove what the manifest does not name, of what we write."""
    (folder / WORK / JOURNAL).unlink(missing_ok=True)
    shutil.rmtree(folder / WORK, ignore_errors=True)
    named = {file.name for file in manifest.files}
    for path in folder.iterdir():
        if path.name not in named and _OURS.fullmatch(path.name):
            path.unlink()


# -- one advance ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Advance:
    """From the snapshot that is there (or none) to the end that the journal names."""

    folder: Path
    source: SnapshotSource
    base: Manifest | None
    journal: _Journal
    progress: Progress

    def run(self) -> MadeSnapshot:
        kinds = Kinds(self.source.reading)
        kinds.take(self.base.kinds if self.base else ())
        slices = list(self._slices(kinds))
        touched = {part for each in slices for part in each.parts} | set(self._gaining())
        total = -(-self.journal.organisations // self.source.span)
        parts, days = [], [self.base.first_day if self.base else None]
        for part in range(total):
            if part in touched:
                finished = self._part(part, slices)
                parts.append(finished.part)
                days.append(finished.first_day)
                self.progress("parts", len(parts), total)
            elif self.base:
                parts.append(self.base.parts[part])
        manifest = Manifest(
            position=self.journal.position,
            known_at=self.journal.known_at,
            span=self.source.span,
            reading=self.journal.reading,
            rulebook_hash=self.source.rulebook_hash,
            generated=self.journal.generated,
            first_day=min((day for day in days if day), default=None),
            plan=self.source.reading.plan,
            kinds=tuple(kinds.found),
            schemes=tuple(rule.scheme for rule in self.source.reading.schemes),
            organisation_kinds=ORGANISATION_KINDS,
            batches=self._batches(),
            parts=tuple(parts),
        )
        durable(self.folder)
        manifest.write(self.folder)
        durable(self.folder)
        statements = sum(each.statements for each in slices)
        return MadeSnapshot(manifest, statements, len(touched), total - len(touched), None)

    @property
    def _after(self) -> int:
        return self.base.position if self.base else 0

    @property
    def _before(self) -> int:
        """How many organisations there were."""
        return sum(part.rows("organisations") for part in self.base.parts) if self.base else 0

    def _gaining(self) -> range:
        """The parts that gain organisations."""
        span = self.source.span
        gained = self.journal.organisations > self._before
        return range(self._before // span, -(-self.journal.organisations // span)) if gained else range(0)

    # -- reading the ledger

    def _slices(self, kinds: Kinds) -> Iterator[Slice]:
        """What is new, in stretches; first of all what was said of newcomers before they were registered."""
        work, upto = self.folder / WORK, self.journal.position
        wants = wanted(self.source.reading)
        if self._after and self.journal.organisations > self._before:
            path = work / "newcomers.arrow"
            yield self._slice(
                path,
                kinds,
                lambda: self.source.ledger.statements_of(
                    wants, first=self._before, end=self.journal.organisations, upto=self._after
                ),
            )
        for after in range(self._after, upto, self.source.stretch):
            end = min(after + self.source.stretch, upto)

            def read(after: int = after, end: int = end) -> pa.Table:
                return self.source.ledger.statements(wants, after=after, upto=end)

            yield self._slice(work / f"{after}-{end}.arrow", kinds, read)
            self.progress("statements", end - self._after, upto - self._after)

    def _slice(self, path: Path, kinds: Kinds, read: Callable[[], pa.Table]) -> Slice:
        with suppress(FileNotFoundError, pa.ArrowInvalid):
            found = read_slice(path)
            kinds.take(found.kinds)
            return found
        before, statements = len(kinds.found), read()
        found_rows = rows(statements, kinds, self.journal.organisations)
        temporary = path.with_suffix(".new")
        write_slice(temporary, found_rows, kinds.found[before:], len(statements), self.source.span)
        durable(temporary)
        temporary.rename(path)
        return read_slice(path)

    # -- writing parts

    def _part(self, part: int, slices: Sequence[Slice]) -> _Finished:
        path = self.folder / WORK / f"part-{part:06d}.json"
        with suppress(FileNotFoundError, ValidationError):
            found = _Finished.model_validate_json(path.read_bytes())
            if all((self.folder / file.name).stat().st_size == file.bytes for file in found.part.files.values()):
                return found
        said = of_part(slices, part)
        tables = merge(self._old(part), said, self._newcomers(part), self.source.reading)
        files = {name: self._file(f"{name}-{part:06d}", table) for name, table in tables.items() if table.num_rows}
        day = pc.min(said["day"].filter(pc.greater_equal(said["kind"], 0))).as_py()
        finished = _Finished(
            part=Part(first=part * self.source.span, files=files), first_day=day.isoformat() if day else None
        )
        write_whole(path, finished.model_dump_json().encode())
        return finished

    def _old(self, part: int) -> Tables:
        if self.base is None or part >= len(self.base.parts):
            return nothing()
        snapshot = Snapshot(self.folder, self.base)
        return {name: snapshot.table(part, name) for name in TABLES}

    def _newcomers(self, part: int) -> pa.Table:
        first = max(part * self.source.span, self._before)
        end = min((part + 1) * self.source.span, self.journal.organisations)
        found = self.source.ledger.organisations(first, max(first, end))
        names = ["organisation", "subject"]
        return found.rename_columns(names).cast(pa.schema([NAMES.field(name) for name in names]))

    def _batches(self) -> File | None:
        after = Snapshot(self.folder, self.base).batches if self.base else BATCHES.empty_table()
        last = after["number"][-1].as_py() if len(after) else 0
        new = self.source.ledger.batches(after=last, upto=self.journal.batch)
        all_ = pa.concat_tables([after, new.select(BATCHES.names).cast(BATCHES)]).combine_chunks()
        return self._file("batches", all_) if len(all_) else None

    def _file(self, name: str, table: pa.Table) -> File:
        """Write a table under a name that holds its hash, so that it never takes the place of another."""
        temporary = self.folder / f"{name}.new"
        write(table, temporary)
        durable(temporary)
        found = described(temporary, table.num_rows)
        named = found.model_copy(update={"name": f"{name}-{found.sha256[:16]}.parquet"})
        temporary.rename(self.folder / named.name)
        return named
