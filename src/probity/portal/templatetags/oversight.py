"""What the page of oversight draws, wherever its template is rendered: on a page, or into a file."""

from __future__ import annotations

from django import template

from probity.portal.oversight import drawn

register = template.Library()
register.simple_tag(drawn)
