"""Wiring, settings and the whole loop: what the faces (command line, pages) call.

:func:`running` opens the house (law, database); ``flow`` is the loop from an outside file to an explained grade.
"""

from probity.service.subjects import subject_of
from probity.service.wiring import House, home, house, running

__all__ = ["House", "home", "house", "running", "subject_of"]
