"""Cases and entries in PostgreSQL: kept in step with the ledger, looked up, and compared with it."""

from probity.procedures.store.keeping import differences, follow, follow_batch, refresh
from probity.procedures.store.look import (
    Wanted,
    case,
    cases_about,
    count_due,
    count_subjects,
    due,
    entries_of,
    kept_case,
    kept_cases,
    number_for,
    subjects_with,
)
from probity.procedures.store.outbox import dispatched, dispatched_upto, mark_dispatched, move_on, to_dispatch

__all__ = [
    "Wanted",
    "case",
    "cases_about",
    "count_due",
    "count_subjects",
    "differences",
    "dispatched",
    "dispatched_upto",
    "due",
    "entries_of",
    "follow",
    "follow_batch",
    "kept_case",
    "kept_cases",
    "mark_dispatched",
    "move_on",
    "number_for",
    "refresh",
    "subjects_with",
    "to_dispatch",
]
