"""The most memory that this process held."""

from __future__ import annotations

import re
from pathlib import Path


def peak() -> int:
    """In MB, so far. ``ru_maxrss`` would not do: a process that was just started inherits the peak of the one that
    started it."""
    said = Path("/proc/self/status").read_text("ascii")
    found = re.search(r"^VmHWM:\s+(\d+) kB$", said, re.MULTILINE)
    assert found, said
    return int(found[1]) // 1024
