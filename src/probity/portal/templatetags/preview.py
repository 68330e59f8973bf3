"""What the page of a preview draws. It works wherever the template is rendered: on a page, or into a file."""

from __future__ import annotations

from django import template

from probity.portal.comparison import comparison, in_points, move

register = template.Library()
register.simple_tag(comparison)
register.filter(in_points)
register.filter(move)
