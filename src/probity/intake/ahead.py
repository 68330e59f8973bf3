"""The next thing is prepared while this one is used."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def ahead(things: Iterator[T], leave: Callable[[], None]) -> Generator[T]:
    """``things``, each computed on another thread, one ahead of its use; ``leave`` runs there at the end."""
    with ThreadPoolExecutor(1, thread_name_prefix="intake") as thread:
        try:
            coming = thread.submit(next, things, None)
            while (thing := coming.result()) is not None:
                coming = thread.submit(next, things, None)
                yield thing
        finally:
            thread.submit(leave).result()
