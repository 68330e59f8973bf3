"""An answer as an officer hands it in: a document, from a file or a form, into a command."""

from __future__ import annotations

from collections.abc import Mapping

from probity.errors import InputError
from probity.measures.acts import Command, Confirm, Decline, Lift
from probity.measures.model import Decision
from probity.procedures import Officer

NEEDS = {
    "confirm": ("subject", "decision", "matter", "look", "reasons"),
    "decline": ("reasons",),
    "lift": ("reasons",),
}
MAY = {"confirm": ("contest",), "decline": (), "lift": ()}
WHERE = ("entry", "memorandum", "measure")


def command_of(document: Mapping[str, object]) -> tuple[tuple[str, str, str], Command]:
    """What a command document is about (entry, memorandum, measure), and the command.

    ``{act: confirm, entry: ..., memorandum: ..., measure: ..., by: {agency: cn-mof, officer: "17"}, subject: ...,
    decision: procurement, matter: ..., look: ..., reasons: ..., contest: ...}``; ``decline`` and ``lift`` need
    only reasons. Raises InputError, naming the key.
    """
    act = _text(document, "act")
    if act not in NEEDS:
        raise InputError(f"there is no act {act!r}", where="act", remedy=f"Write one of: {', '.join(NEEDS)}.")
    known = {"act", "by", *WHERE, *NEEDS[act], *MAY[act]}
    for key in document:
        if key not in known:
            raise InputError(f"{act} has no {key}", where=str(key), remedy=f"It has: {', '.join(sorted(known))}.")
    entry, memorandum, measure = (_text(document, name) for name in WHERE)
    said = {name: _text(document, name) for name in NEEDS[act]}
    return (entry, memorandum, measure), _command(act, said, _by(document), document)


def _command(act: str, said: Mapping[str, str], by: Officer, document: Mapping[str, object]) -> Command:
    if act == "decline":
        return Decline(by, said["reasons"])
    if act == "lift":
        return Lift(by, said["reasons"])
    try:
        decision = Decision(said["decision"])
    except ValueError:
        raise InputError(
            f"{said['decision']!r} is no decision",
            where="decision",
            remedy=f"Write one of: {', '.join(Decision)}.",
        ) from None
    contest = _text(document, "contest") if document.get("contest") else None
    return Confirm(by, said["subject"], decision, said["matter"], said["look"], said["reasons"], contest)


def _by(document: Mapping[str, object]) -> Officer:
    by = document.get("by")
    if not isinstance(by, Mapping):
        raise InputError("it is not said who answers", where="by", remedy="Write by: {agency: ..., officer: ...}.")
    return Officer(_text(by, "agency"), _text(by, "officer"))


def _text(document: Mapping[str, object], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str):
        missing = "is missing" if value is None else "is no text"
        raise InputError(f"{name} {missing}", where=name, remedy="Write it as text, in quotes if it is a number.")
    return value
