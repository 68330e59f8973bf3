"""A snapshot and the results of a run over it, for the tests of runs."""

from __future__ import annotations

from tests.scoring.bulk_runs import copy, made

__all__ = ["copy", "made"]
