"""What rules must satisfy together, beyond the shape of each: one function for every part of the law.

Each takes the shelf and gives the findings; none raises.
"""

from probity.rulebook.checks.cards import check_cards
from probity.rulebook.checks.cases import check_cases
from probity.rulebook.checks.charter import check_charter
from probity.rulebook.checks.dates import check_dates
from probity.rulebook.checks.feeds import check_feeds
from probity.rulebook.checks.inputs import check_inputs
from probity.rulebook.checks.intake import check_intake
from probity.rulebook.checks.references import check_references

ALL = (
    check_dates,
    check_references,
    check_charter,
    check_intake,
    check_cards,
    check_feeds,
    check_inputs,
    check_cases,
)

__all__ = ["ALL"]
