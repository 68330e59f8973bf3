"""Memoranda and measures: what an agency must or may do while an entry is in force, and what it answered.

The room promises: a measure follows only from an entry in force, by a memorandum and a legal basis in force, for
the listed organisation alone; it binds nobody before the receiving agency has looked itself and given reasons
(``decide``); and it ends with its entry, with an alarm for whoever is late. ``store`` keeps answers in step with
the ledger, and every look at an organisation in a log that nobody can change.
"""

from probity.measures.acts import ITEMS, Command, Confirm, Confirmed, Decline, Declined, Event, Lift, Lifted
from probity.measures.answer import Answering, Stand, decide, evolve, replay
from probity.measures.apply import Applied, Duty, agreed, applied, duties, with_branches
from probity.measures.codec import STATED, draft
from probity.measures.late import Lifting, late, over_since, to_lift
from probity.measures.model import Decision, Entry, Purpose
from probity.measures.reading import command_of
from probity.measures.sight import Asker, Found, Measure, Source, alone, sources

__all__ = [
    "ITEMS",
    "STATED",
    "Answering",
    "Applied",
    "Asker",
    "Command",
    "Confirm",
    "Confirmed",
    "Decision",
    "Decline",
    "Declined",
    "Duty",
    "Entry",
    "Event",
    "Found",
    "Lift",
    "Lifted",
    "Lifting",
    "Measure",
    "Purpose",
    "Source",
    "Stand",
    "agreed",
    "alone",
    "applied",
    "command_of",
    "decide",
    "draft",
    "duties",
    "evolve",
    "late",
    "over_since",
    "replay",
    "sources",
    "to_lift",
    "with_branches",
]
