"""Writing a report as files: its JSON, and pages that need nothing beside them, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from probity.errors import StoreError
from probity.service.alone import PAGES

Page = Callable[[str, Mapping[str, str]], str]
"""Gives the page in a language, with links to those in the others."""


def write_pages(out: Path, name: str, content: bytes, page: Page) -> None:
    """``content`` as ``name.json`` and the page in every language, into the folder ``out``."""
    write(out / f"{name}.json", content)
    for language, file in PAGES.items():
        write(out / file, page(language, PAGES).encode())


def write(path: Path, content: bytes) -> None:
    """Write a file and the folders above it. Raises StoreError where that fails."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise StoreError(
            f"the page cannot be written: {error.strerror}", where=str(path), remedy="Name another place."
        ) from error
