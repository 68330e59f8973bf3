"""Snapshots of the ledger: making one, and checking one against the ledger."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from probity import dossier
from probity.errors import SnapshotError
from probity.rulebook import Law
from probity.scoring.snapshot import MadeSnapshot, Snapshot, SnapshotSource, make_snapshot, snapshot_differences
from probity.service.wiring import home

Progress = Callable[[str, int, int], None]
"""Is told what is done, how much of it, and of how much."""


def default_folder() -> Path:
    """Where the snapshot lies when nobody names a folder: under the data folder."""
    return home() / "snapshot"


def snapshot(folder: Path, law: Law, progress: Progress | None = None) -> MadeSnapshot:
    """Make the snapshot in ``folder``, or bring it up to date with the ledger.

    Needs :func:`probity.service.running`. Raises what :func:`probity.scoring.make_snapshot` raises.
    """
    with dossier.columns(os.environ["DATABASE_URL"]) as ledger:
        return make_snapshot(folder, SnapshotSource.of(ledger, law), progress=progress)


def check_snapshot(folder: Path, law: Law, progress: Progress | None = None) -> list[str]:
    """What is wrong with the snapshot in ``folder``: its files against their hashes, what they hold against the
    ledger up to the same position. Empty if all is well."""
    try:
        found = Snapshot.open(folder)
    except SnapshotError as error:
        return [f"{error.where}: {error.what}"]
    faults = found.verify()
    with dossier.columns(os.environ["DATABASE_URL"]) as ledger, TemporaryDirectory(dir=folder.parent) as other:
        source = SnapshotSource.of(ledger, law)
        if found.manifest.reading != source.reading.hash:
            return [*faults, f"{folder}: the law has changed what is read since; make the snapshot anew"]
        source = replace(source, span=found.manifest.span)
        make_snapshot(Path(other), source, upto=source.end_of(found.manifest), progress=progress)
        return faults + snapshot_differences(found, Snapshot.open(Path(other)))
