"""Records of CSV text, found in one pass over its bytes (RFC 4180).

The pass knows quotation marks, so that a line break inside a quoted field does not end a record, and it
counts fields, so that a record with too many or too few can be set aside before anything is parsed. A
quotation mark inside an unquoted field is text, as every reader of CSV holds. Where a quoted field is
followed by anything but a delimiter or a line break, the mark that opened it was a stray one: the record is
malformed and ends with its first physical line, so that its neighbours stay whole.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

WRONG_COUNT, MALFORMED, NUL = 1, 2, 4
"""Flags of a record."""

_LF, _CR, _QUOTE = 10, 13, 34
_FRESH, _PLAIN, _QUOTED, _CLOSED = 0, 1, 2, 3


class Records(NamedTuple):
    """Where records begin and end (their line break not included), and their flags.

    ``consumed`` is where reading must go on; ``inside_quotes`` says that the text ended in a quoted field.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    flags: NDArray[np.uint8]
    consumed: int
    inside_quotes: bool


def split(text: bytes | bytearray, delimiter: int, fields: int, *, final: bool, limit: int) -> Records:
    """The first ``limit`` complete records of ``text``; empty lines are no records.

    ``fields`` is how many a record must have. ``final``: nothing follows, so the last record needs no line
    break.
    """
    starts = np.empty(limit, np.int64)
    ends = np.empty(limit, np.int64)
    flags = np.empty(limit, np.uint8)
    data = np.frombuffer(text, np.uint8)
    count, consumed, inside = _split(data, delimiter, fields, final, starts, ends, flags)
    return Records(starts[:count], ends[:count], flags[:count], consumed, inside)


def _scan(data: Any, delimiter: int, fields: int, final: bool, starts: Any, ends: Any, flags: Any) -> Any:
    size, limit = data.size, starts.size
    count = at = 0
    while count < limit and at < size:
        begin, state, seen, flag = at, _FRESH, 1, 0
        break_inside = -1
        while True:
            if at == size:
                if not final or state == _QUOTED:
                    return count, begin, state == _QUOTED
                end = at
                break
            byte = data[at]
            if byte == 0:
                flag |= NUL
            if state == _QUOTED:
                if byte == _QUOTE:
                    state = _CLOSED
                elif break_inside < 0 and byte in (_LF, _CR):
                    break_inside = at
            elif byte == delimiter:
                seen += 1
                state = _FRESH
            elif byte in (_LF, _CR):
                if byte == _CR and at + 1 == size and not final:
                    return count, begin, False
                end = at
                at += 2 if byte == _CR and at + 1 < size and data[at + 1] == _LF else 1
                break
            elif byte == _QUOTE and state in (_FRESH, _CLOSED):
                state = _QUOTED
            elif state == _CLOSED:
                flag |= MALFORMED
                if break_inside >= 0:
                    end = break_inside
                    at = end + (2 if data[end] == _CR and data[end + 1] == _LF else 1)
                    break
                state = _PLAIN
            else:
                state = _PLAIN
            at += 1
        if end > begin:
            starts[count], ends[count] = begin, end
            flags[count] = flag | (WRONG_COUNT if seen != fields else 0)
            count += 1
    return count, at, False


_split = numba.njit(cache=True)(_scan)
