"""What authorities do step by step: who may act when, on what ground, and what follows.

``evaluate`` says how the criteria of a list stand in a file, and decides nothing; the worked cases of the lists
hold it to the law.
"""

from probity.procedures.cases import list_differences, untried
from probity.procedures.criteria import evaluate
from probity.procedures.kept import Entry, KeptCase, calendar_of, concerned, dissolved_on, rule_of
from probity.procedures.model import Contact, Deadline, Means, Officer, Pause
from probity.procedures.refusals import NotItsOrganisations, require
from probity.procedures.served import Served, served
from probity.procedures.verdict import Verdict

__all__ = [
    "Contact",
    "Deadline",
    "Entry",
    "KeptCase",
    "Means",
    "NotItsOrganisations",
    "Officer",
    "Pause",
    "Served",
    "Verdict",
    "calendar_of",
    "concerned",
    "dissolved_on",
    "evaluate",
    "list_differences",
    "require",
    "rule_of",
    "served",
    "untried",
]
