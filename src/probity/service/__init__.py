"""Wiring, settings and the whole loop: what the faces (command line, pages) call.

:func:`running` opens the house (law, database); ``flow`` is the loop from an outside file to an explained grade.
"""

from probity.service.outlook import grade_history, outlook_of
from probity.service.page import (
    history_page,
    home_page,
    organisation_page,
    page_as_json,
    page_histories,
    page_outlooks,
    search_page,
)
from probity.service.subjects import subject_of
from probity.service.wiring import House, home, house, law, running, today

__all__ = [
    "House",
    "grade_history",
    "history_page",
    "home",
    "home_page",
    "house",
    "law",
    "organisation_page",
    "outlook_of",
    "page_as_json",
    "page_histories",
    "page_outlooks",
    "running",
    "search_page",
    "subject_of",
    "today",
]
