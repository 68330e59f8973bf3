"""The small world of the tests of the loop, for the commands to ask about."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.cli.asking import Said
from tests.flow.world import World, opened

from probity.cli.main import run


@pytest.fixture
def world(server: str, template: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    yield from opened(server, template, monkeypatch)


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    def command(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run(arguments)
        return (code, *capsys.readouterr())

    return command
