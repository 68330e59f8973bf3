"""JSON Schemas of the rulebook files, so that editors complete and check what is being written.

They say less than ``check`` does: the shape of one file, not what files say together.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from probity.rulebook.cases import CasesFile
from probity.rulebook.list_cases import ListCasesFile
from probity.rulebook.lists import LeftOutFile, ListsFile
from probity.rulebook.measures import MeasuresFile, MemorandaFile
from probity.rulebook.model import (
    AgenciesFile,
    CalendarRule,
    CatalogueFile,
    CategoriesFile,
    Mapping,
    RulebookInfo,
    SchemesFile,
)
from probity.rulebook.scorecard import Scorecard

KINDS: dict[str, type[BaseModel]] = {
    "rulebook": RulebookInfo,
    "schemes": SchemesFile,
    "agencies": AgenciesFile,
    "categories": CategoriesFile,
    "catalogue": CatalogueFile,
    "intake": Mapping,
    "scorecard": Scorecard,
    "cases": CasesFile,
    "calendar": CalendarRule,
    "lists": ListsFile,
    "left-out": LeftOutFile,
    "list-cases": ListCasesFile,
    "measures": MeasuresFile,
    "memoranda": MemorandaFile,
}
"""What each kind of file holds."""

_WORD = {"type": "string"}
_SHORT_FORMS: dict[str, dict[str, Any]] = {
    "Reads": _WORD,
    "Source": _WORD,
    "Records": _WORD,
    "Share": {"type": "string", "pattern": "^[0-9]{1,7}/[0-9]{1,7}$"},
    "Consumes": {"type": "number", "minimum": 0},
    "Ageing": {"const": "none"},
}
"""How these may be written instead of in full."""


def schemas() -> Iterator[tuple[str, str]]:
    """Name and text of every schema file."""
    for kind, model in KINDS.items():
        schema = model.model_json_schema()
        for name, part in schema.get("$defs", {}).items():
            schema["$defs"][name] = _as_written(name, part)
        text = {"$schema": "https://json-schema.org/draft/2020-12/schema", **_without_inner_defaults(schema)}
        yield f"{kind}.schema.json", json.dumps(text, ensure_ascii=False, indent=2) + "\n"


def export_schemas(folder: Path) -> list[Path]:
    """Write every schema into ``folder`` (made where it is missing); the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in schemas():
        path = folder / name
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def _as_written(name: str, part: dict[str, Any]) -> dict[str, Any]:
    """The schema of a part as people write it, short forms included."""
    described = {"description": part["description"]} if "description" in part else {}
    if name == "Period":
        return {"type": "string", "pattern": "^[0-9]{1,5}[ymd]$", **described}
    if name == "Condition":
        plain = {"type": ["string", "boolean"]}
        part["properties"]["is"] = {"anyOf": [plain, {"type": "array", "items": _WORD}], "title": "Is"}
    if name == "Records":
        part["properties"]["item"] = part["properties"]["items"]["items"]
        part["anyOf"] = [{"required": [key]} for key in ("item", "items")]
        part.pop("required", None)
    short = _SHORT_FORMS.get(name)
    return {"anyOf": [short, part], **described} if short else part


def _without_inner_defaults(schema: Any) -> Any:
    """Without the defaults that are held in other units than they are written (milli-points, millionths)."""
    if isinstance(schema, list):
        return [_without_inner_defaults(part) for part in schema]
    if isinstance(schema, dict):
        return {
            key: _without_inner_defaults(part)
            for key, part in schema.items()
            if key != "default" or isinstance(part, str | bool)
        }
    return schema
