"""Engines: the same work on every part of a snapshot, on threads of this machine or in a cluster."""

from probity.scoring.engines.local import Local
from probity.scoring.engines.model import Done, Engine, Work
from probity.scoring.engines.spark import Spark

__all__ = ["Done", "Engine", "Local", "Spark", "Work"]
