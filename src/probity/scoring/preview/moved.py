"""One organisation's move from one card to the other, indicator by indicator."""

from __future__ import annotations

from collections.abc import Iterator

from probity.rulebook import Status
from probity.scoring.explain import Explanation, GroupLine, IndicatorLine
from probity.scoring.preview import words
from probity.scoring.preview.model import Moved, PointChange, Standing
from probity.scoring.sentences import fill


def moved(
    subject: str, name: str, before: Explanation, after: Explanation, *, move: int, generated: bool
) -> Moved:
    """Say where a move comes from. ``before`` and ``after`` hold what may be shown; ``move`` is as the tally
    has it.
    """
    old, new = _lines(before), _lines(after)
    changes = tuple(
        sorted(
            (
                _change(old.get(key), new.get(key))
                for key in dict.fromkeys([*new, *old])
                if _points(old.get(key)) != _points(new.get(key))
            ),
            key=lambda change: -abs(change.difference),
        )
    )
    base, parts = after.base - before.base, sum(change.difference for change in changes)
    known = before.total is not None and after.total is not None
    whole = (after.total or 0) - (before.total or 0) if known else base + parts
    return Moved(
        subject=subject,
        name=name,
        generated=generated,
        contested=any(
            record.status is Status.CONTESTED for line in (*old.values(), *new.values()) for record in line.records
        ),
        before=Standing(total=before.total, grade=before.grade, gates=before.gates),
        after=Standing(total=after.total, grade=after.grade, gates=after.gates),
        move=move,
        changes=changes,
        base=base,
        rest=whole - base - parts,
    )


def _lines(explanation: Explanation) -> dict[str, IndicatorLine]:
    return {line.indicator: line for group in explanation.groups for line in _within(group)}


def _within(group: GroupLine) -> Iterator[IndicatorLine]:
    yield from group.indicators
    for inner in group.groups:
        yield from _within(inner)


def _points(line: IndicatorLine | None) -> int:
    return line.points if line else 0


def _change(before: IndicatorLine | None, after: IndicatorLine | None) -> PointChange:
    known = after or before
    assert known is not None
    if before and after:
        sentence = words.SAME_WORDS if before.why == after.why else words.BOTH
    else:
        sentence = words.ONLY_AFTER if after else words.ONLY_BEFORE
    return PointChange(
        indicator=known.indicator,
        name=known.name,
        before=before.points if before else None,
        after=after.points if after else None,
        why=fill(sentence, before=(before or known).why, after=(after or known).why),
    )
