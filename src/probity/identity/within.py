"""Codes of persons within running text: wherever text is kept or shown, they are made unreadable (charter 1)."""

from __future__ import annotations

import re

from probity.errors import IdentifierError, NaturalPersonError
from probity.identity.schemes import identify

_ALNUM = "[0-9A-Za-zÑñ&０-９Ａ-Ｚａ-ｚ]"
_CODES = re.compile(
    rf"(?<!{_ALNUM})(?:{_ALNUM}{{13,18}}|[0-9]{{6}}[ -][0-9]{{8}}[ -][0-9]{{3}}[0-9Xx])(?!{_ALNUM})"
)
"""What may be the code of a person within a text."""

_DIGITS = re.compile("[0-9０-９]{6}")
"""What every such code holds; most texts do not, and are done with."""


def without_persons(text: str) -> str:
    """``text`` with every code of a person in it made unreadable, whoever wrote it there; of the same length.

    Names of persons in running text cannot be told from other words; a field that may hold one needs its mask.
    """
    if not _DIGITS.search(text):
        return text
    return _CODES.sub(lambda code: "*" * len(code[0]) if _is_of_a_person(code[0]) else code[0], text)


def _is_of_a_person(code: str) -> bool:
    try:
        identify("local", code, ".+")  # codes of persons are refused under every scheme
    except NaturalPersonError:
        return True
    except IdentifierError:
        return False
    return False
