"""One organisation's file."""
