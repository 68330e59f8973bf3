"""A page that needs nothing beside it: no server, no script, no other file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation

LANGUAGES: Mapping[str, str] = {"en": "en", "zh": "zh-hans"}
"""Django's name of each language."""
PAGES: Mapping[str, str] = {"en": "index.html", "zh": "index.zh.html"}
"""The names of such pages in a folder, by language."""


def alone(
    template: str, context: Mapping[str, object], language: str, others: Mapping[str, str] | None = None
) -> str:
    """The template as such a page in a language (``en`` or ``zh``); ``others``: the names of the files in each
    language, for links."""
    style = Path(str(finders.find("portal/portal.css"))).read_text(encoding="utf-8")
    whole = {
        **context,
        "layout": "portal/alone.html",
        "style": style,
        "others": others or {},
        "language": language,
    }
    with translation.override(LANGUAGES[language]):
        return render_to_string(template, whole)
