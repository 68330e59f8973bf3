"""Load a folder of rulebooks, once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from probity.canon import canonical, digest
from probity.errors import RulebookError
from probity.rulebook.check import examine, find_root
from probity.rulebook.finding import Severity
from probity.rulebook.law import Law
from probity.rulebook.shelf import Kind, M, read_shelf

SHOWN = 20


def load(root: Path) -> Law:
    """The law in the folder ``root``, which holds the rulebooks; read once, cheap to ask for again.

    Raises RulebookError, listing the findings, where any of them is an error.
    """
    return _load(root.resolve())


@cache
def _load(root: Path) -> Law:
    if find_root(root) != root:
        raise RulebookError(
            "this is a part of a folder of rulebooks", where=str(root), remedy=f"Load {find_root(root)}."
        )
    shelf = read_shelf(root)
    errors = [finding for finding in examine(shelf, root) if finding.severity is Severity.ERROR]
    if errors:
        shown = "\n".join(str(finding) for finding in errors[:SHOWN])
        more = f"\nand {len(errors) - SHOWN} more" if len(errors) > SHOWN else ""
        raise RulebookError(
            f"the rulebooks hold {len(errors)} error{'s' if len(errors) > 1 else ''}:\n{shown}{more}",
            where=str(root),
            remedy="Correct them; `probity rulebook check` lists them all.",
        )
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
        hash=digest(canonical({file: digest(content) for file, content in sorted(shelf.files.items())})),
        books={entry.id: entry.book for entry in shelf.mappings},
        lookups=shelf.lookups,
    )


def _models(kind: Kind[M]) -> tuple[M, ...]:
    return tuple(entry.model for entry in kind)
