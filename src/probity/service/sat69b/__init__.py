"""Mexico's list of article 69-B: editions read, compared with each other and the article, and taken in.

``read`` never guesses and keeps nothing about a person; ``compare`` says of every procedure what became of it and
whether the article allows it; ``take`` brings the ledger up to an edition. A presumption is a notice and no entry:
nobody looks listed because of one (charter 4). See docs/lists-mexico.md.
"""

from probity.service.sat69b.compare import Comparison, Move, Why, compare, law_of
from probity.service.sat69b.model import LIST, Edition, Procedure, Stage
from probity.service.sat69b.read import read
from probity.service.sat69b.report import as_json, edition_as_json, taken_as_json
from probity.service.sat69b.take import Taken, take

__all__ = [
    "LIST",
    "Comparison",
    "Edition",
    "Move",
    "Procedure",
    "Stage",
    "Taken",
    "Why",
    "as_json",
    "compare",
    "edition_as_json",
    "law_of",
    "read",
    "take",
    "taken_as_json",
]
