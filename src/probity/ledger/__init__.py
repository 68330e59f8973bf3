"""Statements: append, read, correct. The only thing that is ever written.

What is in the ledger stays as it is; a statement may correct or withdraw an earlier one. Positions rise in
the order in which batches become visible, so "as known at K" is a position and has one answer for ever.
"""

from probity.ledger.admission import admit
from probity.ledger.model import REGISTER, Act, Chunk, Draft, Position, Statement, Value
from probity.ledger.store import (
    ONE_BY_ONE,
    AlreadyReceived,
    Writer,
    by_subject,
    count,
    delivered,
    delivered_later,
    failures,
    first_delivered,
    head,
    holds_generated,
    one_transaction,
    part,
    prepared,
    receive,
    replaced_by,
    resolve,
    statement,
    statements,
    statements_later,
    stream,
    together,
    writing,
)

__all__ = [
    "ONE_BY_ONE",
    "REGISTER",
    "Act",
    "AlreadyReceived",
    "Chunk",
    "Draft",
    "Position",
    "Statement",
    "Value",
    "Writer",
    "admit",
    "by_subject",
    "count",
    "delivered",
    "delivered_later",
    "failures",
    "first_delivered",
    "head",
    "holds_generated",
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
