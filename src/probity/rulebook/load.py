"""Load a folder of rulebooks, once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from probity.canon import canonical, digest
from probity.errors import RulebookError
from probity.rulebook.check import examine, find_root
from probity.rulebook.finding import Finding, Severity
from probity.rulebook.law import Law
from probity.rulebook.scorecard import Scorecard
from probity.rulebook.shelf import Kind, M, Shelf, lay_draft, read_shelf

SHOWN = 20


def load(root: Path) -> Law:
    """The law in the folder ``root``, which holds the rulebooks; read once, cheap to ask for again.

    Raises RulebookError, listing the findings, where any of them is an error.
    """
    return _load(root.resolve())


def load_with_draft(root: Path, draft: Path) -> tuple[Law, Scorecard]:
    """The law in the folder ``root`` as it would be with the draft of a scorecard, and the draft.

    The draft is a YAML file anywhere; it is checked as ``check`` checks a card of the law, and stands in the
    place of the versions of its id with which it overlaps. Raises RulebookError, with every finding about the
    draft if one of them is an error, and as :func:`load` does.
    """
    load(root)
    if not draft.is_file():
        raise RulebookError(
            "there is no such file",
            where=str(draft),
            remedy="Name the id of a scorecard, or the YAML file of a draft.",
        )
    shelf = read_shelf(root.resolve())
    file = lay_draft(shelf, draft)
    findings = examine(shelf, under=Path(file))
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise RulebookError(
            f"the draft cannot be used:\n{_listed(findings)}", where=str(draft), remedy="Correct the draft."
        )
    (entry,) = (entry for entry in shelf.cards if entry.file == file)
    return _law(shelf), entry.model


@cache
def _load(root: Path) -> Law:
    if find_root(root) != root:
        raise RulebookError(
            "this is a part of a folder of rulebooks", where=str(root), remedy=f"Load {find_root(root)}."
        )
    shelf = read_shelf(root)
    errors = [finding for finding in examine(shelf, root) if finding.severity is Severity.ERROR]
    if errors:
        shown = _listed(errors[:SHOWN])
        more = f"\nand {len(errors) - SHOWN} more" if len(errors) > SHOWN else ""
        raise RulebookError(
            f"the rulebooks hold {len(errors)} error{'s' if len(errors) > 1 else ''}:\n{shown}{more}",
            where=str(root),
            remedy="Correct them; `probity rulebook check` lists them all.",
        )
    return _law(shelf)


def _listed(findings: Sequence[Finding]) -> str:
    return "\n".join(str(finding) for finding in findings)


def _law(shelf: Shelf) -> Law:
    return Law(
        rulebooks=_models(shelf.rulebooks),
        schemes=_models(shelf.schemes),
        agencies=_models(shelf.agencies),
        categories=_models(shelf.categories),
        items=_models(shelf.items),
        mappings=_models(shelf.mappings),
        cards=_models(shelf.cards),
        calendars=_models(shelf.calendars),
        cases=tuple((entry.file, entry.model) for entry in shelf.cases),
        lists=_models(shelf.lists),
        measures=_models(shelf.measures),
        memoranda=_models(shelf.memoranda),
        left_out=_models(shelf.left_out),
        list_cases=tuple((entry.file, entry.model) for entry in shelf.list_cases),
        hash=digest(canonical({file: digest(content) for file, content in sorted(shelf.files.items())})),
        books={entry.id: entry.book for entry in shelf.mappings},
        lookups=shelf.lookups,
    )


def _models(kind: Kind[M]) -> tuple[M, ...]:
    return tuple(entry.model for entry in kind)
