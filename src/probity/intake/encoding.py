"""Which encoding a file is in, and its text as UTF-8; never mojibake.

A file is UTF-8 (with or without a byte order mark) or GB18030, as the mapping or the caller declares it or
as its bytes show. Anything else is an IntakeError that names the first byte at fault and its line:

- bytes that are neither valid UTF-8 nor plausible GB18030 (Latin-1, Big5, UTF-16);
- a file declared as one and written in the other;
- the rare short file whose bytes are good text in both: it has to be declared.

GB18030 is plausible when nine in ten of its characters beyond ASCII belong to the core set GB 2312, as in
any Chinese text; Latin letters with accents, misread, give pairs outside of it.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

import numpy as np

from probity.errors import IntakeError

BLOCK = 4 << 20
LONGEST_LINE = 16 << 20
"""Bytes. A longer line is a wrong file or a quote left open, not a record."""

SAVE_AS = "Save the file as UTF-8, or as GB18030 and declare it (--encoding gb18030 or in the mapping)."
_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
LATIN = 0xC5
"""The first byte, in UTF-8, of the last letters of Latin Extended-A: Western text has none beyond it."""
TWO_BYTES = 0xDF
"""The highest first byte of a character that UTF-8 writes in two bytes."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What a first pass over a file found: size in bytes, SHA-256, encoding, length of its byte order mark."""

    size: int
    sha256: str
    encoding: str
    mark: int = 0


@dataclass(frozen=True, slots=True)
class _Fault:
    """The first byte that is not UTF-8."""

    offset: int
    line: int
    byte: int


def content_hash(path: Path) -> Survey:
    """The survey of a file that is not text."""
    with path.open("rb") as file:
        hasher, size = sha256(), 0
        while block := file.read(BLOCK):
            hasher.update(block)
            size += len(block)
    return Survey(size, hasher.hexdigest(), "binary")


def survey(path: Path, declared: str) -> Survey:
    """One pass over a text file: its hash and its encoding. ``declared``: utf-8, gb18030 or detect.

    Raises IntakeError for an empty file, a wrong encoding, and a line of more than 16 MB; memory stays flat.
    """
    hasher, size, lines, tail = sha256(), 0, 0, 0
    decoder = codecs.getincrementaldecoder("utf-8")()
    fault: _Fault | None = None
    highest = 0
    with path.open("rb") as file:
        mark = _mark(file.read(4), path)
        file.seek(0)
        while True:
            block = file.read(BLOCK)
            if fault is None:
                try:
                    decoder.decode(block, final=not block)
                    highest = max(highest, _highest(block))
                except UnicodeDecodeError as error:
                    fault = _locate(error, block, size, lines)
            if not block:
                break
            hasher.update(block)
            tail = _longest(block, tail, path, lines)
            size += len(block)
            lines += block.count(b"\n")
    if size <= mark:
        raise IntakeError("the file is empty", where=str(path), remedy="Check the export; nothing was taken in.")
    encoding = _decide(path, declared, fault, highest, mark)
    return Survey(size, hasher.hexdigest(), encoding, mark)


def utf8_blocks(file: BinaryIO, found: Survey, path: Path) -> Iterator[tuple[bytes, int]]:
    """The file's text in UTF-8, a block at a time, each with the number of bytes of the file read so far."""
    file.seek(found.mark)
    done = found.mark
    decoder = codecs.getincrementaldecoder(found.encoding)()
    while block := file.read(BLOCK):
        done += len(block)
        yield block if found.encoding == "utf-8" else decoder.decode(block).encode(), done


def _mark(first: bytes, path: Path) -> int:
    for mark, name in _MARKS.items():
        if first.startswith(mark):
            raise IntakeError(f"the file is {name}", where=str(path), remedy=SAVE_AS)
    return len(codecs.BOM_UTF8) if first.startswith(codecs.BOM_UTF8) else 0


def _highest(block: bytes) -> int:
    return int(np.frombuffer(block, np.uint8).max(initial=0))


def _longest(block: bytes, tail: int, path: Path, lines: int) -> int:
    """The length of the line that is still open after ``block``, ``tail`` bytes of it before."""
    first = min((at for at in (block.find(b"\n"), block.find(b"\r")) if at >= 0), default=len(block))
    if tail + first > LONGEST_LINE:
        raise too_long(path, f"line {lines + 1:,}")
    last = max(block.rfind(b"\n"), block.rfind(b"\r"))
    return tail + len(block) if last < 0 else len(block) - last - 1


def too_long(path: Path, where: str) -> IntakeError:
    """The error for a line or record beyond the limit."""
    return IntakeError(
        f"{where} is longer than {LONGEST_LINE >> 20} MB",
        where=str(path),
        remedy="This is not a table of records, or a quotation mark was left open. Check the export.",
    )


def _locate(error: UnicodeDecodeError, block: bytes, before: int, lines: int) -> _Fault:
    # The decoder puts the bytes that it kept from the last block before this one.
    kept = len(error.object) - len(block)
    inside = max(error.start - kept, 0)
    line = lines + block.count(b"\n", 0, inside) + 1
    return _Fault(before + error.start - kept, line, error.object[error.start])


def _decide(path: Path, declared: str, fault: _Fault | None, highest: int, mark: int) -> str:
    if declared == "utf-8" or mark:
        if fault:
            raise _wrong(path, fault, "the file is not UTF-8")
        return "utf-8"
    if fault is None and highest > TWO_BYTES:
        if declared == "gb18030":
            raise IntakeError(
                "the file is declared as GB18030 and is UTF-8", where=str(path), remedy="Use --encoding utf-8."
            )
        return "utf-8"
    if fault is None and highest < 0x80:
        return "utf-8"
    chinese = _gb18030(path)
    if declared == "gb18030":
        if isinstance(chinese, _Fault):
            raise _wrong(path, chinese, "the file is not GB18030")
        return "gb18030"
    if fault:
        if chinese is True:
            return "gb18030"
        raise _wrong(path, fault, "the file is neither UTF-8 nor GB18030")
    if chinese is True and highest > LATIN:
        raise IntakeError(
            "the file's few characters beyond ASCII are good text both in UTF-8 and in GB18030",
            where=str(path),
            remedy="Say which it is: --encoding utf-8 or --encoding gb18030.",
        )
    return "utf-8"


def _wrong(path: Path, fault: _Fault, what: str) -> IntakeError:
    return IntakeError(
        f"{what}: byte 0x{fault.byte:02X} at offset {fault.offset:,} (line {fault.line:,})",
        where=str(path),
        remedy=SAVE_AS,
    )


def _gb18030(path: Path) -> bool | _Fault:
    """Whether the file is plausible GB18030, or the first byte that makes it invalid."""
    decoder = codecs.getincrementaldecoder("gb18030")()
    beyond = core = done = lines = 0
    with path.open("rb") as file:
        while True:
            block = file.read(BLOCK)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                return _locate(error, block, done, lines)
            ascii_ = len(text.encode("ascii", "ignore"))
            beyond += len(text) - ascii_
            core += (len(text.encode("gb2312", "ignore")) - ascii_) // 2
            if not block:
                return beyond > 0 and core >= 0.9 * beyond
            done += len(block)
            lines += block.count(b"\n")
