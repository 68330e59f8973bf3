"""Previews that are kept under the data folder, for the portal to show, each with the drafts that it is about."""

from __future__ import annotations

import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import ValidationError

from probity.canon import canonical
from probity.errors import NotFoundError, ProbityError, QuestionError, SnapshotError, StoreError
from probity.ledger import Position
from probity.rulebook import load_with_draft
from probity.scoring.preview import Moved, Report, Side
from probity.service.preview.assemble import one
from probity.service.preview.cards import Chosen, Question
from probity.service.wiring import home, house, rulebooks

FOLDER, REPORT = "previews", "preview.json"
LONGEST = 60
"""Characters of a name."""
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_AGAIN = "Make it again with probity preview --keep."


@dataclass(frozen=True, slots=True)
class Kept:
    """A preview and the name under which it is kept."""

    name: str
    report: Report


def as_bytes(report: Report) -> bytes:
    """The report as canonical JSON."""
    return canonical(report.model_dump(mode="json"))


def check_name(name: str) -> None:
    """Raise QuestionError for a name that cannot stand in an address."""
    if not _NAME.fullmatch(name) or len(name) > LONGEST:
        raise QuestionError(
            f"{name!r} cannot be the name of a preview",
            where="--keep",
            remedy=f"Use at most {LONGEST} small letters, digits and single hyphens, such as draft-2024.",
        )


def keep(report: Report, question: Question, name: str) -> None:
    """Keep a report with its drafts; one that was kept under that name is replaced.

    Raises QuestionError for a name that cannot be, StoreError where it cannot be written.
    """
    check_name(name)
    folder = home() / FOLDER / name
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder.parent, prefix=".") as space:
            made, before = Path(space) / "made", Path(space) / "before"
            made.mkdir()
            (made / REPORT).write_bytes(as_bytes(report))
            for part, side in (("old", question.old), ("new", question.new)):
                if side.draft:
                    shutil.copy(side.draft, made / f"{part}.yaml")
            with suppress(FileNotFoundError):
                folder.rename(before)
            made.rename(folder)
    except OSError as error:
        raise StoreError(
            f"the preview cannot be kept: {error.strerror}",
            where=str(folder),
            remedy="Check rights and free space.",
        ) from error


def kept(name: str) -> Report:
    """The report that was kept under that name. Raises NotFoundError, SnapshotError where it cannot be read."""
    path = home() / FOLDER / name / REPORT
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFoundError(
            f"no preview is kept under the name {name!r}", remedy="The page /previews/ lists those that are."
        )
    try:
        return Report.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise SnapshotError(
            "this preview cannot be read: it was altered, or another version of Probity kept it",
            where=str(path),
            remedy=_AGAIN,
        ) from error


def all_kept() -> list[Kept]:
    """Every preview that is kept and can be read, by name."""
    found = []
    for path in sorted((home() / FOLDER).glob(f"*/{REPORT}")):
        with suppress(NotFoundError, SnapshotError):
            found.append(Kept(path.parent.name, kept(path.parent.name)))
    return found


def asked_of(name: str, subject: str) -> Moved:
    """What the draft of a kept preview would change for one organisation, at the two times of the preview.

    Raises NotFoundError (no such preview or organisation), NotGradedError (a card does not grade it),
    SnapshotError (a card of the preview is no more what it was).
    """
    report = kept(name)
    question = Question(_side(name, "old", report.old), _side(name, "new", report.new), report.as_of)
    return one(subject, question, Position(report.position, report.known_at))


def _side(name: str, part: str, side: Side) -> Chosen:
    path = home() / FOLDER / name / f"{part}.yaml"
    try:
        if side.draft:
            found = _draft(path, path.stat().st_mtime_ns, rulebooks())
        else:
            found = Chosen(house().law.card(side.card, side.in_force_from), house().law)
    except (OSError, ProbityError) as error:
        raise SnapshotError(
            "a card of this preview is not there any more", where=str(path), remedy=_AGAIN
        ) from error
    if found.law.hash != side.rulebook_hash:
        raise SnapshotError("the rulebooks are no more those of this preview", where=str(path), remedy=_AGAIN)
    return found


@lru_cache(maxsize=8)
def _draft(path: Path, _written: int, root: Path) -> Chosen:
    """The draft, read once for each time that it was written."""
    law, card = load_with_draft(root, path)
    return Chosen(card, law, path)
