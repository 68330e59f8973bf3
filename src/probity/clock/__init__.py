"""When: working-day calendars, statutory periods, as-of."""

from probity.clock.model import AsOf

__all__ = ["AsOf"]
