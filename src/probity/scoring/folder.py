"""Folders that hold something whole or not at all: files written in one step, one writer, a seal for damage."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

from probity.canon import Plain, canonical, digest
from probity.errors import StoreError

LOCK, SEAL = "lock", "sha256"
MEANWHILE = 1.0
"""Seconds after which what was written is sent to the disk."""


def write_whole(path: Path, content: bytes, *, wait: bool = True) -> None:
    """Write a file in one step: whatever happens, it is there as it was or as it is to be.

    Without ``wait`` it may be lost, or damaged, with the power: for what is looked at before it is believed.
    """
    temporary = path.with_name(f"{path.name}.new")
    temporary.write_bytes(content)
    if wait:
        durable(temporary)
    temporary.rename(path)


def durable(path: Path) -> None:
    """Wait until a file, or what a folder says of its files, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def going_to_disk() -> Iterator[None]:
    """What is written inside is on the disk at the end. Most of it goes there meanwhile, so that little is left to
    wait for."""
    ended = Event()

    def now_and_then() -> None:
        while not ended.wait(MEANWHILE):
            os.sync()

    beside = Thread(target=now_and_then, name="to disk")
    beside.start()
    try:
        yield
    finally:
        ended.set()
        beside.join()
    os.sync()


def sealed(said: Mapping[str, Plain]) -> bytes:
    """Canonical JSON with the SHA-256 of everything else in it, so that one altered byte is noticed."""
    return canonical({**said, SEAL: digest(canonical(said))}) + b"\n"


def unsealed(said: Any) -> dict[str, Any]:
    """What was sealed, once it is read as JSON. Raises ValueError unless it is whole and unaltered."""
    if not isinstance(said, dict):
        raise ValueError("it is not what was written")
    rest = {name: value for name, value in said.items() if name != SEAL}
    if said.get(SEAL) != digest(canonical(rest)):
        raise ValueError("it was altered")
    return rest


@contextmanager
def writing(folder: Path, what: str) -> Iterator[None]:
    """Whatever cannot be written of ``what`` is a StoreError."""
    try:
        yield
    except OSError as error:
        said = error.strerror or " ".join(str(error).split())
        raise StoreError(
            f"{what} cannot be written: {said}",
            where=str(error.filename or folder),
            remedy="Check space and rights, then run the same command again; it goes on from where it was.",
        ) from error


@contextmanager
def alone(folder: Path, doing: str) -> Iterator[None]:
    """Nobody else writes here meanwhile. The lock of a process that dies is free again."""
    with (folder / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreError(
                f"another process is {doing}",
                where=str(folder),
                remedy="Wait until it is done, or name another folder with --out.",
            ) from error
        yield
