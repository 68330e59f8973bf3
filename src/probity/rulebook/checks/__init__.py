"""What rules must satisfy together, beyond the shape of each: one function for every part of the law.

Each takes the shelf and gives the findings; none raises.
"""

from probity.rulebook.checks.cards import check_cards
from probity.rulebook.checks.cases import check_cases
from probity.rulebook.checks.charter import check_charter
from probity.rulebook.checks.criteria import check_criteria
from probity.rulebook.checks.dates import check_dates
from probity.rulebook.checks.feeds import check_feeds
from probity.rulebook.checks.inputs import check_inputs
from probity.rulebook.checks.intake import check_intake
from probity.rulebook.checks.list_cases import check_list_cases
from probity.rulebook.checks.lists import check_lists
from probity.rulebook.checks.measures import check_measures
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
    check_lists,
    check_criteria,
    check_list_cases,
    check_measures,
)

__all__ = ["ALL"]
