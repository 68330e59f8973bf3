"""What pydantic says about a part of a rulebook, said again for the person who wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from probity.rulebook.finding import Finding, Severity, suggestion

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

    from probity.rulebook.reading import Document, Loc

NO_BASIS = "Name the law, regulation or decision it rests on; without one there is no record (charter 2)."

_REMEDIES = {
    "string_type": "Write text here; put numbers and dates that are meant as text in quotes.",
    "string_pattern_mismatch": "An id is lower-case words joined by '-', '.' or '/'.",
    "string_too_short": "Write it out, or delete the key.",
    "date_type": "Write a day as 2020-08-04, without quotes.",
    "date_from_datetime_parsing": "Write a day that exists, as 2020-08-04.",
    "date_from_datetime_inexact": "Write a day that exists, as 2020-08-04.",
    "int_type": "Write a whole number, without quotes.",
    "int_parsing": "Write a whole number.",
    "int_from_float": "Write a whole number, of a smaller unit if need be.",
    "tuple_type": "Write a list: one entry to a line, each after a dash.",
    "too_short": "Write at least one, or delete the key where it may be left out.",
    "dict_type": "Write keys and values, indented below.",
    "model_type": "Write keys and values, indented below.",
}
_REASONS = {
    "tuple_type": "a list is wanted",
    "dict_type": "keys and values are wanted",
    "model_type": "keys and values are wanted",
    "too_short": "there must be at least one",
}


def findings_of(
    error: ValidationError, model: type[BaseModel], file: str, document: Document, at: Loc
) -> Iterator[Finding]:
    """One finding for every fault that pydantic reports of the part at ``at``."""
    for fault in error.errors(include_url=False, include_context=False):
        if fault["type"] == "too_short" and fault["input"]:
            continue  # not empty: its members have findings of their own
        reason, remedy = _say(fault, model)
        yield Finding(file, document.line((*at, *fault["loc"])), Severity.ERROR, reason, remedy)


def _say(fault: ErrorDetails, model: type[BaseModel]) -> tuple[str, str]:
    kind = fault["type"]
    place = ".".join(str(step) for step in fault["loc"])
    last = str(fault["loc"][-1]) if fault["loc"] else ""
    if last == "basis":
        return f"the legal basis is {'missing' if kind == 'missing' else 'blank or not text'}", NO_BASIS
    if kind == "missing":
        return f"{place} is missing", f"Add {last}: it is required here."
    if kind == "extra_forbidden":
        if fault["input"] is None:
            return f"there is no key {last} here", "Inside {...}, text with a comma needs quotes."
        others = "The keys that may stand here are in the schema of this kind of file (rulebooks/schemas)."
        return f"there is no key {last} here", suggestion(last, _keys(model), others)
    message = _REASONS.get(kind, fault["msg"].removeprefix("Value error, "))
    message = message[:1].lower() + message[1:]
    written = "" if kind == "value_error" else f", not {_short(fault['input'])}"
    otherwise = "Write what the schema of this kind of file allows (rulebooks/schemas)."
    return f"{place}: {message}{written}" if place else message + written, _REMEDIES.get(kind, otherwise)


def _short(value: object) -> str:
    text = repr(value) if isinstance(value, str | int | float | None) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


@cache
def _keys(model: type[BaseModel]) -> frozenset[str]:
    """Every key that may stand anywhere in such a file."""
    schema: dict[str, Any] = model.model_json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    return frozenset(key for part in parts for key in part.get("properties", {}))
