"""Canonical bytes and hashes: the same content gives the same bytes on every machine, for ever.

Canonical JSON is RFC 8785 (JCS). What Probity hashes holds text, integers, booleans, nulls, lists and
objects, and no binary fractions: money and points are counted in whole minor units.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import cast

import orjson
import rfc8785

from probity.errors import InputError

__all__ = ["Plain", "canonical", "canonical_ascii_keys", "digest", "digests"]

_Atom = str | int | bool | None
Plain = _Atom | Sequence["Plain"] | Mapping[str, "Plain"]
"""What can be canonicalised: JSON without fractions."""


def canonical(value: Plain) -> bytes:
    """The RFC 8785 bytes of ``value``.

    Raises InputError for what has no canonical form: fractions, integers beyond 2**53, lone surrogates.
    """
    _refuse_fractions(value)
    try:
        return rfc8785.dumps(cast("dict[str, object]", value))  # type: ignore[arg-type]
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise InputError(
            f"this value has no canonical form (RFC 8785): {error}",
            remedy="Write whole numbers below 2**53 and text without lone surrogates.",
        ) from error


def canonical_ascii_keys(value: Mapping[str, Plain]) -> bytes:
    """The same bytes as :func:`canonical`, ten times faster, for what intake builds row by row.

    The caller promises ASCII keys and no fractions; a property test holds the two functions equal.
    """
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def digest(content: bytes) -> str:
    """SHA-256 of ``content``, 64 lower-case hexadecimal digits."""
    return sha256(content).hexdigest()


def digests(contents: Iterable[bytes]) -> list[str]:
    """:func:`digest` of each."""
    return [sha256(content).hexdigest() for content in contents]


def _refuse_fractions(value: Plain) -> None:
    if isinstance(value, float):
        raise InputError(
            f"{value!r} is a binary fraction and would not hash alike everywhere",
            remedy="Count in whole minor units (fen, cents, milli-points) or write it as text.",
        )
    if isinstance(value, Mapping):
        for inner in value.values():
            _refuse_fractions(inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            _refuse_fractions(inner)
