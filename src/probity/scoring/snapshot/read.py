"""Opening a snapshot: nothing is read of a file before its bytes are known to be those that were written."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from probity.errors import QuestionError, SnapshotError
from probity.ledger import Position
from probity.scoring.snapshot.layout import BATCHES, SPAN, TABLES
from probity.scoring.snapshot.manifest import AGAIN, NAME, File, Manifest, read_manifest, verified_bytes


@dataclass(frozen=True)
class Snapshot:
    """A whole snapshot in a folder."""

    folder: Path
    manifest: Manifest = field(repr=False)

    @classmethod
    def open(cls, folder: Path) -> Snapshot:
        """The snapshot in a folder. Raises SnapshotError where there is none that this Probity reads."""
        manifest = read_manifest(folder)
        _sane(manifest, str(folder / NAME))
        return cls(folder, manifest)

    @property
    def parts(self) -> range:
        """The numbers of its parts."""
        return range(len(self.manifest.parts))

    def table(self, part: int, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """A table of a part (see ``layout.TABLES``), or some of its columns.

        Raises SnapshotError unless the file is whole and the very one that was written.
        """
        schema: pa.Schema = TABLES[name]
        file = self.manifest.parts[part].files.get(name)
        return self._read(file, _of(schema, columns))

    @cached_property
    def batches(self) -> pa.Table:
        """Every batch up to the end of the ledger that the snapshot holds. Raises SnapshotError as ``table``."""
        return self._read(self.manifest.batches, BATCHES)

    def position(self, known_at: datetime | None) -> Position:
        """The place in the ledger up to which everything was known at ``known_at`` (None: all that it holds).

        Raises QuestionError for a moment after that of the snapshot.
        """
        if known_at is None or known_at == self.manifest.known_at:
            return Position(self.manifest.position, self.manifest.known_at)
        if known_at > self.manifest.known_at:
            raise QuestionError(
                f"the snapshot holds what was known at {self.manifest.known_at.isoformat()}, "
                f"not at {known_at.isoformat()}",
                where=str(self.folder),
                remedy="Bring it up to date (probity snapshot --out FOLDER), or ask for an earlier moment.",
            )
        known = pc.sum(self._known(known_at)).as_py() or 0
        if not known:
            return Position(0, known_at)
        return Position(self.batches["last_position"][known - 1].as_py(), known_at)

    def delivered(self, position: Position, items: Collection[str]) -> frozenset[str]:
        """Those of ``items`` that some source had delivered by then, as :func:`probity.ledger.delivered` says."""
        came = pc.and_(self.batches["delivered"], self._known(position.known_at))
        return frozenset(self.batches["item"].filter(came).unique().to_pylist()) & frozenset(items)

    def _known(self, moment: datetime) -> pa.ChunkedArray:
        recorded = self.batches["recorded_at"]
        return pc.less_equal(recorded, pa.scalar(moment, recorded.type))

    def refuse_partial(self) -> None:
        """Raise SnapshotError unless every file of the manifest is there in its size, also those that nobody will
        read: half a snapshot answers nothing."""
        for file in self.manifest.files:
            path = self.folder / file.name
            # What is no plain file has no size before it is read.
            if not path.exists() or (path.is_file() and path.stat().st_size != file.bytes):
                raise SnapshotError(
                    f"is not there with the {file.bytes:,} bytes that were written", where=str(path), remedy=AGAIN
                )

    def verify(self) -> list[str]:
        """What is wrong with its files: altered, missing, or not of the form that the format says."""
        faults: list[str] = []
        for part in self.parts:
            faults += self._faults(part)
        try:
            self._in_order(self._read(self.manifest.batches, BATCHES))
        except SnapshotError as error:
            faults.append(_line(error))
        return faults

    def _faults(self, part: int) -> list[str]:
        faults, first = [], self.manifest.parts[part].first
        for name in TABLES:
            try:
                table = self.table(part, name)
            except SnapshotError as error:
                faults.append(_line(error))
                continue
            if "organisation" not in table.schema.names or not table.num_rows:
                continue
            ends = pc.min_max(table["organisation"]).as_py()
            if ends["min"] < first or ends["max"] >= first + self.manifest.span:
                faults.append(f"{self._path(part, name)}: holds organisations of another part")
        return faults

    def _path(self, part: int, name: str) -> Path:
        return self.folder / self.manifest.parts[part].files[name].name

    def _in_order(self, batches: pa.Table) -> None:
        moments = batches["recorded_at"].cast(pa.int64()).to_numpy()
        last = batches["last_position"].to_numpy()
        ends = (last[-1] if len(last) else 0, moments[-1] if len(last) else None)
        rising = bool(np.all(moments[1:] > moments[:-1]) and np.all(last[1:] >= last[:-1]))
        if not rising or ends[0] != self.manifest.position:
            raise SnapshotError(
                "the batches are not those up to its position", where=str(self.folder / NAME), remedy=AGAIN
            )

    def _read(self, file: File | None, schema: pa.Schema) -> pa.Table:
        """A file as a table of that schema. Without threads: whoever reads many parts has his own."""
        if file is None:
            return schema.empty_table()
        where = str(self.folder / file.name)
        content = verified_bytes(self.folder, file)
        try:
            table = pq.ParquetFile(pa.BufferReader(content)).read(columns=schema.names, use_threads=False)
        except (pa.ArrowException, OSError) as error:
            raise SnapshotError(f"cannot be read as Parquet: {error}", where=where, remedy=AGAIN) from error
        if not table.schema.equals(schema) or table.num_rows != file.rows:
            raise SnapshotError("holds other columns or rows than the format says", where=where, remedy=AGAIN)
        return table


def _of(schema: pa.Schema, columns: Sequence[str] | None) -> pa.Schema:
    return schema if columns is None else pa.schema([schema.field(name) for name in columns])


def _line(error: SnapshotError) -> str:
    return f"{error.where}: {error.what}"


def _sane(manifest: Manifest, where: str) -> None:
    """What the rest relies on: parts without gaps, and files that lie in the folder."""
    firsts = [part.first for part in manifest.parts]
    names = [file.name for file in manifest.files]
    if SPAN % manifest.span or firsts != [n * manifest.span for n in range(len(firsts))]:
        raise SnapshotError("the parts of the manifest are not in order", where=where, remedy=AGAIN)
    if any(Path(name).name != name for name in names) or len(set(names)) < len(names):
        raise SnapshotError("the manifest names files outside its folder, or one twice", where=where, remedy=AGAIN)
    if any(set(part.files) - set(TABLES) or part.rows("organisations") < 1 for part in manifest.parts):
        raise SnapshotError("the manifest names unknown tables, or a part of nobody", where=where, remedy=AGAIN)
