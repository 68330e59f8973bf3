"""A preview as a page that needs nothing beside it."""

from __future__ import annotations

from collections.abc import Mapping

from probity.scoring.preview import Report
from probity.service.alone import alone

TEMPLATE = "portal/preview.html"


def page(report: Report, language: str, others: Mapping[str, str] | None = None) -> str:
    """The page in a language (``en`` or ``zh``); ``others``: the names of the files in each language, for
    links.
    """
    context = {"report": report, "asked": report.asked, "generated": bool(report.notice)}
    return alone(TEMPLATE, context, language, others)
