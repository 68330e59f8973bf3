"""The manifest of a snapshot: what it holds, under which law, up to which position of the ledger, with the hash of
every file. It is written last; without it there is no snapshot."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import file_digest, sha256
from pathlib import Path

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field

from probity.canon import canonical, digest
from probity.errors import SnapshotError
from probity.scoring.folder import sealed, unsealed, write_whole
from probity.scoring.snapshot.layout import FORMAT, SPAN, VERSION

NAME = "manifest.json"
AGAIN = "Make the snapshot anew: probity snapshot --out FOLDER."


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class File(_Frozen):
    """A file of the snapshot: its name in the folder, how many rows and bytes it has, and its SHA-256."""

    name: str
    rows: int
    bytes: int
    sha256: str


class Kind(_Frozen):
    """A kind of record: its item, and the values of those of its attributes that the plan names."""

    item: str
    attributes: Mapping[str, str]


class Plan(_Frozen):
    """Which attributes of an item the snapshot holds: ``texts`` in its kinds, ``numbers`` in the columns
    ``number_1``, ``number_2``, in this order."""

    texts: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


class Part(_Frozen):
    """Organisations ``first`` to ``first + SPAN`` (excluded): its files by table (none where it is empty)."""

    first: int
    files: Mapping[str, File]

    def rows(self, table: str) -> int:
        """How many rows it has of a table."""
        return self.files[table].rows if table in self.files else 0


class Manifest(_Frozen):
    """What a snapshot holds. ``plan`` by item; ``kinds``, ``schemes`` and ``organisation_kinds`` by the numbers
    that stand for them in the columns; ``first_day`` the first day of any record (ISO 8601; None: no record).

    ``position`` is the end of the ledger that it holds, known at ``known_at``. ``span``: how many ordinals a part
    covers. ``reading`` is the hash of what of the law decides how statements are read: where it differs, a
    snapshot is made anew.
    """

    format: str = FORMAT
    version: int = VERSION
    position: int
    known_at: datetime
    span: int = Field(default=SPAN, gt=0)
    reading: str = ""
    rulebook_hash: str
    generated: bool
    first_day: str | None
    plan: Mapping[str, Plan]
    kinds: tuple[Kind, ...]
    schemes: tuple[str, ...]
    organisation_kinds: tuple[str, ...]
    batches: File | None
    parts: tuple[Part, ...]

    @property
    def hash(self) -> str:
        """SHA-256 of the manifest: two snapshots with one hash are the same bytes."""
        return digest(canonical(self.model_dump(mode="json")))

    @property
    def files(self) -> tuple[File, ...]:
        """Every file."""
        own = tuple(file for part in self.parts for file in part.files.values())
        return (*own, self.batches) if self.batches else own

    def write(self, folder: Path) -> None:
        """Put it into the folder, in one step: before it there is the old snapshot, after it the new one.

        With its own hash in it (``sha256``), so that one altered byte is noticed.
        """
        write_whole(folder / NAME, sealed(self.model_dump(mode="json")))


def read_manifest(folder: Path) -> Manifest:
    """The manifest in a folder. Raises SnapshotError where there is none, and where it is of another version."""
    where = str(folder / NAME)
    try:
        said = json.loads((folder / NAME).read_bytes())
    except FileNotFoundError:
        remedy = "An interrupted one is finished by the same command: probity snapshot --out FOLDER."
        raise SnapshotError("there is no whole snapshot here", where=where, remedy=remedy) from None
    except (OSError, ValueError) as error:
        raise SnapshotError(f"the manifest cannot be read: {error}", where=where, remedy=AGAIN) from error
    if not isinstance(said, dict) or (said.get("format"), said.get("version")) != (FORMAT, VERSION):
        raise SnapshotError(
            f"this is no snapshot of version {VERSION} that this Probity reads", where=where, remedy=AGAIN
        )
    try:
        return Manifest.model_validate(unsealed(said))
    except ValueError as error:
        raise SnapshotError(f"the manifest is not whole: {error}", where=where, remedy=AGAIN) from error


def described(path: Path, rows: int) -> File:
    """A written file as the manifest names it."""
    with path.open("rb") as file:
        sha256 = file_digest(file, "sha256").hexdigest()
    return File(name=path.name, rows=rows, bytes=path.stat().st_size, sha256=sha256)


def verified_bytes(folder: Path, file: File) -> pa.Buffer:
    """The bytes of a file of the snapshot. Raises SnapshotError unless they are the ones that were written."""
    path = folder / file.name
    content = pa.allocate_buffer(file.bytes)  # Arrow's memory is used again
    try:
        with path.open("rb") as opened:
            size = opened.readinto(content) + len(opened.read())
    except OSError as error:
        raise SnapshotError(f"cannot be read: {error.strerror}", where=str(path), remedy=AGAIN) from error
    if size != file.bytes or sha256(content).hexdigest() != file.sha256:
        raise SnapshotError(
            f"is not the file that the manifest names ({size:,} bytes; {file.bytes:,} were written)",
            where=str(path),
            remedy=AGAIN,
        )
    return content
