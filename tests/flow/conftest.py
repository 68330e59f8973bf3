"""The small world, a fresh copy for each test."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if "world" not in sys.modules:
    # Test folders are no packages; this makes ``import world`` work here and for the commands.
    spec = importlib.util.spec_from_file_location("world", Path(__file__).with_name("world.py"))
    assert spec
    assert spec.loader
    sys.modules["world"] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

from world import World, opened


@pytest.fixture
def world(server: str, template: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    yield from opened(server, template, monkeypatch)
