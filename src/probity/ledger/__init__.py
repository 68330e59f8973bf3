"""Statements: append, read, correct. The only thing that is ever written.

What is in the ledger stays as it is; a statement may correct or withdraw an earlier one. Positions rise in
the order in which batches become visible, so "as known at K" is a position and has one answer for ever.
"""

from probity.ledger.admission import admit
from probity.ledger.model import REGISTER, Act, Chunk, Draft, Position, Statement, Value
from probity.ledger.store import (
    FEW,
    AlreadyReceived,
    Writer,
    batches,
    by_subject,
    count,
    delivered,
    delivered_later,
    failures,
    first_delivered,
    head,
    holds_generated,
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
    "FEW",
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
    "batches",
    "by_subject",
    "count",
    "delivered",
    "delivered_later",
    "failures",
    "first_delivered",
    "head",
    "holds_generated",
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
