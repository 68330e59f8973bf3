"""The listing procedure: from a finding to an entry and to its end.

``find`` begins a case, ``decide`` says what a command brings about or refuses it with the rule, ``evolve`` folds
what happened into the case. All of it is pure: the day, the law, the calendar and the file are handed in.
``drafts`` and ``cases_of`` turn events into statements and back; a case is nothing but its statements.
``document`` writes what the organisation gets to read.

It promises that no entry comes about without a notice proven to have reached everybody, a window that has ended,
an answer to every reply, and a second officer; that silence never lists; and that every entry ends.
"""

from probity.procedures.listing import acts
from probity.procedures.listing.case import Listing, Say, begin, evolve, replay
from probity.procedures.listing.circumstances import Circumstances, above
from probity.procedures.listing.codec import cases_of, command_of, drafts
from probity.procedures.listing.deadlines import due_now, tick_on, window_ends
from probity.procedures.listing.documents import document
from probity.procedures.listing.phases import BRINGS, TRANSITIONS, Phase
from probity.procedures.listing.procedure import decide, find

__all__ = [
    "BRINGS",
    "TRANSITIONS",
    "Circumstances",
    "Listing",
    "Phase",
    "Say",
    "above",
    "acts",
    "begin",
    "cases_of",
    "command_of",
    "decide",
    "document",
    "drafts",
    "due_now",
    "evolve",
    "find",
    "replay",
    "tick_on",
    "window_ends",
]
