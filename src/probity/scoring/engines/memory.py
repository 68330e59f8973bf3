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
def kept() -> Iterator[None]:
    """Whatever is freed inside is kept for the next part, and given back at the end.

    glibc gives large pieces back to the system one by one, and fetching their pages anew costs up to a tenth of a
    run. Other C libraries are left as they are.
    """
    if not _IS_GLIBC:
        yield
        return
    c = ctypes.CDLL(None)
    c.mallopt(_MMAP_THRESHOLD, 1 << 25)  # the most that it takes
    c.mallopt(_TRIM_THRESHOLD, 1 << 30)
    try:
        yield
    finally:
        c.malloc_trim(0)
