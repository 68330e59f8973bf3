"""Wiring, settings and the whole loop: what the faces (command line, pages) call.

:func:`running` opens the house (law, database); ``flow`` is the loop from an outside file to an explained grade.
"""

from probity.service.page import home_page, organisation_page, page_as_json, search_page
from probity.service.subjects import subject_of
from probity.service.wiring import House, home, house, running, today

__all__ = [
    "House",
    "home",
    "home_page",
    "house",
    "organisation_page",
    "page_as_json",
    "running",
    "search_page",
    "subject_of",
    "today",
]
