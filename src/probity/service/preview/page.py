"""A preview as a page that needs nothing beside it: no server, no script, no other file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation

from probity.scoring.preview import Report

TEMPLATE = "portal/preview.html"
LANGUAGES: Mapping[str, str] = {"en": "en", "zh": "zh-hans"}
"""Django's name of each language."""


def page(report: Report, language: str, others: Mapping[str, str] | None = None) -> str:
    """The page in a language (``en`` or ``zh``); ``others``: the names of the files in each language, for
    links.
    """
    style = Path(str(finders.find("portal/portal.css"))).read_text(encoding="utf-8")
    context = {
        "layout": "portal/alone.html",
        "report": report,
        "asked": report.asked,
        "style": style,
        "others": others or {},
        "language": language,
        "generated": bool(report.notice),
    }
    with translation.override(LANGUAGES[language]):
        return render_to_string(TEMPLATE, context)
