"""From a dossier to what a card may read of it."""

from __future__ import annotations

from probity.dossier import Dossier
from probity.scoring.model import Fact


def facts(dossier: Dossier) -> tuple[Fact, ...]:
    """The records of the dossier as facts, in its order (newest first), each under the id of its record.

    A record's day is its ``valid_from``, and its last day in force its ``valid_to``.
    """
    return tuple(
        Fact(
            record=record.id,
            item=record.item,
            day=record.valid_from,
            until=record.valid_to,
            expires=record.expires,
            status=record.status,
            attributes=record.attributes,
        )
        for record in dossier.records
    )
