"""Scorecards evaluated and explained: the same records and the same card give the same grade for ever.

:func:`evaluate` is the meaning of a card, for one organisation, with every contribution and every record that was
left out and why. :func:`compile_card`, :func:`encode` and :func:`score` give the same totals, grades and points
for millions. :func:`explain` says in English and Chinese where each point comes from. All of it is pure: the day,
the card and the records are passed in. Points are whole milli-points, shares and ageing whole millionths.

Rooms with doors of their own: ``outlook`` (what would change a grade, and how it went), ``preview`` (what a draft
rule would do), ``snapshot`` (everyone's records in files), ``bulk`` (everyone in a snapshot graded) through
``engines``, ``store`` (recorded runs, and the grades that are kept).
"""

from probity.scoring.basis import Days
from probity.scoring.cases import compared, differences, facts_of, inputs_of
from probity.scoring.compile import compile_card
from probity.scoring.encode import Records, encode
from probity.scoring.explain import Explanation, GroupLine, IndicatorLine, NextBand, RecordLine, explain
from probity.scoring.facts import facts
from probity.scoring.inputs import Evaluated, evaluate_with_inputs, order, sources
from probity.scoring.kernel import NO_GRADE, NO_TOTAL, WHY, Results, score
from probity.scoring.model import Contribution, Evaluation, Fact, Ignored, Line, NoGrade
from probity.scoring.reference import applies, evaluate
from probity.scoring.rules import reads, rule_sentences
from probity.scoring.sentences import shown
from probity.scoring.tables import CompiledCard

__all__ = [
    "NO_GRADE",
    "NO_TOTAL",
    "WHY",
    "CompiledCard",
    "Contribution",
    "Days",
    "Evaluated",
    "Evaluation",
    "Explanation",
    "Fact",
    "GroupLine",
    "Ignored",
    "IndicatorLine",
    "Line",
    "NextBand",
    "NoGrade",
    "RecordLine",
    "Records",
    "Results",
    "applies",
    "compared",
    "compile_card",
    "differences",
    "encode",
    "evaluate",
    "evaluate_with_inputs",
    "explain",
    "facts",
    "facts_of",
    "inputs_of",
    "order",
    "reads",
    "rule_sentences",
    "score",
    "shown",
    "sources",
]
