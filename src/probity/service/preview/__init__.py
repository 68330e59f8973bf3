"""What a draft rule would do, before it is law: asked, counted, kept and shown as a page.

:func:`ask` reads which two cards are meant, :func:`preview` applies both to everyone; :func:`keep` and
:func:`kept` are for the portal, :func:`page` gives the same page as a file that stands alone.
"""

from probity.service.preview.assemble import NotGradedError, preview
from probity.service.preview.cards import Chosen, Question, ask
from probity.service.preview.kept import Kept, all_kept, as_bytes, asked_of, check_name, keep, kept
from probity.service.preview.page import page

__all__ = [
    "Chosen",
    "Kept",
    "NotGradedError",
    "Question",
    "all_kept",
    "as_bytes",
    "ask",
    "asked_of",
    "check_name",
    "keep",
    "kept",
    "page",
    "preview",
]
