"""Where organisations are: the region of the registrar, as a unified social credit code tells it (R1.1)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from probity.identity import PROVINCES, region
from probity.rulebook import Text
from probity.scoring.preview.tally import ClassCount

_LEVELS = (2, 4, 6)
"""Digits that tell province, city and county."""


def region_of(subject: str) -> str | None:
    """The six digits of the registrar's region; None for a code that does not tell it."""
    scheme, _, code = subject.partition(":")
    return code[2:8] if scheme == "cn-uscc" else None


def at_one_level(counts: Mapping[str | None, ClassCount]) -> dict[str | None, ClassCount]:
    """Counties put together to provinces; to cities, or left as they are, where all lie in one province or
    city.
    """
    coded = [code for code in counts if code]
    digits = next((n for n in _LEVELS if len({code[:n] for code in coded}) > 1), _LEVELS[0])
    found: dict[str | None, ClassCount] = {}
    for code, count in counts.items():
        whole = found.setdefault(code and code[:digits], ClassCount(np.zeros(4, np.int64)))
        whole.outcomes += count.outcomes
        whole.moves += count.moves
    return found


def region_name(code: str, stated: Mapping[str, str]) -> Text:
    """What a region is called. ``stated``: by six digits, what a register says of those whose code is in no
    table.
    """
    if len(code) == 2 and code in PROVINCES:
        return Text(en=PROVINCES[code], zh=region(f"{code}0000").name or PROVINCES[code])
    known = region(f"{code:0<6}")
    name = known.name if known.exact else stated.get(code)
    return Text(en=name or code)
