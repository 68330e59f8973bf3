"""Two snapshots side by side: does one say of the ledger what the other says?"""

from __future__ import annotations

from probity.errors import SnapshotError
from probity.scoring.snapshot.layout import TABLES
from probity.scoring.snapshot.manifest import NAME, Manifest
from probity.scoring.snapshot.read import Snapshot

_SAID = ("position", "known_at", "generated", "first_day", "plan", "kinds", "schemes", "organisation_kinds")


def snapshot_differences(snapshot: Snapshot, right: Snapshot) -> list[str]:
    """Where a snapshot differs from one that is right: by field of the manifest, and by table of a part. Empty if
    they say the same. Files that cannot be read are left to :meth:`Snapshot.verify`."""
    here, there = snapshot.manifest, right.manifest
    where = snapshot.folder / NAME
    found = [
        f"{where}: {name} is not what the ledger gives"
        for name in _SAID
        if getattr(here, name) != getattr(there, name)
    ]
    if len(here.parts) != len(there.parts):
        return [*found, f"{where}: names {len(here.parts)} parts; the ledger gives {len(there.parts)}"]
    for part in right.parts:
        found += [
            f"{_file(snapshot, part, name)}: is not what the ledger gives"
            for name in TABLES
            if not _same(here, there, part, name) and not _equal(snapshot, right, part, name)
        ]
    return found


def _same(here: Manifest, there: Manifest, part: int, name: str) -> bool:
    mine, other = (manifest.parts[part].files.get(name) for manifest in (here, there))
    return (mine and mine.sha256) == (other and other.sha256)


def _equal(snapshot: Snapshot, right: Snapshot, part: int, name: str) -> bool:
    try:
        return bool(snapshot.table(part, name).equals(right.table(part, name)))
    except SnapshotError:
        return True


def _file(snapshot: Snapshot, part: int, name: str) -> str:
    file = snapshot.manifest.parts[part].files.get(name)
    return str(snapshot.folder / (file.name if file else f"{name} of part {part}"))
