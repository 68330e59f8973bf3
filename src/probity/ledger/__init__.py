"""Statements, append-only."""

from probity.ledger.model import REGISTER, Act, Chunk, Draft, Position, Statement, Value

__all__ = ["REGISTER", "Act", "Chunk", "Draft", "Position", "Statement", "Value"]
