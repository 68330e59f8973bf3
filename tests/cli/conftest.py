"""The small world of the tests of the loop, for the commands to ask about."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if "world" not in sys.modules:
    # Test folders are no packages; this makes ``import world`` work here.
    spec = importlib.util.spec_from_file_location("world", Path(__file__).parents[1] / "flow" / "world.py")
    assert spec
    assert spec.loader
    sys.modules["world"] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

from world import World, opened


@pytest.fixture
def world(server: str, template: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    yield from opened(server, template, monkeypatch)
