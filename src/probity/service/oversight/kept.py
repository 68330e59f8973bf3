"""The report of oversight as it was last drawn up: a file under the data folder."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from probity.canon import canonical
from probity.errors import SnapshotError, StoreError
from probity.service.oversight.model import Oversight
from probity.service.wiring import home

NAME = "oversight.json"


def as_bytes(found: Oversight) -> bytes:
    """The figures as canonical JSON."""
    return canonical(found.model_dump(mode="json"))


def keep(found: Oversight) -> Path:
    """Keep the report for the portal. Raises StoreError where it cannot be written."""
    path = home() / NAME
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(".new")
        new.write_bytes(as_bytes(found))
        new.rename(path)
    except OSError as error:
        raise StoreError(
            f"the report cannot be kept: {error.strerror}", where=str(path), remedy="Check rights and free space."
        ) from error
    return path


def kept() -> Oversight | None:
    """The report as last drawn up, if there is one. Raises SnapshotError where it cannot be read."""
    path = home() / NAME
    try:
        return Oversight.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        raise SnapshotError(
            "this report cannot be read: it was altered, or another version of Probity drew it up",
            where=str(path),
            remedy="Draw it up anew: probity oversight.",
        ) from error
