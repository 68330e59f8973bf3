"""The report of oversight as a page that needs nothing beside it."""

from __future__ import annotations

from collections.abc import Mapping

from probity.service.alone import alone
from probity.service.oversight.model import Oversight

TEMPLATE = "portal/oversight.html"


def page(found: Oversight, language: str, others: Mapping[str, str] | None = None) -> str:
    """The page in a language (``en`` or ``zh``); ``others``: the names of the files in each language, for
    links."""
    return alone(TEMPLATE, {"found": found, "generated": bool(found.notice)}, language, others)
