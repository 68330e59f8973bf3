"""The bands of a card on a page: what each is called in the visitor's language, and where its label stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol
from unicodedata import east_asian_width

from probity.portal.formats import called
from probity.rulebook import Text

PHONE = 330
"""Pixels of the strip's width on a narrow phone. Labels that do not collide there collide nowhere."""
NARROW, WIDE = 8.5, 15.0
"""Pixels of a letter and of a Chinese character of a label, on the generous side."""
PAD = 6.0
"""Pixels that a label keeps from its own leader, from the next label, and from the ends of its band."""
SHORT = 2
"""Characters up to which a grade is taken for a letter, whatever its script."""


class Named(Protocol):
    """A grade with its name: a band of a card, one of a preview's, or the next better one."""

    @property
    def grade(self) -> str:
        """The grade itself, as it is stored."""

    @property
    def name(self) -> Text:
        """What it means, in both languages."""


@dataclass(frozen=True, slots=True)
class Label:
    """A band's label. ``row`` 0 is inside the band; the others hang below it, each on a line from its middle.

    ``anchor``: the end of the text at which that line stands.
    """

    text: str
    row: int
    anchor: str


@dataclass(frozen=True, slots=True)
class _Hanging:
    """A label below the strip, in pixels of a narrow phone: where its line stands, and how far it reaches."""

    line: float
    start: float
    end: float
    row: int

    def bars(self, line: float, start: float, end: float, row: int) -> bool:
        """Whether another one in ``row`` would lie over this one, its line, or the other way round."""
        if self.row == row and self.start < end and start < self.end:
            return True
        return start < self.line < end if self.row >= row else self.start < line < self.end


def is_letter(grade: str) -> bool:
    """Whether a grade is a letter or a code such as AA+, which every language writes alike."""
    return len(grade) <= SHORT or grade.isupper()


def band_called(band: Named) -> str:
    """A letter as it is; a grade that is a word by the band's name in the visitor's language."""
    return band.grade if is_letter(band.grade) else called(band.name)


def grade_called(grade: str | None, bands: Iterable[Named]) -> str:
    """The same of a grade by itself; as it is where no band has it, such as one of an older version."""
    return next((band_called(band) for band in bands if band.grade == grade), grade or "")


def labels(bands: Sequence[Named], stretches: Sequence[tuple[float, float]]) -> list[Label | None]:
    """Where the label of each band stands; ``stretches`` are their shares of the scale, rising.

    A label that does not fit into its band on a phone hangs below it, in the first row where it meets no other.
    There is none where it would stick out of the strip, nor for a band that no total earns: it has no place there.
    """
    found: list[Label | None] = [None] * len(bands)
    outwards = sorted(range(len(bands)), key=lambda n: abs(sum(stretches[n]) - 1))
    hanging: list[_Hanging] = []
    for n in outwards:
        (low, high), text = stretches[n], band_called(bands[n])
        if low >= high:
            continue
        wide, line = _pixels(text) + 2 * PAD, (low + high) / 2 * PHONE
        if len(text) <= SHORT or wide <= (high - low) * PHONE:
            found[n] = Label(text, 0, "middle")
            continue
        anchor = "end" if line > PHONE / 2 else "start"
        start, end = (line - wide, line) if anchor == "end" else (line, line + wide)
        rows = (
            row
            for row in range(1, len(bands) + 1)
            if not any(each.bars(line, start, end, row) for each in hanging)
        )
        row = next(rows, None)
        if row is not None and start >= 0 and end <= PHONE:
            hanging.append(_Hanging(line, start, end, row))
            found[n] = Label(text, row, anchor)
    return found


def _pixels(text: str) -> float:
    return sum(WIDE if east_asian_width(each) in "WF" else NARROW for each in text)
