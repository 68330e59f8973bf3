"""Intake as the faces call it: mappings by name, today's date, the law of the house."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from probity.intake import Progress, Quarantined, Reason, Receipt, correct, export, listed, resubmit, take_in
from probity.service.wiring import house, today


def take_file(
    path: Path,
    mapping: str,
    *,
    encoding: str | None = None,
    generated: bool = False,
    progress: Progress | None = None,
) -> Receipt:
    """Take a file in under the mapping of that id, as it is in force today.

    Raises NotFoundError (no such mapping), and what :func:`probity.intake.take_in` raises.
    """
    law = house().law
    return take_in(
        path,
        law.mapping(mapping, today()),
        law,
        today=today(),
        encoding=encoding,
        generated=generated,
        progress=progress,
    )


def quarantined(*, batch: int | None = None, reason: Reason | None = None) -> Iterator[Quarantined]:
    """The rows still in quarantine."""
    return listed(batch=batch, reason=reason)


def export_quarantine(path: Path, *, batch: int | None = None, reason: Reason | None = None) -> int:
    """Write them to a file to be corrected; gives how many."""
    return export(path, batch=batch, reason=reason)


def resubmit_file(path: Path) -> list[Receipt]:
    """Take a corrected export in; one receipt for each mapping in it."""
    return resubmit(path, house().law, today=today())


def correct_row(batch: int, row: int, changes: Mapping[str, str]) -> Receipt:
    """Take one quarantined row in, with some of its fields changed."""
    return correct(batch, row, changes, house().law, today=today())
