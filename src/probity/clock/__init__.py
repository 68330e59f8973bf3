"""When: working-day calendars, statutory periods, days and moments as people write them, as-of.

The room promises that it never guesses. A working-day deadline that reaches into days which no announcement
has settled yet comes back as :class:`NotAnnounced`, "at least until ...", and a day that was once given does
not change when the next year is announced. Nothing here asks what time it is: every day is passed in.
"""

from probity.clock.model import AsOf, Calendar, NotAnnounced
from probity.clock.periods import Unit, shift
from probity.clock.reading import parse_day, parse_moment
from probity.clock.working_days import is_working_day, working_day

__all__ = [
    "AsOf",
    "Calendar",
    "NotAnnounced",
    "Unit",
    "is_working_day",
    "parse_day",
    "parse_moment",
    "shift",
    "working_day",
]
