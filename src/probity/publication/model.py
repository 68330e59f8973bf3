"""What the public may see of an organisation, with every id already resolved to what the law calls it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from probity.dossier import Dossier, Relation
from probity.ledger import Value
from probity.rulebook import Polarity, Status, Text


@dataclass(frozen=True, slots=True)
class PublicField:
    """One field of a record, ``masked`` where the law says so. ``shown`` is how a choice is called."""

    name: Text
    value: Value
    unit: str | None
    shown: Text | None = None
    masked: bool = False


@dataclass(frozen=True, slots=True)
class PublicRecord:
    """One record as the public sees it: source, legal basis, term and state always with it (charter 8).

    ``shown_until`` is the last day on which it is public; ``in_force`` whether it still lasts.
    """

    id: str
    item: str
    name: Text
    category: Text
    polarity: Polarity
    source: Text
    reference: str
    valid_from: date
    valid_to: date | None
    in_force: bool
    status: Status
    contested_since: date | None
    shown_until: date | None
    basis: str
    law_reference: str
    fields: Mapping[str, PublicField]
    recorded_at: datetime
    corrected: bool
    generated: bool


@dataclass(frozen=True, slots=True)
class PublicFile:
    """The public part of a file. ``dossier`` holds subject, kind, times and public names, no records."""

    dossier: Dossier
    register: Mapping[str, PublicField]
    relations: tuple[Relation, ...]
    records: tuple[PublicRecord, ...]
