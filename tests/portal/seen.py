"""Pages as the tests read them."""

from __future__ import annotations

import re
from html import unescape


def page(subject: str) -> str:
    """The address of an organisation's page."""
    return "/organisation/" + subject.replace(":", "/")


def text(response: object) -> str:
    """What a reader sees: no tags, runs of space made one."""
    html = response.content.decode()  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", html)))
