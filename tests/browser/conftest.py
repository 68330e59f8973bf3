"""The town again, for a real browser."""

from __future__ import annotations

from tests.portal.town import built, town

__all__ = ["built", "town"]
