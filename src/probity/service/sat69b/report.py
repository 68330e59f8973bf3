"""Editions, comparisons and imports as plain JSON: counts only, unless the moves are asked for."""

from __future__ import annotations

from collections import Counter

from probity.canon import Plain
from probity.service.sat69b.compare import Comparison, Move
from probity.service.sat69b.model import Edition
from probity.service.sat69b.take import Taken


def edition_as_json(edition: Edition) -> dict[str, Plain]:
    """An edition in numbers."""
    return {
        "rows": edition.rows,
        "organisations": len({each.code for each in edition.procedures.values()}),
        "procedures": len(edition.procedures),
        "stages": edition.stages(),
        "entries": sum(1 for each in edition.procedures.values() if each.enters),
        "suppressed_rows": {
            "by a court": sum(1 for each in edition.suppressed if each.by_court),
            "by the authority": sum(1 for each in edition.suppressed if not each.by_court),
        },
        "rows_about_persons": edition.persons,
        "unreadable_rows": len(edition.unread),
        "latest_publication": edition.newest.isoformat(),
        "oddities": dict(edition.oddities),
    }


def as_json(comparison: Comparison, *, moves: bool = False) -> dict[str, Plain]:
    """A comparison in numbers. ``moves``: also each one that is not lawful, by its organisation."""
    unlawful = [move for move in comparison.moves if not move.lawful]
    return {
        "procedures": len(comparison.moves),
        "lawful": len(comparison.moves) - len(unlawful),
        "not_lawful": len(unlawful),
        "moves": {name: dict(sorted(counts.items())) for name, counts in sorted(comparison.counts().items())},
        "reasons": dict(Counter(why.value for move in unlawful for why in move.why).most_common()),
        "unreadable": comparison.unread,
        "held_back": sum(1 for move in comparison.moves if move.held),
        "suppressed": {
            "new_rows": comparison.orders_new,
            "matched": comparison.orders_matched,
            "not_matched": comparison.orders_new - comparison.orders_matched,
            "procedures_with_several_possible_rows": comparison.open,
            "rows_no_longer_there": comparison.orders_gone,
            "listed_again": comparison.restored,
        },
        **({"each": [_move(move) for move in unlawful]} if moves else {}),
    }


def taken_as_json(taken: Taken) -> dict[str, Plain]:
    """What an import did."""
    return {
        "comparison": as_json(taken.comparison),
        "taken_in": {
            each.file: {"accepted": each.accepted, "refused": dict(each.quarantined)} for each in taken.receipts
        },
        "corrected": dict(taken.corrected),
        "withdrawn": dict(taken.withdrawn),
    }


def _move(move: Move) -> dict[str, Plain]:
    one = move.after or move.before
    assert one is not None
    return {
        "organisation": f"mx-rfc:{one.code}",
        "presumption": one.number,
        "move": move.name,
        "why": list(move.why),
    }
