"""Wiring: settings, the database, and the whole loop."""
