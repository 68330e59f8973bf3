"""Whole columns of codes at once, with the verdicts of the scalar functions.

Rows that look like a USCC (18 legal characters) are judged in numpy, position by position down the column.
Every other row, and the few that have the outline of a citizen number, are given to the scalar function, so
there is one meaning and a fast path to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from probity.identity.checks import (
    ALPHABET,
    ORGANISATION_ALPHABET,
    ORGANISATION_CHECKS,
    ORGANISATION_WEIGHTS,
    USCC_WEIGHTS,
)
from probity.identity.fault import Fault, Verdict, tidy
from probity.identity.uscc import examine

Codes: TypeAlias = pa.Array | pa.ChunkedArray | NDArray[np.object_] | Sequence[str | None]
"""A column of text as callers have it; text that is not valid Unicode is refused by arrow."""

_BLOCK = 1 << 14
_UNDECIDED = 255


def _values(alphabet: str) -> bytes:
    table = bytearray([_UNDECIDED]) * 256
    for value, character in enumerate(alphabet):
        table[ord(character)] = value
    return bytes(table)


_USCC_VALUES = _values(ALPHABET)
_ORGANISATION_VALUES = _values(ORGANISATION_ALPHABET)
_CHECK_VALUES = np.array([ALPHABET.index(c) for c in ORGANISATION_CHECKS], dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class Column:
    """Normalised codes, null where refused (so that a person's code goes no further), and a verdict per row."""

    codes: pa.StringArray
    verdicts: NDArray[np.uint8]


def strings(codes: Codes) -> pa.StringArray:
    """Any column of text as one arrow array."""
    if isinstance(codes, pa.ChunkedArray):
        codes = codes.combine_chunks()
    if isinstance(codes, pa.Array):
        return codes.cast(pa.string())
    return pa.array(codes, type=pa.string(), from_pandas=True)


def check_column(codes: Codes) -> Column:
    """Judge a whole column of USCCs; row by row the verdict of :func:`probity.identity.uscc.examine`."""
    given = strings(codes)
    upper = pc.ascii_upper(given)
    fits = pc.fill_null(pc.equal(pc.binary_length(upper), 18), False).to_numpy(zero_copy_only=False)
    quick = _judge(_matrix(upper if fits.all() else upper.filter(pa.array(fits))))
    verdicts = np.full(len(given), _UNDECIDED, dtype=np.uint8)
    verdicts[fits] = quick
    return _settle(given, upper, verdicts)


def by_value(codes: Codes, judge: Callable[[str], tuple[str, Fault | None]]) -> Column:
    """Judge a column by a scalar function, each distinct value once."""
    coded = pc.dictionary_encode(strings(codes))
    judged = [judge(value) for value in coded.dictionary.to_pylist()]
    texts = pa.array([None if fault else text for text, fault in judged], type=pa.string())
    # The last entry is for the rows without a value.
    verdicts = np.array([f.verdict if f else 0 for _, f in judged] + [Verdict.MISSING], dtype=np.uint8)
    rows = pc.fill_null(coded.indices, len(judged)).to_numpy(zero_copy_only=False)
    return Column(texts.take(coded.indices), verdicts[rows])


def _matrix(codes: pa.StringArray) -> NDArray[np.uint8]:
    """The bytes of an array in which every text has 18 of them, one row each; nothing is copied."""
    if not len(codes):
        return np.empty((0, 18), dtype=np.uint8)
    _, offsets, data = codes.buffers()
    first = np.frombuffer(offsets, dtype=np.int32)[codes.offset]
    return np.frombuffer(data, dtype=np.uint8, count=18 * len(codes), offset=first).reshape(-1, 18)


def _judge(codes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    verdicts = np.empty(len(codes), dtype=np.uint8)
    for start in range(0, len(codes), _BLOCK):
        verdicts[start : start + _BLOCK] = _judge_block(codes[start : start + _BLOCK])
    return verdicts


def _judge_block(codes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Verdicts of rows of 18 bytes, ``_UNDECIDED`` where the scalar function has to look."""
    text = codes.T.tobytes()
    values = np.frombuffer(text.translate(_USCC_VALUES), dtype=np.uint8).reshape(18, -1)
    parts = text[8 * len(codes) : 16 * len(codes)].translate(_ORGANISATION_VALUES)
    organisation = np.frombuffer(parts, dtype=np.uint8).reshape(8, -1)

    total = _weighted(values[:17], USCC_WEIGHTS)
    right = (total + values[17]) % 31 == 0
    right_inside = _CHECK_VALUES[_weighted(organisation, ORGANISATION_WEIGHTS) % 11] == values[16]
    verdicts = np.where(right_inside, np.uint8(Verdict.OK), np.uint8(Verdict.ORGANISATION_CHECK))
    verdicts[~right] = Verdict.CHECK_CHARACTER
    verdicts[(values[0] == 9) & (values[1] == 2)] = Verdict.PERSON

    region_digits = values[2:8].max(axis=0)
    legal = (values.max(axis=0) < 31) & (region_digits < 10)
    born = ((values[6] == 1) & (values[7] == 9)) | ((values[6] == 2) & (values[7] == 0))
    verdicts[~legal | (born & (values[:17].max(axis=0) < 10))] = _UNDECIDED
    return verdicts


def _weighted(values: NDArray[np.uint8], weights: Sequence[int]) -> NDArray[np.uint16]:
    """The weighted sum down each column; exact for legal characters, any number for others."""
    total = np.zeros(values.shape[1], dtype=np.uint16)
    for row, weight in zip(values, weights, strict=True):
        total += row * np.uint16(weight)
    return total


def _settle(given: pa.StringArray, upper: pa.StringArray, verdicts: NDArray[np.uint8]) -> Column:
    """Let the scalar function decide what is undecided, and drop the codes that are refused."""
    rows = np.flatnonzero(verdicts == _UNDECIDED)
    texts = []
    for row, text in zip(rows, given.take(pa.array(rows)).to_pylist(), strict=True):
        tidied = tidy(text or "")
        fault = examine(tidied)
        verdicts[row] = fault.verdict if fault else Verdict.OK
        texts.append(tidied)
    good = verdicts == Verdict.OK
    if good.all() and not texts:
        return Column(upper, verdicts)
    judged = np.zeros(len(given), dtype=np.bool_)
    judged[rows] = True
    whole = pc.replace_with_mask(upper, pa.array(judged), pa.array(texts, type=pa.string()))
    return Column(pc.if_else(pa.array(good), whole, pa.scalar(None, pa.string())), verdicts)
