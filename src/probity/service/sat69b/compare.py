"""What became of each procedure from one edition of the list to the next, and whether the article allows it.

Every move is held against the article; one that it does not allow is counted with its reason. Where such a move
speaks against the organisation, no entry follows from it here (charter 4).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from probity.clock import Calendar, NotAnnounced, working_day
from probity.rulebook import Law, ListRule
from probity.service.sat69b.model import LIST, STEPS, Edition, Procedure, Stage, Suppressed, first_day

BEFORE_PUBLICATION = 30
"""Working days between the notification of a decision and its publication (Código Fiscal, artículo 69-B)."""


class Why(StrEnum):
    """Why a move is not lawful."""

    TOO_EARLY = "published before the time to respond and the thirty days after the decision can have run"
    BACK = "decided, and only presumed again"
    UNDONE = "decided again after a ruling, without a new presumption or a new decision"
    ANEW = "decided again after a ruling by a new decision, without a new presumption"
    AFTER_REBUTTAL = "decided after the presumption was rebutted, without a new presumption"
    REOPENED = "presumed again after it was over, without a new presumption"
    REBUTTED_LATE = "rebutted after the decision or the ruling, which the article does not know"
    RULED_LATE = "a ruling after the presumption was rebutted, when there was nothing to rule on"
    VANISHED = "gone from the list without an order"
    APPEARED = "older than the edition before, where it did not stand"
    RESTORED = "blotted out by order in the edition before, and listed again with the same documents"
    OTHER_NUMBER = "a document has another number than before"
    OTHER_DATE = "a document has another date than before"
    OTHER_PUBLICATION = "the day of a first publication is another than before"
    ERASED = "a step that was documented is documented no more"


HOLDS = (Why.TOO_EARLY, Why.UNDONE, Why.ANEW, Why.AFTER_REBUTTAL, Why.RESTORED)
"""Reasons for which a decision is no entry here, until a new presumption, or a person, decides otherwise."""

P, R, D, F = Stage.PRESUMED, Stage.REBUTTED, Stage.DEFINITIVE, Stage.FAVOURABLE
_MOVES = {
    (D, P): Why.BACK,
    (R, P): Why.REOPENED,
    (F, P): Why.REOPENED,
    (R, D): Why.AFTER_REBUTTAL,
    (D, R): Why.REBUTTED_LATE,
    (F, R): Why.REBUTTED_LATE,
    (R, F): Why.RULED_LATE,
}
"""Moves that the article does not know. All others that are none of these, to the same stage included, it does."""


@dataclass(frozen=True, slots=True)
class Move:
    """What became of one procedure. ``after``: None where it is gone; ``order``: the row that blots it out."""

    before: Procedure | None
    after: Procedure | None
    why: tuple[Why, ...] = ()
    order: Suppressed | None = None

    @property
    def lawful(self) -> bool:
        """Whether the article allows it."""
        return not self.why

    @property
    def held(self) -> str | None:
        """Why the decision that it brings is no entry here; None where it is one, or brings none."""
        if self.after is None or self.after.stage is not D:
            return None
        if found := [why.value for why in self.why if why in HOLDS]:
            return "; ".join(found)
        if self.before is None or self.before.stage is not D:
            return None
        return self.before.held

    @property
    def name(self) -> str:
        """From where to where."""
        gone = "suppressed by a court" if self.order and self.order.by_court else "suppressed by the authority"
        end = self.after.stage.value if self.after else gone if self.order else "gone"
        return f"{self.before.stage.value if self.before else 'new'} -> {end}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two editions compared. ``open``: procedures that are gone and may be more than one of the blotted-out rows,
    so that none can be told. ``orders_new`` and ``orders_gone`` count blotted-out rows that only the
    second, or only the first edition has; ``orders_matched`` and ``restored`` those of each that were matched.
    ``unread``: procedures whose row in the second could not be read; they are left as they stood."""

    moves: tuple[Move, ...]
    open: int
    orders_new: int
    orders_matched: int
    orders_gone: int
    restored: int
    unread: int

    def counts(self) -> dict[str, Counter[str]]:
        """By move, how many are lawful, and how many not for which reason; with two reasons under both."""
        found: dict[str, Counter[str]] = {}
        for move in self.moves:
            found.setdefault(move.name, Counter()).update([why.value for why in move.why] or ["lawful"])
        return found


def law_of(law: Law) -> tuple[ListRule, Calendar]:
    """The list as it is law now, and its calendar."""
    rule = law.list(LIST)
    return rule, law.calendar(rule.steps.calendar if rule.steps else "mx")


def earliest(presumption: date, rule: ListRule, calendar: Calendar) -> date | NotAnnounced:
    """The earliest day on which a definitive list may name somebody whose presumption the gazette had on that day.

    The time to respond runs from the last notification, which is not before the gazette; the decision is taken
    when it is over, and may be published thirty working days after it was notified.
    """
    respond = rule.steps.respond.number if rule.steps else 0
    return working_day(presumption, respond + 1 + BEFORE_PUBLICATION, calendar)


def too_early(procedure: Procedure, rule: ListRule, calendar: Calendar) -> bool:
    """Whether its own days prove that it was published as definitive before the time."""
    published = [day for what in ("page", "gazette") if (day := procedure.day(D, what))]
    if not published:
        return False
    first = earliest(first_day(procedure), rule, calendar)
    return isinstance(first, date) and min(published) < first


def compare(before: Edition | None, after: Edition, rule: ListRule, calendar: Calendar) -> Comparison:
    """What became of every procedure of either edition. Without an edition before, each is new."""
    was: Mapping[str, Procedure] = before.procedures if before else {}
    earlier = Counter(each.mark for each in before.suppressed) if before else Counter[tuple[str, ...]]()
    new = _beyond(after.suppressed, earlier)
    gone = _beyond(before.suppressed, Counter(each.mark for each in after.suppressed)) if before else []
    unread = {each.key for each in after.unread}
    left = [was[key] for key in was.keys() - after.procedures.keys() - unread]
    orders, ambiguous = match(left, new)
    appeared = [each for key, each in after.procedures.items() if key not in was]
    restored, _ = match(appeared, gone, backwards=True)
    moves = [
        Move(each, None, () if each.key in orders else (Why.VANISHED,), orders.get(each.key)) for each in left
    ]
    since = before.newest if before else None
    for key, each in after.procedures.items():
        why = _why(was.get(key), each, since if key not in was else None, key in restored)
        early = each.stage is D and too_early(each, rule, calendar) and (key not in was or was[key].stage is not D)
        moves.append(Move(was.get(key), each, (*why, Why.TOO_EARLY) if early else tuple(why)))
    return Comparison(
        moves=tuple(moves),
        open=ambiguous,
        orders_new=len(new),
        orders_matched=len(orders),
        orders_gone=len(gone),
        restored=len(restored),
        unread=len(unread),
    )


def _why(before: Procedure | None, after: Procedure, since: date | None, restored: bool) -> list[Why]:
    if before is None:
        late = since is not None and first_day(after) <= since
        return [Why.RESTORED] if restored else [Why.APPEARED] if late else []
    found = [_MOVES[before.stage, after.stage]] if (before.stage, after.stage) in _MOVES else []
    if (before.stage, after.stage) == (F, D):
        found.append(Why.ANEW if _decided_since(before, after) else Why.UNDONE)
    return [*found, *_documents(before, after)]


def _decided_since(before: Procedure, after: Procedure) -> bool:
    """Whether there is a decision that was not there before: another document, or a later publication."""
    again = after.said.get("decision_again"), before.said.get("decision_again")
    return not after.numbers(D) <= before.numbers(D) or again[0] != again[1]


def _documents(before: Procedure, after: Procedure) -> Iterable[Why]:
    """What changed in the documents of steps that were there before; a document added is no change."""
    found: set[Why] = set()
    for stage, step in STEPS.items():
        if not before.documents(stage):
            continue
        if not after.documents(stage):
            found.add(Why.ERASED)
        elif not before.numbers(stage) <= after.numbers(stage):
            found.add(Why.OTHER_NUMBER)
        elif not before.documents(stage) <= after.documents(stage):
            found.add(Why.OTHER_DATE)
        for what in ("page", "gazette"):
            was, is_ = before.day(stage, what), after.day(stage, what)
            if was and is_ and was != is_ and f"{step}_document" in after.said:
                found.add(Why.OTHER_PUBLICATION)
    return sorted(found)


def _beyond(rows: Iterable[Suppressed], others: Counter[tuple[str, ...]]) -> list[Suppressed]:
    """Those of ``rows`` that are not among the others, each of which accounts for one."""
    left = Counter(others)
    found = []
    for each in rows:
        if left[each.mark]:
            left[each.mark] -= 1
        else:
            found.append(each)
    return found


def match(
    procedures: Collection[Procedure], rows: Collection[Suppressed], *, backwards: bool = False
) -> tuple[dict[str, Suppressed], int]:
    """The blotted-out row of each procedure that can only be that one, and how many procedures have several.

    Such a row has no name. It is one's own if all its documents are (what one of the two was told later is no
    contradiction: ``backwards`` says that the row is the older one), and if this holds of no other pair of them.
    """
    fits = {
        each.key: [
            n
            for n, row in enumerate(rows)
            if _same(*((row.said, each.said) if backwards else (each.said, row.said)))
        ]
        for each in procedures
    }
    taken = Counter(n for found in fits.values() for n in found)
    listed = list(rows)
    only = {key: listed[found[0]] for key, found in fits.items() if len(found) == 1 and taken[found[0]] == 1}
    return only, sum(1 for key, found in fits.items() if found and key not in only)


def _same(older: Mapping[str, str], newer: Mapping[str, str]) -> bool:
    return bool(older) and older.items() <= newer.items()
