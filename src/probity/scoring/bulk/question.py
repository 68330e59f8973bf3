"""What is asked of a bulk run, and what it answers: the two small files that lie beside the results."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from probity.canon import canonical, digest
from probity.errors import SnapshotError
from probity.scoring.folder import sealed, unsealed
from probity.scoring.snapshot.manifest import File

QUESTION, MANIFEST = "question.json", "manifest.json"
ANOTHER = "Name another folder with --out, or empty this one."
RESULTS = "the results"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    def bytes(self) -> bytes:
        """Its canonical bytes (RFC 8785)."""
        return canonical(self.model_dump(mode="json")) + b"\n"


class AskedCard(_Frozen):
    """A card by its id, and the first day in force of the version that is used."""

    card: str
    version: date


class Question(_Frozen):
    """What the results depend on, and all that they depend on."""

    format: Literal["probity-grades"] = "probity-grades"
    version: Literal[1] = 1
    cards: tuple[AskedCard, ...]
    as_of: date
    position: int
    known_at: datetime
    explained: bool
    rulebook_hash: str
    snapshot: str
    """The hash of the snapshot's manifest."""


class CardResult(_Frozen):
    """What came out for one card: how many organisations have each grade and, of those without one, why; which
    indicators are known, and the millionths of the card's weight that they make up. One that reads another card is
    known where that card knows enough."""

    card: str
    organisations: int
    grades: Mapping[str, int]
    no_grade: Mapping[str, int]
    known: Mapping[str, bool]
    known_weight: int


class Answer(_Frozen):
    """The manifest of the results: the question, what came out, and every file with its hash.

    ``notice`` says that some of what was graded was made up.
    """

    question: Question
    results: tuple[CardResult, ...]
    notice: str | None
    files: tuple[File, ...]

    def bytes(self) -> bytes:
        """Its canonical bytes, sealed."""
        return sealed(self.model_dump(mode="json"))

    @property
    def hash(self) -> str:
        """SHA-256 of the manifest as it lies in the folder: two runs with one hash gave the same bytes."""
        return digest(self.bytes())


def read_answer(folder: Path) -> Answer:
    """The manifest of the results in a folder. Raises SnapshotError where there is none: they are not whole."""
    where = str(folder / MANIFEST)
    try:
        return Answer.model_validate(unsealed(json.loads((folder / MANIFEST).read_bytes())))
    except FileNotFoundError:
        raise SnapshotError(
            "there are no whole results here",
            where=where,
            remedy="The same command finishes them: probity score ...",
        ) from None
    except (OSError, ValueError) as error:
        raise SnapshotError(f"the manifest cannot be read: {error}", where=where, remedy=ANOTHER) from error
