"""One organisation's file as a fold of statements: true on a day, known at a moment. The register and its search.

The same question gives the same bytes for ever. What is stored here is derived from the ledger, kept in step
with it in the same transaction, and can be rebuilt and compared at any time.
"""

from probity.dossier.columns import Columns, End, Wanted, columns
from probity.dossier.fold import fold, records_of
from probity.dossier.model import Dossier, Match, Name, Record, Relation
from probity.dossier.plain import GENERATED, as_json, heading
from probity.dossier.store import (
    count,
    differences,
    every_file,
    examples,
    follow,
    followed,
    is_generated,
    known_subjects,
    open_file,
    ordinal_of,
    ordinals_later,
    search,
)

__all__ = [
    "GENERATED",
    "Columns",
    "Dossier",
    "End",
    "Match",
    "Name",
    "Record",
    "Relation",
    "Wanted",
    "as_json",
    "columns",
    "count",
    "differences",
    "every_file",
    "examples",
    "fold",
    "follow",
    "followed",
    "heading",
    "is_generated",
    "known_subjects",
    "open_file",
    "ordinal_of",
    "ordinals_later",
    "records_of",
    "search",
]
