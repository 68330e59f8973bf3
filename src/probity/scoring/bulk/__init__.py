"""Bulk runs: everyone in a snapshot graded, in bounded memory, to the same bytes on every engine.

``question`` says what is asked and answered, ``bind`` puts a card and a snapshot together, ``terms`` tells which
records are past their term, ``part`` grades one part and writes its files, ``run`` has an engine do every part.
"""

from probity.scoring.bulk.part import GRADES, POINTS, file_name
from probity.scoring.bulk.question import Answer, CardResult, Question, read_answer
from probity.scoring.bulk.run import Asked, run_bulk, run_cards

__all__ = [
    "GRADES",
    "POINTS",
    "Answer",
    "Asked",
    "CardResult",
    "Question",
    "file_name",
    "read_answer",
    "run_bulk",
    "run_cards",
]
