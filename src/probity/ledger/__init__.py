"""Statements, append-only."""

from probity.ledger.model import REGISTER, Act, AsOf, Draft, Position, Statement, Value

__all__ = ["REGISTER", "Act", "AsOf", "Draft", "Position", "Statement", "Value"]
