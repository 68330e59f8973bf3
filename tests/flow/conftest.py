"""The small world, a fresh copy for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.flow.world import World, opened


@pytest.fixture
def world(server: str, template: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    yield from opened(server, template, monkeypatch)
