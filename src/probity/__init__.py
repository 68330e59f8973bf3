"""Probity keeps the public compliance file of every organisation: complete, explainable, contestable."""

__version__ = "0.1.0"
