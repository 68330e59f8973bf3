"""The ledger in PostgreSQL: reading, and appending (the only way anything is ever written)."""

from probity.ledger.store.append import (
    ONE_BY_ONE,
    AlreadyReceived,
    Writer,
    key_of,
    one_transaction,
    part,
    receive,
    writing,
)
from probity.ledger.store.failures import failures
from probity.ledger.store.prepared import prepared, together
from probity.ledger.store.read import (
    by_subject,
    count,
    delivered,
    delivered_later,
    first_delivered,
    head,
    holds_generated,
    replaced_by,
    resolve,
    statement,
    statements,
    statements_later,
    stream,
)

__all__ = [
    "ONE_BY_ONE",
    "AlreadyReceived",
    "Writer",
    "by_subject",
    "count",
    "delivered",
    "delivered_later",
    "failures",
    "first_delivered",
    "head",
    "holds_generated",
    "key_of",
    "one_transaction",
    "part",
    "prepared",
    "receive",
    "replaced_by",
    "resolve",
    "statement",
    "statements",
    "statements_later",
    "stream",
    "together",
    "writing",
]
