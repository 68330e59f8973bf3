"""The memory of many parts, one after the other."""

from __future__ import annotations

import ctypes
import platform
from collections.abc import Iterator
from contextlib import contextmanager

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Parameters of glibc's mallopt(3)."""

_IS_GLIBC = platform.libc_ver()[0] == "glibc"


@contextmanager
def memory_kept() -> Iterator[None]:
    """Whatever is freed inside is kept for the next part, and given back at the end.

    glibc gives large pieces back to the system one by one, and fetching their pages anew costs up to a tenth of a
    run. Afterwards it does so as if it had seen a piece of 32 MB, from which it learns. Other C libraries are left
    as they are.
    """
    if not _IS_GLIBC:
        yield
        return
    c = ctypes.CDLL(None)
    c.mallopt(_MMAP_THRESHOLD, 32 << 20)  # the most that it takes
    c.mallopt(_TRIM_THRESHOLD, 1 << 30)
    try:
        yield
    finally:
        c.mallopt(_TRIM_THRESHOLD, 64 << 20)
        c.malloc_trim(0)
