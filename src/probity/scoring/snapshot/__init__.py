"""The snapshot: what scorecards can see of every organisation, as whole numbers in Parquet files.

``layout`` and ``manifest`` say what a snapshot is, ``plan`` what the law has it hold, ``build`` and ``merge`` make
it out of the ledger, ``read`` opens it and ``fold`` gives the files of a part at two times (docs/snapshot.md).
"""

from probity.scoring.snapshot.build import MadeSnapshot, SnapshotSource, make_snapshot
from probity.scoring.snapshot.compare import snapshot_differences
from probity.scoring.snapshot.read import Snapshot

__all__ = ["MadeSnapshot", "Snapshot", "SnapshotSource", "make_snapshot", "snapshot_differences"]
