"""Writing a report as files: its JSON, and pages that need nothing beside them, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from probity.errors import StoreError
from probity.scoring.folder import write_whole
from probity.service.alone import PAGES

Page = Callable[[str, Mapping[str, str]], str]
"""Gives the page in a language, with links to those in the others."""


def write_pages(out: Path, name: str, content: bytes, page: Page) -> None:
    """``content`` as ``name.json`` and the page in every language, into the folder ``out``."""
    write(out / f"{name}.json", content)
    for language, file in PAGES.items():
        write(out / file, page(language, PAGES).encode())


def write(path: Path, content: bytes) -> None:
    """Write a file, and the folders above it. Raises StoreError where that fails; what was there is as it was."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():
            path.write_bytes(content)  # a pipe or a device must not be replaced by a file
        else:
            _replace(path.resolve(), content)  # the file that a link leads to, and the link stays
    except OSError as error:
        raise StoreError(
            f"the page cannot be written: {error.strerror}", where=str(path), remedy="Name another place."
        ) from error


def _replace(path: Path, content: bytes) -> None:
    try:
        write_whole(path, content)
    except OSError:
        # Nobody goes on from half a page, and where the disk is full it is in the way.
        path.with_name(f"{path.name}.new").unlink(missing_ok=True)
        raise
