"""Commands as the tests of the command line ask them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Said = Callable[..., tuple[int, str, str]]
"""Runs a command in this process: its exit code, what it answered, what it complained of."""


def answer(said: Said, *arguments: str) -> Any:
    """What a command answers as JSON, without a complaint."""
    code, out, err = said(*arguments, "--json")
    assert (code, err) == (0, ""), (out, err)
    return json.loads(out)
