"""Names of organisations: cleaned for display, and normalised for comparison. The original is kept elsewhere."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum


class NameFinding(StrEnum):
    """What is odd about a name as it was delivered."""

    NUL = "nul"
    CONTROL = "control"
    BIDI = "bidi"
    """Characters that turn the direction of the text, so that a name reads as another."""
    INVISIBLE = "invisible"
    FORMULA = "formula"
    """Begins as a spreadsheet formula does; kept, but an export must quote it."""
    PRIVATE = "private"
    """Characters without a public meaning, usually rare ideographs lost by an old encoding."""
    REPLACEMENT = "replacement"
    """The mark that a decoder leaves for bytes it could not read."""


_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_FORMULA = re.compile(r"[=+@-]\s*[\w(\"'=+@-]|[=@+-].*[(|!]")


def clean(name: str) -> tuple[str, tuple[NameFinding, ...]]:
    """``name`` as it can be shown, and what was found: unseen characters go, runs of space become one space."""
    plain = name.isprintable() and "\ufffd" not in name
    found = set() if plain else {finding for c in name if (finding := _finding(c))}
    if found:
        name = "".join(" " if c.isspace() else c for c in name if c.isspace() or not _is_dropped(c))
    shown = " ".join(name.split())
    if _FORMULA.match(shown):
        found.add(NameFinding.FORMULA)
    return shown, tuple(f for f in NameFinding if f in found)


def _finding(character: str) -> NameFinding | None:
    if character == "\0":
        return NameFinding.NUL
    if character in _BIDI:
        return NameFinding.BIDI
    if character == "\ufffd":
        return NameFinding.REPLACEMENT
    return {
        "Cc": NameFinding.CONTROL,
        "Cf": NameFinding.INVISIBLE,
        "Zl": NameFinding.CONTROL,
        "Zp": NameFinding.CONTROL,
        "Cs": NameFinding.REPLACEMENT,
        "Co": NameFinding.PRIVATE,
    }.get(unicodedata.category(character))


def _is_dropped(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs"}


# -- comparison -------------------------------------------------------------------------------------


class _Folding(dict[int, str]):
    """What becomes of each character, worked out when it is first met: marks of punctuation and brackets of
    every kind become a space, dots and apostrophes vanish (``S.A.`` is ``SA``), unseen characters vanish."""

    def __missing__(self, point: int) -> str:
        character = chr(point)
        category = unicodedata.category(character)
        if character in ".'’‘`´·" or (category in {"Cc", "Cf", "Cs"} and not character.isspace()):
            kept = ""
        elif character == "&":
            kept = " and "
        elif category[0] in "PSZ" or character.isspace():
            kept = " "
        else:
            kept = "" if 0x300 <= point <= 0x36F else character
        self[point] = kept
        return kept


_FOLDING = _Folding()

_IDEOGRAPH = (
    r"[\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_SPACE_AT_IDEOGRAPH = re.compile(rf"(?<={_IDEOGRAPH}) | (?={_IDEOGRAPH})")
_SINGLE_LETTERS = re.compile(r"\b[a-z](?: [a-z]\b)+")
_CHINESE_FORM = "股份有限公司|股份公司|有限公司|集团|集團"
_CHINESE_END = re.compile(rf"(?:{_CHINESE_FORM})$")
_LATIN_FORM = (
    r" (?:ltd|limited|l ?l ?c|l ?l ?p|lp|inc|incorporated|corp|corporation|(?:and )?co|company|p ?l ?c"
    r"|pte|pty|gmbh|(?:(?:s ?a ?b|s ?a ?p ?i|s ?a|s ?c|s ?p ?r|s) )?de (?:r ?l(?: de c ?v)?|c ?v)|s ?r ?l|s ?a)"
    r"(?= |$)"
)
_LATIN_END = re.compile(rf"(?:{_LATIN_FORM})++$")
_ONLY_FORMS = re.compile(rf"(?:{_LATIN_FORM}| ?(?:{_CHINESE_FORM}))++")
_LONGEST = 1000


def normalise(name: str) -> str:
    """``name`` for comparison: two spellings of one name give one text. Not for display.

    Width, case, accents, brackets, punctuation, spaces and the words of the legal form (Ltd, LLC, Inc,
    有限公司, 集团, S.A. de C.V. and the like) no longer count. Normalising twice changes nothing. A name of
    nothing but a legal form keeps it, and a name of nothing but marks stays as it is. At most 1000
    characters are compared.
    """
    text = name
    while (folded := _fold(text)) != text:
        text = folded
    return text


def _fold(name: str) -> str:
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold()).translate(_FOLDING)
    text = " ".join(unicodedata.normalize("NFKC", folded).split())[:_LONGEST].strip()
    if not text:
        visible = (c for c in unicodedata.normalize("NFKC", name) if not _is_dropped(c) or c.isspace())
        return " ".join("".join(visible).split())[:_LONGEST].strip()
    text = text.replace("有限责任公司", "有限公司").replace("有限責任公司", "有限公司")
    if not _ONLY_FORMS.fullmatch(f" {text}"):
        text = _CHINESE_END.sub("", _LATIN_END.sub("", text))
    text = _SINGLE_LETTERS.sub(lambda run: run[0].replace(" ", ""), text)
    return _SPACE_AT_IDEOGRAPH.sub("", text).strip()
